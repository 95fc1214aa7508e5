/* Reads the chip table (rules/chips.yaml) into rows: see chip.h. */
#include "flash/chip.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/yaml.h"

struct reader {
	const char *name;
	const struct yaml *y;
	struct arena *a;
	struct err *e;
};

struct key {
	const char *name;
	size_t offset;
	int (*read)(struct reader *r, uint32_t node, void *into);
	bool needed;
};

static int fail(struct reader *r, uint32_t node, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(struct reader *r, uint32_t node, const char *fmt, ...)
{
	char text[240];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(r->e, ERR_FORMAT, "%s:%u:%u: %s", r->name, r->y->nodes[node].line,
		       r->y->nodes[node].column, text);
}

/* ---- values ---- */

static int read_text(struct reader *r, uint32_t node, void *into)
{
	if (r->y->nodes[node].kind != YAML_SCALAR)
		return fail(r, node, "a word belongs here");
	*(const char **)into = arena_str(r->a, yaml_text(r->y, node));
	return 0;
}

static int number(struct reader *r, uint32_t node, uint64_t most, uint32_t *ret)
{
	const char *text;
	unsigned long long n;
	char *end;

	if (r->y->nodes[node].kind != YAML_SCALAR)
		return fail(r, node, "a number belongs here");
	text = yaml_text(r->y, node);
	errno = 0;
	n = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || n > most)
		return fail(r, node, "'%s' is no number up to %llu", text,
			    (unsigned long long)most);
	*ret = (uint32_t)n;
	return 0;
}

static int read_u32(struct reader *r, uint32_t node, void *into)
{
	return number(r, node, UINT32_MAX, into);
}

static int read_u16(struct reader *r, uint32_t node, void *into)
{
	uint32_t n = 0;
	int rc = number(r, node, UINT16_MAX, &n);

	*(uint16_t *)into = (uint16_t)n;
	return rc;
}

static int read_u8(struct reader *r, uint32_t node, void *into)
{
	uint32_t n = 0;
	int rc = number(r, node, UINT8_MAX, &n);

	*(uint8_t *)into = (uint8_t)n;
	return rc;
}

static int read_kib(struct reader *r, uint32_t node, void *into)
{
	uint32_t n = 0;
	int rc = number(r, node, UINT32_MAX / 1024, &n);

	*(uint32_t *)into = n * 1024;
	return rc;
}

static int read_banks(struct reader *r, uint32_t node, void *into)
{
	uint32_t n = 0;
	int rc = number(r, node, CHIP_BANKS_MAX, &n);

	if (!rc && !n)
		return fail(r, node, "there is one bank at least");
	*(unsigned *)into = n;
	return rc;
}

static int read_real(struct reader *r, uint32_t node, void *into)
{
	const char *text = r->y->nodes[node].kind == YAML_SCALAR ? yaml_text(r->y, node) : "";
	char *end;
	double x = strtod(text, &end);

	if (end == text || *end || !(x >= 0 && x < 1e6))
		return fail(r, node, "a number belongs here");
	*(double *)into = x;
	return 0;
}

static int read_bool(struct reader *r, uint32_t node, void *into)
{
	const char *text = r->y->nodes[node].kind == YAML_SCALAR ? yaml_text(r->y, node) : "";

	if (strcmp(text, "true") && strcmp(text, "false"))
		return fail(r, node, "true or false belongs here");
	*(bool *)into = *text == 't';
	return 0;
}

static int choice(struct reader *r, uint32_t node, const char *(*name)(unsigned), unsigned n,
		  unsigned *ret)
{
	const char *text = r->y->nodes[node].kind == YAML_SCALAR ? yaml_text(r->y, node) : "";
	struct buf known = { 0 };
	int rc;

	for (unsigned i = 0; i < n; i++) {
		if (!strcmp(name(i), text)) {
			buf_done(&known);
			*ret = i;
			return 0;
		}
		buf_addf(&known, "%s%s", i ? ", " : "", name(i));
	}
	rc = fail(r, node, "'%s' is none of: %s", text, buf_str(&known));
	buf_done(&known);
	return rc;
}

static const char *ctrl_word(unsigned n)
{
	return chip_ctrl_name((enum chip_ctrl)n);
}

static int read_ctrl(struct reader *r, uint32_t node, void *into)
{
	unsigned n = 0;
	int rc = choice(r, node, ctrl_word, CHIP_CTRLS, &n);

	*(enum chip_ctrl *)into = (enum chip_ctrl)n;
	return rc;
}

static const char *proof_word(unsigned n)
{
	return chip_proof_name((enum chip_proof)n);
}

static int read_proof(struct reader *r, uint32_t node, void *into)
{
	unsigned n = 0;
	int rc = choice(r, node, proof_word, CHIP_PROOF_HARDWARE + 1, &n);

	*(enum chip_proof *)into = (enum chip_proof)n;
	return rc;
}

static const char *size_word(unsigned n)
{
	static const char *const words[] = { "kib16", "kib8", "code-l1" };

	return words[n];
}

static int read_size_kind(struct reader *r, uint32_t node, void *into)
{
	unsigned n = 0;
	int rc = choice(r, node, size_word, CHIP_SIZE_CODE_L1 + 1, &n);

	*(enum chip_size_kind *)into = (enum chip_size_kind)n;
	return rc;
}

/* ---- maps and lists ---- */

#define KEYS_MAX 40

static int read_value(struct reader *r, uint32_t key, const struct key *keys, size_t n, void *into,
		      bool *seen)
{
	const char *name = yaml_text(r->y, key);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(keys[i].name, name)) {
			seen[i] = true;
			return keys[i].read(r, key + 1, (char *)into + keys[i].offset);
		}
	return fail(r, key, "unknown key '%s'", name);
}

static int read_map(struct reader *r, uint32_t node, const struct key *keys, size_t n, void *into)
{
	const struct yaml_node *nodes = r->y->nodes;
	bool seen[KEYS_MAX] = { false };

	if (nodes[node].kind != YAML_MAP)
		return fail(r, node, "keys and values belong here");
	for (uint32_t key = node + 1; key < nodes[node].end; key = nodes[key + 1].end) {
		int rc = read_value(r, key, keys, n, into, seen);

		if (rc)
			return rc;
	}
	for (size_t i = 0; i < n; i++)
		if (keys[i].needed && !seen[i])
			return fail(r, node, "the key '%s' is missing", keys[i].name);
	return 0;
}

/* A sequence into an array; *count counts. */
static int read_list(struct reader *r, uint32_t node, size_t most, size_t bytes, void *at,
		     size_t *count, int (*read)(struct reader *, uint32_t, void *))
{
	const struct yaml_node *nodes = r->y->nodes;

	if (nodes[node].kind != YAML_SEQ)
		return fail(r, node, "a list belongs here");
	for (uint32_t i = node + 1; i < nodes[node].end; i = nodes[i].end) {
		int rc;

		if (*count == most)
			return fail(r, i, "more than %zu of them", most);
		rc = read(r, i, (char *)at + *count * bytes);
		if (rc)
			return rc;
		++*count;
	}
	return 0;
}

#define KEY(type, key, member, how, must)                                                          \
	{                                                                                          \
		key, offsetof(type, member), how, must                                             \
	}
#define COUNT(keys) (sizeof(keys) / sizeof((keys)[0]))

static const struct key place_keys[] = {
	KEY(struct chip_place, "reg", reg, read_u32, true),
	KEY(struct chip_place, "mask", mask, read_u32, true),
	KEY(struct chip_place, "value", value, read_u32, false),
};

/* A value that is not given means: all bits of the mask. */
static int read_place(struct reader *r, uint32_t node, void *into)
{
	struct chip_place p = { 0 };
	bool given = false;
	int rc = read_map(r, node, place_keys, COUNT(place_keys), &p);

	for (uint32_t key = node + 1; !rc && key < r->y->nodes[node].end;
	     key = r->y->nodes[key + 1].end)
		given |= !strcmp(yaml_text(r->y, key), "value");
	if (!rc && (!p.mask || p.value & ~p.mask))
		return fail(r, node, "the value has bits outside the mask, or there is no mask");
	if (!given)
		p.value = p.mask;
	*(struct chip_place *)into = p;
	return rc;
}

static int read_run(struct reader *r, uint32_t node, void *into)
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
		return fail(r, node, "'%s' is no run of blocks, like 4x16K, 2K or 128B", text);
	*run = (struct chip_run){ count, bytes };
	return 0;
}

static int read_runs(struct reader *r, uint32_t node, void *into)
{
	struct chip_layout *l = into;

	return read_list(r, node, CHIP_RUNS_MAX, sizeof(l->runs[0]), l->runs, &l->n_runs, read_run);
}

static const struct key layout_keys[] = {
	KEY(struct chip_layout, "kib", kib, read_u32, false),
	KEY(struct chip_layout, "when", when, read_place, false),
	KEY(struct chip_layout, "banks", banks, read_banks, false),
	KEY(struct chip_layout, "bank2", bank2, read_u32, false),
	{ "blocks", 0, read_runs, true },
};

static int read_layout(struct reader *r, uint32_t node, void *into)
{
	struct chip_layout *l = into;

	l->banks = 1;
	return read_map(r, node, layout_keys, COUNT(layout_keys), l);
}

static int read_layouts(struct reader *r, uint32_t node, void *into)
{
	struct chip *c = into;

	return read_list(r, node, CHIP_LAYOUTS_MAX, sizeof(c->layouts[0]), c->layouts,
			 &c->n_layouts, read_layout);
}

static int read_freezes(struct reader *r, uint32_t node, void *into)
{
	struct chip *c = into;

	return read_list(r, node, CHIP_FREEZES_MAX, sizeof(c->freezes[0]), c->freezes,
			 &c->n_freezes, read_place);
}

struct boost_words {
	struct chip_place set, wait;
};

static const struct key boost_keys[] = {
	KEY(struct boost_words, "reg", set.reg, read_u32, true),
	KEY(struct boost_words, "mask", set.mask, read_u32, true),
	KEY(struct boost_words, "value", set.value, read_u32, false),
	KEY(struct boost_words, "wait", wait, read_place, false),
};

static int read_boost(struct reader *r, uint32_t node, void *into)
{
	struct chip_boost *b = into;
	struct boost_words w = { 0 };
	int rc = read_map(r, node, boost_keys, COUNT(boost_keys), &w);

	if (!rc && w.set.value & ~w.set.mask)
		return fail(r, node, "the value has bits outside the mask");
	b->set = w.set;
	if (!b->set.value)
		b->set.value = b->set.mask;
	b->wait = w.wait;
	return rc;
}

static int read_boosts(struct reader *r, uint32_t node, void *into)
{
	struct chip *c = into;

	return read_list(r, node, CHIP_BOOST_MAX, sizeof(c->boosts[0]), c->boosts, &c->n_boosts,
			 read_boost);
}

static const struct key ram_keys[] = {
	KEY(struct chip, "base", ram.base, read_u32, true),
	KEY(struct chip, "bytes", ram.bytes, read_u32, true),
};

static int read_ram(struct reader *r, uint32_t node, void *into)
{
	return read_map(r, node, ram_keys, COUNT(ram_keys), into);
}

static const struct key crc_keys[] = {
	KEY(struct chip, "regs", crc_regs, read_u32, true),
	KEY(struct chip, "clock", crc_clock, read_place, true),
};

static int read_crc(struct reader *r, uint32_t node, void *into)
{
	return read_map(r, node, crc_keys, COUNT(crc_keys), into);
}

static const struct key chip_keys[] = {
	KEY(struct chip, "dev_id", dev_id, read_u16, true),
	KEY(struct chip, "name", name, read_text, true),
	KEY(struct chip, "family", family, read_text, true),
	KEY(struct chip, "core", core, read_text, true),
	KEY(struct chip, "ctrl", ctrl, read_ctrl, true),
	KEY(struct chip, "proof", proof, read_proof, true),
	KEY(struct chip, "regs", regs, read_u32, true),
	KEY(struct chip, "bank2_regs", bank2_regs, read_u32, false),
	KEY(struct chip, "bank_bit", bank_bit, read_u8, false),
	KEY(struct chip, "busy", busy, read_u32, false),
	KEY(struct chip, "swap", swap, read_place, false),
	KEY(struct chip, "base", base, read_u32, true),
	KEY(struct chip, "max_kib", max_bytes, read_kib, true),
	KEY(struct chip, "size_reg", size_reg, read_u32, false),
	KEY(struct chip, "size_kind", size_kind, read_size_kind, false),
	{ "layouts", 0, read_layouts, true },
	KEY(struct chip, "granule", granule, read_u8, true),
	KEY(struct chip, "erased", erased, read_u8, false),
	KEY(struct chip, "ecc", ecc, read_bool, false),
	KEY(struct chip, "program_us", program_us, read_real, true),
	KEY(struct chip, "erase_ms", erase_ms, read_real, false),
	{ "ram", 0, read_ram, true },
	KEY(struct chip, "uid", uid, read_u32, false),
	{ "crc", 0, read_crc, false },
	KEY(struct chip, "dbgmcu_clock", dbgmcu_clock, read_place, false),
	KEY(struct chip, "dbgmcu", dbgmcu, read_place, false),
	{ "freeze", 0, read_freezes, false },
	KEY(struct chip, "iwdg", iwdg, read_u32, false),
	{ "boost", 0, read_boosts, false },
	KEY(struct chip, "core_khz", core_khz, read_u32, true),
};

_Static_assert(COUNT(chip_keys) <= KEYS_MAX, "read_map() notes each key");

static int read_chip(struct reader *r, uint32_t node, void *into)
{
	struct chip *c = into;
	int rc;

	c->erased = 0xff;
	rc = read_map(r, node, chip_keys, COUNT(chip_keys), c);
	if (!rc && (!c->granule || c->granule & (c->granule - 1)))
		return fail(r, node, "the granule is a power of two");
	return rc;
}

#define CHIPS_MAX 200

static int read_chips(struct reader *r, uint32_t node, void *into)
{
	struct chips *chips = into;
	struct chip *at = arena_alloc(r->a, CHIPS_MAX * sizeof(*at));
	int rc = read_list(r, node, CHIPS_MAX, sizeof(*at), at, &chips->n, read_chip);

	for (size_t i = 0; !rc && i < chips->n; i++)
		for (size_t k = 0; k < i; k++)
			if (at[k].dev_id == at[i].dev_id)
				return fail(r, node, "the id 0x%03x stands twice", at[i].dev_id);
	chips->at = at;
	return rc;
}

static const struct key file_keys[] = { { "chips", 0, read_chips, true } };

int chips_parse(const char *name, const char *text, size_t len, struct chips *ret, struct err *e)
{
	struct yaml_mistakes mistakes = { .n = 0 };
	struct arena *a = arena_new();
	struct chips chips = { .a = a };
	struct yaml y;
	struct reader r = { .name = name, .y = &y, .a = a, .e = e };
	int rc = yaml_parse(text, len, a, &y, &mistakes);

	if (rc)
		rc = err_set(e, ERR_FORMAT, "%s:%u:%u: %s", name, mistakes.at[0].line,
			     mistakes.at[0].column, mistakes.at[0].text);
	else
		rc = read_map(&r, 0, file_keys, COUNT(file_keys), &chips);
	if (rc) {
		arena_free(a);
		return rc;
	}
	*ret = chips;
	return 0;
}

/* ---- where the text is from ---- */

extern const char chip_text[], chip_text_end[];

static int read_file(FILE *f, const char *path, struct chips *ret, struct err *e)
{
	struct buf text = { 0 };
	char bytes[4096];
	size_t n;
	int rc;

	while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0 && text.len <= YAML_BYTES_MAX)
		buf_add(&text, bytes, n);
	rc = ferror(f) ? err_set(e, ERR_IO, "%s cannot be read", path)
		       : chips_parse(path, buf_str(&text), text.len, ret, e);
	buf_done(&text);
	return rc;
}

int chips_load(const char *dir, struct chips *ret, struct err *e)
{
	struct buf path = { 0 };
	FILE *f = NULL;
	int rc;

	if (dir) {
		buf_addf(&path, "%s/chips.yaml", dir);
		f = fopen(path.at, "rb");
	}
	if (f) {
		rc = read_file(f, path.at, ret, e);
		fclose(f);
	} else if (dir && errno != ENOENT) {
		rc = err_set_native(e, ERR_IO, errno, "%s: %s", path.at, strerror(errno));
	} else {
		rc = chips_parse("rules/chips.yaml", chip_text,
				 (uintptr_t)chip_text_end - (uintptr_t)chip_text, ret, e);
	}
	buf_done(&path);
	return rc;
}

void chips_done(struct chips *c)
{
	arena_free(c->a);
	*c = (struct chips){ 0 };
}
