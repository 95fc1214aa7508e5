/* A target behind an ST-LINK: its lines, its supply, its sessions. See target_stlink.h. */
#include "probe/target_stlink_internal.h"

#include <string.h>

#include "probe/dap.h"

struct stlink *target_stlink_begin(struct target *t)
{
	struct target_stlink *ts = (struct target_stlink *)t;

	ts->s->deadline = t->deadline;
	ts->s->most_bytes = (unsigned)t->block_bytes;
	ts->s->has_fault_address = false;
	return ts->s;
}

int target_stlink_end(struct target *t, int rc)
{
	struct stlink *s = ((struct target_stlink *)t)->s;

	t->waits = s->waits;
	t->has_fault_address = rc == ERR_STATUS && s->has_fault_address;
	t->fault_address = s->fault_address;
	return rc;
}

/* ---- lines, supply, speed ---- */

static int ts_nrst(struct target *t, enum target_nrst level, struct err *e)
{
	return target_stlink_end(
		t, stlink_drive_nrst(target_stlink_begin(t),
				     level == TARGET_NRST_LOW ? STLINK_NRST_LOW : STLINK_NRST_HIGH,
				     e));
}

static int ts_voltage(struct target *t, struct target_voltage *ret, struct err *e)
{
	struct stlink_voltage v;
	int rc = target_stlink_end(t, stlink_read_voltage(target_stlink_begin(t), &v, e));

	if (!rc)
		*ret = (struct target_voltage){ v.mv, v.trust == STLINK_TRUST_GOOD };
	return rc;
}

static int ts_set_khz(struct target *t, uint32_t khz, uint32_t *ret_khz, struct err *e)
{
	struct target_stlink *ts = (struct target_stlink *)t;
	int rc = target_stlink_end(
		t, stlink_set_khz(target_stlink_begin(t), ts->link, khz, ret_khz, e));

	if (!rc)
		ts->khz = khz;
	return rc;
}

static int ts_list_khz(struct target *t, uint32_t *ret, size_t max, size_t *ret_n, struct err *e)
{
	uint32_t list[STLINK_KHZ_MAX];
	size_t n;
	int rc = target_stlink_end(t,
				   stlink_khz_list(target_stlink_begin(t),
						   ((struct target_stlink *)t)->link, list, &n, e));

	if (rc)
		return rc;
	*ret_n = n < max ? n : max;
	memcpy(ret, list, *ret_n * sizeof(list[0]));
	return 0;
}

static uint32_t ts_khz(const struct target *t)
{
	return ((const struct target_stlink *)t)->s->khz;
}

/* ---- sessions ---- */

static int drive_for(struct stlink *s, enum target_connect how, struct err *e)
{
	if (how == TARGET_CONNECT_HOT_PLUG || !stlink_can(s, STLINK_GATE_DRIVE_NRST))
		return 0;
	return stlink_drive_nrst(
		s, how == TARGET_CONNECT_UNDER_RESET ? STLINK_NRST_LOW : STLINK_NRST_HIGH, e);
}

/* Some chips (WBA) have nothing behind the first access port's number, and the core behind the
 * next. */
static int open_port(struct target_stlink *ts, struct err *e)
{
	struct err first = { 0 };
	int rc = stlink_ap_open(ts->s, ts->ap, &first);

	if (rc == ERR_STATUS && !ts->ap && first.native == STLINK_DEBUG_BAD_AP &&
	    !stlink_ap_open(ts->s, 1, NULL)) {
		ts->ap = 1;
		return 0;
	}
	if (rc && e)
		*e = first;
	return rc;
}

/* The line is driven before and after ENTER, as some firmware forgets it there. */
static int ts_connect(struct target *t, enum target_connect how, struct err *e)
{
	struct target_stlink *ts = (struct target_stlink *)t;
	struct stlink *s = target_stlink_begin(t);
	int rc = s->version.hardware ? 0 : stlink_open(s, e);

	if (!rc)
		rc = stlink_leave(s, NULL, e);
	if (!rc && ts->khz)
		rc = stlink_set_khz(s, ts->link, ts->khz, NULL, e);
	if (!rc)
		rc = drive_for(s, how, e);
	if (!rc)
		rc = stlink_enter(s, ts->link, e);
	if (!rc && how == TARGET_CONNECT_UNDER_RESET)
		rc = drive_for(s, how, e);
	if (!rc)
		rc = open_port(ts, e);
	return target_stlink_end(t, rc);
}

static int ts_hello(struct target *t, struct err *e)
{
	return target_stlink_end(t, stlink_open(target_stlink_begin(t), e));
}

static int ts_reopen(struct target *t, struct err *e)
{
	struct stlink *s = target_stlink_begin(t);
	int rc = target_stlink_end(t, transport_reopen(s->t, e));

	return rc ? rc : ts_hello(t, e);
}

static int ts_clear_errors(struct target *t, uint32_t *ret_were, struct err *e)
{
	return target_stlink_end(t, dap_clear_sticky(target_stlink_begin(t), ret_were, e));
}

/* The core of every chip with several ports is behind one of the first two. */
static int ts_next_port(struct target *t, struct err *e)
{
	struct target_stlink *ts = (struct target_stlink *)t;
	struct stlink *s = target_stlink_begin(t);
	int rc = ts->ap ? err_set(e, ERR_UNSUPPORTED, "no access port is left")
			: stlink_ap_open(s, 1, e);

	if (!rc)
		ts->ap = 1;
	return target_stlink_end(t, rc);
}

static void ts_mark(struct target *t, const char *text)
{
	transport_mark(((struct target_stlink *)t)->s->t, text);
}

static const struct target_ops ops = {
	.name = "stlink",
	.read = target_stlink_read,
	.write = target_stlink_write,
	.write_wide = target_stlink_write_wide,
	.read_wide = target_stlink_read_wide,
	.words = target_stlink_words,
	.core_read = target_stlink_core_read,
	.core_write = target_stlink_core_write,
	.nrst = ts_nrst,
	.voltage = ts_voltage,
	.set_khz = ts_set_khz,
	.list_khz = ts_list_khz,
	.khz = ts_khz,
	.connect = ts_connect,
	.reopen = ts_reopen,
	.hello = ts_hello,
	.clear_errors = ts_clear_errors,
	.next_port = ts_next_port,
	.mark = ts_mark,
};

void target_stlink_init(struct target_stlink *ts, struct stlink *s, uint8_t ap,
			enum stlink_link link, uint32_t khz)
{
	*ts = (struct target_stlink){
		.t = { .ops = &ops, .clock = s->clock, .block_bytes = STLINK_MAX_RW },
		.s = s,
		.ap = ap,
		.link = link,
		.khz = khz,
	};
}
