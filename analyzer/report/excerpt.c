/* The lines around the first failure: see excerpt.h. */
#include "analyzer/report/excerpt.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/arena.h"

#define PERIOD_MAX   4
#define LEAST_SPARED 2 /* the line that tells of it is one, too */

struct excerpt {
	struct arena *arena;
	uint64_t failure;
	uint64_t *quoted;
	size_t n_quoted;
	uint64_t offered, milestones;
	uint64_t failed_at; /* index of the failing line; 0: not yet seen */
	struct excerpt_line ring[EXCERPT_CONTEXT];
	size_t in_ring;
	struct buf kept; /* struct excerpt_line */
};

struct excerpt *excerpt_new(uint64_t failure, const uint64_t *quoted, size_t n_quoted)
{
	struct excerpt *x = calloc(1, sizeof(*x));

	if (!x)
		abort();
	x->arena = arena_new();
	x->failure = failure;
	x->n_quoted = n_quoted;
	x->quoted = arena_alloc(x->arena, (n_quoted + 1) * sizeof(x->quoted[0]));
	if (n_quoted)
		memcpy(x->quoted, quoted, n_quoted * sizeof(x->quoted[0]));
	buf_init(&x->kept);
	return x;
}

void excerpt_free(struct excerpt *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < x->in_ring; i++)
		free((char *)x->ring[i].text);
	buf_done(&x->kept);
	arena_free(x->arena);
	free(x);
}

static bool is_quoted(const struct excerpt *x, uint64_t number, uint64_t last)
{
	for (size_t i = 0; i < x->n_quoted; i++)
		if (x->quoted[i] >= number && x->quoted[i] <= last)
			return true;
	return false;
}

static bool matters(const struct excerpt_line *l)
{
	return l->quoted || l->milestone;
}

static void keep(struct excerpt *x, const struct excerpt_line *line)
{
	struct excerpt_line kept = *line;

	kept.text = arena_str(x->arena, line->text);
	buf_add(&x->kept, &kept, sizeof(kept));
}

/* Keeps what waits, or what leaves the ring if it matters. */
static void flush(struct excerpt *x)
{
	for (size_t i = 0; i < x->in_ring; i++) {
		keep(x, &x->ring[i]);
		free((char *)x->ring[i].text);
	}
	x->in_ring = 0;
}

static void push(struct excerpt *x, const struct excerpt_line *line)
{
	if (x->in_ring == EXCERPT_CONTEXT) {
		if (matters(&x->ring[0]))
			keep(x, &x->ring[0]);
		free((char *)x->ring[0].text);
		memmove(x->ring, x->ring + 1, (EXCERPT_CONTEXT - 1) * sizeof(x->ring[0]));
		x->in_ring--;
	}
	x->ring[x->in_ring] = *line;
	x->ring[x->in_ring].text = strdup(line->text);
	if (!x->ring[x->in_ring++].text)
		abort();
}

void excerpt_offer(struct excerpt *x, const struct excerpt_line *offered, size_t len)
{
	char cut[EXCERPT_WIDTH + 4];
	const char *text = offered->text;
	struct excerpt_line line = *offered;
	size_t n = len < EXCERPT_WIDTH ? len : EXCERPT_WIDTH;

	line.index = ++x->offered;
	line.text = cut;
	line.quoted = is_quoted(x, line.number, line.last);
	line.milestone = offered->milestone && x->milestones++ < EXCERPT_MILESTONES;
	if (line.same_from > n)
		line.same_from = n;
	while (n < len && n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--; /* not inside a character */
	for (size_t i = 0; i < n; i++)
		cut[i] = text[i] ? text[i] : ' ';
	memcpy(cut + n, n < len ? "..." : "", n < len ? 4 : 1);
	if (!x->failed_at && x->failure && line.last >= x->failure) {
		x->failed_at = line.index;
		flush(x);
	}
	if (x->failed_at ? line.index - x->failed_at <= EXCERPT_CONTEXT || matters(&line)
			 : line.index <= EXCERPT_HEAD)
		keep(x, &line);
	else if (!x->failed_at)
		push(x, &line);
}

size_t excerpt_lines(struct excerpt *x, const struct excerpt_line **ret)
{
	flush(x);
	*ret = (const struct excerpt_line *)x->kept.at;
	return x->kept.len / sizeof(**ret);
}

static bool is_shown(const struct excerpt *x, const struct excerpt_line *l, size_t context)
{
	uint64_t centre = x->failed_at ? x->failed_at : x->offered;
	uint64_t far = l->index > centre ? l->index - centre : centre - l->index;

	return l->quoted || (context && l->milestone) || far <= context ||
	       (l->index <= EXCERPT_HEAD && l->index <= context);
}

static void add_gap(struct buf *out, uint64_t lines)
{
	if (lines)
		buf_addf(out, "       | ... %" PRIu64 " more\n", lines);
}

/* A line that says again, and right behind it, what the one `period` lines before it said. */
static bool repeats(const struct excerpt_line *before, const struct excerpt_line *l, size_t period)
{
	return !matters(l) && !before->milestone && l->index == before->index + period &&
	       !strcmp(l->text + l->same_from, before->text + before->same_from);
}

/* How many whole groups of `period` lines follow the first one and say the same. */
static size_t groups_behind(const struct excerpt_line *lines, size_t n, size_t period)
{
	size_t same = 0;

	while (period + same < n && repeats(&lines[same], &lines[period + same], period))
		same++;
	return same / period;
}

/* The period that spares most lines; 0: none spares LEAST_SPARED. */
static size_t find_period(const struct excerpt_line *lines, size_t n, size_t *ret_groups)
{
	size_t best = 0, spared = LEAST_SPARED - 1;

	for (size_t period = 1; period <= PERIOD_MAX; period++) {
		size_t groups = groups_behind(lines, n, period);

		if (groups * period > spared) {
			best = period;
			spared = groups * period;
			*ret_groups = groups;
		}
	}
	return best;
}

static void add_line(struct buf *out, const struct excerpt_line *l)
{
	buf_addf(out, "%c%5" PRIu64 " | %s\n", l->quoted ? '>' : ' ', l->number, l->text);
}

void excerpt_add(struct excerpt *x, size_t context, struct buf *out)
{
	const struct excerpt_line *kept;
	struct excerpt_line *lines;
	size_t n_kept = excerpt_lines(x, &kept), n = 0, groups = 0;
	uint64_t shown = 0;

	lines = arena_alloc(x->arena, (n_kept + 1) * sizeof(lines[0]));
	for (size_t i = 0; i < n_kept; i++)
		if (is_shown(x, &kept[i], context))
			lines[n++] = kept[i];
	for (size_t i = 0; i < n;) {
		size_t period = find_period(lines + i, n - i, &groups);
		size_t end = i + (period ? period : 1);

		add_gap(out, lines[i].index - shown - 1);
		for (; i < end; i++)
			add_line(out, &lines[i]);
		if (period) {
			i += groups * period;
			buf_addf(out, "       | ... x %zu, until %" PRIu64 "\n", groups + 1,
				 lines[i - 1].number);
		}
		shown = lines[i - 1].index;
	}
	add_gap(out, x->offered - shown);
}
