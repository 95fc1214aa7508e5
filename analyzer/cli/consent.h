/* What the user allows: --allow's list, and a question where somebody sits at a terminal. */
#ifndef SWDOCTOR_CONSENT_H
#define SWDOCTOR_CONSENT_H

#include "analyzer/cli/cli.h"

/* ERR_USAGE: --allow names something that does not exist. */
int consent_check(const struct cli_args *args, struct err *e);
/* --allow holds the word. */
bool consent_given(const struct cli_args *args, const char *word);
/* Asks; only a "yes" is one. False, and no question, where nobody sits at a terminal. */
bool consent_ask(const char *question);

#endif
