/* The driver on the virtual bench in the same process: `--probe sim:...`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/coresight_regs.h"
#include "probe/cortexm.h"
#include "probe/dap.h"
#include "probe/probe.h"
#include "probe/sim_plugin.h"
#include "probe/target_stlink.h"

#define RAM   0x20000000u
#define FLASH 0x08000000u

/* Fails with what was said. */
#define must(call)                                                                                 \
	do {                                                                                       \
		struct err e = { 0 };                                                              \
                                                                                                   \
		if (call)                                                                          \
			fail_msg("%s: %s", #call, e.text);                                         \
	} while (0)

struct session {
	struct probe p;
	struct target_stlink ts;
	struct target *t;
};

static int open_words(struct session *s, const char *words, struct err *e)
{
	const struct probe_options o = { .words = words, .clock = &clock_real };

	return probe_open(&o, &s->p, e);
}

static void begin(struct session *s, const char *words)
{
	must(open_words(s, words, &e));
	must(stlink_open(&s->p.stlink, &e));
	target_stlink_init(&s->ts, &s->p.stlink, 0, STLINK_LINK_SWD, 1800);
	s->t = &s->ts.t;
}

static void end(struct session *s)
{
	stlink_close(&s->p.stlink, NULL);
	probe_close(&s->p);
}

static void a_healthy_board_is_read_through_all_layers(void **state)
{
	struct stlink_voltage volts;
	uint32_t id = 0, cpuid = 0, word = 0;
	struct session s;

	(void)state;
	begin(&s, "sim:healthy-f405-v2");
	assert_string_equal(s.p.title, "ST-LINK/V2 on the virtual bench");
	assert_int_equal(s.p.entry.id->generation, STLINK_V2);
	assert_int_equal(s.p.entry.serial.form, USB_SERIAL_HEX);
	assert_int_equal(s.p.stlink.version.jtag, 37);
	must(stlink_read_voltage(&s.p.stlink, &volts, &e));
	assert_in_range(volts.mv, 3250, 3350);
	must(cortexm_attach(s.t, TARGET_CONNECT_NORMAL, &e));
	must(dap_read_id(&s.p.stlink, &id, &e));
	assert_int_equal(id, 0x2ba01477);
	must(cortexm_read_cpuid(s.t, &cpuid, &e));
	assert_string_equal(cortexm_part_name(cpuid), "Cortex-M4");
	must(cortexm_halt(s.t, &e));
	must(target_write(s.t, RAM, "\x12\x34\x56\x78", 4, &e));
	must(target_read32(s.t, RAM, &word, &e));
	assert_int_equal(word, 0x78563412);
	end(&s);
}

static void waiting_costs_nothing(void **state)
{
	uint64_t real = clock_now_us(&clock_real), virtual_us;
	struct session s;

	(void)state;
	begin(&s, "sim:healthy-f405-v2");
	virtual_us = clock_now_us(s.p.clock);
	clock_sleep_us(s.p.clock, 3600 * 1000000ull);
	assert_true(clock_now_us(s.p.clock) - virtual_us >= 3600 * 1000000ull);
	assert_true(clock_now_us(&clock_real) - real < 60 * 1000000ull);
	end(&s);
}

static void two_benches_stand_for_themselves(void **state)
{
	uint32_t word = 0;
	struct session one, two;

	(void)state;
	begin(&one, "sim:healthy-f405-v2");
	begin(&two, "sim:healthy-f103-v2");
	must(cortexm_attach(one.t, TARGET_CONNECT_NORMAL, &e));
	must(cortexm_attach(two.t, TARGET_CONNECT_NORMAL, &e));
	must(target_read32(one.t, CORESIGHT_CPUID, &word, &e));
	assert_string_equal(cortexm_part_name(word), "Cortex-M4");
	must(target_read32(two.t, CORESIGHT_CPUID, &word, &e));
	assert_string_equal(cortexm_part_name(word), "Cortex-M3");
	end(&one);
	end(&two);
}

static void keys_change_the_scenario(void **state)
{
	struct err failed = { 0 };
	struct stlink_voltage volts;
	struct session s;

	(void)state;
	begin(&s, "sim:healthy-f405-v2,supply=1.6,wires={swdio: open, swclk: open},probe=v3");
	assert_int_equal(s.p.stlink.version.hardware, 3);
	must(stlink_read_voltage(&s.p.stlink, &volts, &e));
	assert_in_range(volts.mv, 1550, 1650);
	assert_int_equal(cortexm_attach(s.t, TARGET_CONNECT_NORMAL, &failed), ERR_STATUS);
	end(&s);
	begin(&s, "sim:healthy-f405-v2,wires.swdio=open,seed=7");
	assert_int_equal(cortexm_attach(s.t, TARGET_CONNECT_NORMAL, &failed), ERR_STATUS);
	end(&s);
}

static void mistakes_in_the_words_are_told(void **state)
{
	static const struct {
		const char *words;
		int rc;
		const char *says;
	} rows[] = {
		{ "sim:no-such", ERR_NOT_FOUND,
		  "sim:no-such: there is no scenario 'no-such'; `swdoctor sim list` shows all" },
		{ "sim:healthy-f405-v2,chip=Z80", ERR_FORMAT,
		  "sim:healthy-f405-v2,chip=Z80: chip=Z80: line 1: there is no chip 'Z80' on the "
		  "bench" },
		{ "sim:healthy-f405-v2,seed=x", ERR_USAGE,
		  "sim:healthy-f405-v2,seed=x: seed=x: a number from 1 belongs here" },
		{ "sim:/nowhere/at-all.yaml", ERR_NOT_FOUND, NULL },
		{ "sim:healthy-f405-v2,flash-out=/nowhere/f.bin", ERR_IO, NULL },
	};
	struct session s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = { 0 };

		assert_int_equal(open_words(&s, rows[i].words, &e), rows[i].rc);
		if (rows[i].says)
			assert_string_equal(e.text, rows[i].says);
	}
}

static void what_the_host_has_against_it_is_told_apart(void **state)
{
	static const struct {
		const char *words;
		int rc;
	} rows[] = {
		{ "sim:healthy-f405-v2,host.no-probe=true", ERR_NO_PROBE },
		{ "sim:healthy-f405-v2,host.denied=true", ERR_DENIED },
		{ "sim:healthy-f405-v2,host.busy=true", ERR_BUSY },
	};
	struct session s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(open_words(&s, rows[i].words, NULL), rows[i].rc);
}

static void the_array_is_seen_from_outside(void **state)
{
	char in[] = "/tmp/test-sim-in-XXXXXX", out[] = "/tmp/test-sim-out-XXXXXX", words[256];
	int in_fd = mkstemp(in), out_fd = mkstemp(out);
	uint8_t bytes[8] = { 0 };
	uint32_t word = 0, base = 0;
	struct session s;
	struct probe_bench *b = &s.p.bench;

	(void)state;
	assert_int_equal(write(in_fd, "\x11\x22\x33\x44\x55\x66\x77\x88", 8), 8);
	snprintf(words, sizeof(words), "sim:healthy-f405-v2,flash-in=%s,flash-out=%s", in, out);
	begin(&s, words);
	must(cortexm_attach(s.t, TARGET_CONNECT_NORMAL, &e));
	must(target_read32(s.t, FLASH + 4, &word, &e));
	assert_int_equal(word, 0x88776655);
	assert_int_equal(b->plugin->flash_size(b->bench, &base), 1024 * 1024);
	assert_int_equal(base, FLASH);
	assert_true(b->plugin->flash_write(b->bench, 4, "\xde\xad\xbe\xef", 4));
	assert_true(b->plugin->flash_read(b->bench, 0, bytes, sizeof(bytes)));
	assert_memory_equal(bytes, "\x11\x22\x33\x44\xde\xad\xbe\xef", 8);
	assert_false(b->plugin->flash_read(b->bench, 1024 * 1024 - 4, bytes, 8));
	assert_string_equal(b->plugin->truth(b->bench), "healthy");
	end(&s);
	assert_int_equal(lseek(out_fd, 0, SEEK_END), 1024 * 1024);
	assert_int_equal(pread(out_fd, bytes, 8, 0), 8);
	assert_memory_equal(bytes, "\x11\x22\x33\x44\xde\xad\xbe\xef", 8);
	close(in_fd);
	close(out_fd);
	unlink(in);
	unlink(out);
}

static void a_second_session_finds_the_bench_as_the_first_left_it(void **state)
{
	struct probe_bench b = { 0 };
	uint32_t word = 0;
	int i;

	(void)state;
	must(sim_plugin_load(&b.plugin, &e));
	must(b.plugin->open("healthy-f405-v2", &b.bench, &e));
	for (i = 0; i < 2; i++) {
		const struct probe_options o = { .words = "sim:again",
						 .clock = &clock_real,
						 .bench = &b };
		struct session s;

		must(probe_open(&o, &s.p, &e));
		must(stlink_open(&s.p.stlink, &e));
		target_stlink_init(&s.ts, &s.p.stlink, 0, STLINK_LINK_SWD, 1800);
		must(cortexm_attach(&s.ts.t, TARGET_CONNECT_NORMAL, &e));
		must(cortexm_halt(&s.ts.t, &e));
		if (i)
			must(target_read32(&s.ts.t, RAM, &word, &e));
		else
			must(target_write32(&s.ts.t, RAM, 0xcafe1234, &e));
		end(&s);
	}
	assert_int_equal(word, 0xcafe1234);
	must(b.plugin->close(b.bench, &e));
}

static void an_unplugged_probe_is_gone_until_it_is_opened_again(void **state)
{
	struct err failed = { 0 };
	uint32_t cpuid = 0;
	struct session s;

	(void)state;
	begin(&s, "sim:healthy-f405-v2");
	must(cortexm_attach(s.t, TARGET_CONNECT_NORMAL, &e));
	s.p.bench.plugin->plug(s.p.bench.bench, false);
	assert_int_equal(cortexm_read_cpuid(s.t, &cpuid, &failed), ERR_GONE);
	assert_int_equal(transport_reopen(s.p.t, &failed), ERR_NO_PROBE);
	s.p.bench.plugin->plug(s.p.bench.bench, true);
	assert_int_equal(cortexm_read_cpuid(s.t, &cpuid, &failed), ERR_GONE);
	must(target_reopen(s.t, &e));
	must(cortexm_attach(s.t, TARGET_CONNECT_NORMAL, &e));
	must(cortexm_read_cpuid(s.t, &cpuid, &e));
	end(&s);
}

/* An IDE takes the probe as it comes back, or the system has not set permissions yet. */
static void what_the_host_has_against_it_may_be_over_at_the_next_try(void **state)
{
	static const struct {
		const char *fault;
		int first, second, third;
	} rows[] = {
		{ "what: usb-busy, for: 1 opens", ERR_BUSY, 0, 0 },
		{ "what: usb-busy, for: 2 opens", ERR_BUSY, ERR_BUSY, 0 },
		{ "what: usb-denied, for: 1 opens", ERR_DENIED, 0, 0 },
		{ "what: usb-denied", ERR_DENIED, ERR_DENIED, ERR_DENIED },
		{ "what: usb-denied, at: ms 20, for: 100 ms", 0, ERR_DENIED, 0 },
		{ "what: usb-busy, at: ms 20", 0, ERR_BUSY, ERR_BUSY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct probe_bench b = { 0 };
		const struct probe_options o = { .words = "sim:again",
						 .clock = &clock_real,
						 .bench = &b };
		const int want[] = { rows[i].first, rows[i].second, rows[i].third };
		char words[128];
		struct probe p;

		must(sim_plugin_load(&b.plugin, &e));
		snprintf(words, sizeof(words), "healthy-f405-v2,faults=[{%s}]", rows[i].fault);
		must(b.plugin->open(words, &b.bench, &e));
		for (size_t n = 0; n < 3; n++) {
			assert_int_equal(probe_open(&o, &p, NULL), want[n]);
			if (!want[n])
				probe_close(&p);
			b.plugin->sleep_ns(b.bench, 100000000);
		}
		must(b.plugin->close(b.bench, &e));
	}
}

static void a_probe_that_returns_busy_is_waited_for(void **state)
{
	struct err failed = { 0 };
	uint32_t cpuid = 0;
	struct session s;

	(void)state;
	begin(&s, "sim:healthy-f405-v2,faults=[{what: usb-unplug, at: transaction 30, for: 20 ms}, "
		  "{what: usb-busy, at: transaction 30, for: 2 opens}]");
	must(cortexm_attach(s.t, TARGET_CONNECT_NORMAL, &e));
	while (!cortexm_read_cpuid(s.t, &cpuid, &failed))
		;
	assert_int_equal(failed.code, ERR_GONE);
	must(target_reopen(s.t, &e));
	must(cortexm_attach(s.t, TARGET_CONNECT_NORMAL, &e));
	must(cortexm_read_cpuid(s.t, &cpuid, &e));
	end(&s);
}

static void faults_on_the_cable_end_as_on_a_real_one(void **state)
{
	static const struct {
		const char *what;
		int rc, native;
	} rows[] = { { "usb-stall", ERR_USB, -9 },
		     { "usb-lost", ERR_TIMEOUT, -7 },
		     { "usb-short", ERR_USB, 0 } };
	char words[128];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err failed = { 0 };
		struct session s;
		uint8_t mode = 0;

		snprintf(words, sizeof(words),
			 "sim:healthy-f405-v2,faults=[{what: %s, at: transaction 20}]",
			 rows[i].what);
		begin(&s, words);
		do
			stlink_read_mode(&s.p.stlink, &mode, &failed);
		while (!failed.code);
		assert_int_equal(failed.code, rows[i].rc);
		assert_int_equal(failed.native, rows[i].native);
		must(stlink_read_mode(&s.p.stlink, &mode, &e));
		end(&s);
	}
}

static void a_limit_of_time_counts_on_the_bench_s_clock(void **state)
{
	struct deadline run;
	const struct probe_options o = { .words = "sim:healthy-f405-v2",
					 .clock = &clock_real,
					 .run = &run };
	struct err failed = { 0 };
	struct session s;
	uint8_t mode;

	(void)state;
	deadline_init(&run, &clock_real, NULL, "the run", 60000);
	must(probe_open(&o, &s.p, &e));
	must(stlink_open(&s.p.stlink, &e));
	clock_sleep_us(s.p.clock, 61 * 1000000ull);
	assert_int_equal(stlink_read_mode(&s.p.stlink, &mode, &failed), ERR_DEADLINE);
	probe_close(&s.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_board_is_read_through_all_layers),
		cmocka_unit_test(waiting_costs_nothing),
		cmocka_unit_test(two_benches_stand_for_themselves),
		cmocka_unit_test(keys_change_the_scenario),
		cmocka_unit_test(mistakes_in_the_words_are_told),
		cmocka_unit_test(what_the_host_has_against_it_is_told_apart),
		cmocka_unit_test(the_array_is_seen_from_outside),
		cmocka_unit_test(a_second_session_finds_the_bench_as_the_first_left_it),
		cmocka_unit_test(an_unplugged_probe_is_gone_until_it_is_opened_again),
		cmocka_unit_test(what_the_host_has_against_it_may_be_over_at_the_next_try),
		cmocka_unit_test(a_probe_that_returns_busy_is_waited_for),
		cmocka_unit_test(faults_on_the_cable_end_as_on_a_real_one),
		cmocka_unit_test(a_limit_of_time_counts_on_the_bench_s_clock),
	};
	const struct sim_plugin *plugin;
	struct err e = { 0 };

	if (sim_plugin_load(&plugin, &e) == ERR_NOT_FOUND) {
		printf("ok - the bench in this process # SKIP %s\n", e.text);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
