/* What flash_l4.c (registers, array) and flash_l4_options.c share. */
#ifndef SWDOCTOR_SIM_FLASH_L4_H
#define SWDOCTOR_SIM_FLASH_L4_H

#include "probe/sim/flash.h"
#include "probe/sim/flash_family.h"

static inline const struct flash_l4_facts *flash_l4_facts(const struct flash *f)
{
	return f->row->family;
}

#define FLASH_L4_SR_EOP	    0x0001u
#define FLASH_L4_SR_PROGERR 0x0008u
#define FLASH_L4_SR_WRPERR  0x0010u
#define FLASH_L4_SR_PGAERR  0x0020u
#define FLASH_L4_SR_SIZERR  0x0040u
#define FLASH_L4_SR_PGSERR  0x0080u
#define FLASH_L4_SR_MISERR  0x0100u
#define FLASH_L4_SR_FASTERR 0x0200u
#define FLASH_L4_SR_RDERR   0x4000u
#define FLASH_L4_SR_ERRORS  0xc3fau

#define FLASH_L4_CR_PG	  0x00000001u
#define FLASH_L4_CR_STRT  0x00010000u
#define FLASH_L4_CR_FSTPG 0x00040000u
#define FLASH_L4_CR_LOCK  0x80000000u

#define FLASH_L4_ECCR_ECCD 0x80000000u

static inline uint32_t *flash_l4_sr(struct flash *f)
{
	return flash_reg(f, flash_l4_facts(f)->sr);
}

static inline uint32_t *flash_l4_cr(struct flash *f)
{
	return flash_reg(f, flash_l4_facts(f)->cr);
}

static inline size_t flash_l4_page_bytes(const struct flash *f)
{
	return flash_blocks(f)[0].bytes;
}

/* Two banks, unless an option made one of them. */
static inline bool flash_l4_dual(const struct flash *f)
{
	return flash_l4_facts(f)->bank2_bit && !f->other_layout;
}

static inline size_t flash_l4_bank_bytes(const struct flash *f)
{
	return flash_l4_dual(f) ? f->size / 2 : f->size;
}

static inline unsigned flash_l4_bank_of(const struct flash *f, size_t off)
{
	return flash_l4_dual(f) ? flash_half_of(f, off, f->size / 2) : 0;
}

static inline size_t flash_l4_bank_base(const struct flash *f, unsigned bank)
{
	return flash_l4_dual(f) ? flash_half_base(f, bank, f->size / 2) : 0;
}

void flash_l4_refuse(struct flash *f, uint32_t flag);

/* flash_l4_array.c */
enum bus_answer flash_l4_store(struct flash *f, size_t off, const struct bus_access *a);
bool flash_l4_hidden(struct flash *f, size_t off);
bool flash_l4_stays(const struct flash *f, size_t off);
void flash_l4_broken(struct flash *f, size_t off);
/* The bank was erased as a whole, which fast programming asks for. */
void flash_l4_note_blank(struct flash *f, unsigned bank, bool blank);

unsigned flash_l4_watchdogs(const struct flash *f);
unsigned flash_l4_protection(const struct flash *f);
bool flash_l4_secure(const struct flash *f);
void flash_l4_set_trustzone(struct flash *f);
uint32_t flash_l4_nrst_bits(const struct flash_row *row);
enum flash_nrst_mode flash_l4_nrst_mode(const struct flash *f);
void flash_l4_set_nrst_mode(struct flash *f, enum flash_nrst_mode mode);
/* Protection shuts a debugger out of the array. */
static inline bool flash_l4_shut_off(const struct flash *f)
{
	return f->debugger_seen && flash_l4_protection(f) > 0;
}

/* A place that may only be executed. */
bool flash_l4_executes_only(const struct flash *f, size_t off);
void flash_l4_set_protection(struct flash *f, unsigned level);
bool flash_l4_may_swap(const struct flash_row *row);
void flash_l4_set_swapped(struct flash *f);
void flash_l4_set_write_protection(struct flash *f, size_t off);
bool flash_l4_write_protected(const struct flash *f, size_t off);
bool flash_l4_is_option(const struct flash *f, uint32_t off);
/* As the factory delivers them, unless there are some already. */
void flash_l4_deliver_options(struct flash *f);
void flash_l4_load_options(struct flash *f);
void flash_l4_start_options(struct flash *f);
void flash_l4_keep_options(struct flash *f, const struct flash_job *job);

#endif
