/*
 * What words of option bytes say of areas that can only be executed; apart from the examination, so
 * that it can be tried alone. Rows: exam_areas.def. Levels, pages, sectors and states are
 * flash/option.h's.
 */
#ifndef SWDOCTOR_EXAM_PROTECT_H
#define SWDOCTOR_EXAM_PROTECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flash/chip.h"

struct exam_area {
	const char *family;
	unsigned bank;
	uint32_t first_reg, last_reg; /* offsets */
	uint8_t first_shift, last_shift, width;
};

extern const struct exam_area exam_areas[];
extern const size_t exam_areas_len;

/* The area is one of this chip's, which may have one bank only. */
bool exam_area_is_of(const struct exam_area *a, const struct chip *c);
bool exam_area_protects(const struct exam_area *a, uint32_t first_word, uint32_t last_word);

/* The bit that turns protected sectors into code that cannot be read; 0: this family has none. */
uint32_t exam_code_mode(const struct chip *c, uint32_t *ret_reg);

#endif
