/*
 * What probe-rs says to a probe, command by command, against the bench: attaching, also under
 * reset, and leaving.
 */
#include "tests/lib/tool_commands.h"

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
		cmocka_unit_test(probe_rs_attaches_to_every_chip),
		cmocka_unit_test(probe_rs_keeps_the_clocks_of_sleep_on),
		cmocka_unit_test(probe_rs_attaches_under_reset),
		cmocka_unit_test(probe_rs_resets_and_waits_for_the_flag_to_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
