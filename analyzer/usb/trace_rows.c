/* Transactions as rows that wait for their status: see trace_rows.h. */
#include "analyzer/usb/trace_rows.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyzer/event/event_mark.h"

#define QUEUE	   32
#define PROBES_MAX 64

struct trace_rows {
	struct trace_filter filter;
	struct trace_sink sink;
	struct stlink_decoder *decoders[PROBES_MAX];
	struct trace_row queue[QUEUE];
	size_t first, n;
	bool begun;
	uint64_t begin_us;
};

bool trace_row_failed(const struct trace_row *row)
{
	if (row->is_mark)
		return false;
	if (row->told_by && row->told_kind != STLINK_STATUS_OK)
		return true;
	return stlink_said_failed(&row->said, &row->x);
}

struct trace_rows *trace_rows_new(const struct trace_filter *filter, struct trace_sink sink)
{
	struct trace_rows *rows = calloc(1, sizeof(*rows));

	if (!rows)
		abort();
	rows->filter = *filter;
	rows->sink = sink;
	return rows;
}

void trace_rows_free(struct trace_rows *rows)
{
	if (!rows)
		return;
	for (size_t i = 0; i < PROBES_MAX; i++)
		free(rows->decoders[i]);
	free(rows);
}

static bool status_fits(const char *want, enum stlink_status_family family, uint32_t word)
{
	const struct stlink_status *row = stlink_status_find(family, word);
	char *end;
	unsigned long number = strtoul(want, &end, 0);

	if (*want && *end == '\0')
		return number == (word & 0xff) || number == word;
	return row && strcasestr(row->name, want);
}

static bool has_status(const struct trace_row *row, const char *want)
{
	if (row->told_by && status_fits(want, STLINK_STATUS_DEBUG, row->told_status))
		return true;
	if (row->said.has_status && status_fits(want, row->said.family, row->said.status))
		return true;
	return row->x.outcome != XACT_OK &&
	       strcasecmp(want, xact_outcome_name(row->x.outcome)) == 0;
}

static bool is_wanted(const struct trace_filter *f, const struct trace_row *row)
{
	uint64_t far = row->number > f->around ? row->number - f->around : f->around - row->number;

	if (f->around && far > f->context)
		return false;
	if (f->probe && row->probe != f->probe)
		return false;
	if (row->is_mark)
		return !f->command && !f->status && !f->failed;
	if (f->command && !(row->said.cmd && (strcasestr(row->said.cmd->name, f->command) ||
					      strcasestr(row->said.cmd->words, f->command))))
		return false;
	if (f->status && !has_status(row, f->status))
		return false;
	return !f->failed || trace_row_failed(row);
}

static void pop(struct trace_rows *rows)
{
	struct trace_row *row = &rows->queue[rows->first];

	row->x.data = row->data;
	if (is_wanted(&rows->filter, row))
		rows->sink.row(rows->sink.user, row);
	rows->first = (rows->first + 1) % QUEUE;
	rows->n--;
}

static bool waits(const struct trace_row *row)
{
	return !row->is_mark && row->said.memory.there && !row->settled &&
	       row->said.cmd->where == STLINK_WHERE_LATER;
}

static struct trace_row *push(struct trace_rows *rows)
{
	struct trace_row *row;

	if (rows->n == QUEUE)
		pop(rows);
	row = &rows->queue[(rows->first + rows->n++) % QUEUE];
	memset(row, 0, sizeof(*row));
	return row;
}

/* Hands on what has its status, up to the first that waits. */
static void drain(struct trace_rows *rows)
{
	while (rows->n > 0 && !waits(&rows->queue[rows->first]))
		pop(rows);
}

/* A status for an earlier row; or a new access of that probe, so that none will come. */
static void settle(struct trace_rows *rows, const struct trace_row *now)
{
	for (size_t i = 0; i + 1 < rows->n; i++) {
		struct trace_row *row = &rows->queue[(rows->first + i) % QUEUE];

		if (row->is_mark || row->probe != now->probe || !row->said.memory.there)
			continue;
		row->settled |= now->said.memory.there;
		if (now->said.status_of != row->number || !now->said.has_status)
			continue;
		row->settled = true;
		row->told_by = now->number;
		row->told_status = now->said.status;
		row->told_kind = now->said.kind;
	}
}

static void on_xact(void *user, const struct capture_xact *x)
{
	struct trace_rows *rows = user;
	struct stlink_decoder **d = &rows->decoders[x->probe->index % PROBES_MAX];
	struct trace_row *row = push(rows);
	size_t kept = x->x.got < TRACE_BYTES_KEPT ? x->x.got : TRACE_BYTES_KEPT;

	if (!*d) {
		*d = malloc(sizeof(**d));
		if (!*d)
			abort();
		stlink_decoder_init(*d);
	}
	if (!rows->begun)
		rows->begin_us = x->x.at_us;
	rows->begun = true;
	row->number = x->number;
	row->packet = x->packet;
	row->last_packet = x->last_packet;
	row->probe = x->probe->index + 1;
	row->at_us = x->x.at_us;
	row->since_us = x->x.at_us > rows->begin_us ? x->x.at_us - rows->begin_us : 0;
	row->cut = x->x.cut;
	row->x = x->x;
	stlink_decode(*d, &x->x, x->number, &row->said);
	if (kept)
		memcpy(row->data, x->x.data, kept);
	settle(rows, row);
	drain(rows);
}

static void on_mark(void *user, uint64_t packet, uint64_t at_us, const char *text, size_t len)
{
	struct trace_rows *rows = user;
	struct trace_row *row = push(rows);
	struct event_mark m;

	row->is_mark = true;
	row->concluded = event_mark_read(text, len, &m);
	if (row->concluded) {
		text = m.text;
		len = strlen(text);
	}
	memcpy(row->mark, text, len < TRACE_MARK_MAX ? len : TRACE_MARK_MAX);
	row->packet = packet;
	row->at_us = at_us;
	row->since_us = rows->begun && at_us > rows->begin_us ? at_us - rows->begin_us : 0;
	drain(rows);
}

int trace_rows_read(struct trace_rows *rows, struct pcap_source from, struct capture_stats *ret,
		    struct err *e)
{
	const struct capture_sink sink = { .xact = on_xact, .mark = on_mark, .user = rows };
	struct pcap *p;
	int rc;

	memset(ret, 0, sizeof(*ret));
	rc = pcap_new(from, &p, e);
	if (rc)
		return rc;
	rc = capture_read(p, &sink, ret, e);
	while (rows->n > 0)
		pop(rows);
	pcap_free(p);
	return rc;
}
