/*
 * The core of a Cortex-M (Arm DDI 0403 and DDI 0419) through a target: state, halting, running,
 * resets, vector catch, why it was reset. Each wait has a limit of its own besides the target's
 * deadline.
 *
 * Reading DHCSR clears two of its bits (was reset, has executed): cortexm_read_state is the only
 * reader here and hands them on.
 */
#ifndef SWDOCTOR_CORTEXM_H
#define SWDOCTOR_CORTEXM_H

#include "probe/target.h"

struct cortexm_state {
	uint32_t dhcsr;
	bool debug_enabled;
	bool halted;
	bool halt_asked; /* with halted false: asked, and not reached */
	bool sleeping;
	bool locked_up;
	bool was_reset; /* since the last look */
	bool executed;	/* since the last look */
};

int cortexm_read_state(struct target *t, struct cortexm_state *ret, struct err *e);

int cortexm_read_cpuid(struct target *t, uint32_t *ret, struct err *e);
/* "Cortex-M4"; NULL for a part that nobody has named. */
const char *cortexm_part_name(uint32_t cpuid);
bool cortexm_is_v6m(uint32_t cpuid); /* M0, M0+, M1 */

/* Stop it; ERR_PROTOCOL if it does not stop within half a second (native: DHCSR). */
int cortexm_halt(struct target *t, struct err *e);
/* Let it run; interrupts masked or not. What stopped it before is cleared. */
int cortexm_run(struct target *t, bool mask_interrupts, struct err *e);
/* Wait until it stops by itself. ERR_TIMEOUT if it does not within ms. */
int cortexm_wait_halted(struct target *t, unsigned ms, struct err *e);
int cortexm_step(struct target *t, struct err *e);
/* Turn debugging on without stopping it; a core that is debugged already is left alone. */
int cortexm_enable_debug(struct target *t, struct err *e);
/* Hand the core back: run, with debugging off. */
int cortexm_release(struct target *t, struct err *e);

/* DEMCR bits of vector catch. */
#define CORTEXM_CATCH_RESET  (1U << 0)
#define CORTEXM_CATCH_FAULTS 0x7f0U /* all of v7-M; those that a core lacks read as 0 */
#define CORTEXM_TRACE_ON     (1U << 24)
int cortexm_set_catch(struct target *t, uint32_t catch, struct err *e);

enum cortexm_reset {
	CORTEXM_RESET_SYSTEM,	/* AIRCR.SYSRESETREQ: core and peripherals */
	CORTEXM_RESET_CORE,	/* AIRCR.VECTRESET: the core alone; v7-M only */
	CORTEXM_RESET_HARDWARE, /* NRST pulled low for 20 ms */
};

/*
 * Reset, and halt at the first instruction or run. *ret_seen (may be NULL): whether DHCSR says that
 * a reset happened; without it a hardware reset did not reach the core. ERR_PROTOCOL if the core
 * was to halt and did not (native: DHCSR), ERR_UNSUPPORTED for what this core cannot.
 */
int cortexm_reset(struct target *t, enum cortexm_reset how, bool halt, bool *ret_seen,
		  struct err *e);

/*
 * Open the session and take the core as wanted:
 *   NORMAL       debugging is enabled, the core goes on doing what it did
 *   UNDER_RESET  the core stops at its first instruction, NRST is released
 *   HOT_PLUG     nothing of the core is touched
 */
int cortexm_attach(struct target *t, enum target_connect how, struct err *e);

/* Why a core stopped, and which fault it met. */
struct cortexm_faults {
	uint32_t dfsr;	     /* why it stopped: see coresight_regs.def */
	bool has_fault_regs; /* v6-M has none */
	uint32_t cfsr, hfsr;
};

int cortexm_read_faults(struct target *t, struct cortexm_faults *ret, struct err *e);

/* ---- why the chip was reset: RCC's flags, at another place in each family ---- */

enum cortexm_cause {
	CORTEXM_CAUSE_PIN = 1 << 0, /* set by every reset, as each pulls the pin */
	CORTEXM_CAUSE_POWER = 1 << 1,
	CORTEXM_CAUSE_SOFTWARE = 1 << 2,
	CORTEXM_CAUSE_IWDG = 1 << 3,
	CORTEXM_CAUSE_WWDG = 1 << 4,
	CORTEXM_CAUSE_LOW_POWER = 1 << 5,
	CORTEXM_CAUSE_OPTIONS = 1 << 6, /* option bytes were loaded; brown-out on F2, F4, F7 */
};

struct cortexm_cause_reg {
	const char *family; /* "F4" */
	uint32_t address;
	/* Bits; -1: this family has none. */
	int8_t clear, options, pin, power, software, iwdg, wwdg, low_power;
};

extern const struct cortexm_cause_reg cortexm_cause_regs[];
extern const size_t cortexm_cause_regs_len;

const struct cortexm_cause_reg *cortexm_cause_find(const char *family); /* NULL: not known */
uint32_t cortexm_causes_of(const struct cortexm_cause_reg *reg, uint32_t value);
int cortexm_read_causes(struct target *t, const struct cortexm_cause_reg *reg, uint32_t *ret_causes,
			struct err *e);
/* Clears what the program on the chip may want to know: only with consent. */
int cortexm_clear_causes(struct target *t, const struct cortexm_cause_reg *reg, struct err *e);

#endif
