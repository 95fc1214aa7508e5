/* What flash_l4.c (registers, array) and flash_l4_options.c share. */
#ifndef SWDOCTOR_SIM_FLASH_L4_H
#define SWDOCTOR_SIM_FLASH_L4_H

#include "probe/sim/flash.h"
#include "probe/sim/flash_family.h"

static inline const struct flash_l4_facts *flash_l4_facts(const struct flash *f)
{
	return f->row->family;
}

static inline size_t flash_l4_page_bytes(const struct flash *f)
{
	return f->row->blocks[0].bytes;
}

static inline size_t flash_l4_bank_bytes(const struct flash *f)
{
	return flash_l4_facts(f)->bank2_bit ? f->size / 2 : f->size;
}

static inline unsigned flash_l4_bank_of(const struct flash *f, size_t off)
{
	return (unsigned)(off / flash_l4_bank_bytes(f));
}

unsigned flash_l4_protection(const struct flash *f);
void flash_l4_set_protection(struct flash *f, unsigned level);
void flash_l4_set_write_protection(struct flash *f, size_t off);
bool flash_l4_write_protected(const struct flash *f, size_t off);
/* As the factory delivers them, unless there are some already. */
void flash_l4_deliver_options(struct flash *f);
void flash_l4_load_options(struct flash *f);
void flash_l4_start_options(struct flash *f);
void flash_l4_keep_options(struct flash *f, const struct flash_job *job);

#endif
