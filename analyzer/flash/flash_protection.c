/* Read protection, as the option bytes tell it: see flash_protection.h. */
#include "analyzer/flash/flash_protection.h"

#include <string.h>

const char flash_protection_for_ever[] = "the chip is read-protected for ever";

static bool says_protected(const struct option_state *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (!strcmp(o->values[i].field->name, "rdp"))
			return o->values[i].value;
	return false;
}

int flash_protection_check(const struct flash_work *w, const struct flash_session *s, struct err *e)
{
	struct option_state *o = &w->report->options;

	if (!s->chip || option_read(s->t, s->chip, o, NULL))
		return 0; /* not known: the flash will tell */
	if (says_protected(o) && option_read(s->t, s->chip, o, NULL)) /* or it was read wrong */
		return 0;
	for (size_t i = 0; i < o->n; i++) {
		if (strcmp(o->values[i].field->name, "rdp") || !o->values[i].value)
			continue;
		w->report->is_protected = true;
		if (o->values[i].value > 1)
			return err_set(e, ERR_UNSUPPORTED, "%s", flash_protection_for_ever);
		return err_set(
			e, ERR_UNSUPPORTED,
			"the chip is read-protected (level 1): `swdoctor option rdp=0 --allow "
			"reset,mass-erase` opens it, and erases everything in its flash; so does "
			"`flash --allow mass-erase`");
	}
	return 0;
}
