/* The window watchdog. */
#include "probe/sim/wwdg.h"

#include "probe/sim/bus.h"

enum { CR = 0x00, CFR = 0x04, SR = 0x08 };

#define COUNTER	  0x7fu
#define LAST	  0x40u /* below it the chip is reset */
#define WDGA	  0x80u
#define DIVIDER	  4096u
#define SR_EWIF	  0x1u
#define CFR_RESET 0x7fu

void wwdg_reset(struct wwdg *w, bool wide, uint64_t now_ns)
{
	*w = (struct wwdg){
		.wide = wide, .cr = COUNTER, .cfr = CFR_RESET, .hz = w->hz, .from_ns = now_ns
	};
}

static uint64_t tick_ns(const struct wwdg *w)
{
	unsigned shift = w->wide ? w->cfr >> 11 & 7 : w->cfr >> 7 & 3;

	return (DIVIDER * NS_PER_S << shift) / w->hz;
}

static bool counts(const struct wwdg *w)
{
	return w->cr & WDGA && !w->frozen && w->hz;
}

static uint32_t counter(const struct wwdg *w, uint64_t now_ns)
{
	uint32_t from = w->cr & COUNTER;
	uint64_t ticks = counts(w) && now_ns > w->from_ns ? (now_ns - w->from_ns) / tick_ns(w) : 0;

	return ticks > from ? 0 : from - (uint32_t)ticks;
}

static void settle(struct wwdg *w, uint64_t now_ns)
{
	w->cr = (w->cr & WDGA) | counter(w, now_ns);
	w->from_ns = now_ns;
}

void wwdg_start(struct wwdg *w, uint64_t now_ns)
{
	settle(w, now_ns);
	w->cr |= WDGA;
}

void wwdg_set_clock(struct wwdg *w, uint32_t hz, uint64_t now_ns)
{
	if (hz == w->hz)
		return;
	settle(w, now_ns);
	w->hz = hz;
}

void wwdg_freeze(struct wwdg *w, bool frozen, uint64_t now_ns)
{
	if (frozen == w->frozen)
		return;
	settle(w, now_ns);
	w->frozen = frozen;
}

uint32_t wwdg_read(const struct wwdg *w, uint32_t off, uint64_t now_ns)
{
	if (off == CR)
		return (w->cr & WDGA) | counter(w, now_ns);
	if (off == SR)
		return w->cr & WDGA && counter(w, now_ns) <= LAST ? SR_EWIF : 0;
	return off == CFR ? w->cfr : 0;
}

void wwdg_write(struct wwdg *w, uint32_t off, uint32_t value, uint64_t now_ns)
{
	settle(w, now_ns);
	if (off == CR) {
		if (w->cr & WDGA && (w->cr & COUNTER) > (w->cfr & COUNTER))
			w->too_early = true;
		w->cr = (w->cr & WDGA) | (value & (WDGA | COUNTER));
	} else if (off == CFR) {
		w->cfr = value;
	}
}

uint64_t wwdg_next_event(const struct wwdg *w)
{
	uint32_t left = w->cr & COUNTER;

	if (w->too_early)
		return w->from_ns;
	if (!counts(w))
		return UINT64_MAX;
	return w->from_ns + (left < LAST ? 0 : left - LAST + 1) * tick_ns(w);
}
