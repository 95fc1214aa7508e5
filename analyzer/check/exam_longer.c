/*
 * Looking longer where a first look has left a doubt: the core's resets, the supply, the cable, the
 * wires. Taken only when the answer would tell the leading causes apart.
 */
#include "analyzer/check/exam_internal.h"

#include "probe/coresight_regs.h"

/* ---- the core ---- */

#define WATCH_LOOKS 60
#define WATCH_MS    50

int exam_watch_long(struct exam *x, struct err *e)
{
	unsigned looks = 0, resets = 0;
	int rc = 0;

	for (unsigned i = 0; !rc && i < WATCH_LOOKS && x->reached & EXAM_HAS_LINK; i++) {
		unsigned status;
		uint32_t word;

		rc = exam_word(x, CORESIGHT_DHCSR, &word, &status, e);
		/* The first look tells of what was before. */
		if (!rc && !status && i) {
			looks++;
			resets += !!(word & DHCSR_S_RESET_ST);
		}
		if (!rc)
			rc = exam_sleep_ms(x, WATCH_MS, e);
	}
	if (!rc && looks)
		exam_say(x, EVENT_CORE_WATCHED_LONG, EXAM_VALUES(EXAM_NUM(looks), EXAM_NUM(resets)),
			 "watched for %u ms more, the core was reset %u times", looks * WATCH_MS,
			 resets);
	return rc;
}

/* ---- the supply ---- */

#define SUPPLY_SAMPLES 300
#define SUPPLY_MS      4

int exam_supply_long(struct exam *x, struct err *e)
{
	int least = INT32_MAX, most = 0, rc = 0;
	unsigned n = 0;

	for (unsigned i = 0; !rc && i < SUPPLY_SAMPLES; i++) {
		struct stlink_voltage v = { 0 };

		if (!stlink_can(x->s, STLINK_GATE_VOLTAGE))
			return 0;
		rc = stlink_read_voltage(x->s, &v, e);
		if (rc == ERR_PROTOCOL)
			rc = 0;
		else if (!rc) {
			n++;
			least = v.mv < least ? v.mv : least;
			most = v.mv > most ? v.mv : most;
		}
		if (!rc)
			rc = exam_sleep_ms(x, SUPPLY_MS, e);
	}
	if (!rc && n)
		exam_say(x, EVENT_VOLTAGE_LONG,
			 EXAM_VALUES(EXAM_NUM(least), EXAM_NUM(most - least), EXAM_NUM(n)),
			 "VTref watched closely, %u times: %d to %d mV", n, least, most);
	return rc;
}

/* ---- the cable ---- */

#define ASKS 200

int exam_usb_long(struct exam *x, struct err *e)
{
	unsigned failed = 0, asks = 0;
	int rc = 0;

	for (unsigned i = 0; !rc && i < ASKS; i++) {
		uint8_t mode;

		rc = stlink_read_mode(x->s, &mode, e);
		asks++;
		if (!exam_is_usb(rc))
			continue;
		failed++;
		rc = exam_recover(x) ? 0 : rc;
	}
	if (!rc)
		exam_say(x, EVENT_USB_ASKED, EXAM_VALUES(EXAM_NUM(asks), EXAM_NUM(failed)),
			 "asked %u times more, the probe failed to answer %u times", asks, failed);
	if (!rc && failed)
		exam_attach_again(x);
	return rc;
}
