/* Transactions that fail on purpose: see transport_fault.h. */
#include "probe/transport_fault.h"

#include <stdlib.h>
#include <string.h>

#include "probe/stlink_cmd.h"

#define TIMEOUT_MS 1000 /* where the transaction names none */

/* What libusb would say, without needing it. */
#define NATIVE_IO      (-1)
#define NATIVE_GONE    (-4)
#define NATIVE_TIMEOUT (-7)
#define NATIVE_PIPE    (-9)

struct fault {
	struct transport t;
	struct transport *inner;
	struct fault_plan plan;
	const struct clock *clock;
	uint64_t random;
	unsigned seen, fired, left; /* left: of a row that has begun */
	bool gone;
};

/* xorshift64*: the same seed gives the same faults anywhere. */
static uint32_t next_random(struct fault *f)
{
	f->random ^= f->random >> 12;
	f->random ^= f->random << 25;
	f->random ^= f->random >> 27;
	return (uint32_t)(f->random * 0x2545f4914f6cdd1dULL >> 32);
}

static bool fits(const struct fault *f, const struct xact *x)
{
	const struct stlink_cmd *row = stlink_cmd_find(x->cmd, x->cmd_len);

	switch (f->plan.kind) {
	case FAULT_REPLY_LOST:
	case FAULT_SHORT:
	case FAULT_USB_ERROR:
		return x->dir == XACT_IN && x->want;
	case FAULT_STATUS:
	case FAULT_REFUSED:
		return row &&
		       (row->where == STLINK_WHERE_FIRST || row->where == STLINK_WHERE_OF_LAST);
	case FAULT_CORRUPT_READ:
		return row && row->where == STLINK_WHERE_LATER && x->dir == XACT_IN && x->want;
	case FAULT_CORRUPT_WRITE:
		return row && row->where == STLINK_WHERE_LATER && x->dir == XACT_OUT && x->want;
	case FAULT_REQUEST_LOST:
	case FAULT_STALL:
	case FAULT_GONE:
	case FAULT_KINDS:
		break;
	}
	return x->cmd_len;
}

static bool fires(struct fault *f, const struct xact *x)
{
	bool now;

	if (!fits(f, x))
		return false;
	f->seen++;
	if (f->left) {
		f->left--;
		now = true;
	} else {
		now = f->plan.nth ? f->seen == f->plan.nth || (f->plan.stays && f->fired)
				  : (f->plan.stays && f->fired) ||
					    next_random(f) % 1000000 < f->plan.per_million;
		if (now && f->plan.times)
			f->left = f->plan.times - 1;
	}
	f->fired += now;
	return now;
}

static void stamp(struct fault *f, struct xact *x)
{
	x->at_us = clock_now_us(f->clock);
	x->got = 0;
	x->took_us = 0;
}

static int fail(struct xact *x, enum xact_outcome outcome, enum err_code code, int native,
		struct err *e)
{
	x->outcome = outcome;
	x->native = native;
	return err_set_native(e, code, native, "fault on purpose: %s", xact_outcome_name(outcome));
}

static int time_out(struct fault *f, struct xact *x, struct err *e)
{
	uint64_t us = (x->timeout_ms ? x->timeout_ms : TIMEOUT_MS) * 1000ull;

	clock_sleep_us(f->clock, us > x->took_us ? us - x->took_us : 0);
	x->took_us = us;
	x->got = 0;
	return fail(x, XACT_TIMEOUT, ERR_TIMEOUT, NATIVE_TIMEOUT, e);
}

static uint8_t status(const struct fault *f)
{
	return f->plan.status ? f->plan.status : STLINK_DEBUG_AP_WAIT;
}

static void flip_a_bit(struct fault *f, uint8_t *bytes, size_t len)
{
	uint32_t at = next_random(f);

	bytes[at / 8 % len] ^= (uint8_t)(1 << at % 8);
}

/* ---- one function a kind ---- */

static int lose_request(struct fault *f, struct xact *x, struct err *e)
{
	stamp(f, x);
	return time_out(f, x, e);
}

static int lose_reply(struct fault *f, struct xact *x, struct err *e)
{
	int rc = transport_xfer(f->inner, x, e);

	return rc ? rc : time_out(f, x, e);
}

static int stall(struct fault *f, struct xact *x, struct err *e)
{
	stamp(f, x);
	return fail(x, XACT_STALL, ERR_USB, NATIVE_PIPE, e);
}

static int cut_short(struct fault *f, struct xact *x, struct err *e)
{
	int rc = transport_xfer(f->inner, x, e);

	x->got /= 2;
	return rc ? rc : fail(x, XACT_SHORT, ERR_USB, 0, e);
}

static int garble(struct fault *f, struct xact *x, struct err *e)
{
	int rc = transport_xfer(f->inner, x, e);

	if (rc)
		return rc;
	x->got = 0;
	return fail(x, XACT_USB_ERROR, ERR_USB, NATIVE_IO, e);
}

static int change_status(struct fault *f, struct xact *x, struct err *e)
{
	int rc = transport_xfer(f->inner, x, e);

	if (!rc)
		x->data[0] = status(f);
	return rc;
}

static int refuse(struct fault *f, struct xact *x, struct err *e)
{
	(void)e;
	stamp(f, x);
	memset(x->data, 0, x->want);
	x->data[0] = status(f);
	x->got = x->want;
	x->outcome = XACT_OK;
	x->native = 0;
	return 0;
}

static int corrupt_read(struct fault *f, struct xact *x, struct err *e)
{
	int rc = transport_xfer(f->inner, x, e);

	if (!rc && x->got)
		flip_a_bit(f, x->data, x->got);
	return rc;
}

static int corrupt_write(struct fault *f, struct xact *x, struct err *e)
{
	uint8_t *lent = x->data, *wrong = malloc(x->want);
	int rc;

	if (!wrong)
		return err_set(e, ERR_NO_MEMORY, "fault on purpose: out of memory");
	memcpy(wrong, lent, x->want);
	flip_a_bit(f, wrong, x->want);
	x->data = wrong;
	rc = transport_xfer(f->inner, x, e);
	x->data = lent;
	free(wrong);
	return rc;
}

static int leave(struct fault *f, struct xact *x, struct err *e)
{
	f->gone = true;
	stamp(f, x);
	return fail(x, XACT_GONE, ERR_GONE, NATIVE_GONE, e);
}

static int (*const carry[FAULT_KINDS])(struct fault *, struct xact *, struct err *) = {
	[FAULT_REQUEST_LOST] = lose_request,
	[FAULT_REPLY_LOST] = lose_reply,
	[FAULT_STALL] = stall,
	[FAULT_SHORT] = cut_short,
	[FAULT_USB_ERROR] = garble,
	[FAULT_STATUS] = change_status,
	[FAULT_REFUSED] = refuse,
	[FAULT_CORRUPT_READ] = corrupt_read,
	[FAULT_CORRUPT_WRITE] = corrupt_write,
	[FAULT_GONE] = leave,
};

static int fault_xfer(struct transport *t, struct xact *x, struct err *e)
{
	struct fault *f = (struct fault *)t;

	if (f->gone)
		return leave(f, x, e);
	return fires(f, x) ? carry[f->plan.kind](f, x, e) : transport_xfer(f->inner, x, e);
}

static int fault_reopen(struct transport *t, struct err *e)
{
	struct fault *f = (struct fault *)t;
	/* A probe that was only said to be gone need not be able to come back. */
	int rc = f->gone && !f->inner->ops->reopen ? 0 : transport_reopen(f->inner, e);

	if (!rc)
		f->gone = false;
	return rc;
}

static void fault_mark(struct transport *t, const char *text)
{
	transport_mark(((struct fault *)t)->inner, text);
}

static void fault_close(struct transport *t)
{
	transport_close(((struct fault *)t)->inner);
	free(t);
}

static const struct transport_ops ops = {
	.name = "fault",
	.xfer = fault_xfer,
	.reopen = fault_reopen,
	.mark = fault_mark,
	.close = fault_close,
};

int transport_fault_new(struct transport *inner, const struct fault_plan *plan,
			const struct clock *clock, struct transport **ret, struct err *e)
{
	struct fault *f = calloc(1, sizeof(*f));

	if (!f)
		return err_set(e, ERR_NO_MEMORY, "out of memory");
	f->t.ops = &ops;
	f->inner = inner;
	f->plan = *plan;
	f->clock = clock;
	f->random = 0x9e3779b97f4a7c15ULL ^ plan->seed;
	*ret = &f->t;
	return 0;
}

unsigned transport_fault_fired(const struct transport *t)
{
	return ((const struct fault *)t)->fired;
}

unsigned transport_fault_seen(const struct transport *t)
{
	return ((const struct fault *)t)->seen;
}
