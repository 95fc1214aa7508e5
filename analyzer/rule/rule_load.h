/*
 * From trees to a rule base. Whoever wants rules makes an empty base, adds files (from memory: text
 * or a tree that is parsed already) and builds it; rules.c does so for the public functions.
 */
#ifndef SWDOCTOR_RULE_LOAD_H
#define SWDOCTOR_RULE_LOAD_H

#include "analyzer/rule/rule_report.h"

#define RULE_FILES_MAX 256

struct rules *rules_new(void);

/* The next file; its path and rel are copied. NULL: too many (told in rep). */
struct rule_file *rules_add_file(struct rules *r, const char *path, const char *rel,
				 struct rule_report *rep);
/* Parse text into the file's tree; a copy of the text is kept for messages. */
void rule_file_parse(struct rules *r, struct rule_file *f, const char *text, size_t len,
		     struct rule_report *rep);

struct rule_wants {
	bool tests;    /* of the causes of shipped files too; others are always read */
	bool complete; /* a leak and a healthy cause must be there once there is a cause */
};

/* Reads and checks everything. ERR_FORMAT: rep holds the mistakes. */
int rules_build(struct rules *r, const struct rule_wants *w, struct rule_report *rep);

#endif
