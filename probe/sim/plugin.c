/* The bench as a plug-in: the table that a program finds in sim.so. */
#include "probe/sim/api/plugin.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/sim/bench_files.h"
#include "probe/sim/library.h"
#include "probe/sim/scenario_load.h"

#define BUS	     1
#define PORT	     2
#define VENDOR_ID    0x0483
#define USB_RESET_NS (110 * NS_PER_MS)

struct sim_bench {
	struct arena *arena; /* text of the scenario */
	const char *flash_in, *flash_out, *stats, *state_out;
	struct buf before; /* the state that state_out wants */
	struct scenario s;
	struct bench b;
};

/* ---- opening ---- */

/* The value of "key=value", if the key is this one. */
static const char *value_of(const char *word, const char *key)
{
	size_t len = strlen(key);

	return !strncmp(word, key, len) && word[len] == '=' ? word + len + 1 : NULL;
}

static int take_seed(struct sim_bench *s, const char *text, struct err *e)
{
	char *end;

	s->s.seed = strtoul(text, &end, 0);
	if (!s->s.seed || *end)
		return err_set(e, ERR_USAGE, "seed=%s: a number from 1 belongs here", text);
	return 0;
}

static int take_setting(struct sim_bench *s, const char *word, struct err *e)
{
	const char *value;

	if ((value = value_of(word, "seed")))
		return take_seed(s, value, e);
	if ((value = value_of(word, "flash-in"))) {
		s->flash_in = value;
		return 0;
	}
	if ((value = value_of(word, "flash-out"))) {
		s->flash_out = value;
		return 0;
	}
	if ((value = value_of(word, "state-out"))) {
		s->state_out = value;
		return 0;
	}
	if ((value = value_of(word, "stats"))) {
		s->stats = value;
		return 0;
	}
	return scenario_set(&s->s, word, s->arena, e);
}

static int take_words(struct sim_bench *s, const char *words, struct err *e)
{
	char *rest = arena_str(s->arena, words);
	const char *name = scenario_next_word(&rest), *word;
	int rc = scenario_load(name, s->arena, &s->s, e);

	while (!rc && (word = scenario_next_word(&rest)))
		rc = take_setting(s, word, e);
	return rc;
}

/* Fails before the run what would fail after it. */
static int check_writable(const char *key, const char *path, struct err *e)
{
	FILE *f = fopen(path, "ab");

	if (!f)
		return err_set(e, ERR_IO, "%s=%s cannot be written", key, path);
	fclose(f);
	return 0;
}

static int set_up(struct sim_bench *s, const char *words, struct err *e)
{
	int rc = take_words(s, words, e);

	if (!rc && s->flash_out)
		rc = check_writable("flash-out", s->flash_out, e);
	if (!rc && s->state_out)
		rc = check_writable("state-out", s->state_out, e);
	if (rc)
		return rc;
	rc = bench_init(&s->b, &s->s, e);
	if (!rc && s->flash_in) {
		rc = bench_fill_flash(&s->b, s->flash_in, e);
		if (rc)
			bench_done(&s->b);
	}
	if (!rc && s->state_out)
		bench_note_before(&s->b, &s->before);
	return rc;
}

static void drop(struct sim_bench *s)
{
	arena_free(s->arena);
	buf_done(&s->before);
	free(s);
}

static int plugin_open(const char *words, struct sim_bench **ret, struct err *e)
{
	struct sim_bench *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return err_set(e, ERR_NO_MEMORY, "no memory for the bench");
	s->arena = arena_new();
	rc = set_up(s, words, e);
	if (rc)
		drop(s);
	else
		*ret = s;
	return rc;
}

static int plugin_close(struct sim_bench *s, struct err *e)
{
	int rc = 0;

	if (!s)
		return 0;
	if (s->flash_out)
		rc = bench_save_flash(&s->b, s->flash_out, e);
	if (!rc && s->stats)
		rc = bench_write_stats(&s->b, s->stats, e);
	if (!rc && s->state_out)
		rc = bench_write_states(&s->b, &s->before, s->state_out, e);
	bench_done(&s->b);
	drop(s);
	return rc;
}

static const char *plugin_scenario(size_t n)
{
	const struct library_entry *entry = library_nth(n);

	return entry ? entry->name : NULL;
}

/* ---- the USB device ---- */

static const char *plugin_probe(struct sim_bench *s)
{
	return s->s.probe->name;
}

static const char *plugin_chip(struct sim_bench *s)
{
	return s->s.chip->name;
}

static void plugin_device(struct sim_bench *s, struct sim_device *ret)
{
	const struct probe_row *row = &s->b.timed;

	*ret = (struct sim_device){
		.plugged = s->b.plugged,
		.plug = s->b.plugs,
		.denied = bench_is_denied(&s->b),
		.vid = VENDOR_ID,
		.pid = row->product_id,
		.bus = BUS,
		.port = PORT,
		.speed_kbps = row->high_speed ? 480000 : 12000,
		.ep_out = row->ep_out,
		.ep_in = row->ep_in,
		.ep_swo = row->ep_swo,
		.title = row->title,
	};
	memcpy(ret->serial, s->s.serial, sizeof(s->s.serial));
}

static enum sim_access plugin_claim(struct sim_bench *s)
{
	static const enum sim_access as[] = {
		[BENCH_FREE] = SIM_CLAIMED, [BENCH_DENIED] = SIM_DENIED, [BENCH_BUSY] = SIM_BUSY
	};

	return s->b.plugged ? as[bench_open(&s->b)] : SIM_ABSENT;
}

static enum sim_result plugin_transfer(struct sim_bench *s, struct sim_transfer *t)
{
	static const enum sim_result results[USB_RESULTS] = {
		[USB_DONE] = SIM_DONE,	     [USB_NAK] = SIM_NAK,	    [USB_STALL] = SIM_STALL,
		[USB_TIMEOUT] = SIM_TIMEOUT, [USB_OVERFLOW] = SIM_OVERFLOW, [USB_GONE] = SIM_GONE,
	};
	struct usb_transfer u = { .endpoint = t->endpoint,
				  .data = t->data,
				  .len = t->len,
				  .turn = t->turn,
				  .timeout_ns = t->timeout_us * NS_PER_US };
	enum usb_result result = bench_transfer(&s->b, &u);

	if (s->b.signal)
		raise(s->b.signal);
	s->b.signal = 0;
	t->got = u.got;
	return results[result];
}

static void plugin_clear_halt(struct sim_bench *s, uint8_t endpoint)
{
	bench_clear_halt(&s->b, endpoint);
}

static void plugin_usb_reset(struct sim_bench *s)
{
	bench_usb_reset(&s->b);
	bench_sleep(&s->b, USB_RESET_NS);
}

static void plugin_plug(struct sim_bench *s, bool plugged)
{
	bench_plug(&s->b, plugged);
}

static uint64_t plugin_now_ns(struct sim_bench *s)
{
	return s->b.now_ns;
}

static void plugin_sleep_ns(struct sim_bench *s, uint64_t ns)
{
	bench_sleep(&s->b, ns);
}

/* ---- from outside ---- */

static size_t plugin_flash_size(struct sim_bench *s, uint32_t *ret_base)
{
	if (ret_base)
		*ret_base = s->b.chip.flash.row->base;
	return s->b.chip.flash.size;
}

static bool is_inside(const struct sim_bench *s, size_t at, size_t len)
{
	size_t size = s->b.chip.flash.size;

	return at <= size && len <= size - at;
}

static bool plugin_flash_read(struct sim_bench *s, size_t at, void *ret, size_t len)
{
	if (!is_inside(s, at, len))
		return false;
	bench_settle(&s->b);
	memcpy(ret, s->b.chip.flash.cells.at + at, len);
	return true;
}

static bool plugin_flash_write(struct sim_bench *s, size_t at, const void *bytes, size_t len)
{
	struct chip *c = &s->b.chip;

	if (!is_inside(s, at, len))
		return false;
	bench_settle(&s->b);
	memcpy(c->flash.cells.at + at, bytes, len);
	flash_replaced(&c->flash, at, len);
	return true;
}

static void plugin_stats(struct sim_bench *s, struct sim_stats *ret)
{
	*ret = (struct sim_stats){
		.commands = s->b.fw.commands,
		.usb_transfers = s->b.transfers,
		.wire_transfers = s->b.wire.transfers,
		.bit_flips = s->b.wire.flips,
		.instructions = s->b.chip.core.retired,
		.resets = s->b.chip.resets,
	};
}

static const char *plugin_truth(struct sim_bench *s)
{
	return s->s.truth;
}

static bool plugin_also(struct sim_bench *s, size_t n, const char **ret_cause, const char **ret_why)
{
	if (n >= s->s.n_also)
		return false;
	*ret_cause = s->s.also[n].cause;
	*ret_why = s->s.also[n].why;
	return true;
}

extern const struct sim_plugin swdoctor_sim_plugin;

__attribute__((visibility("default"))) const struct sim_plugin swdoctor_sim_plugin = {
	.version = SIM_PLUGIN_VERSION,
	.open = plugin_open,
	.close = plugin_close,
	.scenario = plugin_scenario,
	.probe = plugin_probe,
	.chip = plugin_chip,
	.device = plugin_device,
	.claim = plugin_claim,
	.transfer = plugin_transfer,
	.clear_halt = plugin_clear_halt,
	.usb_reset = plugin_usb_reset,
	.plug = plugin_plug,
	.now_ns = plugin_now_ns,
	.sleep_ns = plugin_sleep_ns,
	.flash_size = plugin_flash_size,
	.flash_read = plugin_flash_read,
	.flash_write = plugin_flash_write,
	.stats = plugin_stats,
	.truth = plugin_truth,
	.also = plugin_also,
};
