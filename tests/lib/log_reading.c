/* A log read for tests: see log_reading.h. */
#include "tests/lib/log_reading.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATTERNS "tests/rules/patterns.yaml"

static size_t next_size(enum log_feed feed, uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	switch (feed) {
	case FEED_BYTES:
		return 1;
	case FEED_SMALL:
		return (*seed >> 33) % 100;
	case FEED_LARGE:
		return (*seed >> 33) % 300000;
	case FEED_WHOLE:
	case FEED_MANNERS:
		break;
	}
	return SIZE_MAX;
}

static int feed_all(struct source *s, const char *bytes, size_t len, enum log_feed feed,
		    struct err *e)
{
	uint64_t seed = len + 1;
	int rc = 0;

	for (size_t at = 0, n; at < len && !rc; at += n) {
		n = next_size(feed, &seed);
		n = n < len - at ? n : len - at;
		rc = source_feed(s, bytes + at, n, e);
	}
	return rc ? rc : source_end(s, e);
}

static char *copy(const char **text)
{
	char *own = *text ? strdup(*text) : NULL;

	*text = own;
	return own;
}

struct log_reading log_read(struct matcher *m, const void *bytes, size_t len, enum log_feed feed)
{
	struct log_reading r = { .events = events_new() };
	struct source *s = source_new(m, r.events);

	r.rc = feed_all(s, bytes, len, feed, &r.err);
	source_stats(s, &r.stats);
	r.tool = copy(&r.stats.tool);
	r.version = copy(&r.stats.tool_version);
	source_free(s);
	return r;
}

struct log_reading log_read_text(struct matcher *m, const char *text)
{
	return log_read(m, text, strlen(text), FEED_WHOLE);
}

void log_reading_done(struct log_reading *r)
{
	events_free(r->events);
	free(r->tool);
	free(r->version);
}

/* ---- as text ---- */

static void add_fields(struct buf *out, const struct event *e)
{
	const struct event_kind_row *kind = &event_kind_rows[e->kind];

	for (int i = 0; i < EVENT_FIELDS_MAX && kind->fields[i].name; i++) {
		const struct event_value *v = &e->v[i];

		if (!v->has)
			continue;
		buf_addf(out, " %s=", kind->fields[i].name);
		if (kind->fields[i].type == EVENT_TEXT)
			buf_add_str(out, v->text);
		else if (kind->fields[i].type == EVENT_HEX)
			buf_addf(out, "0x%" PRIx64, (uint64_t)v->num);
		else
			buf_addf(out, "%" PRId64, v->num);
	}
}

const char *log_reading_event(const struct log_reading *r, size_t i, char room[700])
{
	struct buf out = { 0 };
	const struct event *e;

	if (i >= events_len(r->events))
		return "no such event";
	e = events_at(r->events, i);
	buf_addf(&out, "%" PRIu64 " %s", e->line, event_kind_rows[e->kind].name);
	add_fields(&out, e);
	if (e->times > 1)
		buf_addf(&out, " x%u", e->times);
	snprintf(room, 700, "%s", buf_str(&out));
	buf_done(&out);
	return room;
}

char *log_reading_text(const struct log_reading *r)
{
	const struct source_stats *st = &r->stats;
	struct buf out = { 0 };

	for (size_t i = 0; i < events_len(r->events); i++) {
		const struct event *e = events_at(r->events, i);

		buf_addf(&out, "%" PRIu64 "-%" PRIu64 " attempt %u times %u pattern %d %s", e->line,
			 e->last_line, e->attempt, e->times, e->pattern,
			 event_kind_rows[e->kind].name);
		add_fields(&out, e);
		buf_addf(&out, " | %s\n", e->text);
	}
	buf_addf(&out,
		 "rc %d, %" PRIu64 " bytes, %" PRIu64 " lines, %" PRIu64 " recognised, %" PRIu64
		 " not, %u attempts, tool %s %s %.9f\n",
		 r->rc, st->bytes, st->lines, st->recognised_lines, st->unrecognised_lines,
		 events_attempts(r->events), st->tool ? st->tool : "-",
		 st->tool_version ? st->tool_version : "-", st->tool_confidence);
	return buf_detach(&out);
}

/* ---- files ---- */

char *log_file(const char *path, size_t *ret_len)
{
	FILE *f = fopen(path, "rb");
	struct buf b = { 0 };
	char part[8192];
	size_t n;

	if (!f) {
		fprintf(stderr, "cannot read %s; the tests run in the top folder\n", path);
		exit(1);
	}
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	fclose(f);
	*ret_len = b.len;
	return buf_detach(&b);
}

struct rules *log_patterns(void)
{
	static const char *const path = PATTERNS;
	struct rules *r = NULL;
	struct buf report = { 0 };

	if (rules_load_files(&path, 1, false, &r, &report, NULL)) {
		fputs(buf_str(&report), stderr);
		exit(1);
	}
	buf_done(&report);
	return r;
}
