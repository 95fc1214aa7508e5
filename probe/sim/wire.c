/* The wires between probe and target. */
#include "probe/sim/wire.h"

#include <math.h>

/* A transfer: request 8, turnaround 1, acknowledge 3, data and parity 33, turnaround and idle 2. */
#define BITS_REQUEST  8u
#define BITS_TRANSFER 47u
#define BITS_REFUSED  15u /* WAIT and FAULT have no data */
#define BITS_RESET    120u

/* Where a flipped bit hits, by its place among those that carry something. */
#define AT_START  0u
#define AT_HEADER 1u /* APnDP, RnW, A2, A3, parity */
#define AT_STOP	  6u /* stop, park */
#define AT_ACK	  8u
#define AT_DATA	  11u
#define PLACES	  44u

void wire_init(struct wire *w, struct dap *dap, struct rng *rng)
{
	*w = (struct wire){ .dap = dap, .rng = rng, .hz = 1800000 };
	w->quality.burst = 1;
	w->quality.steepness = 0.08;
}

/* ---- what carries ---- */

bool wire_contact_bad(struct wire *w)
{
	struct wire_contact *c = &w->contact;

	if (!c->bad_ns)
		return false;
	while (c->until_ns <= w->now_ns) {
		c->bad = c->until_ns && !c->bad;
		c->until_ns += rng_exponential(w->rng, (double)(c->bad ? c->bad_ns : c->good_ns));
	}
	return c->bad;
}

static bool carries(struct wire *w)
{
	return w->state[WIRE_SWDIO] == WIRE_CONNECTED && w->state[WIRE_SWCLK] == WIRE_CONNECTED &&
	       !wire_contact_bad(w);
}

double wire_flip_chance(const struct wire *w)
{
	const struct wire_quality *q = &w->quality;
	double p = q->floor + q->edge;

	if (q->f50_hz > 0)
		p += 1 / (1 + exp((log(q->f50_hz) - log((double)w->hz)) / q->steepness));
	return p > 0.5 ? 0.5 : p;
}

/* ---- time ---- */

void wire_spend_bits(struct wire *w, unsigned bits)
{
	w->now_ns += (uint64_t)bits * NS_PER_S / w->hz;
}

void wire_settle(struct wire *w, uint64_t now_ns)
{
	if (w->nrst_rises_at_ns && w->nrst_rises_at_ns <= now_ns) {
		chip_set_nrst(w->dap->chip, false, w->nrst_rises_at_ns);
		w->nrst_rises_at_ns = 0;
	}
	chip_advance(w->dap->chip, now_ns);
}

static void catch_up(struct wire *w)
{
	wire_settle(w, w->now_ns);
}

void wire_idle(struct wire *w, uint64_t ns)
{
	w->now_ns += ns;
	catch_up(w);
}

void wire_line_reset(struct wire *w, bool to_swd)
{
	wire_spend_bits(w, BITS_RESET);
	catch_up(w);
	if (carries(w))
		dap_line_reset(w->dap, to_swd);
}

/* ---- transfers ---- */

struct flips {
	bool start, stop, ack, slip;
	unsigned header; /* a bit each: APnDP 0, RnW 1, A2 2, A3 3, parity 4 */
	uint32_t data;
	bool parity;
};

static void flip_at(struct flips *f, unsigned place)
{
	if (place == AT_START)
		f->start = true;
	else if (place < AT_STOP)
		f->header ^= 1u << (place - AT_HEADER);
	else if (place < AT_ACK)
		f->stop = true;
	else if (place < AT_DATA)
		f->ack = true;
	else if (place < PLACES - 1)
		f->data ^= (uint32_t)1 << (place - AT_DATA);
	else
		f->parity = !f->parity;
}

/* Draw this transfer's flips; false for the ordinary case of none. */
static bool draw(struct wire *w, struct flips *f)
{
	double p = wire_flip_chance(w);
	unsigned place;

	*f = (struct flips){ 0 };
	if (p <= 0 || !rng_chance(w->rng, 1 - pow(1 - p, PLACES)))
		return false;
	f->slip = rng_chance(w->rng, w->quality.edge > 0 ? w->quality.slip : 0);
	place = rng_below(w->rng, PLACES);
	do {
		flip_at(f, place);
		w->flips++;
		place = (place + 1) % PLACES;
	} while (rng_chance(w->rng, 1 - 1 / w->quality.burst));
	/* The other bits of a bad transfer flip independently. */
	for (place = 0; p > 1e-3 && place < PLACES; place++)
		if (rng_chance(w->rng, p))
			flip_at(f, place);
	return true;
}

/* The header as it arrives: its parity catches an odd number of flips, two make another request. */
static bool header_accepted(const struct flips *f, struct dap_request *r)
{
	if (f->start || f->slip || __builtin_popcount(f->header) & 1)
		return false;
	if (f->header & 1)
		r->ap = !r->ap;
	if (f->header & 2)
		r->read = !r->read;
	r->addr ^= (uint8_t)((f->header >> 2 & 3) << 2);
	return true;
}

enum wire_answer wire_answer_of(enum dap_ack ack)
{
	switch (ack) {
	case DAP_OK:
		return WIRE_OK;
	case DAP_WAIT:
		return WIRE_WAIT;
	case DAP_FAULT:
		return WIRE_FAULT;
	case DAP_SILENT:
		break;
	}
	return WIRE_NO_ACK;
}

static enum wire_answer flawed(struct wire *w, const struct flips *f, struct dap_request *r)
{
	bool read = r->read, odd = f->parity ^ (__builtin_popcount(f->data) & 1);
	enum dap_ack ack;

	if (f->stop)
		dap_protocol_error(w->dap);
	if (f->stop || !header_accepted(f, r))
		return WIRE_NO_ACK;
	r->parity_broken = odd;
	if (!r->read)
		r->data ^= f->data;
	ack = dap_request(w->dap, r, w->now_ns);
	if (f->ack || r->read != read)
		return WIRE_NO_ACK;
	if (ack == DAP_OK && read) {
		r->data ^= f->data;
		if (odd)
			return WIRE_PARITY;
	}
	return wire_answer_of(ack);
}

/* Words that are wrong with a good parity, as a bad transmitter or a slow core makes them. */
static void disturb(struct wire *w, struct dap_request *r, bool read)
{
	double p = read ? w->quality.silent_read : w->quality.silent_write;

	if (rng_chance(w->rng, p))
		r->data ^= (uint32_t)1 << rng_below(w->rng, 32);
}

enum wire_answer wire_transfer(struct wire *w, bool ap, bool read, uint8_t addr, uint32_t *data)
{
	struct dap_request r = { .ap = ap, .read = read, .addr = addr, .data = read ? 0 : *data };
	enum wire_answer answer;
	struct flips flips;

	w->transfers++;
	if (w->jtag) {
		answer = wire_scan(w, &r);
		if (read && answer == WIRE_OK)
			*data = r.data;
		return answer;
	}
	wire_spend_bits(w, BITS_REQUEST);
	catch_up(w);
	if (!carries(w)) {
		wire_spend_bits(w, BITS_TRANSFER - BITS_REQUEST);
		return WIRE_NO_ACK;
	}
	if (ap && !read)
		disturb(w, &r, false);
	if (draw(w, &flips))
		answer = flawed(w, &flips, &r);
	else
		answer = wire_answer_of(dap_request(w->dap, &r, w->now_ns));
	if (ap && read && answer == WIRE_OK)
		disturb(w, &r, true);
	if (read && answer == WIRE_OK)
		*data = r.data;
	wire_spend_bits(
		w, (answer == WIRE_WAIT || answer == WIRE_FAULT ? BITS_REFUSED : BITS_TRANSFER) -
			   BITS_REQUEST);
	return answer;
}

/* ---- the other lines ---- */

void wire_update_nrst(struct wire *w)
{
	struct chip *c = w->dap->chip;
	enum wire_state s = w->state[WIRE_NRST];
	bool low = s == WIRE_LOW || (s == WIRE_CONNECTED && w->drives_nrst);

	catch_up(w);
	c->nrst_stuck_high = false;
	w->nrst_rises_at_ns = 0;
	if (!low && c->nrst_low && w->nrst_rise_ns)
		w->nrst_rises_at_ns = w->now_ns + w->nrst_rise_ns;
	else
		chip_set_nrst(c, low, w->now_ns);
	c->nrst_stuck_high = s == WIRE_HIGH;
}

void wire_drive_nrst(struct wire *w, bool low)
{
	w->drives_nrst = low;
	wire_update_nrst(w);
}

unsigned wire_vtref_mv(const struct wire *w, unsigned floating_mv)
{
	if (w->state[WIRE_VTREF] == WIRE_CONNECTED)
		return w->dap->chip->supply_mv;
	return w->state[WIRE_VTREF] == WIRE_LOW ? 0 : floating_mv;
}
