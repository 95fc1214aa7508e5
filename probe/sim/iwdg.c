/* The independent watchdog. */
#include "probe/sim/iwdg.h"

#include "probe/sim/bus.h"

enum { KR = 0x00, PR = 0x04, RLR = 0x08, SR = 0x0c };

#define KEY_RELOAD 0xaaaau
#define KEY_OPEN   0x5555u
#define KEY_START  0xccccu

void iwdg_reset(struct iwdg *w, uint32_t hz)
{
	*w = (struct iwdg){ .hz = hz, .reload = 0xfff };
}

static uint64_t period_ns(const struct iwdg *w)
{
	unsigned shift = w->prescaler > 6 ? 8 : w->prescaler + 2;

	return ((uint64_t)w->reload + 1) * NS_PER_S / w->hz << shift;
}

static void reload(struct iwdg *w, uint64_t now_ns)
{
	w->left_ns = period_ns(w);
	w->end_ns = now_ns + w->left_ns;
}

void iwdg_start(struct iwdg *w, uint64_t now_ns)
{
	w->running = true;
	reload(w, now_ns);
}

void iwdg_freeze(struct iwdg *w, bool frozen, uint64_t now_ns)
{
	if (frozen == w->frozen)
		return;
	w->frozen = frozen;
	if (frozen)
		w->left_ns = w->end_ns > now_ns ? w->end_ns - now_ns : 0;
	else
		w->end_ns = now_ns + w->left_ns;
}

uint32_t iwdg_read(const struct iwdg *w, uint32_t off)
{
	return off == PR ? w->prescaler : off == RLR ? w->reload : 0;
}

void iwdg_write(struct iwdg *w, uint32_t off, uint32_t value, uint64_t now_ns)
{
	if (off == KR) {
		w->open = (value & 0xffff) == KEY_OPEN;
		if ((value & 0xffff) == KEY_START)
			iwdg_start(w, now_ns);
		else if ((value & 0xffff) == KEY_RELOAD)
			reload(w, now_ns);
	} else if (off == PR && w->open) {
		w->prescaler = value & 7;
	} else if (off == RLR && w->open) {
		w->reload = value & 0xfff;
	}
}

uint64_t iwdg_next_event(const struct iwdg *w)
{
	return w->running && !w->frozen ? w->end_ns : UINT64_MAX;
}
