/*
 * Chips of the F2, F4 and F7 families: facts from ST's reference manuals, data sheets and device
 * headers.
 */
#include "probe/sim/chip_rows.h"
#include "probe/sim/flash_family.h"

#define F4_CLASS                                                                                   \
	.ops = &flash_f4, .base = 0x08000000, .regs = 0x40023c00, .erased = 0xff, .program_us = 16
#define F4_FLASH F4_CLASS, .cache = &flash_cache_f4
#define F7_FLASH F4_CLASS, .cache = &flash_cache_f7

#define F4_COMMON                                                                                  \
	.clocks = &clocks_f4, .dpidr = 0x2ba01477, .jtag_idcode = 0x4ba00477,                      \
	.ap = { { 0x24770011, 0xe00ff003, 0x23000002, 0, 0, 0, false } }, .tar_wrap = 4096,        \
	.idcode_addr = 0xe0042000, .size_reg = 0x1fff7a22, .uid_addr = 0x1fff7a10,                 \
	.system_memory = { 0x1fff0000, 0x7800 }, .dbgmcu_cr = 0xe0042004,                          \
	.freeze_iwdg = { 0xe0042008, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x40020000, 0x3c000000, 0x14000000 }, .standby = { 0x40007000, 0x2, 0x2 },   \
	.iwdg_base = 0x40003000, .lsi_hz = 32000, .crc_base = 0x40023000, .crc_gate_off = 0x30,    \
	.crc_gate_bit = 12, .at_reset = { { 0x40020000, 0xa8000000 } }, .vdd_min_mv = 1800,        \
	.vdd_max_mv = 3600, .reset_mv = 1700

#define SECTORS(large)                                                                             \
	{                                                                                          \
		{ 4, 0x4000 }, { 1, 0x10000 },                                                     \
		{                                                                                  \
			large, 0x20000                                                             \
		}                                                                                  \
	}

static const struct flash_row flash_f410 = {
	F4_FLASH,
	.family = &flash_f4_pcrop,
	.blocks = { { 4, 0x4000 }, { 1, 0x10000 } },
};

static const struct flash_row flash_f401 = {
	F4_FLASH,
	.family = &flash_f4_pcrop,
	.blocks = SECTORS(1),
};

static const struct flash_row flash_f411 = {
	F4_FLASH,
	.family = &flash_f4_pcrop,
	.blocks = SECTORS(3),
};

static const struct flash_row flash_f412 = {
	F4_FLASH,
	.family = &flash_f4_pcrop,
	.blocks = SECTORS(7),
};

static const struct flash_row flash_f413 = {
	F4_FLASH,
	.family = &flash_f4_f413,
	.blocks = SECTORS(11),
};

static const struct flash_row flash_f405 = {
	F4_FLASH,
	.family = &flash_f4_f4,
	.blocks = SECTORS(7),
};

/* As delivered one bank; with DB1M set two of 512 KiB. */
static const struct flash_row flash_f429 = {
	F4_FLASH,
	.family = &flash_f4_f42_1m,
	.blocks = SECTORS(7),
	.other_blocks = { { 4, 0x4000 },
			  { 1, 0x10000 },
			  { 3, 0x20000 },
			  { 4, 0x4000 },
			  { 1, 0x10000 },
			  { 3, 0x20000 } },
};

/* ---- F4 (RM0090, RM0368, RM0383, RM0390, RM0401, RM0402, RM0430, RM0386) ---- */

const struct chip_row chip_f405 = {
	.name = "F405",
	.title = "STM32F405xG",
	.core = &core_m4,
	.flash = &flash_f405,
	.flash_kib = 1024,
	.boundary_idcode = 0x06413041,
	.idcode = 0x10076413,
	.ram = { { 0x20000000, 128 * 1024 }, { 0x10000000, 64 * 1024 } },
	F4_COMMON,
};

const struct chip_row chip_f401 = {
	.name = "F401",
	.title = "STM32F401xC",
	.core = &core_m4,
	.flash = &flash_f401,
	.flash_kib = 256,
	.boundary_idcode = 0x06423041,
	.idcode = 0x10016423,
	.ram = { { 0x20000000, 64 * 1024 } },
	F4_COMMON,
};

const struct chip_row chip_f411 = {
	.name = "F411",
	.title = "STM32F411xE",
	.core = &core_m4,
	.flash = &flash_f411,
	.flash_kib = 512,
	.boundary_idcode = 0x06431041,
	.idcode = 0x10006431,
	.ram = { { 0x20000000, 128 * 1024 } },
	F4_COMMON,
};

const struct chip_row chip_f429 = {
	.name = "F429",
	.title = "STM32F429xG",
	.core = &core_m4,
	.flash = &flash_f429,
	.flash_kib = 1024,
	.boundary_idcode = 0x06419041,
	.idcode = 0x20016419,
	.ram = { { 0x20000000, 192 * 1024 }, { 0x10000000, 64 * 1024 } },
	F4_COMMON,
};

#define TWO_BANKS                                                                                  \
	{                                                                                          \
		{ 4, 0x4000 }, { 1, 0x10000 }, { 7, 0x20000 }, { 4, 0x4000 }, { 1, 0x10000 },      \
		{                                                                                  \
			7, 0x20000                                                                 \
		}                                                                                  \
	}

static const struct flash_row flash_f429i = {
	F4_FLASH,
	.family = &flash_f4_f4_dual,
	.blocks = TWO_BANKS,
};

const struct chip_row chip_f429i = {
	.name = "F429I",
	.title = "STM32F429xI",
	.core = &core_m4,
	.flash = &flash_f429i,
	.flash_kib = 2048,
	.boundary_idcode = 0x06419041,
	.idcode = 0x20016419,
	.ram = { { 0x20000000, 192 * 1024 }, { 0x10000000, 64 * 1024 } },
	F4_COMMON,
};

const struct chip_row chip_f446 = {
	.name = "F446",
	.title = "STM32F446xE",
	.core = &core_m4,
	.flash = &flash_f411,
	.flash_kib = 512,
	.boundary_idcode = 0x06421041,
	.idcode = 0x10006421,
	.ram = { { 0x20000000, 128 * 1024 } },
	F4_COMMON,
};

const struct chip_row chip_f401e = {
	.name = "F401E",
	.title = "STM32F401xE",
	.core = &core_m4,
	.flash = &flash_f411,
	.flash_kib = 512,
	.boundary_idcode = 0x06433041,
	.idcode = 0x10016433,
	.ram = { { 0x20000000, 96 * 1024 } },
	F4_COMMON,
};

const struct chip_row chip_f410 = {
	.name = "F410",
	.title = "STM32F410xB",
	.core = &core_m4,
	.flash = &flash_f410,
	.flash_kib = 128,
	.boundary_idcode = 0x06458041,
	.idcode = 0x10006458,
	.ram = { { 0x20000000, 32 * 1024 } },
	F4_COMMON,
};

const struct chip_row chip_f412 = {
	.name = "F412",
	.title = "STM32F412xG",
	.core = &core_m4,
	.flash = &flash_f412,
	.flash_kib = 1024,
	.boundary_idcode = 0x06441041,
	.idcode = 0x20006441,
	.ram = { { 0x20000000, 256 * 1024 } },
	F4_COMMON,
};

const struct chip_row chip_f413 = {
	.name = "F413",
	.title = "STM32F413xH",
	.core = &core_m4,
	.flash = &flash_f413,
	.flash_kib = 1536,
	.boundary_idcode = 0x06463041,
	.idcode = 0x10006463,
	.ram = { { 0x20000000, 320 * 1024 } },
	F4_COMMON,
};

const struct chip_row chip_f469 = {
	.name = "F469",
	.title = "STM32F469xI",
	.core = &core_m4,
	.flash = &flash_f429i,
	.flash_kib = 2048,
	.boundary_idcode = 0x06434041,
	.idcode = 0x10006434,
	.ram = { { 0x20000000, 320 * 1024 }, { 0x10000000, 64 * 1024 } },
	F4_COMMON,
};

/* ---- F207 (RM0033) ---- */

const struct chip_row chip_f207 = {
	.name = "F207",
	.title = "STM32F207xG",
	.core = &core_m3,
	.flash = &flash_f405,
	.flash_kib = 1024,
	.boundary_idcode = 0x06411041,
	.idcode = 0x20036411,
	.ram = { { 0x20000000, 128 * 1024 } },
	F4_COMMON,
};

/* ---- F7 (RM0385, RM0431, RM0410); its ITCM RAM lies at 0 ---- */

#define F7_COMMON                                                                                  \
	.core = &core_m7, .alias = 0x00200000, .clocks = &clocks_f4, .boot = 0x08000000,           \
	.dpidr = 0x5ba02477, .jtag_idcode = 0x5ba00477,                                            \
	.ap = { { 0x74770001, 0xe00fd003, 0x02000002, 0, 0, 0, false } }, .tar_wrap = 1024,        \
	.idcode_addr = 0xe0042000, .system_memory = { 0x1ff00000, 0xedc0 },                        \
	.dbgmcu_cr = 0xe0042004, .freeze_iwdg = { 0xe0042008, 0x1000, 0x1000 },                    \
	.pins_off = { 0x40020000, 0x3c000000, 0x14000000 }, .standby = { 0x40007000, 0x2, 0x2 },   \
	.iwdg_base = 0x40003000, .lsi_hz = 32000, .crc_base = 0x40023000, .crc_gate_off = 0x30,    \
	.crc_gate_bit = 12, .at_reset = { { 0x40020000, 0xa8000000 } }, .vdd_min_mv = 1700,        \
	.vdd_max_mv = 3600, .reset_mv = 1650

static const struct flash_row flash_f746 = {
	F7_FLASH,
	.family = &flash_f4_f7,
	.blocks = { { 4, 0x8000 }, { 1, 0x20000 }, { 3, 0x40000 } },
};

static const struct flash_row flash_f722 = {
	F7_FLASH,
	.family = &flash_f4_f72,
	.blocks = SECTORS(3),
};

/* As delivered one bank; with nDBANK clear two. */
static const struct flash_row flash_f767 = {
	F7_FLASH,
	.family = &flash_f4_f76,
	.blocks = { { 4, 0x8000 }, { 1, 0x20000 }, { 7, 0x40000 } },
	.other_blocks = TWO_BANKS,
};

const struct chip_row chip_f746 = {
	.name = "F746",
	.title = "STM32F746xG",
	.flash = &flash_f746,
	.flash_kib = 1024,
	.boundary_idcode = 0x06449041,
	.idcode = 0x10016449,
	.size_reg = 0x1ff0f442,
	.uid_addr = 0x1ff0f420,
	.ram = { { 0x20000000, 320 * 1024 }, { 0x00000000, 16 * 1024 } },
	F7_COMMON,
};

const struct chip_row chip_f722 = {
	.name = "F722",
	.title = "STM32F722xE",
	.flash = &flash_f722,
	.flash_kib = 512,
	.boundary_idcode = 0x06452041,
	.idcode = 0x10006452,
	.size_reg = 0x1ff07a22,
	.uid_addr = 0x1ff07a10,
	.ram = { { 0x20000000, 256 * 1024 }, { 0x00000000, 16 * 1024 } },
	F7_COMMON,
};

const struct chip_row chip_f767 = {
	.name = "F767",
	.title = "STM32F767xI",
	.flash = &flash_f767,
	.flash_kib = 2048,
	.boundary_idcode = 0x06451041,
	.idcode = 0x10016451,
	.size_reg = 0x1ff0f442,
	.uid_addr = 0x1ff0f420,
	.ram = { { 0x20000000, 512 * 1024 }, { 0x00000000, 16 * 1024 } },
	F7_COMMON,
};
