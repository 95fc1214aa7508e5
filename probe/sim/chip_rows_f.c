/*
 * Chips of the F0, F1 and F3 families: facts from ST's reference manuals, data sheets and device
 * headers. Times of flash are data sheet typicals, except where published sessions show others
 * (said beside them).
 */
#include "probe/sim/chip_rows.h"
#include "probe/sim/flash_family.h"

/* What all F1 have; the pins are given away by AFIO_MAPR.SWJ_CFG, STANDBY is PWR_CR.PDDS. */
#define F1_COMMON                                                                                  \
	.dpidr = 0x1ba01477, .jtag_idcode = 0x3ba00477,                                            \
	.ap = { { 0x14770011, 0xe00ff003, 0x23000002, 0, 0, 0, false } }, .tar_wrap = 4096,        \
	.idcode_addr = 0xe0042000, .size_reg = 0x1ffff7e0, .uid_addr = 0x1ffff7e8,                 \
	.system_memory = { 0x1ffff000, 0x800 }, .dbgmcu_cr = 0xe0042004,                           \
	.freeze_iwdg = { 0xe0042004, 0x100, 0x100 }, .freeze_wwdg = { 0xe0042004, 0x200, 0x200 },  \
	.pins_off = { 0x40010004, 0x07000000, 0x04000000 }, .standby = { 0x40007000, 0x2, 0x2 },   \
	.iwdg_base = 0x40003000, .lsi_hz = 40000, .crc_base = 0x40023000, .crc_gate_off = 0x14,    \
	.crc_gate_bit = 6, .vdd_min_mv = 2000, .vdd_max_mv = 3600, .reset_mv = 1880

/* ---- F103, medium density (RM0008, PM0075, DS5319) ---- */

/* A page: data sheet 20 to 40 ms; published sessions fit 22. */
#define F1_FLASH                                                                                   \
	.ops = &flash_fpec_f1, .base = 0x08000000, .regs = 0x40022000, .option_base = 0x1ffff800,  \
	.option_bytes = 16, .erased = 0xff, .program_us = 52.5, .erase_ms = 22, .mass_ms = 40,     \
	.open_rdp = 0xa5

static const struct flash_row flash_f103 = { F1_FLASH, .blocks = { { 128, 1024 } } };
static const struct flash_row flash_f103l = { F1_FLASH, .blocks = { { 32, 1024 } } };
static const struct flash_row flash_f103e = { F1_FLASH, .blocks = { { 256, 2048 } } };
static const struct flash_row flash_f107 = { F1_FLASH, .blocks = { { 128, 2048 } } };

/* XL density: two banks of 512 KiB. */
static const struct flash_row flash_f103g = {
	F1_FLASH,
	.family = &flash_fpec_xl,
	.blocks = { { 512, 2048 } },
};

const struct chip_row chip_f103 = {
	.name = "F103",
	.title = "STM32F103xB",
	.core = &core_m3,
	.flash = &flash_f103,
	.clocks = &clocks_f1,
	.flash_kib = 128,
	.idcode = 0x20036410,
	.ram = { { 0x20000000, 20 * 1024 } },
	.boundary_idcode = 0x16410041,
	.no_mpu = true,
	F1_COMMON,
};

/* ---- F103, high density (RM0008, PM0075, DS5792) ---- */

const struct chip_row chip_f103e = {
	.name = "F103E",
	.title = "STM32F103xE",
	.core = &core_m3,
	.flash = &flash_f103e,
	.clocks = &clocks_f1,
	.flash_kib = 512,
	.idcode = 0x10036414,
	.ram = { { 0x20000000, 64 * 1024 } },
	.boundary_idcode = 0x06414041,
	.no_mpu = true,
	F1_COMMON,
};

/* ---- F100, value line of medium density (RM0041, DS5944) ---- */

const struct chip_row chip_f100 = {
	.name = "F100",
	.title = "STM32F100xB",
	.core = &core_m3,
	.flash = &flash_f103,
	.clocks = &clocks_f1,
	.flash_kib = 128,
	.idcode = 0x10016420,
	.ram = { { 0x20000000, 8 * 1024 } },
	.boundary_idcode = 0x06420041,
	.no_mpu = true,
	F1_COMMON,
};

/* ---- F107, connectivity line (RM0008, DS5610) ---- */

const struct chip_row chip_f107 = {
	.name = "F107",
	.title = "STM32F107xC",
	.core = &core_m3,
	.flash = &flash_f107,
	.clocks = &clocks_f1,
	.flash_kib = 256,
	.idcode = 0x10016418,
	.ram = { { 0x20000000, 64 * 1024 } },
	.boundary_idcode = 0x06418041,
	.no_mpu = true,
	F1_COMMON,
};

/* ---- more of F1: low density, XL density (PM0068), value line of high density ---- */

const struct chip_row chip_f103l = {
	.name = "F103L",
	.title = "STM32F103x6",
	.core = &core_m3,
	.clocks = &clocks_f1,
	.flash = &flash_f103l,
	.flash_kib = 32,
	.boundary_idcode = 0x06412041,
	.idcode = 0x10006412,
	.ram = { { 0x20000000, 10 * 1024 } },
	.no_mpu = true,
	F1_COMMON,
};

const struct chip_row chip_f103g = {
	.name = "F103G",
	.title = "STM32F103xG",
	.core = &core_m3,
	.clocks = &clocks_f1,
	.flash = &flash_f103g,
	.flash_kib = 1024,
	.boundary_idcode = 0x06430041,
	.idcode = 0x10006430,
	.ram = { { 0x20000000, 96 * 1024 } },
	F1_COMMON,
};

const struct chip_row chip_f100e = {
	.name = "F100E",
	.title = "STM32F100xE",
	.core = &core_m3,
	.clocks = &clocks_f1,
	.flash = &flash_f103e,
	.flash_kib = 512,
	.boundary_idcode = 0x06428041,
	.idcode = 0x10016428,
	.ram = { { 0x20000000, 32 * 1024 } },
	.no_mpu = true,
	F1_COMMON,
};

/* ---- F0 (RM0091) ---- */

#define F0_FLASH                                                                                   \
	.ops = &flash_fpec_f0, .base = 0x08000000, .regs = 0x40022000, .option_base = 0x1ffff800,  \
	.option_bytes = 16, .erased = 0xff, .program_us = 53.5, .erase_ms = 22, .mass_ms = 40,     \
	.open_rdp = 0xaa

#define F0_COMMON                                                                                  \
	.core = &core_m0, .clocks = &clocks_f0, .dpidr = 0x0bb11477,                               \
	.ap = { { 0x04770021, 0xe00ff003, 0x03000002, 0, 0, 0, false } }, .tar_wrap = 1024,        \
	.idcode_addr = 0x40015800, .size_reg = 0x1ffff7cc, .uid_addr = 0x1ffff7ac,                 \
	.dbgmcu_gate = { 0x18, 22 }, .dbgmcu_cr = 0x40015804,                                      \
	.freeze_iwdg = { 0x40015808, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x48000000, 0x3c000000, 0x14000000 }, .standby = { 0x40007000, 0x2, 0x2 },   \
	.iwdg_base = 0x40003000, .lsi_hz = 40000, .crc_base = 0x40023000, .crc_gate_off = 0x14,    \
	.crc_gate_bit = 6, .at_reset = { { 0x48000000, 0x28000000 } }, .vdd_min_mv = 2000,         \
	.vdd_max_mv = 3600, .reset_mv = 1880

static const struct flash_row flash_f051 = { F0_FLASH, .blocks = { { 64, 1024 } } };
static const struct flash_row flash_f042 = { F0_FLASH, .blocks = { { 32, 1024 } } };
static const struct flash_row flash_f072 = { F0_FLASH, .blocks = { { 64, 2048 } } };
static const struct flash_row flash_f091 = { F0_FLASH, .blocks = { { 128, 2048 } } };

const struct chip_row chip_f051 = {
	.name = "F051",
	.title = "STM32F051x8",
	.flash = &flash_f051,
	.flash_kib = 64,
	.idcode = 0x20006440,
	.ram = { { 0x20000000, 8 * 1024 } },
	.system_memory = { 0x1fffec00, 0xc00 },
	F0_COMMON,
};

const struct chip_row chip_f042 = {
	.name = "F042",
	.title = "STM32F042x6",
	.flash = &flash_f042,
	.flash_kib = 32,
	.idcode = 0x10006445,
	.ram = { { 0x20000000, 6 * 1024 } },
	.system_memory = { 0x1fffc400, 0x3400 },
	F0_COMMON,
};

const struct chip_row chip_f072 = {
	.name = "F072",
	.title = "STM32F072xB",
	.flash = &flash_f072,
	.flash_kib = 128,
	.idcode = 0x20016448,
	.ram = { { 0x20000000, 16 * 1024 } },
	.system_memory = { 0x1fffc800, 0x3000 },
	F0_COMMON,
};

const struct chip_row chip_f091 = {
	.name = "F091",
	.title = "STM32F091xC",
	.flash = &flash_f091,
	.flash_kib = 256,
	.idcode = 0x10006442,
	.ram = { { 0x20000000, 32 * 1024 } },
	.system_memory = { 0x1fffd800, 0x2000 },
	F0_COMMON,
};

const struct chip_row chip_f031 = {
	.name = "F031",
	.title = "STM32F031x6",
	.system_memory = { 0x1fffec00, 0xc00 },
	.flash = &flash_f042,
	.flash_kib = 32,
	.idcode = 0x10006444,
	.ram = { { 0x20000000, 4 * 1024 } },
	F0_COMMON,
};

/* ---- F3 (RM0316, RM0313, RM0364, RM0365) ---- */

#define F3_COMMON                                                                                  \
	.core = &core_m4, .clocks = &clocks_f3, .dpidr = 0x2ba01477, .jtag_idcode = 0x4ba00477,    \
	.ap = { { 0x24770011, 0xe00ff003, 0x23000002, 0, 0, 0, false } }, .tar_wrap = 4096,        \
	.idcode_addr = 0xe0042000, .size_reg = 0x1ffff7cc, .uid_addr = 0x1ffff7ac,                 \
	.system_memory = { 0x1fffd800, 0x2000 }, .dbgmcu_cr = 0xe0042004,                          \
	.freeze_iwdg = { 0xe0042008, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x48000000, 0x3c000000, 0x14000000 }, .standby = { 0x40007000, 0x2, 0x2 },   \
	.iwdg_base = 0x40003000, .lsi_hz = 40000, .crc_base = 0x40023000, .crc_gate_off = 0x14,    \
	.crc_gate_bit = 6, .at_reset = { { 0x48000000, 0xa8000000 } }, .vdd_min_mv = 2000,         \
	.vdd_max_mv = 3600, .reset_mv = 1880

static const struct flash_row flash_f334 = { F0_FLASH, .blocks = { { 32, 2048 } } };
static const struct flash_row flash_f303 = { F0_FLASH, .blocks = { { 128, 2048 } } };
static const struct flash_row flash_f303e = { F0_FLASH, .blocks = { { 256, 2048 } } };

const struct chip_row chip_f303 = {
	.name = "F303",
	.title = "STM32F303xC",
	.flash = &flash_f303,
	.flash_kib = 256,
	.boundary_idcode = 0x06422041,
	.idcode = 0x10036422,
	.ram = { { 0x20000000, 40 * 1024 }, { 0x10000000, 8 * 1024 } },
	F3_COMMON,
};

const struct chip_row chip_f303e = {
	.name = "F303E",
	.title = "STM32F303xE",
	.flash = &flash_f303e,
	.flash_kib = 512,
	.boundary_idcode = 0x06446041,
	.idcode = 0x10006446,
	.ram = { { 0x20000000, 64 * 1024 }, { 0x10000000, 16 * 1024 } },
	F3_COMMON,
};

const struct chip_row chip_f302 = {
	.name = "F302",
	.title = "STM32F302x8",
	.flash = &flash_f334,
	.flash_kib = 64,
	.boundary_idcode = 0x06439041,
	.idcode = 0x10016439,
	.ram = { { 0x20000000, 16 * 1024 } },
	F3_COMMON,
};

const struct chip_row chip_f334 = {
	.name = "F334",
	.title = "STM32F334x8",
	.flash = &flash_f334,
	.flash_kib = 64,
	.boundary_idcode = 0x06438041,
	.idcode = 0x10006438,
	.ram = { { 0x20000000, 12 * 1024 }, { 0x10000000, 4 * 1024 } },
	F3_COMMON,
};

const struct chip_row chip_f373 = {
	.name = "F373",
	.title = "STM32F373xC",
	.flash = &flash_f303,
	.flash_kib = 256,
	.boundary_idcode = 0x06432041,
	.idcode = 0x20006432,
	.ram = { { 0x20000000, 32 * 1024 } },
	F3_COMMON,
};
