/* Events written into and read from marks: see event_mark.h. */
#include "analyzer/event/event_mark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/base/source_text.h"

#define NAME_MAX_BYTES 48

/* ---- writing ---- */

static void add_quoted(struct buf *out, const char *text)
{
	buf_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, *text);
	}
	buf_add_char(out, '"');
}

void event_mark_write(const struct event *e, struct buf *out)
{
	const struct event_kind_row *row = &event_kind_rows[e->kind];

	buf_addf(out, "[%s", row->name);
	for (int i = 0; i < EVENT_FIELDS_MAX && row->fields[i].name; i++) {
		if (!e->v[i].has || (row->fields[i].type == EVENT_TEXT && !e->v[i].text))
			continue;
		buf_addf(out, " %s=", row->fields[i].name);
		if (row->fields[i].type == EVENT_TEXT)
			add_quoted(out, e->v[i].text);
		else if (row->fields[i].type == EVENT_HEX)
			buf_addf(out, "0x%" PRIx64, (uint64_t)e->v[i].num);
		else
			buf_addf(out, "%" PRId64, e->v[i].num);
	}
	buf_addf(out, "] %s", e->text ? e->text : "");
}

/* ---- reading ---- */

struct scan {
	const char *at, *end;
};

/* Letters, digits, dots, dashes, underscores. */
static bool take_name(struct scan *s, char ret[NAME_MAX_BYTES])
{
	size_t n = 0;

	while (s->at < s->end && n + 1 < NAME_MAX_BYTES && *s->at > ' ' && !strchr("=]\"", *s->at))
		ret[n++] = *s->at++;
	ret[n] = '\0';
	return n > 0;
}

static bool take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool take_text(struct scan *s, char ret[EVENT_TEXT_MAX + 1])
{
	size_t n = 0;

	if (!take(s, '"'))
		return false;
	while (s->at < s->end && *s->at != '"') {
		if (*s->at == '\\' && ++s->at == s->end)
			return false;
		if (n < EVENT_TEXT_MAX)
			ret[n++] = *s->at;
		s->at++;
	}
	ret[text_clean(ret, n)] = '\0';
	return take(s, '"');
}

static bool take_number(struct scan *s, bool hex, int64_t *ret)
{
	char digits[NAME_MAX_BYTES], *end;

	if (!take_name(s, digits))
		return false;
	*ret = hex ? (int64_t)strtoull(digits, &end, 16) : strtoll(digits, &end, 10);
	return *end == '\0';
}

static bool take_value(struct scan *s, struct event_mark *m)
{
	char name[NAME_MAX_BYTES];
	int i = take_name(s, name) && take(s, '=') ? event_field_find(m->e.kind, name) : -1;
	enum event_type type;

	if (i < 0)
		return false;
	type = event_kind_rows[m->e.kind].fields[i].type;
	m->e.v[i].has = true;
	if (type != EVENT_TEXT)
		return take_number(s, type == EVENT_HEX, &m->e.v[i].num);
	m->e.v[i].text = m->values[i];
	return take_text(s, m->values[i]);
}

bool event_mark_read(const char *mark, size_t len, struct event_mark *ret)
{
	struct scan s = { mark, mark + len };
	char name[NAME_MAX_BYTES];
	int kind = take(&s, '[') && take_name(&s, name) ? event_kind_find(name) : -1;

	if (kind < 0)
		return false;
	*ret = (struct event_mark){ .e = { .kind = (enum event_kind)kind, .pattern = -1 } };
	ret->e.times = 1;
	while (take(&s, ' '))
		if (!take_value(&s, ret))
			return false;
	if (!take(&s, ']') || !take(&s, ' '))
		return false;
	len = (size_t)(s.end - s.at) > EVENT_TEXT_MAX ? EVENT_TEXT_MAX : (size_t)(s.end - s.at);
	memcpy(ret->text, s.at, len);
	ret->text[text_clean(ret->text, len)] = '\0';
	ret->e.text = ret->text;
	return true;
}
