/*
 * The driver against a probe and a chip that were written without it: the virtual bench, reached
 * through its replacement for libusb like any other program reaches it. The test starts itself
 * again under `swdoctor-sim run`, once for each scenario.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/coresight_regs.h"
#include "probe/cortexm.h"
#include "probe/dap.h"
#include "probe/probe.h"
#include "probe/target_stlink.h"

#define RAM 0x20000000U

struct bench {
	struct probe p;
	struct target_stlink ts;
	struct target *t;
	char folder[64];
};

/* Fails with what was said. */
#define must(call)                                                                                 \
	do {                                                                                       \
		struct err e = { 0 };                                                              \
                                                                                                   \
		if (call)                                                                          \
			fail_msg("%s: %s", #call, e.text);                                         \
	} while (0)

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	const struct probe_options o = { .words = "usb", .clock = &clock_real, .no_trace = true };

	snprintf(b->folder, sizeof(b->folder), "/tmp/test-bench-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	setenv("SWDOCTOR_LOCK_DIR", b->folder, 1);
	must(probe_open(&o, &b->p, &e));
	must(stlink_open(&b->p.stlink, &e));
	target_stlink_init(&b->ts, &b->p.stlink, 0, STLINK_LINK_SWD, 1800);
	b->t = &b->ts.t;
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	char path[128];

	must(stlink_close(&b->p.stlink, &e));
	probe_close(&b->p);
	snprintf(path, sizeof(path), "%s/swdoctor-usb-1-2.lock", b->folder);
	unlink(path);
	rmdir(b->folder);
	free(b);
	return 0;
}

static void the_debug_port_answers(void **state)
{
	struct bench *b = *state;
	struct stlink *s = &b->p.stlink;
	struct dap_ap aps[DAP_APS_MAX];
	uint32_t id = 0, stat = 0;
	size_t n = 0;

	must(target_connect(b->t, TARGET_CONNECT_HOT_PLUG, &e));
	must(dap_read_id(s, &id, &e));
	assert_int_equal(id & 0xfff, 0x477); /* Arm's */
	must(dap_power_up(s, &e));
	must(dap_read_status(s, &stat, &e));
	assert_int_equal(stat & DAP_POWER_ACKS, DAP_POWER_ACKS);
	must(dap_scan(s, aps, &n, &e));
	assert_true(n >= 1 && aps[0].is_mem);
	assert_string_equal(dap_ap_kind(aps[0].idr), "AHB-AP");
}

static void a_fault_leaves_a_flag_that_can_be_cleared(void **state)
{
	struct bench *b = *state;
	uint32_t were = 0, word = 0;
	struct err failed = { 0 };

	must(cortexm_attach(b->t, TARGET_CONNECT_NORMAL, &e));
	assert_int_equal(target_read32(b->t, 0x60000000, &word, &failed), ERR_STATUS);
	assert_int_not_equal(failed.native & 0xff, 0x80);
	must(target_clear_errors(b->t, &were, &e));
	must(target_read32(b->t, CORESIGHT_CPUID, &word, &e));
	assert_non_null(cortexm_part_name(word));
}

static void memory_of_any_length_survives_the_way(void **state)
{
	struct bench *b = *state;
	static uint8_t out[7001], in[7001];

	must(cortexm_attach(b->t, TARGET_CONNECT_NORMAL, &e));
	must(cortexm_halt(b->t, &e));
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (uint8_t)(i * 31 + (i >> 8));
	for (uint32_t shift = 0; shift < 4; shift++) {
		size_t len = sizeof(out) - shift * 13;

		memset(in, 0, sizeof(in));
		must(target_write(b->t, RAM + 0x100 + shift, out, len, &e));
		must(target_read(b->t, RAM + 0x100 + shift, in, len, &e));
		assert_memory_equal(in, out, len);
	}
	must(target_write_wide(b->t, 2, false, RAM + 2, "\x34\x12", 2, &e));
	must(target_read_wide(b->t, 2, RAM + 2, in, 2, &e));
	assert_memory_equal(in, "\x34\x12", 2);
}

static void words_go_in_a_queue(void **state)
{
	struct bench *b = *state;
	struct target_word words[200];
	size_t done = 0;

	must(cortexm_attach(b->t, TARGET_CONNECT_NORMAL, &e));
	must(cortexm_halt(b->t, &e));
	for (unsigned i = 0; i < 100; i++) {
		words[i] = (struct target_word){ true, RAM + 4 * i, 0x01010101U * i };
		words[100 + i] = (struct target_word){ false, RAM + 4 * i, 0 };
	}
	must(target_words(b->t, words, 200, &done, &e));
	assert_int_equal(done, 200);
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(words[100 + i].value, 0x01010101U * i);
}

static void core_registers_keep_what_is_written(void **state)
{
	struct bench *b = *state;
	uint32_t all[STLINK_CORE_REGS], value = 0;

	must(cortexm_attach(b->t, TARGET_CONNECT_NORMAL, &e));
	must(cortexm_halt(b->t, &e));
	for (uint8_t reg = 0; reg < 13; reg++)
		must(target_core_write(b->t, reg, 0x1000U + reg, &e));
	must(stlink_core_read_all(&b->p.stlink, all, &e));
	for (uint8_t reg = 0; reg < 13; reg++) {
		must(target_core_read(b->t, reg, &value, &e));
		assert_int_equal(value, 0x1000U + reg);
		assert_int_equal(all[reg], value);
	}
}

/* movs r0, #1; adds r0, #1; bkpt */
static void code_in_ram_runs_until_it_stops_by_itself(void **state)
{
	struct bench *b = *state;
	struct cortexm_faults why;
	uint32_t r0 = 0, pc = 0;

	must(cortexm_attach(b->t, TARGET_CONNECT_NORMAL, &e));
	must(cortexm_reset(b->t, CORTEXM_RESET_SYSTEM, true, NULL, &e));
	must(target_write(b->t, RAM, "\x01\x20\x01\x30\x00\xbe", 6, &e));
	must(target_core_write(b->t, 15, RAM, &e));
	must(target_core_write(b->t, 16, 1U << 24, &e));
	must(cortexm_step(b->t, &e));
	must(target_core_read(b->t, 15, &pc, &e));
	assert_int_equal(pc, RAM + 2);
	must(cortexm_run(b->t, true, &e));
	must(cortexm_wait_halted(b->t, 100, &e));
	must(target_core_read(b->t, 0, &r0, &e));
	assert_int_equal(r0, 2);
	must(cortexm_read_faults(b->t, &why, &e));
	assert_true(why.dfsr & 2); /* a breakpoint */
}

static void every_reset_is_seen_and_stops_first_thing(void **state)
{
	static const enum cortexm_reset kinds[] = { CORTEXM_RESET_SYSTEM, CORTEXM_RESET_HARDWARE };
	struct bench *b = *state;

	must(cortexm_attach(b->t, TARGET_CONNECT_NORMAL, &e));
	for (unsigned i = 0; i < 2; i++) {
		struct cortexm_state st;
		bool seen = false;

		must(cortexm_reset(b->t, kinds[i], true, &seen, &e));
		assert_true(seen);
		must(cortexm_read_state(b->t, &st, &e));
		assert_true(st.halted);
	}
}

static void connecting_under_reset_stops_first_thing(void **state)
{
	struct bench *b = *state;
	struct cortexm_state st;
	uint32_t pc = 0, vector = 0;

	must(cortexm_attach(b->t, TARGET_CONNECT_UNDER_RESET, &e));
	must(cortexm_read_state(b->t, &st, &e));
	assert_true(st.halted);
	assert_false(b->p.stlink.nrst_low);
	must(target_core_read(b->t, 15, &pc, &e));
	must(target_read32(b->t, 0x08000004, &vector, &e));
	assert_int_equal(pc, vector & ~1U);
}

static void speeds_are_set_and_told(void **state)
{
	struct bench *b = *state;
	uint32_t list[STLINK_KHZ_MAX], khz = 0;
	size_t n = 0;

	must(target_connect(b->t, TARGET_CONNECT_NORMAL, &e));
	must(target_list_khz(b->t, list, STLINK_KHZ_MAX, &n, &e));
	assert_true(n > 3);
	for (size_t i = 0; i < n; i++) {
		must(target_set_khz(b->t, list[i], &khz, &e));
		assert_int_equal(khz, list[i]);
	}
}

static void a_probe_that_was_reset_is_brought_back(void **state)
{
	struct bench *b = *state;
	uint32_t cpuid = 0;

	must(cortexm_attach(b->t, TARGET_CONNECT_NORMAL, &e));
	must(target_reopen(b->t, &e));
	must(target_connect(b->t, TARGET_CONNECT_NORMAL, &e));
	must(cortexm_read_cpuid(b->t, &cpuid, &e));
}

static int drive(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(the_debug_port_answers),
		T(a_fault_leaves_a_flag_that_can_be_cleared),
		T(memory_of_any_length_survives_the_way),
		T(words_go_in_a_queue),
		T(core_registers_keep_what_is_written),
		T(code_in_ram_runs_until_it_stops_by_itself),
		T(every_reset_is_seen_and_stops_first_thing),
		T(connecting_under_reset_stops_first_thing),
		T(speeds_are_set_and_told),
		T(a_probe_that_was_reset_is_brought_back),
	};

	return cmocka_run_group_tests_name(getenv("ON_BENCH"), tests, NULL, NULL);
}

static int on_bench(const char *self, const char *scenario)
{
	char path[1024];
	const char *slash = strrchr(self, '/');
	int status;
	pid_t pid;

	snprintf(path, sizeof(path), "%.*s/../lib/swdoctor/swdoctor-sim",
		 slash ? (int)(slash - self) : 1, slash ? self : ".");
	if (access(path, X_OK)) {
		printf("ok - %s # SKIP this build has no virtual bench\n", scenario);
		return 0;
	}
	setenv("ON_BENCH", scenario, 1);
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
	pid = fork();
	if (!pid) {
		execl(path, path, "run", scenario, "--", self, (char *)NULL);
		fprintf(stderr, "# cannot start %s\n", path);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	static const char *const scenarios[] = { "healthy-f103-v2", "healthy-f405-v2" };
	int failed = 0;

	(void)argc;
	if (getenv("ON_BENCH"))
		return drive();
	for (unsigned i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		failed += on_bench(argv[0], scenarios[i]);
	return failed;
}
