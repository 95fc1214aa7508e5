/* Events as marks of a trace: all of an event comes back, and what is no event is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/event/event_mark.h"

static struct event full_event(enum event_kind kind)
{
	const struct event_field *f = event_kind_rows[kind].fields;
	struct event e = {
		.kind = kind, .pattern = -1, .times = 1, .text = "what it [says] \"so\""
	};

	for (int i = 0; i < EVENT_FIELDS_MAX && f[i].name; i++) {
		e.v[i].has = true;
		if (f[i].type == EVENT_TEXT)
			e.v[i].text = "a \"quoted\\ ] word";
		else
			e.v[i].num = f[i].type == EVENT_HEX ? INT64_C(0xfedcba98) : -1234567 - i;
	}
	return e;
}

static void assert_same(const struct event *a, const struct event *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_string_equal(a->text, b->text);
	for (int i = 0; i < EVENT_FIELDS_MAX; i++) {
		assert_int_equal(a->v[i].has, b->v[i].has);
		assert_int_equal(a->v[i].num, b->v[i].num);
		if (a->v[i].text)
			assert_string_equal(a->v[i].text, b->v[i].text);
		else
			assert_null(b->v[i].text);
	}
}

static void every_kind_comes_back_with_all_its_fields(void **state)
{
	struct event_mark m;
	struct buf text;

	(void)state;
	buf_init(&text);
	for (int kind = 0; kind < EVENT_KINDS; kind++) {
		struct event e = full_event((enum event_kind)kind);

		buf_clear(&text);
		event_mark_write(&e, &text);
		assert_true(event_mark_read(text.at, text.len, &m));
		assert_same(&e, &m.e);
	}
	buf_done(&text);
}

static void what_is_not_known_stays_unknown(void **state)
{
	const struct event e = { .kind = EVENT_LINK_TRY, .v = { [1] = { true, 1800, NULL } } };
	struct event_mark m;
	struct buf text;

	(void)state;
	buf_init(&text);
	event_mark_write(&e, &text);
	assert_string_equal(buf_str(&text), "[link.try khz=1800] ");
	assert_true(event_mark_read(text.at, text.len, &m));
	assert_false(m.e.v[0].has);
	assert_int_equal(m.e.v[1].num, 1800);
	assert_false(m.e.v[3].has);
	buf_done(&text);
}

static void what_is_no_event_is_an_ordinary_mark(void **state)
{
	static const char *const marks[] = {
		"",
		"[",
		"connecting under reset",
		"[link.try",
		"[link.try khz=1800]",
		"[link.tried khz=1800] no such kind",
		"[link.try volts=3] no such field",
		"[link.try khz=fast] no number",
		"[link.try khz=] none",
		"[link.try how=normal] not quoted",
		"[link.try how=\"nor",
		"[link.try how=\"nor\\",
		"[link.try  khz=1] two spaces",
	};
	struct event_mark m;

	(void)state;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		assert_false(event_mark_read(marks[i], strlen(marks[i]), &m));
}

static void long_texts_are_cut_and_steer_nothing(void **state)
{
	char mark[2000] = "[link.try how=\"";
	struct event_mark m;

	(void)state;
	memset(mark + strlen(mark), 'x', 900);
	strcpy(mark + strlen(mark), "\x1b[31m\"] ");
	memset(mark + strlen(mark), 'y', 900);
	assert_true(event_mark_read(mark, strlen(mark), &m));
	assert_int_equal(strlen(m.e.v[0].text), EVENT_TEXT_MAX);
	assert_int_equal(strlen(m.e.text), EVENT_TEXT_MAX);
	strcpy(mark, "[link.try how=\"a\x1b[31mb\"] c\x1b[0md");
	assert_true(event_mark_read(mark, strlen(mark), &m));
	assert_string_equal(m.e.v[0].text, "ab");
	assert_string_equal(m.e.text, "cd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_comes_back_with_all_its_fields),
		cmocka_unit_test(what_is_not_known_stays_unknown),
		cmocka_unit_test(what_is_no_event_is_an_ordinary_mark),
		cmocka_unit_test(long_texts_are_cut_and_steer_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
