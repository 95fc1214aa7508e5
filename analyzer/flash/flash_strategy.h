/* How hard the commands about flash try: --strategy, --max-time, --no-recover, --power-hook. */
#ifndef SWDOCTOR_FLASH_STRATEGY_H
#define SWDOCTOR_FLASH_STRATEGY_H

#include "analyzer/flash/flash_run.h"

extern const struct cli_option flash_strategy_options[];

enum treat_order flash_strategy_order(const struct cli_args *args);
/* ERR_USAGE for bad values. */
int flash_strategy_check(const struct cli_args *args, struct err *e);

struct flash_strategy { /* must stay where it is while the session lives */
	struct care_hands hands;
	const struct flash_work *work;
};

/* Budgets and hands of a session, and how its probe asks again. */
void flash_strategy_apply(const struct flash_work *w, struct flash_session *s,
			  struct flash_strategy *room);
/* May the engine be given ops.choose? */
bool flash_strategy_recovers(const struct cli_args *args);
/* What was tried, and where it led, into the report. */
void flash_strategy_report(const struct flash_session *s, struct flash_report *r);

#endif
