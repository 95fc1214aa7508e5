/* The chip table's text (rules/chips.yaml) into rows: see chip.h. */
#include "flash/chip.h"

#include <stdio.h>
#include <string.h>

#include "flash/yaml_read.h"

/* ---- values of our own ---- */

static int read_banks(struct yaml_reader *r, uint32_t node, void *into)
{
	uint32_t n = 0;
	int rc = yaml_read_number(r, node, CHIP_BANKS_MAX, &n);

	if (!rc && !n)
		return yaml_fail(r, node, "there is one bank at least");
	*(unsigned *)into = n;
	return rc;
}

static const char *ctrl_word(unsigned n)
{
	return chip_ctrl_name((enum chip_ctrl)n);
}

static int read_ctrl(struct yaml_reader *r, uint32_t node, void *into)
{
	unsigned n = 0;
	int rc = yaml_read_choice(r, node, ctrl_word, CHIP_CTRLS, &n);

	*(enum chip_ctrl *)into = (enum chip_ctrl)n;
	return rc;
}

static const char *proof_word(unsigned n)
{
	return chip_proof_name((enum chip_proof)n);
}

static int read_proof(struct yaml_reader *r, uint32_t node, void *into)
{
	unsigned n = 0;
	int rc = yaml_read_choice(r, node, proof_word, CHIP_PROOF_HARDWARE + 1, &n);

	*(enum chip_proof *)into = (enum chip_proof)n;
	return rc;
}

static const char *size_word(unsigned n)
{
	static const char *const words[] = { "kib16", "kib8", "code-l1" };

	return words[n];
}

static int read_size_kind(struct yaml_reader *r, uint32_t node, void *into)
{
	unsigned n = 0;
	int rc = yaml_read_choice(r, node, size_word, CHIP_SIZE_CODE_L1 + 1, &n);

	*(enum chip_size_kind *)into = (enum chip_size_kind)n;
	return rc;
}

static const struct yaml_key place_keys[] = {
	YAML_KEY(struct chip_place, "reg", reg, yaml_read_u32, true),
	YAML_KEY(struct chip_place, "mask", mask, yaml_read_u32, true),
	YAML_KEY(struct chip_place, "value", value, yaml_read_u32, false),
};

/* A value that is not given means: all bits of the mask. */
static int read_place(struct yaml_reader *r, uint32_t node, void *into)
{
	struct chip_place p = { 0 };
	bool given = false;
	int rc = yaml_read_map(r, node, place_keys, YAML_KEYS(place_keys), &p);

	for (uint32_t key = node + 1; !rc && key < r->y->nodes[node].end;
	     key = r->y->nodes[key + 1].end)
		given |= !strcmp(yaml_text(r->y, key), "value");
	if (!rc && (!p.mask || p.value & ~p.mask))
		return yaml_fail(r, node,
				 "the value has bits outside the mask, or there is no mask");
	if (!given)
		p.value = p.mask;
	*(struct chip_place *)into = p;
	return rc;
}

static int read_run(struct yaml_reader *r, uint32_t node, void *into)
{
	const char *text = r->y->nodes[node].kind == YAML_SCALAR ? yaml_text(r->y, node) : "";
	struct chip_run *run = into;
	unsigned count = 0, kib = 0, bytes = 0;
	int end = 0;

	if (sscanf(text, "%4ux%5uK%n", &count, &kib, &end) == 2 && end && !text[end] && count)
		bytes = kib * 1024;
	else if (count = 0, end = 0, sscanf(text, "%5uK%n", &kib, &end) == 1 && end && !text[end])
		bytes = kib * 1024;
	else if (end = 0, sscanf(text, "%5uB%n", &bytes, &end) != 1 || !end || text[end])
		bytes = 0;
	if (!bytes || bytes & (bytes - 1))
		return yaml_fail(r, node, "'%s' is no run of blocks, like 4x16K, 2K or 128B", text);
	*run = (struct chip_run){ count, bytes };
	return 0;
}

static int read_runs(struct yaml_reader *r, uint32_t node, void *into)
{
	struct chip_layout *l = into;

	return yaml_read_list(r, node, CHIP_RUNS_MAX, sizeof(l->runs[0]), l->runs, &l->n_runs,
			      read_run);
}

static const struct yaml_key layout_keys[] = {
	YAML_KEY(struct chip_layout, "kib", kib, yaml_read_u32, false),
	YAML_KEY(struct chip_layout, "when", when, read_place, false),
	YAML_KEY(struct chip_layout, "banks", banks, read_banks, false),
	YAML_KEY(struct chip_layout, "bank2", bank2, yaml_read_u32, false),
	{ "blocks", 0, read_runs, true },
};

static int read_layout(struct yaml_reader *r, uint32_t node, void *into)
{
	struct chip_layout *l = into;

	l->banks = 1;
	return yaml_read_map(r, node, layout_keys, YAML_KEYS(layout_keys), l);
}

static int read_layouts(struct yaml_reader *r, uint32_t node, void *into)
{
	struct chip *c = into;

	return yaml_read_list(r, node, CHIP_LAYOUTS_MAX, sizeof(c->layouts[0]), c->layouts,
			      &c->n_layouts, read_layout);
}

static int read_freezes(struct yaml_reader *r, uint32_t node, void *into)
{
	struct chip *c = into;

	return yaml_read_list(r, node, CHIP_FREEZES_MAX, sizeof(c->freezes[0]), c->freezes,
			      &c->n_freezes, read_place);
}

struct boost_words {
	struct chip_place set, wait;
};

static const struct yaml_key boost_keys[] = {
	YAML_KEY(struct boost_words, "reg", set.reg, yaml_read_u32, true),
	YAML_KEY(struct boost_words, "mask", set.mask, yaml_read_u32, true),
	YAML_KEY(struct boost_words, "value", set.value, yaml_read_u32, false),
	YAML_KEY(struct boost_words, "wait", wait, read_place, false),
};

static int read_boost(struct yaml_reader *r, uint32_t node, void *into)
{
	struct chip_boost *b = into;
	struct boost_words w = { 0 };
	int rc = yaml_read_map(r, node, boost_keys, YAML_KEYS(boost_keys), &w);

	if (!rc && w.set.value & ~w.set.mask)
		return yaml_fail(r, node, "the value has bits outside the mask");
	b->set = w.set;
	if (!b->set.value)
		b->set.value = b->set.mask;
	b->wait = w.wait;
	return rc;
}

static int read_boosts(struct yaml_reader *r, uint32_t node, void *into)
{
	struct chip *c = into;

	return yaml_read_list(r, node, CHIP_BOOST_MAX, sizeof(c->boosts[0]), c->boosts,
			      &c->n_boosts, read_boost);
}

static const struct yaml_key ram_keys[] = {
	YAML_KEY(struct chip, "base", ram.base, yaml_read_u32, true),
	YAML_KEY(struct chip, "bytes", ram.bytes, yaml_read_u32, true),
};

static int read_ram(struct yaml_reader *r, uint32_t node, void *into)
{
	return yaml_read_map(r, node, ram_keys, YAML_KEYS(ram_keys), into);
}

static const struct yaml_key crc_keys[] = {
	YAML_KEY(struct chip, "regs", crc_regs, yaml_read_u32, true),
	YAML_KEY(struct chip, "clock", crc_clock, read_place, true),
};

static int read_crc(struct yaml_reader *r, uint32_t node, void *into)
{
	return yaml_read_map(r, node, crc_keys, YAML_KEYS(crc_keys), into);
}

static const struct yaml_key chip_keys[] = {
	YAML_KEY(struct chip, "dev_id", dev_id, yaml_read_u16, true),
	YAML_KEY(struct chip, "name", name, yaml_read_text, true),
	YAML_KEY(struct chip, "family", family, yaml_read_text, true),
	YAML_KEY(struct chip, "core", core, yaml_read_text, true),
	YAML_KEY(struct chip, "dpidr", dpidr, yaml_read_u32, false),
	YAML_KEY(struct chip, "ctrl", ctrl, read_ctrl, true),
	YAML_KEY(struct chip, "proof", proof, read_proof, true),
	YAML_KEY(struct chip, "regs", regs, yaml_read_u32, true),
	YAML_KEY(struct chip, "bank2_regs", bank2_regs, yaml_read_u32, false),
	YAML_KEY(struct chip, "bank_bit", bank_bit, yaml_read_u8, false),
	YAML_KEY(struct chip, "busy", busy, yaml_read_u32, false),
	YAML_KEY(struct chip, "swap", swap, read_place, false),
	YAML_KEY(struct chip, "base", base, yaml_read_u32, true),
	YAML_KEY(struct chip, "max_kib", max_bytes, yaml_read_kib, true),
	YAML_KEY(struct chip, "min_kib", min_bytes, yaml_read_kib, false),
	YAML_KEY(struct chip, "size_reg", size_reg, yaml_read_u32, false),
	YAML_KEY(struct chip, "size_kind", size_kind, read_size_kind, false),
	{ "layouts", 0, read_layouts, true },
	YAML_KEY(struct chip, "granule", granule, yaml_read_u8, true),
	YAML_KEY(struct chip, "erased", erased, yaml_read_u8, false),
	YAML_KEY(struct chip, "ecc", ecc, yaml_read_bool, false),
	YAML_KEY(struct chip, "program_us", program_us, yaml_read_real, true),
	YAML_KEY(struct chip, "erase_ms", erase_ms, yaml_read_real, false),
	{ "ram", 0, read_ram, true },
	YAML_KEY(struct chip, "uid", uid, yaml_read_u32, false),
	{ "crc", 0, read_crc, false },
	YAML_KEY(struct chip, "dbgmcu_clock", dbgmcu_clock, read_place, false),
	YAML_KEY(struct chip, "dbgmcu", dbgmcu, read_place, false),
	{ "freeze", 0, read_freezes, false },
	YAML_KEY(struct chip, "iwdg", iwdg, yaml_read_u32, false),
	{ "boost", 0, read_boosts, false },
	YAML_KEY(struct chip, "core_khz", core_khz, yaml_read_u32, true),
};

_Static_assert(YAML_KEYS(chip_keys) <= YAML_KEYS_MAX, "yaml_read_map() notes each key");

static int read_chip(struct yaml_reader *r, uint32_t node, void *into)
{
	struct chip *c = into;
	int rc;

	c->erased = 0xff;
	rc = yaml_read_map(r, node, chip_keys, YAML_KEYS(chip_keys), c);
	if (!rc && (!c->granule || c->granule & (c->granule - 1)))
		return yaml_fail(r, node, "the granule is a power of two");
	return rc;
}

#define CHIPS_MAX 200

static int read_chips(struct yaml_reader *r, uint32_t node, void *into)
{
	struct chips *chips = into;
	struct chip *at = arena_alloc(r->a, CHIPS_MAX * sizeof(*at));
	int rc = yaml_read_list(r, node, CHIPS_MAX, sizeof(*at), at, &chips->n, read_chip);

	for (size_t i = 0; !rc && i < chips->n; i++)
		for (size_t k = 0; k < i; k++)
			if (at[k].dev_id == at[i].dev_id)
				return yaml_fail(r, node, "the id 0x%03x stands twice",
						 at[i].dev_id);
	chips->at = at;
	return rc;
}

static const struct yaml_key file_keys[] = { { "chips", 0, read_chips, true } };

int chips_parse(const char *name, const char *text, size_t len, struct chips *ret, struct err *e)
{
	struct yaml_mistakes mistakes = { .n = 0 };
	struct arena *a = arena_new();
	struct chips chips = { .a = a };
	struct yaml y;
	struct yaml_reader r = { .name = name, .y = &y, .a = a, .e = e };
	int rc = yaml_parse(text, len, a, &y, &mistakes);

	if (rc)
		rc = err_set(e, ERR_FORMAT, "%s:%u:%u: %s", name, mistakes.at[0].line,
			     mistakes.at[0].column, mistakes.at[0].text);
	else
		rc = yaml_read_map(&r, 0, file_keys, YAML_KEYS(file_keys), &chips);
	if (rc) {
		arena_free(a);
		return rc;
	}
	*ret = chips;
	return 0;
}
