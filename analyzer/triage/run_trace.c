/* Recording what another tool says to its probe: see run_trace.h. */
#include "analyzer/triage/run_trace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/usb/decode.h"
#include "probe/transport_usb.h"

#define LIBRARY	  "libusb-1.0.so.0"
#define FILES_MAX 9 /* as recorder.c has it: FILE, FILE.2, ... */

/* Beside the program as it is built, or where it is installed. */
static const char *const folders[] = { "lib/swdoctor", "../lib/swdoctor" };

static int find_folder(struct buf *ret, struct err *e)
{
	char exe[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	while (len > 0 && exe[len - 1] != '/')
		len--;
	for (size_t i = 0; len > 0 && i < sizeof(folders) / sizeof(folders[0]); i++) {
		struct buf library;

		buf_clear(ret);
		buf_addf(ret, "%.*s%s", (int)len, exe, folders[i]);
		buf_init(&library);
		buf_addf(&library, "%s/" LIBRARY, ret->at);
		if (!access(library.at, R_OK)) {
			buf_done(&library);
			return 0;
		}
		buf_done(&library);
	}
	return err_set(e, ERR_NOT_FOUND,
		       "the recording libusb is not beside this program (%s/" LIBRARY ")",
		       folders[0]);
}

/* Empties FILE and removes what an earlier run left in FILE.2 and so on. */
static int make_empty(const char *file, struct buf *ret_path, struct err *e)
{
	char full[PATH_MAX];
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0 || close(fd) || !realpath(file, full))
		return err_set_native(e, ERR_IO, errno, "%s: %s", file, strerror(errno));
	buf_add_str(ret_path, full);
	for (int i = 2; i <= FILES_MAX; i++) {
		char more[PATH_MAX + 4];

		snprintf(more, sizeof(more), "%s.%d", full, i);
		unlink(more);
	}
	return 0;
}

int run_trace_begin(const char *file, struct buf *ret_path, struct err *e)
{
	const char *path = getenv("LD_LIBRARY_PATH"), *real = transport_usb_library();
	struct buf folder;
	int rc;

	buf_init(&folder);
	rc = find_folder(&folder, e);
	if (!rc && !real)
		rc = err_set(e, ERR_NOT_FOUND, "the system does not tell where libusb is");
	if (!rc)
		rc = make_empty(file, ret_path, e);
	if (!rc) {
		if (path && *path)
			buf_addf(&folder, ":%s", path);
		setenv("LD_LIBRARY_PATH", folder.at, 1);
		setenv("SWDOCTOR_TRACE_FILE", ret_path->at, 1);
		setenv("SWDOCTOR_TRACE_LIBUSB", real, 1);
	}
	buf_done(&folder);
	return rc;
}

static int read_one(const char *path, uint64_t line, unsigned trace, struct events *ev,
		    uint64_t *count, struct err *e)
{
	struct capture_stats stats;
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return errno == ENOENT
			       ? 0
			       : err_set_native(e, ERR_IO, errno, "%s: %s", path, strerror(errno));
	if (!lseek(fd, 0, SEEK_END)) { /* nothing was recorded */
		close(fd);
		return 0;
	}
	lseek(fd, 0, SEEK_SET);
	rc = decode_capture_beside((struct pcap_source){ pcap_read_fd, &fd }, line, trace, ev,
				   &stats, e);
	close(fd);
	*count += stats.xacts;
	return rc ? err_prefix(e, rc, "%s", path) : 0;
}

int run_trace_read(const char *path, uint64_t line, struct events *ev, uint64_t *ret_transactions,
		   struct err *e)
{
	uint64_t count = 0;
	int rc = read_one(path, line, 1, ev, &count, e);

	for (unsigned i = 2; !rc && i <= FILES_MAX; i++) {
		char more[PATH_MAX + 4];

		snprintf(more, sizeof(more), "%s.%u", path, i);
		rc = read_one(more, line, i, ev, &count, e);
	}
	*ret_transactions = count;
	return rc;
}
