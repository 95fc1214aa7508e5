/*
 * A stream of bytes becomes events: see source.h. Text is taken in blocks of whole lines; the
 * prefilter says where literals stand, and only the lines around them are looked at.
 */
#include "analyzer/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/line_memo.h"
#include "analyzer/match.h"
#include "analyzer/match_field.h"
#include "analyzer/source_detect.h"
#include "analyzer/source_json.h"
#include "analyzer/source_text.h"

#define BLOCK_BYTES    ((size_t)256 * 1024)
#define LINE_MAX_BYTES ((size_t)64 * 1024) /* longer lines are read in pieces of this size */
#define LEAD_BYTES     60 /* what is quoted before a match far inside a long line */
#define BANNER_LINES   3  /* a banner this close behind a command line belongs to it */

struct hit {
	size_t end;
	uint32_t literal;
};

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

struct source {
	struct matcher *m;
	struct events *ev;
	struct text_decoder decoder;
	struct detector detector;
	struct buf text; /* decoded, not yet looked at; begins with a line or a piece of one */
	struct buf unwrapped;
	bool wrapped, wrapped_known; /* JSON lines? decided by the first character */

	struct hit *hits;
	size_t n_hits, hits_room;
	bool hits_sorted;
	struct found *found;
	struct given *given;	 /* scratch of one line */
	struct memo_event *memo; /* the same, as it is handed on */
	size_t n_given, given_room;
	struct line_memos memos;
	uint64_t *asked; /* for each pattern: the piece that asked for it last */
	uint64_t piece;	 /* counts them, from 1 */

	uint64_t line;	  /* of the first byte of the text, from 1 */
	bool inside_line; /* a piece of that line was taken already */
	uint64_t bytes, blank, recognised, recognised_line;
	uint64_t command_line; /* where the last command line stood; 0: none did */
	bool begun;	       /* the first attempt has its banner or command line */
};

/* ---- one line ---- */

static void begin_attempt(struct source *s, const struct event *e)
{
	bool belongs = e->kind == EVENT_TOOL_BANNER && s->command_line &&
		       e->line - s->command_line <= BANNER_LINES;

	if (s->begun && !belongs)
		events_next_attempt(s->ev);
	s->begun = true;
	s->command_line = e->kind == EVENT_TOOL_COMMAND ? e->line : 0;
}

/* What a line stands for becomes events; `given` is in order of the matches. */
static void give_events(struct source *s, const struct memo_event *given, size_t n, uint64_t number)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t pattern = given[i].pattern;
		struct event e = given[i].e;

		if (!match_version(rules_pattern(s->m->rules, pattern),
				   detector_version(&s->detector, pattern)))
			continue;
		if (i == 0 || given[i - 1].pattern != pattern)
			detector_hear(&s->detector, pattern);
		if (given[i].silent)
			continue;
		e.line = e.last_line = number;
		if (e.kind == EVENT_TOOL_BANNER)
			detector_name(&s->detector, pattern, &e);
		if (e.kind == EVENT_TOOL_BANNER || e.kind == EVENT_TOOL_COMMAND)
			begin_attempt(s, &e);
		event_add(s->ev, &e);
	}
}

static struct given *next_given(struct source *s)
{
	if (s->n_given == s->given_room) {
		s->given_room = s->given_room ? 2 * s->given_room : 16;
		s->given = reallocarray(s->given, s->given_room, sizeof(*s->given));
		s->memo = reallocarray(s->memo, s->given_room, sizeof(*s->memo));
		if (!s->given || !s->memo)
			abort();
	}
	return &s->given[s->n_given++];
}

static void read_found(struct source *s, const struct found *f, const char *line, size_t len)
{
	const struct pattern *p = rules_pattern(s->m->rules, f->pattern);
	size_t from = f->groups.at[0].to > EVENT_TEXT_MAX ? f->groups.at[0].from : 0;
	struct given *g;

	from = from > LEAD_BYTES ? from - LEAD_BYTES : 0;
	for (size_t i = 0; i < p->n_gives || (i == 0 && !p->n_gives); i++) {
		g = next_given(s);
		g->pattern = f->pattern;
		g->silent = !p->n_gives;
		memset(&g->me, 0, offsetof(struct match_event, text));
		if (p->n_gives)
			match_give(&p->gives[i], line, &f->groups, &g->me);
		g->me.e.pattern = (int)f->pattern;
		g->quote[field_text(line + from, len - from, g->quote, EVENT_TEXT_MAX)] = '\0';
	}
}

/* The scratch of this line as memo events; it may have moved while it grew, so pointers come last.
 */
static void point_at_given(struct source *s)
{
	for (size_t i = 0; i < s->n_given; i++) {
		struct given *g = &s->given[i];

		for (size_t k = 0; k < EVENT_FIELDS_MAX; k++)
			if (g->me.from_line[k])
				g->me.e.v[k].text = g->me.text[k];
		g->me.e.text = g->quote;
		s->memo[i] = (struct memo_event){ g->pattern, g->silent, g->me.e };
	}
}

static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->groups.at[0].from != y->groups.at[0].from)
		return x->groups.at[0].from < y->groups.at[0].from ? -1 : 1;
	return x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

/* Does the pattern ask for this piece for the first time, and match it? */
static void try_pattern(struct source *s, uint32_t pattern, const char *line, size_t len, size_t *n)
{
	if (s->m->off[pattern] || s->asked[pattern] == s->piece)
		return;
	s->asked[pattern] = s->piece;
	if (match_line(s->m, pattern, line, len, &s->found[*n].groups))
		s->found[(*n)++].pattern = pattern;
}

/* Which patterns match, and what they give, into s->memo: those of the hits (no list: all). */
static void find_patterns(struct source *s, const char *line, size_t len, const struct hit *hits,
			  size_t n_hits)
{
	size_t n = 0;

	s->piece++;
	s->n_given = 0;
	for (size_t i = 0; i < n_hits; i++) {
		const struct literal *l = &s->m->literals.at[hits[i].literal];

		for (uint32_t k = 0; k < l->n_patterns; k++)
			try_pattern(s, l->patterns[k], line, len, &n);
	}
	for (size_t i = 0; !hits && i < rules_patterns(s->m->rules); i++)
		try_pattern(s, (uint32_t)i, line, len, &n);
	qsort(s->found, n, sizeof(*s->found), by_place);
	for (size_t i = 0; i < n; i++)
		read_found(s, &s->found[i], line, len);
	point_at_given(s);
}

static void take_reading(struct source *s, const struct memo_event *given, size_t n,
			 uint64_t number)
{
	if (!n)
		return;
	if (s->recognised_line != number)
		s->recognised++;
	s->recognised_line = number;
	give_events(s, given, n, number);
}

/* A line or a piece of one, without its newline, and the hits in it (no list: try all patterns). */
static void look_at(struct source *s, const char *line, size_t len, uint64_t number,
		    const struct hit *hits, size_t n_hits)
{
	enum memo_state state = MEMO_NEW;
	struct line_memo *memo;

	if (len && line[len - 1] == '\r')
		len--;
	memo = s->m->prefilter ? line_memo_find(&s->memos, line, len, &state) : NULL;
	if (memo && state == MEMO_KEPT) {
		take_reading(s, memo->events, memo->n, number);
		return;
	}
	find_patterns(s, line, len, hits, n_hits);
	if (memo && state == MEMO_SEEN)
		line_memo_keep(memo, s->memo, s->n_given);
	take_reading(s, s->memo, s->n_given, number);
}

/* ---- a block of lines ---- */

static void take_hit(void *user, uint32_t literal, size_t end)
{
	struct source *s = user;

	if (s->n_hits == s->hits_room) {
		s->hits_room = s->hits_room ? 2 * s->hits_room : 1024;
		s->hits = reallocarray(s->hits, s->hits_room, sizeof(*s->hits));
		if (!s->hits)
			abort();
	}
	if (s->n_hits && s->hits[s->n_hits - 1].end > end)
		s->hits_sorted = false;
	s->hits[s->n_hits++] = (struct hit){ end, literal };
}

static int by_end(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	return x->end < y->end ? -1 : x->end > y->end;
}

static void look_at_hits(struct source *s, const char *text, size_t len)
{
	uint64_t number = s->line;
	size_t counted = 0;

	for (size_t i = 0, n; i < s->n_hits; i += n) {
		size_t at = s->hits[i].end - 1, from, to;
		const char *nl = memrchr(text, '\n', at);
		const char *end = memchr(text + at, '\n', len - at);

		from = nl ? (size_t)(nl - text) + 1 : 0;
		number += text_count_lines(text + counted, from - counted, NULL);
		counted = from;
		to = end ? (size_t)(end - text) : len;
		for (n = 1; i + n < s->n_hits && s->hits[i + n].end <= to; n++)
			;
		look_at(s, text + from, to - from, number, &s->hits[i], n);
	}
}

static void look_at_all(struct source *s, const char *text, size_t len)
{
	uint64_t number = s->line;

	for (size_t from = 0; from < len; number++) {
		const char *nl = memchr(text + from, '\n', len - from);
		size_t end = nl ? (size_t)(nl - text) : len;

		look_at(s, text + from, end - from, number, NULL, 0);
		from = end + 1;
	}
}

/* What is left of a line whose pieces were taken may be empty; the line is not blank then. */
static bool only_ends_line(const char *text, size_t len)
{
	return text[0] == '\n' || (len > 1 && text[0] == '\r' && text[1] == '\n');
}

static void take_block(struct source *s, char *text, size_t len)
{
	uint64_t lines;

	len = len ? text_clean(text, len) : 0;
	if (!len)
		return;
	lines = text_count_lines(text, len, &s->blank);
	if (s->inside_line && only_ends_line(text, len))
		s->blank--;
	if (s->m->prefilter) {
		s->n_hits = 0;
		s->hits_sorted = true;
		s->m->prefilter->ops->scan(s->m->prefilter, text, len, take_hit, s);
		if (!s->hits_sorted)
			qsort(s->hits, s->n_hits, sizeof(*s->hits), by_end);
		look_at_hits(s, text, len);
	} else {
		look_at_all(s, text, len);
	}
	s->line += lines;
}

/* ---- JSON lines ---- */

static void unwrap_block(struct source *s, const char *text, size_t len)
{
	buf_clear(&s->unwrapped);
	for (size_t from = 0; from < len;) {
		const char *nl = memchr(text + from, '\n', len - from);
		size_t end = nl ? (size_t)(nl - text) : len;

		if (!json_unwrap(text + from, end - from, &s->unwrapped))
			buf_add(&s->unwrapped, text + from, end - from);
		if (nl)
			buf_add_char(&s->unwrapped, '\n');
		from = end + 1;
	}
	take_block(s, s->unwrapped.at, s->unwrapped.len);
}

static bool is_wrapped(struct source *s, const char *text, size_t len)
{
	for (size_t i = 0; i < len && !s->wrapped_known; i++) {
		if (strchr(" \t\r\n", text[i]))
			continue;
		s->wrapped = text[i] == '{';
		s->wrapped_known = true;
	}
	return s->wrapped;
}

/* ---- the stream ---- */

static void take_text(struct source *s, char *text, size_t len)
{
	if (!len)
		return;
	if (is_wrapped(s, text, len))
		unwrap_block(s, text, len);
	else
		take_block(s, text, len);
}

/* How much of the text is whole lines of ordinary length. */
static size_t whole_lines(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len) {
		size_t look = len - n < LINE_MAX_BYTES ? len - n : LINE_MAX_BYTES;
		const char *nl = memrchr(text + n, '\n', look);

		if (!nl)
			break;
		n = (size_t)(nl - text) + 1;
	}
	return n;
}

/*
 * Take all whole lines, and of a very long line the pieces that are complete. Where a line is cut
 * depends on its bytes alone, never on how they came.
 */
static void take_lines(struct source *s)
{
	size_t taken = 0, n;

	if (!s->text.len)
		return;
	for (;;) {
		n = whole_lines(s->text.at + taken, s->text.len - taken);
		take_text(s, s->text.at + taken, n);
		taken += n;
		s->inside_line = s->inside_line && !n;
		if (s->text.len - taken < LINE_MAX_BYTES)
			break;
		take_text(s, s->text.at + taken, LINE_MAX_BYTES);
		taken += LINE_MAX_BYTES;
		s->inside_line = true;
	}
	memmove(s->text.at, s->text.at + taken, s->text.len - taken);
	s->text.len -= taken;
}

struct source *source_new(struct matcher *m, struct events *ev)
{
	struct source *s = calloc(1, sizeof(*s));
	size_t n = rules_patterns(m->rules);

	if (!s)
		abort();
	s->m = m;
	s->ev = ev;
	s->line = 1;
	s->found = calloc(n + 1, sizeof(*s->found));
	s->asked = calloc(n + 1, sizeof(*s->asked));
	if (!s->found || !s->asked)
		abort();
	text_decoder_init(&s->decoder);
	detector_init(&s->detector, m->rules);
	line_memos_init(&s->memos);
	buf_init(&s->text);
	buf_init(&s->unwrapped);
	return s;
}

int source_feed(struct source *s, const void *bytes, size_t len, struct err *e)
{
	const uint8_t *at = bytes;
	int rc;

	while (len) {
		size_t n = len < BLOCK_BYTES ? len : BLOCK_BYTES;

		rc = text_decode(&s->decoder, at, n, &s->text, e);
		if (rc)
			return rc;
		s->bytes += n;
		at += n;
		len -= n;
		if (s->text.len >= BLOCK_BYTES)
			take_lines(s);
	}
	return 0;
}

int source_end(struct source *s, struct err *e)
{
	int rc = text_decode_end(&s->decoder, &s->text, e);

	if (rc)
		return rc;
	take_lines(s);
	take_text(s, s->text.at, s->text.len);
	if (s->text.len || s->inside_line)
		s->line++;
	buf_clear(&s->text);
	return 0;
}

int source_read_fd(struct source *s, int fd, struct err *e)
{
	char *room = malloc(BLOCK_BYTES);
	ssize_t n = 0;
	int rc = 0;

	if (!room)
		return err_set(e, ERR_NO_MEMORY, "no memory to read with");
	while (!rc) {
		n = read(fd, room, BLOCK_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		rc = source_feed(s, room, (size_t)n, e);
	}
	if (!rc && n < 0)
		rc = err_set_native(e, ERR_IO, errno, "cannot read: %s", strerror(errno));
	free(room);
	return rc;
}

void source_stats(const struct source *s, struct source_stats *ret)
{
	const struct tool_told *t = detector_best(&s->detector, &ret->tool_confidence);

	ret->bytes = s->bytes;
	ret->lines = s->line - 1;
	ret->recognised_lines = s->recognised;
	ret->unrecognised_lines = ret->lines - s->recognised - s->blank;
	ret->tool = !t ? NULL : *t->name ? t->name : t->id;
	ret->tool_version = t && *t->version ? t->version : NULL;
}

void source_free(struct source *s)
{
	if (!s)
		return;
	text_decoder_done(&s->decoder);
	detector_done(&s->detector);
	buf_done(&s->text);
	buf_done(&s->unwrapped);
	line_memos_done(&s->memos);
	free(s->hits);
	free(s->given);
	free(s->memo);
	free(s->found);
	free(s->asked);
	free(s);
}
