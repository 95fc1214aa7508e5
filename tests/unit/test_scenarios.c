/*
 * The shipped scenarios: whatever one of them says is wrong, a driver sees something else than on
 * the same probe and chip when they are healthy. Both go through the same session, in which as
 * much as possible is looked at: connecting, resets, memory at the fastest speed, a page of flash.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/cortexm.h"
#include "probe/dap.h"
#include "probe/probe.h"
#include "probe/sim_plugin.h"
#include "probe/target_stlink.h"

#define RAM   0x20000000u
#define FLASH 0x08000000u
#define BLOCK 4096

struct session {
	struct probe p;
	struct target_stlink ts;
	struct target *t;
	struct buf said; /* what the driver saw, in words */
};

static void say(struct session *s, const char *what, int rc, const struct err *e, uint32_t value)
{
	buf_addf(&s->said, "%s %d/%d 0x%08x\n", what, rc, rc ? e->native : 0, rc ? 0 : value);
}

#define look(s, what, call, value)                                                                 \
	do {                                                                                       \
		struct err e = { 0 };                                                              \
		int code = call;                                                                   \
                                                                                                   \
		say(s, what, code, &e, value);                                                     \
	} while (0)

/* ---- what is looked at ---- */

static void look_at_probe(struct session *s)
{
	const struct stlink_version *v = &s->p.stlink.version;
	struct target_voltage volts = { 0 };

	buf_addf(&s->said, "V%uJ%u mode %u\n", v->hardware, v->jtag, s->p.stlink.mode_found);
	look(s, "voltage", target_voltage(s->t, &volts, &e), (uint32_t)volts.mv / 100);
}

static bool connect(struct session *s)
{
	struct err failed = { 0 };
	uint32_t id = 0;
	int rc = cortexm_attach(s->t, TARGET_CONNECT_NORMAL, &failed);

	say(s, "connect", rc, &failed, 0);
	if (rc)
		look(s, "connect under reset", cortexm_attach(s->t, TARGET_CONNECT_UNDER_RESET, &e),
		     0);
	look(s, "debug port", dap_read_id(&s->p.stlink, &id, &e), id);
	return !rc;
}

/* Does it run by itself, and for how long? */
static void look_at_core(struct session *s)
{
	struct cortexm_state st = { 0 };

	for (int i = 0; i < 3; i++) {
		clock_sleep_us(s->p.clock, 40000);
		look(s, "state", cortexm_read_state(s->t, &st, &e),
		     st.dhcsr & ~0x01000000u); /* but not whether something was executed */
	}
}

static void look_at_chip(struct session *s)
{
	static const uint32_t ids[] = {
		0xe0042000, 0x40015800, 0x5c001000, 0xe0044000, 0x1ffff7e0,
		0x1fff7a20, 0x1fff75e0, 0x1ff8007c, 0x1ff1e880, 0x1ffff7cc
	};
	uint32_t word = 0;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		look(s, "id", target_read32(s->t, ids[i], &word, &e), word);
		target_clear_errors(s->t, NULL, NULL);
	}
	look(s, "vector", target_read32(s->t, FLASH + 4, &word, &e), word);
	target_clear_errors(s->t, NULL, NULL);
}

static void look_at_reset(struct session *s)
{
	uint64_t began = clock_now_us(s->p.clock);
	uint32_t xpsr = 0;
	bool seen = false;

	look(s, "halt", cortexm_halt(s->t, &e), 0);
	look(s, "exception", target_core_read(s->t, 16, &xpsr, &e), xpsr & 0x1ff);
	look(s, "reset", cortexm_reset(s->t, CORTEXM_RESET_HARDWARE, true, &seen, &e), seen);
	buf_addf(&s->said, "after %u ms\n",
		 (unsigned)((clock_now_us(s->p.clock) - began) / 100000) * 100);
}

static void look_at_link(struct session *s)
{
	static uint8_t out[BLOCK], in[BLOCK];
	uint32_t khz = 0;

	for (size_t i = 0; i < BLOCK; i++)
		out[i] = (uint8_t)(i * 7 + (i >> 8));
	look(s, "speed", target_set_khz(s->t, 24000, &khz, &e), khz);
	for (int i = 0; i < 6; i++) {
		look(s, "write", target_write(s->t, RAM, out, BLOCK, &e), 0);
		look(s, "read", target_read(s->t, RAM, in, BLOCK, &e), !!memcmp(in, out, BLOCK));
		target_clear_errors(s->t, NULL, NULL);
	}
	buf_addf(&s->said, "%u waits\n", (unsigned)s->t->waits);
}

/* ---- flash: erase what is at the beginning, program eight bytes ---- */

enum { WORD, HALF, WAIT }; /* write 32 or 16 bits; wait until these bits are clear */

struct poke {
	int what;
	uint32_t address, value;
};

#define UNLOCK(key)                                                                                \
	{ WORD, key, 0x45670123 },                                                                 \
	{                                                                                          \
		WORD, key, 0xcdef89ab                                                              \
	}

#define FPEC                                                                                       \
	{                                                                                          \
		UNLOCK(0x40022004), { WORD, 0x40022010, 2 }, { WORD, 0x40022014, FLASH },          \
			{ WORD, 0x40022010, 0x42 }, { WAIT, 0x4002200c, 1 },                       \
			{ WORD, 0x40022010, 1 }, { HALF, FLASH + 0x100, 0x1234 },                  \
			{ WAIT, 0x4002200c, 1 },                                                   \
	}
#define DOUBLE_WORDS                                                                               \
	{                                                                                          \
		UNLOCK(0x40022008), { WORD, 0x40022014, 2 }, { WORD, 0x40022014, 0x10002 },        \
			{ WAIT, 0x40022010, 0x10000 }, { WORD, 0x40022014, 1 },                    \
			{ WORD, FLASH, 0x11223344 }, { WORD, FLASH + 4, 0x55667788 },              \
			{ WAIT, 0x40022010, 0x10000 },                                             \
	}

static const struct {
	const char *chip;
	struct poke pokes[12];
	uint32_t status;
} writers[] = {
	{ "F103", FPEC, 0x4002200c },
	{ "F051", FPEC, 0x4002200c },
	{ "F405",
	  { UNLOCK(0x40023c04),
	    { WORD, 0x40023c10, 0x202 },
	    { WORD, 0x40023c10, 0x10202 },
	    { WAIT, 0x40023c0c, 0x10000 },
	    { WORD, 0x40023c10, 0x201 },
	    { WORD, FLASH + 0x200, 0x11223344 },
	    { WAIT, 0x40023c0c, 0x10000 } },
	  0x40023c0c },
	{ "L476", DOUBLE_WORDS, 0x40022010 },
	{ "G431", DOUBLE_WORDS, 0x40022010 },
	{ "G071", DOUBLE_WORDS, 0x40022010 },
};

static int wait_clear(struct target *t, uint32_t address, uint32_t bits, struct err *e)
{
	uint32_t word = bits;
	int rc = 0, i;

	for (i = 0; i < 1000 && !rc && word & bits; i++) {
		rc = target_read32(t, address, &word, e);
		clock_sleep_us(t->clock, 3000);
	}
	return !rc && word & bits ? err_set(e, ERR_TIMEOUT, "busy") : rc;
}

static int poke(struct target *t, const struct poke *p, struct err *e)
{
	switch (p->what) {
	case WORD:
		return target_write32(t, p->address, p->value, e);
	case HALF:
		return target_write_wide(t, 2, true, p->address, &p->value, 2, e);
	default:
		return wait_clear(t, p->address, p->value, e);
	}
}

static void look_at_flash(struct session *s, const char *chip)
{
	uint32_t words[3] = { 0 };
	size_t n = sizeof(writers) / sizeof(writers[0]), i, k;

	for (i = 0; i < n && strcmp(writers[i].chip, chip); i++)
		;
	if (i == n)
		return;
	for (k = 0; k < 12 && writers[i].pokes[k].address; k++)
		look(s, "flash", poke(s->t, &writers[i].pokes[k], &e), 0);
	look(s, "status", target_read32(s->t, writers[i].status, &words[0], &e), words[0]);
	for (k = 0; k < 0x240; k += 0x40)
		look(s, "cell", target_read(s->t, FLASH + (uint32_t)k, words, 12, &e),
		     words[0] ^ words[1] ^ words[2]);
}

/* ---- a session ---- */

/* On H5 the core sits behind the second access port. */
static uint8_t core_port(const struct probe_bench *b)
{
	return !strncmp(b->plugin->chip(b->bench), "H5", 2);
}

/* Everything that a driver sees of this bench, as text in s->said. */
static void run(struct session *s, const struct probe_bench *b)
{
	const struct probe_options o = { .words = "sim:it", .clock = &clock_real, .bench = b };
	struct err e = { 0 };
	int rc = probe_open(&o, &s->p, &e);

	buf_init(&s->said);
	say(s, "open", rc, &e, 0);
	if (rc)
		return;
	rc = stlink_open(&s->p.stlink, &e);
	say(s, "version", rc, &e, 0);
	target_stlink_init(&s->ts, &s->p.stlink, core_port(b), STLINK_LINK_SWD, 1800);
	s->t = &s->ts.t;
	if (!rc) {
		look_at_probe(s);
		if (connect(s))
			look_at_core(s);
		look_at_chip(s);
		look_at_reset(s);
		look_at_link(s);
		look_at_flash(s, b->plugin->chip(b->bench));
	}
	stlink_close(&s->p.stlink, NULL);
	probe_close(&s->p);
}

/* What it is a poor copy or an old edition of. */
static const char *probe_of_twin(const char *probe)
{
	return !strncmp(probe, "v2-old", 6) || !strncmp(probe, "v2-clone", 8) ? "v2" : probe;
}

static void open_bench(const struct sim_plugin *plugin, const char *words, struct probe_bench *ret)
{
	struct err e = { 0 };

	ret->plugin = plugin;
	if (plugin->open(words, &ret->bench, &e))
		fail_msg("%s: %s", words, e.text);
}

/* A healthy board, or one whose trouble is what a user told his tool. */
static bool board_is_fine(const char *truth)
{
	static const char *const fine[] = { "healthy", "transport-wrong", "chip-mismatch" };

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		if (!strcmp(truth, fine[i]))
			return true;
	}
	return false;
}

static void what_is_wrong_is_seen(void **state)
{
	const struct sim_plugin *plugin = *state;
	char words[128];
	const char *name;
	unsigned same = 0;

	for (size_t n = 0; (name = plugin->scenario(n)); n++) {
		struct probe_bench it, twin;
		struct session one, two;

		open_bench(plugin, name, &it);
		snprintf(words, sizeof(words), "healthy-f405-v2,probe=%s,chip=%s",
			 probe_of_twin(plugin->probe(it.bench)), plugin->chip(it.bench));
		open_bench(plugin, words, &twin);
		run(&one, &it);
		run(&two, &twin);
		if (!board_is_fine(plugin->truth(it.bench)) &&
		    !strcmp(buf_str(&one.said), buf_str(&two.said))) {
			print_message("%s: nothing of it can be seen\n", name);
			same++;
		}
		buf_done(&one.said);
		buf_done(&two.said);
		plugin->close(it.bench, NULL);
		plugin->close(twin.bench, NULL);
	}
	assert_int_equal(same, 0);
}

static void every_cause_comes_with_reasons_for_what_looks_like_it(void **state)
{
	const struct sim_plugin *plugin = *state;
	const char *name, *cause, *why;

	for (size_t n = 0; (name = plugin->scenario(n)); n++) {
		struct probe_bench b;

		open_bench(plugin, name, &b);
		assert_non_null(plugin->truth(b.bench));
		for (size_t i = 0; plugin->also(b.bench, i, &cause, &why); i++) {
			assert_string_not_equal(cause, plugin->truth(b.bench));
			assert_true(strlen(why) > 20);
		}
		plugin->close(b.bench, NULL);
	}
}

static int load(void **state)
{
	return sim_plugin_load((const struct sim_plugin **)state, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_is_wrong_is_seen, load),
		cmocka_unit_test_setup(every_cause_comes_with_reasons_for_what_looks_like_it, load),
	};
	const struct sim_plugin *plugin;
	struct err e = { 0 };

	if (sim_plugin_load(&plugin, &e) == ERR_NOT_FOUND) {
		printf("ok - the scenarios # SKIP %s\n", e.text);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
