/* What a command about flash did, as JSON: doc/flash.schema.json. */
#include "analyzer/flash/flash_report.h"
#include "analyzer/flash/flash_report_tries.h"

#include <string.h>

#include "analyzer/base/verdict.h"
#include "flash/outcome.h"
#include "probe/base/json.h"

#define BLOCKS_MAX 4096 /* listed; more are counted */

static void put_chip(const struct flash_report *r, struct json *j)
{
	json_open_object(j, "chip");
	json_put_hex(j, "dev_id", r->id.dev_id, 3);
	json_put_hex(j, "rev_id", r->id.rev_id, 4);
	json_put_hex(j, "cpuid", r->id.cpuid, 8);
	if (r->id.chip) {
		json_put_str(j, "name", r->id.chip->name);
		json_put_str(j, "family", r->id.chip->family);
		json_put_str(j, "proof", chip_proof_name(r->id.chip->proof));
	}
	if (r->id.lookalike)
		json_put_str(j, "lookalike", r->id.lookalike);
	if (r->has_geometry) {
		json_put_int(j, "flash_bytes", geometry_bytes(&r->geometry));
		json_put_int(j, "flash_blocks", r->geometry.n_blocks);
	}
	json_close_object(j);
}

static void put_image(const struct image *im, struct json *j)
{
	json_open_array(j, "images");
	for (size_t i = 0; i < im->n_files; i++) {
		json_open_object(j, NULL);
		json_put_str(j, "file", im->files[i].name);
		json_put_str(j, "format", image_format_name(im->files[i].format));
		json_put_int(j, "bytes", (int64_t)im->files[i].bytes);
		if (im->files[i].has_entry)
			json_put_hex(j, "entry", im->files[i].entry, 8);
		json_close_object(j);
	}
	json_close_array(j);
	json_open_array(j, "segments");
	for (size_t i = 0; i < im->n_segments && i < BLOCKS_MAX; i++) {
		json_open_object(j, NULL);
		json_put_hex(j, "address", im->segments[i].address, 8);
		json_put_int(j, "bytes", im->segments[i].len);
		json_close_object(j);
	}
	json_close_array(j);
	json_put_int(j, "image_bytes", (int64_t)im->bytes);
	json_put_int(j, "doubled_bytes", (int64_t)im->doubled_bytes);
}

static void put_plan(const struct flash_report *r, struct json *j)
{
	struct plan_sums s;

	plan_sum(&r->plan, &s);
	json_open_object(j, "plan");
	json_put_bool(j, "mass_erase", r->plan.mass_erase);
	json_put_int(j, "erase_blocks", (int64_t)s.erase_blocks);
	json_put_int(j, "erase_bytes", (int64_t)s.erase_bytes);
	json_put_int(j, "program_bytes", (int64_t)s.program_bytes);
	json_put_int(j, "kept_bytes", (int64_t)s.kept_bytes);
	json_put_int(j, "same_blocks", (int64_t)s.same_blocks);
	json_put_real(j, "seconds", r->time.total / 1000, 3);
	json_open_array(j, "blocks");
	for (size_t i = 0; i < r->plan.n_blocks && i < BLOCKS_MAX; i++) {
		const struct plan_block *b = &r->plan.blocks[i];

		json_open_object(j, NULL);
		json_put_hex(j, "address", b->where.address, 8);
		json_put_int(j, "bytes", b->where.bytes);
		json_put_int(j, "image_bytes", b->image_bytes);
		json_put_bool(j, "same", b->same);
		json_close_object(j);
	}
	json_close_array(j);
	json_close_object(j);
}

static void put_blocks(const struct flash_outcome *o, struct json *j)
{
	json_open_array(j, "blocks");
	for (size_t i = 0; i < o->n_blocks && i < BLOCKS_MAX; i++) {
		json_open_object(j, NULL);
		json_put_hex(j, "address", o->blocks[i].where.address, 8);
		json_put_int(j, "bytes", o->blocks[i].where.bytes);
		json_put_str(j, "state", flash_block_state_name(o->blocks[i].state));
		json_close_object(j);
	}
	json_close_array(j);
}

static void put_phases(const struct flash_outcome *o, struct json *j)
{
	json_open_object(j, "phases");
	json_put_real(j, "connect", (double)o->connect_us / 1e6, 6);
	json_put_real(j, "compare", (double)o->compare_us / 1e6, 6);
	json_put_real(j, "write", (double)o->write_us / 1e6, 6);
	json_put_real(j, "verify", (double)o->verify_us / 1e6, 6);
	json_close_object(j);
}

/* Old, new, unknown; what boots; what to do. */
static void put_state(const struct flash_outcome *o, struct json *j)
{
	json_open_object(j, "state");
	for (int g = 0; g < OUTCOME_GROUPS; g++) {
		uint32_t address, bytes;
		size_t n = 0;

		json_open_array(j, outcome_group_name((enum outcome_group)g));
		while (outcome_next_range(o, (enum outcome_group)g, &n, &address, &bytes)) {
			json_open_object(j, NULL);
			json_put_hex(j, "address", address, 8);
			json_put_int(j, "bytes", bytes);
			json_close_object(j);
		}
		json_close_array(j);
	}
	json_put_str(j, "boots", outcome_boots_name(outcome_boots(o)));
	if (*outcome_next(o))
		json_put_str(j, "next", outcome_next(o));
	json_put_bool(j, "interrupted_before", o->interrupted_before);
	json_put_int(j, "blocks_resumed", o->blocks_resumed);
	json_close_object(j);
}

static void put_outcome(const struct flash_outcome *o, struct json *j)
{
	json_open_object(j, "outcome");
	json_put_bool(j, "done", o->done);
	json_put_int(j, "attempts", o->attempts);
	json_put_int(j, "blocks_erased", o->blocks_erased);
	json_put_bool(j, "mass_erased", o->mass_erased);
	json_put_int(j, "bytes_programmed", (int64_t)o->bytes_programmed);
	json_put_int(j, "bytes_verified", (int64_t)o->bytes_verified);
	json_put_int(j, "bytes_sampled", (int64_t)o->bytes_sampled);
	json_put_int(j, "bytes_torn", (int64_t)o->bytes_torn);
	json_put_bool(j, "used_loader", o->used_loader);
	json_put_real(j, "seconds", (double)o->total_us / 1e6, 6);
	put_phases(o, j);
	if (o->state_known) {
		json_put_bool(j, "running", o->running);
		json_put_bool(j, "locked", o->locked);
	}
	if (*o->journal)
		json_put_str(j, "journal", o->journal);
	put_state(o, j);
	put_blocks(o, j);
	if (o->fault.step != FAULT_STEP_NONE) {
		json_open_object(j, "fault");
		fault_write_json(&o->fault, j);
		json_close_object(j);
	}
	json_close_object(j);
}

static void put_options(const struct option_state *s, struct json *j)
{
	json_open_array(j, "options");
	for (size_t i = 0; i < s->n; i++) {
		char value[16];

		option_value_text(&s->values[i], value, sizeof(value));
		json_open_object(j, NULL);
		json_put_str(j, "name", s->values[i].field->name);
		json_put_str(j, "value", value);
		json_put_str(j, "says", s->values[i].field->says);
		json_close_object(j);
	}
	json_close_array(j);
}

static void put_findings(const struct diagnosis *d, struct json *j)
{
	json_open_array(j, "findings");
	for (size_t i = 0; i < d->n_findings; i++) {
		if (d->findings[i].word == WORD_NONE)
			continue;
		json_open_object(j, NULL);
		json_put_str(j, "cause", d->findings[i].cause);
		json_put_real(j, "confidence", d->findings[i].confidence, 2);
		json_put_str(j, "word", word_name(d->findings[i].word));
		json_put_str(j, "title", d->findings[i].title);
		json_close_object(j);
	}
	json_close_array(j);
}

static void put_error(const struct err *e, struct json *j)
{
	json_open_object(j, "error");
	json_put_str(j, "kind", err_code_text(e->code));
	json_put_int(j, "native", e->native);
	json_put_str(j, "text", e->text);
	json_close_object(j);
}

/* Wrong words, a signal or a defect of ours say nothing about the target. */
static enum verdict verdict_of(const struct result *end)
{
	if (end->code == EXIT_CODE_HEALTHY)
		return VERDICT_HEALTHY;
	return !strcmp(end->cls, "user") || !strcmp(end->cls, "tool") ? VERDICT_UNKNOWN
								      : VERDICT_PROBLEM;
}

void flash_report_json(const struct flash_report *r, struct buf *out)
{
	struct result end;
	struct json j;

	flash_report_result(r, &end);
	json_begin(&j, out);
	json_open_object(&j, NULL);
	json_put_str(&j, "schema", "swdoctor/1");
	json_put_str(&j, "command", r->command);
	if (r->probe)
		json_put_str(&j, "probe", r->probe);
	json_put_str(&j, "verdict", verdict_name(verdict_of(&end)));
	json_put_int(&j, "code", end.code);
	json_put_str(&j, "class", end.cls);
	if (r->error.code)
		put_error(&r->error, &j);
	if (r->leaving.code)
		json_put_str(&j, "probe_not_left", r->leaving.text);
	if (r->error.code && r->d)
		put_findings(r->d, &j);
	if (r->has_chip)
		put_chip(r, &j);
	if (r->image && r->image->segments)
		put_image(r->image, &j);
	if (r->has_plan)
		put_plan(r, &j);
	if (r->has_outcome)
		put_outcome(&r->outcome, &j);
	if (r->has_tries)
		flash_tries_json(r, &j);
	if (r->has_read) {
		json_open_object(&j, "read");
		json_put_hex(&j, "address", r->read_address, 8);
		json_put_int(&j, "bytes", (int64_t)r->read_bytes);
		json_put_str(&j, "file", r->read_file);
		json_close_object(&j);
	}
	if (r->has_reset) {
		json_open_object(&j, "reset");
		json_put_bool(&j, "seen", r->reset_seen);
		json_put_bool(&j, "halted", r->halted);
		json_close_object(&j);
	}
	if (r->has_options)
		put_options(&r->options, &j);
	json_close_object(&j);
	buf_add_char(out, '\n');
}
