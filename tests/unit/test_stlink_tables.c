/* Our tables of ids, status words, modes and speeds against tests/reference/stlink.txt, row by row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "probe/stlink_cmd.h"
#include "probe/stlink_speed.h"
#include "probe/usb_ids.h"
#include "tests/lib/stlink_reference.h"

/* ---- product ids ---- */

static void check_pid(const struct words *w)
{
	const struct usb_id *id = usb_id_find(USB_VID_ST, (uint16_t)number(w->at[1]));

	if (!id)
		fail_msg("no row for %s", w->at[1]);
	assert_int_equal(id->ep_out, number(w->at[2]));
	assert_int_equal(id->ep_in, number(w->at[3]));
	assert_int_equal(id->ep_swo, number(w->at[4]));
	assert_int_equal(id->packet_bytes, number(w->at[5]));
	for (const char *who = w->at[6]; *who; who++) {
		if (!strchr(id->known_by, *who))
			fail_msg("%s is known by %c as well", w->at[1], *who);
	}
	assert_int_not_equal(id->kind, USB_ID_OTHER);
}

static void every_product_id_is_there(void **state)
{
	(void)state;
	assert_int_equal(each("pid", check_pid), 13);
}

static void loaders_cannot_debug_and_others_are_no_probes(void **state)
{
	static const struct {
		uint16_t pid;
		enum usb_id_kind kind;
	} rows[] = {
		{ 0x374d, USB_ID_LOADER }, { 0x3755, USB_ID_LOADER }, { 0x3757, USB_ID_PROBE },
		{ 0x5740, USB_ID_OTHER },  { 0x5720, USB_ID_OTHER },  { 0xdf11, USB_ID_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(usb_id_find(USB_VID_ST, rows[i].pid)->kind, rows[i].kind);
	assert_null(usb_id_find(0x1366, 0x3748));
	assert_null(usb_id_find(USB_VID_ST, 0x3700));
}

/* The rules file that is installed opens every probe, and nothing else. */
static void udev_knows_every_probe_and_loader(void **state)
{
	char text[4000] = "", pid[8];
	FILE *f = fopen("probe/60-swdoctor.rules", "r");

	(void)state;
	assert_non_null(f);
	assert_in_range(fread(text, 1, sizeof(text) - 1, f), 100, sizeof(text) - 2);
	fclose(f);
	for (unsigned i = 0; i < 0x10000; i++) {
		const struct usb_id *id = usb_id_find(USB_VID_ST, (uint16_t)i);

		snprintf(pid, sizeof(pid), "%04x", i);
		if (id && id->kind != USB_ID_OTHER && !strstr(text, pid))
			fail_msg("%s (%s) is missing", pid, id->name);
		if (id && id->kind == USB_ID_OTHER && strstr(text, pid))
			fail_msg("%s (%s) is no probe", pid, id->name);
	}
}

/* ---- status words ---- */

static void check_status(const struct words *w)
{
	const struct stlink_status *row =
		stlink_status_find(STLINK_STATUS_DEBUG, (uint32_t)number(w->at[1]));
	const char *name = w->at[2];

	if (!row)
		fail_msg("no row for %s", w->at[1]);
	/* We leave out prefixes that say only which project speaks. */
	if (strncmp(name, "JTAG_", 5) == 0)
		name += 5;
	if (strncmp(name, "SWD_", 4) == 0)
		name += 4;
	if (strcmp(name, "DEBUG_ERR_FAULT") == 0)
		name = "DEBUG_FAULT";
	if (strcmp(name, "WRITE_VERIF_ERROR") == 0)
		name = "WRITE_VERIFY_ERROR";
	assert_string_equal(row->name, name);
	assert_true(row->text[0]);
}

static void every_status_word_is_there(void **state)
{
	(void)state;
	assert_int_equal(each("status", check_status), 38);
}

static void check_severity(const struct words *w)
{
	static const struct {
		const char *word;
		enum stlink_status_kind kind;
	} kinds[] = {
		{ "ok", STLINK_STATUS_OK },
		{ "transient", STLINK_STATUS_WAIT },
		{ "signal-quality", STLINK_STATUS_SIGNAL },
		{ "target-refused", STLINK_STATUS_REFUSED },
		{ "no-connection", STLINK_STATUS_NOLINK },
		{ "host-mistake", STLINK_STATUS_MISUSE },
		{ "probe-sick", STLINK_STATUS_SICK },
	};
	size_t k = 0;

	while (strcmp(kinds[k].word, w->at[1]) != 0)
		k++;
	for (size_t i = 2; i < w->n; i++) {
		uint32_t code = (uint32_t)strtoul(w->at[i], NULL, 16);
		enum stlink_status_kind kind = stlink_status_kind_of(STLINK_STATUS_DEBUG, code);

		/* The two that we take otherwise; why stands in stlink_status.def. */
		if (code == 0x40)
			assert_int_equal(kind, STLINK_STATUS_CHANGED);
		else if (code == 0x29)
			assert_int_equal(kind, STLINK_STATUS_MISUSE);
		else if (kind != kinds[k].kind)
			fail_msg("0x%02x is %s, not %s", code, stlink_status_kind_name(kind),
				 w->at[1]);
	}
}

static void kinds_are_those_of_the_reference_but_for_two(void **state)
{
	(void)state;
	assert_int_equal(each("severity", check_severity), 7);
}

static void check_bridge_status(const struct words *w)
{
	assert_non_null(
		stlink_status_find(STLINK_STATUS_BRIDGE, (uint32_t)strtoul(w->at[1], NULL, 16)));
}

static void the_bridge_has_numbers_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(each("bridge-status", check_bridge_status), 12);
	assert_string_not_equal(stlink_status_find(STLINK_STATUS_BRIDGE, 0x09)->name,
				stlink_status_find(STLINK_STATUS_DEBUG, 0x09)->name);
}

static void a_word_that_nobody_named_keeps_its_number(void **state)
{
	char text[80];

	(void)state;
	assert_null(stlink_status_find(STLINK_STATUS_DEBUG, 0x77));
	assert_int_equal(stlink_status_kind_of(STLINK_STATUS_DEBUG, 0x77), STLINK_STATUS_OTHER);
	stlink_status_say(STLINK_STATUS_DEBUG, 0x77, text, sizeof(text));
	assert_string_equal(text, "status 0x77: nobody has named it");
	stlink_status_say(STLINK_STATUS_DEBUG, 0x10, text, sizeof(text));
	assert_string_equal(text, "AP_WAIT (0x10): the access port asks to wait");
}

static void no_two_status_rows_of_a_family_share_a_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < stlink_status_rows_len; i++) {
		for (size_t k = 0; k < i; k++)
			assert_false(stlink_status_rows[i].family == stlink_status_rows[k].family &&
				     stlink_status_rows[i].code == stlink_status_rows[k].code);
	}
}

/* ---- modes ---- */

static void check_mode(const struct words *w)
{
	const struct stlink_mode_row *row = stlink_mode_find((uint8_t)number(w->at[1]));
	uint8_t leave[4] = { 0 };
	size_t n = from_hex(w->at[3], leave);

	assert_non_null(row);
	assert_int_equal(strncasecmp(row->name, w->at[2], 3), 0);
	assert_int_equal(row->leave_len, n);
	assert_memory_equal(row->leave, leave, n);
}

static void every_mode_is_there_with_the_way_out(void **state)
{
	(void)state;
	assert_int_equal(each("mode", check_mode), 5);
	assert_null(stlink_mode_find(5));
}

/* ---- speeds ---- */

static void check_speed(const struct words *w)
{
	enum stlink_link link = w->at[0][0] == 's' ? STLINK_LINK_SWD : STLINK_LINK_JTAG;
	unsigned long divisor = number(w->at[1]);

	for (size_t i = 0; i < stlink_speeds_len; i++) {
		const struct stlink_speed *s = &stlink_speeds[i];

		if (s->link != link || s->divisor != divisor)
			continue;
		assert_int_equal(s->khz_openocd, number(w->at[2]));
		assert_int_equal(s->khz_pyocd, number(w->at[3]));
		assert_true(s->khz == s->khz_openocd || s->khz == s->khz_pyocd);
		return;
	}
	fail_msg("no row for divisor %lu", divisor);
}

static void every_divisor_is_there(void **state)
{
	(void)state;
	assert_int_equal(each("swd", check_speed), 16);
	assert_int_equal(each("jtag", check_speed), 8);
	assert_int_equal(stlink_speeds_len, 24);
}

static void a_speed_is_matched_downwards(void **state)
{
	(void)state;
	assert_int_equal(stlink_speed_nearest(STLINK_LINK_SWD, 2000)->khz, 1800);
	assert_int_equal(stlink_speed_nearest(STLINK_LINK_SWD, 4000)->divisor, 0);
	assert_int_equal(stlink_speed_nearest(STLINK_LINK_SWD, 100000)->khz, 4000);
	assert_int_equal(stlink_speed_nearest(STLINK_LINK_SWD, 1)->khz, 5);
	assert_int_equal(stlink_speed_nearest(STLINK_LINK_JTAG, 1500)->divisor, 32);
	assert_int_equal(stlink_speed_khz(STLINK_LINK_SWD, 4), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_product_id_is_there),
		cmocka_unit_test(loaders_cannot_debug_and_others_are_no_probes),
		cmocka_unit_test(udev_knows_every_probe_and_loader),
		cmocka_unit_test(every_status_word_is_there),
		cmocka_unit_test(kinds_are_those_of_the_reference_but_for_two),
		cmocka_unit_test(the_bridge_has_numbers_of_its_own),
		cmocka_unit_test(a_word_that_nobody_named_keeps_its_number),
		cmocka_unit_test(no_two_status_rows_of_a_family_share_a_number),
		cmocka_unit_test(every_mode_is_there_with_the_way_out),
		cmocka_unit_test(every_divisor_is_there),
		cmocka_unit_test(a_speed_is_matched_downwards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
