/* Rows of an explained session as JSON objects: see trace_rows.h. */
#ifndef SWDOCTOR_TRACE_JSON_H
#define SWDOCTOR_TRACE_JSON_H

#include "analyzer/usb/trace_rows.h"
#include "probe/base/json.h"

/* One object: an array's item, or alone on its line. */
void trace_json_row(struct json *j, const struct trace_row *row);

#endif
