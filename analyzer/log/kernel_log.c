/* The kernel's messages about a USB port: see kernel_log.h. */
#include "analyzer/log/kernel_log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORD_MAX 8192 /* of /dev/kmsg, which cuts longer reads off */
#define RECORDS	   100000
#define PREFIX_MAX 64

/* How the kernel's USB core (drivers/usb/core/hub.c, port.c) words them. */
static const struct wording {
	const char *text;
	enum { ERROR, RESET, DISCONNECT } what;
} wordings[] = {
	{ "error -", ERROR },
	{ "not accepting address", ERROR },
	{ "unable to enumerate", ERROR },
	{ "over-current", ERROR },
	{ "cannot enable", ERROR },
	{ "cannot reset", ERROR },
	{ "disabled by hub", ERROR },
	{ "not responding", ERROR },
	{ "USB disconnect", DISCONNECT },
	{ "-speed USB device number", RESET }, /* "reset full-speed USB device number 5" */
};

struct look {
	char device[PREFIX_MAX], port[PREFIX_MAX]; /* "" for any */
	uint64_t since_us;
	struct kernel_log_seen *seen;
};

/* "usb 1-2.3:" says the device, and of the same place "usb 1-2-port3:" or "usb usb1-port2:" the
 * hub. */
static void name_place(struct look *l, const char *place)
{
	const char *dot = strrchr(place, '.'), *dash = strchr(place, '-');

	snprintf(l->device, sizeof(l->device), "usb %.40s:", place);
	if (dot)
		snprintf(l->port, sizeof(l->port), "usb %.*s-port%.8s:", (int)(dot - place), place,
			 dot + 1);
	else if (dash)
		snprintf(l->port, sizeof(l->port), "usb usb%.*s-port%.8s:", (int)(dash - place),
			 place, dash + 1);
}

static bool begins(const char *text, const char *with)
{
	return *with && !strncmp(text, with, strlen(with));
}

static bool is_meant(const struct look *l, const char *text)
{
	if (!*l->device)
		return begins(text, "usb ");
	return begins(text, l->device) || begins(text, l->port);
}

static void keep(struct kernel_log_seen *seen, const char *text)
{
	size_t n = 0;

	while (text[n] && n + 1 < sizeof(seen->last)) {
		seen->last[n] = isprint((unsigned char)text[n]) ? text[n] : '?';
		n++;
	}
	seen->last[n] = '\0';
}

static void take_text(struct look *l, const char *text)
{
	for (size_t i = 0; i < sizeof(wordings) / sizeof(wordings[0]); i++) {
		const struct wording *w = &wordings[i];

		if (!strstr(text, w->text) || (w->what == RESET && !strstr(text, ": reset ")))
			continue;
		l->seen->errors += w->what == ERROR;
		l->seen->resets += w->what == RESET;
		l->seen->disconnects += w->what == DISCONNECT;
		keep(l->seen, text);
		return;
	}
}

static void take_record(struct look *l, char *record)
{
	const char *text = strchr(record, ';'), *comma = strchr(record, ',');

	comma = comma ? strchr(comma + 1, ',') : NULL;
	if (!text || !comma || comma > text || strtoull(comma + 1, NULL, 10) < l->since_us)
		return;
	if (is_meant(l, text + 1))
		take_text(l, text + 1);
}

/* A read gives one record from /dev/kmsg, and many from a copy of it in a file. */
static void take_lines(struct look *l, char *at)
{
	char *end;

	for (; (end = strchr(at, '\n')); at = end + 1) {
		*end = '\0';
		take_record(l, at);
	}
}

void kernel_log_look(int fd, const char *place, uint64_t since_us, struct kernel_log_seen *ret)
{
	struct look l = { .since_us = since_us, .seen = ret };
	char *room = malloc(RECORD_MAX + 1);

	if (!room)
		abort();
	*ret = (struct kernel_log_seen){ 0 };
	if (place)
		name_place(&l, place);
	for (unsigned i = 0; i < RECORDS; i++) {
		ssize_t n = read(fd, room, RECORD_MAX);

		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue; /* records were overwritten before we came to them */
		if (n <= 0)
			break;
		room[n] = '\0';
		take_lines(&l, room);
	}
	free(room);
}

int kernel_log_open(void)
{
	return open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}
