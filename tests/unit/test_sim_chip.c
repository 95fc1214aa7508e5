/* What the chips of the bench do beside their cores and flash controllers: watchdogs, doors,
 * errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/base/bytes.h"
#include "probe/sim/chip.h"
#include "probe/sim/dap.h"

#define FLASH	0x08000000u
#define RAM	0x20000000u
#define WWDG	0x40002c00u
#define DHCSR	0xe000edf0u
#define DO_HALT 0xa05f0003u
#define DO_RUN	0xa05f0001u
#define S_HALT	0x00020000u

struct board {
	struct rng rng;
	struct chip c;
	uint64_t now;
};

/* `b .` for ever at 0x40, and for every exception at 0x50. */
static void board_init(struct board *b, const char *chip)
{
	uint8_t *at;
	size_t i;

	rng_init(&b->rng, 3);
	chip_init(&b->c, chip_find(chip), &b->rng);
	at = b->c.flash.cells.at;
	put_le32(at, RAM + 0x400);
	put_le32(at + 4, FLASH + 0x41);
	for (i = 2; i < 16; i++)
		put_le32(at + 4 * i, FLASH + 0x51);
	put_le16(at + 0x40, 0xe7fe);
	put_le16(at + 0x50, 0xe7fe);
	b->now = 0;
	flash_reset(&b->c.flash, true, 0);
	chip_set_supply(&b->c, 3300, 0);
	b->now = NS_PER_MS;
	chip_advance(&b->c, b->now);
}

static void pass(struct board *b, uint64_t ns)
{
	b->now += ns;
	chip_advance(&b->c, b->now);
}

static uint32_t access_by(struct board *b, enum bus_master who, bool write, uint32_t addr,
			  uint32_t value)
{
	struct bus_access a = { .addr = addr,
				.size = 4,
				.write = write,
				.master = who,
				.value = value,
				.now_ns = b->now,
				.ready_ns = b->now };

	assert_int_equal(chip_bus(&b->c, &a), BUS_OK);
	return a.value;
}

static uint32_t peek(struct board *b, uint32_t addr)
{
	return access_by(b, BUS_DEBUG, false, addr, 0);
}

static void poke(struct board *b, uint32_t addr, uint32_t value)
{
	access_by(b, BUS_DEBUG, true, addr, value);
}

/* ---- the window watchdog (RM0008 20, RM0444 30) ---- */

static void window_watchdog_resets_when_it_falls_below_0x40(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F103");
	assert_int_equal(peek(&b, WWDG), 0x7f);
	poke(&b, WWDG + 4, 0x1ff); /* by 8: 4096 * 8 / 8 MHz, 4.096 ms each */
	poke(&b, WWDG, 0xff);
	pass(&b, 100 * NS_PER_MS);
	assert_int_equal(peek(&b, WWDG), 0x80 | (0x7f - 24));
	assert_int_equal(b.c.resets, 0);
	pass(&b, 200 * NS_PER_MS);
	assert_int_equal(b.c.resets, 1);
	assert_int_equal(peek(&b, 0x40021024) >> 30 & 1, 1); /* WWDGRSTF */
	assert_int_equal(peek(&b, WWDG), 0x7f);
	chip_done(&b.c);
}

static void window_watchdog_resets_when_it_is_fed_too_early(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F103");
	poke(&b, WWDG + 4, 0x1d0);
	poke(&b, WWDG, 0xff);
	pass(&b, NS_PER_MS);
	poke(&b, WWDG, 0xff);
	pass(&b, NS_PER_MS);
	assert_int_equal(b.c.resets, 1);
	chip_done(&b.c);
}

/* DBG_WWDG_STOP: in CR of F1, beside the other one on G0, in a register of its own on H7. */
static void window_watchdog_stands_still_while_the_core_is_halted_if_asked(void **state)
{
	static const struct {
		const char *chip;
		uint32_t base, cfr, freeze, bit;
	} rows[] = { { "F103", WWDG, 0x1ff, 0xe0042004, 0x200 },
		     { "L476", WWDG, 0x1ff, 0xe0042008, 0x800 },
		     { "G431", WWDG, 0x187f, 0xe0042008, 0x800 },
		     { "H743", 0x50003000, 0x387f, 0x5c001034, 0x40 } };
	struct board b;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		board_init(&b, rows[i].chip);
		poke(&b, rows[i].freeze, rows[i].bit);
		poke(&b, DHCSR, DO_HALT);
		pass(&b, NS_PER_MS);
		poke(&b, rows[i].base + 4, rows[i].cfr);
		poke(&b, rows[i].base, 0xff);
		pass(&b, NS_PER_S);
		assert_int_equal(b.c.resets, 0);
		poke(&b, DHCSR, DO_RUN);
		pass(&b, NS_PER_S);
		assert_true(b.c.resets > 0);
		chip_done(&b.c);
	}
}

/* ---- TrustZone as a locked door ---- */

static void closed_trustzone_shows_nothing_and_stops_nothing(void **state)
{
	static const char *const chips[] = { "L552",  "U575",  "U385", "U3C5",
					     "WBA25", "WBA52", "WBA65" };
	struct board b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		board_init(&b, chips[i]);
		assert_int_equal(peek(&b, FLASH), RAM + 0x400);
		b.c.flash.row->ops->set_trustzone(&b.c.flash);
		pass(&b, NS_PER_MS);
		assert_int_equal(peek(&b, FLASH), 0);
		assert_int_equal(peek(&b, RAM), 0);
		assert_int_equal(access_by(&b, BUS_CORE, false, FLASH, 0), RAM + 0x400);
		poke(&b, DHCSR, DO_HALT);
		pass(&b, NS_PER_MS);
		assert_int_equal(peek(&b, DHCSR) & S_HALT, 0);
		chip_done(&b.c);
	}
}

static void leaving_trustzone_erases_everything(void **state)
{
	struct board b;
	uint32_t regs = 0x40022000;

	(void)state;
	board_init(&b, "U575");
	b.c.flash.row->ops->set_trustzone(&b.c.flash);
	poke(&b, regs + 0x08, 0x45670123);
	poke(&b, regs + 0x08, 0xcdef89ab);
	poke(&b, regs + 0x28, 0x2);
	poke(&b, regs + 0x28, 0x10002);
	assert_int_equal(peek(&b, regs + 0x20) & 0x10, 0x10); /* no page is not secure */
	poke(&b, regs + 0x10, 0x08192a3b);
	poke(&b, regs + 0x10, 0x4c5d6e7f);
	poke(&b, regs + 0x40, (peek(&b, regs + 0x40) & 0x7fffff00) | 0xaa);
	poke(&b, regs + 0x28, 0x20000);
	pass(&b, NS_PER_S);
	chip_reset(&b.c, CLOCKS_OPTIONS, b.now);
	pass(&b, NS_PER_MS);
	assert_int_equal(peek(&b, regs + 0x40) >> 31, 0);
	assert_int_equal(peek(&b, FLASH), 0xffffffff);
	chip_done(&b.c);
}

static void closed_product_state_of_h5_leaves_the_first_access_port(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "H563");
	assert_false(chip_ap_shut(&b.c, 1));
	b.c.flash.row->ops->set_protection(&b.c.flash, 1);
	assert_true(chip_port_alive(&b.c));
	assert_false(chip_ap_shut(&b.c, 0));
	assert_true(chip_ap_shut(&b.c, 1));
	chip_done(&b.c);
}

/* ---- reads that are not what was written ---- */

/* RM0351 3.3.4: two wrong bits raise an NMI; the debug port gets an error. */
static void core_meets_a_torn_granule_with_an_nmi(void **state)
{
	/* ldr r0, [pc, #4]; ldr r1, [r0]; b .; nop; .word 0x08000800 */
	static const uint16_t code[] = { 0x4801, 0x6801, 0xe7fe, 0xbf00, 0x0800, 0x0800 };
	struct bus_access a = { .addr = FLASH + 0x800, .size = 4, .master = BUS_DEBUG };
	struct board b;
	size_t i;

	(void)state;
	board_init(&b, "L476");
	for (i = 0; i < 6; i++)
		put_le16(b.c.flash.cells.at + 0x40 + 2 * i, code[i]);
	put_le32(b.c.flash.cells.at + 8, FLASH + 0x61);
	put_le16(b.c.flash.cells.at + 0x60, 0xe7fe);
	cells_program_cut(&b.c.flash.cells, 0x800, (const uint8_t *)"\x12\x34\x56\x78\x9a\xbc\xde",
			  8, 0.5);
	flash_changed(&b.c.flash, 0, 0x1000);
	chip_reset(&b.c, CLOCKS_PIN, b.now);
	pass(&b, 10 * NS_PER_MS);
	assert_int_equal(core_reg(&b.c.core, CORE_PC) & ~1u, FLASH + 0x60);
	assert_int_equal(core_reg(&b.c.core, CORE_XPSR) & 0x1ff, EXC_NMI);
	assert_int_equal(peek(&b, 0x40022018) >> 31, 1); /* ECCD */
	a.now_ns = b.now;
	a.ready_ns = b.now;
	assert_int_equal(chip_bus(&b.c, &a), BUS_FAULT);
	chip_done(&b.c);
}

static void cells_between_old_and_new_read_differently_each_time(void **state)
{
	struct board b;
	uint32_t first;
	unsigned i, differ = 0;

	(void)state;
	board_init(&b, "F103");
	memset(b.c.flash.cells.at + 0x400, 0, 0x400);
	cells_erase_cut(&b.c.flash.cells, 0x400, 0x400, 0.5);
	first = peek(&b, FLASH + 0x400);
	for (i = 0; i < 20; i++)
		differ += peek(&b, FLASH + 0x400) != first;
	assert_true(differ > 5);
	cells_erase(&b.c.flash.cells, 0x400, 0x400);
	for (i = 0; i < 20; i++)
		assert_int_equal(peek(&b, FLASH + 0x400), 0xffffffff);
	chip_done(&b.c);
}

/* RM0090 3.5.2: lines of the data cache stay until somebody resets it, with the cache off. */
static void f4_debug_port_reads_stale_lines_while_the_data_cache_is_on(void **state)
{
	struct board b;
	uint32_t acr = 0x40023c00;

	(void)state;
	board_init(&b, "F405");
	put_le32(b.c.flash.cells.at + 0x800, 0x11111111);
	poke(&b, acr, 0x400);
	assert_int_equal(peek(&b, FLASH + 0x800), 0x11111111);
	put_le32(b.c.flash.cells.at + 0x800, 0x22222222);
	assert_int_equal(peek(&b, FLASH + 0x800), 0x11111111);
	poke(&b, acr, 0x1400); /* on: nothing happens */
	assert_int_equal(peek(&b, FLASH + 0x800), 0x11111111);
	poke(&b, acr, 0x1000);
	poke(&b, acr, 0x400);
	assert_int_equal(peek(&b, FLASH + 0x800), 0x22222222);
	chip_done(&b.c);
}

/* The ITCM address of the same cells, which takes no stores (RM0385 3.3). */
static void f7_flash_is_seen_at_two_addresses_and_written_at_one(void **state)
{
	struct bus_access a = { .addr = 0x00200000, .size = 4, .write = true };
	struct board b;

	(void)state;
	board_init(&b, "F746");
	assert_int_equal(peek(&b, 0x00200000), RAM + 0x400);
	assert_int_equal(chip_bus(&b.c, &a), BUS_FAULT);
	chip_done(&b.c);
}

/* RM0351 3.4.2, RM0444 3.4.2: IWDG_SW is bit 16 of the option register, WWDG_SW bit 19. */
static void watchdogs_that_options_start_run_from_reset_on(void **state)
{
	static const char *const chips[] = { "L476", "G071", "G474" };
	static const struct {
		uint32_t off;
		enum clocks_flag why;
	} dogs[] = { { 1u << 16, CLOCKS_IWDG }, { 1u << 19, CLOCKS_WWDG } };
	const uint32_t flash = 0x40022000;
	struct board b;
	unsigned i, k, resets;

	(void)state;
	for (i = 0; i < 3; i++)
		for (k = 0; k < 2; k++) {
			board_init(&b, chips[i]);
			pass(&b, NS_PER_S);
			assert_int_equal(b.c.resets, 0);
			poke(&b, flash + 0x08, 0x45670123);
			poke(&b, flash + 0x08, 0xcdef89ab);
			poke(&b, flash + 0x0c, 0x08192a3b);
			poke(&b, flash + 0x0c, 0x4c5d6e7f);
			poke(&b, flash + 0x20, peek(&b, flash + 0x20) & ~dogs[k].off);
			poke(&b, flash + 0x14, 1u << 17); /* OPTSTRT */
			pass(&b, 100 * NS_PER_MS);
			poke(&b, flash + 0x14, 1u << 27); /* OBL_LAUNCH */
			pass(&b, NS_PER_MS);
			resets = b.c.resets;
			pass(&b, 2 * NS_PER_S);
			assert_true(b.c.resets > resets);
			assert_int_equal(b.c.reset_why, dogs[k].why);
			chip_done(&b.c);
		}
}

static void no_chip_is_delivered_with_a_watchdog_that_runs(void **state)
{
	const struct chip_row *row;
	struct board b;
	size_t n;

	(void)state;
	for (n = 0; (row = chip_nth(n)); n++) {
		board_init(&b, row->name);
		assert_non_null(row->flash->ops->watchdogs);
		assert_int_equal(row->flash->ops->watchdogs(&b.c.flash), 0);
		chip_done(&b.c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(window_watchdog_resets_when_it_falls_below_0x40),
		cmocka_unit_test(window_watchdog_resets_when_it_is_fed_too_early),
		cmocka_unit_test(window_watchdog_stands_still_while_the_core_is_halted_if_asked),
		cmocka_unit_test(watchdogs_that_options_start_run_from_reset_on),
		cmocka_unit_test(no_chip_is_delivered_with_a_watchdog_that_runs),
		cmocka_unit_test(closed_trustzone_shows_nothing_and_stops_nothing),
		cmocka_unit_test(leaving_trustzone_erases_everything),
		cmocka_unit_test(closed_product_state_of_h5_leaves_the_first_access_port),
		cmocka_unit_test(core_meets_a_torn_granule_with_an_nmi),
		cmocka_unit_test(cells_between_old_and_new_read_differently_each_time),
		cmocka_unit_test(f4_debug_port_reads_stale_lines_while_the_data_cache_is_on),
		cmocka_unit_test(f7_flash_is_seen_at_two_addresses_and_written_at_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
