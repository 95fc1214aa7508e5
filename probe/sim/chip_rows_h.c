/*
 * Chips of the H7, L5 and U5 families: facts from ST's reference manuals, data sheets and device
 * headers. Times of flash are data sheet typicals, except where published sessions show others
 * (said beside them).
 */
#include "probe/sim/chip_rows.h"
#include "probe/sim/flash_family.h"

/* ---- H743, xI (RM0433, DS12110) ---- */

static const struct flash_row flash_h743 = {
	.ops = &flash_h7,
	.base = 0x08000000,
	.regs = 0x52002000,
	.blocks = { { 16, 0x20000 } },
	.erased = 0xff,
	.granule = 32,
};

const struct chip_row chip_h743 = {
	.name = "H743",
	.title = "STM32H743xI",
	.core = &core_m7,
	.flash = &flash_h743,
	.clocks = &clocks_h7,
	.flash_kib = 2048,
	.boot = 0x08000000,
	.dpidr = 0x6ba02477,
	.jtag_idcode = 0x6ba00477,
	.boundary_idcode = 0x06450041,
	.ap = { { 0x84770001, 0xe00fd003, 0x22000002, 0, 0, 0 },
		{ 0x84770001, 0x00000002, 0x22000002, 0xf0000000, 0xf0000000, 0x1000 },
		{ 0x54770002, 0xe00e0003, 0x80000002, 0xe00e0000, 0x5c000000, 0x20000 } },
	.tar_wrap = 1024,
	.idcode_addr = 0x5c001000,
	.idcode = 0x20036450,
	.size_reg = 0x1ff1e880,
	.uid_addr = 0x1ff1e800,
	.ram = { { 0x20000000, 128 * 1024 },
		 { 0x24000000, 512 * 1024 },
		 { 0x00000000, 64 * 1024 },
		 { 0x30000000, 288 * 1024 },
		 { 0x38000000, 64 * 1024 } },
	.system_memory = { 0x1ff00000, 0x1e800 },
	.dbgmcu_cr = 0x5c001004,
	.freeze_iwdg = { 0x5c001054, 0x40000, 0x40000 },
	.pins_off = { 0x58020000, 0x3c000000, 0x14000000 },
	.standby = { 0x58024810, 0x1, 0x1 },
	.iwdg_base = 0x58004800,
	.lsi_hz = 32000,
	.crc_base = 0x58024c00,
	.crc_gate_off = 0xe0,
	.crc_gate_bit = 19,
	.at_reset = { { 0x58020000, 0xabffffff } },
	.vdd_min_mv = 1620,
	.vdd_max_mv = 3600,
	.reset_mv = 1600,
};

/* ---- U575, xI, TrustZone off (RM0456, DS13737) ---- */

static const struct flash_row flash_u575 = {
	.ops = &flash_l4,
	.family = &flash_l4_u5,
	.base = 0x08000000,
	.regs = 0x40022000,
	.blocks = { { 256, 8192 } },
	.erased = 0xff,
	.granule = 16,
	.program_us = 118,
	.erase_ms = 1.5,
	.mass_ms = 195,
};

const struct chip_row chip_u575 = {
	.name = "U575",
	.title = "STM32U575xI",
	.core = &core_m33,
	.flash = &flash_u575,
	.clocks = &clocks_u5,
	.flash_kib = 2048,
	.boot = 0x08000000,
	.dpidr = 0x0be12477,
	.jtag_idcode = 0x0ba04477,
	.boundary_idcode = 0x06482041,
	.ap = { { 0x14770015, 0xe00fe003, 0x03800002, 0, 0, 0 } },
	.tar_wrap = 1024,
	.idcode_addr = 0xe0044000,
	.idcode = 0x30016482,
	.size_reg = 0x0bfa07a0,
	.uid_addr = 0x0bfa0700,
	.ram = { { 0x20000000, 768 * 1024 } },
	.system_memory = { 0x0bf90000, 0x10000 },
	.dbgmcu_cr = 0xe0044004,
	.freeze_iwdg = { 0xe0044008, 0x1000, 0x1000 },
	.pins_off = { 0x42020000, 0x3c000000, 0x14000000 },
	.standby = { 0x46020800, 0x6, 0x4 },
	.iwdg_base = 0x40003000,
	.lsi_hz = 32000,
	.crc_base = 0x40023000,
	.crc_gate_off = 0x88,
	.crc_gate_bit = 12,
	.at_reset = { { 0x42020000, 0xabffffff }, { 0x4602080c, 0x00008000 } },
	.follow = { { 0x4602080c, 18, 14 } }, /* PWR_VOSR: BOOSTEN, BOOSTRDY */
	.vdd_min_mv = 1710,
	.vdd_max_mv = 3600,
	.reset_mv = 1660,
};

/* ---- L552, xE, TrustZone off, two banks (RM0438, DS12737) ---- */

static const struct flash_row flash_l552 = {
	.ops = &flash_l4,
	.family = &flash_l4_l5,
	.base = 0x08000000,
	.regs = 0x40022000,
	.blocks = { { 256, 2048 } },
	.erased = 0xff,
	.granule = 8,
	.program_us = 81.7,
	.erase_ms = 22.02,
	.mass_ms = 22.13,
};

const struct chip_row chip_l552 = {
	.name = "L552",
	.title = "STM32L552xE",
	.core = &core_m33,
	.flash = &flash_l552,
	.clocks = &clocks_l4,
	.flash_kib = 512,
	.boot = 0x08000000,
	.dpidr = 0x0be12477,
	.jtag_idcode = 0x0ba04477,
	.boundary_idcode = 0x06472041,
	.ap = { { 0x14770015, 0xe00fe003, 0x03800002, 0, 0, 0 } },
	.tar_wrap = 1024,
	.idcode_addr = 0xe0044000,
	.idcode = 0x20016472,
	.size_reg = 0x0bfa05e0,
	.uid_addr = 0x0bfa0590,
	.ram = { { 0x20000000, 256 * 1024 } },
	.system_memory = { 0x0bf90000, 0x8000 },
	.dbgmcu_cr = 0xe0044004,
	.freeze_iwdg = { 0xe0044008, 0x1000, 0x1000 },
	.pins_off = { 0x42020000, 0x3c000000, 0x14000000 },
	.standby = { 0x40007000, 0x7, 0x3 },
	.iwdg_base = 0x40003000,
	.lsi_hz = 32000,
	.crc_base = 0x40023000,
	.crc_gate_off = 0x48,
	.crc_gate_bit = 12,
	.at_reset = { { 0x42020000, 0xabffffff } },
	.vdd_min_mv = 1710,
	.vdd_max_mv = 3600,
	.reset_mv = 1660,
};
