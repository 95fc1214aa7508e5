/* Faults of the bench that nobody is told of: lost transfers, wrong data, a supply that goes. */
#include <signal.h>

#include "tests/lib/yaml_desk.h"

#define CPUID	 0xe000ed00u
#define DEMCR	 0xe000edfcu
#define DHCSR	 0xe000edf0u
#define F4_KEYR	 0x40023c04u
#define F4_CR	 0x40023c10u
#define CPUID_M4 0x410fc241u

static const uint8_t get_mode[16] = { 0xf5 };
static const uint8_t enter[16] = { 0xf2, 0x30, 0xa3 };

static enum usb_result read_word(struct desk *d, uint32_t address, uint32_t *ret)
{
	uint8_t command[16] = { 0xf2, 0x36 };
	enum usb_result result;

	put_le32(command + 2, address);
	result = desk_ask(d, command, 8);
	*ret = get_le32(d->reply + 4);
	return result;
}

static void write_word(struct desk *d, uint32_t address, uint32_t value)
{
	uint8_t command[16] = { 0xf2, 0x35 };

	put_le32(command + 2, address);
	put_le32(command + 6, value);
	assert_int_equal(desk_ask(d, command, 2), USB_DONE);
	assert_int_equal(d->reply[0], 0x80);
}

static void a_lost_request_is_never_carried_out(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "faults: [{what: usb-request-lost, at: transaction 2}]");
	desk_ask(&d, get_mode, 2);
	assert_int_equal(desk_send(&d, enter), USB_TIMEOUT);
	assert_int_equal(desk_ask(&d, get_mode, 2), USB_DONE);
	assert_int_equal(d.reply[0], FW_IDLE);
	assert_int_equal(bench_faults_count(&d.b), 1);
	desk_done(&d);
}

static void a_lost_reply_is_carried_out_and_never_comes(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "faults: [{what: usb-reply-lost, at: transaction 2}]");
	desk_ask(&d, get_mode, 2);
	assert_int_equal(desk_ask(&d, enter, 2), USB_TIMEOUT);
	assert_int_equal(desk_ask(&d, get_mode, 2), USB_DONE);
	assert_int_equal(d.reply[0], FW_DEBUG);
	desk_done(&d);
}

static void a_word_is_read_with_one_bit_wrong_and_a_good_status(void **state)
{
	struct desk d;
	uint32_t word;

	(void)state;
	desk_init(&d, "faults: [{what: flip-read, at: transaction 2}]");
	desk_ask(&d, enter, 2);
	read_word(&d, CPUID, &word);
	assert_int_equal(d.reply[0], 0x80);
	assert_int_equal(__builtin_popcount(word ^ CPUID_M4), 1);
	read_word(&d, CPUID, &word);
	assert_int_equal(word, CPUID_M4);
	assert_int_equal(bench_faults_count(&d.b), 1);
	desk_done(&d);
}

static void the_reply_before_is_handed_out_once_more(void **state)
{
	struct desk d;
	uint32_t word;

	(void)state;
	desk_init(&d, "faults: [{what: stale, at: transaction 3}]");
	desk_ask(&d, enter, 2);
	read_word(&d, CPUID, &word);
	read_word(&d, 0x08000000, &word);
	assert_int_equal(d.reply[0], 0x80);
	assert_int_equal(word, CPUID_M4);
	read_word(&d, 0x08000000, &word);
	assert_int_not_equal(word, CPUID_M4);
	assert_int_equal(bench_faults_count(&d.b), 1);
	desk_done(&d);
}

static void what_does_not_fit_the_command_does_not_happen(void **state)
{
	struct desk d;
	uint32_t word;

	(void)state;
	desk_init(&d, "faults: [{what: flip-write, at: transaction 2}]");
	desk_ask(&d, enter, 2);
	read_word(&d, CPUID, &word);
	assert_int_equal(word, CPUID_M4);
	assert_int_equal(bench_faults_count(&d.b), 0);
	desk_done(&d);
}

static void a_word_is_written_with_one_bit_wrong_and_a_good_status(void **state)
{
	struct desk d;
	uint32_t word, wanted = 0x010007f1;

	(void)state;
	desk_init(&d, "faults: [{what: flip-write, at: transaction 2}]");
	desk_ask(&d, enter, 2);
	write_word(&d, 0x20000100, wanted);
	read_word(&d, 0x20000100, &word);
	assert_int_equal(__builtin_popcount(word ^ wanted), 1);
	desk_done(&d);
}

static void a_write_gets_lost_with_a_good_status(void **state)
{
	struct desk d;
	uint32_t word;

	(void)state;
	desk_init(&d, "faults: [{what: write-lost, at: transaction 3}]");
	desk_ask(&d, enter, 2);
	write_word(&d, DEMCR, 1);
	write_word(&d, DEMCR, 0);
	read_word(&d, DEMCR, &word);
	assert_int_equal(word & 1, 1);
	desk_done(&d);
}

static void the_running_core_halts_or_locks_up(void **state)
{
	static const struct {
		const char *yaml;
		uint32_t bit;
	} rows[] = {
		{ "faults: [{what: core-halt, at: transaction 2}]", 0x00020000 },
		{ "faults: [{what: core-lockup, at: transaction 2}]", 0x00080000 },
	};
	struct desk d;
	uint32_t dhcsr;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		desk_init(&d, rows[i].yaml);
		desk_ask(&d, enter, 2);
		read_word(&d, DHCSR, &dhcsr);
		assert_int_equal(dhcsr & 0x000a0000, rows[i].bit);
		desk_done(&d);
	}
}

/* Two sectors of an F405 are erased; power fails in the second, and is back after a while. */
static void the_supply_goes_in_the_middle_of_an_operation(void **state)
{
	struct desk d;
	uint32_t word;

	(void)state;
	desk_init(&d, "{program: blank, faults: [{what: supply, volts: 0, at: operation 2, "
		      "for: 500 ms}]}");
	memset(d.b.chip.flash.cells.at, 0x5a, 0x8000);
	desk_ask(&d, enter, 2);
	write_word(&d, DHCSR, 0xa05f0003);
	write_word(&d, F4_KEYR, 0x45670123);
	write_word(&d, F4_KEYR, 0xcdef89ab);
	write_word(&d, F4_CR, 0x10202);
	bench_sleep(&d.b, 600 * NS_PER_MS);
	write_word(&d, F4_CR, 0x1020a);
	bench_sleep(&d.b, 600 * NS_PER_MS);
	read_word(&d, CPUID, &word);
	assert_int_not_equal(d.reply[0], 0x80);
	assert_false(d.b.chip.powered);
	assert_true(cells_blank(&d.b.chip.flash.cells, 0, 0x4000));
	assert_false(cells_blank(&d.b.chip.flash.cells, 0x4000, 0x4000));
	bench_sleep(&d.b, 600 * NS_PER_MS);
	desk_ask(&d, enter, 2);
	assert_int_equal(d.reply[0], 0x80);
	assert_true(d.b.chip.powered);
	desk_done(&d);
}

static void a_program_is_marked_to_be_killed_once(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "faults: [{what: kill, at: transaction 2}]");
	desk_ask(&d, get_mode, 2);
	assert_int_equal(d.b.signal, 0);
	desk_ask(&d, get_mode, 2);
	assert_int_equal(d.b.signal, SIGKILL);
	d.b.signal = 0;
	desk_ask(&d, get_mode, 2);
	assert_int_equal(d.b.signal, 0);
	desk_done(&d);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_request_is_never_carried_out),
		cmocka_unit_test(a_lost_reply_is_carried_out_and_never_comes),
		cmocka_unit_test(a_word_is_read_with_one_bit_wrong_and_a_good_status),
		cmocka_unit_test(the_reply_before_is_handed_out_once_more),
		cmocka_unit_test(what_does_not_fit_the_command_does_not_happen),
		cmocka_unit_test(a_word_is_written_with_one_bit_wrong_and_a_good_status),
		cmocka_unit_test(a_write_gets_lost_with_a_good_status),
		cmocka_unit_test(the_running_core_halts_or_locks_up),
		cmocka_unit_test(the_supply_goes_in_the_middle_of_an_operation),
		cmocka_unit_test(a_program_is_marked_to_be_killed_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
