/* A folder of traces with a limit: see trace_ring.h. */
#include "probe/trace_ring.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "probe/base/state_dir.h"

#define TRACE_NAME_MAX 64
#define FILES_MAX      4096

struct kept {
	char name[TRACE_NAME_MAX];
	uint64_t bytes;
};

int trace_ring_folder(struct buf *ret, struct err *e)
{
	return state_dir_path("traces", ret, e);
}

static bool ends_with(const char *name, const char *kind)
{
	size_t len = strlen(name), end = strlen(kind);

	return len > end && !strcmp(name + len - end, kind);
}

static bool is_ours(const char *name)
{
	return strlen(name) < TRACE_NAME_MAX && name[0] >= '0' && name[0] <= '9' &&
	       (ends_with(name, TRACE_RING_TRACE) || ends_with(name, TRACE_RING_LOG));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct kept *)a)->name, ((const struct kept *)b)->name);
}

/* Traces and logs in the folder, oldest first: names begin with the time. */
static size_t list(int folder, struct buf *files)
{
	int fd = dup(folder);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	size_t n = 0;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (n < FILES_MAX && (entry = readdir(d))) {
		struct kept k = { 0 };
		struct stat st;

		if (!is_ours(entry->d_name) || fstatat(folder, entry->d_name, &st, 0) != 0)
			continue;
		memcpy(k.name, entry->d_name, strlen(entry->d_name));
		k.bytes = (uint64_t)st.st_size;
		buf_add(files, &k, sizeof(k));
		n++;
	}
	closedir(d);
	if (n)
		qsort(files->at, n, sizeof(struct kept), by_name);
	return n;
}

/* Removes a file unless somebody writes it. */
static bool remove_file(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool gone;

	if (fd < 0)
		return false;
	gone = flock(fd, LOCK_EX | LOCK_NB) == 0 && unlinkat(folder, name, 0) == 0;
	close(fd);
	return gone;
}

static void make_room(const struct trace_ring *ring, int folder)
{
	struct buf files;
	const struct kept *k;
	uint64_t bytes = 0;
	size_t n, left;

	buf_init(&files);
	n = left = list(folder, &files);
	k = (const struct kept *)files.at;
	for (size_t i = 0; i < n; i++)
		bytes += k[i].bytes;
	for (size_t i = 0; i < n && (left >= ring->max_files || bytes > ring->max_bytes); i++) {
		if (!remove_file(folder, k[i].name))
			continue;
		left--;
		bytes -= k[i].bytes;
	}
	buf_done(&files);
}

/* Behind the time a name has the process that wrote the file: "...Z-PID.log". */
static bool is_log_of(const char *log, const char *trace)
{
	const char *a = strrchr(log, '-'), *b = strrchr(trace, '-');

	return a && b && ends_with(log, TRACE_RING_LOG) && ends_with(trace, TRACE_RING_TRACE) &&
	       strcspn(a, ".") == strcspn(b, ".") && !strncmp(a, b, strcspn(a, "."));
}

int trace_ring_newest(const char *folder, struct buf *ret, struct buf *ret_log, struct err *e)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct kept *k;
	struct buf files;
	size_t n;

	if (fd < 0)
		return err_set_native(e, ERR_NOT_FOUND, errno, "no traces are kept in %s: %s",
				      folder, strerror(errno));
	buf_init(&files);
	n = list(fd, &files);
	close(fd);
	k = (const struct kept *)files.at;
	if (n)
		buf_addf(ret, "%s/%s", folder, k[n - 1].name);
	if (n > 1 && is_log_of(k[n - 2].name, k[n - 1].name))
		buf_addf(ret_log, "%s/%s", folder, k[n - 2].name);
	buf_done(&files);
	return n ? 0 : err_set(e, ERR_NOT_FOUND, "no traces are kept in %s", folder);
}

static int create(int folder, const char *folder_name, const char *kind, const struct clock *clock,
		  int *ret_fd, struct buf *path, struct err *e)
{
	uint64_t now = clock_wall_us(clock);
	time_t seconds = (time_t)(now / 1000000);
	struct tm tm;
	char stamp[24], name[TRACE_NAME_MAX];
	int fd;

	gmtime_r(&seconds, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%S", &tm);
	snprintf(name, sizeof(name), "%s.%06uZ-%ld%s", stamp, (unsigned)(now % 1000000),
		 (long)getpid(), kind);
	fd = openat(folder, name, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set_native(e, ERR_IO, errno, "%s/%s: %s", folder_name, name,
				      strerror(errno));
	flock(fd, LOCK_EX | LOCK_NB);
	buf_addf(path, "%s/%s", folder_name, name);
	*ret_fd = fd;
	return 0;
}

int trace_ring_begin(const struct trace_ring *ring, const char *kind, const struct clock *clock,
		     int *ret_fd, struct buf *path, struct err *e)
{
	int rc = state_dir_make(ring->folder, e);
	int folder;

	if (rc)
		return rc;
	folder = open(ring->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return err_set_native(e, ERR_IO, errno, "%s: %s", ring->folder, strerror(errno));
	make_room(ring, folder);
	rc = create(folder, ring->folder, kind, clock, ret_fd, path, e);
	close(folder);
	return rc;
}
