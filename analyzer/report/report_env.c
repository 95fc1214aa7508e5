/* System, kernel, libraries, USB topology: see report_env.h. */
#include "analyzer/report/report_env.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "analyzer/base/version.h"
#include "probe/usb_list.h"

#define ROWS_MAX     48
#define LINE_LONGEST 512

struct rows {
	struct arena *a;
	struct env_row *at;
	size_t n;
};

static void add(struct rows *r, const char *name, const char *value)
{
	if (r->n < ROWS_MAX && value && *value)
		r->at[r->n++] = (struct env_row){ arena_str(r->a, name), arena_str(r->a, value) };
}

/* PRETTY_NAME="Debian GNU/Linux 12 (bookworm)" */
static void add_system(struct rows *r)
{
	static const char key[] = "PRETTY_NAME=";
	FILE *f = fopen("/etc/os-release", "re");
	char line[LINE_LONGEST];

	while (f && fgets(line, sizeof(line), f)) {
		char *value = line + strlen(key);

		if (strncmp(line, key, strlen(key)))
			continue;
		value += *value == '"';
		value[strcspn(value, "\"\n")] = '\0';
		add(r, "operating system", value);
	}
	if (f)
		fclose(f);
}

static void add_kernel(struct rows *r)
{
	struct utsname u;
	char text[LINE_LONGEST];

	if (uname(&u))
		return;
	snprintf(text, sizeof(text), "%.60s %.100s %.60s", u.sysname, u.release, u.machine);
	add(r, "kernel", text);
}

/* The version, and the file: it may be a stand-in. */
static void add_libusb(struct rows *r)
{
	const char *file = transport_usb_library();
	char full[PATH_MAX], version[USB_VERSION_TEXT_MAX],
		text[PATH_MAX + USB_VERSION_TEXT_MAX + 4];

	transport_usb_version(version);
	if (file && realpath(file, full))
		file = full;
	snprintf(text, sizeof(text), "%s%s%s", version, file ? ", " : "", file ? file : "");
	add(r, "libusb", text);
}

static void add_probes(struct rows *r)
{
	struct usb_list list = { 0 };

	if (usb_list_read(&usb_roots_system, &list, NULL))
		return;
	for (size_t i = 0; i < list.n; i++) {
		const struct usb_entry *e = &list.entries[i];
		char place[USB_PLACE_TEXT_MAX], text[LINE_LONGEST];

		usb_place_text(&e->dev.place, place);
		snprintf(text, sizeof(text), "%s %04x:%04x at usb %s, behind %u hub%s%s%s",
			 e->id ? e->id->name : "probe", e->dev.vid, e->dev.pid, place,
			 usb_place_hubs(&e->dev.place),
			 usb_place_hubs(&e->dev.place) == 1 ? "" : "s",
			 e->denied ? ", access denied" : "",
			 usb_entry_is_held(e) ? ", in use" : "");
		add(r, "probe plugged in", text);
	}
	if (!list.n)
		add(r, "probe plugged in", "none");
	usb_list_done(&list);
}

size_t report_env(struct arena *a, const struct env_row **ret)
{
	struct rows r = { .a = a, .at = arena_alloc(a, ROWS_MAX * sizeof(r.at[0])) };

	add_system(&r);
	add_kernel(&r);
	add(&r, "swdoctor", SWDOCTOR_VERSION);
	add_libusb(&r);
	add_probes(&r);
	*ret = r.at;
	return r.n;
}
