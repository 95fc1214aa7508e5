/*
 * How a run ends: its exit code and class, the closing RESULT line on stderr and the result file.
 * The numbers are promises to scripts; they are never reused.
 */
#ifndef SWDOCTOR_RESULT_H
#define SWDOCTOR_RESULT_H

#include "probe/base/buf.h"
#include "probe/base/err.h"

enum exit_code {
#define EXIT_CODE(id, value, cls, says) EXIT_CODE_##id = (value),
#include "analyzer/base/exit_codes.def"
#undef EXIT_CODE
};

/* The class of a code where no cause says it: "user" for 2. Never NULL. */
const char *exit_code_class(int code);
/* What a code means, for the help; NULL for one that is not ours. */
const char *exit_code_says(int code);
/* The code with which a command ends that failed with this error. */
int exit_code_of_err(int err_code);
/* The same from the error itself, which knows the signal that ended it. */
int exit_code_of(const struct err *e);

/* Owns its text, so that it can be copied and sent through a pipe. */
struct result {
	int code;
	char cls[16];	/* never empty once filled */
	char cause[64]; /* id of the first cause, or "" */
	char word[16];	/* "likely", or "" */
};

/* Text may be NULL; without a class it is the code's own. */
void result_fill(struct result *r, int code, const char *cls, const char *cause, const char *word);
/* Keep the worse of both; of equals the one that was there. */
void result_merge(struct result *r, const struct result *other);

/* The last line on stderr: RESULT code=1 class=hardware cause=ID word=likely */
void result_print(const struct result *r);

/*
 * The file named by --result is written twice: before the work with a state of "running", so that
 * whoever finds it after a kill knows, and at the end with the result. Both times a new file is
 * written, synced and renamed over the old one: a reader never sees half a file.
 */
int result_file_begin(const char *path, const char *command, struct err *e);
int result_file_end(const char *path, const struct buf *json, struct err *e);

#endif
