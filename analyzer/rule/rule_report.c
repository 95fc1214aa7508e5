/* Mistakes in rule files, told to their author: see rule_report.h. */
#include "analyzer/rule/rule_report.h"

#include <stdarg.h>
#include <string.h>

#define SHOWN_COLUMNS 160 /* of a quoted line */
#define SHOWN_BEFORE  100 /* of them in front of the mistake, in a longer line */

struct place {
	const char *path;
	const char *source;
	size_t source_len;
	uint32_t line, column, width;
};

static const struct {
	const char *code;
	const char *kind;
	bool is_error;
} codes[RULE_CODES] = {
#define RULE_CODE(id, code, kind, text) [RULE_##id] = { code, #kind, sizeof(#kind) == 6 },
#include "analyzer/rule/rule_codes.def"
#undef RULE_CODE
};

/* Start and length of a line of the text; NULL if it has none so far down. */
static const char *find_line(const struct place *p, size_t *ret_len)
{
	const char *at = p->source, *end = p->source + p->source_len, *nl;

	for (uint32_t n = 1; at && n < p->line; n++) {
		nl = memchr(at, '\n', (size_t)(end - at));
		at = nl ? nl + 1 : NULL;
	}
	if (!at)
		return NULL;
	nl = memchr(at, '\n', (size_t)(end - at));
	*ret_len = (size_t)((nl ? nl : end) - at);
	if (*ret_len && at[*ret_len - 1] == '\r')
		--*ret_len;
	return at;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Byte offset of a column that is counted in characters. */
static size_t offset_of(const char *line, size_t len, uint32_t column)
{
	size_t at = 0;

	while (at < len && column > 1) {
		at++;
		while (at < len && is_continuation(line[at]))
			at++;
		column--;
	}
	return at;
}

/* Files come from strangers: control characters must not reach the terminal. */
static void make_clean(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = ' ';
}

static void add_clean(struct buf *out, const char *text, size_t len)
{
	size_t from = out->len;

	buf_add(out, text, len);
	make_clean(out->at + from);
}

static void add_quote(struct buf *out, const struct place *p)
{
	size_t len = 0, at, start = 0, shown, width;
	const char *line = p->source ? find_line(p, &len) : NULL;

	if (!line)
		return;
	at = offset_of(line, len, p->column);
	if (at > SHOWN_BEFORE)
		start = at - SHOWN_BEFORE;
	while (start && is_continuation(line[start]))
		start--;
	shown = len - start > SHOWN_COLUMNS ? SHOWN_COLUMNS : len - start;
	while (shown && start + shown < len && is_continuation(line[start + shown]))
		shown--;
	buf_addf(out, "%5u | ", p->line);
	add_clean(out, line + start, shown);
	buf_add_str(out, "\n      | ");
	for (size_t i = start; i < at; i++)
		if (!is_continuation(line[i]))
			buf_add_char(out, ' ');
	width = p->width;
	if (at - start + width > shown)
		width = shown > at - start ? shown - (at - start) : 1;
	for (size_t i = 0; i < width; i++)
		buf_add_char(out, '^');
	buf_add_char(out, '\n');
}

static void complain(struct rule_report *rep, const struct place *p, enum rule_code code,
		     const char *near, const char *fmt, va_list ap)
	__attribute__((format(printf, 5, 0)));

static void complain(struct rule_report *rep, const struct place *p, enum rule_code code,
		     const char *near, const char *fmt, va_list ap)
{
	struct buf *out = codes[code].is_error ? &rep->errors_text : &rep->warnings_text;
	size_t *n = codes[code].is_error ? &rep->errors : &rep->warnings;
	size_t text;

	if (++*n > RULE_REPORT_MAX)
		return;
	buf_addf(out, "%s:%u:%u: %s[%s]: ", p->path, p->line, p->column, codes[code].kind,
		 codes[code].code);
	text = out->len;
	buf_vaddf(out, fmt, ap);
	make_clean(out->at + text);
	if (near)
		buf_addf(out, ", did you mean '%s'?", near);
	buf_add_char(out, '\n');
	add_quote(out, p);
}

static struct place place_of(const struct rule_file *f, uint32_t node)
{
	const struct yaml_node *n = &f->tree.nodes[node];

	return (struct place){ f->path, f->source, f->source_len, n->line, n->column, n->width };
}

void rule_complain(struct rule_report *rep, const struct rule_file *f, uint32_t node,
		   enum rule_code code, const char *fmt, ...)
{
	struct place p = place_of(f, node);
	va_list ap;

	va_start(ap, fmt);
	complain(rep, &p, code, NULL, fmt, ap);
	va_end(ap);
}

void rule_complain_near(struct rule_report *rep, const struct rule_file *f, uint32_t node,
			enum rule_code code, const char *near, const char *fmt, ...)
{
	struct place p = place_of(f, node);
	va_list ap;

	va_start(ap, fmt);
	complain(rep, &p, code, near, fmt, ap);
	va_end(ap);
}

static void complain_text(struct rule_report *rep, const struct place *p, enum rule_code code,
			  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static void complain_text(struct rule_report *rep, const struct place *p, enum rule_code code,
			  const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(rep, p, code, NULL, fmt, ap);
	va_end(ap);
}

void rule_complain_yaml(struct rule_report *rep, const struct rule_file *f,
			const struct yaml_mistake *m)
{
	static const enum rule_code of_fault[] = {
		[YAML_BROKEN] = RULE_NOT_YAML,
		[YAML_FORBIDDEN] = RULE_FORBIDDEN_YAML,
		[YAML_DUPLICATE] = RULE_DUPLICATE,
		[YAML_TOO_MUCH] = RULE_TOO_MUCH,
	};
	const struct place p = { f->path, f->source, f->source_len, m->line, m->column, m->width };

	complain_text(rep, &p, of_fault[m->fault], "%s", m->text);
}

void rule_report_print(const struct rule_report *rep, bool warnings, struct buf *out)
{
	size_t more = rep->errors > RULE_REPORT_MAX ? rep->errors - RULE_REPORT_MAX : 0;

	buf_add_str(out, buf_str(&rep->errors_text));
	if (more)
		buf_addf(out, "and %zu more errors\n", more);
	more = rep->warnings > RULE_REPORT_MAX ? rep->warnings - RULE_REPORT_MAX : 0;
	if (warnings)
		buf_add_str(out, buf_str(&rep->warnings_text));
	if (warnings && more)
		buf_addf(out, "and %zu more warnings\n", more);
}

void rule_report_done(struct rule_report *rep)
{
	buf_done(&rep->errors_text);
	buf_done(&rep->warnings_text);
}
