/*
 * Granules whose programming or erasing was cut short: their error correction gives up, so that a
 * read by the debug port is answered with a fault, and one by the core ends the loader.
 */
#include <string.h>

#include "flash/engine_work.h"
#include "flash/feed.h"
#include "probe/cortexm.h"

/* By halves, down to the granules that give no answer. */
static int read_halves(struct work *w, uint32_t address, uint8_t *ret, uint32_t len,
		       uint32_t *ret_torn, struct err *e)
{
	uint32_t granule = w->s->chip->granule, middle = (address + len / 2) & ~(granule - 1U);
	int rc = feed_read(w->s->t, address, ret, len, e);

	if (rc != ERR_STATUS)
		return rc;
	target_clear_errors(w->s->t, NULL, NULL);
	if (middle <= address)
		middle += granule;
	if (middle >= address + len) {
		memset(ret, w->s->geo.erased, len);
		*ret_torn += len;
		return 0;
	}
	rc = read_halves(w, address, ret, middle - address, ret_torn, e);
	return rc ? rc
		  : read_halves(w, middle, ret + (middle - address), address + len - middle,
				ret_torn, e);
}

/* It was the address, not the link. */
static bool link_works(struct target *t)
{
	uint32_t cpuid;

	target_clear_errors(t, NULL, NULL);
	return !cortexm_read_cpuid(t, &cpuid, NULL);
}

int engine_read(struct work *w, uint32_t address, uint8_t *ret, uint32_t len, bool split,
		uint32_t *ret_torn, struct err *e)
{
	struct err own = { 0 };
	int rc = feed_read(w->s->t, address, ret, len, &own);

	if (rc != ERR_STATUS || !w->s->chip->ecc || !link_works(w->s->t)) {
		if (rc && e)
			*e = own;
		return rc;
	}
	if (split)
		return read_halves(w, address, ret, len, ret_torn, e);
	memset(ret, w->s->geo.erased, len);
	*ret_torn += len;
	return 0;
}

bool engine_met_torn(const struct work *w)
{
	const struct flash_fault *f = &w->s->fault;

	return w->s->chip->ecc && f->step == FAULT_STEP_COMPARE &&
	       (f->loader == FAULT_LOADER_CRASHED || f->loader == FAULT_LOADER_STUCK);
}
