/*
 * The option bytes of STM32H5, which are registers. In place of read-out protection there is a
 * product state; in all of them but two the core's access port is shut, and the way back is
 * by debug authentication, which is not there.
 */
#include "probe/sim/flash_h5.h"

#include <string.h>

#define STATE_AT    8
#define STATE_OPEN  0xedu
#define STATE_TZ    0xc6u /* closed for secure debugging only */
#define STATE_SHUT  0x72u
#define STATE_FINAL 0x5cu

#define OPTSR_IWDG_SW	0x08u
#define OPTSR_WWDG_SW	0x10u
#define OPTSR_FACTORY	0x2d30edf8u
#define OPTSR2_FACTORY	0xc300007cu
#define NSBOOTR_FACTORY 0x080000c3u
#define OPTION_MS	20.0

const struct flash_h5_facts flash_h5_h503 = { .group = 0x2000 };
const struct flash_h5_facts flash_h5_h563 = { .group = 4 * 0x2000 };

enum { OPTION_SR, OPTION_SR2, OPTION_BOOT, OPTION_WRP }; /* and WRP of bank 2 behind it */

static const struct {
	uint16_t current, next;
} registers[FLASH_H5_OPTIONS] = {
	{ OPTSR_CUR, OPTSR_PRG }, { OPTSR2_CUR, OPTSR2_PRG }, { NSBOOTR_CUR, NSBOOTR_PRG },
	{ WRP1R_CUR, WRP1R_PRG }, { WRP2R_CUR, WRP2R_PRG },
};

bool flash_h5_is_option(uint32_t off)
{
	unsigned i;

	for (i = 0; i < FLASH_H5_OPTIONS; i++)
		if (registers[i].next == off)
			return true;
	return false;
}

static uint32_t state(const struct flash *f)
{
	return f->option_force[OPTION_SR] >> STATE_AT & 0xff;
}

unsigned flash_h5_protection(const struct flash *f)
{
	return state(f) == STATE_OPEN || state(f) == STATE_TZ ? 0 : 1;
}

unsigned flash_h5_watchdogs(const struct flash *f)
{
	uint32_t sr = f->option_force[OPTION_SR];

	return (sr & OPTSR_IWDG_SW ? 0 : FLASH_STARTS_IWDG) |
	       (sr & OPTSR_WWDG_SW ? 0 : FLASH_STARTS_WWDG);
}

void flash_h5_load_options(struct flash *f)
{
	unsigned i;

	memcpy(f->option_force, f->option_cells, sizeof(f->option_force));
	for (i = 0; i < FLASH_H5_OPTIONS; i++) {
		*flash_reg(f, registers[i].current) = f->option_force[i];
		*flash_reg(f, registers[i].next) = f->option_force[i];
	}
	flash_swap(f, f->option_force[OPTION_SR] & OPTSR_SWAP_BANK);
}

void flash_h5_set_protection(struct flash *f, unsigned level)
{
	uint32_t code = level == 0 ? STATE_OPEN : level == 1 ? STATE_SHUT : STATE_FINAL;

	f->option_cells[OPTION_SR] &= ~((uint32_t)0xff << STATE_AT);
	f->option_cells[OPTION_SR] |= code << STATE_AT;
	flash_h5_load_options(f);
}

bool flash_h5_may_swap(const struct flash_row *row)
{
	(void)row;
	return true;
}

void flash_h5_set_swapped(struct flash *f)
{
	f->option_cells[OPTION_SR] |= OPTSR_SWAP_BANK;
	flash_h5_load_options(f);
}

static uint32_t protection_bit(const struct flash *f, size_t off)
{
	return (uint32_t)1 << (off % flash_h5_bank_bytes(f) / flash_h5_facts(f)->group);
}

void flash_h5_set_write_protection(struct flash *f, size_t off)
{
	f->option_cells[OPTION_WRP + flash_h5_bank_of(f, off)] &= ~protection_bit(f, off);
	flash_h5_load_options(f);
}

bool flash_h5_write_protected(const struct flash *f, size_t off)
{
	return !(f->option_force[OPTION_WRP + flash_h5_bank_of(f, off)] & protection_bit(f, off));
}

void flash_h5_start_options(struct flash *f)
{
	if (flash_busy(f))
		return;
	if (state(f) != STATE_OPEN) { /* whoever closed it must authenticate */
		*flash_reg(f, NSSR) |= SR_OPTCHANGEERR;
		return;
	}
	flash_begin(f, 0, FLASH_JOB_OPTIONS, 0, 0, NULL, 1000 * OPTION_MS);
}

/* In force they are after the next reset. */
void flash_h5_keep_options(struct flash *f, const struct flash_job *job)
{
	unsigned i;

	(void)job;
	for (i = 0; i < FLASH_H5_OPTIONS; i++)
		f->option_cells[i] = *flash_reg(f, registers[i].next);
}

void flash_h5_deliver_options(struct flash *f)
{
	if (f->option_cells[OPTION_SR])
		return;
	f->option_cells[OPTION_SR] = OPTSR_FACTORY;
	f->option_cells[OPTION_SR2] = OPTSR2_FACTORY;
	f->option_cells[OPTION_BOOT] = NSBOOTR_FACTORY;
	f->option_cells[OPTION_WRP] = 0xffffffff;
	f->option_cells[OPTION_WRP + 1] = 0xffffffff;
}
