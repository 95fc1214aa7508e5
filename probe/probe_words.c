/* Which probe is meant. */
#include <stdio.h>
#include <string.h>

#include "probe/probe.h"

int probe_words_parse(const char *words, struct probe_words *ret, struct err *e)
{
	struct probe_words w = { .kind = PROBE_USB };

	if (!strncmp(words, "replay:", 7) && words[7]) {
		w.kind = PROBE_REPLAY;
		w.rest = words + 7;
	} else if (!strncmp(words, "sim:", 4) && words[4]) {
		w.kind = PROBE_SIM;
		w.rest = words + 4;
	} else if (!strncmp(words, "usb:", 4) && words[4]) {
		w.serial = words + 4;
	} else if (!strncmp(words, "usb@", 4)) {
		w.has_place = usb_place_parse(words + 4, &w.place);
		if (!w.has_place)
			return err_set(e, ERR_USAGE,
				       "'%s' is no place: BUS-PORT.PORT is wanted, as in usb@1-2.3",
				       words);
	} else if (strcmp(words, "usb")) {
		return err_set(e, ERR_USAGE,
			       "'%s' names no probe: usb, usb:SERIAL, usb@BUS-PORT.PORT, "
			       "sim:SCENARIO and replay:FILE do",
			       words);
	}
	*ret = w;
	return 0;
}

bool probe_words_match(const struct probe_words *w, const struct usb_entry *entry)
{
	if (w->has_place)
		return usb_place_equal(&w->place, &entry->dev.place);
	return !w->serial || usb_serial_matches(&entry->serial, w->serial);
}

static int none_found(const struct probe_words *w, const struct usb_list *list, struct err *e)
{
	char place[USB_PLACE_TEXT_MAX];

	if (!list->n)
		return err_set(e, ERR_NO_PROBE, "no ST-LINK is plugged in");
	if (w->has_place) {
		usb_place_text(&w->place, place);
		return err_set(e, ERR_NO_PROBE,
			       "no ST-LINK is at USB place %s (swdoctor list shows them)", place);
	}
	return err_set(e, ERR_NO_PROBE,
		       "no ST-LINK has the serial number %s (swdoctor list shows them)", w->serial);
}

static int several_found(const struct probe_words *w, const struct usb_list *list, struct err *e)
{
	char text[300] = "", place[USB_PLACE_TEXT_MAX];
	size_t len = 0;

	for (size_t i = 0; i < list->n && len + 60 < sizeof(text); i++) {
		if (!probe_words_match(w, &list->entries[i]))
			continue;
		usb_place_text(&list->entries[i].dev.place, place);
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%susb@%s", len ? ", " : "",
					place);
	}
	return err_set(e, ERR_USAGE, "several probes %s: choose one of %s",
		       w->serial ? "have this serial number" : "are plugged in", text);
}

static size_t count(const struct usb_list *list, const struct probe_words *w, struct usb_entry *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (!probe_words_match(w, &list->entries[i]))
			continue;
		if (!n++)
			*ret = list->entries[i];
	}
	return n;
}

/* Only those that may be the one: nobody else's serial is asked for. */
static void ask_for_serials(struct usb_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct usb_entry *entry = &list->entries[i];

		if (entry->serial.form == USB_SERIAL_UNKNOWN && !usb_entry_is_held(entry))
			transport_usb_serial(&entry->dev, &entry->serial, NULL);
	}
}

int probe_choose(struct usb_list *list, const struct probe_words *w, struct usb_entry *ret,
		 struct err *e)
{
	struct usb_entry entry;
	size_t n = count(list, w, &entry);

	if (!n && w->serial) {
		ask_for_serials(list);
		n = count(list, w, &entry);
	}
	if (n > 1)
		return several_found(w, list, e);
	if (!n)
		return none_found(w, list, e);
	*ret = entry;
	return 0;
}
