/* The vocabulary of events, and the store: order, equal neighbours, bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/event/event.h"

static void add_voltage(struct events *ev, int pattern, uint64_t line, int64_t mv)
{
	char text[40];
	struct event e = { .kind = EVENT_TARGET_VOLTAGE, .pattern = pattern, .line = line };

	snprintf(text, sizeof(text), "voltage %d", (int)mv);
	e.v[0] = (struct event_value){ .has = true, .num = mv };
	e.text = text;
	event_add(ev, &e);
}

static void add_plain(struct events *ev, enum event_kind kind, int pattern, uint64_t line)
{
	const struct event e = { .kind = kind, .pattern = pattern, .line = line, .text = "x" };

	event_add(ev, &e);
}

/* ---- the vocabulary ---- */

static void every_kind_is_found_by_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < EVENT_KINDS; i++) {
		assert_int_equal(event_kind_find(event_kind_rows[i].name), i);
		assert_true(*event_kind_rows[i].says);
	}
	assert_int_equal(event_kind_find("no.such-kind"), -1);
}

static void every_field_is_found_by_its_name_and_typed(void **state)
{
	(void)state;
	for (int i = 0; i < EVENT_KINDS; i++)
		for (int f = 0; f < EVENT_FIELDS_MAX; f++) {
			const struct event_field *field = &event_kind_rows[i].fields[f];

			if (!field->name)
				continue;
			assert_int_equal(event_field_find((enum event_kind)i, field->name), f);
			assert_int_not_equal(field->type, EVENT_ABSENT);
			assert_non_null(field->unit);
		}
	assert_int_equal(event_field_find(EVENT_TARGET_VOLTAGE, "volts"), -1);
}

/* ---- the store ---- */

static void events_come_back_in_the_order_of_lines(void **state)
{
	struct events *ev = events_new();

	(void)state;
	add_voltage(ev, 3, 1, 3300);
	add_plain(ev, EVENT_DP_SILENT, 7, 2);
	add_plain(ev, EVENT_USB_GONE, -1, 2);
	add_voltage(ev, 3, 9, 3200);
	assert_int_equal(events_len(ev), 4);
	assert_int_equal(events_at(ev, 0)->line, 1);
	assert_int_equal(events_at(ev, 1)->kind, EVENT_DP_SILENT);
	assert_int_equal(events_at(ev, 2)->kind, EVENT_USB_GONE);
	assert_int_equal(events_at(ev, 3)->line, 9);
	assert_null(events_at(ev, 4));
	events_free(ev);
}

static void equal_events_of_a_pattern_are_one_with_a_count(void **state)
{
	struct events *ev = events_new();
	const struct event *e;

	(void)state;
	add_voltage(ev, 3, 5, 3300);
	add_plain(ev, EVENT_DP_SILENT, 7, 6);
	add_voltage(ev, 3, 7, 3300);
	add_voltage(ev, 3, 8, 3300);
	assert_int_equal(events_len(ev), 2);
	e = events_at(ev, 0);
	assert_int_equal(e->times, 3);
	assert_int_equal(e->line, 5);
	assert_int_equal(e->last_line, 8);
	assert_int_equal(events_count(ev, EVENT_TARGET_VOLTAGE), 3);
	events_free(ev);
}

static void events_that_differ_in_a_field_stay_apart(void **state)
{
	struct events *ev = events_new();
	struct event e = { .kind = EVENT_USB_ERROR, .pattern = 1, .line = 1, .text = "one" };

	(void)state;
	e.v[0] = (struct event_value){ .has = true, .text = "timeout" };
	event_add(ev, &e);
	e.v[1] = (struct event_value){ .has = true, .text = "GET_VERSION" };
	event_add(ev, &e); /* a field more */
	e.v[0].text = "timeou";
	event_add(ev, &e); /* another text */
	e.text = "the line does not count";
	event_add(ev, &e);
	assert_int_equal(events_len(ev), 3);
	assert_int_equal(events_at(ev, 2)->times, 2);
	assert_string_equal(events_at(ev, 2)->text, "one");
	events_free(ev);
}

static void the_store_owns_its_text(void **state)
{
	struct events *ev = events_new();
	char line[] = "Error: x", why[] = "access";
	struct event e = { .kind = EVENT_USB_OPEN_FAILED, .pattern = 1, .line = 1, .text = line };

	(void)state;
	e.v[0] = (struct event_value){ .has = true, .text = why };
	event_add(ev, &e);
	memset(line, '#', sizeof(line) - 1);
	memset(why, '#', sizeof(why) - 1);
	assert_string_equal(events_at(ev, 0)->text, "Error: x");
	assert_string_equal(events_at(ev, 0)->v[0].text, "access");
	events_free(ev);
}

static void long_lines_are_cut_between_characters(void **state)
{
	struct events *ev = events_new();
	char line[2 * EVENT_TEXT_MAX];
	const struct event e = { .kind = EVENT_DP_SILENT, .pattern = 1, .line = 1, .text = line };

	(void)state;
	memset(line, 'a', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	memcpy(line + EVENT_TEXT_MAX - 1, "\xc3\xa4", 2); /* crosses the bound */
	event_add(ev, &e);
	assert_int_equal(strlen(events_at(ev, 0)->text), EVENT_TEXT_MAX - 1);
	event_add(ev, &e);
	assert_int_equal(events_len(ev), 1);
	events_free(ev);
}

static void of_many_the_first_and_the_last_are_kept_and_all_are_counted(void **state)
{
	struct events *ev = events_new();

	(void)state;
	for (int i = 1; i <= 10000; i++)
		add_voltage(ev, 3, (uint64_t)i, i);
	assert_int_equal(events_len(ev), 2 * EVENTS_KEPT);
	for (int i = 0; i < EVENTS_KEPT; i++) {
		assert_int_equal(events_at(ev, (size_t)i)->v[0].num, i + 1);
		assert_int_equal(events_at(ev, (size_t)(EVENTS_KEPT + i))->v[0].num,
				 10000 - EVENTS_KEPT + 1 + i);
	}
	assert_string_equal(events_at(ev, 2 * EVENTS_KEPT - 1)->text, "voltage 10000");
	assert_int_equal(events_count(ev, EVENT_TARGET_VOLTAGE), 10000);
	events_free(ev);
}

static void reading_between_additions_changes_nothing(void **state)
{
	struct events *a = events_new(), *b = events_new();

	(void)state;
	for (int i = 1; i <= 3000; i++) {
		add_voltage(a, i % 5, (uint64_t)i, i);
		add_voltage(b, i % 5, (uint64_t)i, i);
		if (i % 7 == 0)
			events_len(b);
	}
	assert_int_equal(events_len(a), events_len(b));
	for (size_t i = 0; i < events_len(a); i++) {
		assert_int_equal(events_at(a, i)->line, events_at(b, i)->line);
		if (i)
			assert_true(events_at(a, i)->line >= events_at(a, i - 1)->line);
	}
	events_free(a);
	events_free(b);
}

static void patterns_do_not_push_out_each_other_s_events(void **state)
{
	struct events *ev = events_new();

	(void)state;
	add_plain(ev, EVENT_DP_SILENT, 900, 1);
	for (int i = 2; i <= 5000; i++)
		add_voltage(ev, 3, (uint64_t)i, i);
	assert_int_equal(events_at(ev, 0)->kind, EVENT_DP_SILENT);
	events_free(ev);
}

static void an_attempt_begins_only_when_something_happened_before(void **state)
{
	struct events *ev = events_new();

	(void)state;
	events_next_attempt(ev);
	add_voltage(ev, 3, 1, 3300);
	events_next_attempt(ev);
	events_next_attempt(ev);
	add_voltage(ev, 3, 2, 3300);
	assert_int_equal(events_attempts(ev), 2);
	assert_int_equal(events_len(ev), 2); /* equal, but of another attempt */
	assert_int_equal(events_at(ev, 0)->attempt, 1);
	assert_int_equal(events_at(ev, 1)->attempt, 2);
	events_free(ev);
}

static void freeing_nothing_is_fine(void **state)
{
	(void)state;
	events_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_found_by_its_name),
		cmocka_unit_test(every_field_is_found_by_its_name_and_typed),
		cmocka_unit_test(events_come_back_in_the_order_of_lines),
		cmocka_unit_test(equal_events_of_a_pattern_are_one_with_a_count),
		cmocka_unit_test(events_that_differ_in_a_field_stay_apart),
		cmocka_unit_test(the_store_owns_its_text),
		cmocka_unit_test(long_lines_are_cut_between_characters),
		cmocka_unit_test(of_many_the_first_and_the_last_are_kept_and_all_are_counted),
		cmocka_unit_test(reading_between_additions_changes_nothing),
		cmocka_unit_test(patterns_do_not_push_out_each_other_s_events),
		cmocka_unit_test(an_attempt_begins_only_when_something_happened_before),
		cmocka_unit_test(freeing_nothing_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
