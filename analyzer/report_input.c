/* A log or capture, judged and read again: see report_input.h. */
#include "analyzer/report_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/output.h"
#include "analyzer/source_text.h"
#include "analyzer/trace_table.h"

#define CHUNK	    65536
#define QUOTED_MAX  64
#define PERIPHERALS 0x40000000U		/* of a Cortex-M: memory lies below */
#define COPY_MAX    ((uint64_t)1 << 30) /* of a pipe */

/* ---- opening ---- */

static int copy_pipe(int from, int *ret_fd, struct err *e)
{
	int fd = memfd_create("swdoctor-report", MFD_CLOEXEC), rc = 0;
	char chunk[CHUNK];
	uint64_t total = 0;
	ssize_t n = 0;

	if (fd < 0)
		return err_set_native(e, ERR_IO, errno, "cannot copy it: %s", strerror(errno));
	while (!rc && (n = read(from, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			rc = err_set_native(e, ERR_IO, errno, "cannot read: %s", strerror(errno));
		else if ((total += (uint64_t)n) > COPY_MAX)
			rc = err_set(e, ERR_LIMIT, "more than 1 GiB through a pipe; give the file");
		else
			rc = output_write(fd, chunk, (size_t)n, "the copy", e);
	}
	if (rc) {
		close(fd);
		return rc;
	}
	lseek(fd, 0, SEEK_SET);
	*ret_fd = fd;
	return 0;
}

static int open_input(struct report_input *in, struct err *e)
{
	struct stat st;
	int fd = strcmp(in->name, "-") ? open(in->name, O_RDONLY | O_CLOEXEC | O_NOCTTY) : 0;
	int rc = 0;

	if (fd < 0 || fstat(fd, &st))
		return err_set_native(e, ERR_NOT_FOUND, errno, "cannot open: %s", strerror(errno));
	in->fd = fd;
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_FORMAT, "a directory, not a log or a trace");
	if (!S_ISREG(st.st_mode) || lseek(fd, 0, SEEK_CUR) != 0) {
		rc = copy_pipe(fd, &in->fd, e);
		if (fd != 0)
			close(fd);
	}
	return rc;
}

/* ---- what to show ---- */

static uint64_t line_of_first_bad_hop(const struct diagnosis *d)
{
	for (size_t i = 0; i < d->n_hops; i++)
		if (d->hops[i].state == HOP_BAD && d->hops[i].event)
			return d->hops[i].event->line;
	return 0;
}

/* The strongest evidence for the answer that is a line. */
static uint64_t line_of_answer(const struct diagnosis *d)
{
	const struct finding *f = d->n_findings ? &d->findings[0] : NULL;

	for (size_t i = 0; f && i < f->n_evidence; i++)
		if (f->evidence[i].db > 0 && f->evidence[i].n_events)
			return f->evidence[i].events[0]->line;
	return 0;
}

static size_t quoted_lines(const struct diagnosis *d, uint64_t *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct finding *f = &d->findings[i];

		for (size_t k = 0; f->word != WORD_NONE && k < f->n_evidence; k++)
			if (f->evidence[k].n_events && n < QUOTED_MAX)
				ret[n++] = f->evidence[k].events[0]->line;
	}
	for (size_t i = 0; i < d->n_hops; i++)
		if (d->hops[i].event && n < QUOTED_MAX)
			ret[n++] = d->hops[i].event->line;
	return n;
}

/* ---- the second reading ---- */

struct line_reader {
	struct report_input *in;
	struct buf text; /* decoded, not yet taken */
	uint64_t number;
};

static void take_line(struct line_reader *l, char *text, size_t len)
{
	len = text_clean(text, len);
	l->number++;
	if (l->in->redact)
		redact_learn(l->in->redact, text, len);
	excerpt_offer(l->in->excerpt, l->number, l->number, false, text, len);
}

static void take_lines(struct line_reader *l, bool at_end)
{
	size_t from = 0;
	char *newline;

	while (from < l->text.len &&
	       (newline = memchr(l->text.at + from, '\n', l->text.len - from))) {
		size_t len = (size_t)(newline - l->text.at) - from;

		take_line(l, l->text.at + from, len && newline[-1] == '\r' ? len - 1 : len);
		from += len + 1;
	}
	if (at_end && from < l->text.len) {
		take_line(l, l->text.at + from, l->text.len - from);
		from = l->text.len;
	}
	memmove(l->text.at, l->text.at + from, l->text.len - from);
	l->text.len -= from;
}

static int read_lines(struct report_input *in, struct err *e)
{
	struct line_reader l = { .in = in };
	struct text_decoder d;
	uint8_t chunk[CHUNK];
	ssize_t n = 0;
	int rc = 0;

	buf_init(&l.text);
	text_decoder_init(&d);
	while (!rc && (n = read(in->fd, chunk, sizeof(chunk))) > 0) {
		rc = text_decode(&d, chunk, (size_t)n, &l.text, e);
		if (!rc && l.text.len)
			take_lines(&l, false);
	}
	if (!rc)
		rc = text_decode_end(&d, &l.text, e);
	if (!rc && l.text.len)
		take_lines(&l, true);
	text_decoder_done(&d);
	buf_done(&l.text);
	return rc;
}

/* What flash, system memory and RAM hold is the owner's: his program, his chip's unique id. */
static void hide_memory(struct trace_row *row)
{
	for (unsigned i = 0; i < row->said.n_access; i++)
		if (row->said.access[i].space == CORESIGHT_MEMORY &&
		    row->said.access[i].address < PERIPHERALS)
			row->said.access[i].has_value = false;
}

static void take_row(void *user, const struct trace_row *row)
{
	static const struct term plain = { .utf8 = true, .columns = TERM_COLUMNS_MIN };
	struct report_input *in = user;
	struct trace_row shown = *row;
	struct buf text;

	if (in->redact)
		hide_memory(&shown);
	buf_init(&text);
	trace_table_row(&plain, &shown, false, &text);
	if (text.len && text.at[text.len - 1] == '\n')
		text.len--;
	if (in->redact)
		redact_learn(in->redact, text.at, text.len);
	excerpt_offer(in->excerpt, row->packet,
		      row->last_packet > row->packet ? row->last_packet : row->packet, row->is_mark,
		      text.at, text.len);
	buf_done(&text);
	if (in->row)
		in->row(in->row_user, &shown);
}

static int read_rows(struct report_input *in, struct err *e)
{
	const struct trace_filter all = { .probe = in->analysis.judge->probe };
	struct trace_rows *rows = trace_rows_new(&all, (struct trace_sink){ take_row, in });
	struct capture_stats stats;
	int rc = trace_rows_read(rows, (struct pcap_source){ pcap_read_fd, &in->fd }, &stats, e);

	trace_rows_free(rows);
	return rc;
}

/* ---- all of it ---- */

static void fill_report(struct report_input *in)
{
	in->report = (struct report){
		.command = "analyze",
		.input = in->name,
		.d = in->analysis.d,
		.events = in->analysis.events,
		.stats = &in->analysis.stats,
		.is_capture = in->analysis.is_capture,
		.rules = in->analysis.judge->rules,
	};
}

int report_input_read(struct report_input *in, const struct judge *j, bool redact, struct err *e)
{
	uint64_t quoted[QUOTED_MAX];
	size_t n_quoted;
	int rc;

	in->fd = -1;
	in->arena = arena_new();
	analysis_init(&in->analysis, j);
	rc = open_input(in, e);
	if (!rc)
		rc = analysis_read_fd(&in->analysis, in->fd, e);
	if (!rc)
		rc = analysis_end(&in->analysis, e);
	if (rc)
		return rc;
	fill_report(in);
	in->first_failure = line_of_first_bad_hop(in->report.d);
	if (!in->first_failure)
		in->first_failure = line_of_answer(in->report.d);
	if (redact) {
		in->redact = redact_new();
		redact_learn_own(in->redact);
	}
	in->n_env = report_env(in->arena, &in->env);
	n_quoted = quoted_lines(in->report.d, quoted);
	in->excerpt = excerpt_new(in->first_failure, quoted, n_quoted);
	lseek(in->fd, 0, SEEK_SET);
	return in->report.is_capture ? read_rows(in, e) : read_lines(in, e);
}

void report_input_done(struct report_input *in)
{
	analysis_done(&in->analysis);
	excerpt_free(in->excerpt);
	redact_free(in->redact);
	arena_free(in->arena);
	if (in->fd > 0)
		close(in->fd);
}

const struct event *report_input_last(const struct report_input *in, enum event_kind kind)
{
	for (size_t i = events_len(in->report.events); i > 0; i--)
		if (events_at(in->report.events, i - 1)->kind == kind)
			return events_at(in->report.events, i - 1);
	return NULL;
}

const struct fact_value *report_input_fact(const struct report_input *in, const char *id)
{
	const struct diagnosis *d = in->report.d;

	for (size_t i = 0; i < d->n_facts; i++)
		if (!strcmp(d->facts[i].id, id))
			return &d->facts[i];
	return NULL;
}
