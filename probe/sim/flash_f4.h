/* What flash_f4.c (registers, array) and flash_f4_options.c share. */
#ifndef SWDOCTOR_SIM_FLASH_F4_H
#define SWDOCTOR_SIM_FLASH_F4_H

#include "probe/sim/flash.h"
#include "probe/sim/flash_family.h"

enum {
	ACR = 0x00,
	KEYR = 0x04,
	OPTKEYR = 0x08,
	SR = 0x0c,
	CR = 0x10,
	OPTCR = 0x14,
	OPTCR1 = 0x18,
	OPTCR2 = 0x1c
};

#define OPTCR_LOCK  0x00000001u
#define OPTCR_START 0x00000002u

unsigned flash_f4_watchdogs(const struct flash *f);

static inline const struct flash_f4_facts *flash_f4_facts(const struct flash *f)
{
	return f->row->family;
}

/* Sectors of the first of two banks; 0: there is one bank. */
static inline unsigned flash_f4_bank_sectors(const struct flash *f)
{
	const struct flash_f4_facts *facts = flash_f4_facts(f);

	return facts->dual_bit && !f->other_layout ? 0 : facts->bank_sectors;
}

/* A sector that may only be executed. */
bool flash_f4_executes_only(const struct flash *f, size_t off);
bool flash_f4_stays(const struct flash *f, size_t off);
unsigned flash_f4_protection(const struct flash *f);
void flash_f4_set_protection(struct flash *f, unsigned level);
void flash_f4_set_write_protection(struct flash *f, size_t off);
bool flash_f4_write_protected(const struct flash *f, size_t off);
bool flash_f4_is_option(const struct flash *f, uint32_t off); /* beside OPTCR */
/* As the factory delivers them, unless there are some already. */
void flash_f4_deliver_options(struct flash *f);
void flash_f4_load_options(struct flash *f);
void flash_f4_start_options(struct flash *f);
void flash_f4_keep_options(struct flash *f, const struct flash_job *job);

#endif
