/* Which chip it is, as far as it says so without being written to; and its option bytes. */
#include "analyzer/exam_internal.h"

#include "probe/coresight_regs.h"

#define PART_MASK 0xfffU

/* DBGMCU_IDCODE by the core's part number, and on small cores the bit that gives it its clock. */
static const struct id_place {
	uint16_t part;
	uint32_t idcode;
	uint32_t clock_reg, clock_bit; /* 0: it always has one */
} id_places[] = {
	{ 0xc20, 0x40015800, 0x40021018, 1U << 22 }, /* F0 */
	{ 0xc60, 0x40015800, 0x40021034, 1U << 22 }, /* L0 */
	{ 0xc60, 0x40015800, 0x4002103c, 1U << 27 }, /* G0, C0 */
	{ 0xc60, 0x40015800, 0x40021050, 1U << 0 },  /* U0 */
	{ 0xc23, 0xe0042000, 0, 0 },
	{ 0xc24, 0xe0042000, 0, 0 },
	{ 0xc27, 0xe0042000, 0, 0 },
	{ 0xc27, 0x5c001000, 0, 0 },
	{ 0xd21, 0xe0044000, 0, 0 },
	{ 0xd21, 0x44024000, 0, 0 },
};

/* Where nothing gives an id away: the word with the flash size is in another place in each family.
 */
static const struct size_place {
	uint16_t part;
	uint32_t address;
	enum exam_family_id family;
} size_places[] = {
	{ 0xc20, 0x1ffff7cc, EXAM_FAMILY_F0 },
	{ 0xc60, 0x1ff8007c, EXAM_FAMILY_L0 },
	{ 0xc60, 0x1fff75e0, EXAM_FAMILY_G0 },
	{ 0xc60, 0x1fff75a0, EXAM_FAMILY_C0 },
};

static uint16_t part_of(const struct exam *x)
{
	return x->cpuid >> 4 & PART_MASK;
}

static void know(struct exam *x, const struct exam_chip *chip, enum exam_family_id family)
{
	x->chip = chip;
	x->family = &exam_families[family];
	x->reached |= EXAM_HAS_CHIP;
	exam_say(x, EVENT_CHIP_FAMILY,
		 EXAM_VALUES(EXAM_TEXT(x->family->name), EXAM_NUM(chip ? chip->dpidr : 0)), "%s%s",
		 "STM32", chip ? chip->name : x->family->name);
	if (chip)
		exam_say(x, EVENT_CHIP_FLASH_MOST,
			 EXAM_VALUES(EXAM_NUM((int64_t)chip->flash_kib * 1024)),
			 "STM32%s is made with up to %u KiB of flash", chip->name, chip->flash_kib);
}

static int has_clock(struct exam *x, const struct id_place *p, bool *ret, struct err *e)
{
	unsigned status;
	uint32_t word;
	int rc;

	*ret = true;
	if (!p->clock_reg)
		return 0;
	rc = exam_word(x, p->clock_reg, &word, &status, e);
	*ret = !rc && !status && word & p->clock_bit;
	/* A chip that was reset and stopped has nothing to lose by it. */
	if (!rc && !status && !*ret && x->under_reset)
		*ret = !stlink_word_write(x->s, p->clock_reg, word | p->clock_bit, NULL);
	return rc;
}

static int read_id(struct exam *x, struct err *e)
{
	for (size_t i = 0; i < sizeof(id_places) / sizeof(id_places[0]) && !x->chip; i++) {
		const struct id_place *p = &id_places[i];
		const struct exam_chip *chip;
		unsigned status = 0;
		uint32_t id = 0;
		bool clocked;
		int rc;

		if (p->part != part_of(x) || !(x->reached & EXAM_HAS_LINK))
			continue;
		rc = has_clock(x, p, &clocked, e);
		if (!rc && clocked)
			rc = exam_word(x, p->idcode, &id, &status, e);
		if (rc)
			return rc;
		chip = clocked && !status && id ? exam_chip_find(id & PART_MASK) : NULL;
		if (chip)
			know(x, chip, chip->family);
		else if (clocked && !status && id && id != 0xffffffff)
			exam_say(x, EVENT_CHIP_ID_UNKNOWN, EXAM_VALUES(EXAM_NUM(id)),
				 "the device id 0x%08x stands in no table", id);
	}
	return 0;
}

static int guess_family(struct exam *x, struct err *e)
{
	for (size_t i = 0; i < sizeof(size_places) / sizeof(size_places[0]) && !x->family; i++) {
		unsigned status;
		uint32_t word;
		int rc;

		if (size_places[i].part != part_of(x) || !(x->reached & EXAM_HAS_LINK))
			continue;
		rc = exam_word(x, size_places[i].address & ~3U, &word, &status, e);
		if (rc)
			return rc;
		word = word >> 8 * (size_places[i].address & 2) & 0xffff;
		if (!status && word && word <= 0x1000)
			know(x, NULL, size_places[i].family);
	}
	return 0;
}

/* No size at all, or one below the smallest of this chip, or above the largest. */
static void judge_size(struct exam *x, uint32_t kib)
{
	if (kib == 0xffff || (kib >= x->chip->least_kib && kib <= x->chip->flash_kib))
		return;
	exam_say(x, EVENT_CHIP_SIZE_ODD, EXAM_VALUES(EXAM_NUM((int64_t)kib * 1024)),
		 "the size word says %u KiB; STM32%s is made with %u to %u", kib, x->chip->name,
		 x->chip->least_kib, x->chip->flash_kib);
}

static int read_words_of_chip(struct exam *x, struct err *e)
{
	unsigned status;
	uint32_t word;
	int rc = 0;

	if (!x->chip)
		return 0;
	/* The decoder takes the size out of the word. */
	if (x->chip->size_reg)
		rc = exam_word(x, x->chip->size_reg & ~3U, &word, &status, e);
	if (!rc && x->chip->size_reg && !status)
		judge_size(x, word >> 8 * (x->chip->size_reg & 2) & 0xffff);
	if (!rc && x->chip->dbgmcu_cr && x->reached & EXAM_HAS_LINK) {
		rc = exam_word(x, x->chip->dbgmcu_cr, &word, &status, e);
		if (!rc && !status)
			exam_say(x, EVENT_CORE_DBGMCU, EXAM_VALUES(EXAM_NUM(word)),
				 "DBGMCU_CR is 0x%08x: debugging in low power %s", word,
				 word & x->chip->low_power_bits ? "is on" : "is off");
	}
	return rc;
}

int exam_chip(struct exam *x, struct err *e)
{
	int rc;

	if (x->family) {
		x->reached |= EXAM_HAS_CHIP;
		return 0;
	}
	rc = read_id(x, e);
	if (!rc && !x->chip)
		rc = guess_family(x, e);
	return rc ? rc : read_words_of_chip(x, e);
}

/* ---- option bytes ---- */

static int read_level(struct exam *x, struct err *e)
{
	const struct exam_family *f = x->family;
	unsigned status;
	uint32_t word;
	int level, rc;

	if (f->rdp_form == EXAM_RDP_NONE)
		return 0;
	rc = exam_word(x, f->rdp_reg, &word, &status, e);
	if (rc || status)
		return rc;
	level = exam_rdp_level(f, word);
	if (f->rdp_form == EXAM_RDP_PRODUCT) {
		exam_say(x, EVENT_PROTECT_STATE,
			 EXAM_VALUES(EXAM_TEXT(level ? "product-closed" : "product-open"),
				     EXAM_NUM(word)),
			 "product state 0x%02x", word >> f->rdp_shift & 0xff);
		return 0;
	}
	exam_say(x, EVENT_PROTECT_LEVEL, EXAM_VALUES(EXAM_NUM(level), EXAM_NUM(word)),
		 "the option bytes say read-out protection level %d (0x%08x)", level, word);
	if (f->trust_zone && word & f->trust_zone)
		exam_say(x, EVENT_PROTECT_STATE,
			 EXAM_VALUES(EXAM_TEXT("trust-zone"), EXAM_NUM(word)),
			 "TrustZone is enabled");
	if (f->software_watchdog)
		exam_say(x, EVENT_WATCHDOG_STATE,
			 EXAM_VALUES(EXAM_TEXT(word & f->software_watchdog ? "by-program"
									   : "by-option")),
			 "the watchdog is started by %s",
			 word & f->software_watchdog ? "the program, if at all"
						     : "the option bytes at every reset");
	return 0;
}

static int read_blocks(struct exam *x, struct err *e)
{
	const struct exam_family *f = x->family;

	for (unsigned i = 0; i < EXAM_WRP_REGS && f->wrp_reg[i]; i++) {
		unsigned status;
		uint32_t word;
		int rc = exam_word(x, f->wrp_reg[i], &word, &status, e);

		if (rc)
			return rc;
		if (!status && exam_wrp_protects(f, word))
			exam_say(x, EVENT_PROTECT_AREA,
				 EXAM_VALUES(EXAM_TEXT("write"), EXAM_NUM(word)),
				 "the option bytes protect blocks from being written (0x%08x at "
				 "0x%08x)",
				 word, f->wrp_reg[i]);
	}
	return 0;
}

/* PR and RLR as a reset leaves them mean that nobody has set the watchdog up. */
static int read_watchdog(struct exam *x, struct err *e)
{
	unsigned status;
	uint32_t pr = 0, rlr = 0xfff;
	int rc = exam_word(x, x->family->iwdg + 4, &pr, &status, e);

	if (!rc && !status)
		rc = exam_word(x, x->family->iwdg + 8, &rlr, &status, e);
	if (!rc && !status && (pr & 7 || (rlr & 0xfff) != 0xfff))
		exam_say(x, EVENT_WATCHDOG_STATE, EXAM_VALUES(EXAM_TEXT("set-up")),
			 "the program has set up the watchdog (PR %u, RLR 0x%03x)", pr & 7,
			 rlr & 0xfff);
	return rc;
}

int exam_protection(struct exam *x, struct err *e)
{
	int rc = read_level(x, e);

	if (!rc && x->reached & EXAM_HAS_LINK)
		rc = read_blocks(x, e);
	if (!rc && x->reached & EXAM_HAS_LINK && x->family->iwdg)
		rc = read_watchdog(x, e);
	return rc;
}
