/* Rules from text, for tests: loaded, or the messages about them. */
#ifndef SWDOCTOR_TESTS_RULE_TEXT_H
#define SWDOCTOR_TESTS_RULE_TEXT_H

#include <stdbool.h>

#include "analyzer/rule/rule_base.h"

/* tests/rules/base.yaml and the text as t.yaml (NULL: none), which must be right. */
struct rules *rules_with(const char *text);
/* The text alone, which must be right. */
struct rules *rules_of(const char *text);
/* The messages about the text as t.yaml beside the base; to be freed. "" if it is right. */
char *rule_messages(const char *text, bool wants_tests);

#endif
