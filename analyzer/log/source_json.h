/* Logs that a container runtime or the journal wrapped into JSON, an object a line: the text
 * inside. */
#ifndef SWDOCTOR_SOURCE_JSON_H
#define SWDOCTOR_SOURCE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/buf.h"

/*
 * If the line (without its newline) is an object with a text that a log wrapper writes, that text
 * is added to out, its newlines as spaces so that lines stay lines; else false.
 */
bool json_unwrap(const char *line, size_t len, struct buf *out);

#endif
