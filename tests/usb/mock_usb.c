/* usbfs for a device or two, played by umockdev: see mock_usb.h. */
#include "tests/usb/mock_usb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/usb/mock_firmware.h"
#include "tests/usb/usbfs.h"

#define HUB "/sys/devices/pci0000:00/0000:00:14.0/usb1"

struct mock_usb {
	UMockdevTestbed *bed;
	unsigned port, address;
	char own_node[32]; /* as the program sees it */
	char device[80];   /* in sysfs */
	UMockdevIoctlBase *ioctls;
	GMutex mutex; /* between the handler's thread and the test's */
	char node[128], root[64], serial[128];
	struct usbfs_queue queue;
	struct mock_firmware fw;
	unsigned commands, fail_at, resets, halts_cleared;
	enum mock_fault fault; /* of the next one that fails */
	enum mock_fault now;   /* that the present transaction meets */
	bool in_halted, out_halted, gone, claimed_elsewhere, attached;
};

/* ---- transfers ---- */

static void take_out(struct mock_usb *m, struct usbfs_urb *u)
{
	size_t len = (size_t)usbfs_fields(u)->buffer_length;
	bool is_command = !m->fw.write_left;

	if (is_command) {
		m->commands++;
		m->now = m->fail_at && m->commands == m->fail_at ? m->fault : MOCK_FINE;
	}
	if (m->now == MOCK_STALL_COMMAND)
		m->out_halted = true;
	if (m->now == MOCK_GONE)
		m->gone = true;
	if (m->gone) {
		usbfs_end(u, -ESHUTDOWN, NULL, 0);
	} else if (m->out_halted) {
		usbfs_end(u, -EPIPE, NULL, 0);
	} else if (m->now == MOCK_DEAF || m->now == MOCK_WEDGED) {
		u->wedged = m->now == MOCK_WEDGED;
		m->commands--; /* it was not taken: seen again if it stays queued */
		m->fail_at = m->commands + 1;
	} else {
		struct mock_firmware before = m->fw;

		mock_firmware_take(&m->fw, u->buffer->data, len);
		if (is_command &&
		    before.reply_len) { /* nobody fetched it: it is still in the way */
			memcpy(m->fw.reply, before.reply, before.reply_len);
			m->fw.reply_len = before.reply_len;
		}
		usbfs_end(u, 0, NULL, len);
	}
}

static void give_in(struct mock_usb *m, struct usbfs_urb *u)
{
	size_t room = (size_t)usbfs_fields(u)->buffer_length, len = m->fw.reply_len;

	if (m->now == MOCK_STALL_REPLY)
		m->in_halted = true;
	if (m->gone) {
		usbfs_end(u, -ESHUTDOWN, NULL, 0);
	} else if (m->in_halted) {
		usbfs_end(u, -EPIPE, NULL, 0);
	} else if (m->now == MOCK_LINE_ERROR) {
		usbfs_end(u, -EPROTO, NULL, 0);
	} else if (m->now == MOCK_BABBLE || len > room) {
		usbfs_end(u, -EOVERFLOW, m->fw.reply, room);
	} else if (len && m->now != MOCK_SILENT && m->now != MOCK_LATE) {
		usbfs_end(u, 0, m->fw.reply, m->now == MOCK_SHORT ? len / 2 : len);
	} else {
		return; /* it waits */
	}
	m->fw.reply_len = 0;
	m->now = MOCK_FINE;
}

/* String descriptors: the languages, and the serial for any other index. */
static void answer_control(struct mock_usb *m, struct usbfs_urb *u)
{
	const uint8_t *setup = u->buffer->data;
	uint8_t string[256] = { 4, 3, 9, 4 };
	size_t room = (size_t)usbfs_fields(u)->buffer_length - 8, len = 4;

	if (setup[1] != 6 || setup[3] != 3) { /* GET_DESCRIPTOR of a string */
		usbfs_end(u, -EPIPE, NULL, 0);
		return;
	}
	if (setup[2]) {
		len = 2;
		for (const char *c = m->serial; *c && len + 2 <= sizeof(string); c++) {
			string[len++] = (uint8_t)*c;
			string[len++] = 0;
		}
		string[0] = (uint8_t)len;
	}
	len = len < room ? len : room;
	umockdev_ioctl_data_update(u->buffer, 8, string, (gint)len);
	usbfs_end(u, 0, NULL, len);
}

/* What can go on goes on, in order; an endpoint that waits does not hold up the other one. */
static void go_on(struct mock_usb *m)
{
	bool out_waits = false;

	for (unsigned i = 0; i < m->queue.n; i++) {
		struct usbfs_urb *u = &m->queue.urbs[i];

		if (u->ended || u->wedged)
			continue;
		if (usbfs_fields(u)->type == USBDEVFS_URB_TYPE_CONTROL) {
			answer_control(m, u);
		} else if (usbfs_fields(u)->endpoint & 0x80) {
			give_in(m, u);
		} else if (!out_waits) {
			take_out(m, u);
			out_waits = !u->ended;
		}
	}
}

/* ---- ioctls: each returns 0 or an errno ---- */

static int submit(struct mock_usb *m, UMockdevIoctlData *arg)
{
	int error = m->gone ? ENODEV : usbfs_submit(&m->queue, arg);

	if (!error)
		go_on(m);
	return error;
}

static int reap(struct mock_usb *m, UMockdevIoctlData *arg)
{
	int error = usbfs_reap(&m->queue, arg);

	return error && m->gone ? ENODEV : error;
}

static int discard(struct mock_usb *m, UMockdevIoctlData *arg)
{
	struct usbfs_urb *u = usbfs_discarded(&m->queue, arg);

	if (!u)
		return EINVAL;
	if (!u->wedged)
		usbfs_end(u, -ENOENT, NULL, 0);
	if (m->now == MOCK_LATE || m->now == MOCK_DEAF)
		m->now = MOCK_FINE; /* the reply is there for whoever asks next */
	if (m->now == MOCK_SILENT)
		m->fw.reply_len = 0;
	m->fail_at = 0;
	return 0;
}

static int clear_halt(struct mock_usb *m, UMockdevIoctlData *arg)
{
	if (usbfs_word(arg) & 0x80)
		m->in_halted = false;
	else
		m->out_halted = false;
	m->halts_cleared++;
	m->now = MOCK_FINE;
	return 0;
}

static int reset(struct mock_usb *m)
{
	if (m->gone)
		return ENODEV;
	mock_firmware_reset(&m->fw);
	m->in_halted = m->out_halted = false;
	m->now = MOCK_FINE;
	m->fail_at = 0;
	m->resets++;
	return 0;
}

static int serve(struct mock_usb *m, gulong request, UMockdevIoctlData *arg)
{
	switch (request) {
	case USBDEVFS_GET_CAPABILITIES:
		return usbfs_capabilities(arg);
	case USBDEVFS_CLAIMINTERFACE:
	case USBDEVFS_DISCONNECT_CLAIM: /* how libusb claims again after a reset */
		return m->claimed_elsewhere ? EBUSY : 0;
	case USBDEVFS_RELEASEINTERFACE:
		return m->gone ? ENODEV : 0;
	case USBDEVFS_GETDRIVER:
		return ENODATA;
	case USBDEVFS_SUBMITURB:
		return submit(m, arg);
	case USBDEVFS_REAPURB:
	case USBDEVFS_REAPURBNDELAY:
		return reap(m, arg);
	case USBDEVFS_DISCARDURB:
		return discard(m, arg);
	case USBDEVFS_CLEAR_HALT:
		return clear_halt(m, arg);
	case USBDEVFS_RESET:
		return reset(m);
	default:
		return ENOTTY;
	}
}

static gboolean handle_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer user)
{
	struct mock_usb *m = user;
	int error;

	(void)base;
	g_mutex_lock(&m->mutex);
	error = serve(m, umockdev_ioctl_client_get_request(client),
		      umockdev_ioctl_client_get_arg(client));
	g_mutex_unlock(&m->mutex);
	umockdev_ioctl_client_complete(client, error ? -1 : 0, error);
	return TRUE;
}

/* ---- plugging ---- */

/* The descriptors of a real ST-LINK/V2 but for the product id. V2-1 and V3 have another OUT and SWO
 * endpoint. Ports, address, product id twice (text, then low and high byte), endpoints. */
#define PROBE                                                                                      \
	"P: /devices/pci0000:00/0000:00:14.0/usb1/1-%1$s\n"                                        \
	"N: bus/usb/001/%2$03u\n"                                                                  \
	"E: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: BUSNUM=001\nE: DEVNUM=%2$03u\n"               \
	"E: DEVNAME=/dev/bus/usb/001/%2$03u\n"                                                     \
	"A: busnum=1\\n\nA: devnum=%2$u\\n\nA: speed=12\\n\nA: devpath=%1$s\\n\n"                  \
	"A: bConfigurationValue=1\\n\nA: idVendor=0483\\n\nA: idProduct=%3$04x\\n\n"               \
	"H: descriptors=12010002000000408304%4$02X%5$02X00010102030109022700010100803209040000"    \
	"03FFFFFF040705810240000007050%6$u0240000007058%7$u02400000\n"

void mock_usb_enter(char **argv)
{
	if (getenv("LD_PRELOAD") && strstr(getenv("LD_PRELOAD"), "umockdev"))
		return;
	setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
	/* A sanitizer wants to be first; umockdev takes nothing that it needs. */
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
	execv("/proc/self/exe", argv);
	perror("starting under umockdev");
	exit(70);
}

/* Takes the reference to the bed. */
static struct mock_usb *new_at(UMockdevTestbed *bed, unsigned port)
{
	struct mock_usb *m = g_new0(struct mock_usb, 1);

	g_mutex_init(&m->mutex);
	m->bed = bed;
	m->port = port;
	m->address = port + 3;
	snprintf(m->own_node, sizeof(m->own_node), "/dev/bus/usb/001/%03u", m->address);
	snprintf(m->device, sizeof(m->device), HUB "/1-%u", port);
	m->ioctls = umockdev_ioctl_base_new();
	mock_firmware_reset(&m->fw);
	g_signal_connect(m->ioctls, "handle-ioctl", G_CALLBACK(handle_ioctl), m);
	return m;
}

struct mock_usb *mock_usb_beside(struct mock_usb *first)
{
	return new_at(g_object_ref(first->bed), first->port + 1);
}

struct mock_usb *mock_usb_new(void)
{
	struct mock_usb *m = new_at(umockdev_testbed_new(), 2);
	GError *error = NULL;

	if (!umockdev_testbed_add_from_string(m->bed, USBFS_ROOT_HUB, &error))
		g_error("the root hub was refused: %s", error->message);
	return m;
}

static void detach(struct mock_usb *m)
{
	if (m->attached)
		umockdev_testbed_detach_ioctl(m->bed, m->own_node, NULL);
	m->attached = false;
}

void mock_usb_free(struct mock_usb *m)
{
	detach(m);
	usbfs_drop_all(&m->queue);
	g_object_unref(m->bed);
	g_object_unref(m->ioctls);
	g_mutex_clear(&m->mutex);
	g_free(m);
}

/* In sysfs and with a node, and nothing behind it. */
static void add_device(struct mock_usb *m, const char *ports, unsigned address, uint16_t pid,
		       const char *serial)
{
	bool v2 = pid == 0x3748 || pid == 0x3744;
	g_autofree char *text = g_strdup_printf(PROBE, ports, address, pid, pid & 0xffU, pid >> 8U,
						v2 ? 2u : 1u, v2 ? 3u : 2u);
	g_autofree char *path = g_strconcat(HUB "/1-", ports, NULL);
	GError *error = NULL;

	if (!umockdev_testbed_add_from_string(m->bed, text, &error))
		g_error("a device was refused: %s", error->message);
	if (serial) {
		g_autofree char *line = g_strconcat(serial, "\n", NULL);

		umockdev_testbed_set_attribute_binary(m->bed, path, "serial", (guint8 *)line,
						      (gint)strlen(line));
	}
	umockdev_testbed_uevent(m->bed, path, "add");
}

void mock_usb_add_dead(struct mock_usb *m, const char *ports, unsigned address, uint16_t pid,
		       const char *serial)
{
	add_device(m, ports, address, pid, serial);
}

void mock_usb_plug(struct mock_usb *m, uint16_t pid, const char *serial)
{
	GError *error = NULL;

	char port[4];

	snprintf(port, sizeof(port), "%u", m->port);
	add_device(m, port, m->address, pid, serial);
	snprintf(m->serial, sizeof(m->serial), "%s", serial ? serial : "");
	if (!umockdev_testbed_attach_ioctl(m->bed, m->own_node, m->ioctls, &error))
		g_error("the probe was refused: %s", error->message);
	g_mutex_lock(&m->mutex);
	mock_firmware_reset(&m->fw);
	m->gone = m->in_halted = m->out_halted = false;
	m->now = MOCK_FINE;
	m->fail_at = 0;
	m->attached = true;
	g_mutex_unlock(&m->mutex);
	g_autofree char *root = umockdev_testbed_get_root_dir(m->bed);
	snprintf(m->node, sizeof(m->node), "%s%s", root, m->own_node);
	snprintf(m->root, sizeof(m->root), "%s", root);
	chmod(root, 0777); /* other users look at it too, and libusb listens there */
}

void mock_usb_unplug(struct mock_usb *m)
{
	g_mutex_lock(&m->mutex);
	m->gone = true;
	for (unsigned i = 0; i < m->queue.n; i++) {
		if (!m->queue.urbs[i].ended)
			usbfs_end(&m->queue.urbs[i], -ESHUTDOWN, NULL, 0);
	}
	g_mutex_unlock(&m->mutex);
	detach(m);
	umockdev_testbed_uevent(m->bed, m->device, "remove");
	umockdev_testbed_remove_device(m->bed, m->device);
}

void mock_usb_forbid(struct mock_usb *m)
{
	g_autofree char *root = umockdev_testbed_get_root_dir(m->bed);
	g_autofree char *own = g_strconcat(root, "/ioctl", m->own_node, NULL);
	g_autofree char *other = g_strconcat(root, "/ioctl/_default", NULL);

	chmod(m->node, 0600);
	/* umockdev talks to its sockets even if the node cannot be opened. */
	chmod(own, 0777);
	chmod(other, 0777);
}

const char *mock_usb_node(const struct mock_usb *m)
{
	return m->node;
}

const char *mock_usb_root(const struct mock_usb *m)
{
	return m->root;
}

void mock_usb_fail(struct mock_usb *m, unsigned nth, enum mock_fault fault)
{
	g_mutex_lock(&m->mutex);
	m->fail_at = m->commands + nth;
	m->fault = fault;
	g_mutex_unlock(&m->mutex);
}

void mock_usb_claimed_elsewhere(struct mock_usb *m, bool claimed)
{
	g_mutex_lock(&m->mutex);
	m->claimed_elsewhere = claimed;
	g_mutex_unlock(&m->mutex);
}

static unsigned get(struct mock_usb *m, const unsigned *value)
{
	unsigned result;

	g_mutex_lock(&m->mutex);
	result = *value;
	g_mutex_unlock(&m->mutex);
	return result;
}

unsigned mock_usb_commands(struct mock_usb *m)
{
	return get(m, &m->commands);
}

unsigned mock_usb_resets(struct mock_usb *m)
{
	return get(m, &m->resets);
}

unsigned mock_usb_halts_cleared(struct mock_usb *m)
{
	return get(m, &m->halts_cleared);
}

unsigned mock_usb_strays(struct mock_usb *m)
{
	return get(m, &m->fw.strays);
}
