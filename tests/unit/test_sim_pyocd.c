/*
 * What pyOCD says to a probe, command by command, against the bench: attaching, the walk through
 * the ROM tables, blocks, resets.
 */
#include "tests/lib/tool_commands.h"

static void pyocd_opens(struct desk *d)
{
	assert_int_equal(fetch(d, 64), USB_NAK); /* it drains the endpoint first */
	leave_debug(d);
	ask_versions(d);
	ASK(d, 8, 0xf7);
	assert_int_not_equal(get_le32(d->reply), 0);
	if (d->b.fw.version.hardware >= 3)
		ASK(d, 8, 0xf2, 0x63, 1);
	set_1_mhz(d);
}

static void pyocd_powers_up(struct desk *d)
{
	leave_debug(d);
	ASK(d, 2, 0xf2, 0x30, 0xa3, 0);
	assert_int_equal(get_le16(d->reply), 0x80);
	assert_int_equal(dap_read(d, PORT_DP, 0x0), d->b.chip.row->dpidr);
	dap_write(d, PORT_DP, 0x0, 0x1e);
	dap_write(d, PORT_DP, 0x4, 0x50000f00);
	assert_int_equal(dap_read(d, PORT_DP, 0x4) & 0xf0000000, 0xf0000000);
}

/* Identities are read before a port is opened; one that is missing reads as zero. */
static unsigned pyocd_finds_ports(struct desk *d)
{
	unsigned n = 0, missing = 0, found = 0;

	for (; missing < 3; n++) {
		ASK(d, 8, 0xf2, 0x45, (uint8_t)n, 0, 0xfc, 0);
		if (get_le16(d->reply) == 0x80 && get_le32(d->reply + 4)) {
			missing = 0;
			found++;
		} else {
			missing++;
		}
	}
	return found;
}

static void pyocd_tries_the_csw(struct desk *d)
{
	uint32_t csw;

	ASK(d, 2, 0xf2, 0x4b, core_ap(d), 0);
	assert_int_equal(get_le16(d->reply), 0x80);
	csw = dap_read(d, core_ap(d), 0x00);
	assert_true(csw & 0x40); /* or its discovery is skipped */
	dap_read(d, core_ap(d), 0xf4);
	dap_write(d, core_ap(d), 0x00, csw | 0x7f000000);
	dap_read(d, core_ap(d), 0x00);
	dap_write(d, core_ap(d), 0x00, csw);
}

struct found { /* components by what pyOCD looks them up with */
	unsigned scs, dwt, fpb;
	uint32_t scs_base;
};

static uint32_t one_byte_each(const uint8_t *at, unsigned n)
{
	uint32_t value = 0;
	unsigned i;

	for (i = 0; i < n; i++)
		value |= (uint32_t)at[4 * i] << (8 * i);
	return value;
}

static void note_component(struct found *f, uint32_t base, unsigned part, unsigned archid)
{
	bool scs = part == 0x000 || part == 0x008 || part == 0x00c || archid == 0x2a04;

	f->scs += scs;
	if (scs)
		f->scs_base = base;
	f->dwt += part == 0x002 || part == 0x00a || archid == 0x1a02;
	f->fpb += part == 0x003 || part == 0x00b || part == 0x00e || archid == 0x1a03;
}

/* PIDR4 to CIDR3 in one block, DEVARCH to DEVTYPE in another, entries nine at a time. */
static void pyocd_walks(struct desk *d, uint32_t base, unsigned depth, struct found *f)
{
	const uint8_t *at = read_block(d, base + 0xfd0, 48);
	unsigned part = one_byte_each(at + 16, 2) & 0xfff, klass = at[36] >> 4, i;
	uint32_t entries[9], archid = 0, from = 0;

	assert_int_equal(one_byte_each(at + 32, 4) & 0xffff0fff, 0xb105000d);
	if (klass == 9)
		archid = get_le32(read_block(d, base + 0xfbc, 20)) & 0xffff;
	if (klass != 1) {
		note_component(f, base, klass == 9 && archid ? 0xfff : part, archid);
		return;
	}
	assert_true(depth < 3);
	do {
		at = read_block(d, base + from, sizeof(entries));
		for (i = 0; i < 9; i++)
			entries[i] = get_le32(at + 4 * (size_t)i);
		for (i = 0; i < 9 && entries[i]; i++)
			if (entries[i] & 1)
				pyocd_walks(d, base + (entries[i] & 0xfffff000), depth + 1, f);
		from += sizeof(entries);
	} while (i == 9);
}

static void pyocd_halts(struct desk *d)
{
	write_word(d, DHCSR, KEY | 0x3);
	assert_true(read_word(d, DHCSR) & S_HALT);
}

static void pyocd_closes(struct desk *d)
{
	write_word(d, DHCSR, KEY | 0x1);
	write_word(d, DHCSR, KEY);
	write_word(d, DEMCR, 0);
	dap_write(d, PORT_DP, 0x4, 0x10000f00);
	dap_write(d, PORT_DP, 0x4, 0x00000f00);
	assert_int_equal(dap_read(d, PORT_DP, 0x4) & 0xf0000000, 0);
	leave_debug(d);
	leave_debug(d);
	assert_int_equal(mode(d), 1);
}

static void pyocd_attaches(struct desk *d, const char *probe, const char *chip)
{
	desk_init(d, probe, NULL, chip);
	pyocd_opens(d);
	pyocd_powers_up(d);
	pyocd_finds_ports(d);
	pyocd_tries_the_csw(d);
}

static void pyocd_finds_its_way_to_the_core_of_every_chip(void **state)
{
	const struct chip_row *row;
	struct found f;
	struct desk d;
	size_t n;

	(void)state;
	for (n = 0; (row = chip_nth(n)); n++) {
		f = (struct found){ 0 };
		pyocd_attaches(&d, n % 2 ? "v2" : "v3", row->name);
		write_word(&d, DEMCR, 0x01000000);
		pyocd_walks(&d, dap_read(&d, core_ap(&d), 0xf8) & 0xfffff000, 0, &f);
		assert_int_equal(f.scs, 1);
		assert_int_equal(f.scs_base, 0xe000e000);
		assert_int_equal(f.dwt, 1);
		assert_int_equal(f.fpb, 1);
		assert_int_equal(read_word(&d, CPUID), row->core->cpuid);
		pyocd_halts(&d);
		pyocd_closes(&d);
		bench_done(&d.b);
	}
}

static void pyocd_sees_the_ports_there_are(void **state)
{
	struct desk d;

	(void)state;
	pyocd_attaches(&d, "v2", "F405");
	assert_int_equal(pyocd_finds_ports(&d), 1);
	bench_done(&d.b);
	pyocd_attaches(&d, "v3", "H743");
	assert_int_equal(pyocd_finds_ports(&d), 3);
	bench_done(&d.b);
}

static void pyocd_steps_once(struct desk *d)
{
	unsigned polls = 0;

	assert_true(read_word(d, DHCSR) & S_HALT);
	write_word(d, DFSR, 0x1f);
	write_word(d, DHCSR, KEY | 0xf);
	write_word(d, DHCSR, KEY | 0xd);
	while (!(read_word(d, DHCSR) & 0x2)) /* C_HALT, not S_HALT */
		assert_true(++polls < 10);
	write_word(d, DHCSR, KEY | 0x3);
}

static void pyocd_steps_and_runs(void **state)
{
	static const char *const chips[] = { "F051", "F103", "F405", "G071", "H743", "U575" };
	struct desk d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		pyocd_attaches(&d, "v2-1", chips[i]);
		pyocd_halts(&d);
		put_a_loop(&d);
		pyocd_steps_once(&d);
		assert_int_equal(read_core_reg(&d, 0), 101);
		assert_int_equal(read_core_reg(&d, 15), RAM_CODE + 2);
		pyocd_steps_once(&d);
		assert_int_equal(read_core_reg(&d, 15), RAM_CODE);
		write_word(&d, DFSR, 0x1f);
		write_word(&d, DHCSR, KEY | 0x1);
		bench_sleep(&d.b, NS_PER_MS);
		pyocd_halts(&d);
		assert_true(read_core_reg(&d, 0) > 200);
		bench_done(&d.b);
	}
}

static void pyocd_moves_blocks_of_its_size(void **state)
{
	static uint8_t bytes[BLOCK_MAX];
	struct desk d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + (i >> 8));
	pyocd_attaches(&d, "v2", "F405");
	pyocd_halts(&d);
	write_block(&d, RAM, bytes, sizeof(bytes));
	assert_memory_equal(read_block(&d, RAM, sizeof(bytes)), bytes, sizeof(bytes));
	bench_done(&d.b);
}

static void pyocd_clears_what_a_fault_left(void **state)
{
	struct desk d;

	(void)state;
	pyocd_attaches(&d, "v2", "F405");
	pyocd_halts(&d);
	ASK(&d, 4, 0xf2, 0x07, BYTES4(0xa0000000u), 4, 0);
	assert_int_not_equal(last_status(&d), 0x80);
	assert_true(dap_read(&d, PORT_DP, 0x4) & 0x20);
	dap_write(&d, PORT_DP, 0x0, 0x1e);
	assert_false(dap_read(&d, PORT_DP, 0x4) & 0x20);
	write_word(&d, RAM, 0x600df00d);
	assert_int_equal(read_word(&d, RAM), 0x600df00d);
	bench_done(&d.b);
}

static void pyocd_resets_into_a_halt_by_itself_and_by_the_pin(void **state)
{
	struct desk d;

	(void)state;
	pyocd_attaches(&d, "v2", "F405");
	pyocd_halts(&d);
	write_word(&d, DEMCR, 0x01000001);
	write_word(&d, AIRCR, 0x05fa0004);
	bench_sleep(&d.b, 10 * NS_PER_MS);
	assert_int_equal(read_word(&d, DHCSR) & (S_RESET | S_HALT), S_RESET | S_HALT);
	assert_int_equal(read_word(&d, DHCSR) & S_RESET, 0); /* for one read */
	assert_int_equal(read_word(&d, DFSR) & 0x8, 0x8);
	ASK(&d, 2, 0xf2, 0x3c, 0);
	bench_sleep(&d.b, 100 * NS_PER_MS);
	ASK(&d, 2, 0xf2, 0x3c, 1);
	bench_sleep(&d.b, 100 * NS_PER_MS);
	assert_int_equal(dap_read(&d, PORT_DP, 0x0), 0x2ba01477);
	assert_int_equal(read_word(&d, DHCSR) & (S_RESET | S_HALT), S_RESET | S_HALT);
	bench_done(&d.b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pyocd_finds_its_way_to_the_core_of_every_chip),
		cmocka_unit_test(pyocd_sees_the_ports_there_are),
		cmocka_unit_test(pyocd_steps_and_runs),
		cmocka_unit_test(pyocd_moves_blocks_of_its_size),
		cmocka_unit_test(pyocd_clears_what_a_fault_left),
		cmocka_unit_test(pyocd_resets_into_a_halt_by_itself_and_by_the_pin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
