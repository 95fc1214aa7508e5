/* Failed steps to events: see flash_events.h. */
#include "analyzer/flash/flash_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/event/event_mark.h"
#include "flash/outcome.h"

struct teller {
	struct events *ev;
	uint64_t packet;
};

static void tell(const struct teller *t, enum event_kind kind, const struct event_value *v,
		 const char *text)
{
	struct event e = { .kind = kind,
			   .pattern = -1,
			   .times = 1,
			   .line = t->packet,
			   .last_line = t->packet,
			   .text = text };

	for (unsigned i = 0; v && i < EVENT_FIELDS_MAX && v[i].has; i++)
		e.v[i] = v[i];
	event_add(t->ev, &e);
}

static void tell_number(const struct teller *t, enum event_kind kind, int64_t num, const char *text)
{
	const struct event_value v[EVENT_FIELDS_MAX] = { { .has = true, .num = num } };

	tell(t, kind, v, text);
}

/* ---- what is in the option bytes ---- */

static void tell_options(const struct teller *t, const struct option_state *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const char *name = s->values[i].field->name;
		char text[80];

		snprintf(text, sizeof(text), "option %s is 0x%x", name, s->values[i].value);
		if (!strcmp(name, "rdp") && s->values[i].value)
			tell(t, EVENT_PROTECT_READ, NULL, text);
		if (!strcmp(name, "write-protected") && s->values[i].value)
			tell(t, EVENT_PROTECT_WRITE, NULL, text);
	}
}

/* ---- the step that failed ---- */

static const enum event_kind step_kinds[FAULT_STEPS] = {
	[FAULT_STEP_LOADER] = EVENT_FLASH_LOADER_FAILED,
	[FAULT_STEP_UNLOCK] = EVENT_FLASH_UNLOCK_FAILED,
	[FAULT_STEP_ERASE] = EVENT_FLASH_ERASE_FAILED,
	[FAULT_STEP_MASS_ERASE] = EVENT_FLASH_ERASE_FAILED,
	[FAULT_STEP_PROGRAM] = EVENT_FLASH_WRITE_FAILED,
	[FAULT_STEP_VERIFY] = EVENT_FLASH_VERIFY_FAILED,
};

static void tell_step(const struct teller *t, const struct flash_fault *f, const char *text)
{
	enum event_kind kind = step_kinds[f->step];
	const struct event_value why[EVENT_FIELDS_MAX] = {
		{ .has = true, .text = fault_loader_name(f->loader) }
	};

	if (kind == EVENT_FLASH_LOADER_FAILED)
		tell(t, kind, why, text);
	else if (kind == EVENT_FLASH_UNLOCK_FAILED || (kind && !f->has_address))
		tell(t, kind, NULL, text);
	else if (kind)
		tell_number(t, kind, f->address, text);
}

/* Before the work, and where it failed. */
static void tell_trend(const struct teller *t, const struct flash_fault *f, const char *text)
{
	int a = f->voltage_before.mv, b = f->voltage.mv;
	int least = a < b ? a : b, most = a < b ? b : a;
	const struct event_value v[EVENT_FIELDS_MAX] = { { .has = true, .num = least },
							 { .has = true, .num = most },
							 { .has = true, .num = most - least },
							 { .has = true, .num = 2 } };

	if (f->has_voltage && f->had_voltage)
		tell(t, EVENT_VOLTAGE_TREND, v, text);
}

/* While flash was erased or programmed; a chip that was reset drew no current any more. */
static void tell_load(const struct teller *t, const struct flash_fault *f, const char *text)
{
	int rest = f->voltage_before.mv, sag = rest - f->least_mv;
	const struct event_value v[EVENT_FIELDS_MAX] = { { .has = true, .num = rest },
							 { .has = true, .num = f->least_mv },
							 { .has = true,
							   .num = sag > 0 ? sag : 0 } };

	if (f->has_least && f->had_voltage)
		tell(t, EVENT_VOLTAGE_LOAD, v, text);
}

static void tell_resets(const struct teller *t, const struct flash_fault *f, const char *text)
{
	const struct event_value watchdog[EVENT_FIELDS_MAX] = { { .has = true, .text = "iwdg" } };
	const struct event_value window[EVENT_FIELDS_MAX] = { { .has = true, .text = "wwdg" } };

	if (f->resets & CORTEXM_CAUSE_POWER)
		tell(t, EVENT_POWER_LOST, NULL, text);
	if (f->resets & CORTEXM_CAUSE_IWDG)
		tell(t, EVENT_RESET_CAUSE, watchdog, text);
	if (f->resets & CORTEXM_CAUSE_WWDG)
		tell(t, EVENT_RESET_CAUSE, window, text);
}

static void tell_fault(const struct teller *t, const struct flash_fault *f)
{
	struct buf text = { 0 };

	fault_write_text(f, &text);
	for (size_t i = 0; i < f->n_bits; i++) {
		/* As the rules spell it, whatever the family calls the bit. */
		const char *flag = strstr(f->bits[i].name, "WRP") ? "protected" : f->bits[i].name;
		const struct event_value v[EVENT_FIELDS_MAX] = { { .has = true, .num = f->sr },
								 { .has = true, .text = flag } };

		tell(t, EVENT_FLASH_ERROR, v, buf_str(&text));
	}
	if (f->is_protected)
		tell(t, EVENT_PROTECT_READ, NULL, buf_str(&text));
	tell_step(t, f, buf_str(&text));
	if (f->has_voltage)
		tell_number(t, EVENT_TARGET_VOLTAGE, f->voltage.mv, buf_str(&text));
	tell_trend(t, f, buf_str(&text));
	tell_load(t, f, buf_str(&text));
	tell_resets(t, f, buf_str(&text));
	buf_done(&text);
}

/* ---- what was done ---- */

static void tell_done(const struct teller *t, const struct flash_outcome *o)
{
	char text[80];

	if (o->bytes_programmed) {
		snprintf(text, sizeof(text), "%" PRIu64 " bytes were programmed",
			 o->bytes_programmed);
		tell_number(t, EVENT_FLASH_WROTE, (int64_t)o->bytes_programmed, text);
	}
	if (o->done && o->bytes_verified) {
		snprintf(text, sizeof(text), "%" PRIu64 " bytes were read back and are right",
			 o->bytes_verified);
		tell(t, EVENT_FLASH_VERIFIED, NULL, text);
	}
}

/*
 * What a run ended with comes last: bytes that were programmed before the failure are no good end.
 * What was got over is told where it happened, or here if nobody listened.
 */
static void tell_outcome(const struct teller *t, const struct flash_outcome *o,
			 unsigned faults_told)
{
	/* What the user cut short did not fail. */
	bool failed = o->fault.step != FAULT_STEP_NONE && o->fault.link.code != ERR_INTERRUPTED;

	if (failed && o->done && !faults_told)
		tell_fault(t, &o->fault);
	tell_done(t, o);
	if (failed && !o->done)
		tell_fault(t, &o->fault);
}

/* Words that went wrong without a word of it. */
static void tell_wrong_words(const struct teller *t, uint32_t khz, uint64_t wrong)
{
	struct event e = { .kind = EVENT_LINK_READS,
			   .pattern = -1,
			   .times = 1,
			   .line = t->packet,
			   .last_line = t->packet,
			   .text = "words went wrong with a good parity" };

	e.v[0] = (struct event_value){ .has = khz != 0, .num = khz };
	e.v[2] = (struct event_value){ .has = true, .num = (int64_t)wrong };
	if (wrong)
		event_add(t->ev, &e);
}

void flash_events_tell_words(const struct flash_session *s, uint64_t packet, struct events *ev)
{
	tell_wrong_words(&(struct teller){ ev, packet ? packet : 1 }, target_khz(s->t),
			 s->care.mended + s->care.wrong_words);
}

void flash_events_tell(const struct flash_report *r, uint64_t packet, struct events *ev)
{
	const struct teller t = { ev, packet ? packet : 1 };
	const struct event_value name[EVENT_FIELDS_MAX] = {
		{ .has = true, .text = r->id.chip ? r->id.chip->name : NULL }
	};

	if (r->has_chip)
		tell_number(&t, EVENT_CHIP_ID, r->id.dev_id, "the device id");
	if (r->has_chip && r->id.chip)
		tell(&t, EVENT_CHIP_NAME, name, r->id.chip->name);
	tell_options(&t, &r->options);
	tell_wrong_words(&t, r->tries.khz, r->tries.mended + r->tries.wrong_words);
	if (r->has_outcome)
		tell_outcome(&t, &r->outcome, r->faults_told);
}

void flash_events_tell_fault(const struct flash_fault *f, uint64_t packet, struct events *ev)
{
	tell_fault(&(struct teller){ ev, packet ? packet : 1 }, f);
}

void flash_events_tell_try(const struct flash_try *one, uint64_t packet, struct events *ev)
{
	const struct teller t = { ev, packet ? packet : 1 };
	const struct event_value v[EVENT_FIELDS_MAX] = {
		{ .has = true, .text = one->how->name },
		{ .has = true, .text = try_result_name(one->result) },
		{ .has = true, .text = fault_step_name(one->step) },
	};
	char text[EVENT_TEXT_MAX];

	snprintf(text, sizeof(text), "recovery %s (%s) after step %s: %s", one->how->name,
		 one->how->says, fault_step_name(one->step), try_result_name(one->result));
	tell(&t, EVENT_RECOVERY_RESULT, v, text);
}

/* ---- into the trace ---- */

/* A mark for each line; columns of blanks become one. */
static void mark_lines(struct transport *t, const char *text)
{
	char line[EVENT_TEXT_MAX];
	size_t n = 0;

	for (;; text++) {
		bool ends = *text == '\n' || !*text;

		if (ends && n) {
			line[n] = '\0';
			transport_mark(t, line);
		}
		if (!*text)
			return;
		if (ends)
			n = 0;
		else if (n + 1 < sizeof(line) && (*text != ' ' || (n && line[n - 1] != ' ')))
			line[n++] = *text;
	}
}

void flash_events_mark(const struct flash_report *r, struct transport *t)
{
	struct events *ev = events_new();
	struct buf text;

	buf_init(&text);
	flash_events_tell(r, 1, ev);
	for (size_t i = 0; i < r->tries.n; i++)
		flash_events_tell_try(&r->tries.at[i], 1, ev);
	for (size_t i = 0; i < events_len(ev); i++) {
		event_mark_write(events_at(ev, i), &text);
		transport_mark(t, buf_str(&text));
		buf_clear(&text);
	}
	if (r->has_outcome)
		outcome_write_text(&r->outcome, &text);
	mark_lines(t, buf_str(&text));
	buf_done(&text);
	events_free(ev);
}
