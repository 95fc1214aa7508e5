/* Reading maps with closed keys from a YAML tree. */
#include "probe/sim/scenario_read.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"

int reader_fail(struct reader *r, uint32_t node, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(r->e, ERR_FORMAT, "line %u: %s", r->y->nodes[node].line, text);
}

bool reader_is_map(const struct reader *r, uint32_t node)
{
	return r->y->nodes[node].kind == YAML_MAP;
}

int reader_text(struct reader *r, uint32_t node, const char **ret)
{
	if (r->y->nodes[node].kind != YAML_SCALAR)
		return reader_fail(r, node, "a single word or number belongs here");
	*ret = yaml_text(r->y, node);
	return 0;
}

/* ---- values ---- */

static int read_u32(struct reader *r, uint32_t node, const char *text, uint32_t *ret)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || n > UINT32_MAX)
		return reader_fail(r, node, "'%s' is no number", text);
	*ret = (uint32_t)n;
	return 0;
}

static int read_real(struct reader *r, uint32_t node, const char *text, double *ret)
{
	char *end;
	double x;

	errno = 0;
	x = strtod(text, &end);
	if (errno || end == text || *end || !(x >= 0 && x < 1e12))
		return reader_fail(r, node, "'%s' is no number that can stand here", text);
	*ret = x;
	return 0;
}

static int read_bool(struct reader *r, uint32_t node, const char *text, bool *ret)
{
	if (strcmp(text, "true") && strcmp(text, "false"))
		return reader_fail(r, node, "true or false belongs here, not '%s'", text);
	*ret = *text == 't';
	return 0;
}

static void add_words(struct buf *b, const char *const *words)
{
	const char *const *w;

	for (w = words; *w; w++)
		buf_addf(b, "%s%s", w == words ? "" : ", ", *w);
}

static int read_choice(struct reader *r, uint32_t node, const char *text, const char *const *words,
		       int *ret)
{
	struct buf known;
	int i, rc;

	for (i = 0; words[i]; i++)
		if (!strcmp(words[i], text)) {
			*ret = i;
			return 0;
		}
	buf_init(&known);
	add_words(&known, words);
	rc = reader_fail(r, node, "'%s' is none of: %s", text, buf_str(&known));
	buf_done(&known);
	return rc;
}

int reader_value(struct reader *r, uint32_t node, const struct field *f, void *into)
{
	void *at = (char *)into + f->offset;
	const char *text = NULL;
	double x;
	int rc;

	if (f->kind == FIELD_CUSTOM)
		return f->read(r, node, into);
	rc = reader_text(r, node, &text);
	if (rc)
		return rc;
	switch (f->kind) {
	case FIELD_U32:
		return read_u32(r, node, text, at);
	case FIELD_REAL:
		return read_real(r, node, text, at);
	case FIELD_VOLTS:
		rc = read_real(r, node, text, &x);
		if (!rc)
			*(unsigned *)at = (unsigned)(x * 1000 + 0.5);
		return rc;
	case FIELD_MS:
		rc = read_real(r, node, text, &x);
		if (!rc)
			*(uint64_t *)at = (uint64_t)(x * 1e6);
		return rc;
	case FIELD_BOOL:
		return read_bool(r, node, text, at);
	case FIELD_TEXT:
		*(const char **)at = arena_str(r->a, text);
		return 0;
	case FIELD_CHOICE:
		return read_choice(r, node, text, f->words, at);
	case FIELD_CUSTOM:
		break;
	}
	return 0;
}

/* ---- maps and lists ---- */

static int unknown_key(struct reader *r, uint32_t key, const struct field *fields)
{
	const struct field *f;
	struct buf known;
	int rc;

	buf_init(&known);
	for (f = fields; f->name; f++)
		buf_addf(&known, "%s%s", f == fields ? "" : ", ", f->name);
	rc = reader_fail(r, key, "unknown key '%s'; here may stand: %s", yaml_text(r->y, key),
			 buf_str(&known));
	buf_done(&known);
	return rc;
}

int reader_map(struct reader *r, uint32_t node, const struct field *fields, void *into)
{
	uint32_t key, value;
	int rc;

	if (!reader_is_map(r, node))
		return reader_fail(r, node, "a map belongs here");
	for (key = node + 1; key < r->y->nodes[node].end; key = r->y->nodes[value].end) {
		const struct field *f = fields;

		value = r->y->nodes[key].end;
		while (f->name && strcmp(f->name, yaml_text(r->y, key)) != 0)
			f++;
		if (!f->name)
			return unknown_key(r, key, fields);
		rc = reader_value(r, value, f, into);
		if (rc)
			return rc;
	}
	return 0;
}

int reader_list(struct reader *r, uint32_t node,
		int (*read)(struct reader *r, uint32_t node, void *into), void *into)
{
	uint32_t item;
	int rc;

	if (r->y->nodes[node].kind != YAML_SEQ)
		return reader_fail(r, node, "a list belongs here");
	for (item = node + 1; item < r->y->nodes[node].end; item = r->y->nodes[item].end) {
		rc = read(r, item, into);
		if (rc)
			return rc;
	}
	return 0;
}
