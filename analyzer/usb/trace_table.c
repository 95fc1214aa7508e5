/* The table of a session: number, time, latency, command, arguments, status, what came of it. */
#include "analyzer/usb/trace_table.h"

#include "probe/stlink_say.h"

#define WIDTH_NUMBER	6
#define WIDTH_TIME	11
#define WIDTH_TOOK	9
#define WIDTH_COMMAND	26
#define WIDTH_ARGUMENTS 26
#define WIDTH_STATUS	16

/* What is in the buffer beyond `from`, made safe and padded to a column. */
static void column(const struct term *t, struct buf *out, struct buf *text, size_t width)
{
	size_t columns = term_columns_of(t, buf_str(text));

	term_add(t, out, buf_str(text));
	for (; columns < width; columns++)
		buf_add_char(out, ' ');
	buf_add_char(out, ' ');
	buf_clear(text);
}

static void add_took(struct buf *out, uint64_t us)
{
	if (us < 1000)
		buf_addf(out, "%u us", (unsigned)us);
	else if (us < 10000000)
		buf_addf(out, "%.2f ms", (double)us / 1000);
	else
		buf_addf(out, "%.2f s", (double)us / 1000000);
}

static void right(struct buf *out, struct buf *text, size_t width)
{
	for (size_t n = text->len; n < width; n++)
		buf_add_char(out, ' ');
	buf_add(out, text->at, text->len);
	buf_add_char(out, ' ');
	buf_clear(text);
}

static enum term_style style_of(const struct trace_row *row)
{
	enum stlink_status_kind kind = row->told_by ? row->told_kind : row->said.kind;

	if (!trace_row_failed(row))
		return row->said.notes & (STLINK_NOTE_STALE | STLINK_NOTE_UNKNOWN) ? TERM_WARN
										   : TERM_PLAIN;
	return kind == STLINK_STATUS_WAIT && row->x.outcome == XACT_OK ? TERM_WARN : TERM_BAD;
}

void trace_table_status(struct buf *out, const struct trace_row *row)
{
	const struct stlink_status *told;

	if (!row->told_by || (row->x.outcome != XACT_OK && row->x.outcome != XACT_UNKNOWN)) {
		stlink_say_status(out, &row->said, &row->x);
		return;
	}
	told = stlink_status_find(STLINK_STATUS_DEBUG, row->told_status);
	if (row->told_kind == STLINK_STATUS_OK)
		buf_add_str(out, "OK");
	else if (told)
		buf_addf(out, "%s (0x%02x)", told->name, row->told_status);
	else
		buf_addf(out, "0x%02x", row->told_status);
	if (row->told_kind != STLINK_STATUS_OK)
		buf_addf(out, ", told by #%llu", (unsigned long long)row->told_by);
}

void trace_table_says(struct buf *text, const struct trace_row *row)
{
	size_t at;

	stlink_say_result(text, &row->said);
	at = text->len;
	if (at)
		buf_add_str(text, "; ");
	stlink_say_notes(text, &row->said);
	if (row->cut)
		buf_add_str(text,
			    text->len > at + 2 ? "; cut in the capture" : "cut in the capture");
	else if (at && text->len == at + 2)
		text->at[text->len = at] = '\0';
}

size_t trace_table_front(void)
{
	return WIDTH_NUMBER + 1 + WIDTH_TIME + 1 + WIDTH_TOOK + 1;
}

void trace_table_head(const struct term *t, struct buf *out)
{
	term_style(t, out, TERM_BOLD);
	buf_addf(out, "%*s %*s %*s %-*s %-*s %-*s %s", WIDTH_NUMBER, "#", WIDTH_TIME, "seconds",
		 WIDTH_TOOK, "took", WIDTH_COMMAND, "command", WIDTH_ARGUMENTS, "arguments",
		 WIDTH_STATUS, "status", "what it says");
	term_style(t, out, TERM_PLAIN);
	buf_add_char(out, '\n');
}

static void add_mark(const struct term *t, const struct trace_row *row, struct buf *out)
{
	term_style(t, out, TERM_DIM);
	buf_addf(out, "%*s %*.6f -- ", WIDTH_NUMBER, "", WIDTH_TIME,
		 (double)row->since_us / 1000000);
	term_add(t, out, row->mark);
	term_style(t, out, TERM_PLAIN);
	buf_add_char(out, '\n');
}

static void add_front(const struct term *t, const struct trace_row *row, bool packets,
		      struct buf *text, struct buf *out)
{
	if (packets)
		buf_addf(text, "%llu", (unsigned long long)row->packet);
	else
		buf_addf(text, "%llu", (unsigned long long)row->number);
	right(out, text, WIDTH_NUMBER);
	buf_addf(text, "%.6f", (double)row->since_us / 1000000);
	right(out, text, WIDTH_TIME);
	add_took(text, row->x.took_us);
	right(out, text, WIDTH_TOOK);
	if (row->probe > 1)
		buf_addf(text, "[probe %u] ", row->probe);
	stlink_say_command(text, &row->said, &row->x);
	column(t, out, text, WIDTH_COMMAND);
	stlink_say_arguments(text, &row->said, &row->x);
	column(t, out, text, WIDTH_ARGUMENTS);
}

void trace_table_row(const struct term *t, const struct trace_row *row, bool packets,
		     struct buf *out)
{
	enum term_style style = style_of(row);
	struct buf text, front;
	size_t used;

	if (row->is_mark) {
		add_mark(t, row, out);
		return;
	}
	buf_init(&text);
	buf_init(&front);
	add_front(t, row, packets, &text, &front);
	used = term_columns_of(t, buf_str(&front));
	buf_add(out, front.at, front.len);
	if (style != TERM_PLAIN)
		term_style(t, out, style);
	trace_table_status(&text, row);
	used += term_columns_of(t, buf_str(&text)) < WIDTH_STATUS
			? WIDTH_STATUS + 1
			: term_columns_of(t, buf_str(&text)) + 1;
	column(t, out, &text, WIDTH_STATUS);
	if (style != TERM_PLAIN)
		term_style(t, out, TERM_PLAIN);
	trace_table_says(&text, row);
	if (t->tty)
		term_add_cut(t, out, buf_str(&text),
			     t->columns > used + 10 ? t->columns - used : 10);
	else
		term_add(t, out, buf_str(&text));
	while (out->len && out->at[out->len - 1] == ' ')
		out->len--;
	buf_add_char(out, '\n');
	buf_done(&text);
	buf_done(&front);
}
