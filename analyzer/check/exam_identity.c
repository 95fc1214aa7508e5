/*
 * Which chip it is, as far as it says so without being written to: the device id wherever a chip
 * with this core keeps it, and what its size word, its id and its debug settings say of it.
 */
#include "analyzer/check/exam_internal.h"

#include <string.h>
#include <strings.h>

#define PART_MASK 0xfffU

static bool has_this_core(const struct exam *x, const struct chip *c)
{
	const char *name = cortexm_part_name(x->cpuid);

	return name && !strcasecmp(name, c->core);
}

static uint32_t idcode_of(const struct chip *c)
{
	return c->dbgmcu.reg - 4; /* DBGMCU_CR follows it in all families */
}

static void know(struct exam *x, const struct chip *chip, const struct chip *kin)
{
	x->chip = chip;
	x->kin = kin;
	x->reached |= EXAM_HAS_CHIP;
	exam_say(x, EVENT_CHIP_FAMILY,
		 EXAM_VALUES(EXAM_TEXT(kin->family), EXAM_NUM(chip ? chip->dpidr : 0)), "%s%s",
		 chip ? "" : "STM32", chip ? chip->name : kin->family);
	if (chip)
		exam_say(x, EVENT_CHIP_FLASH_MOST, EXAM_VALUES(EXAM_NUM(chip->max_bytes)),
			 "%s is made with up to %u KiB of flash", chip->name,
			 chip->max_bytes / 1024);
}

/* Takes back the clock that was lent. */
static void stop_clock(struct exam *x, const struct chip_place *clock)
{
	unsigned status;
	uint32_t word;

	if (!exam_word(x, clock->reg, &word, &status, NULL) && !status)
		exam_write_word(x, clock->reg, word & ~clock->mask, NULL);
}

/* *ret_lent: it was given one. On small cores DBGMCU is only there while the program gives it a
 * clock. */
static int has_clock(struct exam *x, const struct chip_place *clock, bool *ret, bool *ret_lent,
		     struct err *e)
{
	unsigned status;
	uint32_t word;
	int rc;

	*ret = true;
	*ret_lent = false;
	if (!clock->mask)
		return 0;
	rc = exam_word(x, clock->reg, &word, &status, e);
	*ret = !rc && !status && word & clock->mask;
	/* A chip that was reset and stopped, or may be, has nothing to lose by it. */
	if (!rc && !status && !*ret && (x->under_reset || x->o->allow_reset)) {
		*ret = !exam_write_word(x, clock->reg, word | clock->mask, NULL);
		*ret_lent = *ret && !x->under_reset;
	}
	return rc;
}

static void judge_id(struct exam *x, uint32_t id)
{
	const struct chip *chip = chips_find(&x->chips, id & PART_MASK);
	const char *looks_like = chip_looks_like(x->cpuid, id);

	if (chip)
		know(x, chip, chip);
	else
		exam_say(x, EVENT_CHIP_ID_UNKNOWN, EXAM_VALUES(EXAM_NUM(id)),
			 "the device id 0x%08x stands in no table", id);
	if (looks_like)
		exam_say(x, EVENT_CHIP_NOT_GENUINE, EXAM_VALUES(EXAM_NO_VALUE),
			 "id 0x%08x on a core 0x%08x: what %s says, and no part of ST's", id,
			 x->cpuid, looks_like);
}

/* True if an earlier row of the table has the id at the same place. */
static bool was_tried(const struct exam *x, const struct chip *c)
{
	for (const struct chip *k = x->chips.at; k < c; k++)
		if (k->dbgmcu.reg == c->dbgmcu.reg && k->dbgmcu_clock.reg == c->dbgmcu_clock.reg &&
		    has_this_core(x, k))
			return true;
	return false;
}

static int read_id(struct exam *x, struct err *e)
{
	for (const struct chip *c = x->chips.at; c < x->chips.at + x->chips.n && !x->chip; c++) {
		unsigned status = 0;
		uint32_t id = 0;
		bool clocked, lent;
		int rc;

		if (!c->dbgmcu.reg || !has_this_core(x, c) || was_tried(x, c) ||
		    !(x->reached & EXAM_HAS_LINK))
			continue;
		rc = has_clock(x, &c->dbgmcu_clock, &clocked, &lent, e);
		if (!rc && clocked)
			rc = exam_word(x, idcode_of(c), &id, &status, e);
		if (!rc && lent)
			stop_clock(x, &c->dbgmcu_clock);
		if (rc)
			return rc;
		if (clocked && !status && id && id != 0xffffffff)
			judge_id(x, id);
	}
	return 0;
}

/* The half-word with the flash size in KiB, which is at another place in each family. */
static int read_size(struct exam *x, const struct chip *c, uint32_t *ret, unsigned *ret_status,
		     struct err *e)
{
	uint32_t word = 0;
	int rc = exam_word(x, c->size_reg & ~3U, &word, ret_status, e);

	*ret = word >> 8 * (c->size_reg & 2) & 0xffff;
	return rc;
}

/* Where nothing gives an id away, a plausible size at the place of a family does. */
static int guess_family(struct exam *x, struct err *e)
{
	uint32_t tried = 0;

	for (const struct chip *c = x->chips.at; c < x->chips.at + x->chips.n && !x->kin; c++) {
		unsigned status;
		uint32_t kib;
		int rc;

		if (!c->size_reg || !c->dbgmcu_clock.mask || !has_this_core(x, c) ||
		    c->size_reg == tried || !(x->reached & EXAM_HAS_LINK))
			continue;
		tried = c->size_reg;
		rc = read_size(x, c, &kib, &status, e);
		if (rc)
			return rc;
		if (!status && kib && kib <= 0x1000)
			know(x, NULL, c);
	}
	return 0;
}

/* No size at all, or one below the smallest of this chip, or above the largest. */
static int judge_size(struct exam *x, struct err *e)
{
	const struct chip *c = x->chip;
	unsigned status;
	uint32_t kib;
	int rc;

	if (!c->size_reg || c->size_kind != CHIP_SIZE_KIB16)
		return 0;
	rc = read_size(x, c, &kib, &status, e);
	if (!rc && !status)
		x->flash_kib = kib;
	if (rc || status || (kib >= c->min_bytes / 1024 && kib <= c->max_bytes / 1024))
		return rc;
	exam_say(x, EVENT_CHIP_SIZE_ODD, EXAM_VALUES(EXAM_NUM((int64_t)kib * 1024)),
		 "the size word says %u KiB; %s is made with %u to %u", kib, c->name,
		 c->min_bytes / 1024, c->max_bytes / 1024);
	return 0;
}

/* DBGMCU_CR. *ret_read false: there is none, or it has no clock at the moment, or refuses. */
static int read_settings(struct exam *x, uint32_t *ret, bool *ret_read, struct err *e)
{
	const struct chip_place *clock = &x->chip->dbgmcu_clock;
	unsigned status = 0;
	uint32_t word = clock->mask;
	int rc = 0;

	*ret_read = false;
	if (!x->chip->dbgmcu.reg)
		return 0;
	if (clock->mask)
		rc = exam_word(x, clock->reg, &word, &status, e);
	if (rc || status || (word & clock->mask) != clock->mask)
		return rc;
	rc = exam_word(x, x->chip->dbgmcu.reg, ret, &status, e);
	*ret_read = !rc && !status;
	return rc;
}

static int read_debug_settings(struct exam *x, struct err *e)
{
	uint32_t word = 0;
	int rc = read_settings(x, &word, &x->has_debug_settings, e);

	if (rc || !x->has_debug_settings)
		return rc;
	x->debug_settings = word;
	exam_say(x, EVENT_CORE_DBGMCU, EXAM_VALUES(EXAM_NUM(word)),
		 "DBGMCU_CR is 0x%08x: debugging in low power %s", word,
		 word & x->chip->dbgmcu.mask ? "is on" : "is off");
	return 0;
}

/* Only the program and a loss of supply clear it; a reset by the pin does not. Told once. */
int exam_debug_settings_end(struct exam *x, struct err *e)
{
	uint32_t mask = x->chip ? x->chip->dbgmcu.mask : 0, before = x->debug_settings, after = 0;
	const char *change = "off";
	bool read;
	int rc;

	if (!x->has_debug_settings || !mask || !(x->reached & EXAM_HAS_LINK))
		return 0;
	rc = read_settings(x, &after, &read, e);
	if (rc || !read)
		return rc;
	x->has_debug_settings = false;
	if (before & ~after & mask)
		change = "cleared";
	else if (after & ~before & mask)
		change = "set";
	else if (after & mask)
		change = "on";
	exam_say(x, EVENT_CORE_DBGMCU_AFTER,
		 EXAM_VALUES(EXAM_TEXT(change), EXAM_NUM(before), EXAM_NUM(after)),
		 "DBGMCU_CR was 0x%08x and is 0x%08x: debugging in low power: %s", before, after,
		 change);
	return 0;
}

int exam_chip(struct exam *x, struct err *e)
{
	int rc;

	if (x->kin) {
		x->reached |= EXAM_HAS_CHIP;
		return 0;
	}
	rc = read_id(x, e);
	if (!rc && !x->chip)
		rc = guess_family(x, e);
	if (!rc && x->chip)
		rc = judge_size(x, e);
	if (!rc && x->chip && x->reached & EXAM_HAS_LINK)
		rc = read_debug_settings(x, e);
	return rc;
}
