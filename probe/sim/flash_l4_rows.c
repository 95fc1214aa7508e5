/* L4 and L5 class: what differs between the families (RM0351, RM0432, RM0444, RM0440, RM0434,
 * RM0456). */
#include "probe/sim/flash_l4.h"

/* Where L4, G0, G4, WB and WL have their registers, and what most of them have in common. */
#define L4_CLASS_BUT_ROWS                                                                          \
	.keyr = 0x08, .optkeyr = 0x0c, .sr = 0x10, .cr = 0x14, .optr = 0x20, .eccr = 0x18,         \
	.words = 2
#define L4_CLASS L4_CLASS_BUT_ROWS, .row_bytes = 256

#define ONE_BANK  .wrp = { 0x2c, 0x30 }
#define TWO_BANKS .wrp = { 0x2c, 0x30, 0x4c, 0x50 }

/* Double words, one area for each bank. */
#define L4_PCROP                                                                                   \
	.pcrop = { { 0x24, 0x28 }, { 0x44, 0x48 } }, .pcrop_by_bank = true, .pcrop_unit = 8,       \
	.pcrop_mask = 0xffff

/* Two areas in the one bank. */
#define G0_PCROP .pcrop = { { 0x24, 0x28 }, { 0x34, 0x38 } }, .pcrop_unit = 512, .pcrop_mask = 0x1ff

#define BFB2 0x00100000u

const struct flash_l4_facts flash_l4_l476 = {
	L4_CLASS,	    TWO_BANKS,	      L4_PCROP,		 .factory = 0xffeff8aa,
	.bank2_bit = 0x800, .swap_bit = BFB2, .page_mask = 0xff, .busy = 0x10000,
};

const struct flash_l4_facts flash_l4_l43 = {
	L4_CLASS,
	ONE_BANK,
	.pcrop = { { 0x24, 0x28 } },
	.pcrop_unit = 8,
	.pcrop_mask = 0xffff,
	.factory = 0xffeff8aa,
	.page_mask = 0xff,
	.busy = 0x10000,
};

/* L4+: rows of 512 bytes, and an option that makes one bank of two. */
const struct flash_l4_facts flash_l4_l4p = {
	L4_CLASS_BUT_ROWS,
	TWO_BANKS,
	.pcrop = { { 0x24, 0x28 }, { 0x44, 0x48 } },
	.pcrop_by_bank = true,
	.pcrop_unit = 16,
	.pcrop_mask = 0x1ffff,
	.row_bytes = 512,
	.factory = 0xffeff8aa,
	.bank2_bit = 0x800,
	.dual_bit = 0x00400000,
	.swap_bit = BFB2,
	.page_mask = 0xff,
	.busy = 0x10000,
};

const struct flash_l4_facts flash_l4_g0 = {
	L4_CLASS,
	ONE_BANK,
	G0_PCROP,
	.factory = 0xdfffe1aa,
	.page_mask = 0x7f,
	.busy = 0x50000, /* BSY and CFGBSY */
	.nrst_bits = 0x18000000,
};

/* With two banks; the second one has a busy flag of its own. */
const struct flash_l4_facts flash_l4_g0b = {
	L4_CLASS,
	TWO_BANKS,
	.pcrop = { { 0x24, 0x28 }, { 0x44, 0x48 }, { 0x34, 0x38 }, { 0x54, 0x58 } },
	.pcrop_by_bank = true,
	.pcrop_unit = 512,
	.pcrop_mask = 0x1ff,
	.factory = 0xdfffe1aa,
	.bank2_bit = 0x2000,
	.dual_bit = 0x00200000,
	.swap_bit = 0x00100000,
	.swap_low = true,
	.page_mask = 0x3ff,
	.busy = 0x50000,
	.nrst_bits = 0x18000000,
};

const struct flash_l4_facts flash_l4_wb = {
	L4_CLASS_BUT_ROWS,     ONE_BANK,
	.row_bytes = 512,      .pcrop = { { 0x24, 0x28 }, { 0x34, 0x38 } },
	.pcrop_unit = 2048,    .pcrop_mask = 0x1ff,
	.factory = 0x3ffff1aa, .page_mask = 0xff,
	.busy = 0x50000,
};

const struct flash_l4_facts flash_l4_g4 = {
	L4_CLASS,
	ONE_BANK,
	.pcrop = { { 0x24, 0x28 } },
	.pcrop_unit = 8,
	.pcrop_mask = 0x7fff,
	.factory = 0xffeff8aa,
	.page_mask = 0xff,
	.nrst_bits = 0x30000000,
	.busy = 0x10000,
};

/* Category 3: two banks, or one with pages twice as long. */
const struct flash_l4_facts flash_l4_g47 = {
	L4_CLASS,
	TWO_BANKS,
	L4_PCROP,
	.factory = 0xffeff8aa,
	.bank2_bit = 0x800,
	.dual_bit = 0x00400000,
	.swap_bit = BFB2,
	.page_mask = 0x7f,
	.nrst_bits = 0x30000000,
	.busy = 0x10000,
};

#define L5_CLASS                                                                                   \
	.keyr = 0x08, .optkeyr = 0x10, .sr = 0x20, .cr = 0x28, .optr = 0x40,                       \
	.wrp = { 0x58, 0x5c, 0x68, 0x6c }, .bank2_bit = 0x800, .swap_bit = 0x00100000,             \
	.tz_bit = 0x80000000, .eccr = 0x30, .busy = 0x10000

const struct flash_l4_facts flash_l4_u5 = {
	L5_CLASS,
	.factory = 0x1feff8aa,
	.page_mask = 0xff,
	.words = 4,
};

const struct flash_l4_facts flash_l4_u3 = {
	L5_CLASS,
	.factory = 0x1feff8aa,
	.page_mask = 0x7f,
	.words = 2,
};

/* U3B5, U3C5: banks of 1 MiB. */
const struct flash_l4_facts flash_l4_u3c = {
	L5_CLASS,
	.factory = 0x1feff8aa,
	.page_mask = 0xff,
	.words = 2,
};

/* Two banks always. */
const struct flash_l4_facts flash_l4_wba6 = {
	L5_CLASS,
	.factory = 0x1feff8aa,
	.page_mask = 0x7f,
	.words = 4,
};

const struct flash_l4_facts flash_l4_l5 = {
	L5_CLASS, .factory = 0x7feff8aa, .dual_bit = 0x00400000, .page_mask = 0x7f, .words = 2,
};

/* One bank. */
const struct flash_l4_facts flash_l4_wba5 = {
	.keyr = 0x08,
	.optkeyr = 0x10,
	.sr = 0x20,
	.cr = 0x28,
	.optr = 0x40,
	.wrp = { 0x58, 0x5c },
	.tz_bit = 0x80000000,
	.factory = 0x1feff8aa,
	.page_mask = 0x7f,
	.eccr = 0x30,
	.words = 4,
	.busy = 0x10000,
};

const struct flash_l4_facts flash_l4_wba2 = {
	.keyr = 0x08,
	.optkeyr = 0x10,
	.sr = 0x20,
	.cr = 0x28,
	.optr = 0x40,
	.wrp = { 0x58, 0x5c },
	.tz_bit = 0x80000000,
	.factory = 0x1feff8aa,
	.page_mask = 0x7f,
	.eccr = 0x30,
	.words = 2,
	.busy = 0x10000,
};

const struct flash_l4_facts flash_l4_u0 = {
	L4_CLASS,	   ONE_BANK,	    .factory = 0x3fffe0aa,
	.page_mask = 0x7f, .busy = 0x50000, .nrst_bits = 0x18000000,
};
