/*
 * A stream of bytes becomes events: see source.h. Text is taken in blocks of whole lines; the
 * prefilter says where literals stand, and only the lines around them are looked at.
 */
#include "analyzer/log/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/base/source_text.h"
#include "analyzer/log/line_reader.h"
#include "analyzer/log/source_json.h"

#define BLOCK_BYTES    ((size_t)256 * 1024)
#define LINE_MAX_BYTES ((size_t)64 * 1024) /* longer lines are read in pieces of this size */

struct source {
	struct matcher *m;
	struct text_decoder decoder;
	struct line_reader reader;
	struct buf text; /* decoded, not yet looked at; begins with a line or a piece of one */
	struct buf unwrapped;
	bool wrapped, wrapped_known; /* JSON lines? decided by the first character */

	struct hit *hits;
	size_t n_hits, hits_room;

	bool repetitive;  /* most lines of the last block are likely to come again */
	uint64_t line;	  /* of the first byte of the text, from 1 */
	bool inside_line; /* a piece of that line was taken already */
	uint64_t bytes, blank;
};

/* ---- a block of lines ---- */

/* Kept in the order of their ends, in which they come but for overlaps. */
static void take_hit(void *user, uint32_t literal, size_t end)
{
	struct source *s = user;
	size_t i;

	if (s->n_hits == s->hits_room) {
		s->hits_room *= 2;
		s->hits = reallocarray(s->hits, s->hits_room, sizeof(*s->hits));
		if (!s->hits)
			abort();
	}
	for (i = s->n_hits++; i && s->hits[i - 1].end > end; i--)
		s->hits[i] = s->hits[i - 1];
	s->hits[i] = (struct hit){ end, literal };
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
		line_reader_read(&s->reader, text + from, to - from, number, &s->hits[i], n);
	}
}

static void look_at_all(struct source *s, const char *text, size_t len)
{
	uint64_t number = s->line;

	for (size_t from = 0; from < len; number++) {
		const char *nl = memchr(text + from, '\n', len - from);
		size_t end = nl ? (size_t)(nl - text) : len;

		line_reader_read(&s->reader, text + from, end - from, number, NULL, 0);
		from = end + 1;
	}
}

/*
 * A log that says the same all the time: most lines are remembered, and only the others are
 * searched for literals. Both ways see the same lines; which one is taken is a matter of speed
 * alone.
 */
static void look_at_known(struct source *s, const char *text, size_t len)
{
	uint64_t number = s->line, recalled = 0;

	for (size_t from = 0; from < len; number++) {
		const char *nl = memchr(text + from, '\n', len - from);
		size_t end = nl ? (size_t)(nl - text) : len;

		if (line_reader_recall(&s->reader, text + from, end - from, number)) {
			recalled++;
		} else {
			s->n_hits = 0;
			prefilter_scan(s->m->prefilter, text + from, end - from, take_hit, s);
			line_reader_read(&s->reader, text + from, end - from, number, s->hits,
					 s->n_hits);
		}
		from = end + 1;
	}
	s->repetitive = recalled > (number - s->line) / 2;
}

static void look_at_found(struct source *s, const char *text, size_t len, uint64_t lines)
{
	uint64_t before = s->reader.recognised;

	s->n_hits = 0;
	prefilter_scan(s->m->prefilter, text, len, take_hit, s);
	look_at_hits(s, text, len);
	s->repetitive = s->reader.recognised - before > lines / 2;
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
	if (s->m->prefilter && s->repetitive) {
		look_at_known(s, text, len);
	} else if (s->m->prefilter) {
		look_at_found(s, text, len, lines);
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

	if (!s)
		abort();
	s->m = m;
	s->line = 1;
	s->hits_room = 1024;
	s->hits = calloc(s->hits_room, sizeof(*s->hits));
	if (!s->hits)
		abort();
	text_decoder_init(&s->decoder);
	line_reader_init(&s->reader, m, ev);
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
	fcntl(fd, F_SETPIPE_SZ, BLOCK_BYTES); /* a pipe of 64 KiB has its two ends wait in turns */
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
	const struct tool_told *t = detector_best(&s->reader.detector, &ret->tool_confidence);

	ret->bytes = s->bytes;
	ret->lines = s->line - 1;
	ret->recognised_lines = s->reader.recognised;
	ret->unrecognised_lines = ret->lines - s->reader.recognised - s->blank;
	ret->tool = !t ? NULL : *t->name ? t->name : t->id;
	ret->tool_version = t && *t->version ? t->version : NULL;
}

void source_free(struct source *s)
{
	if (!s)
		return;
	text_decoder_done(&s->decoder);
	line_reader_done(&s->reader);
	buf_done(&s->text);
	buf_done(&s->unwrapped);
	free(s->hits);
	free(s);
}
