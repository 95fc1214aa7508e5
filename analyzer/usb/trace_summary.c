/* Counting and percentiles: see trace_summary.h. */
#include "analyzer/usb/trace_summary.h"

#include <stdio.h>
#include <stdlib.h>

#include "probe/stlink_say.h"

/*
 * Latencies in classes that grow with the value: 16 for each power of two, so that a percentile is
 * right to about 4 %. Values below 16 us are exact.
 */
#define SUB_BITS  4
#define CLASSES	  ((40 - SUB_BITS) << SUB_BITS)
#define UNKNOWNS  32
#define STATUSES  256
#define ROW_OTHER STLINK_CMDS /* SWO data and what has no command */
#define ROWS	  (STLINK_CMDS + 1)

struct line {
	uint64_t n, failed, waits, retries, bytes;
	uint64_t min_us, max_us;
	uint64_t latency[CLASSES];
	uint64_t timed; /* how many have a latency: those that were seen to end */
};

struct unknown {
	uint8_t bytes[2];
	uint64_t n;
};

struct trace_summary {
	struct line *lines[ROWS];
	uint64_t n, failed, waits, retries, stale, unchecked, marks;
	uint64_t outcomes[XACT_OUTCOMES];
	uint64_t statuses[STATUSES];
	uint64_t begin_us, end_us;
	uint64_t swo_bytes;
	struct unknown unknowns[UNKNOWNS];
	size_t n_unknowns;
	uint64_t more_unknowns;
	bool has_first;
	uint64_t first_number, first_packet;
	struct buf first;
};

struct trace_summary *trace_summary_new(void)
{
	struct trace_summary *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	buf_init(&s->first);
	return s;
}

void trace_summary_free(struct trace_summary *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < ROWS; i++)
		free(s->lines[i]);
	buf_done(&s->first);
	free(s);
}

static size_t class_of(uint64_t us)
{
	unsigned top, shift;
	size_t c;

	if (us < 1U << SUB_BITS)
		return (size_t)us;
	top = 63 - (unsigned)__builtin_clzll(us);
	shift = top - SUB_BITS;
	c = ((size_t)(shift + 1) << SUB_BITS) + ((us >> shift) & ((1U << SUB_BITS) - 1));
	return c < CLASSES ? c : CLASSES - 1;
}

/* The middle of a class. */
static uint64_t value_of(size_t c)
{
	unsigned shift;
	uint64_t low;

	if (c < 1U << SUB_BITS)
		return c;
	shift = (unsigned)(c >> SUB_BITS) - 1;
	low = ((c & ((1U << SUB_BITS) - 1)) | 1U << SUB_BITS) << shift;
	return low + (1ULL << shift) / 2;
}

static uint64_t percentile(const struct line *l, unsigned percent)
{
	uint64_t want = (l->timed * percent + 99) / 100, seen = 0;

	for (size_t c = 0; c < CLASSES; c++) {
		uint64_t v;

		seen += l->latency[c];
		if (seen < want || seen == 0)
			continue;
		v = value_of(c);
		return v < l->min_us ? l->min_us : v > l->max_us ? l->max_us : v;
	}
	return l->max_us;
}

static void count_unknown(struct trace_summary *s, const struct xact *x)
{
	for (size_t i = 0; i < s->n_unknowns; i++) {
		if (s->unknowns[i].bytes[0] == x->cmd[0] && s->unknowns[i].bytes[1] == x->cmd[1]) {
			s->unknowns[i].n++;
			return;
		}
	}
	if (s->n_unknowns == UNKNOWNS)
		s->more_unknowns++;
	else
		s->unknowns[s->n_unknowns++] = (struct unknown){ { x->cmd[0], x->cmd[1] }, 1 };
}

static struct line *line_of(struct trace_summary *s, const struct stlink_cmd *cmd)
{
	struct line **l = &s->lines[cmd ? stlink_cmd_id_of(cmd) : ROW_OTHER];

	if (!*l) {
		*l = calloc(1, sizeof(**l));
		if (!*l)
			abort();
	}
	return *l;
}

static void count_line(struct line *l, const struct trace_row *row, bool failed, bool wait)
{
	uint64_t us = row->x.took_us;

	l->n++;
	l->failed += failed;
	l->waits += wait;
	l->retries += !!(row->said.notes & STLINK_NOTE_RETRY);
	l->bytes += row->x.got;
	if (row->x.outcome != XACT_OK)
		return;
	if (l->timed++ == 0 || us < l->min_us)
		l->min_us = us;
	if (us > l->max_us)
		l->max_us = us;
	l->latency[class_of(us)]++;
}

static void note_first(struct trace_summary *s, const struct trace_row *row)
{
	s->has_first = true;
	s->first_number = row->number;
	s->first_packet = row->packet;
	stlink_say_all(&s->first, &row->said, &row->x);
	if (row->told_by) {
		char status[120];

		stlink_status_say(STLINK_STATUS_DEBUG, row->told_status, status, sizeof(status));
		buf_addf(&s->first, "; %s, told by #%llu", status,
			 (unsigned long long)row->told_by);
	}
}

void trace_summary_add(struct trace_summary *s, const struct trace_row *row)
{
	const struct stlink_said *said = &row->said;
	/* A failed access counts once, and not again where its status is told. */
	bool failed = trace_row_failed(row) && !(said->status_of && row->x.outcome == XACT_OK);
	bool wait = said->has_status && said->kind == STLINK_STATUS_WAIT;

	if (row->is_mark) {
		s->marks++;
		return;
	}
	if (s->n++ == 0)
		s->begin_us = row->at_us;
	if (row->at_us + row->x.took_us > s->end_us)
		s->end_us = row->at_us + row->x.took_us;
	s->failed += failed;
	s->waits += wait;
	s->retries += !!(said->notes & STLINK_NOTE_RETRY);
	s->stale += !!(said->notes & (STLINK_NOTE_STALE | STLINK_NOTE_LATE));
	s->unchecked += !!(said->notes & STLINK_NOTE_UNCHECKED);
	s->outcomes[row->x.outcome]++;
	if (said->has_status && said->family == STLINK_STATUS_DEBUG)
		s->statuses[said->status & 0xff]++;
	if (said->notes & STLINK_NOTE_UNKNOWN)
		count_unknown(s, &row->x);
	if ((said->notes & STLINK_NOTE_NO_COMMAND) && row->x.ep != 0x81)
		s->swo_bytes += row->x.got;
	count_line(line_of(s, said->cmd), row, failed, wait);
	if (failed && !s->has_first)
		note_first(s, row);
}

static void text_commands(const struct trace_summary *s, const struct term *t, struct buf *out)
{
	term_style(t, out, TERM_BOLD);
	buf_addf(out, "%-28s %8s %7s %7s %7s %9s %9s %9s %9s\n", "command", "count", "failed",
		 "WAIT", "again", "50 % ms", "90 % ms", "99 % ms", "max ms");
	term_style(t, out, TERM_PLAIN);
	for (size_t i = 0; i < ROWS; i++) {
		const struct line *l = s->lines[i];

		if (!l)
			continue;
		buf_addf(out, "%-28s %8llu %7llu %7llu %7llu",
			 i == ROW_OTHER ? "(none or unknown)" : stlink_cmd_rows[i].name,
			 (unsigned long long)l->n, (unsigned long long)l->failed,
			 (unsigned long long)l->waits, (unsigned long long)l->retries);
		if (l->timed)
			buf_addf(out, " %9.2f %9.2f %9.2f %9.2f", (double)percentile(l, 50) / 1000,
				 (double)percentile(l, 90) / 1000, (double)percentile(l, 99) / 1000,
				 (double)l->max_us / 1000);
		buf_add_char(out, '\n');
	}
}

static void text_endings(const struct trace_summary *s, struct buf *out)
{
	const char *between = "status words: ";
	char said[120];

	for (unsigned i = 0; i < STATUSES; i++) {
		const struct stlink_status *row = stlink_status_find(STLINK_STATUS_DEBUG, i);

		if (!s->statuses[i])
			continue;
		snprintf(said, sizeof(said), row ? "%s (0x%02x)" : "%s0x%02x", row ? row->name : "",
			 i);
		buf_addf(out, "%s%s %llu times", between, said, (unsigned long long)s->statuses[i]);
		between = ", ";
	}
	if (between[0] == ',')
		buf_add_char(out, '\n');
	for (unsigned i = XACT_TIMEOUT; i < XACT_OUTCOMES; i++) {
		if (s->outcomes[i])
			buf_addf(out, "%s: %llu transactions\n",
				 i == XACT_UNKNOWN ? "end not captured"
						   : xact_outcome_name((enum xact_outcome)i),
				 (unsigned long long)s->outcomes[i]);
	}
}

void trace_summary_text(const struct trace_summary *s, const struct term *t, struct buf *out)
{
	buf_addf(out, "%llu transactions in %.3f s: %llu failed, %llu WAIT, %llu asked again",
		 (unsigned long long)s->n, (double)(s->end_us - s->begin_us) / 1000000,
		 (unsigned long long)s->failed, (unsigned long long)s->waits,
		 (unsigned long long)s->retries);
	if (s->stale)
		buf_addf(out, ", %llu stale or late replies", (unsigned long long)s->stale);
	if (s->unchecked)
		buf_addf(out, ", %llu accesses without a look at their status",
			 (unsigned long long)s->unchecked);
	buf_add_str(out, "\n\n");
	if (s->n)
		text_commands(s, t, out);
	buf_add_char(out, '\n');
	text_endings(s, out);
	if (s->swo_bytes)
		buf_addf(out, "SWO: %llu bytes\n", (unsigned long long)s->swo_bytes);
	for (size_t i = 0; i < s->n_unknowns; i++)
		buf_addf(out, "unknown command %02x %02x: %llu times\n", s->unknowns[i].bytes[0],
			 s->unknowns[i].bytes[1], (unsigned long long)s->unknowns[i].n);
	if (s->more_unknowns)
		buf_addf(out, "further unknown commands: %llu times\n",
			 (unsigned long long)s->more_unknowns);
	if (s->has_first) {
		buf_addf(out, "first failure: #%llu (packet %llu) ",
			 (unsigned long long)s->first_number, (unsigned long long)s->first_packet);
		term_add(t, out, buf_str(&s->first));
		buf_add_char(out, '\n');
	} else if (s->n) {
		buf_add_str(out, "no transaction failed\n");
	}
}

static void json_commands(const struct trace_summary *s, struct json *j)
{
	json_open_array(j, "commands");
	for (size_t i = 0; i < ROWS; i++) {
		const struct line *l = s->lines[i];

		if (!l)
			continue;
		json_open_object(j, NULL);
		json_put_str(j, "command", i == ROW_OTHER ? NULL : stlink_cmd_rows[i].name);
		json_put_int(j, "count", (int64_t)l->n);
		json_put_int(j, "failed", (int64_t)l->failed);
		json_put_int(j, "waits", (int64_t)l->waits);
		json_put_int(j, "retries", (int64_t)l->retries);
		json_put_int(j, "data_bytes", (int64_t)l->bytes);
		if (l->timed) {
			json_put_int(j, "min_us", (int64_t)l->min_us);
			json_put_int(j, "p50_us", (int64_t)percentile(l, 50));
			json_put_int(j, "p90_us", (int64_t)percentile(l, 90));
			json_put_int(j, "p99_us", (int64_t)percentile(l, 99));
			json_put_int(j, "max_us", (int64_t)l->max_us);
		}
		json_close_object(j);
	}
	json_close_array(j);
}

static void json_endings(const struct trace_summary *s, struct json *j)
{
	json_open_array(j, "statuses");
	for (unsigned i = 0; i < STATUSES; i++) {
		const struct stlink_status *row = stlink_status_find(STLINK_STATUS_DEBUG, i);

		if (!s->statuses[i])
			continue;
		json_open_object(j, NULL);
		json_put_hex(j, "word", i, 2);
		json_put_str(j, "name", row ? row->name : NULL);
		json_put_int(j, "count", (int64_t)s->statuses[i]);
		json_close_object(j);
	}
	json_close_array(j);
	json_open_object(j, "outcomes");
	for (unsigned i = 0; i < XACT_OUTCOMES; i++) {
		if (s->outcomes[i])
			json_put_int(j, xact_outcome_name((enum xact_outcome)i),
				     (int64_t)s->outcomes[i]);
	}
	json_close_object(j);
}

void trace_summary_json(const struct trace_summary *s, struct json *j)
{
	json_open_object(j, "summary");
	json_put_int(j, "transactions", (int64_t)s->n);
	json_put_real(j, "seconds", (double)(s->end_us - s->begin_us) / 1000000, 6);
	json_put_int(j, "failed", (int64_t)s->failed);
	json_put_int(j, "waits", (int64_t)s->waits);
	json_put_int(j, "retries", (int64_t)s->retries);
	json_put_int(j, "stale", (int64_t)s->stale);
	json_put_int(j, "unchecked", (int64_t)s->unchecked);
	json_put_int(j, "swo_bytes", (int64_t)s->swo_bytes);
	json_commands(s, j);
	json_endings(s, j);
	json_open_array(j, "unknown_commands");
	for (size_t i = 0; i < s->n_unknowns; i++) {
		char bytes[8];

		snprintf(bytes, sizeof(bytes), "%02x%02x", s->unknowns[i].bytes[0],
			 s->unknowns[i].bytes[1]);
		json_open_object(j, NULL);
		json_put_str(j, "bytes", bytes);
		json_put_int(j, "count", (int64_t)s->unknowns[i].n);
		json_close_object(j);
	}
	json_close_array(j);
	if (s->has_first) {
		json_open_object(j, "first_failure");
		json_put_int(j, "number", (int64_t)s->first_number);
		json_put_int(j, "packet", (int64_t)s->first_packet);
		json_put_str(j, "text", buf_str(&s->first));
		json_close_object(j);
	} else {
		json_put_null(j, "first_failure");
	}
	json_close_object(j);
}
