/* The board at one moment, as somebody sees it who needs no probe for it. */
#include "probe/sim/bench_state.h"

#include "probe/base/json.h"

#define FNV_BASIS 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

static const char *core_word(const struct chip *c)
{
	if (!c->powered)
		return "off";
	if (c->core.held)
		return "in-reset";
	if (c->core.halted)
		return "halted";
	if (c->core.locked_up)
		return "locked-up";
	return c->core.sleep == CORE_AWAKE ? "running" : "sleeping";
}

/* FNV-1a: whoever compares two states wants to know whether a byte differs. */
static uint64_t hash_of(const uint8_t *at, size_t len)
{
	uint64_t hash = FNV_BASIS;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * FNV_PRIME;
	return hash;
}

static void put_registers(struct core *c, struct json *j)
{
	unsigned last = core_has_fpu(c) ? CORE_S31 : CORE_SPECIAL;

	json_open_array(j, "registers");
	for (unsigned n = 0; n <= last; n++) {
		if (n == CORE_SPECIAL - 1 || (n > CORE_SPECIAL && n < CORE_FPSCR) ||
		    (n > CORE_FPSCR && n < CORE_S0))
			continue; /* there are none */
		json_put_hex(j, NULL, core_reg(c, n), 8);
	}
	json_close_array(j);
}

static void put_debug(const struct core *c, struct json *j)
{
	json_put_bool(j, "debug_enabled", c->dhcsr & DHCSR_DEBUGEN);
	json_put_hex(j, "demcr", c->demcr, 8);
	json_put_hex(j, "scr", c->scr, 8);
	json_put_hex(j, "vtor", c->vtor, 8);
}

static void put_memories(const struct chip *c, struct json *j)
{
	json_open_array(j, "ram");
	for (unsigned i = 0; i < CHIP_RAMS_MAX && c->ram[i]; i++)
		json_put_hex(j, NULL, hash_of(c->ram[i], c->row->ram[i].bytes), 16);
	json_close_array(j);
	json_put_hex(j, "flash", hash_of(c->flash.cells.at, c->flash.size), 16);
}

static void put_chip(struct chip *c, struct json *j)
{
	const struct clocks_row *rcc = c->clocks.row;
	uint32_t flags = 0;

	for (unsigned i = 0; i < CLOCKS_FLAGS; i++)
		if (rcc->flag_bit[i] >= 0)
			flags |= (uint32_t)1 << rcc->flag_bit[i];
	json_put_str(j, "core", core_word(c));
	put_registers(&c->core, j);
	put_debug(&c->core, j);
	json_put_hex(j, "reset_flags", clocks_read(&c->clocks, rcc->flags_off) & flags, 8);
	json_put_hex(j, "dbgmcu_cr", c->dbgmcu_cr, 8);
	json_put_bool(j, "nrst_low", c->nrst_low);
	json_put_int(j, "own_resets", c->resets);
	put_memories(c, j);
}

static void put_probe(const struct bench *b, struct json *j)
{
	static const char *const modes[] = { [FW_DFU] = "dfu",
					     [FW_IDLE] = "idle",
					     [FW_DEBUG] = "debug",
					     [FW_SWIM] = "swim",
					     [FW_BOOTLOADER] = "bootloader" };

	json_put_str(j, "probe", modes[b->fw.mode]);
	json_put_bool(j, "probe_pulls_nrst", b->wire.drives_nrst);
	json_put_bool(j, "plugged", b->plugged);
}

void bench_say_state(struct bench *b, const char *key, struct json *j)
{
	bench_settle(b);
	json_open_object(j, key);
	put_chip(&b->chip, j);
	put_probe(b, j);
	json_close_object(j);
}
