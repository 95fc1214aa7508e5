/* How a run ends: see result.h. */
#include "analyzer/base/result.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/base/output.h"
#include "probe/base/json.h"

static const struct exit_row {
	int code;
	const char *cls;
	const char *says;
} rows[] = {
#define EXIT_CODE(id, value, cls, says) { value, cls, says },
#include "analyzer/base/exit_codes.def"
#undef EXIT_CODE
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* Place in the order of seriousness; codes that are not ours count as internal errors. */
static size_t rank(int code)
{
	size_t i;

	for (i = 0; i < N_ROWS; i++)
		if (rows[i].code == code)
			return i;
	return N_ROWS - 1;
}

const char *exit_code_class(int code)
{
	return rows[rank(code)].cls;
}

const char *exit_code_says(int code)
{
	const struct exit_row *row = &rows[rank(code)];

	return row->code == code ? row->says : NULL;
}

int exit_code_of_err(int err_code)
{
	switch (err_code) {
	case ERR_NONE:
		return EXIT_CODE_HEALTHY;
	case ERR_NO_PROBE:
		return EXIT_CODE_NO_PROBE;
	case ERR_BUSY:
	case ERR_DENIED:
		return EXIT_CODE_PROBE_BUSY;
	case ERR_LOCK_WAIT:
		return EXIT_CODE_LOCK_TIMEOUT;
	case ERR_TIMEOUT:
	case ERR_GONE:
	case ERR_USB:
	case ERR_STATUS:
	case ERR_PROTOCOL:
	case ERR_UNFIT:
		return EXIT_CODE_PROBE_SICK;
	case ERR_DEADLINE:
		return EXIT_CODE_DEADLINE;
	case ERR_INTERRUPTED:
		return EXIT_CODE_INTERRUPTED;
	case ERR_NO_MEMORY:
	case ERR_INTERNAL:
		return EXIT_CODE_INTERNAL;
	default:
		return EXIT_CODE_USAGE;
	}
}

int exit_code_of(const struct err *e)
{
	if (e->code == ERR_INTERRUPTED && (e->native == SIGTERM || e->native == SIGHUP))
		return EXIT_CODE_TERMINATED;
	return exit_code_of_err(e->code);
}

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

void result_fill(struct result *r, int code, const char *cls, const char *cause, const char *word)
{
	r->code = code;
	copy(r->cls, sizeof(r->cls), cls ? cls : exit_code_class(code));
	copy(r->cause, sizeof(r->cause), cause);
	copy(r->word, sizeof(r->word), word);
}

void result_merge(struct result *r, const struct result *other)
{
	if (rank(other->code) > rank(r->code))
		*r = *other;
}

void result_print(const struct result *r)
{
	fprintf(stderr, "RESULT code=%d class=%s cause=%s%s%s\n", r->code, r->cls,
		*r->cause ? r->cause : "none", *r->word ? " word=" : "", r->word);
}

int result_file_begin(const char *path, const char *command, struct err *e)
{
	struct buf text;
	struct json j;
	int rc;

	if (output_is_stream(path))
		return 0; /* a stream cannot be rewritten: it gets the result alone */
	buf_init(&text);
	json_begin(&j, &text);
	json_open_object(&j, NULL);
	json_put_str(&j, "schema", "swdoctor/1");
	json_put_str(&j, "command", command);
	json_put_str(&j, "state", "running");
	json_close_object(&j);
	buf_add_char(&text, '\n');
	rc = output_file(path, &text, e);
	buf_done(&text);
	return rc;
}

int result_file_end(const char *path, const struct buf *json, struct err *e)
{
	return output_file(path, json, e);
}
