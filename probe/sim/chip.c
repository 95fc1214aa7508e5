/* A microcontroller: time, resets, power. */
#include "probe/sim/chip.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define RESET_PULSE_NS	       (20 * NS_PER_US) /* every reset of its own pulls NRST that long */
#define DBGMCU_STOP	       0x2u
#define DBGMCU_STANDBY	       0x4u
#define PAGE		       4096u
#define BROWNOUT_HYSTERESIS_MV 100

/* ---- construction ---- */

static uint8_t *pages(size_t bytes)
{
	uint8_t *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		abort();
	return at;
}

/* Code is fetched from a view, as a cache may still hold what the cells held before. */
static void map_flash(struct chip *c)
{
	uint32_t bytes = (uint32_t)c->flash.size;

	c->view[0] = pages(c->flash.cells.mapped);
	core_map(&c->core, c->row->flash->base, bytes, c->view[0], true);
	if (!c->row->boot)
		core_map(&c->core, 0, bytes, c->view[0], true);
	if (!c->row->alias)
		return;
	c->view[1] = pages(c->flash.cells.mapped);
	core_map(&c->core, c->row->alias, bytes, c->view[1], true);
}

static void map_memories(struct chip *c)
{
	unsigned i;

	for (i = 0; i < CHIP_RAMS_MAX && c->row->ram[i].bytes; i++) {
		size_t bytes = (c->row->ram[i].bytes + PAGE - 1) / PAGE * PAGE;

		c->ram[i] = pages(bytes);
		core_map(&c->core, c->row->ram[i].base, c->row->ram[i].bytes, c->ram[i], false);
	}
	map_flash(c);
	if (c->row->flash->eeprom_bytes)
		core_map(&c->core, c->row->flash->eeprom_base, c->row->flash->eeprom_bytes,
			 c->flash.eeprom.at, true);
}

static enum bus_answer core_asks(void *user, struct bus_access *a)
{
	return chip_bus(user, a);
}

static void core_fetches(void *user, uint32_t addr)
{
	struct chip *c = user;
	uint32_t off = addr - c->row->flash->base;

	if (off >= c->flash.size)
		off = addr - c->row->alias;
	if (off < c->flash.size)
		flash_cache_fetch(&c->flash, off, addr);
}

static void core_wants_reset(void *user)
{
	struct chip *c = user;

	c->reset_asked = true;
	c->reset_why = CLOCKS_SOFT;
	c->core.yield = true;
}

static uint64_t quiet_until(void *user)
{
	const struct chip *c = user;

	return flash_next_event(&c->flash);
}

void chip_init(struct chip *c, const struct chip_row *row, struct rng *rng)
{
	struct core_bus bus = { .user = c,
				.access = core_asks,
				.fetched = core_fetches,
				.reset_wanted = core_wants_reset,
				.quiet_until = quiet_until };
	unsigned i;

	*c = (struct chip){ .row = row, .rng = rng, .release_ns = UINT64_MAX };
	flash_init(&c->flash, row->flash, (size_t)row->flash_kib * 1024, rng);
	clocks_init(&c->clocks, row->clocks);
	regs_init(&c->regs);
	core_init(&c->core, row->core, &bus);
	c->core.vtor_at_reset = row->boot;
	c->core.chip_part = row->idcode & 0xfff;
	c->core.mpu.regions = row->no_mpu ? 0 : row->core->mpu_regions;
	c->core.mpu.v8 = row->core->mpu_v8;
	map_memories(c);
	c->idcode = row->idcode;
	c->dpidr = row->dpidr;
	c->told_kib = row->size_is_code ? 0 : row->flash_kib;
	for (i = 0; i < CHIP_UID_BYTES; i++)
		c->uid[i] = (uint8_t)rng_u32(rng);
}

void chip_done(struct chip *c)
{
	unsigned i;

	core_done(&c->core);
	for (i = 0; i < 2; i++)
		if (c->view[i])
			munmap(c->view[i], c->flash.cells.mapped);
	for (i = 0; i < CHIP_RAMS_MAX && c->ram[i]; i++)
		munmap(c->ram[i], (c->row->ram[i].bytes + PAGE - 1) / PAGE * PAGE);
	regs_done(&c->regs);
	flash_done(&c->flash);
}

/* ---- low power ---- */

static bool debug_keeps_clocks(const struct chip *c)
{
	uint32_t wanted = c->power == CHIP_STANDBY ? DBGMCU_STANDBY : DBGMCU_STOP;

	return c->power == CHIP_RUN || c->dbgmcu_cr & wanted;
}

static void follow_sleep(struct chip *c)
{
	const struct chip_place *p = &c->row->standby;

	if (c->core.sleep != CORE_DEEP)
		c->power = CHIP_RUN;
	else if (p->addr && (regs_read(&c->regs, p->addr) & p->mask) == p->value)
		c->power = CHIP_STANDBY;
	else
		c->power = CHIP_STOP;
	c->core.deep_debug = debug_keeps_clocks(c);
}

/* Where the window watchdog's bit is. */
static uint32_t freeze_bits(const struct chip *c)
{
	return c->row->freeze_wwdg.addr == c->row->freeze_iwdg.addr ? c->dbgmcu_freeze
								    : c->dbgmcu_freeze2;
}

static void follow_halt(struct chip *c)
{
	bool freeze = c->core.halted && c->dbgmcu_freeze & c->row->freeze_iwdg.mask;

	bool freeze2 = c->row->freeze_wwdg.mask ? freeze_bits(c) & c->row->freeze_wwdg.mask
						: c->dbgmcu_freeze & c->row->freeze_iwdg.mask >> 1;

	iwdg_freeze(&c->iwdg, freeze, c->now_ns);
	wwdg_freeze(&c->wwdg, c->core.halted && freeze2, c->now_ns);
}

/* ---- resets ---- */

bool chip_in_reset(const struct chip *c)
{
	return c->core.held;
}

/* Its option bytes may have made an ordinary pin of it. */
static bool held_by_pin(const struct chip *c)
{
	return c->nrst_low && flash_nrst_mode(&c->flash) != FLASH_NRST_GPIO;
}

/* The chip's own resets go out through the pin and come back by it: who holds it high stops them.
 */
static bool no_own_reset(const struct chip *c)
{
	return c->nrst_stuck_high && flash_nrst_mode(&c->flash) == FLASH_NRST_BOTH;
}

static void release(struct chip *c)
{
	unsigned watchdogs;

	c->release_ns = UINT64_MAX;
	if (!c->powered || held_by_pin(c) || !c->core.held)
		return;
	c->power = CHIP_RUN;
	core_release(&c->core, c->now_ns);
	watchdogs = c->flash.row->ops->watchdogs(&c->flash);
	if (c->hardware_watchdog || watchdogs & FLASH_STARTS_IWDG)
		iwdg_start(&c->iwdg, c->now_ns);
	if (watchdogs & FLASH_STARTS_WWDG)
		wwdg_start(&c->wwdg, c->now_ns);
	follow_halt(c);
}

static void begin_reset(struct chip *c, enum clocks_flag why)
{
	bool power_on = why == CLOCKS_POR || why == CLOCKS_BOR;
	unsigned i;

	core_hold(&c->core, c->now_ns);
	flash_reset(&c->flash, power_on, c->now_ns);
	clocks_reset(&c->clocks, why);
	c->core.hz = clocks_core_hz(&c->clocks);
	regs_clear(&c->regs);
	for (i = 0; i < 4 && c->row->at_reset[i].addr; i++)
		regs_write(&c->regs, c->row->at_reset[i].addr, c->row->at_reset[i].value,
			   0xffffffff);
	if (c->flash.swapped)
		regs_write(&c->regs, c->row->bank_mode.addr, c->row->bank_mode.value,
			   c->row->bank_mode.mask);
	iwdg_reset(&c->iwdg, c->row->lsi_hz);
	wwdg_reset(&c->wwdg, c->row->wwdg_wide, c->now_ns);
	wwdg_set_clock(&c->wwdg, c->core.hz, c->now_ns);
	crc_unit_reset(&c->crc);
	c->reset_asked = false;
	c->power = CHIP_RUN;
}

void chip_reset(struct chip *c, enum clocks_flag why, uint64_t now_ns)
{
	chip_advance(c, now_ns);
	if (!c->powered || no_own_reset(c))
		return;
	begin_reset(c, why);
	c->resets++;
	c->release_ns = c->now_ns + RESET_PULSE_NS;
}

static void scramble_ram(struct chip *c)
{
	unsigned i;
	size_t k;

	for (i = 0; i < CHIP_RAMS_MAX && c->ram[i]; i++)
		for (k = 0; k < c->row->ram[i].bytes; k++)
			c->ram[i][k] = (uint8_t)rng_u32(c->rng);
}

static void power_on(struct chip *c)
{
	c->powered = true;
	c->power_ons++;
	c->dbgmcu_cr = 0;
	c->dbgmcu_freeze = 0;
	c->dbgmcu_freeze2 = 0;
	c->debug_powered = false;
	scramble_ram(c);
	flash_changed(&c->flash, 0, c->flash.size);
	core_power_on(&c->core, c->now_ns);
	begin_reset(c, CLOCKS_POR);
	c->release_ns = c->now_ns + RESET_PULSE_NS;
}

static void power_off(struct chip *c)
{
	c->powered = false;
	c->debug_powered = false;
	flash_cut(&c->flash, c->now_ns);
	core_hold(&c->core, c->now_ns);
	c->release_ns = UINT64_MAX;
}

void chip_set_supply(struct chip *c, unsigned mv, uint64_t now_ns)
{
	chip_advance(c, now_ns);
	c->supply_mv = mv;
	c->flash.supply_mv = mv;
	if (c->powered && mv < c->row->reset_mv)
		power_off(c);
	else if (!c->powered && mv >= c->row->reset_mv + BROWNOUT_HYSTERESIS_MV)
		power_on(c);
}

void chip_set_nrst(struct chip *c, bool low, uint64_t now_ns)
{
	chip_advance(c, now_ns);
	if (low == c->nrst_low || c->nrst_stuck_high)
		return;
	c->nrst_low = low;
	if (!c->powered)
		return;
	if (held_by_pin(c))
		begin_reset(c, CLOCKS_PIN);
	else if (!low)
		release(c);
}

/* ---- time ---- */

static uint64_t next_event(const struct chip *c, uint64_t until_ns)
{
	uint64_t next = until_ns, at;

	at = iwdg_next_event(&c->iwdg);
	if (c->powered && at < next)
		next = at;
	at = wwdg_next_event(&c->wwdg);
	if (c->powered && at < next)
		next = at;
	at = core_next_event(&c->core);
	if (at < next)
		next = at;
	return c->release_ns < next ? c->release_ns : next;
}

static void handle_events(struct chip *c)
{
	if (c->core.hz != clocks_core_hz(&c->clocks))
		c->core.hz = clocks_core_hz(&c->clocks);
	wwdg_set_clock(&c->wwdg, c->core.hz, c->now_ns);
	if (c->flash.power_lost) {
		c->flash.power_lost = false;
		c->supply_mv = 0;
		c->flash.supply_mv = 0;
		c->cuts++;
		power_off(c);
	}
	if (c->flash.system_reset_wanted) {
		c->flash.system_reset_wanted = false;
		c->reset_asked = true;
		c->reset_why = CLOCKS_OPTIONS;
	}
	if (c->powered && iwdg_next_event(&c->iwdg) <= c->now_ns) {
		c->reset_asked = true;
		c->reset_why = CLOCKS_IWDG;
	}
	if (c->powered && wwdg_next_event(&c->wwdg) <= c->now_ns) {
		c->reset_asked = true;
		c->reset_why = CLOCKS_WWDG;
	}
	if (c->reset_asked) {
		c->reset_asked = false;
		if (no_own_reset(c)) {
			iwdg_reset(&c->iwdg, c->row->lsi_hz);
			wwdg_reset(&c->wwdg, c->row->wwdg_wide, c->now_ns);
		} else {
			begin_reset(c, c->reset_why);
			c->resets++;
			c->release_ns = c->now_ns + RESET_PULSE_NS;
		}
	}
	if (c->release_ns <= c->now_ns)
		release(c);
	c->core.shut = flash_is_secure(&c->flash);
	follow_sleep(c);
	follow_halt(c);
}

/* Code in flash that was executed before is no longer what lies there, but for what a cache keeps.
 */
static void forget_changed_flash(struct chip *c)
{
	uint32_t from = (uint32_t)c->flash.changed_from;
	uint32_t len = (uint32_t)(c->flash.changed_to - c->flash.changed_from);
	unsigned i;

	c->flash.changed_from = 0;
	c->flash.changed_to = 0;
	if (!len)
		return;
	for (i = 0; i < 2; i++)
		if (c->view[i])
			flash_cache_view(&c->flash, i, c->view[i], from, len);
	core_memory_changed(&c->core, c->row->flash->base + from, len);
	if (!c->row->boot)
		core_memory_changed(&c->core, from, len);
	if (c->row->alias)
		core_memory_changed(&c->core, c->row->alias + from, len);
}

void chip_advance(struct chip *c, uint64_t now_ns)
{
	if (c->now_ns < now_ns)
		handle_events(c); /* what the debugger has changed since the last time */
	while (c->now_ns < now_ns) {
		uint64_t next = next_event(c, now_ns);

		if (next < c->now_ns)
			next = c->now_ns;
		if (core_executes(&c->core))
			forget_changed_flash(c);
		core_run(&c->core, next);
		c->now_ns = c->core.now_ns < next ? c->core.now_ns : next;
		flash_advance(&c->flash, c->now_ns);
		handle_events(c);
	}
}

/* ---- what the debug port sees ---- */

static bool pins_given_away(const struct chip *c)
{
	const struct chip_place *p = &c->row->pins_off;

	return p->addr && !chip_in_reset(c) && (regs_read(&c->regs, p->addr) & p->mask) == p->value;
}

bool chip_port_alive(const struct chip *c)
{
	if (!c->powered || c->flash.row->ops->protection(&c->flash) == 2)
		return false;
	if (c->power == CHIP_STANDBY && !debug_keeps_clocks(c))
		return false;
	return !pins_given_away(c);
}

bool chip_bus_clocked(const struct chip *c)
{
	return c->powered && debug_keeps_clocks(c);
}

bool chip_ap_shut(const struct chip *c, unsigned n)
{
	const struct flash_ops *ops = c->flash.row->ops;

	return ops->shuts_debug && !c->row->ap[n].window_bytes && ops->protection(&c->flash) > 0;
}
