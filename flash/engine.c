/* The commands of the engine: see engine.h. */
#include "flash/engine.h"

#include <stdio.h>
#include <string.h>

#include "flash/engine_work.h"
#include "flash/option.h"
#include "flash/outcome.h"

#define LET_GO_MS 3000

const char *flash_block_state_name(enum flash_block_state s)
{
	static const char *const names[] = { "untouched", "unchanged", "erased", "programmed",
					     "verified",  "bad",       "unknown" };

	return names[s];
}

const char *flash_phase_name(enum flash_phase p)
{
	static const char *const names[] = { "connect", "compare", "keep",  "write",
					     "verify",	"read",	   "erase", "finish" };

	return names[p];
}

/* ---- the loop ---- */

static uint64_t now(const struct work *w)
{
	return clock_now_us(w->s->t->clock);
}

int engine_reach(struct work *w, enum session_state state, struct err *e)
{
	uint64_t from = now(w);
	int rc;

	work_progress(w, FLASH_PHASE_CONNECT, 0, 1, 0);
	rc = session_reach(w->s, SESSION_LINKED, e);
	if (rc)
		return rc;
	w->use_loader = !w->s->options.no_loader && loader_fits(w->s->chip);
	w->s->loader = w->use_loader && state == SESSION_READY ? &w->loader : NULL;
	w->loader.idle = engine_watch_supply;
	w->loader.idle_user = w;
	rc = session_reach(w->s, state, e);
	w->out->used_loader = w->use_loader;
	w->out->used_crc_unit = w->use_loader && w->loader.by_unit;
	w->out->connect_us += now(w) - from;
	return rc;
}

/* Lock, reset, run: from wherever the session fell to. */
static int release_once(struct work *w, struct err *e)
{
	int rc = w->s->state < SESSION_HALTED ? session_reach(w->s, SESSION_HALTED, e) : 0;

	return rc ? rc : session_release(w->s, w->o->halt, e);
}

/* After a failure: as far as it goes, once; the failure's facts stay. */
static int release_failed(struct work *w, bool halted)
{
	struct flash_fault before = w->s->fault;
	int rc = ERR_NOT_FOUND;

	if (w->s->state >= SESSION_LINKED)
		rc = session_reach(w->s, SESSION_HALTED, NULL);
	if (!rc)
		rc = session_release(w->s, halted, NULL);
	w->s->fault = before;
	return rc;
}

/* By nothing that failed: the user, or the time of the run. */
static bool is_cut_short(int rc)
{
	return rc == ERR_INTERRUPTED || rc == ERR_DEADLINE;
}

/* What is whole runs on after the user's word; what is not, or failed, stays halted. */
static bool stays_halted(const struct work *w, int rc)
{
	enum outcome_boots boots = outcome_boots(w->out);

	if (w->o->halt || !rc)
		return w->o->halt;
	return !is_cut_short(rc) ||
	       (boots != OUTCOME_BOOTS_NEW && boots != OUTCOME_BOOTS_AS_BEFORE);
}

/* Of a run that ended before the last look at all of it. */
static void tell_checked(struct work *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->blocks[i].checked && w->blocks[i].told->state == FLASH_BLOCK_PROGRAMMED)
			w->blocks[i].told->state = FLASH_BLOCK_VERIFIED;
}

/* Of a run that changed nothing, and found no other's: there is nothing to go on with. */
static void drop_empty_journal(struct work *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->blocks[i].dirty)
			return;
	if (w->run_noted && !w->out->interrupted_before && !w->out->mass_erased)
		journal_remove(&w->journal);
}

int engine_finish(struct work *w, int rc, struct err *e)
{
	struct flash_outcome *out = w->out;
	bool halted;
	int last;

	work_progress(w, FLASH_PHASE_FINISH, 0, 1, 0);
	out->boot_address = w->s->geo.banks[0].base;
	tell_checked(w);
	halted = stays_halted(w, rc);
	if (is_cut_short(rc) && w->ops->grant)
		w->ops->grant(w->ops->user, "letting the chip go", LET_GO_MS);
	if (rc)
		last = release_failed(w, halted);
	else
		last = engine_until_done(w, release_once, e);
	out->state_known = !last;
	out->locked = !last;
	out->running = !last && !halted;
	rc = rc ? rc : last;
	out->done = !rc;
	out->total_us = now(w) - w->began_us;
	drop_empty_journal(w);
	if (w->journal.exists && w->journal.keeps)
		snprintf(out->journal, sizeof(out->journal), "%s", w->journal.path);
	w->s->loader = NULL;
	work_done(w);
	return rc;
}

/* ---- link ---- */

static int link_once(struct work *w, struct err *e)
{
	return session_reach(w->s, SESSION_LINKED, e);
}

int flash_link(struct flash_session *s, const struct flash_ops *ops, struct err *e)
{
	struct flash_options none = { 0 };
	struct flash_outcome out;
	struct work w;
	int rc;

	work_init(&w, s, &none, ops, &out);
	rc = engine_until_done(&w, link_once, e);
	work_done(&w);
	flash_outcome_done(&out);
	return rc;
}

/* ---- open ---- */

static int open_once(struct work *w, struct err *e)
{
	struct flash_session *s = w->s;
	struct option_state now;
	int rc = session_reach(s, SESSION_LINKED, e);

	if (!rc)
		rc = option_read(s->t, s->chip, &now, e);
	for (size_t i = 0; !rc && i < now.n; i++)
		if (!strcmp(now.values[i].field->name, "rdp") && now.values[i].value) {
			fault_init(&s->fault, FAULT_STEP_IDENTIFY);
			s->fault.is_protected = true;
			return err_set(e, ERR_UNSUPPORTED,
				       "the chip is read-protected: --allow mass-erase says that "
				       "it may be opened, which erases everything in its flash");
		}
	return rc;
}

int flash_open(struct flash_session *s, const struct flash_ops *ops, struct err *e)
{
	struct flash_options none = { 0 };
	struct flash_outcome out;
	struct work w;
	int rc;

	work_init(&w, s, &none, ops, &out);
	rc = engine_until_done(&w, open_once, e);
	work_done(&w);
	flash_outcome_done(&out);
	return rc;
}

/* ---- program ---- */

struct program {
	struct work w; /* first */
	const struct flash_image *image;
};

/* Blocks, and what an earlier run left in the journal. */
static int lay_out(struct program *p, struct err *e)
{
	struct work *w = &p->w;
	int rc;

	if (w->journal_known)
		return 0;
	rc = work_add_image(w, p->image, e);
	if (!rc)
		rc = engine_take_journal(w, p->image, e);
	w->journal_known = !rc;
	return rc;
}

static int program_once(struct work *w, struct err *e)
{
	struct program *p = (struct program *)w;
	uint64_t t0, t1, t2;
	int rc = engine_reach(w, SESSION_READY, e);

	if (!rc)
		rc = lay_out(p, e);
	t0 = now(w);
	if (!rc)
		rc = engine_compare(w, e);
	if (!rc) {
		engine_count_resumed(w);
		engine_choose_mass_erase(w);
		rc = engine_keep(w, e);
	}
	t1 = now(w);
	if (!rc)
		rc = engine_write(w, e);
	t2 = now(w);
	if (!rc)
		rc = verify_all(w, w->o->verify_full, e);
	w->out->compare_us += t1 - t0;
	w->out->write_us += t2 - t1;
	w->out->verify_us += now(w) - t2;
	return rc;
}

int flash_program(struct flash_session *s, const struct flash_image *image,
		  const struct flash_options *o, const struct flash_ops *ops,
		  struct flash_outcome *ret, struct err *e)
{
	struct program p = { .image = image };
	int rc;

	work_init(&p.w, s, o, ops, ret);
	rc = engine_until_done(&p.w, program_once, e);
	if (!rc)
		journal_remove(&p.w.journal);
	return engine_finish(&p.w, rc, e);
}

/* ---- verify ---- */

static int verify_once(struct work *w, struct err *e)
{
	struct program *p = (struct program *)w;
	uint64_t from;
	int rc = engine_reach(w, SESSION_READY, e);

	if (!rc && !w->n)
		rc = work_add_image(w, p->image, e);
	from = now(w);
	w->out->bytes_verified = w->out->bytes_sampled = 0;
	if (!rc)
		rc = engine_compare(w, e);
	if (!rc)
		rc = verify_all(w, w->o->verify_full, e);
	w->out->verify_us += now(w) - from;
	return rc;
}

int flash_verify(struct flash_session *s, const struct flash_image *image,
		 const struct flash_options *o, const struct flash_ops *ops,
		 struct flash_outcome *ret, struct err *e)
{
	struct program p = { .image = image };
	int rc;

	work_init(&p.w, s, o, ops, ret);
	p.w.reads_only = true;
	rc = engine_until_done(&p.w, verify_once, e);
	return engine_finish(&p.w, rc, e);
}

/* ---- read ---- */

struct reading {
	struct work w; /* first */
	uint32_t address;
	uint8_t *bytes;
	size_t len, done;
};

static int read_once(struct work *w, struct err *e)
{
	struct reading *r = (struct reading *)w;
	struct flash_fault *f = &w->s->fault;
	int rc = session_reach(w->s, SESSION_LINKED, e);

	while (!rc && r->done < r->len) {
		size_t left = r->len - r->done, most = w->s->t->block_bytes;
		uint32_t at = r->address + (uint32_t)r->done;
		size_t n = left < most ? left : most;

		rc = target_read(w->s->t, at, r->bytes + r->done, n, e);
		if (rc) {
			fault_init(f, FAULT_STEP_READ);
			fault_set_address(f, at);
			f->link = e ? *e : (struct err){ .code = (enum err_code)rc };
			return rc;
		}
		r->done += n;
		work_progress(w, FLASH_PHASE_READ, r->done, r->len, at);
	}
	return rc;
}

int flash_read(struct flash_session *s, uint32_t address, void *ret_bytes, size_t len,
	       const struct flash_ops *ops, struct err *e)
{
	struct flash_options none = { 0 };
	struct flash_outcome out;
	struct reading r = { .address = address, .bytes = ret_bytes, .len = len };
	int rc;

	work_init(&r.w, s, &none, ops, &out);
	r.w.reads_only = true;
	rc = engine_until_done(&r.w, read_once, e);
	work_done(&r.w);
	flash_outcome_done(&out);
	return rc;
}
