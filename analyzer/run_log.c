/* The log of a tool that was run, kept for the next report: see run_log.h. */
#include "analyzer/run_log.h"

#include <string.h>
#include <unistd.h>

#include "analyzer/output.h"
#include "probe/trace_ring.h"

static int begin_in(const char *folder, int *ret_fd)
{
	const struct trace_ring ring = { .folder = folder,
					 .max_files = TRACE_RING_FILES,
					 .max_bytes = TRACE_RING_BYTES };
	struct buf path;
	int rc;

	buf_init(&path);
	rc = trace_ring_begin(&ring, TRACE_RING_LOG, &clock_real, ret_fd, &path, NULL);
	buf_done(&path);
	return rc;
}

void run_log_begin(struct run_log *l, const char *command_line)
{
	struct buf folder;

	*l = (struct run_log){ .fd = -1, .left = TRACE_RING_FILE_BYTES };
	buf_init(&folder);
	if (trace_ring_folder(&folder, NULL) || begin_in(buf_str(&folder), &l->fd))
		l->fd = -1;
	buf_done(&folder);
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
