/*
 * Chips with a Cortex-M33, their TrustZone off: L5, U5, H5, U3 and WBA; facts from ST's reference
 * manuals, data sheets and device headers. Times of flash are data sheet typicals.
 */
#include "probe/sim/chip_rows.h"
#include "probe/sim/flash_family.h"

/* ---- U5, TrustZone off, two banks (RM0456, DS13737) ---- */

#define U5_FLASH                                                                                   \
	.ops = &flash_l5, .family = &flash_l4_u5, .base = 0x08000000, .regs = 0x40022000,          \
	.erased = 0xff, .granule = 16, .program_us = 118, .erase_ms = 1.5, .mass_ms = 195

/* PWR_VOSR answers BOOSTEN with BOOSTRDY. */
#define U5_COMMON                                                                                  \
	.core = &core_m33, .clocks = &clocks_u5, .boot = 0x08000000, .dpidr = 0x0be12477,          \
	.jtag_idcode = 0x0ba04477,                                                                 \
	.ap = { { 0x14770015, 0xe00fe003, 0x03800002, 0, 0, 0, false } }, .tar_wrap = 1024,        \
	.idcode_addr = 0xe0044000, .size_reg = 0x0bfa07a0, .uid_addr = 0x0bfa0700,                 \
	.system_memory = { 0x0bf90000, 0x10000 }, .dbgmcu_cr = 0xe0044004,                         \
	.freeze_iwdg = { 0xe0044008, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x42020000, 0x3c000000, 0x14000000 }, .standby = { 0x46020800, 0x6, 0x4 },   \
	.iwdg_base = 0x40003000, .wwdg_wide = true, .lsi_hz = 32000, .crc_base = 0x40023000,       \
	.crc_gate_off = 0x88, .crc_gate_bit = 12,                                                  \
	.at_reset = { { 0x42020000, 0xabffffff }, { 0x4602080c, 0x00008000 } },                    \
	.follow = { { 0x4602080c, 18, 14 } }, .vdd_min_mv = 1710, .vdd_max_mv = 3600,              \
	.reset_mv = 1660

static const struct flash_row flash_u535 = { U5_FLASH, .blocks = { { 64, 8192 } } };
static const struct flash_row flash_u575 = { U5_FLASH, .blocks = { { 256, 8192 } } };
static const struct flash_row flash_u595 = { U5_FLASH, .blocks = { { 512, 8192 } } };

const struct chip_row chip_u535 = {
	.name = "U535",
	.title = "STM32U535xE",
	.flash = &flash_u535,
	.flash_kib = 512,
	.boundary_idcode = 0x06455041,
	.idcode = 0x10016455,
	.ram = { { 0x20000000, 256 * 1024 } },
	U5_COMMON,
};

const struct chip_row chip_u575 = {
	.name = "U575",
	.title = "STM32U575xI",
	.flash = &flash_u575,
	.flash_kib = 2048,
	.boundary_idcode = 0x06482041,
	.idcode = 0x30016482,
	.ram = { { 0x20000000, 768 * 1024 } },
	U5_COMMON,
};

const struct chip_row chip_u595 = {
	.name = "U595",
	.title = "STM32U595xJ",
	.flash = &flash_u595,
	.flash_kib = 4096,
	.boundary_idcode = 0x06481041,
	.idcode = 0x30026481,
	.ram = { { 0x20000000, 2496 * 1024 } },
	U5_COMMON,
};

const struct chip_row chip_u5f9 = {
	.name = "U5F9",
	.title = "STM32U5F9xJ",
	.flash = &flash_u595,
	.flash_kib = 4096,
	.boundary_idcode = 0x06476041,
	.idcode = 0x10016476,
	.ram = { { 0x20000000, 3008 * 1024 } },
	U5_COMMON,
};

/* ---- L552, xE, TrustZone off, as delivered two banks (RM0438, DS12737) ---- */

static const struct flash_row flash_l552 = {
	.ops = &flash_l5,
	.family = &flash_l4_l5,
	.base = 0x08000000,
	.regs = 0x40022000,
	.blocks = { { 256, 2048 } },
	.other_blocks = { { 128, 4096 } },
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
	.ap = { { 0x14770015, 0xe00fe003, 0x03800002, 0, 0, 0, false } },
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
	.wwdg_wide = true,
	.lsi_hz = 32000,
	.crc_base = 0x40023000,
	.crc_gate_off = 0x48,
	.crc_gate_bit = 12,
	.at_reset = { { 0x42020000, 0xabffffff } },
	.vdd_min_mv = 1710,
	.vdd_max_mv = 3600,
	.reset_mv = 1660,
};

/* ---- H5 (RM0481, RM0492, DS14258, DS14053); the time of a word is an estimate ---- */

#define H5_FLASH                                                                                   \
	.ops = &flash_h5, .base = 0x08000000, .regs = 0x40022000, .erased = 0xff, .granule = 16,   \
	.program_us = 40, .erase_ms = 2

/*
 * The first access port sees the debug components only. That it reads zero elsewhere is a guess:
 * OpenOCD asks it for a CPUID, and goes on.
 */
#define H5_COMMON                                                                                  \
	.core = &core_m33, .clocks = &clocks_h5, .boot = 0x08000000, .dpidr = 0x6ba02477,          \
	.jtag_idcode = 0x6ba00477,                                                                 \
	.ap = { { 0x54770002, 0xe00e0003, 0x80000002, 0xe0044000, 0x44024000, 0x1000, true },      \
		{ 0x14770015, 0xe00fe003, 0x03800002, 0, 0, 0, false } },                          \
	.tar_wrap = 1024, .idcode_addr = 0x44024000, .size_reg = 0x08fff80c,                       \
	.uid_addr = 0x08fff800, .dbgmcu_cr = 0x44024004,                                           \
	.freeze_iwdg = { 0x44024008, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x42020000, 0x3c000000, 0x14000000 }, .standby = { 0x44020800, 0x1, 0x1 },   \
	.iwdg_base = 0x40003000, .wwdg_wide = true, .lsi_hz = 32000, .crc_base = 0x40023000,       \
	.crc_gate_off = 0x88, .crc_gate_bit = 12, .at_reset = { { 0x42020000, 0xabffffff } },      \
	.vdd_min_mv = 1710, .vdd_max_mv = 3600, .reset_mv = 1660

static const struct flash_row flash_h503 = {
	H5_FLASH,
	.family = &flash_h5_h503,
	.blocks = { { 16, 0x2000 } },
	.mass_ms = 16,
};

static const struct flash_row flash_h533 = {
	H5_FLASH,
	.family = &flash_h5_h563,
	.blocks = { { 64, 0x2000 } },
	.mass_ms = 64,
};

static const struct flash_row flash_h563 = {
	H5_FLASH,
	.family = &flash_h5_h563,
	.blocks = { { 256, 0x2000 } },
	.mass_ms = 256,
};

const struct chip_row chip_h503 = {
	.name = "H503",
	.title = "STM32H503xB",
	.flash = &flash_h503,
	.flash_kib = 128,
	.boundary_idcode = 0x06474041,
	.idcode = 0x10016474,
	.ram = { { 0x20000000, 32 * 1024 } },
	.system_memory = { 0x0bf87000, 0x9000 },
	H5_COMMON,
};

const struct chip_row chip_h533 = {
	.name = "H533",
	.title = "STM32H533xE",
	.flash = &flash_h533,
	.flash_kib = 512,
	.boundary_idcode = 0x06478041,
	.idcode = 0x10016478,
	.ram = { { 0x20000000, 272 * 1024 } },
	.system_memory = { 0x0bf97000, 0x9000 },
	H5_COMMON,
};

const struct chip_row chip_h563 = {
	.name = "H563",
	.title = "STM32H563xI",
	.flash = &flash_h563,
	.flash_kib = 2048,
	.boundary_idcode = 0x06484041,
	.idcode = 0x10016484,
	.ram = { { 0x20000000, 640 * 1024 } },
	.system_memory = { 0x0bf97000, 0x9000 },
	H5_COMMON,
};

/* ---- U3, TrustZone off, two banks (RM0487); its RCC lies elsewhere, PWR answers R1EN ---- */

#define U3_FLASH                                                                                   \
	.ops = &flash_l5, .base = 0x08000000, .regs = 0x40022000, .erased = 0xff, .granule = 8,    \
	.program_us = 118, .erase_ms = 1.5, .mass_ms = 195

#define U3_COMMON                                                                                  \
	.core = &core_m33, .clocks = &clocks_u3, .boot = 0x08000000, .dpidr = 0x0be12477,          \
	.jtag_idcode = 0x0ba04477,                                                                 \
	.ap = { { 0x14770015, 0xe00fe003, 0x03800002, 0, 0, 0, false } }, .tar_wrap = 1024,        \
	.idcode_addr = 0xe0044000, .size_reg = 0x0bfa07a0, .uid_addr = 0x0bfa0700,                 \
	.system_memory = { 0x0bf8f000, 0x11000 }, .dbgmcu_cr = 0xe0044004,                         \
	.freeze_iwdg = { 0xe0044008, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x42020000, 0x3c000000, 0x14000000 }, .standby = { 0x40030800, 0x6, 0x4 },   \
	.iwdg_base = 0x40003000, .wwdg_wide = true, .lsi_hz = 32000, .crc_base = 0x40023000,       \
	.crc_gate_off = 0x88, .crc_gate_bit = 12, .at_reset = { { 0x42020000, 0xabffffff } },      \
	.follow = { { 0x4003080c, 0, 16 }, { 0x4003080c, 1, 17 } }, .vdd_min_mv = 1710,            \
	.vdd_max_mv = 3600, .reset_mv = 1660

static const struct flash_row flash_u385 = {
	U3_FLASH,
	.family = &flash_l4_u3,
	.blocks = { { 256, 4096 } },
};

static const struct flash_row flash_u3c5 = {
	U3_FLASH,
	.family = &flash_l4_u3c,
	.blocks = { { 512, 4096 } },
};

const struct chip_row chip_u385 = {
	.name = "U385",
	.title = "STM32U385xG",
	.flash = &flash_u385,
	.flash_kib = 1024,
	.boundary_idcode = 0x06454041,
	.idcode = 0x10016454,
	.ram = { { 0x20000000, 256 * 1024 } },
	U3_COMMON,
};

const struct chip_row chip_u3c5 = {
	.name = "U3C5",
	.title = "STM32U3C5xI",
	.flash = &flash_u3c5,
	.flash_kib = 2048,
	.boundary_idcode = 0x0642a041,
	.idcode = 0x1000642a,
	.ram = { { 0x20000000, 640 * 1024 } },
	U3_COMMON,
};

/* ---- WBA (RM0493); the core is behind the second access port, as on H5 ---- */

#define WBA_FLASH                                                                                  \
	.ops = &flash_l5, .base = 0x08000000, .regs = 0x40022000, .erased = 0xff,                  \
	.program_us = 118, .erase_ms = 1.5, .mass_ms = 195

#define WBA_COMMON                                                                                 \
	.core = &core_m33, .clocks = &clocks_wba, .boot = 0x08000000,                              \
	.ap = { { 0x54770002, 0xe00e0003, 0x80000002, 0xe0044000, 0xe0044000, 0x1000, true },      \
		{ 0x14770015, 0xe00fe003, 0x03800002, 0, 0, 0, false } },                          \
	.tar_wrap = 1024, .idcode_addr = 0xe0044000, .dbgmcu_cr = 0xe0044004,                      \
	.freeze_iwdg = { 0xe0044008, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x42020000, 0x3c000000, 0x14000000 }, .standby = { 0x46020800, 0x6, 0x4 },   \
	.iwdg_base = 0x40003000, .wwdg_wide = true, .lsi_hz = 32000, .crc_base = 0x40023000,       \
	.crc_gate_off = 0x88, .crc_gate_bit = 12, .at_reset = { { 0x42020000, 0xabffffff } },      \
	.vdd_min_mv = 1710, .vdd_max_mv = 3600, .reset_mv = 1660

static const struct flash_row flash_wba52 = {
	WBA_FLASH,
	.family = &flash_l4_wba5,
	.blocks = { { 128, 8192 } },
	.granule = 16,
};

static const struct flash_row flash_wba65 = {
	WBA_FLASH,
	.family = &flash_l4_wba6,
	.blocks = { { 256, 8192 } },
	.granule = 16,
};

static const struct flash_row flash_wba25 = {
	WBA_FLASH,
	.family = &flash_l4_wba2,
	.blocks = { { 128, 4096 } },
	.granule = 8,
};

const struct chip_row chip_wba52 = {
	.name = "WBA52",
	.title = "STM32WBA52xG",
	.flash = &flash_wba52,
	.flash_kib = 1024,
	.dpidr = 0x6ba02477,
	.jtag_idcode = 0x6ba00477,
	.boundary_idcode = 0x06492041,
	.idcode = 0x10006492,
	.size_reg = 0x0bf907a0,
	.uid_addr = 0x0bf90700,
	.ram = { { 0x20000000, 128 * 1024 } },
	.system_memory = { 0x0bf88000, 0x8000 },
	WBA_COMMON,
};

/* Two banks. */
const struct chip_row chip_wba65 = {
	.name = "WBA65",
	.title = "STM32WBA65xI",
	.flash = &flash_wba65,
	.flash_kib = 2048,
	.dpidr = 0x6ba02477,
	.jtag_idcode = 0x6ba00477,
	.boundary_idcode = 0x064b0041,
	.idcode = 0x100164b0,
	.size_reg = 0x0bfa07a0,
	.uid_addr = 0x0bfa0700,
	.ram = { { 0x20000000, 512 * 1024 } },
	.system_memory = { 0x0bf88000, 0x8000 },
	WBA_COMMON,
};

/* Small pages; its words lie at other places. */
const struct chip_row chip_wba25 = {
	.name = "WBA25",
	.title = "STM32WBA2x",
	.flash = &flash_wba25,
	.flash_kib = 512,
	.dpidr = 0x0be12477,
	.jtag_idcode = 0x0ba04477,
	.boundary_idcode = 0x064b2041,
	.idcode = 0x100064b2,
	.size_reg = 0x0bf8d7a0,
	.uid_addr = 0x0bf8d700,
	.ram = { { 0x20000000, 64 * 1024 } },
	.system_memory = { 0x0bf88000, 0x5000 },
	WBA_COMMON,
};
