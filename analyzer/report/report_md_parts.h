/* What report_md.c and the files that fill its blanks (report_md_{text,found,blanks}.c) share. */
#ifndef SWDOCTOR_REPORT_MD_PARTS_H
#define SWDOCTOR_REPORT_MD_PARTS_H

#include "analyzer/report/report_md.h"

/* Of a trace; the whole of it can be attached, and few rows beside a failure say anything. */
#define MD_ROWS_OF_CONTEXT 60

struct md {
	struct report_input *in;
	const struct connector *connector;
	size_t context; /* lines of the excerpt on either side */
	struct buf *out;
};

/* Adds what fills the blank; nothing where it is not known. */
void md_fill(struct md *m, unsigned blank);

/* As it is, control characters shown: of the rules, which may hold Markdown, or inside a fence. */
void md_add_words(struct md *m, const char *text);
/* Of the input: what Markdown would take for its own is escaped, control characters are shown. */
void md_add_text(struct md *m, const char *text);
/* The same between backticks, which text cannot leave. */
void md_add_code(struct md *m, const char *text);
/* A field of the last event of a kind; nothing if there is none. */
void md_add_event_text(struct md *m, enum event_kind kind, int field);
/* "; " if something was added since the report had `before` bytes. */
void md_separate(struct md *m, size_t before);

void md_fill_summary(struct md *m);
void md_fill_verdict(struct md *m);
void md_fill_causes(struct md *m);
void md_fill_hops(struct md *m);
void md_fill_symptoms(struct md *m);
void md_fill_expected(struct md *m);
void md_fill_tried(struct md *m);
void md_fill_next(struct md *m);
void md_fill_facts(struct md *m);
void md_fill_unknown(struct md *m);

#endif
