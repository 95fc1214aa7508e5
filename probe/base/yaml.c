/* YAML in, a flat tree out: see yaml.h. The only file that knows libyaml. */
#include "probe/base/yaml.h"

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "probe/base/buf.h"

struct build {
	yaml_parser_t parser;
	struct buf nodes;
	struct buf pool;
	uint32_t open[YAML_DEPTH_MAX]; /* maps and lists that are not closed yet */
	bool key_next[YAML_DEPTH_MAX]; /* of an open map: what comes next is a key */
	unsigned depth;
	struct yaml_mistakes *mistakes;
	bool stop; /* going on makes no sense */
};

static void complain(struct build *b, enum yaml_fault fault, uint32_t line, uint32_t column,
		     uint32_t width, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

static void complain(struct build *b, enum yaml_fault fault, uint32_t line, uint32_t column,
		     uint32_t width, const char *fmt, ...)
{
	struct yaml_mistakes *m = b->mistakes;
	struct yaml_mistake *at;
	va_list ap;

	if (m->n == YAML_MISTAKES_MAX)
		return;
	at = &m->at[m->n++];
	at->fault = fault;
	at->line = line;
	at->column = column;
	at->width = width ? width : 1;
	va_start(ap, fmt);
	vsnprintf(at->text, sizeof(at->text), fmt, ap);
	va_end(ap);
}

static uint32_t mark_line(yaml_mark_t m)
{
	return (uint32_t)m.line + 1;
}

static uint32_t mark_column(yaml_mark_t m)
{
	return (uint32_t)m.column + 1;
}

static uint32_t mark_width(yaml_mark_t from, yaml_mark_t to)
{
	return to.line == from.line && to.column > from.column ? (uint32_t)(to.column - from.column)
							       : 1;
}

static void complain_at(struct build *b, enum yaml_fault fault, const yaml_event_t *ev,
			const char *text)
{
	complain(b, fault, mark_line(ev->start_mark), mark_column(ev->start_mark),
		 mark_width(ev->start_mark, ev->end_mark), "%s", text);
}

static struct yaml_node *node_at(struct build *b, uint32_t i)
{
	return &((struct yaml_node *)(void *)b->nodes.at)[i];
}

static uint32_t n_nodes(const struct build *b)
{
	return (uint32_t)(b->nodes.len / sizeof(struct yaml_node));
}

static uint16_t clip16(uint32_t n)
{
	return n > UINT16_MAX ? UINT16_MAX : (uint16_t)n;
}

/* A node begins; *ret_key tells whether it stands where a key must. */
static uint32_t add_node(struct build *b, const yaml_event_t *ev, enum yaml_kind kind,
			 bool *ret_key)
{
	struct yaml_node n = {
		.end = n_nodes(b) + 1,
		.line = mark_line(ev->start_mark),
		.column = clip16(mark_column(ev->start_mark)),
		.width = clip16(mark_width(ev->start_mark, ev->end_mark)),
		.kind = (uint8_t)kind,
	};

	*ret_key = false;
	if (b->depth && node_at(b, b->open[b->depth - 1])->kind == YAML_MAP) {
		*ret_key = b->key_next[b->depth - 1];
		b->key_next[b->depth - 1] = !*ret_key;
	}
	buf_add(&b->nodes, &n, sizeof(n));
	return n.end - 1;
}

static void check_properties(struct build *b, const yaml_event_t *ev, const yaml_char_t *anchor,
			     const yaml_char_t *tag)
{
	if (anchor)
		complain_at(b, YAML_FORBIDDEN, ev, "anchors (&name) are not allowed");
	if (tag)
		complain_at(b, YAML_FORBIDDEN, ev, "tags (!name) are not allowed");
}

static void open_node(struct build *b, const yaml_event_t *ev, enum yaml_kind kind)
{
	bool key;
	uint32_t node;

	if (b->depth == YAML_DEPTH_MAX) {
		complain_at(b, YAML_TOO_MUCH, ev, "nested too deeply (at most 16 levels)");
		b->stop = true;
		return;
	}
	node = add_node(b, ev, kind, &key);
	if (key) {
		complain_at(b, YAML_BROKEN, ev, "a key must be a word");
		b->stop = true;
	}
	b->open[b->depth] = node;
	b->key_next[b->depth] = true;
	b->depth++;
}

static void close_node(struct build *b)
{
	b->depth--;
	node_at(b, b->open[b->depth])->end = n_nodes(b);
}

static enum yaml_style style_of(yaml_scalar_style_t style)
{
	if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
		return YAML_BLOCK;
	return style == YAML_PLAIN_SCALAR_STYLE ? YAML_PLAIN : YAML_QUOTED;
}

static void add_scalar(struct build *b, const yaml_event_t *ev)
{
	size_t len = ev->data.scalar.length;
	struct yaml_node *n;
	bool key;

	check_properties(b, ev, ev->data.scalar.anchor, ev->data.scalar.tag);
	n = node_at(b, add_node(b, ev, YAML_SCALAR, &key));
	n->style = (uint8_t)style_of(ev->data.scalar.style);
	if (memchr(ev->data.scalar.value, 0, len)) {
		complain_at(b, YAML_BROKEN, ev, "a NUL character has no place in a text");
		len = 0;
	}
	n->text = (uint32_t)b->pool.len;
	n->len = (uint32_t)len;
	buf_add(&b->pool, ev->data.scalar.value, len);
	buf_add_char(&b->pool, 0);
}

static void take_event(struct build *b, const yaml_event_t *ev, bool *ret_end)
{
	bool key;

	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (n_nodes(b)) {
			complain_at(b, YAML_BROKEN, ev, "a second document begins here");
			b->stop = true;
		}
		break;
	case YAML_ALIAS_EVENT:
		complain_at(b, YAML_FORBIDDEN, ev, "aliases (*name) are not allowed");
		add_node(b, ev, YAML_SCALAR, &key); /* keeps keys and values in step */
		break;
	case YAML_SCALAR_EVENT:
		add_scalar(b, ev);
		break;
	case YAML_SEQUENCE_START_EVENT:
		check_properties(b, ev, ev->data.sequence_start.anchor,
				 ev->data.sequence_start.tag);
		open_node(b, ev, YAML_SEQ);
		break;
	case YAML_MAPPING_START_EVENT:
		check_properties(b, ev, ev->data.mapping_start.anchor, ev->data.mapping_start.tag);
		open_node(b, ev, YAML_MAP);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_node(b);
		break;
	case YAML_STREAM_END_EVENT:
		*ret_end = true;
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
}

static void complain_syntax(struct build *b)
{
	const yaml_parser_t *p = &b->parser;

	complain(b, YAML_BROKEN, mark_line(p->problem_mark), mark_column(p->problem_mark), 1,
		 "%s%s%s", p->context ? p->context : "", p->context ? ": " : "",
		 p->problem ? p->problem : "cannot be read");
	b->stop = true;
}

static void read_events(struct build *b, const char *text, size_t len)
{
	bool end = false;
	yaml_event_t ev;

	if (!yaml_parser_initialize(&b->parser))
		abort();
	yaml_parser_set_input_string(&b->parser, (const unsigned char *)text, len);
	while (!end && !b->stop) {
		if (!yaml_parser_parse(&b->parser, &ev)) {
			complain_syntax(b);
			break;
		}
		take_event(b, &ev, &end);
		yaml_event_delete(&ev);
	}
	yaml_parser_delete(&b->parser);
}

/* ---- keys that stand twice ---- */

static int compare_keys(const void *x, const void *y, void *tree)
{
	const struct yaml *t = tree;
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	int c = strcmp(yaml_text(t, a), yaml_text(t, b));

	return c ? c : (a > b) - (a < b);
}

static void check_map(struct build *b, struct yaml *t, uint32_t map, uint32_t *keys)
{
	size_t n = 0;

	for (uint32_t key = map + 1; key < t->nodes[map].end; key = t->nodes[key + 1].end)
		keys[n++] = key;
	qsort_r(keys, n, sizeof(keys[0]), compare_keys, t);
	for (size_t i = 1; i < n; i++) {
		const struct yaml_node *first = &t->nodes[keys[i - 1]], *k = &t->nodes[keys[i]];

		if (!strcmp(yaml_text(t, keys[i - 1]), yaml_text(t, keys[i])))
			complain(b, YAML_DUPLICATE, k->line, k->column, k->width,
				 "the key '%.60s' stands twice, first at %u:%u",
				 yaml_text(t, keys[i]), first->line, first->column);
	}
}

static void check_duplicates(struct build *b, struct yaml *t)
{
	uint32_t *keys = calloc(t->n_nodes + 1, sizeof(*keys));

	if (!keys)
		abort();
	for (uint32_t i = 0; i < t->n_nodes; i++)
		if (t->nodes[i].kind == YAML_MAP)
			check_map(b, t, i, keys);
	free(keys);
}

/* ---- */

static bool check_bytes(struct build *b, const char *text, size_t len)
{
	const char *nul = memchr(text, 0, len);
	uint32_t line = 1;

	if (len > YAML_BYTES_MAX) {
		complain(b, YAML_TOO_MUCH, 1, 1, 1, "the file is larger than 1 MiB");
	} else if (nul) {
		for (const char *p = text; p < nul; p++)
			line += *p == '\n';
		complain(b, YAML_BROKEN, line, 1, 1, "a NUL byte has no place in a text file");
	}
	return !b->mistakes->n;
}

static int compare_places(const void *x, const void *y)
{
	const struct yaml_mistake *a = x, *b = y;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

int yaml_parse(const char *text, size_t len, struct arena *a, struct yaml *ret,
	       struct yaml_mistakes *mistakes)
{
	struct build b = { .mistakes = mistakes };
	struct yaml t = { 0 };
	int rc = 0;

	mistakes->n = 0;
	if (check_bytes(&b, text, len))
		read_events(&b, text, len);
	if (!mistakes->n && !n_nodes(&b))
		complain(&b, YAML_BROKEN, 1, 1, 1, "the file is empty");
	t.n_nodes = n_nodes(&b);
	t.pool_len = (uint32_t)b.pool.len;
	if (!b.stop && t.n_nodes) {
		t.nodes = (const void *)arena_str_n(a, b.nodes.at, b.nodes.len);
		t.pool = arena_str_n(a, buf_str(&b.pool), b.pool.len);
		check_duplicates(&b, &t);
	}
	buf_done(&b.nodes);
	buf_done(&b.pool);
	for (size_t i = 0; i < mistakes->n; i++)
		if (mistakes->at[i].fault == YAML_TOO_MUCH)
			rc = ERR_LIMIT;
	if (mistakes->n) {
		qsort(mistakes->at, mistakes->n, sizeof(mistakes->at[0]), compare_places);
		return rc ? rc : ERR_FORMAT;
	}
	*ret = t;
	return 0;
}
