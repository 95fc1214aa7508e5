/*
 * Chips of the L0, L1, L4 and L4+ families: facts from ST's reference manuals, data sheets and
 * device headers. Times of flash are data sheet typicals, except where published sessions show
 * others (said beside them).
 */
#include "probe/sim/chip_rows.h"
#include "probe/sim/flash_family.h"

/* ---- L0 (RM0367, RM0377) ---- */

#define L0_FLASH_BUT_OPTIONS                                                                       \
	.ops = &flash_l0, .family = &flash_l0_l0, .base = 0x08000000, .regs = 0x40022000,          \
	.option_base = 0x1ff80000, .eeprom_base = 0x08080000, .erased = 0x00, .program_us = 3280,  \
	.erase_ms = 3.28, .mass_ms = 1680

#define L0_FLASH L0_FLASH_BUT_OPTIONS, .option_bytes = 16

#define L0_COMMON                                                                                  \
	.core = &core_m0p, .clocks = &clocks_l0, .dpidr = 0x0bc11477,                              \
	.ap = { { 0x04770031, 0xe00ff003, 0x03000002, 0, 0, 0, false } }, .tar_wrap = 1024,        \
	.idcode_addr = 0x40015800, .size_reg = 0x1ff8007c, .uid_addr = 0x1ff80050,                 \
	.dbgmcu_gate = { 0x34, 22 }, .dbgmcu_cr = 0x40015804,                                      \
	.freeze_iwdg = { 0x40015808, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x50000000, 0x3c000000, 0x14000000 }, .standby = { 0x40007000, 0x2, 0x2 },   \
	.iwdg_base = 0x40003000, .lsi_hz = 37000, .crc_base = 0x40023000, .crc_gate_off = 0x30,    \
	.crc_gate_bit = 12, .at_reset = { { 0x50000000, 0xebfffcff } }, .vdd_min_mv = 1650,        \
	.vdd_max_mv = 3600, .reset_mv = 1500

#define L0_FLASH_OF(kib, eeprom)                                                                   \
	{                                                                                          \
		L0_FLASH, .blocks = { { (kib)*8, 128 } }, .eeprom_bytes = eeprom                   \
	}

static const struct flash_row flash_l011 = L0_FLASH_OF(16, 512);
static const struct flash_row flash_l031 = L0_FLASH_OF(32, 1024);
static const struct flash_row flash_l053 = L0_FLASH_OF(64, 2048);

/* Of its 48 sectors the last 16 have a register and an option word of their own. */
static const struct flash_row flash_l073 = {
	L0_FLASH_BUT_OPTIONS,
	.option_bytes = 20,
	.blocks = { { 1536, 128 } },
	.eeprom_bytes = 6144,
};

const struct chip_row chip_l053 = {
	.name = "L053",
	.title = "STM32L053x8",
	.flash = &flash_l053,
	.flash_kib = 64,
	.idcode = 0x10386417,
	.ram = { { 0x20000000, 8 * 1024 } },
	.system_memory = { 0x1ff00000, 0x1000 },
	L0_COMMON,
};

const struct chip_row chip_l031 = {
	.name = "L031",
	.title = "STM32L031x6",
	.flash = &flash_l031,
	.flash_kib = 32,
	.idcode = 0x20186425,
	.ram = { { 0x20000000, 8 * 1024 } },
	.system_memory = { 0x1ff00000, 0x1000 },
	L0_COMMON,
};

const struct chip_row chip_l011 = {
	.name = "L011",
	.title = "STM32L011x4",
	.flash = &flash_l011,
	.flash_kib = 16,
	.idcode = 0x10086457,
	.ram = { { 0x20000000, 2 * 1024 } },
	.system_memory = { 0x1ff00000, 0x1000 },
	L0_COMMON,
};

const struct chip_row chip_l073 = {
	.name = "L073",
	.title = "STM32L073xZ",
	.flash = &flash_l073,
	.flash_kib = 192,
	.idcode = 0x20086447,
	.ram = { { 0x20000000, 20 * 1024 } },
	.system_memory = { 0x1ff00000, 0x2000 },
	L0_COMMON,
};

/* ---- L1 (RM0038, DS6876): categories 1, 2, 3, 4 and 5 ---- */

#define L1_FLASH                                                                                   \
	.ops = &flash_l0, .family = &flash_l0_l1, .base = 0x08000000, .regs = 0x40023c00,          \
	.option_base = 0x1ff80000, .eeprom_base = 0x08080000, .erased = 0x00, .program_us = 3280,  \
	.erase_ms = 3.28, .mass_ms = 1680

#define L1_COMMON                                                                                  \
	.core = &core_m3, .clocks = &clocks_l1, .dpidr = 0x2ba01477, .jtag_idcode = 0x4ba00477,    \
	.ap = { { 0x24770011, 0xe00ff003, 0x23000002, 0, 0, 0, false } }, .tar_wrap = 4096,        \
	.idcode_addr = 0xe0042000, .dbgmcu_cr = 0xe0042004,                                        \
	.freeze_iwdg = { 0xe0042008, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x40020000, 0x3c000000, 0x14000000 }, .standby = { 0x40007000, 0x2, 0x2 },   \
	.iwdg_base = 0x40003000, .lsi_hz = 37000, .crc_base = 0x40023000, .crc_gate_off = 0x1c,    \
	.crc_gate_bit = 12, .at_reset = { { 0x40020000, 0xa8000000 } }, .vdd_min_mv = 1650,        \
	.vdd_max_mv = 3600, .reset_mv = 1500

#define L1_SMALL                                                                                   \
	.size_reg = 0x1ff8004c, .uid_addr = 0x1ff80050, .system_memory = { 0x1ff00000, 0x1000 }
#define L1_LARGE                                                                                   \
	.size_reg = 0x1ff800cc, .uid_addr = 0x1ff800d0, .system_memory = { 0x1ff00000, 0x2000 }

static const struct flash_row flash_l152 = {
	L1_FLASH,
	.option_bytes = 16,
	.blocks = { { 512, 256 } },
	.eeprom_bytes = 4096,
};

static const struct flash_row flash_l152c = {
	L1_FLASH,
	.option_bytes = 24,
	.blocks = { { 1024, 256 } },
	.eeprom_bytes = 8192,
};

static const struct flash_row flash_l152d = {
	L1_FLASH,
	.option_bytes = 32,
	.blocks = { { 1536, 256 } },
	.eeprom_bytes = 12288,
};

/* The protection bits of its sectors 96 to 127 (WRPR4, words at 0x1ff80080) are not there. */
static const struct flash_row flash_l152e = {
	L1_FLASH,
	.option_bytes = 32,
	.blocks = { { 2048, 256 } },
	.eeprom_bytes = 16384,
};

const struct chip_row chip_l152 = {
	.name = "L152",
	.title = "STM32L152xB",
	.flash = &flash_l152,
	.flash_kib = 128,
	.boundary_idcode = 0x06416041,
	.idcode = 0x10386416,
	.ram = { { 0x20000000, 16 * 1024 } },
	L1_SMALL,
	L1_COMMON,
};

const struct chip_row chip_l152a = {
	.name = "L152A",
	.title = "STM32L152xB-A",
	.flash = &flash_l152,
	.flash_kib = 128,
	.boundary_idcode = 0x06429041,
	.idcode = 0x10186429,
	.ram = { { 0x20000000, 32 * 1024 } },
	L1_SMALL,
	L1_COMMON,
};

const struct chip_row chip_l152c = {
	.name = "L152C",
	.title = "STM32L152xC",
	.flash = &flash_l152c,
	.flash_kib = 256,
	.boundary_idcode = 0x06427041,
	.idcode = 0x10386427,
	.ram = { { 0x20000000, 32 * 1024 } },
	L1_LARGE,
	L1_COMMON,
};

const struct chip_row chip_l152d = {
	.name = "L152D",
	.title = "STM32L152xD",
	.flash = &flash_l152d,
	.flash_kib = 384,
	.boundary_idcode = 0x06436041,
	.idcode = 0x10186436,
	.ram = { { 0x20000000, 48 * 1024 } },
	.size_is_code = true, /* 0: 384 KiB, 1: 256 KiB */
	L1_LARGE,
	L1_COMMON,
};

const struct chip_row chip_l152e = {
	.name = "L152E",
	.title = "STM32L152xE",
	.flash = &flash_l152e,
	.flash_kib = 512,
	.boundary_idcode = 0x06437041,
	.idcode = 0x10006437,
	.ram = { { 0x20000000, 80 * 1024 } },
	L1_LARGE,
	L1_COMMON,
};

/* ---- L4, L4+ (RM0351, RM0392, RM0394, RM0432) ---- */

#define L4_FLASH                                                                                   \
	.ops = &flash_l4, .cache = &flash_cache_l4, .base = 0x08000000, .regs = 0x40022000,        \
	.erased = 0xff, .granule = 8, .program_us = 81.7, .erase_ms = 22.02, .mass_ms = 22.13

#define L4_COMMON                                                                                  \
	.core = &core_m4, .clocks = &clocks_l4, .dpidr = 0x2ba01477, .jtag_idcode = 0x4ba00477,    \
	.ap = { { 0x24770011, 0xe00ff003, 0x23000002, 0, 0, 0, false } }, .tar_wrap = 4096,        \
	.idcode_addr = 0xe0042000, .size_reg = 0x1fff75e0, .uid_addr = 0x1fff7590,                 \
	.system_memory = { 0x1fff0000, 0x7000 }, .dbgmcu_cr = 0xe0042004,                          \
	.freeze_iwdg = { 0xe0042008, 0x1000, 0x1000 },                                             \
	.pins_off = { 0x48000000, 0x3c000000, 0x14000000 }, .standby = { 0x40007000, 0x7, 0x3 },   \
	.iwdg_base = 0x40003000, .lsi_hz = 32000, .crc_base = 0x40023000, .crc_gate_off = 0x48,    \
	.crc_gate_bit = 12, .at_reset = { { 0x48000000, 0xabffffff } }, .vdd_min_mv = 1710,        \
	.vdd_max_mv = 3600, .reset_mv = 1660

static const struct flash_row flash_l476 = {
	L4_FLASH,
	.family = &flash_l4_l476,
	.blocks = { { 512, 2048 } },
};

static const struct flash_row flash_l432 = {
	L4_FLASH,
	.family = &flash_l4_l43,
	.blocks = { { 128, 2048 } },
};

static const struct flash_row flash_l4r5 = {
	L4_FLASH,
	.family = &flash_l4_l4p,
	.blocks = { { 512, 4096 } },
	.other_blocks = { { 256, 8192 } },
};

static const struct flash_row flash_l412 = {
	L4_FLASH,
	.family = &flash_l4_l43,
	.blocks = { { 64, 2048 } },
};

static const struct flash_row flash_l452 = {
	L4_FLASH,
	.family = &flash_l4_l43,
	.blocks = { { 256, 2048 } },
};

static const struct flash_row flash_l4p5 = {
	L4_FLASH,
	.family = &flash_l4_l4p,
	.blocks = { { 256, 4096 } },
	.other_blocks = { { 128, 8192 } },
};

const struct chip_row chip_l476 = {
	.name = "L476",
	.title = "STM32L476xG",
	.flash = &flash_l476,
	.bank_mode = SYSCFG_FB_MODE,
	.flash_kib = 1024,
	.boundary_idcode = 0x06415041,
	.idcode = 0x10076415,
	.ram = { { 0x20000000, 96 * 1024 }, { 0x10000000, 32 * 1024 } },
	L4_COMMON,
};

const struct chip_row chip_l432 = {
	.name = "L432",
	.title = "STM32L432xC",
	.flash = &flash_l432,
	.flash_kib = 256,
	.boundary_idcode = 0x06435041,
	.idcode = 0x10016435,
	.ram = { { 0x20000000, 64 * 1024 }, { 0x10000000, 16 * 1024 } },
	L4_COMMON,
};

const struct chip_row chip_l496 = {
	.name = "L496",
	.title = "STM32L496xG",
	.flash = &flash_l476,
	.bank_mode = SYSCFG_FB_MODE,
	.flash_kib = 1024,
	.boundary_idcode = 0x06461041,
	.idcode = 0x20006461,
	.ram = { { 0x20000000, 320 * 1024 }, { 0x10000000, 64 * 1024 } },
	L4_COMMON,
};

/* As delivered two banks with pages of 4 KiB; with DBANK clear one with 8 KiB. */
const struct chip_row chip_l4r5 = {
	.name = "L4R5",
	.title = "STM32L4R5xI",
	.flash = &flash_l4r5,
	.bank_mode = SYSCFG_FB_MODE,
	.flash_kib = 2048,
	.boundary_idcode = 0x06470041,
	.idcode = 0x100f6470,
	.ram = { { 0x20000000, 640 * 1024 } },
	L4_COMMON,
};

const struct chip_row chip_l412 = {
	.name = "L412",
	.title = "STM32L412xB",
	.flash = &flash_l412,
	.flash_kib = 128,
	.boundary_idcode = 0x06464041,
	.idcode = 0x10016464,
	.ram = { { 0x20000000, 32 * 1024 }, { 0x10000000, 8 * 1024 } },
	L4_COMMON,
};

const struct chip_row chip_l452 = {
	.name = "L452",
	.title = "STM32L452xE",
	.flash = &flash_l452,
	.flash_kib = 512,
	.boundary_idcode = 0x06462041,
	.idcode = 0x10016462,
	.ram = { { 0x20000000, 128 * 1024 }, { 0x10000000, 32 * 1024 } },
	L4_COMMON,
};

const struct chip_row chip_l4p5 = {
	.name = "L4P5",
	.title = "STM32L4P5xG",
	.flash = &flash_l4p5,
	.bank_mode = SYSCFG_FB_MODE,
	.flash_kib = 1024,
	.boundary_idcode = 0x06471041,
	.idcode = 0x10016471,
	.ram = { { 0x20000000, 320 * 1024 } },
	L4_COMMON,
};
