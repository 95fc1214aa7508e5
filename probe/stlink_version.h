/*
 * The version replies of an ST-LINK (F1, F1 80: 6 bytes; FB, FB 80: 12 bytes), and what a firmware
 * of that version can do. The tables: stlink_gates.def, stlink_quirks.def.
 */
#ifndef SWDOCTOR_STLINK_VERSION_H
#define SWDOCTOR_STLINK_VERSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/err.h"
#include "probe/usb_ids.h"

#define STLINK_VERSION_BYTES	6
#define STLINK_VERSION_EX_BYTES 12

struct stlink_version {
	uint8_t hardware; /* 1, 2, 3; 4 is STLINK-V3PWR */
	enum stlink_generation generation;
	uint8_t jtag; /* J; 0: this firmware does neither JTAG nor SWD */
	/* Parts that a firmware lacks are 0. */
	uint8_t swim, msd, bridge, power;
	uint16_t vid, pid; /* as the probe says; 0: it left them out */
	uint8_t api;	   /* OpenOCD's name for the command set: 1, 2, 3 */
	bool ask_ex;	   /* the short reply has no numbers: send FB */
};

/*
 * The short and the long reply. ERR_PROTOCOL for a reply that is too short or of hardware 0; *ret
 * stays untouched then.
 */
int stlink_version_parse(const uint8_t *reply, size_t len, struct stlink_version *ret,
			 struct err *e);
int stlink_version_parse_ex(const uint8_t *reply, size_t len, struct stlink_version *ret,
			    struct err *e);

#define STLINK_VERSION_TEXT_MAX 32
/* "V2J37S7", "V3J9M3B1": as OpenOCD prints it. */
void stlink_version_text(const struct stlink_version *v, char out[STLINK_VERSION_TEXT_MAX]);

enum stlink_gate {
#define STLINK_GATE_ROW(id, ...) STLINK_GATE_##id,
#include "probe/stlink_gates.def"
#undef STLINK_GATE_ROW
	STLINK_GATES,
	STLINK_GATE_NONE = STLINK_GATES, /* every firmware */
};

#define STLINK_GATE_ALL	  0
#define STLINK_GATE_NEVER 0xff

struct stlink_gate_row {
	const char *name;
	uint8_t since[4]; /* smallest J of hardware 1 to 4; STLINK_GATE_ALL, STLINK_GATE_NEVER */
	const char *text;
};

extern const struct stlink_gate_row stlink_gate_rows[STLINK_GATES];

/* Firmware without JTAG and SWD (J is 0) has none of them. */
bool stlink_version_has(const struct stlink_version *v, enum stlink_gate gate);

enum stlink_quirk {
#define STLINK_QUIRK_ROW(id, ...) STLINK_QUIRK_##id,
#include "probe/stlink_quirks.def"
#undef STLINK_QUIRK_ROW
	STLINK_QUIRKS
};

struct stlink_quirk_row {
	uint8_t hardware, first, last;
	const char *text;
};

extern const struct stlink_quirk_row stlink_quirk_rows[STLINK_QUIRKS];

bool stlink_version_is_quirky(const struct stlink_version *v, enum stlink_quirk quirk);

/* The longest 8-bit access, and the longest 16- and 32-bit one, in bytes. */
size_t stlink_version_max_rw8(const struct stlink_version *v);
#define STLINK_MAX_RW 6144

#endif
