/* What flash_h7.c (registers, array) and flash_h7_options.c share. */
#ifndef SWDOCTOR_SIM_FLASH_H7_H
#define SWDOCTOR_SIM_FLASH_H7_H

#include "probe/sim/flash.h"
#include "probe/sim/flash_family.h"

/* Of a bank; the second one's lie 0x100 further on. */
enum {
	ACR = 0x00,
	KEYR = 0x04,
	OPTKEYR = 0x08,
	CR = 0x0c,
	SR = 0x10,
	CCR = 0x14,
	OPTCR = 0x18,
	OPTSR_CUR = 0x1c,
	OPTSR_PRG = 0x20,
	OPTCCR = 0x24,
	PRAR_CUR = 0x28,
	PRAR_PRG = 0x2c,
	WPSN_CUR = 0x38,
	WPSN_PRG = 0x3c
};

#define BANK_REGS 0x100u

#define OPTSR_CHANGE_ERROR 0x40000000u

static inline const struct flash_h7_facts *flash_h7_facts(const struct flash *f)
{
	return f->row->family;
}

static inline uint32_t *flash_h7_reg(struct flash *f, unsigned bank, uint32_t off)
{
	return flash_reg(f, off + bank * BANK_REGS);
}

static inline size_t flash_h7_bank_bytes(const struct flash *f)
{
	return f->size / flash_h7_facts(f)->banks;
}

static inline size_t flash_h7_bank_base(const struct flash *f, unsigned bank)
{
	return flash_half_base(f, bank, flash_h7_bank_bytes(f));
}

unsigned flash_h7_bank_of(const struct flash *f, size_t off);

unsigned flash_h7_watchdogs(const struct flash *f);
unsigned flash_h7_protection(const struct flash *f);
void flash_h7_set_protection(struct flash *f, unsigned level);
bool flash_h7_may_swap(const struct flash_row *row);
void flash_h7_set_swapped(struct flash *f);
void flash_h7_set_write_protection(struct flash *f, size_t off);
bool flash_h7_write_protected(const struct flash *f, size_t off);
/* In the area of its bank that may only be executed. */
bool flash_h7_executes_only(const struct flash *f, size_t off);
bool flash_h7_has_execute_only(const struct flash *f, size_t off, size_t len);
bool flash_h7_stays(const struct flash *f, size_t off);
/* The registers ask for a bank that is free of all protection, which erasing it may bring. */
bool flash_h7_removal_is_asked(const struct flash *f, unsigned bank);
void flash_h7_remove_protection(struct flash *f, unsigned bank);
/* As the factory delivers them, unless there are some already. */
void flash_h7_deliver_options(struct flash *f);
void flash_h7_load_options(struct flash *f);
void flash_h7_start_options(struct flash *f);
void flash_h7_keep_options(struct flash *f, const struct flash_job *job);

#endif
