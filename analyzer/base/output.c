/* Bytes out: see output.h. */
#include "analyzer/base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void output_guard_std(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

int output_write(int fd, const void *at, size_t len, const char *name, struct err *e)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	const char *p = at;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n >= 0) {
			p += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) { /* somebody else made it non-blocking */
			poll(&ready, 1, -1);
		} else if (errno != EINTR) {
			return err_set_native(e, ERR_IO, errno, "%s: cannot write: %s", name,
					      strerror(errno));
		}
	}
	return 0;
}

/* ---- files ---- */

static int io_err(struct err *e, const char *path)
{
	return err_set_native(e, ERR_IO, errno, "%s: cannot write: %s", path, strerror(errno));
}

/* What is no regular file (a pipe, /dev/stderr) is written to, not renamed over. */
static int write_into(const char *path, const struct buf *text, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int rc;

	if (fd < 0)
		return io_err(e, path);
	rc = output_write(fd, text->at, text->len, path, e);
	close(fd);
	return rc;
}

static int replace(const char *path, const struct buf *text, struct err *e)
{
	struct buf temp;
	int fd, rc;

	buf_init(&temp);
	buf_addf(&temp, "%s.%ld.tmp", path, (long)getpid());
	fd = open(temp.at, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0) {
		rc = io_err(e, path);
	} else {
		rc = output_write(fd, text->at, text->len, path, e);
		if (!rc && (fsync(fd) || rename(temp.at, path)))
			rc = io_err(e, path);
		if (rc)
			unlink(temp.at);
		close(fd);
	}
	buf_done(&temp);
	return rc;
}

bool output_is_stream(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

int output_file(const char *path, const struct buf *text, struct err *e)
{
	return output_is_stream(path) ? write_into(path, text, e) : replace(path, text, e);
}
