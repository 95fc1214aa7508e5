/*
 * What goes wrong on the bench, and when. Faults are looked at before each command to the probe
 * (a transaction); those of the cable between host and probe act on the transfers of it.
 */
#include "probe/sim/bench.h"

#include <signal.h>
#include <string.h>

#define NRST_PULSE_NS (2 * NS_PER_MS)

/* In work now, or begun since the last command: one is over sooner than the next command comes. */
static bool does(const struct bench *b, enum flash_job_kind kind)
{
	const struct flash *f = &b->chip.flash;

	return f->job[0].kind == kind || f->job[1].kind == kind || f->begun[kind] != b->begun[kind];
}

static bool holds(const struct bench *b, enum fault_when when)
{
	switch (when) {
	case FAULT_ANY:
		return true;
	case FAULT_ERASING:
		return does(b, FLASH_JOB_ERASE);
	case FAULT_PROGRAMMING:
		return does(b, FLASH_JOB_PROGRAM);
	case FAULT_RUNNING:
		return core_executes(&b->chip.core);
	case FAULT_HALTED:
		return b->chip.core.halted;
	}
	return false;
}

/* A supply that goes away does so in the middle of the operation: the flash does it by itself. */
static bool is_cut(const struct bench *b, const struct fault *f)
{
	return f->kind == FAULT_SUPPLY && f->at_operation && f->mv < b->chip.row->reset_mv;
}

static bool operation_came(const struct bench *b, const struct fault *f)
{
	return is_cut(b, f) ? b->chip.cuts : flash_operations(&b->chip.flash) >= f->at_operation;
}

static bool due(struct bench *b, const struct fault *f)
{
	if (f->at_transaction && b->transactions < f->at_transaction)
		return false;
	if (f->at_operation && !operation_came(b, f))
		return false;
	if (f->at_ns && b->now_ns < NS_PER_S + f->at_ns)
		return false;
	if (!holds(b, f->when))
		return false;
	return f->probability >= 1 || rng_chance(&b->rng, f->probability);
}

/* ---- what a fault does when it begins and ends ---- */

static void set_wire(struct bench *b, enum wire_line line, enum wire_state state)
{
	b->wire.state[line] = state;
	wire_update_nrst(&b->wire);
}

/* False: there is nothing to halt. */
static bool stop_core(struct bench *b, enum fault_kind kind)
{
	struct core *c = &b->chip.core;

	if (c->halted || c->held || c->locked_up || !b->chip.powered)
		return false;
	if (kind == FAULT_CORE_HALT)
		core_halt(c, DFSR_HALTED);
	else
		c->locked_up = true;
	return true;
}

static void begin(struct bench *b, const struct fault *f, struct fault_run *r)
{
	b->faults++;
	switch (f->kind) {
	case FAULT_WIRE:
		r->was_state = b->wire.state[f->line];
		set_wire(b, f->line, f->state);
		break;
	case FAULT_NOISE:
		r->was_edge = b->wire.quality.edge;
		b->wire.quality.edge = f->edge;
		break;
	case FAULT_SUPPLY:
		r->was_mv = is_cut(b, f) ? b->s.mv : b->chip.supply_mv;
		chip_set_supply(&b->chip, f->mv, b->now_ns);
		break;
	case FAULT_NRST_PULSE:
		chip_set_nrst(&b->chip, true, b->now_ns);
		chip_set_nrst(&b->chip, false, b->now_ns + NRST_PULSE_NS);
		break;
	case FAULT_PROBE_STUCK:
		b->fw.stuck = true;
		break;
	case FAULT_USB_UNPLUG:
		bench_plug(b, false);
		break;
	case FAULT_CORE_HALT:
	case FAULT_CORE_LOCKUP:
		b->faults -= !stop_core(b, f->kind);
		break;
	case FAULT_KILL:
		b->signal = SIGKILL;
		break;
	case FAULT_INTERRUPT:
		b->signal = SIGINT;
		break;
	case FAULT_FLIP_READ:
	case FAULT_FLIP_WRITE:
	case FAULT_STALE:
	case FAULT_WRITE_LOST:
		b->faults--; /* the firmware counts those that it could do */
		break;
	case FAULT_STATUS:
	case FAULT_USB_STALL:
	case FAULT_USB_LOST:
	case FAULT_USB_REQUEST_LOST:
	case FAULT_USB_REPLY_LOST:
	case FAULT_USB_SHORT:
	case FAULT_USB_DENIED:
	case FAULT_USB_BUSY:
		break;
	}
}

static void end(struct bench *b, const struct fault *f, const struct fault_run *r)
{
	switch (f->kind) {
	case FAULT_WIRE:
		set_wire(b, f->line, r->was_state);
		break;
	case FAULT_NOISE:
		b->wire.quality.edge = r->was_edge;
		break;
	case FAULT_SUPPLY:
		chip_set_supply(&b->chip, r->was_mv, b->now_ns);
		break;
	case FAULT_PROBE_STUCK:
		b->fw.stuck = false;
		break;
	case FAULT_USB_UNPLUG:
		bench_plug(b, true);
		break;
	case FAULT_NRST_PULSE:
	case FAULT_STATUS:
	case FAULT_USB_STALL:
	case FAULT_USB_LOST:
	case FAULT_USB_REQUEST_LOST:
	case FAULT_USB_REPLY_LOST:
	case FAULT_USB_SHORT:
	case FAULT_USB_DENIED:
	case FAULT_USB_BUSY:
	case FAULT_FLIP_READ:
	case FAULT_FLIP_WRITE:
	case FAULT_STALE:
	case FAULT_WRITE_LOST:
	case FAULT_CORE_HALT:
	case FAULT_CORE_LOCKUP:
	case FAULT_KILL:
	case FAULT_INTERRUPT:
		break;
	}
}

static bool is_access(const struct fault *f)
{
	return f->kind == FAULT_USB_DENIED || f->kind == FAULT_USB_BUSY;
}

static bool lasts(const struct bench *b, const struct fault_run *r)
{
	return b->transactions < r->until_transaction || b->now_ns < r->until_ns ||
	       b->opens < r->until_opens;
}

/* Without a duration a fault on a transfer happens once, and a state stays. */
static bool passes_by(const struct fault *f)
{
	return f->kind != FAULT_USB_UNPLUG && f->kind != FAULT_PROBE_STUCK &&
	       f->kind != FAULT_USB_DENIED && f->kind != FAULT_USB_BUSY && f->kind != FAULT_WIRE &&
	       f->kind != FAULT_NOISE && f->kind != FAULT_SUPPLY;
}

static void set_duration(const struct bench *b, const struct fault *f, struct fault_run *r)
{
	r->until_transaction = b->transactions + f->for_transactions;
	r->until_ns = f->for_ns ? b->now_ns + f->for_ns : 0;
	r->until_opens = f->for_opens ? b->opens + f->for_opens : 0;
	if (f->for_transactions || f->for_ns || f->for_opens)
		return;
	r->until_transaction = passes_by(f) ? b->transactions + 1 : UINT64_MAX;
}

static void look_at(struct bench *b, size_t n)
{
	const struct fault *f = &b->s.fault[n];
	struct fault_run *r = &b->run[n];

	if (r->active && !lasts(b, r)) {
		r->active = false;
		end(b, f, r);
	}
	if (r->active || r->spent || !due(b, f))
		return;
	r->active = true;
	r->spent = f->probability >= 1 &&
		   (f->at_transaction || f->at_operation || f->at_ns || !passes_by(f));
	set_duration(b, f, r);
	begin(b, f, r);
}

void bench_faults_time(struct bench *b)
{
	size_t i;

	for (i = 0; i < b->s.n_faults; i++) {
		const struct fault *f = &b->s.fault[i];

		if ((f->at_ns && !f->at_transaction && !f->at_operation && f->probability >= 1) ||
		    (b->run[i].active && f->for_ns))
			look_at(b, i);
	}
}

void bench_faults_open(struct bench *b)
{
	size_t i;

	for (i = 0; i < b->s.n_faults; i++)
		if (is_access(&b->s.fault[i]))
			look_at(b, i);
}

bool bench_faults_active(const struct bench *b, enum fault_kind kind)
{
	size_t i;

	for (i = 0; i < b->s.n_faults; i++)
		if (b->s.fault[i].kind == kind && b->run[i].active)
			return true;
	return false;
}

/* The supply gives way while the load is there. */
static void sag(struct bench *b)
{
	unsigned mv = b->s.mv;

	if (!b->s.sag_mv)
		return;
	if (holds(b, b->s.sag_when))
		mv = mv > b->s.sag_mv ? mv - b->s.sag_mv : 0;
	if (mv != b->chip.supply_mv)
		chip_set_supply(&b->chip, mv, b->now_ns);
}

static const enum fw_harm harms[] = {
	[FAULT_FLIP_READ] = FW_FLIP_READ,
	[FAULT_FLIP_WRITE] = FW_FLIP_WRITE,
	[FAULT_WRITE_LOST] = FW_LOSE_WRITE,
	[FAULT_STALE] = FW_STALE,
};

bool bench_faults_command(struct bench *b)
{
	bool arrives = true;
	size_t i;

	b->transactions++;
	b->fw.harm = FW_UNHARMED;
	sag(b);
	for (i = 0; i < b->s.n_faults; i++) {
		const struct fault *f = &b->s.fault[i];

		look_at(b, i);
		if (!b->run[i].active)
			continue;
		if (f->kind == FAULT_STATUS)
			b->fw.forced_status = (uint8_t)f->status;
		else if (f->kind == FAULT_USB_REQUEST_LOST)
			arrives = false;
		else if (f->kind < sizeof(harms) / sizeof(harms[0]) && harms[f->kind])
			b->fw.harm = harms[f->kind];
	}
	memcpy(b->begun, b->chip.flash.begun, sizeof(b->begun));
	return arrives;
}

unsigned bench_faults_count(const struct bench *b)
{
	return b->faults + b->fw.harms;
}

/* Faults that are there from the beginning. */
void bench_faults_begin(struct bench *b)
{
	size_t i;

	for (i = 0; i < b->s.n_faults; i++) {
		const struct fault *f = &b->s.fault[i];

		if (is_cut(b, f))
			b->chip.flash.doom = f->at_operation;
		if ((f->kind == FAULT_WIRE || is_access(f)) && !f->at_transaction &&
		    !f->at_operation && !f->at_ns && f->when == FAULT_ANY && f->probability >= 1)
			look_at(b, i);
	}
}

/* ---- transfers ---- */

enum usb_result bench_faults_transfer(struct bench *b, const struct usb_transfer *t)
{
	bool in = t->endpoint & 0x80;
	size_t i;

	for (i = 0; i < b->s.n_faults; i++) {
		struct fault_run *r = &b->run[i];

		if (!r->active)
			continue;
		if (b->s.fault[i].kind == FAULT_USB_STALL && in) {
			b->halted_in = true;
			fw_flush(&b->fw);
		} else if (b->s.fault[i].kind == FAULT_USB_LOST && in) {
			r->active = lasts(b, r) && b->s.fault[i].for_transactions;
			b->now_ns += t->timeout_ns;
			return USB_TIMEOUT;
		} else if (b->s.fault[i].kind == FAULT_USB_REPLY_LOST && in) {
			r->active = lasts(b, r) && b->s.fault[i].for_transactions;
			fw_flush(&b->fw);
			b->now_ns += t->timeout_ns;
			return USB_TIMEOUT;
		}
	}
	return USB_DONE;
}

size_t bench_faults_shorten(struct bench *b, size_t len)
{
	size_t i;

	for (i = 0; i < b->s.n_faults; i++)
		if (b->run[i].active && b->s.fault[i].kind == FAULT_USB_SHORT)
			return len / 2;
	return len;
}
