/* The table of registers, searchable, and their bits as words. */
#include "probe/coresight_regs.h"

/* clang-format off */
#define R	true, false
#define W	false, true
#define RW	true, true
#define B(name, bit)		{ name, bit, bit }
#define F(name, high, low)	{ name, high, low }
#define BITS(...)	{ __VA_ARGS__ }
#define NO_BITS		{ { NULL, 0, 0 } }

#define REG_ROW(space, address, readable, writable, name, ...) \
	{ CORESIGHT_##space, address, readable, writable, name, __VA_ARGS__ },
/* The access expands to two columns before REG_ROW sees it. */
#define REG(...) REG_ROW(__VA_ARGS__)
/* clang-format on */

const struct coresight_reg coresight_regs[] = {
#include "probe/coresight_regs.def"
};

/* What is searched, apart from what is found, so that a search stays in a few cache lines. */
struct key {
	uint32_t address;
	uint8_t space;
	bool readable, writable;
};

#undef REG_ROW
/* clang-format off */
#define REG_ROW(space, address, readable, writable, name, ...) \
	{ address, CORESIGHT_##space, readable, writable },
/* clang-format on */

static const struct key keys[] = {
#include "probe/coresight_regs.def"
};

const size_t coresight_regs_len = sizeof(coresight_regs) / sizeof(coresight_regs[0]);

const struct coresight_reg *coresight_reg_find(enum coresight_space space, uint32_t address,
					       bool write)
{
	for (size_t i = 0; i < coresight_regs_len; i++) {
		const struct key *k = &keys[i];

		if (k->address == address && k->space == (uint8_t)space &&
		    (write ? k->writable : k->readable))
			return &coresight_regs[i];
	}
	return NULL;
}

void coresight_add_bits(struct buf *out, const struct coresight_reg *reg, uint32_t value)
{
	const char *between = "";

	for (const struct coresight_bits *b = reg->bits;
	     b < reg->bits + CORESIGHT_BITS_MAX && b->name; b++) {
		unsigned width = b->high - b->low + 1U;
		uint32_t mask = width < 32 ? (1U << width) - 1 : 0xffffffffU;
		uint32_t field = value >> b->low & mask;

		if (!field)
			continue;
		buf_add_str(out, between);
		buf_add_str(out, b->name);
		if (width > 1)
			buf_addf(out, field < 10 ? "=%u" : "=0x%x", field);
		between = " ";
	}
}

const char *coresight_area(uint32_t address)
{
	static const struct {
		uint32_t from;
		const char *name;
	} areas[] = {
		{ 0xe0000000, "core" },		 { 0x60000000, "external" },
		{ 0x40000000, "peripheral" },	 { 0x20000000, "RAM" },
		{ 0x1ff00000, "system memory" }, { 0x10000000, "memory" },
		{ 0x08000000, "flash" },	 { 0x00000000, "boot area" },
	};
	size_t i = 0;

	while (address < areas[i].from)
		i++;
	return areas[i].name;
}
