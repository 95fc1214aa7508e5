/* How a run ends: see result.h. */
#include "analyzer/result.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/json.h"

static const struct exit_row {
	int code;
	const char *cls;
	const char *says;
} rows[] = {
#define EXIT_CODE(id, value, cls, says) { value, cls, says },
#include "analyzer/exit_codes.def"
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

int exit_code_worse(int a, int b)
{
	return rank(b) > rank(a) ? b : a;
}

int exit_code_of_err(int err_code)
{
	switch (err_code) {
	case ERR_NONE:
		return EXIT_CODE_HEALTHY;
	case ERR_BUSY:
		return EXIT_CODE_PROBE_BUSY;
	case ERR_GONE:
	case ERR_USB:
	case ERR_STATUS:
	case ERR_PROTOCOL:
		return EXIT_CODE_PROBE_SICK;
	case ERR_TIMEOUT:
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

void result_print(const struct result *r)
{
	fprintf(stderr, "RESULT code=%d class=%s", r->code,
		r->cls ? r->cls : exit_code_class(r->code));
	fprintf(stderr, " cause=%s", r->cause ? r->cause : "none");
	if (r->word)
		fprintf(stderr, " word=%s", r->word);
	fputc('\n', stderr);
}

static int write_all(int fd, const char *at, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int io_err(struct err *e, const char *path)
{
	return err_set_native(e, ERR_IO, errno, "%s: cannot write: %s", path, strerror(errno));
}

/* What is no regular file (a pipe, /dev/stderr) is written to, not renamed over. */
static int write_into(const char *path, const struct buf *text, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int rc = 0;

	if (fd < 0 || write_all(fd, text->at, text->len))
		rc = io_err(e, path);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int replace(const char *path, const struct buf *text, struct err *e)
{
	struct buf temp;
	int fd, rc = 0;

	buf_init(&temp);
	buf_addf(&temp, "%s.%ld.tmp", path, (long)getpid());
	fd = open(temp.at, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0 || write_all(fd, text->at, text->len) || fsync(fd) || rename(temp.at, path))
		rc = io_err(e, path);
	if (rc && fd >= 0)
		unlink(temp.at);
	if (fd >= 0)
		close(fd);
	buf_done(&temp);
	return rc;
}

static int result_file_put(const char *path, const struct buf *text, struct err *e)
{
	struct stat st;

	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return write_into(path, text, e);
	return replace(path, text, e);
}

int result_file_begin(const char *path, const char *command, struct err *e)
{
	struct stat st;
	struct buf text;
	struct json j;
	int rc;

	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return 0; /* a stream cannot be rewritten: it gets the result alone */
	buf_init(&text);
	json_begin(&j, &text);
	json_object(&j, NULL);
	json_str(&j, "schema", "swdoctor/1");
	json_str(&j, "command", command);
	json_str(&j, "state", "running");
	json_end_object(&j);
	buf_add_char(&text, '\n');
	rc = result_file_put(path, &text, e);
	buf_done(&text);
	return rc;
}

int result_file_end(const char *path, const struct buf *json, struct err *e)
{
	return result_file_put(path, json, e);
}
