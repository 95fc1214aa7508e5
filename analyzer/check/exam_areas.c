/* Areas that can only be executed: see exam_protect.h. */
#include "analyzer/check/exam_protect.h"

#include <string.h>

const struct exam_area exam_areas[] = {
#define MODE(...)
#define AREA(fam, of_bank, first, first_bit, last, last_bit, bits)                                 \
	{ .family = #fam,                                                                          \
	  .bank = (of_bank),                                                                       \
	  .first_reg = (first),                                                                    \
	  .last_reg = (last),                                                                      \
	  .first_shift = (first_bit),                                                              \
	  .last_shift = (last_bit),                                                                \
	  .width = (bits) },
#include "analyzer/check/exam_areas.def"
#undef AREA
#undef MODE
};

const size_t exam_areas_len = sizeof(exam_areas) / sizeof(exam_areas[0]);

static const struct {
	const char *family;
	uint32_t reg;
	unsigned bit;
} modes[] = {
#define AREA(...)
#define MODE(family, reg, bit) { #family, reg, bit },
#include "analyzer/check/exam_areas.def"
#undef AREA
#undef MODE
};

bool exam_area_is_of(const struct exam_area *a, const struct chip *c)
{
	if (strcmp(a->family, c->family))
		return false;
	for (size_t i = 0; i < c->n_layouts; i++)
		if (c->layouts[i].banks >= a->bank)
			return true;
	return false;
}

bool exam_area_protects(const struct exam_area *a, uint32_t first_word, uint32_t last_word)
{
	uint32_t mask = (1U << a->width) - 1;
	uint32_t first = first_word >> a->first_shift & mask;
	uint32_t last = last_word >> a->last_shift & mask;

	return last > first;
}

uint32_t exam_code_mode(const struct chip *c, uint32_t *ret_reg)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(modes[i].family, c->family))
			continue;
		*ret_reg = modes[i].reg;
		return 1U << modes[i].bit;
	}
	return 0;
}
