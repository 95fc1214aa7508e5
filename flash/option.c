/* Option bytes by name: reading, decoding, and what a change asks for. See option.h. */
#include "flash/option.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flash/option_write.h"
#include "probe/base/buf.h"

/* Those of one layout stand together. */
static const struct option_field fields[] = {
#define FIELD(layout, name, kind, reg, shift, width, says)                                         \
	{ #layout, name, OPTION_##kind, reg, shift, width, false, says },
#define FIELD_BANK2(layout, name, kind, reg, shift, width, says)                                   \
	{ #layout, name, OPTION_##kind, reg, shift, width, true, says },
#include "flash/option_fields.def"
#undef FIELD
#undef FIELD_BANK2
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

static const struct {
	const char *family;
	const char *layout;
	const struct option_writer *writer;
} layouts[] = {
	{ "F0", "f0", &option_writer_fpec }, { "F1", "f1", &option_writer_fpec },
	{ "F2", "f4", &option_writer_f4 },   { "F3", "f0", &option_writer_fpec },
	{ "F4", "f4", &option_writer_f4 },   { "F7", "f7", &option_writer_f4 },
	{ "L0", "l0", &option_writer_l0 },   { "L1", "l1", &option_writer_l0 },
	{ "L4", "l4", &option_writer_l4 },   { "G4", "g4", &option_writer_l4 },
	{ "G0", "g0", &option_writer_l4 },   { "C0", "g0", &option_writer_l4 },
	{ "U0", "u0", &option_writer_l4 },   { "WB", "wb", &option_writer_l4 },
	{ "WL", "wb", &option_writer_l4 },   { "L5", "l5", &option_writer_l5 },
	{ "U5", "l5", &option_writer_l5 },   { "U3", "l5", &option_writer_l5 },
	{ "WBA", "l5", &option_writer_l5 },  { "H5", "h5", &option_writer_h5 },
	{ "H7", "h7", &option_writer_h7 },
};

static bool has_bank2(const struct chip *c)
{
	for (size_t i = 0; i < c->n_layouts; i++)
		if (c->layouts[i].banks == 2)
			return true;
	return false;
}

bool option_layout_of(const struct chip *c, struct option_layout *ret)
{
	struct option_layout l = { 0 };

	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]) && !l.name; i++)
		if (!strcmp(layouts[i].family, c->family))
			l = (struct option_layout){ .name = layouts[i].layout,
						    .writer = layouts[i].writer };
	if (!l.name || c->ctrl == CHIP_CTRL_NONE)
		return false;
	if (c->ctrl == CHIP_CTRL_H7AB)
		l.name = "h7ab";
	for (size_t i = 0; i < N_FIELDS; i++)
		if (!strcmp(fields[i].layout, l.name) && (!fields[i].bank2 || has_bank2(c))) {
			l.fields = l.n ? l.fields : &fields[i];
			l.n++;
		}
	*ret = l;
	return true;
}

bool option_begins_range(const struct option_field *f)
{
	static const char ending[] = "-first";
	size_t len = strlen(f->name), n = sizeof(ending) - 1;

	return len > n && !strcmp(f->name + len - n, ending);
}

/* ---- what bits mean ---- */

#define RDP_OPEN 0xaa
#define RDP_CLOSED                                                                                 \
	0xbb /* anything but the two others; 0x55 has a meaning of its own on L5 and U5 */
#define RDP_EVER 0xcc

static uint32_t mask_of(const struct option_field *f)
{
	return (f->width < 32 ? (1U << f->width) - 1 : UINT32_MAX) << f->shift;
}

static uint32_t meaning(const struct option_field *f, uint32_t raw)
{
	switch (f->kind) {
	case OPTION_RDP:
		return raw == RDP_OPEN ? 0 : raw == RDP_EVER ? 2 : 1;
	case OPTION_RDP_LEVEL:
		return raw == 3 ? 2 : raw;
	case OPTION_SECTORS_INVERTED:
		return ~raw & (mask_of(f) >> f->shift);
	case OPTION_NUMBER:
	case OPTION_FLAG:
	case OPTION_RDP_F1:
	case OPTION_SECTORS:
	case OPTION_SHOWN:
		break;
	}
	return raw;
}

/* The bits for a meaning; level 2 never comes here. */
static uint32_t bits_for(const struct option_field *f, uint32_t value)
{
	if (f->kind == OPTION_RDP)
		return value ? RDP_CLOSED : RDP_OPEN;
	return meaning(f, value); /* the others are their own inverse */
}

static bool is_rdp(const struct option_field *f)
{
	return f->kind == OPTION_RDP || f->kind == OPTION_RDP_LEVEL || f->kind == OPTION_RDP_F1;
}

static bool is_sectors(const struct option_field *f)
{
	return f->kind == OPTION_SECTORS || f->kind == OPTION_SECTORS_INVERTED;
}

void option_value_text(const struct option_value *v, char *room, size_t size)
{
	const struct option_field *f = v->field;

	if (f->kind == OPTION_FLAG)
		snprintf(room, size, "%s", v->value ? "yes" : "no");
	else if (is_sectors(f) || f->width > 8 || f->kind == OPTION_SHOWN)
		snprintf(room, size, "0x%0*x", (f->width + 3) / 4, v->value);
	else
		snprintf(room, size, "%u", v->value);
}

/* ---- reading ---- */

int option_read(struct target *t, const struct chip *c, struct option_state *ret, struct err *e)
{
	struct option_state s = { .n = 0 };
	uint32_t reg = UINT32_MAX, word = 0, raw;

	if (!option_layout_of(c, &s.layout))
		return err_set(e, ERR_UNSUPPORTED, "the option bytes of %s are not known here",
			       c->name);
	for (size_t i = 0; i < s.layout.n && i < OPTION_FIELDS_MAX; i++) {
		const struct option_field *f = &s.layout.fields[i];
		int rc = f->reg == reg ? 0 : target_read32(t, c->regs + f->reg, &word, e);

		if (rc)
			return err_prefix(e, rc, "reading the option bytes");
		reg = f->reg;
		raw = (word & mask_of(f)) >> f->shift;
		s.values[s.n++] =
			(struct option_value){ .field = f, .value = meaning(f, raw), .raw = raw };
	}
	*ret = s;
	return 0;
}

/* ---- changes ---- */

static const struct option_field *field_named(const struct option_layout *l, const char *name,
					      size_t len)
{
	for (size_t i = 0; i < l->n; i++)
		if (strlen(l->fields[i].name) == len && !strncmp(l->fields[i].name, name, len))
			return &l->fields[i];
	return NULL;
}

static int unknown_name(const struct option_layout *l, const char *text, size_t len, struct err *e)
{
	struct buf names = { 0 };
	int rc;

	for (size_t i = 0; i < l->n; i++)
		if (l->fields[i].kind != OPTION_SHOWN)
			buf_addf(&names, "%s%s", i ? ", " : "", l->fields[i].name);
	rc = err_set(e, ERR_USAGE, "this chip has no option '%.*s'; it has %s", (int)len, text,
		     buf_str(&names));
	buf_done(&names);
	return rc;
}

static int read_value(const struct option_field *f, const char *text, uint32_t *ret, struct err *e)
{
	uint32_t most = f->kind == OPTION_FLAG ? 1 : mask_of(f) >> f->shift;
	unsigned long long n;
	char *end;

	if (!strcmp(text, "yes") || !strcmp(text, "no")) {
		*ret = *text == 'y';
		return 0;
	}
	errno = 0;
	n = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || n > most)
		return err_set(e, ERR_USAGE, "%s wants %s, not '%s'", f->name,
			       f->kind == OPTION_FLAG ? "yes or no" : "a number that fits", text);
	*ret = (uint32_t)n;
	return 0;
}

int option_change_parse(const struct option_layout *layout, const char *text,
			struct option_change *ret, struct err *e)
{
	size_t len = strcspn(text, "=");
	struct option_change c = { .field = field_named(layout, text, len) };
	int rc;

	if (!text[len])
		return err_set(e, ERR_USAGE, "'%s' is no NAME=VALUE", text);
	if (!c.field)
		return unknown_name(layout, text, len, e);
	if (c.field->kind == OPTION_SHOWN)
		return err_set(e, ERR_USAGE,
			       "%s is shown, but never written here: a mistake could not be undone",
			       c.field->name);
	rc = read_value(c.field, text + len + 1, &c.value, e);
	if (rc)
		return rc;
	if (is_rdp(c.field) && c.value > 1)
		return err_set(e, ERR_USAGE,
			       "read protection level %u is never set here: it is for ever, and "
			       "ends all debugging of the chip",
			       c.value);
	*ret = c;
	return 0;
}

static const struct option_value *value_of(const struct option_state *s,
					   const struct option_field *f)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->values[i].field == f)
			return &s->values[i];
	return NULL;
}

bool option_erases_all(const struct option_state *now, const struct option_change *c)
{
	const struct option_value *v = value_of(now, c->field);

	return is_rdp(c->field) && c->value == 0 && v && v->value != 0;
}

/* ---- writing ---- */

static struct option_reg *reg_at(struct option_reg *regs, size_t *n, uint32_t offset)
{
	for (size_t i = 0; i < *n; i++)
		if (regs[i].offset == offset)
			return &regs[i];
	if (*n == OPTION_REGS_MAX)
		return NULL;
	regs[*n] = (struct option_reg){ .offset = offset };
	return &regs[(*n)++];
}

/* Every register of the layout as it is now: some writers must write them all. */
static int read_regs(struct target *t, const struct chip *c, const struct option_layout *l,
		     struct option_reg *regs, size_t *n, struct err *e)
{
	for (size_t i = 0; i < l->n; i++) {
		size_t before = *n;
		struct option_reg *r = reg_at(regs, n, l->fields[i].reg);
		int rc;

		if (!r)
			return err_set(e, ERR_INTERNAL, "too many option registers");
		rc = *n == before ? 0 : target_read32(t, c->regs + r->offset, &r->value, e);
		if (rc)
			return rc;
	}
	return 0;
}

int option_write(struct target *t, const struct chip *c, const struct option_state *now,
		 const struct option_change *changes, size_t n, struct err *e)
{
	struct option_reg regs[OPTION_REGS_MAX];
	size_t n_regs = 0;
	int rc;

	if (!now->layout.writer)
		return err_set(e, ERR_UNSUPPORTED,
			       "how to write the option bytes of %s is not known here", c->name);
	rc = read_regs(t, c, &now->layout, regs, &n_regs, e);
	for (size_t i = 0; i < n && !rc; i++) {
		const struct option_field *f = changes[i].field;
		struct option_reg *r = reg_at(regs, &n_regs, f->reg);
		const struct option_value *v = value_of(now, f);

		if (is_rdp(f) && changes[i].value > 1)
			return err_set(e, ERR_INTERNAL, "read protection for ever was asked for");
		if (v && v->value == changes[i].value)
			continue; /* the bits may differ and mean the same */
		r->value &= ~mask_of(f);
		r->value |= bits_for(f, changes[i].value) << f->shift;
		r->changed = true;
	}
	if (!rc)
		rc = now->layout.writer->write(t, c, regs, n_regs, e);
	return rc ? err_prefix(e, rc, "writing the option bytes") : 0;
}
