/* Recoveries for people and programs: see flash_report_tries.h. */
#include "analyzer/flash/flash_report_tries.h"

#include "flash/recover.h"

#define SHOWN 6 /* of many, in text */

bool flash_tries_any(const struct flash_tries *t)
{
	return t->n || t->asked_again || t->mended || t->wrong_words;
}

/* ---- JSON ---- */

static void put_try(const struct flash_try *t, struct json *j)
{
	json_open_object(j, NULL);
	json_put_str(j, "recovery", t->how->name);
	json_put_str(j, "says", t->how->says);
	json_put_str(j, "harm", recovery_harm_name(t->how->harm));
	json_put_str(j, "step", fault_step_name(t->step));
	if (t->has_address)
		json_put_hex(j, "address", t->address, 8);
	json_put_str(j, "result", try_result_name(t->result));
	json_put_int(j, "times", t->times);
	json_put_real(j, "seconds", (double)t->took_us / 1e6, 6);
	json_close_object(j);
}

static void put_causes(const struct diagnosis *d, struct json *j)
{
	json_open_array(j, "causes");
	for (size_t i = 0; i < d->n_findings; i++)
		if (d->findings[i].word != WORD_NONE)
			json_put_str(j, NULL, d->findings[i].cause);
	json_close_array(j);
}

void flash_tries_json(const struct flash_report *r, struct json *j)
{
	const struct flash_tries *t = &r->tries;

	json_put_bool(j, "degraded", flash_tries_any(t));
	if (t->khz)
		json_put_int(j, "speed_khz", t->khz);
	if (!flash_tries_any(t))
		return;
	if (r->d)
		put_causes(r->d, j);
	json_open_array(j, "recoveries");
	for (size_t i = 0; i < t->n; i++)
		put_try(&t->at[i], j);
	json_close_array(j);
	json_put_int(j, "accesses_asked_again", (int64_t)t->asked_again);
	json_put_int(j, "words_written_again", (int64_t)t->mended);
	json_put_int(j, "words_read_wrong", (int64_t)t->wrong_words);
}

/* ---- text ---- */

static void add_try(const struct flash_try *t, struct buf *out)
{
	buf_addf(out, "         %s", t->how->says);
	if (t->has_address)
		buf_addf(out, " (step %s at 0x%08x)", fault_step_name(t->step), t->address);
	else
		buf_addf(out, " (step %s)", fault_step_name(t->step));
	if (t->times > 1)
		buf_addf(out, ", %u times", t->times);
	buf_addf(out, ": %s\n",
		 t->result == TRY_WORKED     ? "that helped"
		 : t->result == TRY_NOT_DONE ? "that could not be done"
					     : "that did not help");
}

static void add_silent(const struct flash_tries *t, struct buf *out)
{
	if (t->asked_again)
		buf_addf(out, "         %llu access%s refused at first and then not\n",
			 (unsigned long long)t->asked_again,
			 t->asked_again == 1 ? " was" : "es were");
	if (t->mended || t->wrong_words)
		buf_addf(out,
			 "         the wires falsified words without a word of it: %llu were "
			 "written again, %llu read again\n",
			 (unsigned long long)t->mended, (unsigned long long)t->wrong_words);
}

void flash_tries_text(const struct flash_report *r, const struct term *term, struct buf *out)
{
	const struct flash_tries *t = &r->tries;
	const struct finding *f = r->d && r->d->n_findings ? &r->d->findings[0] : NULL;
	size_t from = t->n > SHOWN ? t->n - SHOWN : 0;

	if (!flash_tries_any(t))
		return;
	buf_addf(out, "trouble  %s\n",
		 r->error.code ? "what was tried in vain:" : "it took more than usual:");
	add_silent(t, out);
	if (from)
		buf_addf(out, "         %zu earlier recoveries, and then\n", from);
	for (size_t i = from; i < t->n; i++)
		add_try(&t->at[i], out);
	if (t->khz)
		buf_addf(out, "         the link ended at %u kHz%s\n", t->khz,
			 t->without_loader ? ", programming without a loader" : "");
	if (!r->error.code && f && f->word != WORD_NONE) {
		buf_addf(out, "         the likely cause [%s]: ", f->cause);
		term_add(term, out, f->title);
		buf_add_char(out, '\n');
	}
}
