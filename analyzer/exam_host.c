/* What the host knows of the probe before a word is exchanged, and why it could not be opened. */
#include "analyzer/exam_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One line of a file of sysfs; "" if it cannot be read. */
static void read_line(const char *device, const char *file, char *out, size_t size)
{
	char path[200];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/usb/devices/%s/%s", device, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, out, size - 1);
		close(fd);
	}
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

void exam_found(struct exam *x, const struct usb_entry *entry)
{
	char place[USB_PLACE_TEXT_MAX], speed[16], control[16];

	if (!entry)
		return;
	decode_ids(x->decode, entry->dev.vid, entry->dev.pid, 0);
	usb_place_text(&entry->dev.place, place);
	read_line(place, "speed", speed, sizeof(speed));
	read_line(place, "power/control", control, sizeof(control));
	exam_say(x, EVENT_USB_PLACE,
		 EXAM_VALUES(EXAM_NUM(entry->dev.place.n_ports ? entry->dev.place.n_ports - 1 : 0),
			     *speed ? EXAM_NUM(strtol(speed, NULL, 10)) : EXAM_NO_VALUE,
			     *control ? EXAM_TEXT(control) : EXAM_NO_VALUE),
		 "the probe hangs at usb %s%s%s%s", place, *speed ? ", " : "", speed,
		 *speed ? " Mbit/s" : "");
}

/* The word for it; the kinds that are no fault of bus or probe are "other". */
static const char *word_for(int code)
{
	if (code == ERR_DENIED)
		return "access";
	if (code == ERR_BUSY || code == ERR_LOCK_WAIT)
		return "busy";
	if (code == ERR_GONE || code == ERR_TIMEOUT || code == ERR_USB)
		return "io";
	return "other";
}

void exam_open_failed(struct exam *x, const struct err *why)
{
	if (why->code == ERR_NO_PROBE)
		exam_say(x, EVENT_USB_NO_PROBE, EXAM_VALUES(EXAM_NO_VALUE), "%s", why->text);
	else
		exam_say(x, EVENT_USB_OPEN_FAILED, EXAM_VALUES(EXAM_TEXT(word_for((int)why->code))),
			 "%s", why->text);
}
