/* What a success took, or what was tried in vain: the recoveries in a report. */
#ifndef SWDOCTOR_FLASH_REPORT_TRIES_H
#define SWDOCTOR_FLASH_REPORT_TRIES_H

#include "analyzer/flash/flash_report.h"

/* Something went wrong on the way, and was got over or not. */
bool flash_tries_any(const struct flash_tries *t);
void flash_tries_json(const struct flash_report *r, struct json *j);
void flash_tries_text(const struct flash_report *r, const struct term *t, struct buf *out);

#endif
