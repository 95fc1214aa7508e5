/* Places on the bus, as text and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "probe/usb_place.h"

static void a_place_survives_the_way_through_text(void **state)
{
	static const char *const places[] = { "1-1", "1-2.3", "12-255.1.2.3.4.5.6" };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		char text[USB_PLACE_TEXT_MAX];
		struct usb_place p, again;

		assert_true(usb_place_parse(places[i], &p));
		usb_place_text(&p, text);
		assert_string_equal(text, places[i]);
		assert_true(usb_place_parse(text, &again));
		assert_true(usb_place_equal(&p, &again));
	}
}

static void what_is_no_place_is_refused(void **state)
{
	static const char *const not [] = { "",	   "1",	     "1-",   "-1",    "0-1",
					    "1-0", "1-01",   "1-1.", "1-256", "1-1x",
					    "x",   "1-1..2", " 1-1", "1-1 ",  "1-1.2.3.4.5.6.7.8" };
	struct usb_place p = { .bus = 77 };

	(void)state;
	for (unsigned i = 0; i < sizeof(not ) / sizeof(not [0]); i++) {
		if (usb_place_parse(not [i], &p))
			fail_msg("'%s' was taken for a place", not [i]);
		assert_int_equal(p.bus, 77);
	}
}

static void hubs_are_counted_between_root_and_device(void **state)
{
	struct usb_place p;

	(void)state;
	assert_true(usb_place_parse("1-2.3.4", &p));
	assert_int_equal(usb_place_hubs(&p), 2);
	assert_true(usb_place_parse("1-2", &p));
	assert_int_equal(usb_place_hubs(&p), 0);
}

static void different_places_differ(void **state)
{
	struct usb_place a, b;

	(void)state;
	usb_place_parse("1-2.3", &a);
	usb_place_parse("1-2", &b);
	assert_false(usb_place_equal(&a, &b));
	usb_place_parse("2-2.3", &b);
	assert_false(usb_place_equal(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_place_survives_the_way_through_text),
		cmocka_unit_test(what_is_no_place_is_refused),
		cmocka_unit_test(hubs_are_counted_between_root_and_device),
		cmocka_unit_test(different_places_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
