/* How option bytes are written, by shape of controller. Only for option.c. */
#ifndef SWDOCTOR_OPTION_WRITE_H
#define SWDOCTOR_OPTION_WRITE_H

#include "flash/option.h"

#define OPTION_REGS_MAX 6

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

extern const struct option_writer option_writer_fpec, option_writer_f4, option_writer_l0,
	option_writer_l4, option_writer_l5, option_writer_h7;

#endif
