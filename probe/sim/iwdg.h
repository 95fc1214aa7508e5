/*
 * The independent watchdog: counts the internal slow clock down and resets the chip. It cannot be
 * stopped once started; a debugger can freeze it while the core is halted (DBGMCU), and that is
 * all it can do (RM0008 19, RM0090 21).
 */
#ifndef SWDOCTOR_SIM_IWDG_H
#define SWDOCTOR_SIM_IWDG_H

#include <stdbool.h>
#include <stdint.h>

struct iwdg {
	uint32_t hz; /* of the slow clock */
	bool running, open, frozen;
	uint32_t prescaler, reload;
	uint64_t left_ns; /* while frozen */
	uint64_t end_ns;  /* while counting */
};

void iwdg_reset(struct iwdg *w, uint32_t hz);
void iwdg_start(struct iwdg *w, uint64_t now_ns); /* as the hardware watchdog option does */
void iwdg_freeze(struct iwdg *w, bool frozen, uint64_t now_ns);
uint32_t iwdg_read(const struct iwdg *w, uint32_t off);
void iwdg_write(struct iwdg *w, uint32_t off, uint32_t value, uint64_t now_ns);
uint64_t iwdg_next_event(const struct iwdg *w); /* when it resets; UINT64_MAX if it does not */

#endif
