/* Versions, and what each brought, against tests/reference/stlink.txt, row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "probe/stlink_cmd.h"
#include "tests/lib/stlink_reference.h"

static void check_gate(const struct words *w)
{
	for (size_t i = 0; i < STLINK_GATES; i++) {
		if (strcmp(stlink_gate_rows[i].name, w->at[1]) != 0)
			continue;
		for (size_t k = 0; k < 4; k++) {
			if (stlink_gate_rows[i].since[k] != since(w->at[2 + k]))
				fail_msg("%s: V%zu since %u, not %s", w->at[1], k + 1,
					 stlink_gate_rows[i].since[k], w->at[2 + k]);
		}
		return;
	}
	fail_msg("no gate %s", w->at[1]);
}

static void every_gate_is_there(void **state)
{
	(void)state;
	assert_int_equal(each("gate", check_gate), 21);
}

static void check_version(const struct words *w)
{
	uint8_t reply[16];
	size_t n = from_hex(w->at[1], reply);
	struct stlink_version v;
	char text[STLINK_VERSION_TEXT_MAX];
	struct err e;

	if (n == STLINK_VERSION_BYTES)
		assert_int_equal(stlink_version_parse(reply, n, &v, &e), 0);
	else
		assert_int_equal(stlink_version_parse_ex(reply, n, &v, &e), 0);
	stlink_version_text(&v, text);
	assert_string_equal(text, w->at[2]);
	assert_int_equal(v.api, number(w->at[3]));
	assert_int_equal(v.vid, USB_VID_ST);
}

static void version_replies_read_as_they_are_printed(void **state)
{
	(void)state;
	assert_int_equal(each("version", check_version), 9);
}

static void a_v3_is_asked_again_for_its_numbers(void **state)
{
	static const uint8_t reply[] = { 0x30, 0x00, 0x83, 0x04, 0x4e, 0x37 };
	struct stlink_version v;

	(void)state;
	assert_int_equal(stlink_version_parse(reply, sizeof(reply), &v, NULL), 0);
	assert_true(v.ask_ex);
	assert_int_equal(v.generation, STLINK_V3);
}

static void nonsense_is_no_version_and_leaves_the_output_alone(void **state)
{
	static const uint8_t zero[12], cut[] = { 0x29, 0x47 };
	struct stlink_version v = { .hardware = 77 };
	struct err e;

	(void)state;
	assert_int_equal(stlink_version_parse(zero, 6, &v, &e), ERR_PROTOCOL);
	assert_string_equal(e.text, "a version reply of hardware 0 (0x0000)");
	assert_int_equal(stlink_version_parse(cut, 2, &v, &e), ERR_PROTOCOL);
	assert_int_equal(stlink_version_parse_ex(zero, 12, &v, &e), ERR_PROTOCOL);
	assert_int_equal(stlink_version_parse_ex(zero, 11, &v, &e), ERR_PROTOCOL);
	assert_int_equal(v.hardware, 77);
}

static struct stlink_version firmware(uint8_t hardware, uint8_t jtag)
{
	return (struct stlink_version){ .hardware = hardware, .jtag = jtag };
}

static void gates_open_with_the_firmware_that_brought_them(void **state)
{
	struct stlink_version j23 = firmware(2, 23), j24 = firmware(2, 24), v3 = firmware(3, 1);
	struct stlink_version v1 = firmware(1, 12), swim = firmware(2, 0), v4 = firmware(4, 1);

	(void)state;
	assert_false(stlink_version_has(&j23, STLINK_GATE_DAP_REG));
	assert_true(stlink_version_has(&j24, STLINK_GATE_DAP_REG));
	assert_true(stlink_version_has(&v3, STLINK_GATE_DAP_REG));
	assert_false(stlink_version_has(&v3, STLINK_GATE_DP_BANKS));
	assert_false(stlink_version_has(&v3, STLINK_GATE_SWD_FREQ));
	assert_true(stlink_version_has(&v1, STLINK_GATE_API_V2));
	assert_false(stlink_version_has(&v1, STLINK_GATE_VOLTAGE));
	assert_false(stlink_version_has(&swim, STLINK_GATE_DRIVE_NRST));
	assert_true(stlink_version_has(&swim, STLINK_GATE_NONE));
	assert_int_equal(stlink_version_max_rw8(&j24), 64);
	assert_int_equal(stlink_version_max_rw8(&v3), 64);
	assert_int_equal(stlink_version_max_rw8(&v4), 512);
}

static void quirks_belong_to_a_range_of_firmware(void **state)
{
	struct stlink_version j23 = firmware(2, 23), j31 = firmware(2, 31), j32 = firmware(2, 32);
	struct stlink_version v3j5 = firmware(3, 5), v2j5 = firmware(2, 5), j28 = firmware(2, 28);

	(void)state;
	assert_false(stlink_version_is_quirky(&j23, STLINK_QUIRK_JTAG_DP_READ));
	assert_true(stlink_version_is_quirky(&j31, STLINK_QUIRK_JTAG_DP_READ));
	assert_false(stlink_version_is_quirky(&j32, STLINK_QUIRK_JTAG_DP_READ));
	assert_true(stlink_version_is_quirky(&j28, STLINK_QUIRK_CLOSE_AP));
	assert_true(stlink_version_is_quirky(&v3j5, STLINK_QUIRK_READ8_255));
	assert_false(stlink_version_is_quirky(&v2j5, STLINK_QUIRK_READ8_255));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_gate_is_there),
		cmocka_unit_test(version_replies_read_as_they_are_printed),
		cmocka_unit_test(a_v3_is_asked_again_for_its_numbers),
		cmocka_unit_test(nonsense_is_no_version_and_leaves_the_output_alone),
		cmocka_unit_test(gates_open_with_the_firmware_that_brought_them),
		cmocka_unit_test(quirks_belong_to_a_range_of_firmware),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
