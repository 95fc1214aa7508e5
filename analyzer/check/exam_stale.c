/*
 * Answers that belong to the question before: a probe, or what lies between it and the program,
 * that hands out once more what is left in a buffer. No status says so, and every value is one that
 * was right a moment ago.
 */
#include "analyzer/check/exam_internal.h"

#include "probe/dap.h"

/* Two questions in turn whose answers cannot be the same. */
struct turns {
	unsigned asked, stale;
	uint32_t stat; /* as it was read last */
};

static int ask_twice(struct exam *x, struct turns *t, struct err *e)
{
	uint32_t stat = 0, id = 0;
	int rc = dap_read_status(x->s, &stat, e);

	if (rc)
		return rc;
	t->asked++;
	t->stale += stat == x->dpidr;
	t->stat = stat == x->dpidr ? t->stat : stat;
	rc = dap_read_id(x->s, &id, e);
	if (rc)
		return rc;
	t->asked++;
	t->stale += id != x->dpidr && id == t->stat;
	return 0;
}

/* Errors are the other steps' affair: after one no more is asked. */
int exam_look_for_stale(struct exam *x, unsigned pairs, struct err *e)
{
	struct turns t = { 0 };
	int rc = 0;

	if (x->link != STLINK_LINK_SWD || !stlink_can(x->s, STLINK_GATE_DAP_REG) || !x->dpidr ||
	    !(x->reached & EXAM_HAS_LINK))
		return 0;
	while (!rc && t.asked < 2 * pairs)
		rc = ask_twice(x, &t, e);
	if (t.asked)
		exam_say(x, EVENT_LINK_STALE, EXAM_VALUES(EXAM_NUM(t.asked), EXAM_NUM(t.stale)),
			 "two registers of the port read in turn, %u times: %u answers were the "
			 "other's",
			 t.asked, t.stale);
	return rc == ERR_STATUS ? exam_mend(x, e) : rc;
}
