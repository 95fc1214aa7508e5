/* Behind the debug port: access ports, the core, what it does, and its memory. */
#include "analyzer/check/exam_internal.h"

#include <string.h>

#include "probe/coresight_regs.h"

/* ---- access ports and the core's id ---- */

static bool makes_sense(uint32_t cpuid)
{
	return cpuid && cpuid != 0xffffffff && cortexm_part_name(cpuid);
}

int exam_access_port(struct exam *x, struct err *e)
{
	struct dap_ap aps[DAP_APS_MAX];
	struct err now = { 0 };
	unsigned status;
	size_t n = 0;
	int rc = 0;

	if (stlink_can(x->s, STLINK_GATE_AP_INIT))
		rc = stlink_ap_open(x->s, 0, &now);
	if (!rc && stlink_can(x->s, STLINK_GATE_DAP_REG))
		rc = dap_scan(x->s, aps, &n, &now);
	if (rc && rc != ERR_STATUS) {
		if (e)
			*e = now;
		return rc;
	}
	rc = exam_word(x, CORESIGHT_CPUID, &x->cpuid, &status, e);
	for (size_t i = 0; !rc && i < n && !makes_sense(x->cpuid) && x->reached & EXAM_HAS_LINK;
	     i++) {
		if (!aps[i].is_mem || !aps[i].number)
			continue;
		x->ap = x->ts->ap = aps[i].number;
		rc = exam_word(x, CORESIGHT_CPUID, &x->cpuid, &status, e);
	}
	if (rc || status || !makes_sense(x->cpuid))
		return rc;
	x->v6m = cortexm_is_v6m(x->cpuid);
	x->reached |= EXAM_HAS_CORE;
	return 0;
}

/* ---- what the core does ---- */

#define LOOKS	   10
#define LOOK_PARTS 5 /* of the time between two looks; the supply is read after each */
#define PART_MS	   26
#define HELD_MIN   4

struct watched {
	unsigned looks, asleep, resets, locked;
	unsigned held; /* in reset since so many looks, and nothing executed */
};

static int look(struct exam *x, struct watched *w, struct err *e)
{
	unsigned status;
	uint32_t dhcsr;
	int rc = exam_word(x, CORESIGHT_DHCSR, &dhcsr, &status, e);

	if (rc || status)
		return rc;
	/* The first look shows what was before. */
	if (!w->looks++)
		return 0;
	w->asleep += !!(dhcsr & DHCSR_S_SLEEP);
	w->resets += !!(dhcsr & DHCSR_S_RESET_ST);
	w->held = dhcsr & DHCSR_S_RESET_ST && !(dhcsr & DHCSR_S_RETIRE_ST) ? w->held + 1 : 0;
	w->locked += !!(dhcsr & DHCSR_S_LOCKUP);
	return 0;
}

/* A dip of the supply is seen only by who looks often. */
static int pause_and_sample(struct exam *x, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < LOOK_PARTS; i++) {
		rc = exam_sleep_ms(x, PART_MS, e);
		if (!rc)
			rc = exam_sample_voltage(x, e);
		if (rc == ERR_UNSUPPORTED || rc == ERR_PROTOCOL)
			rc = 0;
	}
	return rc;
}

static void tell_held(struct exam *x, const struct watched *w)
{
	x->held = w->held >= HELD_MIN;
	if (x->held)
		exam_say(x, EVENT_NRST_STATE, EXAM_VALUES(EXAM_TEXT("held-low"), EXAM_NO_VALUE),
			 "the core stays in reset, and executes nothing");
}

static void tell_watched(struct exam *x, const struct watched *w)
{
	unsigned n = w->looks ? w->looks - 1 : 0;

	exam_say(x, EVENT_CORE_WATCHED,
		 EXAM_VALUES(EXAM_NUM(n), EXAM_NUM(w->asleep), EXAM_NUM(w->resets),
			     EXAM_NUM(w->locked)),
		 "looked at %u times: %u asleep, %u after a reset, %u locked up", n, w->asleep,
		 w->resets, w->locked);
	x->locked_up = n && w->locked == n;
	tell_held(x, w);
}

static int read_faults(struct exam *x, struct err *e)
{
	uint32_t cfsr = 0, hfsr = 0, icsr = 0;
	unsigned status = 0;
	int rc = 0;

	if (!x->v6m)
		rc = exam_word(x, CORESIGHT_CFSR, &cfsr, &status, e);
	if (!rc && !status && !x->v6m)
		rc = exam_word(x, CORESIGHT_HFSR, &hfsr, &status, e);
	if (!rc && !status)
		rc = exam_word(x, 0xe000ed04, &icsr, &status, e);
	if (rc || status)
		return rc;
	exam_say(x, EVENT_CORE_FAULTS,
		 EXAM_VALUES(EXAM_NUM(cfsr), EXAM_NUM(hfsr), EXAM_NUM(icsr & 0x1ff)),
		 "CFSR 0x%08x, HFSR 0x%08x, exception %u", cfsr, hfsr, icsr & 0x1ff);
	/* 3 is HardFault; 4 to 6 are the faults that it escalates from. */
	if ((icsr & 0x1ff) >= 3 && (icsr & 0x1ff) <= 6)
		exam_say(x, EVENT_CORE_FAULT, EXAM_VALUES(EXAM_NO_VALUE),
			 "the core is in the handler of exception %u (CFSR 0x%08x)", icsr & 0x1ff,
			 cfsr);
	return 0;
}

/* Reads as zero on cores that have none. */
static int read_mpu(struct exam *x, struct err *e)
{
	unsigned status;
	uint32_t control;
	int rc = exam_word(x, CORESIGHT_MPU_CTRL, &control, &status, e);

	if (!rc && !status)
		exam_say(x, EVENT_CORE_MPU,
			 EXAM_VALUES(EXAM_TEXT(control & MPU_CTRL_ENABLE ? "on" : "off"),
				     EXAM_NUM(control)),
			 "the memory protection unit is %s (MPU_CTRL 0x%08x)",
			 control & MPU_CTRL_ENABLE ? "on" : "off", control);
	return rc;
}

static void tell_cause(struct exam *x, uint32_t causes, enum cortexm_cause bit, const char *name)
{
	if (causes & bit)
		exam_say(x, EVENT_RESET_CAUSE, EXAM_VALUES(EXAM_TEXT(name)),
			 "the chip remembers a reset by %s", name);
}

static int read_causes(struct exam *x, struct err *e)
{
	const struct cortexm_cause_reg *reg = x->kin ? cortexm_cause_find(x->kin->family) : NULL;
	uint32_t word, causes;
	unsigned status;
	int rc;

	if (!reg)
		return 0;
	rc = exam_word(x, reg->address, &word, &status, e);
	if (rc || status)
		return rc;
	causes = cortexm_causes_of(reg, word);
	tell_cause(x, causes, CORTEXM_CAUSE_POWER, "power");
	tell_cause(x, causes, CORTEXM_CAUSE_SOFTWARE, "software");
	tell_cause(x, causes, CORTEXM_CAUSE_IWDG, "iwdg");
	tell_cause(x, causes, CORTEXM_CAUSE_WWDG, "wwdg");
	tell_cause(x, causes, CORTEXM_CAUSE_LOW_POWER, "low-power");
	return 0;
}

int exam_core(struct exam *x, struct err *e)
{
	struct watched w = { 0 };
	int rc = 0;

	/* A core that the examination itself has stopped tells nothing by being watched. */
	if (x->under_reset)
		return 0;
	for (unsigned i = 0; !rc && i < LOOKS && x->reached & EXAM_HAS_LINK; i++) {
		rc = look(x, &w, e);
		if (!rc && i + 1 < LOOKS)
			rc = pause_and_sample(x, e);
	}
	if (rc)
		return rc;
	tell_watched(x, &w);
	rc = x->reached & EXAM_HAS_LINK ? read_faults(x, e) : 0;
	if (!rc && x->reached & EXAM_HAS_LINK)
		rc = read_mpu(x, e);
	return rc || !(x->reached & EXAM_HAS_LINK) ? rc : read_causes(x, e);
}

/* What came over the core since it was watched: a reset line that went low meanwhile. */
#define LAST_LOOKS (HELD_MIN + 1)
#define LAST_MS	   10

int exam_core_end(struct exam *x, struct err *e)
{
	struct watched w = { 0 };
	int rc = 0;

	/* What has become of the debug clocks can be seen in any state of the core. */
	if (x->under_reset || x->held)
		return exam_debug_settings_end(x, e);
	for (unsigned i = 0; !rc && i < LAST_LOOKS && x->reached & EXAM_HAS_LINK; i++) {
		rc = look(x, &w, e);
		if (!rc && !w.held && w.looks > 1)
			break;
		if (!rc)
			rc = exam_sleep_ms(x, LAST_MS, e);
	}
	if (rc)
		return rc;
	if (w.looks)
		tell_held(x, &w);
	return exam_debug_settings_end(x, e);
}

/* ---- memory ---- */

static int try_area(struct exam *x, const char *area, uint32_t at, uint32_t *ret, bool *ret_read,
		    struct err *e)
{
	unsigned status;
	int rc = exam_word(x, at, ret, &status, e);

	*ret_read = !rc && !status;
	if (rc)
		return rc;
	exam_say(x, EVENT_MEM_TRIED,
		 EXAM_VALUES(EXAM_TEXT(area), EXAM_TEXT(status ? "refused" : "read"), EXAM_NUM(at)),
		 "%s at 0x%08x %s", area, at, status ? "refuses to be read" : "can be read");
	return 0;
}

static const char *judge_vectors(const struct exam *x, uint32_t sp, uint32_t pc)
{
	uint32_t from = x->chip ? x->chip->base : 0x08000000;
	uint32_t kib = x->chip ? x->chip->max_bytes / 1024 : 4096;

	if (sp == 0xffffffff && pc == 0xffffffff)
		return "blank";
	if (!sp && !pc)
		return "zero";
	if (!(pc & 1) || (sp & 3) || sp < 0x10000000 || sp > 0x40000000)
		return "insane";
	if (pc - from >= kib * 1024 && (pc < 0x1fff0000 || pc > 0x20100000) && pc > 0x00400000)
		return "elsewhere";
	return "sane";
}

static int read_vectors(struct exam *x, uint32_t sp, uint32_t at, struct err *e)
{
	unsigned status;
	uint32_t pc;
	int rc = exam_word(x, at + 4, &pc, &status, e);

	if (!rc && !status)
		exam_say(x, EVENT_CORE_VECTORS,
			 EXAM_VALUES(EXAM_TEXT(judge_vectors(x, sp, pc)), EXAM_NUM(sp),
				     EXAM_NUM(pc)),
			 "the vector table is %s: stack 0x%08x, start 0x%08x",
			 judge_vectors(x, sp, pc), sp, pc);
	return rc;
}

int exam_memory(struct exam *x, struct err *e)
{
	uint32_t flash = x->chip ? x->chip->base : 0x08000000;
	uint32_t ram = x->chip ? x->chip->ram.base : 0x20000000, word, sp;
	bool read, flash_read;
	int rc = try_area(x, "RAM", ram, &word, &read, e);

	if (!rc && x->reached & EXAM_HAS_LINK)
		rc = try_area(x, "flash", flash, &sp, &flash_read, e);
	if (rc || !(x->reached & EXAM_HAS_LINK))
		return rc;
	return flash_read ? read_vectors(x, sp, flash, e) : 0;
}
