/*
 * Option bytes: what protects a chip, how it boots, how low its supply may fall. Fields by name,
 * the same names in all families, from one table (option_fields.def).
 *
 * Reading touches nothing. Writing takes effect by a reset of the chip; of read protection only the
 * way to level 1 and, with the user's word for the loss of everything in flash, back to level 0 is
 * gone. Level 2 is for ever: it is refused, whatever is asked.
 */
#ifndef SWDOCTOR_OPTION_H
#define SWDOCTOR_OPTION_H

#include "flash/chip.h"

#define OPTION_FIELDS_MAX 25

enum option_kind {
	OPTION_NUMBER,
	OPTION_FLAG,
	OPTION_RDP,	  /* read protection by its byte */
	OPTION_RDP_LEVEL, /* by a level of two bits */
	OPTION_RDP_F1,	  /* by one bit */
	OPTION_SECTORS,	  /* a bit for each group of blocks, 1: protected */
	OPTION_SECTORS_INVERTED,
	OPTION_SHOWN, /* a number that is never written: a mistake could not be undone */
};

struct option_writer;

struct option_field {
	const char *layout; /* "f4": whose it is */
	const char *name;   /* "rdp", "bor-level", "iwdg-software" */
	enum option_kind kind;
	uint32_t reg; /* offset of the register that shows it */
	uint8_t shift, width;
	bool bank2;	  /* only chips with two banks have it; behind all others of its layout */
	const char *says; /* what it means, a phrase */
};

/* The first of a protected range of pages; the field behind it is the last. */
bool option_begins_range(const struct option_field *f);

/* The options of one shape of chips. */
struct option_layout {
	const char *name;
	const struct option_field *fields; /* n of them */
	size_t n;
	const struct option_writer *writer; /* NULL: how to write them is not known */
};

/* False: nothing is known about this chip's. */
bool option_layout_of(const struct chip *c, struct option_layout *ret);

struct option_value {
	const struct option_field *field;
	uint32_t value; /* 1 or 0 of a flag, 0 to 2 of rdp; of sectors 1 means protected */
	uint32_t raw;	/* the bits themselves */
};

struct option_state {
	struct option_layout layout;
	struct option_value values[OPTION_FIELDS_MAX];
	size_t n;
};

/* The target is linked; nothing is changed. ERR_UNSUPPORTED: the layout is not known. */
int option_read(struct target *t, const struct chip *c, struct option_state *ret, struct err *e);

/* "yes", "0x000f", "4"; how people and option_change_parse write a value. */
void option_value_text(const struct option_value *v, char *room, size_t size);

/* One field to be changed. */
struct option_change {
	const struct option_field *field;
	uint32_t value; /* as in option_value */
};

/* "NAME=VALUE": numbers, yes or no, rdp=0 or rdp=1. ERR_USAGE, with a list of the names. */
int option_change_parse(const struct option_layout *layout, const char *text,
			struct option_change *ret, struct err *e);

/* The change takes everything in flash with it. */
bool option_erases_all(const struct option_state *now, const struct option_change *c);

/*
 * The core is halted. Writes and starts the change; the chip takes it over when it is reset, which
 * on some families happens at once and takes the link with it. ERR_UNSUPPORTED where writing is not
 * known.
 */
int option_write(struct target *t, const struct chip *c, const struct option_state *now,
		 const struct option_change *changes, size_t n, struct err *e);

#endif
