/* How option bytes are written, by shape of controller. Only for option*.c. */
#ifndef SWDOCTOR_OPTION_WRITE_H
#define SWDOCTOR_OPTION_WRITE_H

#include "flash/option.h"

#define OPTION_REGS_MAX 8

struct option_reg {	 /* a register with option bits, as it is to be */
	uint32_t offset; /* of the one that shows them */
	uint32_t value;
	bool changed;
};

struct option_writer {
	/* The chip is halted. `rdp`: the byte wanted; all of it is started, and awaited where the
	 * link survives. */
	int (*write)(struct target *t, const struct chip *c, const struct option_reg *regs,
		     size_t n, struct err *e);
};

/* option_steps.c */

#define OPTION_WAIT_MS	     10000
#define OPTION_REGRESSION_MS 60000 /* all flash is erased on the way, at the slowest width */

extern const uint32_t option_flash_keys[2], option_option_keys[2];

int option_write_keys(struct target *t, uint32_t reg, const uint32_t pair[2], struct err *e);
/* Only where `lock` is set in reg: a key written to what is open would lock it until a reset. */
int option_unlock(struct target *t, uint32_t reg, uint32_t lock, uint32_t key_reg,
		  const uint32_t pair[2], struct err *e);
/* Until no bit of `busy` is set in reg; *ret is what it read then. */
int option_wait(struct target *t, uint32_t reg, uint32_t busy, unsigned ms, uint32_t *ret,
		struct err *e);
/* An error if `word`, of reg, has one of these bits. */
int option_refused(uint32_t reg, uint32_t word, uint32_t errors, struct err *e);
uint32_t option_reg_value(const struct option_reg *regs, size_t n, uint32_t offset);

extern const struct option_writer option_writer_fpec, option_writer_f4, option_writer_l0,
	option_writer_l4, option_writer_l5, option_writer_h5, option_writer_h7;

#endif
