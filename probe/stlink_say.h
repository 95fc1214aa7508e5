/*
 * A decoded transaction in words, piece by piece, for tables, packet comments and evidence. Every
 * function adds to `out` and adds nothing where there is nothing to say. The text holds no control
 * characters.
 */
#ifndef SWDOCTOR_STLINK_SAY_H
#define SWDOCTOR_STLINK_SAY_H

#include "probe/base/buf.h"
#include "probe/stlink_decode.h"

/* "read word", "enter debug mode"; unknown commands by their bytes: "unknown command f2 99". */
void stlink_say_command(struct buf *out, const struct stlink_said *said, const struct xact *x);
/* "DHCSR", "0x20000000, 1024 bytes", "SWD", "1800 kHz". */
void stlink_say_arguments(struct buf *out, const struct stlink_said *said, const struct xact *x);
/* "OK", "AP_FAULT (0x11)", "timeout (-7)", "AP_WAIT (0x10) of #12". */
void stlink_say_status(struct buf *out, const struct stlink_said *said, const struct xact *x);
/* "DHCSR = 0x00030003 C_DEBUGEN C_HALT S_REGRDY S_HALT", "3.301 V", "V2J37S7". */
void stlink_say_result(struct buf *out, const struct stlink_said *said);
/* "stale: the reply to #12", "asked again (3)". */
void stlink_say_notes(struct buf *out, const struct stlink_said *said);

/* Command, arguments, status, result and notes in one sentence. */
void stlink_say_all(struct buf *out, const struct stlink_said *said, const struct xact *x);

/* As "0x%0*x" does, without its cost: traces say many numbers. At most 8 digits. */
void stlink_say_hex(struct buf *out, uint32_t value, unsigned digits);
/* "DHCSR", "AP 0 IDR", "r3", "0x20000000". */
void stlink_say_register(struct buf *out, const struct stlink_access *a);

#endif
