/* The lock of a probe: see lock.h. */
#include "probe/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define RETRY_US 20000
/* lock_peek holds the lock for a moment: whoever does not want to wait outlasts that. */
#define GRACE_MS 60

const char *lock_dir(void)
{
	const char *dir = getenv("SWDOCTOR_LOCK_DIR");

	if (dir && *dir)
		return dir;
	return access("/run/lock", W_OK) ? "/tmp" : "/run/lock";
}

/*
 * O_CREAT on somebody else's file fails in a sticky folder (fs.protected_regular), therefore an
 * existing file is opened without it. O_NOFOLLOW, because anybody may put a link there.
 */
static int open_file(const char *path)
{
	int fd = -1;

	for (int tries = 0; fd < 0 && tries < 3; tries++) {
		fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
		if (fd >= 0 || errno != ENOENT)
			return fd;
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd >= 0 && fchmod(fd, 0666)) {
			close(fd);
			return -1;
		}
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

static bool read_record(int fd, struct lock_record *ret)
{
	struct lock_record r = { 0 };
	char text[512];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);
	char *save = NULL;

	if (len < 0)
		return false;
	text[len] = '\0';
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, "pid ", 4))
			r.pid = (pid_t)strtol(line + 4, NULL, 10);
		else if (!strncmp(line, "since ", 6))
			snprintf(r.since, sizeof(r.since), "%.23s", line + 6);
		else if (!strncmp(line, "why ", 4))
			snprintf(r.why, sizeof(r.why), "%.127s", line + 4);
	}
	*ret = r;
	return true;
}

static int write_record(int fd, const char *why, const struct clock *clock)
{
	time_t now = (time_t)(clock_wall_us(clock) / 1000000);
	char since[24] = "", text[512];
	struct tm tm;
	int len;

	if (gmtime_r(&now, &tm))
		strftime(since, sizeof(since), "%Y-%m-%dT%H:%M:%SZ", &tm);
	len = snprintf(text, sizeof(text), "pid %ld\nsince %s\nwhy %.127s\n", (long)getpid(), since,
		       why);
	/* A newline in `why` would start a line of its own. */
	for (char *c = strstr(text, "why "); *c && c[1]; c++) {
		if ((unsigned char)*c < ' ')
			*c = ' ';
	}
	if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)len, 0) != len)
		return -1;
	return 0;
}

static int taken_err(int fd, const char *name, unsigned wait_ms, struct err *e)
{
	enum err_code code = wait_ms ? ERR_LOCK_WAIT : ERR_BUSY;
	struct lock_record r;

	if (!read_record(fd, &r) || !r.pid)
		return err_set(e, code, "%s is locked by another process", name);
	return err_set_native(e, code, (int)r.pid, "%s is locked by process %ld since %s (%s)",
			      name, (long)r.pid, r.since, r.why);
}

static int wait_for(int fd, const char *name, const struct clock *clock, unsigned wait_ms,
		    const struct deadline *d, struct err *e)
{
	uint64_t end = clock_now_us(clock) + (wait_ms > GRACE_MS ? wait_ms : GRACE_MS) * 1000ull;

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		int rc;

		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_set_native(e, ERR_IO, errno, "locking %s: %s", name,
					      strerror(errno));
		if (clock_now_us(clock) >= end)
			return taken_err(fd, name, wait_ms, e);
		rc = deadline_check(d, e);
		if (rc)
			return err_prefix(e, rc, "waiting for the lock of %s", name);
		clock_sleep_us(clock, RETRY_US);
	}
	return 0;
}

int lock_take(struct lock *l, const char *dir, const char *name, const char *why,
	      const struct clock *clock, unsigned wait_ms, const struct deadline *d, struct err *e)
{
	char path[512];
	int fd, rc;

	snprintf(path, sizeof(path), "%s/swdoctor-%s.lock", dir, name);
	fd = open_file(path);
	if (fd < 0)
		return err_set_native(e, ERR_IO, errno,
				      "%s: %s (SWDOCTOR_LOCK_DIR names another folder)", path,
				      strerror(errno));
	rc = wait_for(fd, name, clock, wait_ms, d, e);
	if (!rc && write_record(fd, why, clock))
		rc = err_set_native(e, ERR_IO, errno, "%s: %s", path, strerror(errno));
	if (rc) {
		close(fd);
		return rc;
	}
	l->fd = fd;
	return 0;
}

bool lock_peek(const char *dir, const char *name, struct lock_record *ret)
{
	struct lock_record r = { 0 };
	char path[512];
	bool held;
	int fd;

	snprintf(path, sizeof(path), "%s/swdoctor-%s.lock", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	held = flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
	if (held && ret && read_record(fd, &r))
		*ret = r;
	close(fd);
	return held;
}

void lock_release(struct lock *l)
{
	if (l->fd < 0)
		return;
	/* The file is kept: unlinking it would let two processes lock two files of one name. */
	(void)!ftruncate(l->fd, 0); /* only for people who look into it */
	close(l->fd);
	l->fd = -1;
}
