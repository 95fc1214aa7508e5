/* The confirm stage of the matcher: see match.h. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "analyzer/log/match.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log/match_field.h"

/* Enough for any honest pattern on a line of 64 KiB, and some milliseconds at worst. */
#define STEPS_MAX 1000000
#define DEPTH_MAX 1000
#define HEAP_KIB  2048

struct match_regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

static void regex_free(struct match_regex *x)
{
	if (!x)
		return;
	pcre2_match_context_free(x->context);
	pcre2_match_data_free(x->data);
	pcre2_code_free(x->code);
	free(x);
}

/* The loader has compiled it once already, so it compiles; if not, it never matches. */
static struct match_regex *regex_new(const struct pattern *p)
{
	struct match_regex *x = calloc(1, sizeof(*x));
	PCRE2_SIZE at;
	int why;

	if (!x)
		abort();
	x->code = pcre2_compile((PCRE2_SPTR)p->regex, PCRE2_ZERO_TERMINATED,
				p->nocase ? PCRE2_CASELESS : 0, &why, &at, NULL);
	x->context = pcre2_match_context_create(NULL);
	if (!x->code || !x->context)
		return x;
	pcre2_jit_compile(x->code, PCRE2_JIT_COMPLETE);
	x->data = pcre2_match_data_create_from_pattern(x->code, NULL);
	pcre2_set_match_limit(x->context, STEPS_MAX);
	pcre2_set_depth_limit(x->context, DEPTH_MAX);
	pcre2_set_heap_limit(x->context, HEAP_KIB);
	return x;
}

static bool regex_find(struct match_regex *x, const char *line, size_t len,
		       struct match_groups *ret)
{
	const PCRE2_SIZE *at;
	int n;

	if (!x->data)
		return false;
	n = pcre2_match(x->code, (PCRE2_SPTR)line, len, 0, 0, x->data, x->context);
	if (n < 0)
		return false;
	at = pcre2_get_ovector_pointer(x->data);
	for (int i = 0; i < n && i < 10; i++) {
		if (at[2 * i] == PCRE2_UNSET || at[2 * i] > at[2 * i + 1])
			continue;
		ret->at[i].has = true;
		ret->at[i].from = at[2 * i];
		ret->at[i].to = at[2 * i + 1];
	}
	return true;
}

/* The first of the pattern's literals in the line. */
static bool literal_at(const struct pattern *p, const char *line, size_t len,
		       struct match_groups *ret)
{
	const char *first = NULL;
	size_t size = 0;

	for (size_t i = 0; i < p->n_texts; i++) {
		size_t n = strlen(p->texts[i]);
		const char *found = literal_find(line, len, p->texts[i], n, p->nocase);

		if (found && (!first || found < first)) {
			first = found;
			size = n;
		}
	}
	if (!first)
		return false;
	ret->at[0].has = true;
	ret->at[0].from = (size_t)(first - line);
	ret->at[0].to = ret->at[0].from + size;
	return true;
}

bool match_line(struct matcher *m, size_t pattern, const char *line, size_t len,
		struct match_groups *ret)
{
	const struct pattern *p = rules_pattern(m->rules, pattern);

	memset(ret, 0, sizeof(*ret));
	if (!literal_at(p, line, len, ret))
		return false;
	if (p->not_text && literal_find(line, len, p->not_text, strlen(p->not_text), p->nocase))
		return false;
	if (!p->regex)
		return true;
	if (!m->regex[pattern])
		m->regex[pattern] = regex_new(p);
	return regex_find(m->regex[pattern], line, len, ret);
}

/* The next number of a version, and the text behind it; -1 at the end. */
static long version_part(const char **at)
{
	char *end;
	long part;

	while (**at && (**at < '0' || **at > '9'))
		(*at)++;
	if (!**at)
		return -1;
	part = strtol(*at, &end, 10);
	*at = end;
	return part;
}

/* Like strcmp, by numbers, as far as `bound` goes: "0.12.3" equals the bound "0.12". */
static int version_compare(const char *version, const char *bound)
{
	for (;;) {
		long b = version_part(&bound), v = version_part(&version);

		if (b < 0)
			return 0;
		if (v != b)
			return v < b ? -1 : 1;
	}
}

bool match_version(const struct pattern *p, const char *version)
{
	if (!version || !*version)
		return true;
	return (!p->since || version_compare(version, p->since) >= 0) &&
	       (!p->until || version_compare(version, p->until) <= 0);
}

static void fill_field(const struct pattern_field *f, const struct event_field *kind,
		       const char *line, const struct match_groups *groups, struct event_value *ret,
		       char *room)
{
	size_t from, len;

	if (!f->group) {
		*ret = (struct event_value){ .has = true, .num = f->num, .text = f->text };
		return;
	}
	if (!groups->at[f->group].has)
		return;
	from = groups->at[f->group].from;
	len = groups->at[f->group].to - from;
	if (kind->type == EVENT_TEXT) {
		room[field_text(line + from, len, room, MATCH_TEXT_MAX)] = '\0';
		ret->text = room;
		ret->has = true;
	} else {
		ret->has = field_number(line + from, len, f->unit, kind->type, &ret->num);
	}
}

void match_give(const struct pattern_give *g, const char *line, const struct match_groups *groups,
		struct match_event *ret)
{
	const struct event_field *fields = event_kind_rows[g->kind].fields;

	ret->e = (struct event){ .kind = g->kind, .times = 1 };
	memset(ret->from_line, 0, sizeof(ret->from_line));
	for (size_t i = 0; i < EVENT_FIELDS_MAX && fields[i].name; i++) {
		if (g->f[i].set)
			fill_field(&g->f[i], &fields[i], line, groups, &ret->e.v[i], ret->text[i]);
		ret->from_line[i] = ret->e.v[i].text == ret->text[i];
	}
}

/* ---- the compiled patterns ---- */

int matcher_new(const struct rules *r, enum matcher_engine engine, struct matcher **ret,
		struct err *e)
{
	struct matcher *m = calloc(1, sizeof(*m));
	size_t n = rules_patterns(r);

	if (!m)
		return err_set(e, ERR_NO_MEMORY, "no memory for the patterns");
	m->rules = r;
	m->regex = calloc(n + 1, sizeof(*m->regex));
	m->off = calloc(n + 1, sizeof(*m->off));
	if (!m->regex || !m->off) {
		matcher_free(m);
		return err_set(e, ERR_NO_MEMORY, "no memory for the patterns");
	}
	literals_init(&m->literals, r);
	if (engine != MATCHER_PLAIN)
		m->prefilter = prefilter_new(&m->literals);
	*ret = m;
	return 0;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	prefilter_free(m->prefilter);
	for (size_t i = 0; m->regex && i < rules_patterns(m->rules); i++)
		regex_free(m->regex[i]);
	literals_done(&m->literals);
	free(m->regex);
	free(m->off);
	free(m);
}

void matcher_switch_off(struct matcher *m, const bool *off)
{
	size_t n = rules_patterns(m->rules);

	if (off)
		memcpy(m->off, off, n * sizeof(*off));
	else
		memset(m->off, 0, n * sizeof(*m->off));
}
