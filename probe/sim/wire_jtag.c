/*
 * JTAG on the wires. A scan has no parity: a flipped data bit is a wrong word that nobody notices,
 * and of the acknowledge one flip makes nonsense.
 */
#include "probe/sim/wire.h"

#define BITS_SELECT 140u /* into JTAG, and all taps to their reset */
#define BITS_DATA   42u	 /* 35, the bypass bit of the other tap, and the way there and back */
#define BITS_IR	    15u	 /* both instruction registers */
#define BITS_IDS    72u
#define ACK_BITS    3u
#define SCAN_BITS   35u

static bool carries(struct wire *w)
{
	return w->state[WIRE_SWDIO] == WIRE_CONNECTED && w->state[WIRE_SWCLK] == WIRE_CONNECTED &&
	       w->state[WIRE_SWO] == WIRE_CONNECTED && !wire_contact_bad(w);
}

bool wire_jtag_reset(struct wire *w, uint32_t ret_idcode[2])
{
	const struct chip_row *row = w->dap->chip->row;

	w->ir_ap = false;
	wire_spend_bits(w, BITS_SELECT + BITS_IDS);
	wire_settle(w, w->now_ns);
	if (!carries(w) || !row->jtag_idcode || !chip_port_alive(w->dap->chip))
		return false;
	dap_select_jtag(w->dap);
	ret_idcode[0] = row->jtag_idcode;
	ret_idcode[1] = row->boundary_idcode;
	return true;
}

enum wire_answer wire_scan(struct wire *w, struct dap_request *r)
{
	double p = wire_flip_chance(w);
	bool flips = p > 0 && rng_chance(w->rng, p * SCAN_BITS);
	unsigned place = flips ? rng_below(w->rng, SCAN_BITS) : SCAN_BITS;
	uint32_t flip = flips && place >= ACK_BITS ? (uint32_t)1 << (place - ACK_BITS) : 0;
	enum dap_ack ack;

	wire_spend_bits(w, BITS_DATA + (w->ir_ap != r->ap ? BITS_IR : 0));
	w->ir_ap = r->ap;
	wire_settle(w, w->now_ns);
	if (!carries(w))
		return WIRE_NO_ACK;
	w->flips += flips;
	if (!r->read)
		r->data ^= flip;
	ack = dap_scan(w->dap, r, w->now_ns);
	if (r->read)
		r->data ^= flip;
	return place < ACK_BITS ? WIRE_NO_ACK : wire_answer_of(ack);
}
