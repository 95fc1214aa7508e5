/* What flash_fpec.c (registers, array) and flash_fpec_options.c share. */
#ifndef SWDOCTOR_SIM_FLASH_FPEC_H
#define SWDOCTOR_SIM_FLASH_FPEC_H

#include "probe/sim/flash.h"
#include "probe/sim/flash_family.h"

enum {
	ACR = 0x00,
	KEYR = 0x04,
	OPTKEYR = 0x08,
	SR = 0x0c,
	CR = 0x10,
	AR = 0x14,
	OBR = 0x1c,
	WRPR = 0x20
};

/* Where the bytes of the option area lie, each with its complement behind it. */
enum { OPT_RDP = 0, OPT_USER = 2, OPT_DATA0 = 4, OPT_DATA1 = 6, OPT_WRP = 8, OPT_END = 16 };

#define WRP_GROUP_BYTES 4096u

static inline bool flash_fpec_is_f1(const struct flash *f)
{
	return f->row->ops == &flash_fpec_f1;
}

unsigned flash_fpec_watchdogs(const struct flash *f);
unsigned flash_fpec_protection(const struct flash *f);
void flash_fpec_set_protection(struct flash *f, unsigned level);
void flash_fpec_set_write_protection(struct flash *f, size_t off);
bool flash_fpec_write_protected(const struct flash *f, size_t off);
/* As the factory delivers them, unless there are some already. */
void flash_fpec_deliver_options(struct flash *f);
void flash_fpec_load_options(struct flash *f);
void flash_fpec_program_option(struct flash *f, size_t at, uint8_t value);
void flash_fpec_keep_options(struct flash *f, const struct flash_job *job);

#endif
