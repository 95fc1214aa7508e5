/* A scenario by its name or file, with changes to it. */
#ifndef SWDOCTOR_SIM_SCENARIO_LOAD_H
#define SWDOCTOR_SIM_SCENARIO_LOAD_H

#include "probe/sim/scenario.h"

/* name: of a compiled-in scenario, or a path. Text lives in `a`. Errors begin with the name. */
int scenario_load(const char *name, struct arena *a, struct scenario *ret, struct err *e);

/*
 * Take the first of "one,two={a: b, c: d},three" off *list, cut in place at commas outside of
 * brackets and quotes. NULL when nothing is left.
 */
char *scenario_next_word(char **list);

#endif
