/* Shared by the analyzer/check/exam*.c files only: what the steps know of each other. */
#ifndef SWDOCTOR_EXAM_INTERNAL_H
#define SWDOCTOR_EXAM_INTERNAL_H

#include "analyzer/check/exam.h"
#include "analyzer/usb/decode.h"
#include "flash/chip.h"
#include "probe/cortexm.h"
#include "probe/dap.h"
#include "probe/target_stlink.h"

/* What has been reached. */
enum exam_reached {
	EXAM_HAS_PROBE = 1 << 0,
	EXAM_HAS_LINK = 1 << 1,
	EXAM_HAS_CORE = 1 << 2,
	EXAM_HAS_CHIP = 1 << 3,
};

#define EXAM_VOLTAGES_MAX 128

struct exam {
	const struct exam_options *o;
	struct exam_options options; /* what o points to: consent may be given on the way */
	bool asked;		     /* for consent */
	struct events *ev;
	struct decode *decode;
	uint64_t count; /* transactions seen */
	/* Lent, while it runs. */
	struct stlink *s;
	struct target *t;
	struct target_stlink *ts; /* the same */
	enum stlink_link link;

	unsigned reached;
	bool ran[EXAM_STEPS];
	/* USB: how often the probe was opened again, and whether that failed. */
	unsigned recoveries;
	bool dead;
	/* The link. */
	uint32_t first_khz;	/* that is tried first */
	uint32_t khz;		/* at which it stands */
	bool broke;		/* a session that stood was lost */
	bool unreached;		/* no session without reset, or it broke: reset is allowed */
	bool under_reset;	/* the session was opened with NRST low, and the core is halted */
	bool halted;		/* a step has stopped the core and not yet let it go */
	bool marked;		/* a step has put a mark into SCR and not yet taken it away */
	uint32_t scr;		/* what the program had there */
	bool held;		/* the core stays in reset by itself */
	unsigned attached;	/* how often a session was opened */
	unsigned contacts;	/* how often it was waited for to come back */
	unsigned waits;		/* words in a row that it was asked to wait for in vain */
	unsigned signal_errors; /* bits that went wrong, as far as single words show it */
	/* What it is. */
	uint8_t ap; /* through which the core is reached */
	bool v6m;
	uint32_t dpidr, cpuid;
	struct chips chips;	 /* the table */
	const struct chip *chip; /* NULL: not known */
	uint32_t flash_kib;	 /* as its size word says; 0: not known */
	const struct chip *kin;	 /* one of its family, itself if it is known; NULL: not known */
	bool has_debug_settings;
	uint32_t debug_settings; /* DBGMCU_CR as it was found */
	bool no_reset_pin;	 /* the option bytes have made an ordinary pin of it */
	bool locked_up;
	/* Measured. */
	int voltage[EXAM_VOLTAGES_MAX];
	size_t n_voltages;
	struct exam_margin margin[EXAM_MARGINS_MAX];
	size_t n_margins;
};

typedef int exam_step(struct exam *x, struct err *e);

/* The steps. 0, or an error that says that the step could not be finished. */
exam_step exam_probe, exam_power, exam_power_end, exam_power_halted, exam_attach, exam_under_reset,
	exam_debug_port, exam_access_port, exam_chip, exam_board, exam_core, exam_core_end,
	exam_memory, exam_protection, exam_reads, exam_reads_long, exam_watch_long,
	exam_supply_long, exam_usb_long, exam_load, exam_reset_line, exam_firmware, exam_sweep;

/* The steps that are taken for what they would tell, the best of those that are open first; false:
 * nothing would move the ranking any more. */
bool exam_next(const struct exam *x, bool (*is_open)(const struct exam *x, enum exam_step_id step),
	       enum exam_step_id *ret);
/* As far as it went, all went well. */
bool exam_has_passed(const struct exam *x);

/* ---- telling ---- */

/* An event with its values in the order of its fields; text says it to people. */
struct exam_value {
	bool has;
	int64_t num;
	const char *text;
};
#define EXAM_NUM(n)   ((struct exam_value){ .has = true, .num = (n) })
#define EXAM_TEXT(s)  ((struct exam_value){ .has = true, .text = (s) })
#define EXAM_NO_VALUE ((struct exam_value){ 0 })

void exam_tell(struct exam *x, enum event_kind kind, const struct exam_value v[EVENT_FIELDS_MAX],
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Into the trace: what was told before there was one. */
void exam_write_down_begin(const struct exam *x);
#define exam_say(x, kind, values, ...)                                                             \
	exam_tell(x, kind, (const struct exam_value[EVENT_FIELDS_MAX])values, __VA_ARGS__)
#define EXAM_VALUES(...)                                                                           \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

/* ---- shared by steps ---- */

/* A status word that bits gone wrong on the wires bring about. */
bool exam_is_signal(int status);
/* One by which the target says no in good order. */
bool exam_is_refused(int status);
/* The probe or the cable failed, not the target. */
bool exam_is_usb(int rc);
/* The run itself is over. */
bool exam_is_over(int rc);
/* The target is out of reach: nothing more can be asked of it before a new session. */
void exam_lose_link(struct exam *x);
/* Bring the probe back after a failed transfer; false: it is gone, or the run is over. */
bool exam_recover(struct exam *x);
/* A session again, as the one that a failed transfer has cost. */
void exam_attach_again(struct exam *x);
/* Read VTref and keep it. */
int exam_sample_voltage(struct exam *x, struct err *e);
/* Open a session once. */
int exam_enter(struct exam *x, enum target_connect how, uint32_t khz, struct err *e);
/* One word; a status word of the target is *ret_status, and no error. 0: it was read. */
int exam_word(struct exam *x, uint32_t address, uint32_t *ret, unsigned *ret_status, struct err *e);
/* After a wrong bit: the session stands again, or is lost for good. */
int exam_write_word(struct exam *x, uint32_t address, uint32_t value, struct err *e);
int exam_mend(struct exam *x, struct err *e);
/* DBGMCU_CR again: what has become of it. */
int exam_debug_settings_end(struct exam *x, struct err *e);
/* Do answers belong to their questions? So many pairs of questions are asked. */
int exam_look_for_stale(struct exam *x, unsigned pairs, struct err *e);
/* Watch the link come back. */
int exam_look_for_contact(struct exam *x, struct err *e);
/* Before a step does it, as it may be cut short: EVENT_EXAM_CHANGED, once for each `what`. */
void exam_tell_change(struct exam *x, const char *what, const char *says);
/* Stop the core for a step, and let it go again; what is not let go here goes when all is over. */
int exam_halt(struct exam *x, struct err *e);
int exam_let_go(struct exam *x, struct err *e);
/* An unused bit for most programs, which a reset clears. */
#define EXAM_SCR      0xe000ed10U
#define EXAM_SCR_MARK (1U << 4) /* SEVONPEND */
/* The mark in SCR, if it is still there, goes. */
int exam_unmark(struct exam *x, struct err *e);
/* At the end of all, whatever happened: the target as it was found, the probe left. */
void exam_leave(struct exam *x);
int exam_sleep_ms(struct exam *x, unsigned ms, struct err *e);

#endif
