/* The bench's flash caches: what a core reads and executes after cells have changed under it. */
#include "tests/lib/core_board.h"

#define L4_ACR 0x40022000u
#define F4_ACR 0x40023c00u
#define WB_ACR 0x58004000u

#define CODE_ON	   0x200u
#define DATA_ON	   0x400u
#define CODE_RESET 0x800u
#define DATA_RESET 0x1000u

#define DATA	 0x1000u /* offsets in flash */
#define FUNCTION 0x820u

/* Stores for ever the word at DATA and what FUNCTION returns; both as seen from `flash`. */
static void run_watcher(struct board *b, const char *chip, uint32_t flash)
{
	uint8_t *at;

	board_init(b, chip,
		   CODE(0x4804, 0x4b05, 0x4c05,		     /* ldr r0, r3, r4 from below */
			0x6801, 0x6019, 0x47a0, 0x605a,	     /* ldr, str, blx r4, str r2 */
			0xe7fa, 0xbf00, 0xbf00,		     /* b to the first ldr */
			DATA, flash >> 16, 0x100, RAM >> 16, /* where they look, and write */
			FUNCTION | 1, flash >> 16),
		   0);
	at = b->c.flash.cells.at;
	put_le32(at + DATA, 0x11111111);
	put_le32(at + FUNCTION, 0x47702201); /* movs r2, #1; bx lr */
	flash_changed(&b->c.flash, 0, b->c.flash.size);
	pass(b, NS_PER_MS);
}

/* As an erase and then a programming of both by somebody else would. */
static void change_cells(struct board *b)
{
	uint8_t *at = b->c.flash.cells.at;

	put_le32(at + DATA, 0x22222222);
	put_le32(at + FUNCTION, 0x47702202);
	flash_changed(&b->c.flash, DATA, 4);
	flash_changed(&b->c.flash, FUNCTION, 4);
	pass(b, NS_PER_MS);
}

static void expect_seen(struct board *b, uint32_t data, uint32_t result)
{
	assert_int_equal(peek(b, RAM + 0x100), data);
	assert_int_equal(peek(b, RAM + 0x104), result);
}

static void what_a_core_has_read_stays_until_the_cache_is_reset_while_it_is_off(void **state)
{
	static const struct {
		const char *chip;
		uint32_t acr, at_reset;
	} chips[] = { { "F405", F4_ACR, 0 },
		      { "F207", F4_ACR, 0 },
		      { "L476", L4_ACR, CODE_ON | DATA_ON },
		      { "L4R5", L4_ACR, CODE_ON | DATA_ON },
		      { "G474", L4_ACR, CODE_ON | DATA_ON },
		      { "WB55", WB_ACR, CODE_ON | DATA_ON } };
	struct board b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		uint32_t acr = chips[i].acr;

		run_watcher(&b, chips[i].chip, FLASH);
		assert_int_equal(peek(&b, acr) & (CODE_ON | DATA_ON), chips[i].at_reset);
		poke(&b, acr, CODE_ON | DATA_ON);
		pass(&b, NS_PER_MS);
		expect_seen(&b, 0x11111111, 1);
		change_cells(&b);
		expect_seen(&b, 0x11111111, 1);
		poke(&b, acr,
		     CODE_ON | DATA_ON | CODE_RESET | DATA_RESET); /* on: nothing happens */
		pass(&b, NS_PER_MS);
		expect_seen(&b, 0x11111111, 1);
		poke(&b, acr, 0); /* off, and on again: the lines are still there */
		pass(&b, NS_PER_MS);
		expect_seen(&b, 0x22222222, 2);
		poke(&b, acr, CODE_ON | DATA_ON);
		pass(&b, NS_PER_MS);
		expect_seen(&b, 0x11111111, 1);
		poke(&b, acr, CODE_ON);
		poke(&b, acr, CODE_ON | DATA_RESET);
		poke(&b, acr, CODE_ON | DATA_ON);
		pass(&b, NS_PER_MS);
		expect_seen(&b, 0x22222222, 1);
		poke(&b, acr, DATA_ON);
		poke(&b, acr, DATA_ON | CODE_RESET);
		poke(&b, acr, CODE_ON | DATA_ON);
		pass(&b, NS_PER_MS);
		expect_seen(&b, 0x22222222, 2);
		chip_done(&b.c);
	}
}

static void a_reset_of_the_chip_empties_the_caches(void **state)
{
	struct board b;

	(void)state;
	run_watcher(&b, "L476", FLASH);
	change_cells(&b);
	expect_seen(&b, 0x11111111, 1);
	chip_reset(&b.c, CLOCKS_PIN, b.now);
	pass(&b, NS_PER_MS);
	expect_seen(&b, 0x22222222, 2);
	chip_done(&b.c);
}

/* RM0444 3.3.4: instructions alone. */
static void a_g0_caches_code_and_no_data(void **state)
{
	struct board b;

	(void)state;
	run_watcher(&b, "G071", FLASH);
	poke(&b, L4_ACR, CODE_ON | DATA_ON);
	pass(&b, NS_PER_MS);
	change_cells(&b);
	expect_seen(&b, 0x22222222, 1);
	poke(&b, L4_ACR, CODE_RESET);
	poke(&b, L4_ACR, CODE_ON);
	pass(&b, NS_PER_MS);
	expect_seen(&b, 0x22222222, 2);
	chip_done(&b.c);
}

static void the_accelerator_of_f7_serves_the_itcm_address_alone(void **state)
{
	static const uint32_t addresses[] = { FLASH, 0x00200000 };
	struct board b;
	unsigned i;

	(void)state;
	for (i = 0; i < 2; i++) {
		run_watcher(&b, "F746", addresses[i]);
		poke(&b, F4_ACR, CODE_ON); /* ARTEN */
		pass(&b, NS_PER_MS);
		change_cells(&b);
		if (i)
			expect_seen(&b, 0x11111111, 1);
		else
			expect_seen(&b, 0x22222222, 2);
		poke(&b, F4_ACR, CODE_RESET);
		poke(&b, F4_ACR, CODE_ON);
		pass(&b, NS_PER_MS);
		expect_seen(&b, 0x22222222, 2);
		chip_done(&b.c);
	}
}

/* RM0090 3.6.4, RM0440 3.3.7: a write changes the data in the cache as well; an erase does not. */
static void programming_tells_the_data_cache_and_erasing_does_not(void **state)
{
	struct board b;
	struct bus_access a;

	(void)state;
	run_watcher(&b, "F405", FLASH);
	poke(&b, F4_ACR, DATA_ON);
	pass(&b, NS_PER_MS);
	poke(&b, F4_ACR + 4, 0x45670123);
	poke(&b, F4_ACR + 4, 0xcdef89ab);
	poke(&b, F4_ACR + 0x10, 0x201); /* PG, by words */
	a = (struct bus_access){ .addr = FLASH + DATA,
				 .size = 4,
				 .write = true,
				 .value = 0x01010101,
				 .master = BUS_DEBUG,
				 .now_ns = b.now,
				 .ready_ns = b.now };
	assert_int_equal(chip_bus(&b.c, &a), BUS_OK);
	pass(&b, NS_PER_MS);
	expect_seen(&b, 0x01010101, 1);
	poke(&b, F4_ACR + 0x10, 0x10002); /* sector 0, with the program in it */
	pass(&b, NS_PER_S);
	assert_int_equal(b.c.flash.cells.at[DATA], 0xff);
	assert_int_equal(peek(&b, FLASH + DATA), 0x01010101); /* the debug port's way is the same */
	poke(&b, F4_ACR, DATA_RESET);
	assert_int_equal(peek(&b, FLASH + DATA), 0xffffffff);
	chip_done(&b.c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_a_core_has_read_stays_until_the_cache_is_reset_while_it_is_off),
		cmocka_unit_test(a_reset_of_the_chip_empties_the_caches),
		cmocka_unit_test(a_g0_caches_code_and_no_data),
		cmocka_unit_test(the_accelerator_of_f7_serves_the_itcm_address_alone),
		cmocka_unit_test(programming_tells_the_data_cache_and_erasing_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
