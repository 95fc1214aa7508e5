/* What the host knows of the probe before a word is exchanged, and why it could not be opened. */
#include "analyzer/check/exam_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/log/kernel_log.h"

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

#define KERNEL_WINDOW_US 600000000 /* ten minutes */
/* A user unplugs, and a tool resets, now and then. */
#define RESETS_MANY	 3
#define DISCONNECTS_MANY 3

void exam_ask_kernel(struct exam *x, const char *place)
{
	struct kernel_log_seen seen = { 0 };
	int fd = kernel_log_open();
	uint64_t now = clock_now_us(&clock_real);
	bool trouble;

	if (fd < 0) {
		exam_say(x, EVENT_USB_KERNEL, EXAM_VALUES(EXAM_TEXT("unreadable")),
			 "the kernel's messages cannot be read");
		return;
	}
	kernel_log_look(fd, place, now > KERNEL_WINDOW_US ? now - KERNEL_WINDOW_US : 0, &seen);
	close(fd);
	trouble = seen.errors || seen.resets >= RESETS_MANY || seen.disconnects >= DISCONNECTS_MANY;
	exam_say(x, EVENT_USB_KERNEL,
		 EXAM_VALUES(EXAM_TEXT(trouble ? "trouble" : "quiet"), EXAM_NUM(seen.errors),
			     EXAM_NUM(seen.resets), EXAM_NUM(seen.disconnects)),
		 "the kernel in the last ten minutes: %u errors, %u resets, %u times unplugged%s%s",
		 seen.errors, seen.resets, seen.disconnects, *seen.last ? "; " : "", seen.last);
}

static void tell_place(struct exam *x, const struct usb_device *dev, const char *place)
{
	char speed[16], control[16];
	unsigned hubs = usb_place_hubs(&dev->place);
	bool suspends;

	read_line(place, "speed", speed, sizeof(speed));
	read_line(place, "power/control", control, sizeof(control));
	suspends = !strcmp(control, "auto");
	exam_say(x, EVENT_USB_PLACE,
		 EXAM_VALUES(dev->place.n_ports ? EXAM_NUM(hubs) : EXAM_NO_VALUE,
			     *speed	       ? EXAM_NUM(strtol(speed, NULL, 10))
			     : dev->speed_kbps ? EXAM_NUM(dev->speed_kbps / 1000)
					       : EXAM_NO_VALUE,
			     *control ? EXAM_TEXT(control) : EXAM_NO_VALUE),
		 "the probe hangs at usb %s, behind %u hub%s%s%s%s%s", place, hubs,
		 hubs == 1 ? "" : "s", *speed ? ", " : "", speed, *speed ? " Mbit/s" : "",
		 suspends ? ", and may be put to sleep (autosuspend)" : "");
}

void exam_found(struct exam *x, const struct usb_entry *entry)
{
	char place[USB_PLACE_TEXT_MAX];

	if (!entry)
		return;
	decode_ids(x->decode, entry->dev.vid, entry->dev.pid, 0);
	usb_place_text(&entry->dev.place, place);
	tell_place(x, &entry->dev, place);
	if (entry->holder)
		exam_say(x, EVENT_USB_HOLDER,
			 EXAM_VALUES(EXAM_TEXT(entry->holder_name), EXAM_NUM(entry->holder)),
			 "%s (process %ld) has the probe open, too", entry->holder_name,
			 (long)entry->holder);
	exam_ask_kernel(x, place);
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
