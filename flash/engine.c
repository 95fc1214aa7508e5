/* The commands of the engine: see engine.h. */
#include "flash/engine.h"

#include <stdio.h>
#include <stdlib.h>
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

static int reach(struct work *w, enum session_state state, struct err *e)
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

/* Let go of the chip; the first failure of the command counts. */
static int finish(struct work *w, int rc, struct err *e)
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
	int rc = reach(w, SESSION_READY, e);

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
	return finish(&p.w, rc, e);
}

/* ---- verify ---- */

static int verify_once(struct work *w, struct err *e)
{
	struct program *p = (struct program *)w;
	uint64_t from;
	int rc = reach(w, SESSION_READY, e);

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
	return finish(&p.w, rc, e);
}

/* ---- erase ---- */

struct erase {
	struct work w; /* first */
	const struct flash_range *ranges;
	size_t n;
};

static int lay_out_ranges(struct erase *x, struct err *e)
{
	for (size_t i = 0; i < x->n; i++) {
		uint32_t address = x->ranges[i].address, left = x->ranges[i].len;

		while (left) {
			struct work_block *b = work_block_at(&x->w, address);
			uint32_t here;

			if (!b)
				return err_set(e, ERR_USAGE, "there is no flash at 0x%08x",
					       address);
			here = b->told->where.address + b->told->where.bytes - address;
			here = here < left ? here : left;
			address += here;
			left -= here;
		}
	}
	return 0;
}

/* The next one that can be erased at the same time; NULL: none. */
static struct flash_block *partner_of(struct work *w, size_t i)
{
	const struct geometry_block *first = &w->blocks[i].told->where;

	if (!ctrl_side_by_side(w->s->chip, &w->s->geo))
		return NULL;
	for (i++; i < w->n; i++) {
		struct flash_block *b = w->blocks[i].told;

		if (b->state != FLASH_BLOCK_ERASED && b->where.ctrl_bank != first->ctrl_bank &&
		    b->where.bytes == first->bytes)
			return b;
	}
	return NULL;
}

static int erase_with(struct work *w, struct flash_block *b, struct flash_block *partner,
		      struct err *e)
{
	struct flash_session *s = w->s;
	int rc;

	fault_init(&s->fault, FAULT_STEP_ERASE);
	fault_set_address(&s->fault, b->where.address);
	b->state = FLASH_BLOCK_UNKNOWN;
	if (partner)
		partner->state = FLASH_BLOCK_UNKNOWN;
	rc = partner ? ctrl_erase_pair(s->chip, &b->where, &partner->where, s->width, s->t,
				       &s->fault, e)
		     : ctrl_erase_block(s->chip, &b->where, s->width, s->t, &s->fault, e);
	if (rc)
		return rc;
	b->state = FLASH_BLOCK_ERASED;
	if (partner)
		partner->state = FLASH_BLOCK_ERASED;
	w->out->blocks_erased += partner ? 2 : 1;
	return 0;
}

static int erase_blocks(struct work *w, struct err *e)
{
	uint64_t done = 0, total = 0;
	int rc = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct flash_block *b = w->blocks[i].told;

		total += b->where.bytes;
		done += b->state == FLASH_BLOCK_ERASED ? b->where.bytes : 0;
	}
	for (size_t i = 0; !rc && i < w->n; i++) {
		struct flash_block *b = w->blocks[i].told, *partner;

		if (b->state == FLASH_BLOCK_ERASED)
			continue;
		partner = partner_of(w, i);
		rc = erase_with(w, b, partner, e);
		done += b->where.bytes + (partner ? partner->where.bytes : 0);
		work_progress(w, FLASH_PHASE_ERASE, done, total, b->where.address);
	}
	return rc;
}

static int erase_all(struct work *w, struct err *e)
{
	if (!w->ops->consent || !w->ops->consent(w->ops->user, FLASH_CONSENT_MASS_ERASE,
						 "everything in the flash of the chip is lost"))
		return err_set(e, ERR_USAGE, "erasing the whole chip was not allowed");
	return engine_mass_erase(w, e);
}

/* Every block in turn, where the controller has no mass erase. */
static int lay_out_all(struct work *w)
{
	struct geometry_block b;

	for (uint32_t i = 0; geometry_block_nth(&w->s->geo, i, &b); i++)
		work_block_at(w, b.address);
	return 0;
}

static int erase_once(struct work *w, struct err *e)
{
	struct erase *x = (struct erase *)w;
	int rc = reach(w, SESSION_HALTED, e);

	w->use_loader = false;
	w->s->loader = NULL;
	if (!rc)
		rc = session_reach(w->s, SESSION_READY, e);
	if (!rc && !w->n)
		rc = x->n ? lay_out_ranges(x, e) : lay_out_all(w);
	if (!rc && !x->n && w->s->ctrl->mass)
		rc = erase_all(w, e);
	else if (!rc)
		rc = erase_blocks(w, e);
	return rc;
}

int flash_erase(struct flash_session *s, const struct flash_range *ranges, size_t n,
		const struct flash_options *o, const struct flash_ops *ops,
		struct flash_outcome *ret, struct err *e)
{
	struct erase x = { .ranges = ranges, .n = n };
	int rc;

	work_init(&x.w, s, o, ops, ret);
	rc = engine_until_done(&x.w, erase_once, e);
	for (size_t i = 0; !rc && i < ret->n_blocks; i++)
		ret->blocks[i].state = FLASH_BLOCK_ERASED;
	return finish(&x.w, rc, e);
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
