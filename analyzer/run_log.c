/* The log of a tool that was run, kept for the next report: see run_log.h. */
#include "analyzer/run_log.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/base/output.h"
#include "probe/trace_ring.h"

#define COPY_BYTES 65536

static int begin_in(const char *folder, const char *kind, int *ret_fd)
{
	const struct trace_ring ring = { .folder = folder,
					 .max_files = TRACE_RING_FILES,
					 .max_bytes = TRACE_RING_BYTES };
	struct buf path;
	int rc;

	buf_init(&path);
	rc = trace_ring_begin(&ring, kind, &clock_real, ret_fd, &path, NULL);
	buf_done(&path);
	return rc;
}

/* -1: nothing can be kept. */
static int begin(const char *kind)
{
	struct buf folder;
	int fd = -1;

	buf_init(&folder);
	if (trace_ring_folder(&folder, NULL) || begin_in(buf_str(&folder), kind, &fd))
		fd = -1;
	buf_done(&folder);
	return fd;
}

void run_log_begin(struct run_log *l, const char *command_line)
{
	*l = (struct run_log){ .fd = begin(TRACE_RING_LOG), .left = TRACE_RING_FILE_BYTES };
	run_log_add(l, "$ ", 2);
	run_log_add(l, command_line, strlen(command_line));
	run_log_add(l, "\n", 1);
}

void run_log_add(struct run_log *l, const char *at, size_t len)
{
	if (l->fd < 0 || !len)
		return;
	if (len > l->left || output_write(l->fd, at, len, "the log", NULL)) {
		run_log_end(l);
		return;
	}
	l->left -= len;
}

void run_log_end(struct run_log *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

void run_log_keep_trace(const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC), to;
	char chunk[COPY_BYTES];
	struct stat st;
	ssize_t n;

	if (from < 0)
		return;
	if (!fstat(from, &st) && st.st_size > 0 && st.st_size <= (off_t)TRACE_RING_FILE_BYTES &&
	    (to = begin(TRACE_RING_TRACE)) >= 0) {
		while ((n = read(from, chunk, sizeof(chunk))) > 0)
			if (output_write(to, chunk, (size_t)n, "the trace", NULL))
				break;
		close(to);
	}
	close(from);
}
