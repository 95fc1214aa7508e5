/*
 * The window watchdog: seven bits that count the bus clock down and reset the chip when they fall
 * below 0x40, or when somebody reloads them too early. A reset alone stops it; a debugger can
 * freeze it while the core is halted (RM0008 20, RM0444 30).
 */
#ifndef SWDOCTOR_SIM_WWDG_H
#define SWDOCTOR_SIM_WWDG_H

#include <stdbool.h>
#include <stdint.h>

struct wwdg {
	bool wide; /* its prescaler has three bits, from bit 11 */
	bool frozen;
	bool too_early; /* reloaded outside of its window: it resets at once */
	uint32_t cr, cfr;
	uint32_t hz;
	uint64_t from_ns; /* when cr was true */
};

void wwdg_reset(struct wwdg *w, bool wide, uint64_t now_ns);
void wwdg_start(struct wwdg *w, uint64_t now_ns); /* as its option does */
/* The bus clock; what was counted so far counts at the old one. */
void wwdg_set_clock(struct wwdg *w, uint32_t hz, uint64_t now_ns);
void wwdg_freeze(struct wwdg *w, bool frozen, uint64_t now_ns);
uint32_t wwdg_read(const struct wwdg *w, uint32_t off, uint64_t now_ns);
void wwdg_write(struct wwdg *w, uint32_t off, uint32_t value, uint64_t now_ns);
uint64_t wwdg_next_event(const struct wwdg *w); /* when it resets; UINT64_MAX if it does not */

#endif
