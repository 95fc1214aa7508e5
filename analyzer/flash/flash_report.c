/* What a command about flash did, for people; and how it ends. See flash_report.h. */
#include "analyzer/flash/flash_report.h"

#include "analyzer/flash/flash_report_tries.h"

#include <stdlib.h>
#include <string.h>

#include "flash/outcome.h"

void flash_report_init(struct flash_report *r, const char *command, const char *probe)
{
	*r = (struct flash_report){ .command = command, .probe = probe };
	plan_init(&r->plan);
}

void flash_report_done(struct flash_report *r)
{
	plan_done(&r->plan);
	if (r->has_outcome)
		flash_outcome_done(&r->outcome);
	free(r->tries.at);
	r->tries.at = NULL;
}

/* ---- how it ends ---- */

/* The first cause that has a name for how sure it is. */
static const struct finding *named_finding(const struct flash_report *r)
{
	const struct finding *f = r->d && r->d->n_findings ? &r->d->findings[0] : NULL;

	return f && f->word != WORD_NONE ? f : NULL;
}

/* A target that does not answer: the cause knows whether the wires or the program are to blame. */
static int unreachable_code(const struct finding *f)
{
	return f && f->exit_code >= EXIT_CODE_NO_PROBE && f->exit_code <= EXIT_CODE_MARGINAL
		       ? f->exit_code
		       : EXIT_CODE_HARDWARE;
}

/* What the target did after it had said who it is is a matter of the flash. */
static int code_of(const struct flash_report *r)
{
	bool reached = r->linked && r->has_chip;

	if (r->is_protected)
		return EXIT_CODE_FIRMWARE;
	switch ((int)r->error.code) {
	case ERR_STATUS:
	case ERR_PROTOCOL:
	case ERR_TIMEOUT:
		return reached ? EXIT_CODE_FLASH : unreachable_code(named_finding(r));
	case ERR_NOT_FOUND:
	case ERR_UNSUPPORTED:
		return reached ? EXIT_CODE_FLASH : exit_code_of(&r->error);
	default:
		return exit_code_of(&r->error);
	}
}

void flash_report_result(const struct flash_report *r, struct result *ret)
{
	bool failed = r->error.code && r->error.code != ERR_INTERRUPTED;
	const struct finding *f = failed ? named_finding(r) : NULL;
	int code = r->error.code ? code_of(r) : EXIT_CODE_HEALTHY;

	result_fill(ret, code, NULL, f ? f->cause : NULL, f ? word_name(f->word) : NULL);
}

/* ---- text ---- */

static void add_size(struct buf *out, uint64_t bytes)
{
	if (bytes >= 1024 && bytes % 1024 == 0)
		buf_addf(out, "%llu KiB", (unsigned long long)bytes / 1024);
	else
		buf_addf(out, "%llu bytes", (unsigned long long)bytes);
}

static void add_count(struct buf *out, size_t n, const char *what)
{
	buf_addf(out, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

static void add_chip(const struct flash_report *r, const struct term *t, struct buf *out)
{
	const struct chip *c = r->id.chip;

	buf_add_str(out, "chip     ");
	if (c)
		term_add(t, out, c->name);
	else
		buf_add_str(out, "unknown");
	buf_addf(out, " (id 0x%03x, revision 0x%04x)", r->id.dev_id, r->id.rev_id);
	if (r->has_geometry) {
		buf_add_str(out, ", ");
		add_size(out, geometry_bytes(&r->geometry));
		buf_addf(out, " of flash in %u blocks", r->geometry.n_blocks);
	}
	buf_add_char(out, '\n');
	if (r->id.lookalike)
		buf_addf(out, "         it calls itself so, but looks like a copy: %s\n",
			 r->id.lookalike);
}

static void add_image(const struct flash_report *r, const struct term *t, struct buf *out)
{
	const struct image *im = r->image;

	for (size_t i = 0; i < im->n_files; i++) {
		buf_add_str(out, "image    ");
		term_add(t, out, im->files[i].name);
		buf_addf(out, " (%s), ", image_format_name(im->files[i].format));
		add_size(out, im->files[i].bytes);
		if (im->files[i].by_virtual)
			buf_add_str(out, ", at virtual addresses: it has no physical ones");
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; i < im->n_segments && i < 8; i++) {
		const struct image_segment *s = &im->segments[i];

		buf_addf(out, "         0x%08x to 0x%08x, ", s->address, s->address + (s->len - 1));
		add_size(out, s->len);
		buf_add_char(out, '\n');
		if (image_gap_behind(im, i))
			buf_addf(out, "         gap of %u bytes\n", image_gap_behind(im, i));
	}
	if (im->n_segments > 8)
		buf_addf(out, "         and %zu parts more\n", im->n_segments - 8);
	if (im->doubled_bytes)
		buf_addf(out, "         %zu bytes are given twice, the same\n", im->doubled_bytes);
	if (*r->odd)
		buf_addf(out, "         odd: %s\n", r->odd);
}

static void add_plan_blocks(const struct plan *p, struct buf *out)
{
	size_t i = 0;

	while (i < p->n_blocks) { /* runs of the same size and fate on one line */
		const struct plan_block *b = &p->blocks[i];
		uint32_t end = b->where.address;
		size_t n = 0;

		while (i < p->n_blocks && p->blocks[i].where.bytes == b->where.bytes &&
		       p->blocks[i].same == b->same && p->blocks[i].blank == b->blank &&
		       p->blocks[i].where.address == end) {
			end += b->where.bytes;
			n++;
			i++;
		}
		buf_addf(out, "         0x%08x to 0x%08x, ", b->where.address, end - 1);
		add_count(out, n, "block");
		buf_add_str(out, " of ");
		add_size(out, b->where.bytes);
		buf_addf(out, ": %s\n",
			 p->mass_erase ? "program"
			 : b->same     ? "as it should be already"
			 : b->blank    ? "blank: program"
				       : "erase and program");
	}
}

static void add_plan(const struct flash_report *r, struct buf *out)
{
	struct plan_sums s;

	plan_sum(&r->plan, &s);
	buf_add_str(out, "plan     erase ");
	if (r->plan.mass_erase) {
		buf_add_str(out, "the whole chip, which is faster here, program ");
	} else {
		add_count(out, s.erase_blocks, "block");
		buf_add_str(out, " (");
		add_size(out, s.erase_bytes);
		buf_add_str(out, "), program ");
	}
	add_size(out, s.program_bytes);
	if (s.kept_bytes) {
		buf_add_str(out, ", of them ");
		add_size(out, s.kept_bytes);
		buf_add_str(out, " that are there outside the image");
	}
	buf_add_char(out, '\n');
	add_plan_blocks(&r->plan, out);
	buf_addf(out, "time     about %.2f s: ", r->time.total / 1000);
	if (s.kept_bytes)
		buf_addf(out, "keep %.2f, ", r->time.keep / 1000);
	buf_addf(out, "erase %.2f, program %.2f, transfer %.2f, check %.2f\n", r->time.erase / 1000,
		 r->time.program / 1000, r->time.transfer / 1000, r->time.check / 1000);
	buf_add_str(out, "nothing was changed: this was a dry run\n");
}

static void add_outcome(const struct flash_report *r, const struct term *t, struct buf *out)
{
	const struct flash_outcome *o = &r->outcome;

	buf_add_str(out, "did      ");
	if (o->mass_erased)
		buf_add_str(out, "erased the whole chip");
	else
		buf_addf(out, "erased %u block%s", o->blocks_erased,
			 o->blocks_erased == 1 ? "" : "s");
	if (o->bytes_programmed) {
		buf_add_str(out, ", programmed ");
		add_size(out, o->bytes_programmed);
	}
	if (o->bytes_verified) {
		buf_add_str(out, ", verified ");
		add_size(out, o->bytes_verified);
		buf_addf(out, " (%llu of them read)", (unsigned long long)o->bytes_sampled);
	}
	buf_addf(out, " in %.2f s\n", (double)o->total_us / 1e6);
	if (o->blocks_resumed)
		buf_addf(out,
			 "resumed  an earlier run of this image was interrupted: %u of its blocks "
			 "are right, and were left alone\n",
			 o->blocks_resumed);
	if (o->attempts > 1)
		buf_addf(out, "         in %u attempts\n", o->attempts);
	if (o->done && o->state_known) {
		buf_addf(out, "state    the program %s\n", o->running ? "runs" : "is halted");
	} else {
		struct buf text = { 0 };

		outcome_write_text(o, &text);
		buf_add_str(out, buf_str(&text));
		buf_done(&text);
	}
	(void)t;
}

static void add_options(const struct option_state *s, struct buf *out)
{
	for (size_t i = 0; i < s->n; i++) {
		char value[16];

		option_value_text(&s->values[i], value, sizeof(value));
		buf_addf(out, "%-18s %-10s %s\n", s->values[i].field->name, value,
			 s->values[i].field->says);
	}
}

static void add_finding(const struct finding *f, const struct term *t, struct buf *out)
{
	buf_addf(out, "cause[%s]: ", f->cause);
	term_add(t, out, f->title);
	buf_addf(out, " (%s, %.0f %%)\n", word_name(f->word), f->confidence * 100);
	if (f->n_remedies) {
		buf_addf(out, "         try (%s): ", f->remedies[0].cost);
		term_add(t, out, f->remedies[0].text);
		buf_add_char(out, '\n');
	}
}

void flash_report_text(const struct flash_report *r, const struct term *t, struct buf *out)
{
	if (r->has_chip)
		add_chip(r, t, out);
	if (r->image && r->image->segments)
		add_image(r, t, out);
	if (r->has_plan)
		add_plan(r, out);
	if (r->has_outcome)
		add_outcome(r, t, out);
	flash_tries_text(r, t, out);
	if (r->has_options)
		add_options(&r->options, out);
	if (r->has_read && strcmp(r->read_file, "-")) {
		buf_add_str(out, "read     ");
		add_size(out, r->read_bytes);
		buf_addf(out, " from 0x%08x on into ", r->read_address);
		term_add(t, out, r->read_file);
		buf_add_char(out, '\n');
	}
	if (r->has_reset)
		buf_addf(out, "reset    %s; the program %s\n",
			 r->reset_seen ? "the core says that it was reset"
				       : "the core saw nothing of it",
			 r->halted ? "is halted at its first instruction" : "runs");
	if (!r->error.code && r->leaving.code) {
		buf_add_str(out, "probe    was not left in order: ");
		term_add(t, out, r->leaving.text);
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; r->error.code && r->d && i < r->d->n_findings; i++)
		if (r->d->findings[i].word != WORD_NONE)
			add_finding(&r->d->findings[i], t, out);
}
