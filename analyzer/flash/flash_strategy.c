/* Budgets by the command line: see flash_strategy.h. */
#include "analyzer/flash/flash_strategy.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/flash/flash_hands.h"

#define DAY_S	   86400
#define PATIENT_MS 150 /* a transaction of a probe that is well takes some ms at most */

const struct cli_option flash_strategy_options[] = {
	{ .name = "strategy",
	  .arg = "HOW",
	  .choices = "careful|normal|stubborn|blind",
	  .help = "how much is tried when a step fails; blind: in a fixed order, slower first, "
		  "whatever the cause" },
	{ .name = "max-time",
	  .arg = "S",
	  .help = "begin no recovery later than S seconds from the start (by strategy: 20, 120, "
		  "540)" },
	{ .name = "no-recover", .help = "stop at the first step that fails" },
	{ .name = "power-hook",
	  .arg = "PROGRAM",
	  .help = "run PROGRAM with the probe's place (1-2.3) to switch its port's power off and "
		  "on" },
	{ 0 },
};

struct strategy_row {
	const char *name;
	struct care_budget budget;
	unsigned again; /* accesses asked again, in the probe layer */
};

static const struct strategy_row rows[] = {
	{ "careful",
	  { .tries_percent = 50, .tries_run = 20, .replug_ms = 5000, .max_ms = 20000 },
	  1 },
	{ "normal",
	  { .tries_percent = 100, .tries_run = 400, .replug_ms = 15000, .max_ms = 120000 },
	  2 },
	{ "stubborn",
	  { .tries_percent = 400, .tries_run = 100000, .replug_ms = 120000, .max_ms = 540000 },
	  4 },
	{ "blind",
	  { .tries_percent = 100, .tries_run = 400, .replug_ms = 15000, .max_ms = 120000 },
	  2 },
};

static const struct strategy_row *row_of(const struct cli_args *args)
{
	const char *name = cli_value(args, "strategy", "normal");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	return &rows[1];
}

enum treat_order flash_strategy_order(const struct cli_args *args)
{
	return strcmp(row_of(args)->name, "blind") ? TREAT_BY_CAUSE : TREAT_BLIND;
}

int flash_strategy_check(const struct cli_args *args, struct err *e)
{
	long s;

	return cli_number(args, "max-time", 0, DAY_S, &s, e);
}

bool flash_strategy_recovers(const struct cli_args *args)
{
	return !cli_count(args, "no-recover");
}

void flash_strategy_apply(const struct flash_work *w, struct flash_session *s,
			  struct flash_strategy *room)
{
	const struct cli_args *args = w->run->args;
	const struct strategy_row *row = row_of(args);
	long max_s = (long)row->budget.max_ms / 1000;

	cli_number(args, "max-time", 0, DAY_S, &max_s, NULL);
	s->care.budget = row->budget;
	s->care.budget.max_ms = (unsigned)max_s * 1000;
	flash_hands_init(&room->hands, w);
	s->care.hands = &room->hands;
	if (!flash_strategy_recovers(args))
		return;
	s->t->again = row->again;
	w->probe->probe.stlink.timeout_ms = PATIENT_MS;
}

void flash_strategy_report(const struct flash_session *s, struct flash_report *r)
{
	struct flash_tries *t = &r->tries;
	size_t bytes = s->care.n_tries * sizeof(*t->at);

	r->has_tries = true;
	free(t->at);
	t->at = malloc(bytes + 1);
	if (!t->at)
		abort();
	memcpy(t->at, s->care.tries, bytes);
	t->n = s->care.n_tries;
	t->khz = target_khz(s->t);
	t->without_loader = s->options.no_loader;
	t->asked_again = s->t->asked_again;
	t->mended = s->care.mended;
	t->wrong_words = s->care.wrong_words;
}
