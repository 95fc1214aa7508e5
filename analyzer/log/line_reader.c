/* One line becomes events: see line_reader.h. */
#include "analyzer/log/line_reader.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/log/match_field.h"

#define LEAD_BYTES   60 /* what is quoted before a match far inside a long line */
#define BANNER_LINES 3	/* a banner this close behind a command line belongs to it */

struct found { /* a pattern that a line matches */
	uint32_t pattern;
	struct match_groups groups;
};

struct given { /* an event that a line gives, with room for its text */
	uint32_t pattern;
	bool silent;
	struct match_event me;
	char quote[EVENT_TEXT_MAX + 1];
};

void line_reader_init(struct line_reader *r, struct matcher *m, struct events *ev)
{
	size_t n = rules_patterns(m->rules);

	*r = (struct line_reader){ .m = m, .ev = ev };
	r->found = calloc(n + 1, sizeof(*r->found));
	r->asked = calloc(n + 1, sizeof(*r->asked));
	if (!r->found || !r->asked)
		abort();
	detector_init(&r->detector, m->rules);
	line_memos_init(&r->memos);
}

void line_reader_done(struct line_reader *r)
{
	detector_done(&r->detector);
	line_memos_done(&r->memos);
	free(r->given);
	free(r->read);
	free(r->found);
	free(r->asked);
}

/* ---- which patterns match, and what they give ---- */

static struct given *next_given(struct line_reader *r)
{
	if (r->n_given == r->given_room) {
		r->given_room = r->given_room ? 2 * r->given_room : 16;
		r->given = reallocarray(r->given, r->given_room, sizeof(*r->given));
		r->read = reallocarray(r->read, r->given_room, sizeof(*r->read));
		if (!r->given || !r->read)
			abort();
	}
	return &r->given[r->n_given++];
}

static void read_found(struct line_reader *r, const struct found *f, const char *line, size_t len)
{
	const struct pattern *p = rules_pattern(r->m->rules, f->pattern);
	size_t from = f->groups.at[0].to > EVENT_TEXT_MAX ? f->groups.at[0].from : 0;
	struct given *g;

	from = from > LEAD_BYTES ? from - LEAD_BYTES : 0;
	for (size_t i = 0; i < p->n_gives || (i == 0 && !p->n_gives); i++) {
		g = next_given(r);
		g->pattern = f->pattern;
		g->silent = !p->n_gives;
		memset(&g->me, 0, offsetof(struct match_event, text));
		if (p->n_gives)
			match_give(&p->gives[i], line, &f->groups, &g->me);
		g->me.e.pattern = (int)f->pattern;
		g->quote[field_text(line + from, len - from, g->quote, EVENT_TEXT_MAX)] = '\0';
	}
}

/* The events of one line are not shared until the line comes again. */
static void share_given(struct line_reader *r)
{
	for (size_t i = 0; i < r->n_given; i++) {
		struct given *g = &r->given[i];

		r->read[i] = (struct memo_event){ .pattern = g->pattern };
		if (g->silent)
			continue;
		for (size_t k = 0; k < EVENT_FIELDS_MAX; k++)
			if (g->me.from_line[k])
				g->me.e.v[k].text = g->me.text[k];
		g->me.e.text = g->quote;
		r->read[i].record = event_record_new(&g->me.e);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->groups.at[0].from != y->groups.at[0].from)
		return x->groups.at[0].from < y->groups.at[0].from ? -1 : 1;
	return x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

/* Does the pattern ask for this line for the first time, and match it? */
static void try_pattern(struct line_reader *r, uint32_t pattern, const char *line, size_t len,
			size_t *n)
{
	if (r->m->off[pattern] || r->asked[pattern] == r->lines)
		return;
	r->asked[pattern] = r->lines;
	if (match_line(r->m, pattern, line, len, &r->found[*n].groups))
		r->found[(*n)++].pattern = pattern;
}

/* A line that a pattern of its own knows is not read by the general ones, too. */
static size_t drop_fallbacks(struct line_reader *r, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!rules_pattern(r->m->rules, r->found[i].pattern)->fallback)
			r->found[kept++] = r->found[i];
	return kept ? kept : n;
}

/* Which patterns match, into r->found: those of the hits (no list: all). Returns how many. */
static size_t find_patterns(struct line_reader *r, const char *line, size_t len,
			    const struct hit *hits, size_t n_hits)
{
	size_t n = 0;

	r->lines++;
	for (size_t i = 0; i < n_hits; i++) {
		const struct literal *l = &r->m->literals.at[hits[i].literal];

		for (uint32_t k = 0; k < l->n_patterns; k++)
			try_pattern(r, l->patterns[k], line, len, &n);
	}
	for (size_t i = 0; !hits && i < rules_patterns(r->m->rules); i++)
		try_pattern(r, (uint32_t)i, line, len, &n);
	return drop_fallbacks(r, n);
}

/* What they give, in order of their places, into r->read. */
static void read_all(struct line_reader *r, size_t n, const char *line, size_t len)
{
	r->n_given = 0;
	qsort(r->found, n, sizeof(*r->found), by_place);
	for (size_t i = 0; i < n; i++)
		read_found(r, &r->found[i], line, len);
	share_given(r);
}

/* ---- what a line stands for ---- */

static void begin_attempt(struct line_reader *r, enum event_kind kind, uint64_t number)
{
	bool belongs = kind == EVENT_TOOL_BANNER && r->command_line &&
		       number - r->command_line <= BANNER_LINES;

	if (r->begun && !belongs)
		events_next_attempt(r->ev);
	r->begun = true;
	r->command_line = kind == EVENT_TOOL_COMMAND ? number : 0;
}

/* In order of the matches. */
static void give_events(struct line_reader *r, const struct memo_event *read, size_t n,
			uint64_t number)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t pattern = read[i].pattern;
		struct event_record *record = read[i].record;

		if (!match_version(rules_pattern(r->m->rules, pattern),
				   detector_version(&r->detector, pattern)))
			continue;
		if (i == 0 || read[i - 1].pattern != pattern)
			detector_hear(&r->detector, pattern);
		if (!record)
			continue;
		if (record->e.kind == EVENT_TOOL_BANNER)
			detector_name(&r->detector, pattern, &record->e);
		if (record->e.kind == EVENT_TOOL_BANNER || record->e.kind == EVENT_TOOL_COMMAND)
			begin_attempt(r, record->e.kind, number);
		event_add_record(r->ev, record, number);
	}
}

/* Do all found patterns give what they gave last time, whatever the line says? */
static bool only_repeats(const struct line_reader *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct pattern *p = rules_pattern(r->m->rules, r->found[i].pattern);

		if (!p->always_same)
			return false;
		for (size_t k = 0; k < p->n_gives; k++)
			if (!event_can_repeat(r->ev, (int)r->found[i].pattern, p->gives[k].kind))
				return false;
	}
	return true;
}

static void repeat(struct line_reader *r, size_t n, uint64_t number)
{
	for (size_t i = 0; i < n; i++) {
		const struct pattern *p = rules_pattern(r->m->rules, r->found[i].pattern);

		detector_hear(&r->detector, r->found[i].pattern);
		for (size_t k = 0; k < p->n_gives; k++)
			event_repeat(r->ev, (int)r->found[i].pattern, p->gives[k].kind, number);
	}
}

static void count_recognised(struct line_reader *r, uint64_t number)
{
	if (r->recognised_line != number)
		r->recognised++;
	r->recognised_line = number;
}

static void take_reading(struct line_reader *r, const struct memo_event *read, size_t n,
			 uint64_t number)
{
	if (!n)
		return;
	count_recognised(r, number);
	give_events(r, read, n, number);
}

void line_reader_read(struct line_reader *r, const char *line, size_t len, uint64_t number,
		      const struct hit *hits, size_t n_hits)
{
	enum memo_state state = MEMO_NEW;
	struct line_memo *memo;
	size_t n;

	if (len && line[len - 1] == '\r')
		len--;
	memo = hits ? line_memo_find(&r->memos, line, len, &state) : NULL;
	if (memo && state == MEMO_KEPT) {
		take_reading(r, memo->events, memo->n, number);
		return;
	}
	n = find_patterns(r, line, len, hits, n_hits);
	/* A line that is about to be remembered is read whole. */
	if (n && state != MEMO_SEEN && only_repeats(r, n)) {
		count_recognised(r, number);
		repeat(r, n, number);
		return;
	}
	read_all(r, n, line, len);
	if (memo && state == MEMO_SEEN)
		line_memo_keep(memo, r->read, r->n_given);
	take_reading(r, r->read, r->n_given, number);
	for (size_t i = 0; i < r->n_given; i++)
		event_record_drop(r->read[i].record);
}

bool line_reader_recall(struct line_reader *r, const char *line, size_t len, uint64_t number)
{
	const struct line_memo *memo;

	if (len && line[len - 1] == '\r')
		len--;
	memo = line_memo_kept(&r->memos, line, len);
	if (!memo)
		return false;
	take_reading(r, memo->events, memo->n, number);
	return true;
}
