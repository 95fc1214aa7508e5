/* The vocabulary of events: see event.h. The store is event_store.c. */
#include "analyzer/event/event.h"

#include <string.h>

#define NONE
#define INT(name, unit)                                                                            \
	{                                                                                          \
#name, EVENT_INT, unit                                                             \
	}
#define HEX(name)                                                                                  \
	{                                                                                          \
#name, EVENT_HEX, ""                                                               \
	}
#define TEXT(name)                                                                                 \
	{                                                                                          \
#name, EVENT_TEXT, ""                                                              \
	}
#define EVENT(id, name, says, ...) [EVENT_##id] = { name, says, { __VA_ARGS__ } },

const struct event_kind_row event_kind_rows[EVENT_KINDS] = {
#include "analyzer/event/event_kinds.def"
};

#undef EVENT
#undef TEXT
#undef HEX
#undef INT
#undef NONE

int event_kind_find(const char *name)
{
	for (int i = 0; i < EVENT_KINDS; i++)
		if (!strcmp(event_kind_rows[i].name, name))
			return i;
	return -1;
}

int event_field_find(enum event_kind kind, const char *name)
{
	const struct event_field *f = event_kind_rows[kind].fields;

	for (int i = 0; i < EVENT_FIELDS_MAX && f[i].name; i++)
		if (!strcmp(f[i].name, name))
			return i;
	return -1;
}
