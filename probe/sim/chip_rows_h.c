/*
 * Chips of the H7 family: facts from ST's reference manuals, data sheets and device headers. Times
 * of flash are data sheet typicals (flash_h7_options.c).
 */
#include "probe/sim/chip_rows.h"
#include "probe/sim/flash_family.h"

#define H7_FLASH .ops = &flash_h7, .base = 0x08000000, .regs = 0x52002000, .erased = 0xff

#define H7_COMMON                                                                                  \
	.core = &core_m7, .boot = 0x08000000, .dpidr = 0x6ba02477, .jtag_idcode = 0x6ba00477,      \
	.ap = { { 0x84770001, 0xe00fd003, 0x22000002, 0, 0, 0, false },                            \
		{ 0x84770001, 0x00000002, 0x22000002, 0xf0000000, 0xf0000000, 0x1000, false },     \
		{ 0x54770002, 0xe00e0003, 0x80000002, 0xe00e0000, 0x5c000000, 0x20000, false } },  \
	.tar_wrap = 1024, .idcode_addr = 0x5c001000, .dbgmcu_cr = 0x5c001004,                      \
	.freeze_iwdg = { 0x5c001054, 0x40000, 0x40000 },                                           \
	.freeze_wwdg = { 0x5c001034, 0x40, 0x40 }, .wwdg_base = 0x50003000, .wwdg_wide = true,     \
	.pins_off = { 0x58020000, 0x3c000000, 0x14000000 }, .iwdg_base = 0x58004800,               \
	.lsi_hz = 32000, .at_reset = { { 0x58020000, 0xabffffff } }, .vdd_min_mv = 1620,           \
	.vdd_max_mv = 3600, .reset_mv = 1600

/* ---- H74x, H72x (RM0433, DS12110; RM0468, DS13313) ---- */

#define H743_COMMON                                                                                \
	.clocks = &clocks_h7, .size_reg = 0x1ff1e880, .uid_addr = 0x1ff1e800,                      \
	.system_memory = { 0x1ff00000, 0x1e800 }, .standby = { 0x58024810, 0x1, 0x1 },             \
	.crc_base = 0x58024c00, .crc_gate_off = 0xe0, .crc_gate_bit = 19, H7_COMMON

static const struct flash_row flash_h743 = {
	H7_FLASH,
	.family = &flash_h7_h743,
	.blocks = { { 16, 0x20000 } },
	.granule = 32,
};

static const struct flash_row flash_h723 = {
	H7_FLASH,
	.family = &flash_h7_h723,
	.blocks = { { 8, 0x20000 } },
	.granule = 32,
};

static const struct flash_row flash_h750 = {
	H7_FLASH,
	.family = &flash_h7_h723,
	.blocks = { { 1, 0x20000 } },
	.granule = 32,
};

#define H743_RAM                                                                                   \
	{                                                                                          \
		{ 0x20000000, 128 * 1024 }, { 0x24000000, 512 * 1024 }, { 0x00000000, 64 * 1024 }, \
			{ 0x30000000, 288 * 1024 },                                                \
		{                                                                                  \
			0x38000000, 64 * 1024                                                      \
		}                                                                                  \
	}

const struct chip_row chip_h743 = {
	.name = "H743",
	.title = "STM32H743xI",
	.flash = &flash_h743,
	.flash_kib = 2048,
	.boundary_idcode = 0x06450041,
	.idcode = 0x20036450,
	.ram = H743_RAM,
	H743_COMMON,
};

/* The value line: one sector. */
const struct chip_row chip_h750 = {
	.name = "H750",
	.title = "STM32H750xB",
	.flash = &flash_h750,
	.flash_kib = 128,
	.boundary_idcode = 0x06450041,
	.idcode = 0x20036450,
	.ram = H743_RAM,
	H743_COMMON,
};

/* One bank. */
const struct chip_row chip_h723 = {
	.name = "H723",
	.title = "STM32H723xG",
	.flash = &flash_h723,
	.flash_kib = 1024,
	.boundary_idcode = 0x06483041,
	.idcode = 0x10016483,
	.ram = { { 0x20000000, 128 * 1024 },
		 { 0x24000000, 320 * 1024 },
		 { 0x00000000, 64 * 1024 },
		 { 0x30000000, 32 * 1024 },
		 { 0x38000000, 16 * 1024 } },
	H743_COMMON,
};

/* ---- H7A3, H7B0, H7B3 (RM0455, DS13195): another RCC, sectors of 8 KiB ---- */

#define H7A3_COMMON                                                                                \
	.clocks = &clocks_h7a3, .size_reg = 0x08fff80c, .uid_addr = 0x08fff800,                    \
	.boundary_idcode = 0x06480041, .idcode = 0x10006480,                                       \
	.ram = { { 0x20000000, 128 * 1024 },                                                       \
		 { 0x24000000, 1024 * 1024 },                                                      \
		 { 0x00000000, 64 * 1024 },                                                        \
		 { 0x30000000, 128 * 1024 },                                                       \
		 { 0x38000000, 32 * 1024 } },                                                      \
	.system_memory = { 0x1ff00000, 0x14000 }, .standby = { 0x58024810, 0x4, 0x4 },             \
	.crc_base = 0x40023000, .crc_gate_off = 0x138, .crc_gate_bit = 9, H7_COMMON

static const struct flash_row flash_h7a3 = {
	H7_FLASH,
	.family = &flash_h7_h7a3,
	.blocks = { { 256, 0x2000 } },
	.granule = 16,
};

static const struct flash_row flash_h7b0 = {
	H7_FLASH,
	.family = &flash_h7_h7b0,
	.blocks = { { 16, 0x2000 } },
	.granule = 16,
};

const struct chip_row chip_h7a3 = {
	.name = "H7A3",
	.title = "STM32H7A3xI",
	.flash = &flash_h7a3,
	.flash_kib = 2048,
	H7A3_COMMON,
};

const struct chip_row chip_h7b0 = {
	.name = "H7B0",
	.title = "STM32H7B0xB",
	.flash = &flash_h7b0,
	.flash_kib = 128,
	H7A3_COMMON,
};
