/*
 * Chips of the L and G families: facts from ST's reference manuals, data sheets and device headers.
 * Times of flash are data sheet typicals, except where published sessions show others (said beside
 * them).
 */
#include "probe/sim/chip_rows.h"
#include "probe/sim/flash_family.h"

/* ---- L476, xG (RM0351, DS10198) ---- */

static const struct flash_row flash_l476 = {
	.ops = &flash_l4,
	.family = &flash_l4_l476,
	.base = 0x08000000,
	.regs = 0x40022000,
	.blocks = { { 512, 2048 } },
	.erased = 0xff,
	.granule = 8,
	.program_us = 81.7,
	.erase_ms = 22.02,
	.mass_ms = 22.13,
};

const struct chip_row chip_l476 = {
	.name = "L476",
	.title = "STM32L476xG",
	.core = &core_m4,
	.flash = &flash_l476,
	.clocks = &clocks_l4,
	.flash_kib = 1024,
	.dpidr = 0x2ba01477,
	.jtag_idcode = 0x4ba00477,
	.boundary_idcode = 0x06415041,
	.ap = { { 0x24770011, 0xe00ff003, 0x23000002, 0, 0, 0 } },
	.tar_wrap = 4096,
	.idcode_addr = 0xe0042000,
	.idcode = 0x10076415,
	.size_reg = 0x1fff75e0,
	.uid_addr = 0x1fff7590,
	.ram = { { 0x20000000, 96 * 1024 }, { 0x10000000, 32 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.dbgmcu_cr = 0xe0042004,
	.freeze_iwdg = { 0xe0042008, 0x1000, 0x1000 },
	.pins_off = { 0x48000000, 0x3c000000, 0x14000000 },
	.standby = { 0x40007000, 0x7, 0x3 },
	.iwdg_base = 0x40003000,
	.lsi_hz = 32000,
	.crc_base = 0x40023000,
	.crc_gate_off = 0x48,
	.crc_gate_bit = 12,
	.at_reset = { { 0x48000000, 0xabffffff } },
	.vdd_min_mv = 1710,
	.vdd_max_mv = 3600,
	.reset_mv = 1660,
};

/* ---- G431, xB (RM0440, DS12589) ---- */

static const struct flash_row flash_g431 = {
	.ops = &flash_l4,
	.family = &flash_l4_g4,
	.base = 0x08000000,
	.regs = 0x40022000,
	.blocks = { { 64, 2048 } },
	.erased = 0xff,
	.granule = 8,
	.program_us = 81.7,
	.erase_ms = 22.02,
	.mass_ms = 22.13,
};

const struct chip_row chip_g431 = {
	.name = "G431",
	.title = "STM32G431xB",
	.core = &core_m4,
	.flash = &flash_g431,
	.clocks = &clocks_g4,
	.flash_kib = 128,
	.dpidr = 0x2ba01477,
	.jtag_idcode = 0x4ba00477,
	.boundary_idcode = 0x06468041,
	.ap = { { 0x24770011, 0xe00ff003, 0x23000002, 0, 0, 0 } },
	.tar_wrap = 4096,
	.idcode_addr = 0xe0042000,
	.idcode = 0x20016468,
	.size_reg = 0x1fff75e0,
	.uid_addr = 0x1fff7590,
	.ram = { { 0x20000000, 32 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.dbgmcu_cr = 0xe0042004,
	.freeze_iwdg = { 0xe0042008, 0x1000, 0x1000 },
	.pins_off = { 0x48000000, 0x3c000000, 0x14000000 },
	.standby = { 0x40007000, 0x7, 0x3 },
	.iwdg_base = 0x40003000,
	.lsi_hz = 32000,
	.crc_base = 0x40023000,
	.crc_gate_off = 0x48,
	.crc_gate_bit = 12,
	.at_reset = { { 0x48000000, 0xabffffff } },
	.vdd_min_mv = 1710,
	.vdd_max_mv = 3600,
	.reset_mv = 1660,
};

/* ---- G071, xB (RM0444, DS12232) ---- */

static const struct flash_row flash_g071 = {
	.ops = &flash_l4,
	.family = &flash_l4_g0,
	.base = 0x08000000,
	.regs = 0x40022000,
	.blocks = { { 64, 2048 } },
	.erased = 0xff,
	.granule = 8,
	.program_us = 85,
	.erase_ms = 22,
	.mass_ms = 22.1,
};

const struct chip_row chip_g071 = {
	.name = "G071",
	.title = "STM32G071xB",
	.core = &core_m0p,
	.flash = &flash_g071,
	.clocks = &clocks_g0,
	.flash_kib = 128,
	.dpidr = 0x0bc11477,
	.ap = { { 0x04770031, 0xe00ff003, 0x03000002, 0, 0, 0 } },
	.tar_wrap = 1024,
	.idcode_addr = 0x40015800,
	.idcode = 0x20006460,
	.size_reg = 0x1fff75e0,
	.uid_addr = 0x1fff7590,
	.ram = { { 0x20000000, 36 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.dbgmcu_gate = { 0x3c, 27 },
	.dbgmcu_cr = 0x40015804,
	.freeze_iwdg = { 0x40015808, 0x1000, 0x1000 },
	.pins_off = { 0x50000000, 0x3c000000, 0x14000000 },
	.standby = { 0x40007000, 0x7, 0x3 },
	.iwdg_base = 0x40003000,
	.lsi_hz = 32000,
	.crc_base = 0x40023000,
	.crc_gate_off = 0x38,
	.crc_gate_bit = 12,
	.at_reset = { { 0x50000000, 0xebffffff } },
	.vdd_min_mv = 1700,
	.vdd_max_mv = 3600,
	.reset_mv = 1650,
};

/* ---- L053, x8 (RM0367, DS10152) ---- */

static const struct flash_row flash_l053 = {
	.ops = &flash_l0,
	.base = 0x08000000,
	.regs = 0x40022000,
	.option_base = 0x1ff80000,
	.blocks = { { 512, 128 } },
	.erased = 0x00,
	.program_us = 3280,
	.erase_ms = 3.28,
	.mass_ms = 1680,
};

const struct chip_row chip_l053 = {
	.name = "L053",
	.title = "STM32L053x8",
	.core = &core_m0p,
	.flash = &flash_l053,
	.clocks = &clocks_l0,
	.flash_kib = 64,
	.dpidr = 0x0bc11477,
	.ap = { { 0x04770031, 0xe00ff003, 0x03000002, 0, 0, 0 } },
	.tar_wrap = 1024,
	.idcode_addr = 0x40015800,
	.idcode = 0x10386417,
	.size_reg = 0x1ff8007c,
	.uid_addr = 0x1ff80050,
	.ram = { { 0x20000000, 8 * 1024 } },
	.system_memory = { 0x1ff00000, 0x1000 },
	.dbgmcu_gate = { 0x34, 22 },
	.dbgmcu_cr = 0x40015804,
	.freeze_iwdg = { 0x40015808, 0x1000, 0x1000 },
	.pins_off = { 0x50000000, 0x3c000000, 0x14000000 },
	.standby = { 0x40007000, 0x2, 0x2 },
	.iwdg_base = 0x40003000,
	.lsi_hz = 37000,
	.crc_base = 0x40023000,
	.crc_gate_off = 0x30,
	.crc_gate_bit = 12,
	.at_reset = { { 0x50000000, 0xebfffcff } },
	.vdd_min_mv = 1650,
	.vdd_max_mv = 3600,
	.reset_mv = 1500,
};
