/* Our table of commands and what they look like, against tests/reference/stlink.txt, row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "probe/stlink_cmd.h"
#include "tests/lib/stlink_reference.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_there),
		cmocka_unit_test(commands_are_found_by_two_bytes_before_one),
		cmocka_unit_test(fields_lie_inside_the_command),
		cmocka_unit_test(the_address_of_swim_is_big_endian_and_all_others_are_not),
		cmocka_unit_test(a_queue_is_padded_to_words),
		cmocka_unit_test(eight_bytes_of_a_swim_write_ride_in_the_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
