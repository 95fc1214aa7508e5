/*
 * A target as the flash engine and the examination see it: memory, core registers, the reset line,
 * the link, the supply. Implementations: target_stlink.c, and fakes in tests. Nobody above can tell
 * how it is reached.
 *
 * Errors keep the number underneath (a status word, a libusb code) in err.native. Nothing is
 * repeated here but what the probe's protocol repeats (WAIT), and what `again` allows; whoever
 * calls decides what to do about a failure.
 */
#ifndef SWDOCTOR_TARGET_H
#define SWDOCTOR_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/clock.h"
#include "probe/base/err.h"
#include "probe/deadline.h"

struct target;

struct target_word {
	bool write;
	uint32_t address;
	uint32_t value; /* read: filled */
};

enum target_nrst { TARGET_NRST_LOW, TARGET_NRST_RELEASED };

/* How the debug session is opened. What the core does is cortexm.h's. */
enum target_connect {
	TARGET_CONNECT_NORMAL,	    /* NRST is released */
	TARGET_CONNECT_UNDER_RESET, /* NRST is pulled low before, and stays so until released */
	TARGET_CONNECT_HOT_PLUG,    /* NRST is left as it is */
};

struct target_voltage {
	int mv;
	bool trusted; /* false: the probe may be reading its own supply */
};

struct target_ops {
	const char *name;
	/* Any address and length; words where they can be, single bytes at the ends. */
	int (*read)(struct target *t, uint32_t address, void *ret, size_t len, struct err *e);
	int (*write)(struct target *t, uint32_t address, const void *bytes, size_t len,
		     struct err *e);
	/*
	 * Accesses of `width` 1, 2 or 4 and no others, to aligned addresses. once: no access may be
	 * repeated, not even after WAIT, because each of them does something (programs flash).
	 */
	int (*write_wide)(struct target *t, unsigned width, bool once, uint32_t address,
			  const void *bytes, size_t len, struct err *e);
	int (*read_wide)(struct target *t, unsigned width, uint32_t address, void *ret, size_t len,
			 struct err *e);
	/* Single words in order; *ret_done: how many went well. */
	int (*words)(struct target *t, struct target_word *words, size_t n, size_t *ret_done,
		     struct err *e);
	/* By DCRSR number, while the core is halted. */
	int (*core_read)(struct target *t, uint8_t reg, uint32_t *ret, struct err *e);
	int (*core_write)(struct target *t, uint8_t reg, uint32_t value, struct err *e);
	int (*nrst)(struct target *t, enum target_nrst level, struct err *e);
	int (*voltage)(struct target *t, struct target_voltage *ret, struct err *e);
	/* The fastest speed not above khz; *ret_khz: what it is now. */
	int (*set_khz)(struct target *t, uint32_t khz, uint32_t *ret_khz, struct err *e);
	/* Falling kHz, at most max. */
	int (*list_khz)(struct target *t, uint32_t *ret, size_t max, size_t *ret_n, struct err *e);
	/* What it is now; 0: not known. */
	uint32_t (*khz)(const struct target *t);
	/* (Re-)open the debug session; makes the probe's acquaintance where nobody did. */
	int (*connect)(struct target *t, enum target_connect how, struct err *e);
	/* Bring the probe itself back (USB); target_connect comes next. */
	int (*reopen)(struct target *t, struct err *e);
	/* Make the probe's acquaintance anew, and lead it out of whatever mode it is in. */
	int (*hello)(struct target *t, struct err *e);
	/* Clear the debug port's error flags; *ret_were (may be NULL): CTRL/STAT before. */
	int (*clear_errors)(struct target *t, uint32_t *ret_were, struct err *e);
	/*
	 * Work on through the next access port from now on: some chips have none of the core's
	 * memory behind the first. NULL, ERR_UNSUPPORTED: there is but one.
	 */
	int (*next_port)(struct target *t, struct err *e);
	/* Note a phase, an attempt or a strategy in the trace. */
	void (*mark)(struct target *t, const char *text);
};

struct target_feed {	  /* flash/feed.h */
	uint32_t address; /* of the watchdog; 0: none */
	uint64_t next_us;
};

struct target { /* first member of every implementation's struct */
	const struct target_ops *ops;
	const struct clock *clock;
	const struct deadline *deadline; /* of what is being done: set it, and set it back */
	size_t block_bytes; /* the largest block that is one transaction; may be made smaller */
	/* Of the last access that failed with ERR_STATUS. */
	bool has_fault_address;
	uint32_t fault_address;
	uint64_t waits; /* WAITs met so far */
	/*
	 * How often an access that failed with a status is asked again where that changes nothing
	 * but the time it takes: reads, and writes of memory and of the core's debug registers. 0
	 * (an examination wants to see every failure): never.
	 */
	unsigned again;
	bool twice;	      /* set while what is written may be written twice, wherever it is */
	uint64_t asked_again; /* so far */
	struct target_feed feed;
};

static inline int target_read(struct target *t, uint32_t address, void *ret, size_t len,
			      struct err *e)
{
	return t->ops->read(t, address, ret, len, e);
}

static inline int target_write(struct target *t, uint32_t address, const void *bytes, size_t len,
			       struct err *e)
{
	return t->ops->write(t, address, bytes, len, e);
}

static inline int target_write_wide(struct target *t, unsigned width, bool once, uint32_t address,
				    const void *bytes, size_t len, struct err *e)
{
	return t->ops->write_wide(t, width, once, address, bytes, len, e);
}

static inline int target_read_wide(struct target *t, unsigned width, uint32_t address, void *ret,
				   size_t len, struct err *e)
{
	return t->ops->read_wide(t, width, address, ret, len, e);
}

static inline int target_words(struct target *t, struct target_word *words, size_t n,
			       size_t *ret_done, struct err *e)
{
	return t->ops->words(t, words, n, ret_done, e);
}

static inline int target_read32(struct target *t, uint32_t address, uint32_t *ret, struct err *e)
{
	struct target_word w = { .address = address };
	size_t done;
	int rc = t->ops->words(t, &w, 1, &done, e);

	if (!rc)
		*ret = w.value;
	return rc;
}

static inline int target_write32(struct target *t, uint32_t address, uint32_t value, struct err *e)
{
	struct target_word w = { .write = true, .address = address, .value = value };
	size_t done;

	return t->ops->words(t, &w, 1, &done, e);
}

static inline int target_core_read(struct target *t, uint8_t reg, uint32_t *ret, struct err *e)
{
	return t->ops->core_read(t, reg, ret, e);
}

static inline int target_core_write(struct target *t, uint8_t reg, uint32_t value, struct err *e)
{
	return t->ops->core_write(t, reg, value, e);
}

static inline int target_nrst(struct target *t, enum target_nrst level, struct err *e)
{
	return t->ops->nrst(t, level, e);
}

static inline int target_voltage(struct target *t, struct target_voltage *ret, struct err *e)
{
	return t->ops->voltage(t, ret, e);
}

static inline int target_set_khz(struct target *t, uint32_t khz, uint32_t *ret_khz, struct err *e)
{
	return t->ops->set_khz(t, khz, ret_khz, e);
}

static inline int target_list_khz(struct target *t, uint32_t *ret, size_t max, size_t *ret_n,
				  struct err *e)
{
	return t->ops->list_khz(t, ret, max, ret_n, e);
}

static inline uint32_t target_khz(const struct target *t)
{
	return t->ops->khz ? t->ops->khz(t) : 0;
}

static inline int target_connect(struct target *t, enum target_connect how, struct err *e)
{
	return t->ops->connect(t, how, e);
}

static inline int target_reopen(struct target *t, struct err *e)
{
	return t->ops->reopen(t, e);
}

static inline int target_hello(struct target *t, struct err *e)
{
	return t->ops->hello(t, e);
}

static inline int target_clear_errors(struct target *t, uint32_t *ret_were, struct err *e)
{
	return t->ops->clear_errors(t, ret_were, e);
}

static inline int target_next_port(struct target *t, struct err *e)
{
	return t->ops->next_port ? t->ops->next_port(t, e)
				 : err_set(e, ERR_UNSUPPORTED, "there is one access port only");
}

static inline void target_mark(struct target *t, const char *text)
{
	t->ops->mark(t, text);
}

#endif
