/* Checks of a pattern's regular expression: does it compile, has it the groups asked for, is it one
 * that may take long. */
#ifndef SWDOCTOR_RULE_REGEX_H
#define SWDOCTOR_RULE_REGEX_H

#include <stddef.h>
#include <stdint.h>

#include "probe/base/err.h"

/* ERR_FORMAT: e says what PCRE2 says, and where. */
int regex_check(const char *regex, uint32_t *ret_groups, struct err *e);
/* Why it may take long, or NULL. */
const char *regex_slow_reason(const char *regex);

#endif
