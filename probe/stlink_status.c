/* The tables of status words and modes, searchable. */
#include <stdio.h>

#include "probe/stlink_status.h"

const struct stlink_status stlink_status_rows[] = {
#define STATUS(family, code, name, kind, text)                                                     \
	{ STLINK_STATUS_##family, code, STLINK_STATUS_##kind, #name, text },
#include "probe/stlink_status.def"
#undef STATUS
};

const size_t stlink_status_rows_len = sizeof(stlink_status_rows) / sizeof(stlink_status_rows[0]);

const struct stlink_mode_row stlink_mode_rows[] = {
#define STLINK_MODE_ROW(value, id, ...) { value, __VA_ARGS__ },
#include "probe/stlink_mode.def"
#undef STLINK_MODE_ROW
};

const size_t stlink_mode_rows_len = sizeof(stlink_mode_rows) / sizeof(stlink_mode_rows[0]);

const struct stlink_status *stlink_status_find(enum stlink_status_family family, uint32_t word)
{
	for (size_t i = 0; i < stlink_status_rows_len; i++) {
		const struct stlink_status *row = &stlink_status_rows[i];

		if (row->family == family && row->code == (word & 0xff))
			return row;
	}
	return NULL;
}

enum stlink_status_kind stlink_status_kind_of(enum stlink_status_family family, uint32_t word)
{
	const struct stlink_status *row;

	if (family == STLINK_STATUS_DEBUG && (word & 0xff) == STLINK_DEBUG_OK)
		return STLINK_STATUS_OK;
	row = stlink_status_find(family, word);
	return row ? row->kind : STLINK_STATUS_OTHER;
}

const char *stlink_status_kind_name(enum stlink_status_kind kind)
{
	static const char *const names[STLINK_STATUS_KINDS] = {
		[STLINK_STATUS_OK] = "ok",	     [STLINK_STATUS_CHANGED] = "changed",
		[STLINK_STATUS_WAIT] = "wait",	     [STLINK_STATUS_SIGNAL] = "signal",
		[STLINK_STATUS_REFUSED] = "refused", [STLINK_STATUS_NOLINK] = "no link",
		[STLINK_STATUS_MISUSE] = "misuse",   [STLINK_STATUS_SICK] = "probe sick",
		[STLINK_STATUS_OTHER] = "other",
	};

	return kind < STLINK_STATUS_KINDS ? names[kind] : "other";
}

void stlink_status_say(enum stlink_status_family family, uint32_t word, char *out, size_t len)
{
	const struct stlink_status *row = stlink_status_find(family, word);

	if (row)
		snprintf(out, len, "%s (0x%02x): %s", row->name, word, row->text);
	else
		snprintf(out, len, "status 0x%02x: nobody has named it", word);
}

const struct stlink_mode_row *stlink_mode_find(uint8_t value)
{
	for (size_t i = 0; i < stlink_mode_rows_len; i++) {
		if (stlink_mode_rows[i].value == value)
			return &stlink_mode_rows[i];
	}
	return NULL;
}
