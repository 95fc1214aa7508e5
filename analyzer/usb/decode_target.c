/* Registers and memory as events: what the target said when it answered. */
#include "analyzer/usb/decode_internal.h"

#define HALT_TIMEOUT_US	 500000
#define FLASH_READ_BYTES 64

#define RESETS_HELD 3

enum core_state { CORE_RUNNING, CORE_HALTED, CORE_SLEEPING, CORE_LOCKED };

/* Where the size of the flash stands, in KiB, in the low or the high half of a word. */
struct size_register {
	uint32_t address;
	bool high;
};

static const struct size_register size_registers[] = {
	{ 0x1ffff7e0, false }, /* F1 */
	{ 0x1ffff7cc, false }, /* F0, F3 */
	{ 0x1fff7a20, true },  /* F2, F4: at ...22 */
	{ 0x1fff75e0, false }, /* L4, G0, G4, WB, WL */
	{ 0x1fff75a0, false }, /* C0 */
	{ 0x1ff8004c, false }, /* L1 */
	{ 0x1ff800cc, false }, /* L1, larger ones */
	{ 0x1ff8007c, false }, /* L0 */
	{ 0x1ff0f440, true },  /* F7: at ...42 */
	{ 0x1ff07a20, true },  /* F72x: at ...22 */
	{ 0x1ff1e880, false }, /* H7 */
	{ 0x08fff80c, false }, /* H7A, H5 */
	{ 0x0bfa07a0, false }, /* U5 */
	{ 0x0bfa05e0, false }, /* L5 */
};

/* DBGMCU_IDCODE, by family. */
static const uint32_t chip_ids[] = { 0xe0042000, 0x40015800, 0xe0044000, 0x5c001000, 0x44001000 };
/* Status registers of flash controllers, whose bits the rules know. */
static const uint32_t flash_status[] = { 0x4002200c, 0x40023c0c, 0x52002010, 0x52002110 };
/* Key registers: the first key written here begins a write. */
static const uint32_t flash_keys[] = { 0x40022004, 0x40022008, 0x40023c04, 0x40023c0c,
				       0x4002200c, 0x52002004, 0x58004008, 0x50022008 };
#define FLASH_KEY1 0x45670123U

static bool is_one_of(uint32_t address, const uint32_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i] == address)
			return true;
	}
	return false;
}

#define IS_ONE_OF(address, list) is_one_of(address, list, sizeof(list) / sizeof((list)[0]))

static void dp_id(struct decode *d, uint32_t id)
{
	struct event e = decode_event(EVENT_DP_ID);

	decode_set_num(&e, 0, id);
	decode_tell(d, &e);
}

static const char *core_name(uint32_t cpuid)
{
	static const struct {
		uint32_t part;
		const char *name;
	} cores[] = {
		{ 0xc20, "Cortex-M0" },	 { 0xc60, "Cortex-M0+" }, { 0xc21, "Cortex-M1" },
		{ 0xc23, "Cortex-M3" },	 { 0xc24, "Cortex-M4" },  { 0xc27, "Cortex-M7" },
		{ 0xd20, "Cortex-M23" }, { 0xd21, "Cortex-M33" }, { 0xd31, "Cortex-M35P" },
		{ 0xd22, "Cortex-M55" }, { 0xd23, "Cortex-M85" }, { 0xd24, "Cortex-M52" },
		{ 0x132, "STAR-MC1" },
	};

	for (size_t i = 0; i < sizeof(cores) / sizeof(cores[0]); i++) {
		if (cores[i].part == (cpuid >> 4 & 0xfff))
			return cores[i].name;
	}
	return NULL;
}

static void cpuid(struct decode *d, uint32_t value)
{
	const char *name = core_name(value);
	struct event e;

	if (value == 0 || value == 0xffffffff) {
		decode_tell_kind(d, EVENT_CORE_UNREADABLE);
		return;
	}
	if (!name) {
		e = decode_event(EVENT_CORE_UNKNOWN);
		decode_set_num(&e, 0, value >> 4 & 0xfff);
		decode_tell(d, &e);
		return;
	}
	if (d->core_found)
		return;
	d->core_found = true;
	e = decode_event(EVENT_CORE_FOUND);
	decode_set_text(&e, 0, name);
	decode_tell(d, &e);
}

static void chip_id(struct decode *d, uint32_t value)
{
	struct event e = decode_event(EVENT_CHIP_ID);

	decode_set_num(&e, 0, value);
	/* Tools try several addresses; zero means something only if none of them answers. */
	if (value == 0 || value == 0xffffffff) {
		decode_hold(d, &d->chip_zero, &e);
		return;
	}
	d->chip_zero.there = false;
	decode_tell(d, &e);
}

static void flash_size(struct decode *d, uint32_t kib)
{
	struct event e = decode_event(EVENT_CHIP_FLASH_SIZE);

	if (kib == 0xffff)
		return;
	decode_set_num(&e, 0, (int64_t)kib * 1024);
	decode_tell(d, &e);
}

/* ---- DHCSR ---- */

static void follow_resets(struct decode *d, uint32_t dhcsr)
{
	bool seen = dhcsr & DHCSR_S_RESET_ST;
	struct event e;

	if (d->nrst_pulsed && !seen)
		decode_tell_kind(d, EVENT_NRST_UNSEEN);
	d->nrst_pulsed = false;
	/* The first read shows what was before the session. */
	if (seen && d->dhcsr_seen && !d->reset_asked && !d->nrst_low) {
		e = decode_event(EVENT_RESET_SEEN);
		decode_tell(d, &e);
		d->resets_in_row += !(dhcsr & DHCSR_S_RETIRE_ST);
	} else {
		d->resets_in_row = 0;
	}
	if (d->resets_in_row >= RESETS_HELD && !d->told_held) {
		decode_tell_kind(d, EVENT_NRST_HELD);
		d->told_held = true;
	}
	d->dhcsr_seen = true;
	d->reset_asked = d->nrst_low;
}

static void tell_state(struct decode *d, enum core_state state)
{
	static const char *const names[] = {
		[CORE_RUNNING] = "running", [CORE_HALTED] = "halted", [CORE_SLEEPING] = "sleeping"
	};
	struct event e;

	if (d->state == (int)state || state == CORE_LOCKED)
		return;
	d->state = (int)state;
	if (state == CORE_HALTED) {
		e = decode_event(EVENT_CORE_HALTED);
		if (d->has_pc)
			decode_set_num(&e, 0, d->pc);
	} else {
		e = decode_event(EVENT_CORE_STATE);
		decode_set_text(&e, 0, names[state]);
	}
	decode_tell(d, &e);
}

static void follow_halt(struct decode *d, bool halted)
{
	if (halted) {
		d->halt_asked = false;
		return;
	}
	if (!d->halt_asked || d->told_halt_timeout ||
	    d->x->at_us - d->halt_asked_us < HALT_TIMEOUT_US)
		return;
	d->told_halt_timeout = true;
	decode_tell_kind(d, EVENT_CORE_HALT_TIMEOUT);
}

static void hold_lockup(struct decode *d)
{
	struct event e = decode_event(EVENT_CORE_LOCKUP);

	decode_hold(d, &d->lockup, &e);
}

static void read_dhcsr(struct decode *d, uint32_t value)
{
	if (value == 0xffffffff)
		return;
	follow_resets(d, value);
	follow_halt(d, value & DHCSR_S_HALT);
	/* A blank chip locks up at once; it is told only if the session leaves it there. */
	if (value & DHCSR_S_LOCKUP)
		hold_lockup(d);
	else
		d->lockup.there = false;
	if (value & DHCSR_S_LOCKUP)
		tell_state(d, CORE_LOCKED);
	else if (value & DHCSR_S_HALT)
		tell_state(d, CORE_HALTED);
	else if (value & DHCSR_S_SLEEP)
		tell_state(d, CORE_SLEEPING);
	else if (!(value & DHCSR_S_RESET_ST))
		tell_state(d, CORE_RUNNING);
}

static void write_dhcsr(struct decode *d, uint32_t value)
{
	if ((value & 0xffff0000) != DHCSR_KEY)
		return;
	if ((value & DHCSR_C_HALT) && !d->halt_asked) {
		d->halt_asked = true;
		d->halt_asked_us = d->x->at_us;
	} else if (!(value & DHCSR_C_HALT)) {
		d->halt_asked = false;
		d->has_pc = false;
		/* Running after code was put into RAM, with the flash unlocked: a loader. */
		if (d->unlocked && d->ram_written && !d->told_loader && (value & DHCSR_C_DEBUGEN)) {
			d->told_loader = true;
			decode_tell_kind(d, EVENT_FLASH_LOADER);
		}
	}
}

/* ---- one word ---- */

static void write_word(struct decode *d, const struct stlink_access *a)
{
	if (a->address == CORESIGHT_DHCSR)
		write_dhcsr(d, a->value);
	if (a->address == CORESIGHT_AIRCR && (a->value & 0xffff0000) == AIRCR_KEY &&
	    (a->value & AIRCR_SYSRESETREQ))
		d->reset_asked = true;
	if (a->value == FLASH_KEY1 && IS_ONE_OF(a->address, flash_keys) && !d->unlocked) {
		d->unlocked = true;
		decode_tell_kind(d, EVENT_FLASH_START);
	}
}

static void read_word(struct decode *d, const struct stlink_access *a)
{
	struct event e;

	if (a->address >= 0x20000000 && a->address < 0x40000000)
		return; /* RAM: most words that are read, and none says anything */
	if (a->address == CORESIGHT_DHCSR)
		read_dhcsr(d, a->value);
	else if (a->address == CORESIGHT_CPUID)
		cpuid(d, a->value);
	else if (IS_ONE_OF(a->address, chip_ids))
		chip_id(d, a->value);
	for (size_t i = 0; i < sizeof(size_registers) / sizeof(size_registers[0]); i++) {
		if (size_registers[i].address == a->address)
			flash_size(d, size_registers[i].high ? a->value >> 16 : a->value & 0xffff);
	}
	if (IS_ONE_OF(a->address, flash_status) && d->unlocked) {
		e = decode_event(EVENT_MEM_WORD);
		decode_set_num(&e, 0, a->address);
		decode_set_num(&e, 1, a->value);
		decode_tell(d, &e);
	}
}

static void access_port(struct decode *d, const struct stlink_access *a)
{
	struct event e = decode_event(EVENT_AP_ID);

	if (a->write || a->address != AP_IDR)
		return;
	if (a->value == 0) {
		e = decode_event(EVENT_AP_MISSING);
		if (a->ap == 0)
			decode_hold(d, &d->ap_missing, &e);
		return;
	}
	d->ap_missing.there = false;
	decode_set_num(&e, 0, a->ap);
	decode_set_num(&e, 1, a->value);
	decode_tell(d, &e);
}

void decode_access(struct decode *d, const struct stlink_access *a)
{
	if (!a->has_value)
		return;
	switch (a->space) {
	case CORESIGHT_MEMORY:
		if (a->width == 4 && a->write)
			write_word(d, a);
		else if (a->width == 4)
			read_word(d, a);
		break;
	case CORESIGHT_DP:
		if (!a->write && a->address == DP_DPIDR)
			dp_id(d, a->value);
		break;
	case CORESIGHT_AP:
		access_port(d, a);
		break;
	case CORESIGHT_CORE:
		if (a->address == 15) {
			d->has_pc = true;
			d->pc = a->value;
		}
		break;
	}
}

void decode_reads_flash(struct decode *d, const struct stlink_memory *m)
{
	bool flash = m->address >= 0x08000000 && m->address < 0x08400000;
	bool ram = m->address >= 0x20000000 && m->address < 0x40000000;

	if (!m->write && flash && m->len >= FLASH_READ_BYTES)
		decode_tell_kind(d, EVENT_FLASH_READ);
	if (m->write && ram && m->len >= 32)
		d->ram_written = true;
}
