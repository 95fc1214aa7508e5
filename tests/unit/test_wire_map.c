/* The picture of the connector: its facts hold together, marks are seen without colour, SVG is
 * closed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <locale.h>

#include "analyzer/base/html.h"
#include "analyzer/wire/wire_map.h"

static const struct term plain = { .columns = 80 };

static bool has_wire(const struct connector *c, enum wire w)
{
	for (size_t i = 0; i < c->n_pins; i++)
		if (c->pins[i].wire == w)
			return true;
	return false;
}

static void every_connector_is_whole(void **state)
{
	(void)state;
	assert_int_equal(n_connectors, 7);
	for (size_t i = 0; i < n_connectors; i++) {
		const struct connector *c = &connectors[i];

		assert_ptr_equal(connector_find(c->id), c);
		assert_int_equal(c->n_pins % c->columns, 0);
		for (size_t p = 0; p < c->n_pins; p++)
			assert_int_equal(c->pins[p].number, p + 1);
		assert_true(has_wire(c, WIRE_GND) && has_wire(c, WIRE_SWDIO));
		assert_true(has_wire(c, WIRE_SWCLK) && has_wire(c, WIRE_NRST));
		assert_true(*c->source && *c->met_at && *c->pitch);
	}
	assert_null(connector_find("rs-232"));
}

static void ground_is_measured_first(void **state)
{
	(void)state;
	assert_int_equal(WIRE_GND, 0);
	assert_int_equal(wire_find("swclk"), WIRE_SWCLK);
	assert_int_equal(wire_find("tdi"), WIRE_NONE);
}

static void a_v2_may_have_three_connectors(void **state)
{
	const struct connector *found[3];

	(void)state;
	assert_int_equal(connectors_of_probe(0x3748, found), 3);
	assert_string_equal(found[0]->id, "arm-20");
	assert_string_equal(found[2]->id, "dongle-b");
	assert_int_equal(connectors_of_probe(0x374e, found), 2);
	assert_string_equal(found[0]->id, "stdc-14");
}

static void the_picture_marks_wires_without_colour(void **state)
{
	struct wire_map m = { .connector = connector_find("cortex-10") };
	struct buf out;

	(void)state;
	m.state[WIRE_SWDIO] = (struct wire_state){ WIRE_SUSPECT, "nothing answered" };
	m.state[WIRE_VTREF] = (struct wire_state){ WIRE_GOOD, "3.24 V" };
	m.state[WIRE_GND].mark = WIRE_BAD;
	buf_init(&out);
	wire_map_text(&m, &plain, &out);
	assert_string_equal(
		out.at, "10-pin Cortex debug, seen from above (1.27 mm; boards with the small Arm\n"
			"  connector)\n"
			"            +--------+\n"
			"   + VTref  |  1   2 |  SWDIO ?\n"
			"     X GND  |  3   4 |  SWCLK\n"
			"     X GND  |  5   6 |  SWO\n"
			"       key  |  7   8 |  TDI\n"
			"  X GNDDet  |  9  10 |  NRST\n"
			"            +--------+\n"
			"  X GND    pin 3, 5, 9  bad\n"
			"  + VTref  pin 1     good: 3.24 V\n"
			"  ? SWDIO  pin 2     suspect: nothing answered\n");
	buf_done(&out);
}

static void every_connector_can_be_drawn(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_connectors; i++) {
		struct wire_map m = { .connector = &connectors[i] };
		struct term utf8 = { .columns = 80, .utf8 = true };
		struct buf out;

		buf_init(&out);
		m.state[WIRE_SWCLK].mark = WIRE_SUSPECT;
		wire_map_text(&m, &utf8, &out);
		assert_non_null(strstr(out.at, "SWCLK"));
		assert_non_null(strstr(out.at, "\xe2\x94\x8c"));
		buf_clear(&out);
		wire_map_svg(&m, &out);
		assert_non_null(strstr(out.at, "class=\"wire-suspect\""));
		assert_non_null(strstr(out.at, "</svg>\n"));
		assert_null(strstr(out.at, "<script"));
		buf_done(&out);
	}
}

static void hostile_text_stays_text(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out);
	html_add(&out, "<b onload='x'>&\"\x1b[31m\xe2\x80\xae\xff\xc3\xa4\n");
	assert_string_equal(out.at, "&lt;b onload=&#39;x&#39;&gt;&amp;&quot;\\x1b[31m\\u202e"
				    "\xef\xbf\xbd\xc3\xa4\n");
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_connector_is_whole),
		cmocka_unit_test(ground_is_measured_first),
		cmocka_unit_test(a_v2_may_have_three_connectors),
		cmocka_unit_test(the_picture_marks_wires_without_colour),
		cmocka_unit_test(every_connector_can_be_drawn),
		cmocka_unit_test(hostile_text_stays_text),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
