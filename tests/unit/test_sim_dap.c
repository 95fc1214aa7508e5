/* The debug port and the wires in front of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/base/bytes.h"
#include "probe/sim/wire.h"

#define RAM 0x20000000u

enum { DPIDR = 0x0, ABORT = 0x0, CTRL = 0x4, SELECT = 0x8, RDBUFF = 0xc };
enum { CSW = 0x0, TAR = 0x4, DRW = 0xc };

struct board {
	struct rng rng;
	struct chip chip;
	struct dap dap;
	struct wire wire;
};

static void board_init(struct board *b, const char *chip)
{
	rng_init(&b->rng, 5);
	chip_init(&b->chip, chip_find(chip), &b->rng);
	dap_init(&b->dap, &b->chip);
	wire_init(&b->wire, &b->dap, &b->rng);
	chip_set_supply(&b->chip, 3300, 0);
	wire_idle(&b->wire, NS_PER_MS);
}

static enum wire_answer dp(struct board *b, bool read, uint8_t addr, uint32_t *data)
{
	return wire_transfer(&b->wire, false, read, addr, data);
}

static enum wire_answer write_dp(struct board *b, uint8_t addr, uint32_t data)
{
	return wire_transfer(&b->wire, false, false, addr, &data);
}

static enum wire_answer write_ap(struct board *b, uint8_t addr, uint32_t data)
{
	return wire_transfer(&b->wire, true, false, addr, &data);
}

static enum wire_answer read_ap(struct board *b, uint8_t addr, uint32_t *data)
{
	return wire_transfer(&b->wire, true, true, addr, data);
}

static void connect(struct board *b)
{
	uint32_t data = 0;

	wire_line_reset(&b->wire, true);
	assert_int_equal(dp(b, true, DPIDR, &data), WIRE_OK);
	assert_int_equal(data, b->chip.dpidr);
	assert_int_equal(write_dp(b, ABORT, 0x1e), WIRE_OK);
	assert_int_equal(write_dp(b, CTRL, 0x50000000), WIRE_OK);
	assert_int_equal(dp(b, true, CTRL, &data), WIRE_OK);
	assert_int_equal(data & 0xf0000000, 0xf0000000);
}

/* ---- the port ---- */

static void after_power_on_it_speaks_no_swd(void **state)
{
	struct board b;
	uint32_t data;

	(void)state;
	board_init(&b, "F405");
	assert_int_equal(dp(&b, true, DPIDR, &data), WIRE_NO_ACK);
	wire_line_reset(&b.wire, false);
	assert_int_equal(dp(&b, true, DPIDR, &data), WIRE_NO_ACK);
	connect(&b);
	chip_done(&b.chip);
}

static void after_a_line_reset_only_dpidr_is_answered(void **state)
{
	struct board b;
	uint32_t data;

	(void)state;
	board_init(&b, "F405");
	wire_line_reset(&b.wire, true);
	assert_int_equal(dp(&b, true, CTRL, &data), WIRE_NO_ACK);
	assert_int_equal(dp(&b, true, DPIDR, &data), WIRE_NO_ACK); /* lost until the next reset */
	connect(&b);
	chip_done(&b.chip);
}

static void reads_through_the_access_port_come_one_later(void **state)
{
	struct board b;
	uint32_t data;

	(void)state;
	board_init(&b, "F405");
	connect(&b);
	put_le32(b.chip.ram[0], 0x11111111);
	put_le32(b.chip.ram[0] + 4, 0x22222222);
	write_ap(&b, CSW, 0x23000012);
	write_ap(&b, TAR, RAM);
	assert_int_equal(read_ap(&b, DRW, &data), WIRE_OK);
	assert_int_equal(read_ap(&b, DRW, &data), WIRE_OK);
	assert_int_equal(data, 0x11111111);
	assert_int_equal(dp(&b, true, RDBUFF, &data), WIRE_OK);
	assert_int_equal(data, 0x22222222);
	chip_done(&b.chip);
}

static void the_address_wraps_in_its_block(void **state)
{
	struct board b;
	uint32_t data;

	(void)state;
	board_init(&b, "F405");
	connect(&b);
	write_ap(&b, CSW, 0x23000012);
	write_ap(&b, TAR, RAM + 0xffc);
	write_ap(&b, DRW, 1);
	assert_int_equal(read_ap(&b, TAR, &data), WIRE_OK);
	assert_int_equal(dp(&b, true, RDBUFF, &data), WIRE_OK);
	assert_int_equal(data, RAM);
	chip_done(&b.chip);
}

static void bytes_travel_in_the_lanes_of_their_address(void **state)
{
	struct board b;
	uint32_t data;

	(void)state;
	board_init(&b, "F405");
	connect(&b);
	put_le32(b.chip.ram[0], 0x44332211);
	write_ap(&b, CSW, 0x23000010);
	write_ap(&b, TAR, RAM + 2);
	write_ap(&b, DRW, 0x00aa0000);
	write_ap(&b, TAR, RAM + 2);
	read_ap(&b, DRW, &data);
	dp(&b, true, RDBUFF, &data);
	assert_int_equal(data, 0x00aa0000);
	assert_int_equal(get_le32(b.chip.ram[0]), 0x44aa2211);
	chip_done(&b.chip);
}

static void a_refused_access_is_sticky_until_it_is_cleared(void **state)
{
	struct board b;
	uint32_t data;

	(void)state;
	board_init(&b, "F405");
	connect(&b);
	write_ap(&b, CSW, 0x23000012);
	write_ap(&b, TAR, 0x60000000);
	assert_int_equal(read_ap(&b, DRW, &data), WIRE_OK);
	assert_int_equal(dp(&b, true, RDBUFF, &data), WIRE_FAULT);
	assert_int_equal(write_ap(&b, TAR, RAM), WIRE_FAULT);
	assert_int_equal(dp(&b, true, CTRL, &data), WIRE_OK);
	assert_int_equal(data & 0x20, 0x20);
	assert_int_equal(write_dp(&b, ABORT, 0x04), WIRE_OK);
	assert_int_equal(write_ap(&b, TAR, RAM), WIRE_OK);
	chip_done(&b.chip);
}

static void a_busy_flash_makes_the_port_wait(void **state)
{
	struct board b;
	uint32_t data;
	uint64_t began;

	(void)state;
	board_init(&b, "F103");
	connect(&b);
	b.chip.core.halted = true;
	write_ap(&b, CSW, 0x23000012);
	write_ap(&b, TAR, 0x40022004);
	write_ap(&b, CSW, 0x23000002);
	write_ap(&b, DRW, 0x45670123);
	write_ap(&b, DRW, 0xcdef89ab);
	write_ap(&b, TAR, 0x40022010);
	write_ap(&b, DRW, 0x04);
	write_ap(&b, DRW, 0x44); /* mass erase: 40 ms */
	began = b.wire.now_ns;
	write_ap(&b, TAR, 0x08000000);
	assert_int_equal(read_ap(&b, DRW, &data), WIRE_OK);
	assert_int_equal(dp(&b, true, RDBUFF, &data), WIRE_WAIT);
	assert_int_equal(dp(&b, true, CTRL, &data), WIRE_OK); /* the port itself still answers */
	while (dp(&b, true, RDBUFF, &data) == WIRE_WAIT)
		;
	assert_in_range(b.wire.now_ns - began, 39 * NS_PER_MS, 41 * NS_PER_MS);
	assert_int_equal(data, 0xffffffff);
	chip_done(&b.chip);
}

static void there_is_one_access_port(void **state)
{
	struct board b;
	uint32_t data;

	(void)state;
	board_init(&b, "F103");
	connect(&b);
	write_dp(&b, SELECT, 0x000000f0);
	read_ap(&b, 0xc, &data);
	dp(&b, true, RDBUFF, &data);
	assert_int_equal(data, 0x14770011);
	write_dp(&b, SELECT, 0x010000f0);
	read_ap(&b, 0xc, &data);
	dp(&b, true, RDBUFF, &data);
	assert_int_equal(data, 0);
	chip_done(&b.chip);
}

static void a_power_cycle_forgets_everything(void **state)
{
	struct board b;
	uint32_t data;

	(void)state;
	board_init(&b, "F103");
	connect(&b);
	chip_set_supply(&b.chip, 0, b.wire.now_ns);
	chip_set_supply(&b.chip, 3300, b.wire.now_ns + NS_PER_MS);
	wire_idle(&b.wire, 2 * NS_PER_MS);
	assert_int_equal(dp(&b, true, DPIDR, &data), WIRE_NO_ACK);
	connect(&b);
	chip_done(&b.chip);
}

static void protection_for_good_closes_the_port(void **state)
{
	struct board b;
	uint32_t data;

	(void)state;
	board_init(&b, "F405");
	b.chip.flash.row->ops->set_protection(&b.chip.flash, 2);
	wire_line_reset(&b.wire, true);
	assert_int_equal(dp(&b, true, DPIDR, &data), WIRE_NO_ACK);
	chip_done(&b.chip);
}

/* ---- the wires ---- */

static void an_open_wire_answers_nothing(void **state)
{
	static const enum wire_line lines[] = { WIRE_SWDIO, WIRE_SWCLK };
	struct board b;
	uint32_t data;
	size_t i;

	(void)state;
	board_init(&b, "F405");
	connect(&b);
	for (i = 0; i < 2; i++) {
		b.wire.state[lines[i]] = WIRE_OPEN;
		assert_int_equal(dp(&b, true, DPIDR, &data), WIRE_NO_ACK);
		b.wire.state[lines[i]] = WIRE_CONNECTED;
		assert_int_equal(dp(&b, true, DPIDR, &data), WIRE_OK);
	}
	chip_done(&b.chip);
}

struct tally {
	unsigned answer[WIRE_PARITY + 1], wrong;
};

/* Write and read the same word many times, as a probe that only counts would. */
static struct tally hammer(struct board *b, unsigned n)
{
	struct tally t = { 0 };
	uint32_t data;
	unsigned i;

	connect(b);
	for (i = 0; i < n; i++) {
		enum wire_answer answer = dp(b, true, DPIDR, &data);

		t.answer[answer]++;
		t.wrong += answer == WIRE_OK && data != b->chip.dpidr;
		if (answer != WIRE_OK) {
			wire_line_reset(&b->wire, true);
			dp(b, true, DPIDR, &data);
		}
	}
	return t;
}

static void flips_are_as_frequent_as_the_model_says(void **state)
{
	struct board b;
	struct tally t;
	unsigned seen;

	(void)state;
	board_init(&b, "F405");
	connect(&b);
	b.wire.quality.edge = 1e-3;
	t = hammer(&b, 20000);
	seen = t.answer[WIRE_NO_ACK] + t.answer[WIRE_PARITY];
	/* 44 bits that matter at 1e-3: 4.3 % of the transfers, three quarters of them in the data
	 */
	assert_in_range(seen, 700, 1000);
	assert_true(t.answer[WIRE_PARITY] > 2 * t.answer[WIRE_NO_ACK]);
	chip_done(&b.chip);
}

static void bursts_break_parity_unseen(void **state)
{
	struct board b;
	struct tally single, burst;

	(void)state;
	board_init(&b, "F405");
	connect(&b);
	b.wire.quality.edge = 1e-4;
	single = hammer(&b, 50000);
	b.wire.quality.burst = 3;
	burst = hammer(&b, 50000);
	assert_true(single.wrong < 5);
	assert_true(burst.wrong > 20);
	chip_done(&b.chip);
}

static void a_higher_clock_is_worse_and_a_lower_one_is_good(void **state)
{
	static const uint32_t hz[] = { 480000, 950000, 1800000, 4000000 };
	unsigned bad[4] = { 0 }, k;
	struct board b;
	uint32_t data;
	size_t i;

	(void)state;
	board_init(&b, "F405");
	connect(&b);
	b.wire.quality.f50_hz = 3e6;
	for (i = 0; i < 4; i++) {
		b.wire.hz = hz[i];
		for (k = 0; k < 5000; k++) {
			bad[i] += dp(&b, true, DPIDR, &data) != WIRE_OK;
			b.dap.lost = false;
		}
	}
	assert_int_equal(bad[0], 0);
	assert_int_equal(bad[1], 0);
	assert_in_range(bad[2], 50, 2500);
	assert_true(bad[3] > 4900);
	chip_done(&b.chip);
}

static void a_write_with_broken_parity_faults_the_next_transfer(void **state)
{
	struct dap_request r = { .ap = true, .addr = TAR, .data = RAM, .parity_broken = true };
	struct board b;
	uint32_t data;

	(void)state;
	board_init(&b, "F405");
	connect(&b);
	assert_int_equal(dap_request(&b.dap, &r, b.wire.now_ns), DAP_OK);
	assert_int_equal(write_ap(&b, TAR, RAM), WIRE_FAULT);
	dp(&b, true, CTRL, &data);
	assert_int_equal(data & 0x80, 0x80);
	write_dp(&b, ABORT, 0x08);
	assert_int_equal(write_ap(&b, TAR, RAM), WIRE_OK);
	chip_done(&b.chip);
}

static void a_loose_contact_comes_and_goes(void **state)
{
	struct board b;
	unsigned good = 0, bad = 0, i;
	uint32_t data;

	(void)state;
	board_init(&b, "F405");
	connect(&b);
	b.wire.contact.good_ns = 20 * NS_PER_MS;
	b.wire.contact.bad_ns = 5 * NS_PER_MS;
	for (i = 0; i < 20000; i++)
		*(dp(&b, true, DPIDR, &data) == WIRE_OK ? &good : &bad) += 1;
	assert_in_range(bad, 1500, 8000);
	assert_true(good > bad);
	chip_done(&b.chip);
}

static void nrst_reaches_the_chip_only_by_its_wire(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F405");
	wire_drive_nrst(&b.wire, true);
	assert_true(chip_in_reset(&b.chip));
	wire_drive_nrst(&b.wire, false);
	assert_false(chip_in_reset(&b.chip));
	b.wire.state[WIRE_NRST] = WIRE_OPEN;
	wire_drive_nrst(&b.wire, true);
	assert_false(chip_in_reset(&b.chip));
	b.wire.state[WIRE_NRST] = WIRE_LOW;
	wire_drive_nrst(&b.wire, false);
	assert_true(chip_in_reset(&b.chip));
	b.wire.state[WIRE_NRST] = WIRE_HIGH; /* tied to the supply: resets of its own fail, too */
	wire_update_nrst(&b.wire);
	chip_reset(&b.chip, CLOCKS_SOFT, b.wire.now_ns);
	assert_false(chip_in_reset(&b.chip));
	chip_done(&b.chip);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_power_on_it_speaks_no_swd),
		cmocka_unit_test(after_a_line_reset_only_dpidr_is_answered),
		cmocka_unit_test(reads_through_the_access_port_come_one_later),
		cmocka_unit_test(the_address_wraps_in_its_block),
		cmocka_unit_test(bytes_travel_in_the_lanes_of_their_address),
		cmocka_unit_test(a_refused_access_is_sticky_until_it_is_cleared),
		cmocka_unit_test(a_busy_flash_makes_the_port_wait),
		cmocka_unit_test(there_is_one_access_port),
		cmocka_unit_test(a_power_cycle_forgets_everything),
		cmocka_unit_test(protection_for_good_closes_the_port),
		cmocka_unit_test(an_open_wire_answers_nothing),
		cmocka_unit_test(flips_are_as_frequent_as_the_model_says),
		cmocka_unit_test(bursts_break_parity_unseen),
		cmocka_unit_test(a_higher_clock_is_worse_and_a_lower_one_is_good),
		cmocka_unit_test(a_write_with_broken_parity_faults_the_next_transfer),
		cmocka_unit_test(a_loose_contact_comes_and_goes),
		cmocka_unit_test(nrst_reaches_the_chip_only_by_its_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
