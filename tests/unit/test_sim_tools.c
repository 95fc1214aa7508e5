/*
 * What pyOCD and probe-rs say to a probe, command by command, against the bench: attaching, the
 * walk through the ROM tables, halting, stepping, resets, leaving.
 */
#include "tests/lib/desk.h"

#define DHCSR 0xe000edf0u
#define DCRSR 0xe000edf4u
#define DCRDR 0xe000edf8u
#define DEMCR 0xe000edfcu
#define AIRCR 0xe000ed0cu
#define DFSR  0xe000ed30u
#define CPUID 0xe000ed00u

#define KEY	  0xa05f0000u
#define S_REGRDY  0x00010000u
#define S_HALT	  0x00020000u
#define S_RESET	  0x02000000u
#define RAM	  0x20000000u
#define RAM_CODE  0x20000200u
#define PORT_DP	  0xffff
#define BLOCK_MAX 6144u

#define BYTES4(v) (uint8_t)(v), (uint8_t)((v) >> 8), (uint8_t)((v) >> 16), (uint8_t)((v) >> 24)

/* ---- the commands that both are built from ---- */

static unsigned last_status(struct desk *d)
{
	ASK(d, 12, 0xf2, 0x3e);
	return get_le16(d->reply);
}

static uint32_t dap_read(struct desk *d, unsigned port, unsigned reg)
{
	ASK(d, 8, 0xf2, 0x45, (uint8_t)port, (uint8_t)(port >> 8), (uint8_t)reg, 0);
	assert_int_equal(get_le16(d->reply), 0x80);
	return get_le32(d->reply + 4);
}

static void dap_write(struct desk *d, unsigned port, unsigned reg, uint32_t value)
{
	ASK(d, 2, 0xf2, 0x46, (uint8_t)port, (uint8_t)(port >> 8), (uint8_t)reg, 0, BYTES4(value));
	assert_int_equal(get_le16(d->reply), 0x80);
}

/* The access port through which the core is reached: one that sees all of the bus. */
static uint8_t core_ap(const struct desk *d)
{
	const struct chip_ap *ap = d->b.chip.row->ap;
	uint8_t n = 0;

	while (!ap[n].idr || ap[n].window_bytes)
		n++;
	return n;
}

static const uint8_t *read_block(struct desk *d, uint32_t addr, unsigned len)
{
	ASK(d, len, 0xf2, 0x07, BYTES4(addr), (uint8_t)len, (uint8_t)(len >> 8), core_ap(d));
	memmove(d->reply + 64, d->reply, len);
	assert_int_equal(last_status(d), 0x80);
	return d->reply + 64;
}

static uint32_t read_word(struct desk *d, uint32_t addr)
{
	return get_le32(read_block(d, addr, 4));
}

static void write_block(struct desk *d, uint32_t addr, const uint8_t *bytes, unsigned len)
{
	SAY(d, 0xf2, 0x08, BYTES4(addr), (uint8_t)len, (uint8_t)(len >> 8), core_ap(d));
	send(d, bytes, len);
	assert_int_equal(last_status(d), 0x80);
}

static void write_word(struct desk *d, uint32_t addr, uint32_t value)
{
	uint8_t bytes[4];

	put_le32(bytes, value);
	write_block(d, addr, bytes, sizeof(bytes));
}

/* Both go through DCRSR; the register commands of the firmware are OpenOCD's and st-flash's. */
static uint32_t read_core_reg(struct desk *d, unsigned number)
{
	write_word(d, DCRSR, number);
	assert_true(read_word(d, DHCSR) & S_REGRDY);
	return read_word(d, DCRDR);
}

static void write_core_reg(struct desk *d, unsigned number, uint32_t value)
{
	write_word(d, DCRDR, value);
	write_word(d, DCRSR, number | 0x10000);
	assert_true(read_word(d, DHCSR) & S_REGRDY);
}

static unsigned mode(struct desk *d)
{
	ASK(d, 2, 0xf5);
	return d->reply[0];
}

static void leave_debug(struct desk *d)
{
	if (mode(d) == 2)
		SAY(d, 0xf2, 0x21);
}

static void ask_versions(struct desk *d)
{
	ASK(d, 6, 0xf1);
	if (d->b.fw.version.hardware >= 3)
		ASK(d, 12, 0xfb);
}

static void set_1_mhz(struct desk *d)
{
	if (d->b.fw.version.hardware >= 3) {
		ASK(d, 8, 0xf2, 0x61, 0, 0, BYTES4(1000));
		assert_int_equal(get_le32(d->reply + 4), 1000);
	} else {
		ASK(d, 2, 0xf2, 0x43, 3, 0);
		assert_int_equal(get_le16(d->reply), 0x80);
	}
}

/* ---- pyOCD ---- */

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

/* Two instructions in RAM: ADDS r0, #1 and a branch back. */
static void put_a_loop(struct desk *d)
{
	write_word(d, RAM_CODE, 0xe7fd3001);
	write_core_reg(d, 0, 100);
	write_core_reg(d, 15, RAM_CODE);
	write_core_reg(d, 16, 0x01000000);
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

/* ---- probe-rs ---- */

static void probe_rs_opens(struct desk *d, bool under_reset)
{
	leave_debug(d);
	ask_versions(d);
	if (d->b.fw.version.hardware >= 3) {
		ASK(d, 52, 0xf2, 0x62, 0);
		ASK(d, 52, 0xf2, 0x62, 1);
	}
	if (under_reset)
		ASK(d, 2, 0xf2, 0x3c, 0);
	leave_debug(d);
	ASK(d, 8, 0xf7);
	ASK(d, 2, 0xf2, 0x30, 0xa3, 0);
	assert_int_equal(get_le16(d->reply), 0x80);
	if (d->b.fw.version.hardware >= 3)
		ASK(d, 52, 0xf2, 0x62, 0);
	set_1_mhz(d);
}

/* It opens ports until one cannot be; nothing powers the debug domain up but the probe itself. */
static unsigned probe_rs_finds_ports(struct desk *d)
{
	unsigned n;

	for (n = 0;; n++) {
		ASK(d, 2, 0xf2, 0x4b, (uint8_t)n);
		if (get_le16(d->reply) != 0x80)
			break;
		if (!dap_read(d, n, 0xfc))
			break;
	}
	assert_in_range(get_le16(d->reply), 0x11, 0x1d); /* a WAIT it would repeat for ever */
	assert_int_not_equal(get_le16(d->reply), 0x14);
	return n;
}

static void probe_rs_halts(struct desk *d)
{
	unsigned polls = 0;

	write_word(d, DHCSR, KEY | 0x3);
	while (!(read_word(d, DHCSR) & S_HALT))
		assert_true(++polls < 100);
	read_core_reg(d, 15);
}

/* Before every run it steps, with interrupts masked, and waits for the halt. */
static void probe_rs_runs(struct desk *d)
{
	unsigned polls = 0;

	read_word(d, DHCSR);
	write_word(d, DHCSR, KEY | 0xb);
	write_word(d, DHCSR, KEY | 0xd);
	while (!(read_word(d, DHCSR) & S_HALT))
		assert_true(++polls < 100);
	read_core_reg(d, 15);
	write_word(d, DHCSR, KEY | 0x3);
	write_word(d, DHCSR, KEY | 0x1);
}

static void probe_rs_attaches_to_every_chip(void **state)
{
	const struct chip_row *row;
	struct desk d;
	size_t n;

	(void)state;
	for (n = 0; (row = chip_nth(n)); n++) {
		desk_init(&d, n % 2 ? "v2-1" : "v3e", NULL, row->name);
		probe_rs_opens(&d, false);
		assert_in_range(probe_rs_finds_ports(&d), 1, 3);
		dap_read(&d, core_ap(&d), 0x00);
		dap_read(&d, core_ap(&d), 0xf4);
		dap_write(&d, core_ap(&d), 0x00, row->ap[core_ap(&d)].csw);
		assert_int_equal(read_word(&d, CPUID), row->core->cpuid);
		assert_int_equal(read_word(&d, row->idcode_addr) & 0xfff, row->idcode & 0xfff);
		probe_rs_halts(&d);
		put_a_loop(&d);
		probe_rs_runs(&d);
		bench_sleep(&d.b, NS_PER_MS);
		probe_rs_halts(&d);
		assert_true(read_core_reg(&d, 0) > 200);
		leave_debug(&d);
		assert_int_equal(mode(&d), 1);
		bench_done(&d.b);
	}
}

static void probe_rs_keeps_the_clocks_of_sleep_on(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	probe_rs_opens(&d, false);
	probe_rs_finds_ports(&d);
	write_word(&d, 0xe0042004, read_word(&d, 0xe0042004) | 7);
	assert_int_equal(read_word(&d, 0xe0042004), 7);
	bench_done(&d.b);
	/* On a Cortex-M0 its clock must be switched on first. */
	desk_init(&d, "v2", NULL, "F051");
	probe_rs_opens(&d, false);
	probe_rs_finds_ports(&d);
	write_word(&d, 0x40015804, 6);
	assert_int_equal(read_word(&d, 0x40015804), 0);
	write_word(&d, 0x40021018, read_word(&d, 0x40021018) | 0x400000);
	write_word(&d, 0x40015804, 6);
	assert_int_equal(read_word(&d, 0x40015804), 6);
	bench_done(&d.b);
}

static void probe_rs_attaches_under_reset(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v3", NULL, "F405");
	probe_rs_opens(&d, true);
	probe_rs_finds_ports(&d);
	write_word(&d, DEMCR, 0x01000001);
	write_word(&d, DHCSR, KEY | 0x1);
	ASK(&d, 2, 0xf2, 0x3c, 1);
	bench_sleep(&d.b, 100 * NS_PER_MS);
	assert_true(read_word(&d, DHCSR) & S_HALT);
	assert_int_equal(read_core_reg(&d, 15), 0x08000040);
	bench_done(&d.b);
}

static void probe_rs_resets_and_waits_for_the_flag_to_clear(void **state)
{
	unsigned polls = 0;
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "L476");
	probe_rs_opens(&d, false);
	probe_rs_finds_ports(&d);
	probe_rs_halts(&d);
	write_word(&d, AIRCR, 0x05fa0004);
	while (read_word(&d, DHCSR) & S_RESET)
		assert_true(++polls < 100);
	ASK(&d, 2, 0xf2, 0x3c, 2); /* and by a pulse on the pin */
	bench_sleep(&d.b, NS_PER_MS);
	assert_true(read_word(&d, DHCSR) & S_RESET);
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
		cmocka_unit_test(probe_rs_attaches_to_every_chip),
		cmocka_unit_test(probe_rs_keeps_the_clocks_of_sleep_on),
		cmocka_unit_test(probe_rs_attaches_under_reset),
		cmocka_unit_test(probe_rs_resets_and_waits_for_the_flag_to_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
