/*
 * What goes wrong on the bench, and when. Faults are looked at before each command to the probe
 * (a transaction); those of the cable between host and probe act on the transfers of it.
 */
#include "probe/sim/bench.h"

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

static bool due(struct bench *b, const struct fault *f)
{
	uint64_t transaction = b->fw.commands + 1;

	if (f->at_transaction && transaction < f->at_transaction)
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

static void begin(struct bench *b, const struct fault *f, struct fault_run *r)
{
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
		r->was_mv = b->chip.supply_mv;
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
	case FAULT_STATUS:
	case FAULT_USB_STALL:
	case FAULT_USB_LOST:
	case FAULT_USB_SHORT:
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
	case FAULT_USB_SHORT:
		break;
	}
}

static bool lasts(const struct bench *b, const struct fault_run *r)
{
	return b->fw.commands + 1 < r->until_transaction || b->now_ns < r->until_ns;
}

/* Without a duration a fault on a transfer happens once, and a state stays. */
static bool passes_by(const struct fault *f)
{
	return f->kind == FAULT_STATUS || f->kind == FAULT_USB_STALL || f->kind == FAULT_USB_LOST ||
	       f->kind == FAULT_USB_SHORT || f->kind == FAULT_NRST_PULSE;
}

static void set_duration(const struct bench *b, const struct fault *f, struct fault_run *r)
{
	r->until_transaction = b->fw.commands + 1 + f->for_transactions;
	r->until_ns = f->for_ns ? b->now_ns + f->for_ns : 0;
	if (f->for_transactions || f->for_ns)
		return;
	r->until_transaction = passes_by(f) ? b->fw.commands + 2 : UINT64_MAX;
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
	r->spent = f->probability >= 1 && (f->at_transaction || f->at_ns || !passes_by(f));
	set_duration(b, f, r);
	begin(b, f, r);
}

void bench_faults_time(struct bench *b)
{
	size_t i;

	for (i = 0; i < b->s.n_faults; i++) {
		const struct fault *f = &b->s.fault[i];

		if ((f->at_ns && !f->at_transaction && f->probability >= 1) ||
		    (b->run[i].active && f->for_ns))
			look_at(b, i);
	}
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

void bench_faults_command(struct bench *b)
{
	size_t i;

	sag(b);
	for (i = 0; i < b->s.n_faults; i++) {
		look_at(b, i);
		if (b->run[i].active && b->s.fault[i].kind == FAULT_STATUS)
			b->fw.forced_status = (uint8_t)b->s.fault[i].status;
	}
	memcpy(b->begun, b->chip.flash.begun, sizeof(b->begun));
}

/* Faults that are there from the beginning. */
void bench_faults_begin(struct bench *b)
{
	size_t i;

	for (i = 0; i < b->s.n_faults; i++) {
		const struct fault *f = &b->s.fault[i];

		if (f->kind == FAULT_WIRE && !f->at_transaction && !f->at_ns &&
		    f->when == FAULT_ANY && f->probability >= 1)
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
