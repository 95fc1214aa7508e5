/* Who answers an address. */
#include "probe/sim/chip.h"

#include <string.h>

#include "probe/base/bytes.h"

#define PPB		0xe0000000u
#define PPB_BYTES	0x00100000u
#define PERIPHERALS	0x40000000u
#define PERIPHERALS_END 0x60000000u
#define IWDG_BYTES	0x400u
#define WWDG_BASE	0x40002c00u /* unless the row says otherwise */
#define WWDG_BYTES	0x400u
#define CRC_BYTES	0x400u

static bool inside(uint32_t addr, uint32_t base, uint32_t bytes)
{
	return addr - base < bytes;
}

static void move_bytes(uint8_t *at, struct bus_access *a)
{
	unsigned i;

	if (a->write) {
		for (i = 0; i < a->size; i++)
			at[i] = (uint8_t)(a->value >> (8 * i));
		return;
	}
	a->value = a->size == 4 ? get_le32(at) : a->size == 2 ? get_le16(at) : *at;
}

/* A read-only word, narrowed to what was asked. */
static enum bus_answer answer_word(struct bus_access *a, uint32_t word)
{
	if (!a->write)
		a->value = (word & bus_lane_mask(a->addr, a->size)) >> (8 * (a->addr & 3));
	return BUS_OK;
}

/* ---- memories ---- */

static bool ram(struct chip *c, struct bus_access *a)
{
	unsigned i;

	for (i = 0; i < CHIP_RAMS_MAX && c->ram[i]; i++) {
		uint32_t off = a->addr - c->row->ram[i].base;

		if (off >= c->row->ram[i].bytes)
			continue;
		move_bytes(c->ram[i] + off, a);
		if (a->write && a->master == BUS_DEBUG)
			core_memory_changed(&c->core, a->addr, a->size);
		return true;
	}
	return false;
}

static bool is_ram(const struct chip *c, uint32_t addr)
{
	unsigned i;

	for (i = 0; i < CHIP_RAMS_MAX && c->ram[i]; i++)
		if (inside(addr, c->row->ram[i].base, c->row->ram[i].bytes))
			return true;
	return false;
}

/* The chip's size, its number and its boot loader, of which nobody needs the code. */
static enum bus_answer system_memory(const struct chip *c, struct bus_access *a)
{
	uint8_t bytes[4] = { 0 };
	unsigned i;

	if (a->write)
		return BUS_FAULT;
	for (i = 0; i < a->size; i++) {
		uint32_t addr = a->addr + i;

		if (inside(addr, c->row->size_reg, 2))
			bytes[i] = (uint8_t)(c->told_kib >> (8 * (addr - c->row->size_reg)));
		else if (inside(addr, c->row->uid_addr, CHIP_UID_BYTES))
			bytes[i] = c->uid[addr - c->row->uid_addr];
		else if (inside(addr, c->row->size_reg & ~3u, 4))
			bytes[i] = 0xff;
	}
	a->value = get_le32(bytes);
	return BUS_OK;
}

static bool flash_memory(struct chip *c, struct bus_access *a, enum bus_answer *ret)
{
	const struct flash_row *f = c->row->flash;

	if (inside(a->addr, f->base, (uint32_t)c->flash.size))
		*ret = flash_array(&c->flash, a->addr - f->base, a);
	else if (c->row->alias && !a->write &&
		 inside(a->addr, c->row->alias, (uint32_t)c->flash.size))
		*ret = flash_array(&c->flash, a->addr - c->row->alias, a);
	else if (!c->row->boot && inside(a->addr, 0, (uint32_t)c->flash.size))
		*ret = flash_array(&c->flash, a->addr, a);
	else if (f->eeprom_bytes && inside(a->addr, f->eeprom_base, f->eeprom_bytes))
		*ret = flash_eeprom(&c->flash, a->addr - f->eeprom_base, a);
	else if (f->option_base && inside(a->addr, f->option_base, f->option_bytes))
		*ret = flash_option(&c->flash, a->addr - f->option_base, a);
	else
		return false;
	return true;
}

/* ---- peripherals ---- */

static uint32_t on_dbgmcu(struct chip *c, const struct bus_access *a, uint32_t *reg)
{
	uint32_t mask = bus_lane_mask(a->addr, a->size);
	bool clocked = !c->row->dbgmcu_gate.off ||
		       clocks_gate(&c->clocks, c->row->dbgmcu_gate.off, c->row->dbgmcu_gate.bit);

	if (a->write && clocked) {
		*reg = (*reg & ~mask) | (a->value << (8 * (a->addr & 3)) & mask);
		c->core.yield = true;
	}
	return *reg;
}

/* On F1 the freeze bits lie in CR itself. */
static bool dbgmcu(struct chip *c, struct bus_access *a)
{
	uint32_t word = a->addr & ~3u, value;

	if (word == c->row->idcode_addr) {
		answer_word(a, c->idcode);
		return true;
	}
	if (word == c->row->dbgmcu_cr) {
		value = on_dbgmcu(c, a, &c->dbgmcu_cr);
		if (c->row->freeze_iwdg.addr == word)
			c->dbgmcu_freeze = value;
	} else if (word == c->row->freeze_iwdg.addr) {
		value = on_dbgmcu(c, a, &c->dbgmcu_freeze);
	} else if (word == c->row->freeze_wwdg.addr && word) {
		value = on_dbgmcu(c, a, &c->dbgmcu_freeze2);
	} else {
		return false;
	}
	answer_word(a, value);
	return true;
}

static bool clocks(struct chip *c, struct bus_access *a)
{
	uint32_t off = (a->addr & ~3u) - c->row->clocks->base;

	if (off >= CLOCKS_REG_BYTES)
		return false;
	if (a->write) {
		clocks_write(&c->clocks, off, a->value << (8 * (a->addr & 3)),
			     bus_lane_mask(a->addr, a->size));
		c->core.yield = true;
	}
	answer_word(a, clocks_read(&c->clocks, off));
	return true;
}

static bool watchdog(struct chip *c, struct bus_access *a)
{
	uint32_t off = (a->addr & ~3u) - c->row->iwdg_base;

	if (off >= IWDG_BYTES)
		return false;
	if (a->write) {
		uint64_t before = iwdg_next_event(&c->iwdg);

		iwdg_write(&c->iwdg, off, a->value, a->now_ns);
		if (iwdg_next_event(&c->iwdg) < before)
			c->core.yield = true; /* nobody knows of this event yet */
	}
	answer_word(a, iwdg_read(&c->iwdg, off));
	return true;
}

static bool window_watchdog(struct chip *c, struct bus_access *a)
{
	uint32_t base = c->row->wwdg_base ? c->row->wwdg_base : WWDG_BASE;
	uint32_t off = (a->addr & ~3u) - base;

	if (off >= WWDG_BYTES)
		return false;
	if (a->write) {
		uint64_t before = wwdg_next_event(&c->wwdg);

		wwdg_write(&c->wwdg, off, a->value, a->now_ns);
		if (wwdg_next_event(&c->wwdg) < before)
			c->core.yield = true; /* nobody knows of this event yet */
	}
	answer_word(a, wwdg_read(&c->wwdg, off, a->now_ns));
	return true;
}

static bool crc(struct chip *c, struct bus_access *a)
{
	uint32_t off = (a->addr & ~3u) - c->row->crc_base;

	if (off >= CRC_BYTES)
		return false;
	if (!clocks_gate(&c->clocks, c->row->crc_gate_off, c->row->crc_gate_bit))
		return answer_word(a, 0) == BUS_OK;
	if (a->write)
		crc_unit_write(&c->crc, off, a->value);
	answer_word(a, crc_unit_read(&c->crc, off));
	return true;
}

static void remember(struct chip *c, uint32_t addr, uint32_t value, uint32_t mask)
{
	unsigned i;

	regs_write(&c->regs, addr, value, mask);
	if (addr == c->row->bank_mode.addr && !c->flash.other_layout)
		flash_swap(&c->flash, regs_read(&c->regs, addr) & c->row->bank_mode.mask);
	for (i = 0; i < 2 && c->row->follow[i].addr; i++)
		if (c->row->follow[i].addr == addr)
			regs_write(&c->regs, addr,
				   (regs_read(&c->regs, addr) >> c->row->follow[i].on & 1)
					   << c->row->follow[i].ready,
				   (uint32_t)1 << c->row->follow[i].ready);
}

static enum bus_answer peripheral(struct chip *c, struct bus_access *a)
{
	uint32_t off = a->addr - c->row->flash->regs, word = a->addr & ~3u;
	enum bus_answer answer;

	if (off < FLASH_REG_BYTES) {
		answer = flash_register(&c->flash, off, a);
		if (c->flash.system_reset_wanted)
			c->core.yield = true;
		return answer;
	}
	if (clocks(c, a) || watchdog(c, a) || window_watchdog(c, a) || crc(c, a))
		return BUS_OK;
	if (a->write)
		remember(c, word, a->value << (8 * (a->addr & 3)), bus_lane_mask(a->addr, a->size));
	return answer_word(a, regs_read(&c->regs, word));
}

/* ---- the bus ---- */

enum bus_answer chip_bus(struct chip *c, struct bus_access *a)
{
	enum bus_answer answer;

	if (dbgmcu(c, a))
		return BUS_OK;
	if (inside(a->addr, PPB, PPB_BYTES))
		return core_ppb(&c->core, a);
	if (c->core.held && a->master == BUS_DEBUG)
		return BUS_FAULT; /* the bus matrix is in reset, too */
	if (a->master == BUS_DEBUG && flash_is_secure(&c->flash) && is_ram(c, a->addr)) {
		a->value = 0; /* secure as well, and no error says so */
		return BUS_OK;
	}
	if (ram(c, a))
		return BUS_OK;
	if (flash_memory(c, a, &answer)) {
		if (c->flash.interrupt_wanted)
			core_pend(&c->core, EXC_NMI);
		c->core.yield |= c->flash.interrupt_wanted;
		c->flash.interrupt_wanted = false;
		return answer;
	}
	if (inside(a->addr, c->row->system_memory.base, c->row->system_memory.bytes) ||
	    inside(a->addr, c->row->size_reg & ~3u, 4) ||
	    inside(a->addr, c->row->uid_addr, CHIP_UID_BYTES))
		return system_memory(c, a);
	if (a->addr >= PERIPHERALS && a->addr < PERIPHERALS_END)
		return peripheral(c, a);
	return BUS_FAULT;
}
