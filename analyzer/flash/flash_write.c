/* Running the flash engine on an open probe: see flash_write.h. */
#include "analyzer/flash/flash_write.h"

#include <string.h>

#include "analyzer/cli/consent.h"
#include "analyzer/flash/flash_args.h"
#include "analyzer/flash/flash_protection.h"
#include "analyzer/flash/flash_strategy.h"

const struct cli_option flash_engine_options[] = {
	{ .name = "allow",
	  .arg = "LIST",
	  .help = "what else may be done: reset, erase, mass-erase" },
	{ .name = "no-loader",
	  .help = "program through the debug port alone, without code in RAM" },
	{ .name = "no-reset", .help = "halt the running program instead of resetting it first" },
	{ .name = "target-mv",
	  .arg = "MV",
	  .help = "the supply in millivolt, where the probe cannot measure it" },
	{ 0 },
};

int flash_write_options(const struct cli_args *args, struct flash_write *ret, struct err *e)
{
	int rc = flash_args_check_allow(args, e);

	if (!rc)
		rc = flash_strategy_check(args, e);
	ret->no_loader = cli_count(args, "no-loader");
	ret->no_reset = cli_count(args, "no-reset");
	return rc ? rc : cli_number(args, "target-mv", 1000, 5500, &ret->assume_mv, e);
}

struct flash_image flash_write_image(const struct image *im, struct flash_segment *room)
{
	for (size_t i = 0; i < im->n_segments; i++)
		room[i] = (struct flash_segment){ .address = im->segments[i].address,
						  .bytes = im->segments[i].bytes,
						  .len = im->segments[i].len };
	return (struct flash_image){ .at = room, .n = im->n_segments };
}

int flash_write_fits(const struct flash_work *w, const struct flash_session *s, struct err *e)
{
	struct flash_report *r = w->report;
	const struct image *im = w->run->image;
	int rc = plan_make(&r->plan, im, &s->geo, e);

	if (!rc && !image_odd_vectors(im, s->geo.banks[0].base, r->odd, sizeof(r->odd)))
		*r->odd = '\0';
	return rc;
}

/* ---- what the engine asks ---- */

static void show(void *user, const struct flash_progress *p)
{
	const struct flash_work *w = user;
	const struct flash_progress_view *shown = w->progress;

	if (!shown->began || shown->phase != p->phase)
		target_mark(w->probe->target, flash_phase_name(p->phase));
	flash_progress_show(w->progress, p);
}

static bool consent(void *user, enum flash_consent what, const char *why)
{
	const struct flash_work *w = user;

	flash_progress_end(w->progress);
	return flash_args_allow(w->run->args,
				what == FLASH_CONSENT_MASS_ERASE ? "mass-erase" : "reset", why);
}

static void grant(void *user, const char *what, unsigned ms)
{
	const struct flash_work *w = user;

	probe_grant(&w->probe->probe, what, ms);
}

static size_t choose(void *user, const struct flash_session *s, const struct recovery **ret,
		     size_t max)
{
	const struct flash_work *w = user;

	return treat_choose(w->treat, s, ret, max);
}

static void tried(void *user, const struct flash_try *one)
{
	const struct flash_work *w = user;

	treat_tried(w->treat, one);
}

/* ---- the work ---- */

/* Before the user is told that it does not fit or is not known: who the chip is, once more. */
static int link_up(const struct flash_work *w, struct flash_session *s, const struct flash_ops *ops,
		   struct err *e)
{
	struct plan p;
	int rc = flash_link(s, ops, e);

	if (!rc && w->run->image) {
		plan_init(&p);
		rc = plan_make(&p, w->run->image, &s->geo, NULL);
		plan_done(&p);
	} else if (rc != ERR_UNSUPPORTED) {
		return rc;
	}
	if (!rc)
		return 0;
	session_fell(s, SESSION_CLOSED);
	return flash_link(s, ops, e);
}

/* By the user's word, and only by a command that writes. */
static int open_protection(const struct flash_work *w, struct flash_session *s,
			   const struct flash_ops *ops, int rc, struct err *e)
{
	if (!w->report->is_protected || !ops->choose || strcmp(w->run->command, "flash") ||
	    !strcmp(e->text, flash_protection_for_ever))
		return rc;
	rc = flash_open(s, ops, NULL);
	if (rc)
		return (int)e->code;
	*e = (struct err){ 0 };
	w->report->is_protected = false;
	option_read(s->t, s->chip, &w->report->options, NULL);
	return 0;
}

int flash_write_work(const struct flash_work *w, struct err *e)
{
	const struct flash_write *fw = w->run->user;
	struct flash_ops ops = {
		.user = (void *)w, .progress = show, .consent = consent, .grant = grant
	};
	struct flash_strategy strategy;
	struct flash_session s;
	int rc;

	if (flash_strategy_recovers(w->run->args)) {
		ops.choose = choose;
		ops.tried = tried;
	}
	flash_work_session(w, &s);
	s.options.no_loader = fw->no_loader;
	s.options.no_reset = fw->no_reset;
	s.options.assume_mv = (int)fw->assume_mv;
	flash_strategy_apply(w, &s, &strategy);
	rc = link_up(w, &s, &ops, e);
	flash_work_take_session(w, &s);
	if (!rc)
		rc = open_protection(w, &s, &ops, flash_protection_check(w, &s, e), e);
	if (!rc)
		rc = fw->engine(w, &s, &ops, e);
	flash_strategy_report(&s, w->report);
	return w->report->outcome.state_known ? rc : flash_work_let_go(w, rc);
}

/* ---- a command ---- */

int flash_write_run(const struct cli_command *c, const struct cli_args *args, unsigned timeout_s,
		    struct flash_write *w)
{
	struct image im;
	struct chips chips = { 0 };
	struct err e = { 0 };
	struct flash_run frame = {
		.args = args,
		.command = c->name,
		.why = args->path,
		.timeout_s = timeout_s,
		.image = &im,
		.chips = &chips,
		.user = w,
		.work = flash_write_work,
	};
	int rc = flash_write_options(args, w, &e);
	int code;

	w->options.halt = cli_count(args, "halt");
	w->options.mass_erase = consent_given(args, "mass-erase");
	w->options.verify_full = !strcmp(cli_value(args, "verify", "normal"), "full");
	image_init(&im);
	if (!rc)
		rc = flash_args_images(args, &im, &e);
	if (!rc)
		rc = chips_load(cli_value(args, "rules", NULL), &chips, &e);
	code = flash_run(&frame, rc ? &e : NULL);
	image_done(&im);
	chips_done(&chips);
	return code;
}
