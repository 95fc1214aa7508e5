/* State of the core, halting and running: see cortexm.h. */
#include "probe/cortexm.h"

#include "probe/coresight_regs.h"

#define HALT_MS	    500
#define POLL_US	    500
#define POLL_MAX_US 10000
#define DFSR_ALL    0x1fU

int cortexm_read_state(struct target *t, struct cortexm_state *ret, struct err *e)
{
	uint32_t v;
	int rc = target_read32(t, CORESIGHT_DHCSR, &v, e);

	if (rc)
		return err_prefix(e, rc, "reading the core's state");
	*ret = (struct cortexm_state){
		.dhcsr = v,
		.debug_enabled = v & DHCSR_C_DEBUGEN,
		.halted = v & DHCSR_S_HALT,
		.halt_asked = v & DHCSR_C_HALT,
		.sleeping = v & DHCSR_S_SLEEP,
		.locked_up = v & DHCSR_S_LOCKUP,
		.was_reset = v & DHCSR_S_RESET_ST,
		.executed = v & DHCSR_S_RETIRE_ST,
	};
	return 0;
}

int cortexm_read_cpuid(struct target *t, uint32_t *ret, struct err *e)
{
	int rc = target_read32(t, CORESIGHT_CPUID, ret, e);

	return rc ? err_prefix(e, rc, "reading CPUID") : 0;
}

static const struct {
	uint16_t part;
	const char *name;
} parts[] = {
	{ 0xc20, "Cortex-M0" },	 { 0xc60, "Cortex-M0+" }, { 0xc21, "Cortex-M1" },
	{ 0xc23, "Cortex-M3" },	 { 0xc24, "Cortex-M4" },  { 0xc27, "Cortex-M7" },
	{ 0xd20, "Cortex-M23" }, { 0xd21, "Cortex-M33" }, { 0xd31, "Cortex-M35P" },
	{ 0xd22, "Cortex-M55" }, { 0xd23, "Cortex-M85" }, { 0x132, "STAR-MC1" },
};

const char *cortexm_part_name(uint32_t cpuid)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].part == (cpuid >> 4 & 0xfff))
			return parts[i].name;
	}
	return NULL;
}

bool cortexm_is_v6m(uint32_t cpuid)
{
	return (cpuid >> 16 & 0xf) == 0xc;
}

static int write_dhcsr(struct target *t, uint32_t bits, struct err *e)
{
	return target_write32(t, CORESIGHT_DHCSR, DHCSR_KEY | DHCSR_C_DEBUGEN | bits, e);
}

/* Poll until the core is halted; pauses grow. *ret: the last state seen. */
static int wait_halted(struct target *t, unsigned ms, struct cortexm_state *ret, struct err *e)
{
	uint64_t pause = POLL_US;
	struct deadline limit;
	int rc;

	deadline_init(&limit, t->clock, t->deadline, "waiting for the core to halt", ms);
	for (;;) {
		rc = cortexm_read_state(t, ret, e);
		if (rc || ret->halted)
			return rc;
		rc = deadline_sleep_us(&limit, pause, e);
		if (rc)
			return rc;
		pause = pause * 2 < POLL_MAX_US ? pause * 2 : POLL_MAX_US;
	}
}

static int did_not_halt(const struct cortexm_state *st, struct err *e)
{
	return err_set_native(e, ERR_PROTOCOL, (int)st->dhcsr,
			      "the core does not halt (DHCSR 0x%08x%s)", st->dhcsr,
			      st->was_reset  ? ", it is being reset"
			      : st->sleeping ? ", it sleeps"
					     : "");
}

int cortexm_halt(struct target *t, struct err *e)
{
	struct cortexm_state st = { 0 };
	int rc = write_dhcsr(t, DHCSR_C_HALT, e);

	if (rc)
		return err_prefix(e, rc, "halting the core");
	rc = wait_halted(t, HALT_MS, &st, e);
	if (rc == ERR_DEADLINE && !deadline_check(t->deadline, NULL))
		return did_not_halt(&st, e);
	return rc;
}

int cortexm_wait_halted(struct target *t, unsigned ms, struct err *e)
{
	struct cortexm_state st = { 0 };
	int rc = wait_halted(t, ms, &st, e);

	if (rc == ERR_DEADLINE && !deadline_check(t->deadline, NULL))
		return err_set_native(e, ERR_TIMEOUT, (int)st.dhcsr,
				      "the core did not stop within %u ms (DHCSR 0x%08x)", ms,
				      st.dhcsr);
	return rc;
}

/* C_MASKINTS may only change while C_HALT stays set, so it is set one write earlier. */
int cortexm_run(struct target *t, bool mask_interrupts, struct err *e)
{
	uint32_t mask = mask_interrupts ? DHCSR_C_MASKINTS : 0;
	struct target_word words[] = {
		{ true, CORESIGHT_DFSR, DFSR_ALL },
		{ true, CORESIGHT_DHCSR, DHCSR_KEY | DHCSR_C_DEBUGEN | DHCSR_C_HALT | mask },
		{ true, CORESIGHT_DHCSR, DHCSR_KEY | DHCSR_C_DEBUGEN | mask },
	};
	size_t done;
	int rc = target_words(t, words, 3, &done, e);

	return rc ? err_prefix(e, rc, "starting the core") : 0;
}

int cortexm_step(struct target *t, struct err *e)
{
	struct target_word words[] = {
		{ true, CORESIGHT_DFSR, DFSR_ALL },
		{ true, CORESIGHT_DHCSR,
		  DHCSR_KEY | DHCSR_C_DEBUGEN | DHCSR_C_HALT | DHCSR_C_MASKINTS },
		{ true, CORESIGHT_DHCSR,
		  DHCSR_KEY | DHCSR_C_DEBUGEN | DHCSR_C_STEP | DHCSR_C_MASKINTS },
	};
	size_t done;
	int rc = target_words(t, words, 3, &done, e);

	if (rc)
		return err_prefix(e, rc, "stepping the core");
	return cortexm_halt(t, e);
}

int cortexm_enable_debug(struct target *t, struct err *e)
{
	struct cortexm_state st;
	int rc = cortexm_read_state(t, &st, e);

	if (rc || st.debug_enabled)
		return rc;
	rc = write_dhcsr(t, 0, e);
	return rc ? err_prefix(e, rc, "enabling debugging") : 0;
}

int cortexm_release(struct target *t, struct err *e)
{
	int rc = cortexm_set_catch(t, 0, e);

	if (!rc)
		rc = cortexm_run(t, false, e);
	if (!rc)
		rc = target_write32(t, CORESIGHT_DHCSR, DHCSR_KEY, e);
	return rc ? err_prefix(e, rc, "letting the core go") : 0;
}

int cortexm_set_catch(struct target *t, uint32_t catch, struct err *e)
{
	int rc = target_write32(t, CORESIGHT_DEMCR, catch, e);

	return rc ? err_prefix(e, rc, "setting vector catch") : 0;
}

int cortexm_read_faults(struct target *t, struct cortexm_faults *ret, struct err *e)
{
	struct target_word words[] = { { .address = CORESIGHT_DFSR },
				       { .address = CORESIGHT_CFSR },
				       { .address = CORESIGHT_HFSR } };
	uint32_t cpuid;
	size_t done;
	int rc = cortexm_read_cpuid(t, &cpuid, e);
	bool has = !rc && !cortexm_is_v6m(cpuid);

	if (!rc)
		rc = target_words(t, words, has ? 3 : 1, &done, e);
	if (rc)
		return err_prefix(e, rc, "reading the fault registers");
	*ret = (struct cortexm_faults){ words[0].value, has, words[1].value, words[2].value };
	return 0;
}
