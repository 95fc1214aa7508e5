/* Diagnoses as the judge would give them, to be reported. */
#ifndef SWDOCTOR_TESTS_REPORT_CASES_H
#define SWDOCTOR_TESTS_REPORT_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <locale.h>

#include "analyzer/report/report.h"

static const struct event voltage = {
	.kind = EVENT_TARGET_VOLTAGE,
	.line = 4,
	.last_line = 4,
	.times = 1,
	.text = "Info : Target voltage: 1.552756",
};
static const struct event lost = {
	.kind = EVENT_LINK_LOST,
	.line = 12,
	.last_line = 40,
	.times = 6,
	.text = "Error: jtag status contains invalid mode value - communication failure \x1b[31m"
		"\xe2\x80\xae",
};

static const struct evidence low_evidence[] = {
	{ .db = 14,
	  .says = "below the range of every part \xe2\x80\x93 and of every probe, whatever is "
		  "asked of it",
	  .fact = "target.vtref_mv",
	  .events = { &voltage },
	  .n_events = 1 },
	{ .db = 4.5, .says = "the link broke", .events = { &lost, &voltage }, .n_events = 2 },
	{ .db = -2, .says = "", .fact = "usb.opened" },
};
static const struct finding_remedy remedies[] = {
	{ "measure", "Measure VDD at the chip; expect 1.8 to 3.6 V.", "seconds", "none", 0.6 },
	{ "reset", "Reset it.", "minutes", "resets", 0.3 },
	{ "again", "Do it again.", "minutes", "none", 0.1 },
};
static const struct evidence other_evidence[] = {
	{ .db = -14, .says = "the debug port answered", .events = { &lost }, .n_events = 1 },
};
static const struct finding findings[] = {
	{ .cause = "volts-low",
	  .title = "The supply is too low",
	  .hop = "power",
	  .cls = "hardware",
	  .exit_code = 6,
	  .confidence = 0.934,
	  .word = WORD_LIKELY,
	  .score = 12.5,
	  .evidence = low_evidence,
	  .n_evidence = 3,
	  .remedies = remedies,
	  .n_remedies = 3 },
	{ .cause = "wires-open",
	  .title = "No wires",
	  .hop = "swd",
	  .cls = "hardware",
	  .confidence = 0.01,
	  .word = WORD_NONE,
	  .score = -20,
	  .evidence = other_evidence,
	  .n_evidence = 1 },
};
static const struct hop_result hops[] = {
	{ "host", "Host", HOP_OK, NULL },
	{ "power", "Power", HOP_BAD, &voltage },
	{ "swd", "SWD link", HOP_BAD, &lost },
	{ "core", "Core", HOP_NOT_TESTED, NULL },
	{ "flash", "Flash", HOP_CANNOT_TELL, NULL },
};
static const char *const symptoms[] = { "the link was lost" };
static const char *const notes[] = { "The sense wire alone does not stop flashing." };
static const char *const not_evaluated[] = { "no-probe" };
static const struct fact_value facts[] = {
	{ "chip.id", "device id", "", EVENT_HEX, 0x413, NULL },
	{ "dp.answered", "it answered", "", EVENT_ABSENT, 1, NULL },
	{ "target.vtref_mv", "VTref", "mV", EVENT_INT, 1553, NULL },
	{ "tool.name", "tool", "", EVENT_TEXT, 0, "openocd" },
	{ "wide", "wide", "", EVENT_INT, ((int64_t)1 << 53) + 1, NULL },
};

static const struct diagnosis sick = {
	.verdict = VERDICT_PROBLEM,
	.findings = findings,
	.n_findings = 2,
	.healthy_share = 0.001,
	.leak_share = 0.055,
	.not_evaluated = not_evaluated,
	.n_not_evaluated = 1,
	.hops = hops,
	.n_hops = 5,
	.symptoms = symptoms,
	.n_symptoms = 1,
	.notes = notes,
	.n_notes = 1,
	.facts = facts,
	.n_facts = 5,
	.next_fact = "nrst.wired",
	.next_test = "Look whether NRST is wired.",
	.first = &remedies[0],
};

static const struct source_stats stats = { .bytes = 4096,
					   .lines = 47,
					   .recognised_lines = 40,
					   .unrecognised_lines = 3,
					   .tool = "openocd",
					   .tool_version = "0.10.0",
					   .tool_confidence = 1 };

static const struct report_style plain = { .term.columns = 80 };

static inline char *text_of(const struct diagnosis *d, const struct report_style *style)
{
	struct events *ev = events_new();
	struct report r = {
		.command = "analyze", .input = "flash.log", .d = d, .events = ev, .stats = &stats
	};
	struct buf out;

	buf_init(&out);
	report_text(&r, style, &out);
	events_free(ev);
	return buf_detach(&out);
}

static inline int utf8_locale(void **state)
{
	(void)state;
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

#endif
