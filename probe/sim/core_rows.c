/*
 * The cores. Costs are eighths of a cycle: from the technical reference manuals, and the extra
 * for code in RAM (which a Cortex-M3 or M4 fetches through its system bus) chosen so that the
 * loaders of public tools take the cycles that published sessions show.
 */
#include "probe/sim/core.h"

#include <unicorn/unicorn.h>

#define COSTS(load, store, multiple, mul_long, div)                                                \
	{                                                                                          \
		[THUMB_ALU] = 8, [THUMB_LOAD] = load, [THUMB_STORE] = store,                       \
		[THUMB_MULTIPLE] = multiple, [THUMB_MUL_LONG] = mul_long, [THUMB_DIV] = div        \
	}

#define SCS  0xe000e000u
#define DWT  0xe0001000u
#define FPB  0xe0002000u
#define ITM  0xe0000000u
#define TPIU 0xe0040000u
#define ETM  0xe0041000u

const struct core_row core_m0 = {
	.name = "Cortex-M0",
	.unicorn_model = UC_CPU_ARM_CORTEX_M0,
	.cpuid = 0x410cc200,
	.level = THUMB_V6M,
	.cost = COSTS(16, 16, 8, 8, 8),
	.jump = 16,
	.ram_fetch = 2,
	.fp_ctrl = 0x00000040,
	.dwt_ctrl = 0x10000000,
	.rom_part = 0x471,
	.component = { { SCS, 0x008, 0xe, 0, 0 },
		       { DWT, 0x00a, 0xe, 0, 0 },
		       { FPB, 0x00b, 0xe, 0, 0 } },
};

const struct core_row core_m0p = {
	.name = "Cortex-M0+",
	.unicorn_model = UC_CPU_ARM_CORTEX_M0,
	.cpuid = 0x410cc601,
	.level = THUMB_V6M,
	.cost = COSTS(16, 16, 8, 8, 8),
	.jump = 8,
	.ram_fetch = 4,
	.fp_ctrl = 0x00000040,
	.dwt_ctrl = 0x20000000,
	.mpu_regions = 8,
	.rom_part = 0x4c0,
	.component = { { SCS, 0x008, 0xe, 0, 0 },
		       { DWT, 0x00a, 0xe, 0, 0 },
		       { FPB, 0x00b, 0xe, 0, 0 } },
};

const struct core_row core_m3 = {
	.name = "Cortex-M3",
	.unicorn_model = UC_CPU_ARM_CORTEX_M3,
	.cpuid = 0x411fc231,
	.level = THUMB_V7M,
	.cost = COSTS(16, 16, 8, 32, 56),
	.jump = 16,
	.ram_fetch = 2,
	.fp_ctrl = 0x00000260,
	.dwt_ctrl = 0x40000000,
	.mpu_regions = 8,
	.rom_part = 0x4c3,
	.component = { { SCS, 0x000, 0xe, 0, 0 },
		       { DWT, 0x002, 0xe, 0, 0 },
		       { FPB, 0x003, 0xe, 0, 0 },
		       { ITM, 0x001, 0xe, 0, 0 },
		       { TPIU, 0x923, 0x9, 0x11, 0 },
		       { ETM, 0x924, 0x9, 0x13, 0 } },
};

const struct core_row core_m4 = {
	.name = "Cortex-M4",
	.unicorn_model = UC_CPU_ARM_CORTEX_M4,
	.cpuid = 0x410fc241,
	.level = THUMB_FPU,
	.cost = COSTS(16, 16, 8, 8, 56),
	.jump = 16,
	.ram_fetch = 2,
	.fp_ctrl = 0x00000260,
	.dwt_ctrl = 0x40000000,
	.mvfr = { 0x10110021, 0x11000011, 0 },
	.mpu_regions = 8,
	.rom_part = 0x4c4,
	.component = { { SCS, 0x00c, 0xe, 0, 0 },
		       { DWT, 0x002, 0xe, 0, 0 },
		       { FPB, 0x003, 0xe, 0, 0 },
		       { ITM, 0x001, 0xe, 0, 0 },
		       { TPIU, 0x9a1, 0x9, 0x11, 0 },
		       { ETM, 0x925, 0x9, 0x13, 0 } },
};

/* Dual issue and caches are no facts of single instructions: the M7's costs are an average. */
const struct core_row core_m7 = {
	.name = "Cortex-M7",
	.unicorn_model = UC_CPU_ARM_CORTEX_M7,
	.cpuid = 0x411fc271,
	.level = THUMB_FPU,
	.cost = { [THUMB_ALU] = 5,
		  [THUMB_LOAD] = 8,
		  [THUMB_STORE] = 8,
		  [THUMB_MULTIPLE] = 8,
		  [THUMB_MUL_LONG] = 8,
		  [THUMB_DIV] = 56 },
	.jump = 8,
	.fp_ctrl = 0x10000080,
	.dwt_ctrl = 0x40000000,
	.mvfr = { 0x10110221, 0x12000011, 0x00000040 },
	.clidr = 0x09000003,
	.ctr = 0x8303c003,
	.mpu_regions = 8,
	.rom_part = 0x4c7,
	.rom_base = 0xe00fd000,
	.component = { { SCS, 0x00c, 0xe, 0, 0 },
		       { DWT, 0x002, 0xe, 0, 0 },
		       { FPB, 0x00e, 0xe, 0, 0 },
		       { ITM, 0x001, 0xe, 0, 0 } },
};

/* Without its secure state: a chip with TrustZone switched off. */
const struct core_row core_m33 = {
	.name = "Cortex-M33",
	.unicorn_model = UC_CPU_ARM_CORTEX_M33,
	.cpuid = 0x410fd214,
	.level = THUMB_FPU,
	.cost = COSTS(16, 16, 8, 8, 56),
	.jump = 16,
	.fp_ctrl = 0x10000080,
	.dwt_ctrl = 0x40000000,
	.mvfr = { 0x10110021, 0x11000011, 0x00000040 },
	.mpu_regions = 8,
	.mpu_v8 = true,
	.rom_part = 0x4c9,
	.rom_base = 0xe00fe000,
	.component = { { SCS, 0xd21, 0x9, 0, 0x2a04 },
		       { DWT, 0xd21, 0x9, 0, 0x1a02 },
		       { FPB, 0xd21, 0x9, 0, 0x1a03 },
		       { ITM, 0xd21, 0x9, 0x43, 0x1a01 } },
};
