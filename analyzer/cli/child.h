/*
 * Run another program, pass its output through untouched and listen to it. The program notices
 * nothing: it keeps standard input, the controlling terminal and its process group (so Ctrl-C,
 * Ctrl-Z and the keyboard reach it directly, once); an output that is a terminal is still one for
 * it (a pseudo terminal of the same size), any other is a pipe. Standard output and standard error
 * stay apart unless they are the same file; then they are one stream and keep their order.
 */
#ifndef SWDOCTOR_CHILD_H
#define SWDOCTOR_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/err.h"

struct child_end {
	int status;	  /* as a shell counts: the exit status, or 128 + the signal's number */
	bool interrupted; /* somebody asked for an end: Ctrl-C, kill */
};

/* What the program wrote; `stream` is 0 or 1. */
typedef void child_heard(void *user, size_t stream, const char *at, size_t len);

#define CHILD_STREAMS 2

/*
 * argv ends with NULL. Fails with ERR_NOT_FOUND (status 127) or ERR_ACCESS (126) if the program
 * cannot be started; ret is filled then, too. Ignores SIGPIPE from then on and leaves SIGINT and
 * its like blocked: the caller is about to end.
 */
int child_run(char *const *argv, child_heard *heard, void *user, struct child_end *ret,
	      struct err *e);

#endif
