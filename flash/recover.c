/* The table of recoveries: see recover.h. */
#include "flash/recover.h"

#include <string.h>

#define ROW(name, function, says, cost_ms, harm, tries)                                            \
	{                                                                                          \
		name, says, cost_ms, RECOVERY_##harm, tries, recover_fits_##function,              \
			recover_##function                                                         \
	}

const struct recovery recoveries[] = {
	ROW("ask-again", ask_again, "the step is simply repeated", 20, HARMLESS, 6),
	ROW("clear-errors", clear_errors, "the debug port's error flags are cleared", 21, HARMLESS,
	    2),
	ROW("attach-again", attach_again, "the line is reset and the session opened anew", 50,
	    HARMLESS, 4),
	ROW("lower-speed", lower_speed, "the speed of the link is halved", 60, HARMLESS, 5),
	ROW("smaller-blocks", smaller_blocks, "memory is moved in smaller blocks", 150, HARMLESS,
	    3),
	ROW("leave-mode", leave_mode, "the probe is led out of the mode it is in", 150, HARMLESS,
	    2),
	ROW("reset-usb", reset_usb, "the probe is reset on USB and opened again", 120, HARMLESS, 4),
	ROW("reload-loader", reload_loader, "the loader is brought into RAM again", 40, RESETS, 3),
	ROW("without-loader", without_loader, "the flash is programmed through the debug port",
	    3000, HARMLESS, 1),
	ROW("reset-by-line", reset_by_line, "the chip is reset by the reset line from now on", 80,
	    RESETS, 1),
	ROW("reset-by-core", reset_by_core, "the chip is reset by the core's request from now on",
	    60, RESETS, 1),
	ROW("reset-core-alone", reset_core_alone, "the core alone is reset from now on", 60, RESETS,
	    1),
	ROW("connect-under-reset", under_reset, "the target is attached to while it is in reset",
	    100, RESETS, 2),
	ROW("wake", wake, "the core is caught between two sleeps", 1000, HARMLESS, 2),
	ROW("freeze-watchdogs", freeze_watchdogs,
	    "the watchdogs are stopped, and the independent one is fed", 60, HARMLESS, 2),
	ROW("wait-for-voltage", wait_for_voltage, "a stable supply is waited for", 400, HARMLESS,
	    3),
	ROW("narrower-writes", narrower, "fewer bits are programmed at once", 1000, WEARS, 2),
	ROW("erase-again", erase_again, "the block is erased once more", 500, WEARS, 2),
	ROW("mass-erase", mass_erase, "the whole flash is erased", 8000, DESTROYS, 1),
	ROW("open-protection", open_protection,
	    "the read protection is taken off, which erases the whole flash", 10000, DESTROYS, 1),
	ROW("wait-for-replug", wait_for_replug, "the probe is waited for until it is plugged in",
	    5000, ASKS, 2),
	ROW("power-cycle-port", power_cycle, "the power of the probe's port is switched off and on",
	    4000, RESETS, 1),
	ROW("hold-reset-button", hold_reset, "somebody holds the reset button", 8000, ASKS, 2),
};
const size_t recoveries_len = sizeof(recoveries) / sizeof(recoveries[0]);

const char *recovery_harm_name(enum recovery_harm h)
{
	static const char *const names[] = { "none", "resets", "wears", "asks", "destroys" };

	return names[h];
}

const struct recovery *recovery_find(const char *name)
{
	for (size_t i = 0; i < recoveries_len; i++)
		if (!strcmp(recoveries[i].name, name))
			return &recoveries[i];
	return NULL;
}

bool recovery_fits(const struct recovery *r, const struct flash_session *s)
{
	return r->fits(s);
}
