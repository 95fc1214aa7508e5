/* Bytes out: see output.h. */
#include "analyzer/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
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
