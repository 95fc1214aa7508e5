/* A log or capture, judged and read again: see report_input.h. */
#include "analyzer/report/report_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/base/output.h"
#include "analyzer/base/source_text.h"
#include "analyzer/usb/trace_table.h"

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

/* ---- places ---- */

bool report_input_has_rows(const struct report_input *in)
{
	return in->report.is_capture || in->trace;
}

uint64_t report_input_packet(const struct report_input *in, const struct event *ev)
{
	if (in->report.is_capture)
		return ev->line;
	return in->trace && ev->trace == 1 ? ev->packet : 0;
}

uint64_t report_input_line(const struct report_input *in, const struct event *ev)
{
	return in->report.is_capture || ev->trace ? 0 : ev->line;
}

/* ---- what to show ---- */

/* One of the two above. */
typedef uint64_t place_of(const struct report_input *in, const struct event *ev);

static uint64_t of_first_bad_hop(const struct report_input *in, place_of *place)
{
	const struct diagnosis *d = in->report.d;

	for (size_t i = 0; i < d->n_hops; i++)
		if (d->hops[i].state == HOP_BAD && d->hops[i].event)
			return place(in, d->hops[i].event);
	return 0;
}

/* The strongest evidence for the answer that has such a place. */
static uint64_t of_answer(const struct report_input *in, place_of *place)
{
	const struct diagnosis *d = in->report.d;
	const struct finding *f = d->n_findings ? &d->findings[0] : NULL;

	for (size_t i = 0; f && i < f->n_evidence; i++) {
		const struct evidence *ev = &f->evidence[i];

		if (ev->db > 0 && ev->n_events && place(in, ev->events[0]))
			return place(in, ev->events[0]);
	}
	return 0;
}

static size_t quoted_places(const struct report_input *in, place_of *place, uint64_t *ret)
{
	const struct diagnosis *d = in->report.d;
	size_t n = 0;

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct finding *f = &d->findings[i];

		for (size_t k = 0; f->word != WORD_NONE && k < f->n_evidence; k++)
			if (f->evidence[k].n_events && n < QUOTED_MAX)
				ret[n++] = place(in, f->evidence[k].events[0]);
	}
	for (size_t i = 0; i < d->n_hops; i++)
		if (d->hops[i].event && n < QUOTED_MAX)
			ret[n++] = place(in, d->hops[i].event);
	return n;
}

static struct excerpt *new_excerpt(const struct report_input *in, place_of *place)
{
	uint64_t quoted[QUOTED_MAX], failure = of_first_bad_hop(in, place);
	size_t n = quoted_places(in, place, quoted);

	return excerpt_new(failure ? failure : of_answer(in, place), quoted, n);
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
	excerpt_offer(
		l->in->excerpt,
		&(struct excerpt_line){ .number = l->number, .last = l->number, .text = text },
		len);
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
	excerpt_offer(in->transactions ? in->transactions : in->excerpt,
		      &(struct excerpt_line){ .number = row->packet,
					      .last = row->last_packet > row->packet
							      ? row->last_packet
							      : row->packet,
					      .milestone = row->is_mark,
					      .same_from = trace_table_front(),
					      .text = buf_str(&text) },
		      text.len);
	buf_done(&text);
	if (in->row)
		in->row(in->row_user, &shown);
}

static int read_rows(struct report_input *in, int fd, struct err *e)
{
	const struct trace_filter all = { .probe = in->analysis.judge->probe };
	struct trace_rows *rows = trace_rows_new(&all, (struct trace_sink){ take_row, in });
	struct capture_stats stats;
	int rc = trace_rows_read(rows, (struct pcap_source){ pcap_read_fd, &fd }, &stats, e);

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

/* Both are judged as one session, as `swdoctor run --trace` did. */
static int add_trace(struct report_input *in, struct err *e)
{
	uint64_t transactions = 0;
	int rc;

	if (in->analysis.is_capture)
		return err_set(e, ERR_FORMAT,
			       "a capture, and no log beside which one was recorded");
	in->trace_fd = open(in->trace, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in->trace_fd < 0)
		return err_set_native(e, ERR_NOT_FOUND, errno, "%s: cannot open: %s", in->trace,
				      strerror(errno));
	rc = analysis_add_trace(&in->analysis, in->trace, &transactions, e);
	if (!rc && !transactions)
		rc = err_set(e, ERR_FORMAT, "%s: no transaction is in it", in->trace);
	return rc;
}

static int judge_input(struct report_input *in, struct err *e)
{
	int rc = open_input(in, e);

	if (!rc)
		rc = analysis_read_fd(&in->analysis, in->fd, e);
	if (!rc && in->trace)
		rc = add_trace(in, e);
	return rc ? rc : analysis_end(&in->analysis, e);
}

static int read_again(struct report_input *in, struct err *e)
{
	int rc;

	in->excerpt =
		new_excerpt(in, in->report.is_capture ? report_input_packet : report_input_line);
	lseek(in->fd, 0, SEEK_SET);
	if (in->report.is_capture)
		return read_rows(in, in->fd, e);
	rc = read_lines(in, e);
	if (rc || !in->trace)
		return rc;
	in->transactions = new_excerpt(in, report_input_packet);
	return read_rows(in, in->trace_fd, e);
}

int report_input_read(struct report_input *in, const struct judge *j, bool redact, struct err *e)
{
	int rc;

	in->fd = in->trace_fd = -1;
	in->arena = arena_new();
	analysis_init(&in->analysis, j);
	rc = judge_input(in, e);
	if (rc)
		return rc;
	fill_report(in);
	if (redact) {
		in->redact = redact_new();
		redact_learn_own(in->redact);
	}
	in->n_env = report_env(in->arena, &in->env);
	return read_again(in, e);
}

void report_input_done(struct report_input *in)
{
	analysis_done(&in->analysis);
	excerpt_free(in->excerpt);
	excerpt_free(in->transactions);
	redact_free(in->redact);
	arena_free(in->arena);
	if (in->fd > 0)
		close(in->fd);
	if (in->trace_fd > 0)
		close(in->trace_fd);
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
