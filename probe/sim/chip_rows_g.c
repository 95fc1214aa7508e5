/*
 * Chips of the G0, G4, C0, WB and WL families: facts from ST's reference manuals, data sheets and
 * device headers. Of WB and WL the first core only.
 */
#include "probe/sim/chip_rows.h"
#include "probe/sim/flash_family.h"

#define G_FLASH .ops = &flash_l4, .base = 0x08000000, .erased = 0xff, .granule = 8

/* ---- G0, C0 (RM0444, RM0490) ---- */

#define G0_FLASH                                                                                   \
	G_FLASH, .cache = &flash_cache_g0, .regs = 0x40022000, .program_us = 85, .erase_ms = 22,   \
		 .mass_ms = 22.1

#define G0_COMMON                                                                                  \
	.core = &core_m0p, .dpidr = 0x0bc11477,                                                    \
	.ap = { { 0x04770031, 0xe00ff003, 0x03000002, 0, 0, 0, false } }, .tar_wrap = 1024,        \
	.idcode_addr = 0x40015800, .dbgmcu_gate = { 0x3c, 27 }, .dbgmcu_cr = 0x40015804,           \
	.freeze_iwdg = { 0x40015808, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x50000000, 0x3c000000, 0x14000000 }, .standby = { 0x40007000, 0x7, 0x3 },   \
	.iwdg_base = 0x40003000, .wwdg_wide = true, .lsi_hz = 32000, .crc_base = 0x40023000,       \
	.crc_gate_off = 0x38, .crc_gate_bit = 12, .at_reset = { { 0x50000000, 0xebffffff } },      \
	.vdd_max_mv = 3600

static const struct flash_row flash_g071 = {
	G0_FLASH,
	.family = &flash_l4_g0,
	.blocks = { { 64, 2048 } },
};

static const struct flash_row flash_g031 = {
	G0_FLASH,
	.family = &flash_l4_g0,
	.blocks = { { 32, 2048 } },
};

static const struct flash_row flash_g0b1 = {
	G0_FLASH,
	.family = &flash_l4_g0b,
	.blocks = { { 256, 2048 } },
	.other_blocks = { { 256, 2048 } },
};

static const struct flash_row flash_c031 = {
	G0_FLASH,
	.family = &flash_l4_g0,
	.blocks = { { 16, 2048 } },
};

static const struct flash_row flash_c071 = {
	G0_FLASH,
	.family = &flash_l4_g0,
	.blocks = { { 64, 2048 } },
};

static const struct flash_row flash_c092 = {
	G0_FLASH,
	.family = &flash_l4_g0,
	.blocks = { { 128, 2048 } },
};

const struct chip_row chip_g071 = {
	.name = "G071",
	.title = "STM32G071xB",
	.flash = &flash_g071,
	.clocks = &clocks_g0,
	.flash_kib = 128,
	.idcode = 0x20006460,
	.size_reg = 0x1fff75e0,
	.uid_addr = 0x1fff7590,
	.ram = { { 0x20000000, 36 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.vdd_min_mv = 1700,
	.reset_mv = 1650,
	G0_COMMON,
};

const struct chip_row chip_g031 = {
	.name = "G031",
	.title = "STM32G031x8",
	.flash = &flash_g031,
	.clocks = &clocks_g0,
	.flash_kib = 64,
	.idcode = 0x10016466,
	.size_reg = 0x1fff75e0,
	.uid_addr = 0x1fff7590,
	.ram = { { 0x20000000, 8 * 1024 } },
	.system_memory = { 0x1fff0000, 0x2000 },
	.vdd_min_mv = 1700,
	.reset_mv = 1650,
	G0_COMMON,
};

/* As delivered two banks; with DUAL_BANK clear one. */
const struct chip_row chip_g0b1 = {
	.name = "G0B1",
	.title = "STM32G0B1xE",
	.flash = &flash_g0b1,
	.clocks = &clocks_g0,
	.flash_kib = 512,
	.idcode = 0x10006467,
	.size_reg = 0x1fff75e0,
	.uid_addr = 0x1fff7590,
	.ram = { { 0x20000000, 144 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.vdd_min_mv = 1700,
	.reset_mv = 1650,
	G0_COMMON,
};

const struct chip_row chip_c031 = {
	.name = "C031",
	.title = "STM32C031x6",
	.flash = &flash_c031,
	.clocks = &clocks_c0,
	.flash_kib = 32,
	.idcode = 0x10016453,
	.size_reg = 0x1fff75a0,
	.uid_addr = 0x1fff7550,
	.ram = { { 0x20000000, 12 * 1024 } },
	.system_memory = { 0x1fff0000, 0x1800 },
	.vdd_min_mv = 2000,
	.reset_mv = 1900,
	G0_COMMON,
};

/* ---- more of G0 and C0 (RM0444, RM0490) ---- */

const struct chip_row chip_g051 = {
	.name = "G051",
	.title = "STM32G051x8",
	.flash = &flash_g031,
	.clocks = &clocks_g0,
	.flash_kib = 64,
	.idcode = 0x10006456,
	.size_reg = 0x1fff75e0,
	.uid_addr = 0x1fff7590,
	.ram = { { 0x20000000, 18 * 1024 } },
	.system_memory = { 0x1fff0000, 0x2000 },
	.vdd_min_mv = 1700,
	.reset_mv = 1650,
	G0_COMMON,
};

const struct chip_row chip_c011 = {
	.name = "C011",
	.title = "STM32C011x6",
	.flash = &flash_c031,
	.clocks = &clocks_c0,
	.flash_kib = 32,
	.idcode = 0x10016443,
	.size_reg = 0x1fff75a0,
	.uid_addr = 0x1fff7550,
	.ram = { { 0x20000000, 6 * 1024 } },
	.system_memory = { 0x1fff0000, 0x1800 },
	.vdd_min_mv = 2000,
	.reset_mv = 1900,
	G0_COMMON,
};

const struct chip_row chip_c051 = {
	.name = "C051",
	.title = "STM32C051x8",
	.flash = &flash_g031,
	.clocks = &clocks_c0,
	.flash_kib = 64,
	.idcode = 0x1000644c,
	.size_reg = 0x1fff75a0,
	.uid_addr = 0x1fff7550,
	.ram = { { 0x20000000, 12 * 1024 } },
	.system_memory = { 0x1fff0000, 0x3000 },
	.vdd_min_mv = 2000,
	.reset_mv = 1900,
	G0_COMMON,
};

const struct chip_row chip_c071 = {
	.name = "C071",
	.title = "STM32C071xB",
	.flash = &flash_c071,
	.clocks = &clocks_c0,
	.flash_kib = 128,
	.idcode = 0x10016493,
	.size_reg = 0x1fff75a0,
	.uid_addr = 0x1fff7550,
	.ram = { { 0x20000000, 24 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.vdd_min_mv = 2000,
	.reset_mv = 1900,
	G0_COMMON,
};

const struct chip_row chip_c092 = {
	.name = "C092",
	.title = "STM32C092xC",
	.flash = &flash_c092,
	.clocks = &clocks_c0,
	.flash_kib = 256,
	.idcode = 0x1000644d,
	.size_reg = 0x1fff75a0,
	.uid_addr = 0x1fff7550,
	.ram = { { 0x20000000, 30 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.vdd_min_mv = 2000,
	.reset_mv = 1900,
	G0_COMMON,
};

/* ---- G4, WB, WL (RM0440, RM0434, RM0461) ---- */

#define G4_FLASH                                                                                   \
	G_FLASH, .cache = &flash_cache_l4, .program_us = 81.7, .erase_ms = 22.02, .mass_ms = 22.13

#define G4_COMMON                                                                                  \
	.core = &core_m4, .ap = { { 0x24770011, 0xe00ff003, 0x23000002, 0, 0, 0, false } },        \
	.tar_wrap = 4096, .idcode_addr = 0xe0042000, .size_reg = 0x1fff75e0,                       \
	.uid_addr = 0x1fff7590, .dbgmcu_cr = 0xe0042004,                                           \
	.pins_off = { 0x48000000, 0x3c000000, 0x14000000 }, .iwdg_base = 0x40003000,               \
	.wwdg_wide = true, .lsi_hz = 32000, .crc_base = 0x40023000, .crc_gate_off = 0x48,          \
	.crc_gate_bit = 12, .at_reset = { { 0x48000000, 0xabffffff } }, .vdd_min_mv = 1710,        \
	.vdd_max_mv = 3600, .reset_mv = 1660

static const struct flash_row flash_g431 = {
	G4_FLASH,
	.family = &flash_l4_g4,
	.regs = 0x40022000,
	.blocks = { { 64, 2048 } },
};

static const struct flash_row flash_g474 = {
	G4_FLASH,
	.family = &flash_l4_g47,
	.regs = 0x40022000,
	.blocks = { { 256, 2048 } },
	.other_blocks = { { 128, 4096 } },
};

static const struct flash_row flash_wb55 = {
	G4_FLASH,
	.family = &flash_l4_wb,
	.regs = 0x58004000,
	.blocks = { { 256, 4096 } },
};

static const struct flash_row flash_wl55 = {
	G4_FLASH,
	.family = &flash_l4_wb,
	.regs = 0x58004000,
	.blocks = { { 128, 2048 } },
};

static const struct flash_row flash_g491 = {
	G4_FLASH,
	.family = &flash_l4_g4,
	.regs = 0x40022000,
	.blocks = { { 256, 2048 } },
};

static const struct flash_row flash_wb15 = {
	G4_FLASH,
	.family = &flash_l4_wb,
	.regs = 0x58004000,
	.blocks = { { 160, 2048 } },
};

static const struct flash_row flash_wb35 = {
	G4_FLASH,
	.family = &flash_l4_wb,
	.regs = 0x58004000,
	.blocks = { { 128, 4096 } },
};

const struct chip_row chip_g431 = {
	.name = "G431",
	.title = "STM32G431xB",
	.flash = &flash_g431,
	.clocks = &clocks_g4,
	.flash_kib = 128,
	.dpidr = 0x2ba01477,
	.jtag_idcode = 0x4ba00477,
	.boundary_idcode = 0x06468041,
	.idcode = 0x20016468,
	.ram = { { 0x20000000, 32 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.freeze_iwdg = { 0xe0042008, 0x1000, 0x1000 },
	.standby = { 0x40007000, 0x7, 0x3 },
	G4_COMMON,
};

/* As delivered two banks; with DBANK clear one with pages of 4 KiB. */
const struct chip_row chip_g474 = {
	.name = "G474",
	.title = "STM32G474xE",
	.flash = &flash_g474,
	.bank_mode = SYSCFG_FB_MODE,
	.clocks = &clocks_g4,
	.flash_kib = 512,
	.dpidr = 0x2ba01477,
	.jtag_idcode = 0x4ba00477,
	.boundary_idcode = 0x06469041,
	.idcode = 0x20016469,
	.ram = { { 0x20000000, 128 * 1024 }, { 0x10000000, 32 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.freeze_iwdg = { 0xe0042008, 0x1000, 0x1000 },
	.standby = { 0x40007000, 0x7, 0x3 },
	G4_COMMON,
};

const struct chip_row chip_wb55 = {
	.name = "WB55",
	.title = "STM32WB55xG",
	.flash = &flash_wb55,
	.clocks = &clocks_wb,
	.flash_kib = 1024,
	.dpidr = 0x6ba02477,
	.jtag_idcode = 0x6ba00477,
	.boundary_idcode = 0x06495041,
	.idcode = 0x20016495,
	.ram = { { 0x20000000, 256 * 1024 }, { 0x10000000, 64 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.freeze_iwdg = { 0xe004203c, 0x1000, 0x1000 },
	.standby = { 0x58000400, 0x7, 0x3 },
	G4_COMMON,
};

const struct chip_row chip_wl55 = {
	.name = "WL55",
	.title = "STM32WL55xC",
	.flash = &flash_wl55,
	.clocks = &clocks_wb,
	.flash_kib = 256,
	.dpidr = 0x6ba02477,
	.jtag_idcode = 0x6ba00477,
	.boundary_idcode = 0x06497041,
	.idcode = 0x10016497,
	.ram = { { 0x20000000, 64 * 1024 } },
	.system_memory = { 0x1fff0000, 0x4000 },
	.freeze_iwdg = { 0xe004203c, 0x1000, 0x1000 },
	.standby = { 0x58000400, 0x7, 0x3 },
	G4_COMMON,
};

const struct chip_row chip_g491 = {
	.name = "G491",
	.title = "STM32G491xE",
	.flash = &flash_g491,
	.clocks = &clocks_g4,
	.flash_kib = 512,
	.dpidr = 0x2ba01477,
	.jtag_idcode = 0x4ba00477,
	.boundary_idcode = 0x06479041,
	.idcode = 0x10006479,
	.ram = { { 0x20000000, 112 * 1024 }, { 0x10000000, 16 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.freeze_iwdg = { 0xe0042008, 0x1000, 0x1000 },
	.standby = { 0x40007000, 0x7, 0x3 },
	G4_COMMON,
};

const struct chip_row chip_wb15 = {
	.name = "WB15",
	.title = "STM32WB15xC",
	.flash = &flash_wb15,
	.clocks = &clocks_wb,
	.flash_kib = 320,
	.dpidr = 0x6ba02477,
	.jtag_idcode = 0x6ba00477,
	.boundary_idcode = 0x06494041,
	.idcode = 0x10006494,
	.ram = { { 0x20000000, 12 * 1024 }, { 0x20030000, 32 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.freeze_iwdg = { 0xe004203c, 0x1000, 0x1000 },
	.standby = { 0x58000400, 0x7, 0x3 },
	G4_COMMON,
};

const struct chip_row chip_wb35 = {
	.name = "WB35",
	.title = "STM32WB35xE",
	.flash = &flash_wb35,
	.clocks = &clocks_wb,
	.flash_kib = 512,
	.dpidr = 0x6ba02477,
	.jtag_idcode = 0x6ba00477,
	.boundary_idcode = 0x06496041,
	.idcode = 0x10006496,
	.ram = { { 0x20000000, 32 * 1024 }, { 0x20030000, 64 * 1024 } },
	.system_memory = { 0x1fff0000, 0x7000 },
	.freeze_iwdg = { 0xe004203c, 0x1000, 0x1000 },
	.standby = { 0x58000400, 0x7, 0x3 },
	G4_COMMON,
};

/* ---- U0 (RM0503): the core of G0, the clocks of L4 ---- */

#define U0_COMMON                                                                                  \
	.core = &core_m0p, .clocks = &clocks_l4, .dpidr = 0x6ba02477,                              \
	.ap = { { 0x04770031, 0xe00ff003, 0x03000002, 0, 0, 0, false } }, .tar_wrap = 1024,        \
	.idcode_addr = 0x40015800, .dbgmcu_gate = { 0x58, 27 }, .dbgmcu_cr = 0x40015804,           \
	.freeze_iwdg = { 0x40015808, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x50000000, 0x3c000000, 0x14000000 }, .standby = { 0x40007000, 0x7, 0x3 },   \
	.iwdg_base = 0x40003000, .wwdg_wide = true, .lsi_hz = 32000, .crc_base = 0x40023000,       \
	.crc_gate_off = 0x48, .crc_gate_bit = 12, .at_reset = { { 0x50000000, 0xebffffff } },      \
	.vdd_min_mv = 1710, .vdd_max_mv = 3600, .reset_mv = 1660

static const struct flash_row flash_u031 = {
	G0_FLASH,
	.family = &flash_l4_u0,
	.blocks = { { 32, 2048 } },
};

static const struct flash_row flash_u083 = {
	G0_FLASH,
	.family = &flash_l4_u0,
	.blocks = { { 128, 2048 } },
};

const struct chip_row chip_u031 = {
	.name = "U031",
	.title = "STM32U031x8",
	.flash = &flash_u031,
	.flash_kib = 64,
	.idcode = 0x10006459,
	.size_reg = 0x1fff3ea0,
	.uid_addr = 0x1fff3e50,
	.ram = { { 0x20000000, 12 * 1024 } },
	.system_memory = { 0x1fff0000, 0x3e00 },
	U0_COMMON,
};

const struct chip_row chip_u083 = {
	.name = "U083",
	.title = "STM32U083xC",
	.flash = &flash_u083,
	.flash_kib = 256,
	.idcode = 0x10006489,
	.size_reg = 0x1fff6ea0,
	.uid_addr = 0x1fff6e50,
	.ram = { { 0x20000000, 40 * 1024 } },
	.system_memory = { 0x1fff0000, 0x6800 },
	U0_COMMON,
};
