/* A target that is nothing but its registers, for tests of option bytes. */
#ifndef SWDOCTOR_TESTS_OPTION_TARGET_H
#define SWDOCTOR_TESTS_OPTION_TARGET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flash/option.h"
#include "tests/lib/chip_table.h"

#define FAKE_REGS 128

struct fake {
	struct target t;
	uint32_t regs[FAKE_REGS]; /* from the controller's address on */
	uint32_t base;
	unsigned writes;
	uint32_t written[32]; /* offsets, in order */
	/* One register may keep some bits whatever is written; 0: none does. */
	uint32_t stubborn, kept;
	uint32_t key_reg, lock_reg; /* the second key takes the lowest bit of lock_reg away */
};

static inline void fake_write(struct fake *f, uint32_t at, uint32_t value)
{
	uint32_t keep = f->kept && at * 4 == f->stubborn ? f->kept : 0;

	assert_true(f->writes < 32);
	f->written[f->writes++] = at * 4;
	if (f->key_reg && at * 4 == f->key_reg) {
		if (value == 0x4c5d6e7f)
			f->regs[f->lock_reg / 4] &= ~1U;
		return;
	}
	f->regs[at] = (f->regs[at] & keep) | (value & ~keep);
}

static inline int fake_words(struct target *t, struct target_word *words, size_t n,
			     size_t *ret_done, struct err *e)
{
	struct fake *f = (struct fake *)t;

	(void)e;
	for (size_t i = 0; i < n; i++) {
		uint32_t at = (words[i].address - f->base) / 4;

		assert_true(at < FAKE_REGS);
		if (words[i].write)
			fake_write(f, at, words[i].value);
		else
			words[i].value = f->regs[at];
	}
	*ret_done = n;
	return 0;
}

static const struct target_ops fake_ops = { .name = "fake", .words = fake_words };

static inline void fake_init(struct fake *f, const struct chip *c)
{
	*f = (struct fake){ .t = { .ops = &fake_ops, .clock = &clock_real }, .base = c->regs };
}

static inline uint32_t value_named(const struct option_state *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->values[i].field->name, name))
			return s->values[i].value;
	fail_msg("there is no field %s", name);
	return 0;
}

static inline struct option_layout layout_of(uint16_t dev_id)
{
	struct option_layout l;

	assert_true(option_layout_of(chips_find(&chips, dev_id), &l));
	return l;
}

#endif
