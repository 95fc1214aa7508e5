/* Which one of these chips it is: its unique id, by which the history knows a board. */
#include "analyzer/check/exam_internal.h"

#include <stdio.h>

#define UID_WORDS 3

static bool is_blank(const uint32_t id[UID_WORDS])
{
	bool zero = true, ones = true;

	for (unsigned i = 0; i < UID_WORDS; i++) {
		zero &= !id[i];
		ones &= id[i] == 0xffffffff;
	}
	return zero || ones;
}

int exam_board(struct exam *x, struct err *e)
{
	uint32_t at = x->kin ? x->kin->uid : 0, id[UID_WORDS];
	char text[8 * UID_WORDS + 1];

	for (unsigned i = 0; i < UID_WORDS && at; i++) {
		unsigned status;
		int rc = exam_word(x, at + 4 * i, &id[i], &status, e);

		if (rc || status)
			return rc;
	}
	if (!at || is_blank(id))
		return 0;
	snprintf(text, sizeof(text), "%08x%08x%08x", id[2], id[1], id[0]);
	exam_say(x, EVENT_CHIP_UID, EXAM_VALUES(EXAM_TEXT(text)), "unique id %s", text);
	return 0;
}
