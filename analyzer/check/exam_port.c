/* The debug port: its id again and again, and its power. */
#include "analyzer/check/exam_internal.h"

#define ID_READS      48
#define ID_READS_SLOW 300
#define ID_READS_MANY 2000 /* with consent: a check without it takes less than 400 transactions */
#define PAIRS	      24   /* of questions in turn, for answers that belong to the other one */
#define PAIRS_MANY    250
#define BAD_ENOUGH    40 /* more would not make the rate any clearer */
#define ROW	      6	 /* failures after which it is no noise */
#define SLOW_KHZ      480

struct ids {
	unsigned n, bad; /* how many were read, and how often it was another one, or none */
};

/* DPIDR at the present speed. What the port refuses in good order is no bit that went wrong. */
static int read_ids(struct exam *x, unsigned n, struct ids *ret, struct err *e)
{
	struct err now = { 0 };
	uint32_t id = 0;
	unsigned row = 0;
	int rc = 0;

	*ret = (struct ids){ 0 };
	while (!rc && ret->n < n && ret->bad < BAD_ENOUGH && x->reached & EXAM_HAS_LINK) {
		bool bad, refused;

		rc = dap_read_id(x->s, &id, &now);
		if (rc && rc != ERR_STATUS)
			break;
		refused = rc && exam_is_refused(now.native);
		bad = !refused && (rc || (x->dpidr && id != x->dpidr));
		ret->n++;
		ret->bad += bad;
		row = rc || bad ? row + 1 : 0;
		if (!rc && !bad)
			x->dpidr = id;
		if (refused && row >= ROW)
			break;
		if (rc == ERR_STATUS)
			rc = row == ROW ? exam_look_for_contact(x, &now) : exam_mend(x, &now);
	}
	if (rc == ERR_STATUS)
		return 0;
	if (rc && e)
		*e = now;
	return rc;
}

static void tell_ids(struct exam *x, const struct ids *ids)
{
	if (!ids->n)
		return;
	exam_say(x, EVENT_LINK_READS,
		 EXAM_VALUES(EXAM_NUM(x->khz), EXAM_NUM(ids->n), EXAM_NUM(0), EXAM_NUM(ids->bad)),
		 "DPIDR 0x%08x read %u times at %u kHz, %u times not", x->dpidr, ids->n, x->khz,
		 ids->bad);
	exam_say(x, EVENT_LINK_RATE,
		 EXAM_VALUES(EXAM_NUM(x->khz), EXAM_NUM((int64_t)ids->bad * 1000000000 / ids->n),
			     EXAM_NO_VALUE, EXAM_TEXT("read")),
		 "at %u kHz %u of %u transfers go wrong", x->khz, ids->bad, ids->n);
}

/* Is it better when it is slower? Then it stays slow. */
static int read_ids_slowly(struct exam *x, struct err *e)
{
	struct ids ids;
	int rc;

	if (!(x->reached & EXAM_HAS_LINK))
		return 0;
	rc = stlink_set_khz(x->s, x->link, SLOW_KHZ, &x->khz, e);
	if (!rc)
		rc = read_ids(x, ID_READS_SLOW, &ids, e);
	if (rc)
		return rc;
	tell_ids(x, &ids);
	x->first_khz = SLOW_KHZ;
	return 0;
}

/* Only a port that seems to be in order is worth the time. */
static int read_ids_more(struct exam *x, struct err *e)
{
	struct ids ids;
	int rc = 0;

	bool many = x->o->allow_reset && !x->o->connect_only;

	rc = exam_look_for_stale(x, many ? PAIRS_MANY : PAIRS, e);
	if (rc || !many || !(x->reached & EXAM_HAS_LINK))
		return rc;
	rc = read_ids(x, ID_READS_MANY, &ids, e);
	if (!rc)
		tell_ids(x, &ids);
	return rc;
}

int exam_debug_port(struct exam *x, struct err *e)
{
	struct err now = { 0 };
	struct ids ids;
	uint32_t stat;
	int rc = read_ids(x, ID_READS, &ids, e);

	if (rc)
		return rc;
	tell_ids(x, &ids);
	if (!ids.bad && x->dpidr)
		rc = read_ids_more(x, e);
	else if (ids.bad && (x->s->version.hardware >= 3 || stlink_can(x->s, STLINK_GATE_SWD_FREQ)))
		rc = read_ids_slowly(x, e);
	if (rc || !(x->reached & EXAM_HAS_LINK) || !stlink_can(x->s, STLINK_GATE_DAP_REG))
		return rc;
	rc = dap_read_status(x->s, &stat, &now);
	if (!rc && (stat & DAP_POWER_ACKS) != DAP_POWER_ACKS)
		exam_say(x, EVENT_DP_ERROR, EXAM_VALUES(EXAM_TEXT("power-up")),
			 "CTRL/STAT 0x%08x: power is not acknowledged", stat);
	if (rc && rc != ERR_STATUS && e)
		*e = now;
	return rc == ERR_STATUS ? 0 : rc;
}
