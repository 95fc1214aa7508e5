/* A piece of a log line becomes the value of an event's field: the units of doc/rules.md. */
#ifndef SWDOCTOR_MATCH_FIELD_H
#define SWDOCTOR_MATCH_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "analyzer/rule/rules.h"

/*
 * A number as it is written in `unit`, in the field's own unit (mV, kHz, bytes). UNIT_DEFAULT means
 * UNIT_HEX for a HEX field, UNIT_AUTO otherwise. Underscores between digits are skipped. False if
 * it is no such number or too large; *ret is untouched then.
 */
bool field_number(const char *text, size_t len, enum pattern_unit unit, enum event_type type,
		  int64_t *ret);

/*
 * Text for people and programs from bytes that may be anything: control characters are dropped, a
 * tab is a space, bytes that are no UTF-8 become U+FFFD, spaces at both ends go, and at most `room`
 * bytes are written (no character is cut) without a NUL. Returns the length.
 */
size_t field_text(const char *bytes, size_t len, char *to, size_t room);

#endif
