/* The ST-LINKs of this machine: see usb_list.h. */
#include "probe/usb_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_BYTES 400
#define PATH_BYTES   512
#define TEXT_BYTES   1024 /* a serial of 126 units has at most 378 bytes of UTF-8 */

const struct usb_roots usb_roots_system = { "/sys", "/dev", "/proc" };

/* ---- what libusb tells ---- */

struct collect {
	struct usb_list *list;
	size_t room;
	bool full; /* no memory */
};

static void add(void *user, const struct usb_device *dev)
{
	const struct usb_id *id = usb_id_find(dev->vid, dev->pid);
	struct collect *c = user;

	if (!id || id->kind == USB_ID_OTHER)
		return;
	if (c->list->n == c->room) {
		size_t room = c->room ? 2 * c->room : 8;
		struct usb_entry *more = reallocarray(c->list->entries, room, sizeof(*more));

		if (!more) {
			c->full = true;
			return;
		}
		c->list->entries = more;
		c->room = room;
	}
	c->list->entries[c->list->n++] = (struct usb_entry){ .dev = *dev, .id = id };
}

static int by_place(const void *a, const void *b)
{
	const struct usb_place *p = &((const struct usb_entry *)a)->dev.place;
	const struct usb_place *q = &((const struct usb_entry *)b)->dev.place;

	if (p->bus != q->bus)
		return p->bus < q->bus ? -1 : 1;
	for (unsigned i = 0; i < p->n_ports && i < q->n_ports; i++) {
		if (p->ports[i] != q->ports[i])
			return p->ports[i] < q->ports[i] ? -1 : 1;
	}
	return (int)p->n_ports - (int)q->n_ports;
}

/* ---- what sysfs tells ---- */

/* Bytes of a file without a newline at their end; -1 if it cannot be read. */
static ssize_t read_file(const char *folder, const char *name, char text[TEXT_BYTES])
{
	char path[PATH_BYTES];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	len = read(fd, text, TEXT_BYTES - 1);
	close(fd);
	if (len > 0 && text[len - 1] == '\n')
		len--;
	text[len > 0 ? len : 0] = '\0';
	return len;
}

static bool file_says(const char *folder, const char *name, unsigned value, int base)
{
	char text[TEXT_BYTES], *end;

	if (read_file(folder, name, text) <= 0)
		return false;
	return strtoul(text, &end, base) == value && !*end;
}

/* The folder may be another device's: a replacement for libusb lists what this system has not. */
static bool is_this(const char *folder, const struct usb_device *dev)
{
	return file_says(folder, "idVendor", dev->vid, 16) &&
	       file_says(folder, "idProduct", dev->pid, 16) &&
	       file_says(folder, "devnum", dev->address, 10);
}

static void read_driver(const char *folder, struct usb_entry *entry)
{
	char path[PATH_BYTES], link[PATH_BYTES];
	ssize_t len;

	snprintf(path, sizeof(path), "%s:1.0/driver", folder);
	len = readlink(path, link, sizeof(link) - 1);
	if (len <= 0)
		return;
	link[len] = '\0';
	snprintf(entry->driver, sizeof(entry->driver), "%.*s", USB_NAME_MAX - 1, basename(link));
}

static void read_sysfs(const struct usb_roots *roots, struct usb_entry *entry)
{
	char place[USB_PLACE_TEXT_MAX], folder[FOLDER_BYTES], text[TEXT_BYTES];
	ssize_t len;

	usb_place_text(&entry->dev.place, place);
	snprintf(folder, sizeof(folder), "%s/bus/usb/devices/%s", roots->sys, place);
	if (!is_this(folder, &entry->dev))
		return;
	len = read_file(folder, "serial", text);
	if (len >= 0 || errno == ENOENT)
		usb_serial_from_utf8(text, len > 0 ? (size_t)len : 0, &entry->serial);
	read_driver(folder, entry);
}

static void read_node(const struct usb_roots *roots, struct usb_entry *entry)
{
	snprintf(entry->node, sizeof(entry->node), "%s/bus/usb/%03u/%03u", roots->dev,
		 entry->dev.place.bus, entry->dev.address);
	if (!access(entry->node, R_OK | W_OK))
		return;
	entry->node_missing = errno == ENOENT;
	entry->denied = errno == EACCES || errno == EPERM;
}

/* ---- what /proc tells ---- */

static struct usb_entry *entry_of_node(struct usb_list *list, const char *node)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->entries[i].node, node))
			return &list->entries[i];
	}
	return NULL;
}

static void note_holder(const char *folder, pid_t pid, struct usb_entry *entry)
{
	char text[TEXT_BYTES];

	entry->holder = pid;
	if (read_file(folder, "comm", text) > 0)
		snprintf(entry->holder_name, sizeof(entry->holder_name), "%.*s",
			 (int)sizeof(entry->holder_name) - 1, text);
}

static void look_at_process(const char *folder, pid_t pid, struct usb_list *list)
{
	char path[PATH_BYTES], node[PATH_BYTES];
	struct usb_entry *entry;
	struct dirent *file;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/fd", folder);
	dir = opendir(path);
	while (dir && (file = readdir(dir))) {
		len = readlinkat(dirfd(dir), file->d_name, node, sizeof(node) - 1);
		if (len <= 0)
			continue;
		node[len] = '\0';
		entry = entry_of_node(list, node);
		if (entry)
			note_holder(folder, pid, entry);
	}
	if (dir)
		closedir(dir);
}

static void read_processes(const struct usb_roots *roots, struct usb_list *list)
{
	DIR *dir = list->n ? opendir(roots->proc) : NULL;
	struct dirent *process;
	char folder[FOLDER_BYTES];

	while (dir && (process = readdir(dir))) {
		char *end;
		long pid = strtol(process->d_name, &end, 10);

		if (pid <= 0 || *end || pid == getpid())
			continue;
		snprintf(folder, sizeof(folder), "%s/%ld", roots->proc, pid);
		look_at_process(folder, (pid_t)pid, list);
	}
	if (dir)
		closedir(dir);
}

/* ---- all of it ---- */

static void find_shared_serials(struct usb_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		for (size_t k = 0; k < list->n; k++) {
			if (i != k && *list->entries[i].serial.text &&
			    !strcmp(list->entries[i].serial.text, list->entries[k].serial.text))
				list->entries[i].serial_shared = true;
		}
	}
}

int usb_list_read(const struct usb_roots *roots, struct usb_list *ret, struct err *e)
{
	struct usb_list list = { 0 };
	struct collect c = { .list = &list };
	int rc = transport_usb_scan(add, &c, e);

	if (!rc && c.full)
		rc = err_set(e, ERR_NO_MEMORY, "listing probes: out of memory");
	if (rc) {
		usb_list_done(&list);
		return rc;
	}
	if (list.n)
		qsort(list.entries, list.n, sizeof(list.entries[0]), by_place);
	for (size_t i = 0; i < list.n; i++) {
		read_sysfs(roots, &list.entries[i]);
		read_node(roots, &list.entries[i]);
	}
	read_processes(roots, &list);
	find_shared_serials(&list);
	*ret = list;
	return 0;
}

void usb_list_done(struct usb_list *list)
{
	free(list->entries);
	*list = (struct usb_list){ 0 };
}

void usb_entry_udev_line(const struct usb_entry *entry, char out[USB_UDEV_LINE_MAX])
{
	snprintf(out, USB_UDEV_LINE_MAX,
		 "SUBSYSTEM==\"usb\", ATTR{idVendor}==\"%04x\", ATTR{idProduct}==\"%04x\", "
		 "MODE=\"0660\", TAG+=\"uaccess\"",
		 entry->dev.vid, entry->dev.pid);
}
