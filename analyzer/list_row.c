/* A probe of `swdoctor list` as JSON and as text. */
#include "analyzer/list_row.h"

#include <string.h>

/* ---- JSON ---- */

static void json_use(struct json *j, const struct list_row *row)
{
	const struct usb_entry *e = row->entry;

	if (e->holder) {
		json_open_object(j, "holder");
		json_put_int(j, "pid", e->holder);
		json_put_str(j, "name", e->holder_name);
		json_close_object(j);
	}
	if (*e->driver)
		json_put_str(j, "claimed_by", e->driver);
	if (row->locked) {
		json_open_object(j, "lock");
		json_put_int(j, "pid", row->lock.pid);
		json_put_str(j, "since", row->lock.since);
		json_put_str(j, "why", row->lock.why);
		json_close_object(j);
	}
}

static void json_told(struct json *j, const struct list_told *t)
{
	char version[STLINK_VERSION_TEXT_MAX];
	const struct stlink_mode_row *mode = stlink_mode_find(t->mode);

	json_put_bool(j, "opened", t->opened);
	if (t->why_not.code)
		json_put_str(j, "trouble", t->why_not.text);
	if (t->has_version) {
		stlink_version_text(&t->version, version);
		json_put_str(j, "firmware", version);
	}
	if (t->has_mode) {
		json_put_str(j, "mode", mode ? mode->name : "unknown");
		json_put_int(j, "mode_number", t->mode);
	}
	if (t->has_voltage) {
		json_put_int(j, "target_mv", t->voltage.mv);
		json_put_bool(j, "target_mv_trusted", t->voltage.trust == STLINK_TRUST_GOOD);
	}
}

void list_row_json(const struct list_row *row, struct json *j)
{
	const struct usb_entry *e = row->entry;
	char place[USB_PLACE_TEXT_MAX], line[USB_UDEV_LINE_MAX];

	usb_place_text(&e->dev.place, place);
	json_open_object(j, NULL);
	json_put_str(j, "place", place);
	json_put_str(j, "model", e->id->name);
	json_put_str(j, "generation", stlink_generation_name(e->id->generation));
	json_put_bool(j, "can_debug", e->id->kind == USB_ID_PROBE);
	json_put_hex(j, "vid", e->dev.vid, 4);
	json_put_hex(j, "pid", e->dev.pid, 4);
	if (e->serial.form != USB_SERIAL_UNKNOWN) {
		json_put_str(j, "serial", e->serial.text);
		json_put_bool(j, "serial_shared", e->serial_shared);
	}
	json_put_str(j, "serial_form", usb_serial_form_name(e->serial.form));
	if (*e->serial.probe_rs)
		json_put_str(j, "serial_in_probe_rs", e->serial.probe_rs);
	json_put_int(j, "bus", e->dev.place.bus);
	json_put_int(j, "address", e->dev.address);
	if (e->dev.speed_kbps)
		json_put_int(j, "usb_kbps", e->dev.speed_kbps);
	json_put_int(j, "hubs", usb_place_hubs(&e->dev.place));
	json_put_str(j, "node", e->node);
	json_put_bool(j, "permission", !e->denied);
	if (e->denied) {
		usb_entry_udev_line(e, line);
		json_put_str(j, "udev_rule", line);
	}
	json_use(j, row);
	json_told(j, &row->told);
	json_close_object(j);
}

/* ---- text ---- */

static void add_use(const struct term *term, struct buf *out, const struct list_row *row)
{
	const struct usb_entry *e = row->entry;

	if (e->holder) {
		buf_add_str(out, "    in use by ");
		term_add(term, out, e->holder_name);
		buf_addf(out, " (process %ld)\n", (long)e->holder);
	} else if (*e->driver) {
		buf_addf(out, "    claimed by %s\n",
			 strcmp(e->driver, "usbfs") ? e->driver : "a program of another user");
	}
	if (row->locked) {
		buf_addf(out, "    locked by process %ld since %s: ", (long)row->lock.pid,
			 row->lock.since);
		term_add(term, out, row->lock.why);
		buf_add_char(out, '\n');
	}
}

static void add_trouble(const struct term *term, struct buf *out, const struct list_row *row)
{
	const struct usb_entry *e = row->entry;
	char line[USB_UDEV_LINE_MAX];

	if (e->denied) {
		usb_entry_udev_line(e, line);
		buf_addf(out,
			 "    no permission for %s; put this line into "
			 "/etc/udev/rules.d/60-swdoctor.rules,\n"
			 "    run udevadm control --reload and plug the probe in again:\n"
			 "    %s\n",
			 e->node, line);
	}
	if (e->node_missing && !row->told.opened)
		buf_addf(out, "    %s is missing: in a container, pass the device through\n",
			 e->node);
	if (e->id->kind == USB_ID_LOADER)
		buf_addf(out, "    %s\n", e->id->remark);
	if (e->serial_shared)
		buf_add_str(out, "    another probe has this serial number: choose by place\n");
	if (row->told.why_not.code) {
		buf_add_str(out, "    ");
		term_add(term, out, row->told.why_not.text);
		buf_add_char(out, '\n');
	}
}

static void add_told(struct buf *out, const struct list_told *t)
{
	const struct stlink_mode_row *mode = stlink_mode_find(t->mode);
	char version[STLINK_VERSION_TEXT_MAX];

	if (!t->has_version)
		return;
	stlink_version_text(&t->version, version);
	buf_addf(out, "    firmware %s", version);
	if (t->has_mode)
		buf_addf(out, ", mode %s", mode ? mode->name : "unknown");
	if (t->has_voltage)
		buf_addf(out, ", target %d.%02d V%s", t->voltage.mv / 1000,
			 t->voltage.mv % 1000 / 10,
			 t->voltage.trust == STLINK_TRUST_GOOD ? "" : " (or a copy's own supply)");
	buf_add_char(out, '\n');
}

void list_row_text(const struct list_row *row, const struct term *term, struct buf *out)
{
	const struct usb_entry *e = row->entry;
	char place[USB_PLACE_TEXT_MAX];

	usb_place_text(&e->dev.place, place);
	term_style(term, out, TERM_BOLD);
	buf_addf(out, "usb@%s  %s", place, e->id->name);
	term_style(term, out, TERM_PLAIN);
	buf_addf(out, "  %04x:%04x\n    serial ", e->dev.vid, e->dev.pid);
	if (*e->serial.text)
		term_add(term, out, e->serial.text);
	else
		buf_add_str(out, e->serial.form == USB_SERIAL_UNKNOWN ? "not known" : "none");
	if (*e->serial.probe_rs)
		buf_addf(out, " (in probe-rs %s)", e->serial.probe_rs);
	buf_add_str(out, "\n    USB ");
	if (e->dev.speed_kbps)
		buf_addf(out, "%u Mbit/s, ", e->dev.speed_kbps / 1000);
	buf_addf(out, "behind %u hub%s\n", usb_place_hubs(&e->dev.place),
		 usb_place_hubs(&e->dev.place) == 1 ? "" : "s");
	add_told(out, &row->told);
	add_use(term, out, row);
	add_trouble(term, out, row);
}
