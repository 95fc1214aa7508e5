/*
 * The mistakes found in rule files, told one after the other: place, code, text, the line with a
 * caret, and the word that was probably meant. Bounded; the rest is counted.
 */
#ifndef SWDOCTOR_RULE_REPORT_H
#define SWDOCTOR_RULE_REPORT_H

#include "analyzer/rule/rule_base.h"
#include "probe/base/buf.h"

#define RULE_REPORT_MAX 50 /* messages that are shown */

enum rule_code {
#define RULE_CODE(id, code, kind, text) RULE_##id,
#include "analyzer/rule/rule_codes.def"
#undef RULE_CODE
	RULE_CODES
};

struct rule_report {
	struct buf errors_text, warnings_text;
	size_t errors, warnings;
};

/* A mistake at a node of a file. */
void rule_complain(struct rule_report *rep, const struct rule_file *f, uint32_t node,
		   enum rule_code code, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The same; `near` (or NULL) is the known word that was probably meant. */
void rule_complain_near(struct rule_report *rep, const struct rule_file *f, uint32_t node,
			enum rule_code code, const char *near, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* The same for a file that has no tree. */
void rule_complain_yaml(struct rule_report *rep, const struct rule_file *f,
			const struct yaml_mistake *m);
/* No more messages will be shown, so looking for the word that was meant is of no use. */
static inline bool rule_report_is_full(const struct rule_report *rep)
{
	return rep->errors >= RULE_REPORT_MAX;
}

/* All messages, errors first, with a last line if there were too many. */
void rule_report_print(const struct rule_report *rep, bool warnings, struct buf *out);
void rule_report_done(struct rule_report *rep);

#endif
