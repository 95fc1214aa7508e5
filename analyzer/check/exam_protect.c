/* What the option bytes forbid, how they start the watchdog, and what they make of the reset pin.
 */
#include "analyzer/check/exam_internal.h"

#include <string.h>

#include "analyzer/check/exam_protect.h"
#include "flash/option.h"

#define PRODUCT_OPEN 0xed
#define RDP_HALF     0x55 /* with TrustZone: level 0.5 (RM0438 6.6.1, RM0456 7.6.2) */

static void tell_level(struct exam *x, uint32_t level)
{
	static const char *const forbids[] = {
		"nothing is forbidden",
		"a debugger can neither read nor write flash; going back to 0 erases it",
		"debugging is forbidden for ever",
	};

	exam_say(x, EVENT_PROTECT_LEVEL, EXAM_VALUES(EXAM_NUM(level), EXAM_NO_VALUE),
		 "read-out protection level %u: %s", level, forbids[level < 3 ? level : 1]);
}

static void tell_product_state(struct exam *x, uint32_t state)
{
	exam_say(x, EVENT_PROTECT_STATE,
		 EXAM_VALUES(EXAM_TEXT(state == PRODUCT_OPEN ? "product-open" : "product-closed"),
			     EXAM_NUM(state)),
		 "product state 0x%02x: %s", state,
		 state == PRODUCT_OPEN ? "open"
				       : "what debugging may do is up to authentication; going "
					 "back to open erases");
}

static void tell_nrst_mode(struct exam *x, uint32_t mode)
{
	static const char *const modes[] = { "reserved", "input", "none", "both" };
	static const char *const says[] = {
		"the option bytes hold no known mode of the reset pin",
		"the reset pin is an input only: the chip's own resets do not pull it",
		"the reset pin is an ordinary pin: no probe can reset this chip by it",
		"the reset pin is what it usually is",
	};

	x->no_reset_pin = mode == 2;
	exam_say(x, EVENT_NRST_PIN, EXAM_VALUES(EXAM_TEXT(modes[mode & 3])), "%s", says[mode & 3]);
}

static void tell_watchdog(struct exam *x, uint32_t by_software)
{
	exam_say(x, EVENT_WATCHDOG_STATE,
		 EXAM_VALUES(EXAM_TEXT(by_software ? "by-program" : "by-option")),
		 "the watchdog is started by %s",
		 by_software ? "the program, if at all" : "the option bytes at every reset");
}

/* H7B0 has an eighth of a bank of H7A3: the bits of what is not there say nothing. */
#define H7AB_GROUP_KIB 32

static uint32_t groups_there(const struct exam *x)
{
	uint32_t groups = x->flash_kib / H7AB_GROUP_KIB;

	if (!x->chip || x->chip->ctrl != CHIP_CTRL_H7AB || !groups || groups >= 32)
		return UINT32_MAX;
	return (1U << groups) - 1;
}

static void tell_sectors(struct exam *x, uint32_t sectors)
{
	sectors &= groups_there(x);
	if (sectors)
		exam_say(x, EVENT_PROTECT_AREA, EXAM_VALUES(EXAM_TEXT("write"), EXAM_NUM(sectors)),
			 "the option bytes protect blocks from being erased and written (0x%x)",
			 sectors);
}

/* "wrp1a-first" is followed by "wrp1a-last"; behind it, it protects nothing. */
static void tell_ranges(struct exam *x, const struct option_state *s)
{
	for (size_t i = 0; i + 1 < s->n; i++) {
		const struct option_value *first = &s->values[i], *last = first + 1;

		if (option_begins_range(first->field) && last->value >= first->value)
			exam_say(x, EVENT_PROTECT_AREA,
				 EXAM_VALUES(EXAM_TEXT("write"), EXAM_NUM(first->value)),
				 "the option bytes protect pages of bank %u from being erased and "
				 "written (0x%08x)",
				 first->field->bank2 ? 2 : 1, first->value);
	}
}

static void tell_security(struct exam *x, uint32_t on)
{
	if (on)
		exam_say(x, EVENT_PROTECT_STATE, EXAM_VALUES(EXAM_TEXT("trust-zone"), EXAM_NUM(on)),
			 "there is a secure world: what belongs to it can neither be read nor "
			 "written "
			 "from outside");
}

static const struct option_value *value_of(const struct option_state *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->values[i].field->name, name))
			return &s->values[i];
	return NULL;
}

/* Then the byte of read-out protection says how far the secure world is closed. */
static bool tell_half_closed(struct exam *x, const struct option_state *s)
{
	const struct option_value *trustzone = value_of(s, "trustzone");
	const struct option_value *rdp = value_of(s, "rdp");

	if (!trustzone || !trustzone->value || !rdp || rdp->raw != RDP_HALF)
		return false;
	exam_say(x, EVENT_PROTECT_STATE,
		 EXAM_VALUES(EXAM_TEXT("trust-zone-closed"), EXAM_NUM(rdp->raw)),
		 "TrustZone is on, at read-out level 0.5: a debugger reaches nothing of the secure "
		 "world, and cannot stop the core in it");
	return true;
}

static const struct {
	const char *field;
	void (*tell)(struct exam *x, uint32_t value);
} tellers[] = {
	{ "rdp", tell_level },
	{ "product-state", tell_product_state },
	{ "iwdg-software", tell_watchdog },
	{ "write-protected", tell_sectors },
	{ "trustzone", tell_security },
	{ "security", tell_security },
	{ "nrst-mode", tell_nrst_mode },
};

/* Signals may fail now and then; anything else is told by its status word already. */
#define TRIES 4

static int read_options(struct exam *x, struct err *e)
{
	struct option_layout layout;
	struct option_state state;
	struct err now = { 0 };
	int rc = ERR_STATUS;
	bool half;

	if (!option_layout_of(x->kin, &layout))
		return 0;
	for (unsigned i = 0; rc == ERR_STATUS && i < TRIES && x->reached & EXAM_HAS_LINK; i++) {
		rc = option_read(x->t, x->kin, &state, &now);
		if (rc != ERR_STATUS)
			break;
		if (!exam_is_signal(now.native))
			return 0;
		rc = exam_mend(x, e);
		if (rc)
			return rc;
		rc = ERR_STATUS;
	}
	if (rc && rc != ERR_STATUS && e)
		*e = now;
	half = !rc && tell_half_closed(x, &state);
	for (size_t i = 0; !rc && i < state.n; i++)
		for (size_t k = 0; k < sizeof(tellers) / sizeof(tellers[0]); k++)
			if (!strcmp(tellers[k].field, state.values[i].field->name) &&
			    !(half && tellers[k].tell == tell_level))
				tellers[k].tell(x, state.values[i].value);
	if (!rc)
		tell_ranges(x, &state);
	return rc == ERR_STATUS ? 0 : rc;
}

static int read_areas(struct exam *x, struct err *e)
{
	for (size_t i = 0; i < exam_areas_len && x->reached & EXAM_HAS_LINK; i++) {
		const struct exam_area *a = &exam_areas[i];
		uint32_t first = 0, last = 0;
		unsigned status = 0;
		int rc;

		if (!exam_area_is_of(a, x->kin))
			continue;
		rc = exam_word(x, x->kin->regs + a->first_reg, &first, &status, e);
		last = first;
		if (!rc && !status && a->last_reg != a->first_reg)
			rc = exam_word(x, x->kin->regs + a->last_reg, &last, &status, e);
		if (rc)
			return rc;
		if (status || !exam_area_protects(a, first, last))
			continue;
		exam_say(x, EVENT_PROTECT_AREA, EXAM_VALUES(EXAM_TEXT("code"), EXAM_NUM(first)),
			 "part of bank %u can only be executed, neither read nor written (0x%08x)",
			 a->bank, first);
	}
	return 0;
}

static int read_mode(struct exam *x, struct err *e)
{
	uint32_t reg = 0, word, bit = exam_code_mode(x->kin, &reg);
	unsigned status;
	int rc;

	if (!bit || !(x->reached & EXAM_HAS_LINK))
		return 0;
	rc = exam_word(x, x->kin->regs + reg, &word, &status, e);
	if (!rc && !status && word & bit)
		exam_say(x, EVENT_PROTECT_AREA, EXAM_VALUES(EXAM_TEXT("code"), EXAM_NUM(word)),
			 "protected sectors can only be executed, neither read nor written");
	return rc;
}

/* PR and RLR as a reset leaves them mean that nobody has set the watchdog up. */
static int read_watchdog(struct exam *x, struct err *e)
{
	unsigned status;
	uint32_t pr = 0, rlr = 0xfff;
	int rc;

	if (!x->kin->iwdg || !(x->reached & EXAM_HAS_LINK))
		return 0;
	rc = exam_word(x, x->kin->iwdg + 4, &pr, &status, e);
	if (!rc && !status)
		rc = exam_word(x, x->kin->iwdg + 8, &rlr, &status, e);
	if (!rc && !status && (pr & 7 || (rlr & 0xfff) != 0xfff))
		exam_say(x, EVENT_WATCHDOG_STATE, EXAM_VALUES(EXAM_TEXT("set-up")),
			 "the program has set up the watchdog (PR %u, RLR 0x%03x)", pr & 7,
			 rlr & 0xfff);
	return rc;
}

int exam_protection(struct exam *x, struct err *e)
{
	int rc = read_options(x, e);

	if (!rc)
		rc = read_areas(x, e);
	if (!rc)
		rc = read_mode(x, e);
	return rc ? rc : read_watchdog(x, e);
}
