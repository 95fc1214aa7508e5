/* Serial numbers in every form that firmware gives them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "probe/usb_serial.h"

static struct usb_serial of_utf8(const char *text)
{
	struct usb_serial s;

	usb_serial_from_utf8(text, strlen(text), &s);
	return s;
}

static void a_good_serial_is_told_in_upper_case(void **state)
{
	struct usb_serial s = of_utf8("57ff0102030405060708090a");

	(void)state;
	assert_int_equal(s.form, USB_SERIAL_HEX);
	assert_string_equal(s.text, "57FF0102030405060708090A");
	assert_string_equal(s.probe_rs, "");
}

/* The bytes 57 FF 01 02 03 89 85 57 04 05 06 87 as an old V2 gives them. */
static void a_binary_serial_is_told_in_digits(void **state)
{
	static const uint16_t units[12] = { 0x57, 0xff, 0x01, 0x02, 0x03, 0x89,
					    0x85, 0x57, 0x04, 0x05, 0x06, 0x87 };
	struct usb_serial s;

	(void)state;
	usb_serial_from_units(units, 12, &s);
	assert_int_equal(s.form, USB_SERIAL_BINARY);
	assert_string_equal(s.text, "57FF01020389855704050687");
	assert_string_equal(s.probe_rs, "57C3BF010203C289C28557040506C287");
}

static void the_kernel_s_utf8_form_gives_the_same_digits(void **state)
{
	struct usb_serial s =
		of_utf8("\x57\xc3\xbf\x01\x02\x03\xc2\x89\xc2\x85\x57\x04\x05\x06\xc2\x87");

	(void)state;
	assert_int_equal(s.form, USB_SERIAL_BINARY);
	assert_string_equal(s.text, "57FF01020389855704050687");
}

static void twelve_printable_bytes_are_bytes_all_the_same(void **state)
{
	struct usb_serial s = of_utf8("ABCDEFGHIJKL");

	(void)state;
	assert_int_equal(s.form, USB_SERIAL_BINARY);
	assert_string_equal(s.text, "4142434445464748494A4B4C");
}

static void a_serial_of_high_bytes_has_no_spelling_of_its_own_in_probe_rs(void **state)
{
	uint16_t units[12];
	struct usb_serial s;

	(void)state;
	for (unsigned i = 0; i < 12; i++)
		units[i] = 0xf0;
	usb_serial_from_units(units, 12, &s);
	assert_string_equal(s.text, "F0F0F0F0F0F0F0F0F0F0F0F0");
	assert_string_equal(s.probe_rs, "");
}

static void no_serial_is_absent(void **state)
{
	(void)state;
	assert_int_equal(of_utf8("").form, USB_SERIAL_ABSENT);
	assert_false(usb_serial_matches(&(struct usb_serial){ 0 }, ""));
}

static void odd_serials_stay_printable(void **state)
{
	struct usb_serial s = of_utf8("clone\x1b[31m 1%\xe4\xb8\xad");

	(void)state;
	assert_int_equal(s.form, USB_SERIAL_ODD);
	assert_string_equal(s.text, "clone%1B[31m%201%25%3F");
	assert_int_equal(of_utf8("A").form, USB_SERIAL_ODD);
}

static void a_long_serial_of_rubbish_fits(void **state)
{
	char text[600];
	struct usb_serial s;

	(void)state;
	memset(text, 0x80, sizeof(text));
	usb_serial_from_utf8(text, sizeof(text), &s);
	assert_int_equal(s.form, USB_SERIAL_ODD);
	assert_int_equal(strlen(s.text), 3 * USB_SERIAL_UNITS_MAX);
}

static void every_spelling_finds_the_probe(void **state)
{
	struct usb_serial s =
		of_utf8("\x57\xc3\xbf\x01\x02\x03\xc2\x89\xc2\x85\x57\x04\x05\x06\xc2\x87");

	(void)state;
	assert_true(usb_serial_matches(&s, "57ff01020389855704050687"));
	assert_true(usb_serial_matches(&s, "57C3BF010203C289C28557040506C287"));
	assert_false(usb_serial_matches(&s, "57FF0102038985570405068"));
	assert_false(usb_serial_matches(&s, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_serial_is_told_in_upper_case),
		cmocka_unit_test(a_binary_serial_is_told_in_digits),
		cmocka_unit_test(the_kernel_s_utf8_form_gives_the_same_digits),
		cmocka_unit_test(twelve_printable_bytes_are_bytes_all_the_same),
		cmocka_unit_test(a_serial_of_high_bytes_has_no_spelling_of_its_own_in_probe_rs),
		cmocka_unit_test(no_serial_is_absent),
		cmocka_unit_test(odd_serials_stay_printable),
		cmocka_unit_test(a_long_serial_of_rubbish_fits),
		cmocka_unit_test(every_spelling_finds_the_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
