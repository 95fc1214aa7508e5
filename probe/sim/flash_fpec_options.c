/*
 * The option bytes of STM32F0, F1 and F3, which lie on the bus: protection in force, and how it
 * changes.
 */
#include "probe/sim/flash_fpec.h"

#include <string.h>

#define OBR_OPTERR 0x1u

/* An option byte counts only with its complement beside it (PM0075 2.4.2). */
static bool option_byte(const struct flash *f, unsigned at, uint8_t *ret)
{
	*ret = f->option[at];
	if ((f->option[at] ^ f->option[at + 1]) == 0xff)
		return true;
	*ret = 0xff;
	return false;
}

void flash_fpec_load_options(struct flash *f)
{
	uint8_t rdp, user, data0, data1, wrp;
	bool good = option_byte(f, OPT_RDP, &rdp);
	uint32_t obr;
	unsigned i;

	good &= option_byte(f, OPT_USER, &user);
	good &= option_byte(f, OPT_DATA0, &data0);
	good &= option_byte(f, OPT_DATA1, &data1);
	if (flash_fpec_is_f1(f)) {
		obr = (uint32_t)(rdp != f->row->open_rdp) << 1 | (uint32_t)(user & 7) << 2 |
		      (uint32_t)data0 << 10 | (uint32_t)data1 << 18;
	} else {
		uint32_t level = rdp == f->row->open_rdp ? 0 : rdp == 0xcc ? 3 : 1;

		obr = level << 1 | (uint32_t)user << 8 | (uint32_t)data0 << 16 |
		      (uint32_t)data1 << 24;
	}
	*flash_reg(f, OBR) = obr | (good ? 0 : OBR_OPTERR);
	*flash_reg(f, WRPR) = 0;
	for (i = 0; i < 4; i++) {
		option_byte(f, OPT_WRP + 2 * i, &wrp);
		*flash_reg(f, WRPR) |= (uint32_t)wrp << (8 * i);
	}
}

unsigned flash_fpec_protection(const struct flash *f)
{
	uint32_t obr = f->reg[OBR / 4];

	if (flash_fpec_is_f1(f))
		return obr >> 1 & 1;
	return (obr >> 1 & 3) == 3 ? 2 : obr >> 1 & 1;
}

unsigned flash_fpec_watchdogs(const struct flash *f)
{
	uint32_t soft = flash_fpec_is_f1(f) ? 1u << 2 : 1u << 8;

	return f->reg[OBR / 4] & soft ? 0 : FLASH_STARTS_IWDG;
}

static void set_option(struct flash *f, unsigned at, uint8_t value)
{
	f->option[at] = value;
	f->option[at + 1] = (uint8_t)~value;
}

void flash_fpec_set_protection(struct flash *f, unsigned level)
{
	set_option(f, OPT_RDP, level == 0 ? f->row->open_rdp : level == 1 ? 0x00 : 0xcc);
	flash_fpec_load_options(f);
}

/* One bit per 4 KiB; bit 31 stands for all that lies beyond 31 groups (PM0075 2.4.2). */
static uint32_t wrp_bit(size_t off)
{
	size_t group = off / WRP_GROUP_BYTES;

	return (uint32_t)1 << (group > 31 ? 31 : group);
}

void flash_fpec_set_write_protection(struct flash *f, size_t off)
{
	uint32_t wrpr = *flash_reg(f, WRPR) & ~wrp_bit(off);
	unsigned i;

	for (i = 0; i < 4; i++)
		set_option(f, OPT_WRP + 2 * i, (uint8_t)(wrpr >> (8 * i)));
	flash_fpec_load_options(f);
}

/* Protected F1 parts write-protect their first 4 KiB by themselves (PM0075 2.4.1). */
bool flash_fpec_write_protected(const struct flash *f, size_t off)
{
	if (flash_fpec_is_f1(f) && flash_fpec_protection(f) && off < WRP_GROUP_BYTES)
		return true;
	return !(f->reg[WRPR / 4] & wrp_bit(off));
}

/* Leaving read-out protection erases the main flash before the new value counts. */
void flash_fpec_program_option(struct flash *f, size_t at, uint8_t value)
{
	bool opens = at == OPT_RDP && flash_fpec_protection(f) > 0 && value == f->row->open_rdp;

	flash_begin(f, 0, opens ? FLASH_JOB_OPEN : FLASH_JOB_OPTIONS, at, 1, &value,
		    opens ? f->row->mass_ms * 1000 : f->row->program_us);
}

/* Without data it was the option bytes' erasing, which begins to show at once. */
void flash_fpec_keep_options(struct flash *f, const struct flash_job *job)
{
	if (job->len)
		set_option(f, (unsigned)job->off, job->data[0]);
}

void flash_fpec_deliver_options(struct flash *f)
{
	static const uint8_t blank[OPT_END] = { 0 };
	unsigned i;

	if (memcmp(f->option, blank, sizeof(blank)))
		return;
	set_option(f, OPT_RDP, f->row->open_rdp);
	for (i = OPT_USER; i < OPT_END; i += 2)
		set_option(f, i, 0xff);
}
