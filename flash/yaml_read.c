/* Typed values, maps and lists out of YAML: see yaml_read.h. */
#include "flash/yaml_read.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"

int yaml_fail(struct yaml_reader *r, uint32_t node, const char *fmt, ...)
{
	char text[240];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(r->e, ERR_FORMAT, "%s:%u:%u: %s", r->name, r->y->nodes[node].line,
		       r->y->nodes[node].column, text);
}

int yaml_read_text(struct yaml_reader *r, uint32_t node, void *into)
{
	if (r->y->nodes[node].kind != YAML_SCALAR)
		return yaml_fail(r, node, "a word belongs here");
	*(const char **)into = arena_str(r->a, yaml_text(r->y, node));
	return 0;
}

int yaml_read_number(struct yaml_reader *r, uint32_t node, uint64_t most, uint32_t *ret)
{
	const char *text;
	unsigned long long n;
	char *end;

	if (r->y->nodes[node].kind != YAML_SCALAR)
		return yaml_fail(r, node, "a number belongs here");
	text = yaml_text(r->y, node);
	errno = 0;
	n = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || n > most)
		return yaml_fail(r, node, "'%s' is no number up to %llu", text,
				 (unsigned long long)most);
	*ret = (uint32_t)n;
	return 0;
}

int yaml_read_u32(struct yaml_reader *r, uint32_t node, void *into)
{
	return yaml_read_number(r, node, UINT32_MAX, into);
}

int yaml_read_u16(struct yaml_reader *r, uint32_t node, void *into)
{
	uint32_t n = 0;
	int rc = yaml_read_number(r, node, UINT16_MAX, &n);

	*(uint16_t *)into = (uint16_t)n;
	return rc;
}

int yaml_read_u8(struct yaml_reader *r, uint32_t node, void *into)
{
	uint32_t n = 0;
	int rc = yaml_read_number(r, node, UINT8_MAX, &n);

	*(uint8_t *)into = (uint8_t)n;
	return rc;
}

int yaml_read_kib(struct yaml_reader *r, uint32_t node, void *into)
{
	uint32_t n = 0;
	int rc = yaml_read_number(r, node, UINT32_MAX / 1024, &n);

	*(uint32_t *)into = n * 1024;
	return rc;
}

int yaml_read_real(struct yaml_reader *r, uint32_t node, void *into)
{
	const char *text = r->y->nodes[node].kind == YAML_SCALAR ? yaml_text(r->y, node) : "";
	char *end;
	double x = strtod(text, &end);

	if (end == text || *end || !(x >= 0 && x < 1e6))
		return yaml_fail(r, node, "a number belongs here");
	*(double *)into = x;
	return 0;
}

int yaml_read_bool(struct yaml_reader *r, uint32_t node, void *into)
{
	const char *text = r->y->nodes[node].kind == YAML_SCALAR ? yaml_text(r->y, node) : "";

	if (strcmp(text, "true") && strcmp(text, "false"))
		return yaml_fail(r, node, "true or false belongs here");
	*(bool *)into = *text == 't';
	return 0;
}

int yaml_read_choice(struct yaml_reader *r, uint32_t node, const char *(*name)(unsigned),
		     unsigned n, unsigned *ret)
{
	const char *text = r->y->nodes[node].kind == YAML_SCALAR ? yaml_text(r->y, node) : "";
	struct buf known = { 0 };
	int rc;

	for (unsigned i = 0; i < n; i++) {
		if (!strcmp(name(i), text)) {
			buf_done(&known);
			*ret = i;
			return 0;
		}
		buf_addf(&known, "%s%s", i ? ", " : "", name(i));
	}
	rc = yaml_fail(r, node, "'%s' is none of: %s", text, buf_str(&known));
	buf_done(&known);
	return rc;
}

static int read_value(struct yaml_reader *r, uint32_t key, const struct yaml_key *keys, size_t n,
		      void *into, bool *seen)
{
	const char *name = yaml_text(r->y, key);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(keys[i].name, name)) {
			seen[i] = true;
			return keys[i].read(r, key + 1, (char *)into + keys[i].offset);
		}
	return yaml_fail(r, key, "unknown key '%s'", name);
}

int yaml_read_map(struct yaml_reader *r, uint32_t node, const struct yaml_key *keys, size_t n,
		  void *into)
{
	const struct yaml_node *nodes = r->y->nodes;
	bool seen[YAML_KEYS_MAX] = { false };

	if (nodes[node].kind != YAML_MAP)
		return yaml_fail(r, node, "keys and values belong here");
	for (uint32_t key = node + 1; key < nodes[node].end; key = nodes[key + 1].end) {
		int rc = read_value(r, key, keys, n, into, seen);

		if (rc)
			return rc;
	}
	for (size_t i = 0; i < n; i++)
		if (keys[i].needed && !seen[i])
			return yaml_fail(r, node, "the key '%s' is missing", keys[i].name);
	return 0;
}

/* A sequence into an array; *count counts. */
int yaml_read_list(struct yaml_reader *r, uint32_t node, size_t most, size_t bytes, void *at,
		   size_t *count, int (*read)(struct yaml_reader *, uint32_t, void *))
{
	const struct yaml_node *nodes = r->y->nodes;

	if (nodes[node].kind != YAML_SEQ)
		return yaml_fail(r, node, "a list belongs here");
	for (uint32_t i = node + 1; i < nodes[node].end; i = nodes[i].end) {
		int rc;

		if (*count == most)
			return yaml_fail(r, i, "more than %zu of them", most);
		rc = read(r, i, (char *)at + *count * bytes);
		if (rc)
			return rc;
		++*count;
	}
	return 0;
}
