/* Our tables against what the public sources say, row by row: tests/reference/stlink.txt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/stlink_cmd.h"
#include "probe/stlink_speed.h"
#include "probe/usb_ids.h"

#define REFERENCE "tests/reference/stlink.txt"
#define WORDS_MAX 24

struct words {
	char line[300];
	const char *at[WORDS_MAX];
	size_t n;
};

/* Calls fn for every line that begins with `what`; returns how many there were. */
static size_t each(const char *what, void (*fn)(const struct words *w))
{
	FILE *f = fopen(REFERENCE, "r");
	struct words w;
	size_t n = 0;

	if (!f)
		fail_msg("%s: cannot be opened (tests run at the top of the sources)", REFERENCE);
	while (fgets(w.line, sizeof(w.line), f)) {
		char *rest = w.line;

		w.n = 0;
		while (w.n < WORDS_MAX && *(rest += strspn(rest, " \n"))) {
			w.at[w.n++] = rest;
			rest += strcspn(rest, " \n");
			if (*rest)
				*rest++ = '\0';
		}
		if (w.n < 2 || strcmp(w.at[0], what) != 0)
			continue;
		fn(&w);
		n++;
	}
	fclose(f);
	return n;
}

static unsigned long number(const char *text)
{
	return strtoul(text, NULL, 0);
}

static size_t from_hex(const char *text, uint8_t *out)
{
	size_t n = 0;

	for (; *text; text++) {
		unsigned digit;

		if (!isxdigit((unsigned char)*text))
			continue;
		digit = (unsigned)(isdigit((unsigned char)*text) ? *text - '0'
								 : tolower(*text) - 'a' + 10);
		out[n / 2] = (uint8_t)(n % 2 ? out[n / 2] << 4 | digit : digit);
		n++;
	}
	return n / 2;
}

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

/* ---- commands ---- */

static uint8_t since(const char *word)
{
	return word[0] == '-' ? STLINK_GATE_NEVER : (uint8_t)number(word);
}

static void check_size(const struct stlink_cmd *row, const char *bytes, const char *size)
{
	uint8_t cmd[STLINK_CMD_BYTES] = { row->bytes[0], row->bytes[1], 0, 0, 0, 0, 1, 0 };
	size_t one = stlink_cmd_data_bytes(row, cmd, sizeof(cmd));

	if (strcmp(size, "len") == 0)
		assert_int_equal(one, 1);
	else if (strcmp(size, "len8") == 0)
		assert_int_equal(one, 2);
	else if (strcmp(size, "queue") == 0 || strcmp(size, "swim") == 0)
		assert_true(row->size_rule != STLINK_SIZE_FIXED);
	else if (strcmp(size, "?") == 0)
		assert_true(row->size_rule == STLINK_SIZE_ANY);
	else if (one != number(size))
		fail_msg("%s: %zu bytes, not %s", bytes, one, size);
}

static bool where_fits(enum stlink_where where, const char *word)
{
	static const struct {
		const char *word;
		enum stlink_where where;
	} rows[] = {
		{ "@0", STLINK_WHERE_FIRST },
		{ "later", STLINK_WHERE_LATER },
		{ "last", STLINK_WHERE_OF_LAST },
		{ "each", STLINK_WHERE_EACH },
		{ "each", STLINK_WHERE_QUEUED },
		{ "none", STLINK_WHERE_NONE },
		{ "core", STLINK_WHERE_CORE },
		{ "swim", STLINK_WHERE_SWIM_LATER },
		{ "swim-last", STLINK_WHERE_SWIM_LAST },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].where == where && strcmp(rows[i].word, word) == 0)
			return true;
	}
	return strcmp(word, "?") == 0;
}

static void check_command(const struct words *w)
{
	static const struct {
		const char *word;
		enum stlink_data data;
	} kinds[] = { { "none", STLINK_DATA_NONE },
		      { "in", STLINK_DATA_IN },
		      { "out", STLINK_DATA_OUT },
		      { "?", STLINK_DATA_UNKNOWN } };
	uint8_t cmd[STLINK_CMD_BYTES] = { 0 };
	const struct stlink_cmd *row;
	const char *name = w->at[2];
	size_t k = 0, n = from_hex(w->at[1], cmd);

	row = stlink_cmd_find(cmd, sizeof(cmd));
	if (!row || row->len != n)
		fail_msg("no row for %s", w->at[1]);
	if (strncmp(name, "APIV1_", 6) == 0) {
		name += 6;
		assert_int_equal(row->api, 1);
	}
	if (strcmp(name, "?") != 0 && !strstr(row->name, name))
		fail_msg("%s is %s, not %s", w->at[1], row->name, name);
	while (strcmp(kinds[k].word, w->at[3]) != 0)
		k++;
	assert_int_equal(row->data, kinds[k].data);
	check_size(row, w->at[1], w->at[4]);
	if (!where_fits(row->where, w->at[5]))
		fail_msg("%s: its status is elsewhere", w->at[1]);
	if (w->at[6][0] == '?')
		return;
	if (row->gate == STLINK_GATE_NONE) {
		assert_int_equal(since(w->at[6]), 0);
		return;
	}
	assert_int_equal(stlink_gate_rows[row->gate].since[1], since(w->at[6]));
	assert_int_equal(stlink_gate_rows[row->gate].since[2], since(w->at[7]));
}

static void every_command_is_there(void **state)
{
	(void)state;
	assert_int_equal(each("command", check_command), STLINK_CMDS);
}

static void commands_are_found_by_two_bytes_before_one(void **state)
{
	static const uint8_t loader[16] = { 0xf9, 0x01 }, state_of[16] = { 0xf9, 0x02 };
	static const uint8_t unknown[16] = { 0xf2, 0x99 }, alien[16] = { 0x12 };

	(void)state;
	assert_int_equal(stlink_cmd_id_of(stlink_cmd_find(loader, 16)), STLINK_CMD_LOADER_JUMP);
	assert_int_equal(stlink_cmd_id_of(stlink_cmd_find(state_of, 16)), STLINK_CMD_LOADER_STATE);
	assert_null(stlink_cmd_find(unknown, 16));
	assert_null(stlink_cmd_find(alien, 16));
	assert_null(stlink_cmd_find(alien, 0));
}

static void fields_lie_inside_the_command(void **state)
{
	uint8_t ones[STLINK_CMD_BYTES];

	(void)state;
	memset(ones, 0xff, sizeof(ones));
	for (size_t i = 0; i < STLINK_CMDS; i++) {
		for (size_t k = 0; k < STLINK_FIELDS_MAX; k++) {
			const struct stlink_field *f = &stlink_cmd_rows[i].fields[k];

			if (f->kind == STLINK_FIELD_NONE)
				continue;
			assert_true(f->at >= stlink_cmd_rows[i].len);
			assert_int_not_equal(stlink_field_value(f, ones, sizeof(ones)), 0);
			assert_int_equal(stlink_field_value(f, ones, f->at), 0);
			assert_true(stlink_field_name(f->kind)[0]);
		}
	}
}

static void the_address_of_swim_is_big_endian_and_all_others_are_not(void **state)
{
	static const uint8_t swim[16] = { 0xf4, 0x0b, 0x01, 0x02, 0x00, 0x00, 0x40, 0x00 };
	static const uint8_t word[16] = { 0xf2, 0x36, 0xf0, 0xed, 0x00, 0xe0 };

	(void)state;
	assert_int_equal(
		stlink_field_value(&stlink_cmd_rows[STLINK_CMD_SWIM_READMEM].fields[0], swim, 16),
		0x102);
	assert_int_equal(
		stlink_field_value(&stlink_cmd_rows[STLINK_CMD_SWIM_READMEM].fields[1], swim, 16),
		0x4000);
	assert_int_equal(
		stlink_field_value(&stlink_cmd_rows[STLINK_CMD_READDEBUGREG].fields[0], word, 16),
		0xe000edf0);
}

static void a_queue_is_padded_to_words(void **state)
{
	static const uint8_t five[16] = { 0xf2, 0x51, 5 }, four[16] = { 0xf2, 0x51, 4 };
	const struct stlink_cmd *row = &stlink_cmd_rows[STLINK_CMD_RW_MISC_OUT];

	(void)state;
	assert_int_equal(stlink_cmd_data_bytes(row, five, 16), 28);
	assert_int_equal(stlink_cmd_data_bytes(row, four, 16), 20);
}

static void eight_bytes_of_a_swim_write_ride_in_the_command(void **state)
{
	static const uint8_t nine[16] = { 0xf4, 0x0a, 0, 9 }, eight[16] = { 0xf4, 0x0a, 0, 8 };
	const struct stlink_cmd *row = &stlink_cmd_rows[STLINK_CMD_SWIM_WRITEMEM];

	(void)state;
	assert_int_equal(stlink_cmd_data_bytes(row, nine, 16), 1);
	assert_int_equal(stlink_cmd_data_bytes(row, eight, 16), 0);
}

/* ---- versions and gates ---- */

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
		cmocka_unit_test(every_command_is_there),
		cmocka_unit_test(commands_are_found_by_two_bytes_before_one),
		cmocka_unit_test(fields_lie_inside_the_command),
		cmocka_unit_test(the_address_of_swim_is_big_endian_and_all_others_are_not),
		cmocka_unit_test(a_queue_is_padded_to_words),
		cmocka_unit_test(eight_bytes_of_a_swim_write_ride_in_the_command),
		cmocka_unit_test(every_gate_is_there),
		cmocka_unit_test(version_replies_read_as_they_are_printed),
		cmocka_unit_test(a_v3_is_asked_again_for_its_numbers),
		cmocka_unit_test(nonsense_is_no_version_and_leaves_the_output_alone),
		cmocka_unit_test(gates_open_with_the_firmware_that_brought_them),
		cmocka_unit_test(quirks_belong_to_a_range_of_firmware),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
