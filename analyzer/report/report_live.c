/* What a report of a live examination says besides: who is at the two ends, and what was not done.
 */
#include "analyzer/report/report_page.h"

#include <inttypes.h>

/* The last event of a kind; NULL: there is none. */
static const struct event *last_of(const struct page *p, enum event_kind kind)
{
	for (size_t i = events_len(p->r->events); i-- > 0;) {
		const struct event *e = events_at(p->r->events, i);

		if (e->kind == kind)
			return e;
	}
	return NULL;
}

static const struct event_value *value_of(const struct event *e, const char *field)
{
	int i = e ? event_field_find(e->kind, field) : -1;

	return i >= 0 && e->v[i].has ? &e->v[i] : NULL;
}

static void add_chip(const struct page *p, struct buf *line)
{
	const struct event_value *core = value_of(last_of(p, EVENT_CORE_FOUND), "name");
	const struct event_value *family = value_of(last_of(p, EVENT_CHIP_FAMILY), "family");
	const struct event_value *flash = value_of(last_of(p, EVENT_CHIP_FLASH_SIZE), "bytes");

	if (family)
		buf_addf(line, ", STM32%s", family->text);
	if (core)
		buf_addf(line, family ? " (%s)" : ", %s", core->text);
	if (flash)
		buf_addf(line, ", %" PRId64 " KiB of flash", flash->num / 1024);
}

void page_add_live_head(struct page *p)
{
	const struct event_value *version = value_of(last_of(p, EVENT_PROBE_VERSION), "text");
	const struct event_value *mv = value_of(last_of(p, EVENT_TARGET_VOLTAGE), "mv");
	struct buf line;

	buf_init(&line);
	buf_addf(&line, "%s: ", p->r->input);
	if (version)
		buf_addf(&line, "ST-LINK %s", version->text);
	else
		buf_add_str(&line, "the probe told no version");
	if (mv)
		buf_addf(&line, ", VTref %" PRId64 ".%02d V", mv->num / 1000,
			 (int)(mv->num % 1000 / 10));
	add_chip(p, &line);
	buf_addf(&line, ", %" PRIu64 " transactions", p->r->stats->lines);
	term_add_wrapped(p->t, p->out, line.at, 0, 2);
	page_add_str(p, "\n\n");
	buf_done(&line);
}
