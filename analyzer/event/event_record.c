/* Events that are shared: see event_record.h. */
#include "analyzer/event/event_record.h"

#include <stdlib.h>
#include <string.h>

static size_t cut_len(const char *text)
{
	size_t len = strnlen(text, EVENT_TEXT_MAX + 1);

	if (len <= EVENT_TEXT_MAX)
		return len;
	len = EVENT_TEXT_MAX;
	while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--; /* no half characters */
	return len;
}

static const char *copy_text(char **at, const char *text, size_t len)
{
	char *copy = *at;

	memcpy(copy, text, len);
	copy[len] = '\0';
	*at += len + 1;
	return copy;
}

struct event_record *event_record_new(const struct event *e)
{
	const char *line = e->text ? e->text : "";
	size_t line_len = cut_len(line), len[EVENT_FIELDS_MAX] = { 0 };
	size_t size = sizeof(struct event_record) + line_len + 1;
	struct event_record *r;
	char *at;

	for (int i = 0; i < EVENT_FIELDS_MAX; i++) {
		if (!e->v[i].has || !e->v[i].text)
			continue;
		len[i] = cut_len(e->v[i].text);
		size += len[i] + 1;
	}
	r = malloc(size);
	if (!r)
		abort();
	at = (char *)(r + 1);
	r->e = *e;
	r->holders = 1;
	r->e.text = copy_text(&at, line, line_len);
	for (int i = 0; i < EVENT_FIELDS_MAX; i++)
		r->e.v[i].text =
			e->v[i].has && e->v[i].text ? copy_text(&at, e->v[i].text, len[i]) : NULL;
	return r;
}

struct event_record *event_record_hold(struct event_record *r)
{
	r->holders++;
	return r;
}

void event_record_drop(struct event_record *r)
{
	if (r && !--r->holders)
		free(r);
}

bool event_record_same(const struct event_record *a, const struct event_record *b)
{
	const struct event_field *f = event_kind_rows[a->e.kind].fields;

	if (a == b)
		return true;
	for (int i = 0; i < EVENT_FIELDS_MAX && f[i].name; i++) {
		const struct event_value *x = &a->e.v[i], *y = &b->e.v[i];

		if (x->has != y->has)
			return false;
		if (!x->has)
			continue;
		if (f[i].type != EVENT_TEXT ? x->num != y->num
		    : x->text && y->text    ? strcmp(x->text, y->text) != 0
					    : x->text != y->text)
			return false;
	}
	return true;
}
