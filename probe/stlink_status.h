/*
 * Names for the status words and modes of an ST-LINK. Nothing is folded: a word without a row
 * keeps its number, and the kind is only for the protocol's own decision (WAIT is asked again).
 * Facts and where their sources differ: stlink_status.def, stlink_mode.def.
 */
#ifndef SWDOCTOR_STLINK_STATUS_H
#define SWDOCTOR_STLINK_STATUS_H

#include <stddef.h>
#include <stdint.h>

enum stlink_status_family {
	STLINK_STATUS_DEBUG,
	STLINK_STATUS_SWIM,
	STLINK_STATUS_BRIDGE,
	STLINK_STATUS_CORE,
};

enum stlink_status_kind {
	STLINK_STATUS_OK,
	STLINK_STATUS_CHANGED, /* success after F2 63, an error elsewhere */
	STLINK_STATUS_WAIT,    /* not yet: ask again */
	STLINK_STATUS_SIGNAL,  /* bits were lost on the wires */
	STLINK_STATUS_REFUSED, /* the target refused */
	STLINK_STATUS_NOLINK,  /* nothing usable answers */
	STLINK_STATUS_MISUSE,  /* the host asked for what cannot be */
	STLINK_STATUS_SICK,    /* the probe itself failed */
	STLINK_STATUS_OTHER,   /* not known */
	STLINK_STATUS_KINDS
};

struct stlink_status {
	enum stlink_status_family family;
	uint8_t code;
	enum stlink_status_kind kind;
	const char *name; /* "AP_WAIT" */
	const char *text; /* "the access port asks to wait" */
};

/* The codes by name: STLINK_DEBUG_AP_WAIT, STLINK_SWIM_SWIM_BUSY, ... */
enum stlink_status_code {
#define STATUS(family, code, name, kind, text) STLINK_##family##_##name = code,
#include "probe/stlink_status.def"
#undef STATUS
};

extern const struct stlink_status stlink_status_rows[];
extern const size_t stlink_status_rows_len;

/* NULL for a word that nobody has named. Only the low byte of a DEBUG word is the code. */
const struct stlink_status *stlink_status_find(enum stlink_status_family family, uint32_t word);
/* OTHER for a word that nobody has named. */
enum stlink_status_kind stlink_status_kind_of(enum stlink_status_family family, uint32_t word);
const char *stlink_status_kind_name(enum stlink_status_kind kind); /* "signal" */

/*
 * Writes "AP_WAIT (0x10): the access port asks to wait", or "status 0x77: nobody has named it".
 * The text is cut to len - 1 characters.
 */
void stlink_status_say(enum stlink_status_family family, uint32_t word, char *out, size_t len);

enum stlink_mode {
#define STLINK_MODE_ROW(value, name, ...) STLINK_MODE_##name = value,
#include "probe/stlink_mode.def"
#undef STLINK_MODE_ROW
};

struct stlink_mode_row {
	uint8_t value;
	const char *name;
	const char *leave; /* bytes of the command that leaves it */
	size_t leave_len;  /* 0: none is known or needed */
	const char *text;
};

extern const struct stlink_mode_row stlink_mode_rows[];
extern const size_t stlink_mode_rows_len;

/* NULL for a value that nobody has named. */
const struct stlink_mode_row *stlink_mode_find(uint8_t value);

#endif
