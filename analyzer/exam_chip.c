/* What the examination knows about chips: see exam_chip.h. */
#include "analyzer/exam_chip.h"

#define RDP_OPEN     0xaaU
#define RDP_FOR_EVER 0xccU
#define STATE_OPEN   0xedU

const struct exam_family exam_families[EXAM_FAMILIES] = {
#define REGS(...)                                                                                  \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define FAMILY(id, rdp, reg, shift, wrp, mask, regs, watchdog, zone, iwdg_at)                      \
	[EXAM_FAMILY_##id] = { .name = #id,                                                        \
			       .rdp_form = EXAM_RDP_##rdp,                                         \
			       .rdp_reg = (reg),                                                   \
			       .rdp_shift = (shift),                                               \
			       .wrp_form = EXAM_WRP_##wrp,                                         \
			       .wrp_mask = (mask),                                                 \
			       .wrp_reg = regs,                                                    \
			       .software_watchdog = (watchdog),                                    \
			       .trust_zone = (zone),                                               \
			       .iwdg = (iwdg_at) },
#include "analyzer/exam_families.def"
#undef FAMILY
#undef REGS
};

const struct exam_chip exam_chips[] = {
#define CHIP(dev, title, fam, port, size, least, kib, cr, bits, creg, cbit, flash_at, ram_at,      \
	     ram_size, uid)                                                                        \
	{ .id = (dev),                                                                             \
	  .name = (title),                                                                         \
	  .family = EXAM_FAMILY_##fam,                                                             \
	  .dpidr = (port),                                                                         \
	  .size_reg = (size),                                                                      \
	  .least_kib = (least),                                                                    \
	  .flash_kib = (kib),                                                                      \
	  .dbgmcu_cr = (cr),                                                                       \
	  .low_power_bits = (bits),                                                                \
	  .clock_reg = (creg),                                                                     \
	  .clock_bit = (cbit),                                                                     \
	  .flash = (flash_at),                                                                     \
	  .ram = (ram_at),                                                                         \
	  .ram_kib = (ram_size),                                                                   \
	  .unique_id = (uid) },
#include "analyzer/exam_chips.def"
#undef CHIP
};

const size_t exam_chips_len = sizeof(exam_chips) / sizeof(exam_chips[0]);

const struct exam_chip *exam_chip_find(uint16_t id)
{
	for (size_t i = 0; i < exam_chips_len; i++)
		if (exam_chips[i].id == id)
			return &exam_chips[i];
	return NULL;
}

static int level_of_byte(uint32_t byte)
{
	return byte == RDP_OPEN ? 0 : byte == RDP_FOR_EVER ? 2 : 1;
}

int exam_rdp_level(const struct exam_family *f, uint32_t word)
{
	uint32_t value = word >> f->rdp_shift;

	switch (f->rdp_form) {
	case EXAM_RDP_BYTE:
		return level_of_byte(value & 0xff);
	case EXAM_RDP_F1_BIT:
		return value & 1;
	case EXAM_RDP_F0_BITS:
		return (value & 3) == 3 ? 2 : value & 1;
	case EXAM_RDP_PRODUCT:
		return (value & 0xff) == STATE_OPEN ? 0 : 1;
	case EXAM_RDP_NONE:
		break;
	}
	return -1;
}

bool exam_wrp_protects(const struct exam_family *f, uint32_t word)
{
	switch (f->wrp_form) {
	case EXAM_WRP_CLEARED:
		return (word & f->wrp_mask) != f->wrp_mask;
	case EXAM_WRP_SET:
		return word & f->wrp_mask;
	case EXAM_WRP_RANGE:
		return (word >> 16 & f->wrp_mask) >= (word & f->wrp_mask);
	case EXAM_WRP_NONE:
		break;
	}
	return false;
}
