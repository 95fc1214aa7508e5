/* The target's supply, seen by the probe: how much, how steady, and what the reading is worth. */
#include "analyzer/check/exam_internal.h"

#define SAMPLES	      8
#define SAMPLES_END   4
#define SAMPLE_GAP_MS 10

int exam_sample_voltage(struct exam *x, struct err *e)
{
	struct stlink_voltage v;
	int rc;

	if (!stlink_can(x->s, STLINK_GATE_VOLTAGE))
		return ERR_UNSUPPORTED;
	rc = stlink_read_voltage(x->s, &v, e);
	if (!rc && x->n_voltages < EXAM_VOLTAGES_MAX)
		x->voltage[x->n_voltages++] = v.mv;
	return rc;
}

static void tell_trend(struct exam *x)
{
	int least = x->voltage[0], most = x->voltage[0];
	/* A copy's voltmeter may hang on its own supply. */
	bool maybe_own = x->s->version.generation == STLINK_V2;

	for (size_t i = 1; i < x->n_voltages; i++) {
		least = x->voltage[i] < least ? x->voltage[i] : least;
		most = x->voltage[i] > most ? x->voltage[i] : most;
	}
	maybe_own &= least >= 3100 && most <= 3500;
	exam_say(x, EVENT_VOLTAGE_TREND,
		 EXAM_VALUES(EXAM_NUM(least), EXAM_NUM(most), EXAM_NUM(most - least),
			     EXAM_NUM((int64_t)x->n_voltages)),
		 "VTref read %zu times: %d to %d mV", x->n_voltages, least, most);
	exam_say(x, EVENT_VOLTAGE_TRUST, EXAM_VALUES(EXAM_TEXT(maybe_own ? "maybe-own" : "good")),
		 "%s",
		 maybe_own ? "a copy of this probe may be reading its own 3.3 V"
			   : "the reading is the target's");
}

static int sample(struct exam *x, unsigned n, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < n; i++) {
		rc = exam_sample_voltage(x, e);
		if (!rc && i + 1 < n)
			rc = exam_sleep_ms(x, SAMPLE_GAP_MS, e);
	}
	return rc == ERR_UNSUPPORTED || rc == ERR_PROTOCOL ? 0 : rc;
}

int exam_power(struct exam *x, struct err *e)
{
	return sample(x, SAMPLES, e);
}

int exam_power_end(struct exam *x, struct err *e)
{
	int rc = sample(x, SAMPLES_END, e);

	if (x->n_voltages)
		tell_trend(x);
	return rc;
}

/* A supply that gives way under the program's load recovers while the core is stopped. */
int exam_power_halted(struct exam *x, struct err *e)
{
	struct err now = { 0 };
	int rc;

	if (x->held || x->under_reset || x->locked_up)
		return 0;
	rc = exam_halt(x, &now);
	if (!rc)
		rc = sample(x, SAMPLES_END, &now);
	if (!exam_is_usb(rc) && !exam_is_over(rc)) {
		int gone = exam_let_go(x, rc ? NULL : &now);

		rc = rc ? rc : gone;
	}
	if (rc == ERR_STATUS || rc == ERR_PROTOCOL)
		return 0;
	if (rc && e)
		*e = now;
	return rc;
}
