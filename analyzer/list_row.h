/* One probe as `swdoctor list` shows it. */
#ifndef SWDOCTOR_LIST_ROW_H
#define SWDOCTOR_LIST_ROW_H

#include "analyzer/base/term.h"
#include "probe/base/json.h"
#include "probe/probe.h"

/* What a probe told about itself when it was opened. */
struct list_told {
	bool opened;
	struct err why_not; /* code 0: nothing spoke against it, or nobody tried */
	bool has_version;
	struct stlink_version version;
	bool has_mode;
	uint8_t mode;
	bool has_voltage;
	struct stlink_voltage voltage;
};

struct list_row {
	struct usb_entry *entry;
	struct list_told told;
	bool locked;
	struct lock_record lock;
};

void list_row_json(const struct list_row *row, struct json *j);
void list_row_text(const struct list_row *row, const struct term *term, struct buf *out);

#endif
