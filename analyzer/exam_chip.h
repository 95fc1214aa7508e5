/*
 * Chips as the examination knows them: where their ids, sizes, option bytes and debug settings
 * stand. Rows: exam_chips.def and exam_families.def.
 */
#ifndef SWDOCTOR_EXAM_CHIP_H
#define SWDOCTOR_EXAM_CHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exam_family_id {
#define FAMILY(id, ...) EXAM_FAMILY_##id,
#include "analyzer/exam_families.def"
#undef FAMILY
	EXAM_FAMILIES
};

/* How a word of option bytes tells the level of read-out protection. */
enum exam_rdp_form {
	EXAM_RDP_NONE,
	EXAM_RDP_BYTE,	  /* 0xaa open, 0xcc for ever, anything else level 1 */
	EXAM_RDP_F1_BIT,  /* one bit: protected */
	EXAM_RDP_F0_BITS, /* two bits: level */
	EXAM_RDP_PRODUCT, /* the product state of H5: 0xed open */
};

/* How a word tells that blocks are write protected. */
enum exam_wrp_form {
	EXAM_WRP_NONE,
	EXAM_WRP_CLEARED, /* a cleared bit of the mask protects */
	EXAM_WRP_SET,	  /* a set bit protects */
	EXAM_WRP_RANGE,	  /* first page in the low half, last in the high one; last >= first */
};

#define EXAM_WRP_REGS 4

struct exam_family {
	const char *name;
	enum exam_rdp_form rdp_form;
	uint32_t rdp_reg;
	uint8_t rdp_shift;
	enum exam_wrp_form wrp_form;
	uint32_t wrp_mask; /* of the bits, or of a page number */
	uint32_t wrp_reg[EXAM_WRP_REGS];
	uint32_t software_watchdog; /* set in rdp_reg: the watchdog waits to be started; 0:
				       elsewhere */
	uint32_t trust_zone;	    /* set in rdp_reg: TrustZone is on */
	uint32_t iwdg;		    /* its registers */
};

extern const struct exam_family exam_families[EXAM_FAMILIES];

struct exam_chip {
	uint16_t id;
	const char *name;
	enum exam_family_id family;
	uint32_t dpidr;
	uint32_t size_reg;
	uint32_t least_kib, flash_kib;
	uint32_t dbgmcu_cr, low_power_bits;
	uint32_t clock_reg, clock_bit;
	uint32_t flash, ram, ram_kib;
	uint32_t unique_id;
};

extern const struct exam_chip exam_chips[];
extern const size_t exam_chips_len;

const struct exam_chip *exam_chip_find(uint16_t id); /* NULL: not known */

/* Level 0 to 2 in a word of option bytes; -1: this family does not tell. */
int exam_rdp_level(const struct exam_family *f, uint32_t word);
bool exam_wrp_protects(const struct exam_family *f, uint32_t word);

#endif
