/*
 * Shows the virtual bench to a program through the real libusb, on a USB bus played by umockdev:
 *
 *	swdoctor sim run [OPTION]... SCENARIO -- bench_usb COMMAND [ARG]...
 *
 * It passes on to the bench what reaches usbfs, so that the real libusb shows whether the bench's
 * replacement for it does as it does. The bench's clock goes on by what its transfers take and by
 * what passes here between two of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <umockdev.h>
#include <unistd.h>

#include "probe/sim/proto.h"

#define URBS_MAX 32
#define SETUP	 8 /* bytes in front of a control transfer's data */
#define DESC_MAX 256
#define NODE	 "/dev/bus/usb/001/005"
#define DEVICE	 "/devices/pci0000:00/0000:00:14.0/usb1/1-2"

struct urb {
	UMockdevIoctlData *data, *buffer;
	bool ended;
};

struct bus {
	UMockdevTestbed *bed;
	UMockdevIoctlBase *ioctls;
	int fd; /* the bench */
	struct proto_clock *clock;
	uint64_t looked_ns;
	uint32_t plug;		   /* the appearance that the program found; 0: none */
	struct urb urbs[URBS_MAX]; /* in the order of submission */
	unsigned n_urbs;
};

static void fail(const char *what)
{
	fprintf(stderr, "bench_usb: %s: %s\n", what, strerror(errno));
	exit(70);
}

/* ---- the bench ---- */

static void reach_bench(struct bus *bus)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const char *folder = getenv(PROTO_FOLDER);
	char path[256];
	int fd;

	if (!folder)
		fail("no bench is there");
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%.64s/" PROTO_SOCKET, folder);
	bus->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(bus->fd, (const struct sockaddr *)&addr, sizeof(addr)))
		fail(addr.sun_path);
	snprintf(path, sizeof(path), "%s/" PROTO_CLOCK, folder);
	fd = open(path, O_RDWR | O_CLOEXEC);
	bus->clock = mmap(NULL, sizeof(*bus->clock), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bus->clock == MAP_FAILED)
		fail(path);
	close(fd);
}

static uint64_t real_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void take_time(struct bus *bus)
{
	uint64_t now = real_ns();

	atomic_fetch_add(&bus->clock->now_ns, now - bus->looked_ns);
	bus->looked_ns = now;
}

/* Data go out of `data`, or come into it: r->len is how many, or the room. */
static enum proto_result ask(struct bus *bus, struct proto_request *r, void *data, bool in,
			     size_t *ret_len)
{
	struct proto_reply reply;

	r->plug = bus->plug;
	if (send(bus->fd, r, sizeof(*r), MSG_NOSIGNAL) < 0 ||
	    (!in && r->len && send(bus->fd, data, r->len, MSG_NOSIGNAL) < 0) ||
	    recv(bus->fd, &reply, sizeof(reply), MSG_WAITALL) != sizeof(reply) ||
	    (in && reply.len && recv(bus->fd, data, reply.len, MSG_WAITALL) != (ssize_t)reply.len))
		fail("the bench went away");
	if (ret_len)
		*ret_len = reply.len;
	return (enum proto_result)reply.result;
}

static int error_of(enum proto_result result)
{
	return result == PROTO_DONE ? 0 : result == PROTO_BUSY ? EBUSY : ENODEV;
}

static int ask_simply(struct bus *bus, enum proto_op op, uint8_t endpoint)
{
	struct proto_request r = { .op = op, .endpoint = endpoint };

	return error_of(ask(bus, &r, NULL, false, NULL));
}

/* ---- transfers ---- */

static struct usbdevfs_urb *fields(const struct urb *u)
{
	return (struct usbdevfs_urb *)u->data->data;
}

static void end_urb(struct urb *u, int status, size_t len)
{
	int actual = (int)len;

	/* Field by field, as the pointers between them are ours here and the client's there. */
	umockdev_ioctl_data_update(u->data, offsetof(struct usbdevfs_urb, status),
				   (guint8 *)&status, sizeof(status));
	umockdev_ioctl_data_update(u->data, offsetof(struct usbdevfs_urb, actual_length),
				   (guint8 *)&actual, sizeof(actual));
	u->ended = true;
}

static int status_of(enum proto_result result)
{
	if (result == PROTO_DONE)
		return 0;
	if (result == PROTO_STALL)
		return -EPIPE;
	return result == PROTO_OVERFLOW ? -EOVERFLOW : -ESHUTDOWN;
}

/* What finds nothing to fetch stays in the queue, until somebody gives it up. */
static void carry_out(struct bus *bus, struct urb *u)
{
	bool control = fields(u)->type == USBDEVFS_URB_TYPE_CONTROL;
	size_t skip = control ? SETUP : 0, len = (size_t)fields(u)->buffer_length - skip, got;
	struct proto_request r = { .op = PROTO_TRANSFER,
				   .endpoint = control ? 0 : fields(u)->endpoint,
				   .flags = PROTO_TURN,
				   .len = (uint32_t)len };
	uint8_t *data = malloc(len + 1);
	enum proto_result result;
	bool in;

	if (!data)
		abort();
	memcpy(data, u->buffer->data + skip, len);
	if (control)
		memcpy(r.setup, u->buffer->data, SETUP);
	in = (r.endpoint | r.setup[0]) & 0x80;
	result = ask(bus, &r, data, in, &got);
	if (result != PROTO_NAK && result != PROTO_TIMEOUT) {
		if (in && got)
			umockdev_ioctl_data_update(u->buffer, (gsize)skip, data, (gint)got);
		end_urb(u, status_of(result), got);
	}
	free(data);
}

static void go_on(struct bus *bus)
{
	for (unsigned i = 0; i < bus->n_urbs; i++) {
		if (!bus->urbs[i].ended)
			carry_out(bus, &bus->urbs[i]);
	}
}

static void drop_urb(struct bus *bus, unsigned i)
{
	g_object_unref(bus->urbs[i].data);
	if (bus->urbs[i].buffer)
		g_object_unref(bus->urbs[i].buffer);
	bus->n_urbs--;
	memmove(&bus->urbs[i], &bus->urbs[i + 1], (bus->n_urbs - i) * sizeof(bus->urbs[0]));
}

static bool is_gone(struct bus *bus)
{
	struct proto_request r = { .op = PROTO_STATE, .len = sizeof(struct proto_state) };
	struct proto_state state;

	ask(bus, &r, &state, true, NULL);
	return !state.plugged || state.plug != bus->plug;
}

/* ---- ioctls: each returns 0 or an errno ---- */

static int submit(struct bus *bus, UMockdevIoctlData *arg)
{
	struct urb u = { 0 };

	if (is_gone(bus))
		return ENODEV;
	if (bus->n_urbs == URBS_MAX)
		return ENOMEM;
	u.data = umockdev_ioctl_data_resolve(arg, 0, sizeof(struct usbdevfs_urb), NULL);
	if (!u.data)
		return EFAULT;
	u.buffer = umockdev_ioctl_data_resolve(u.data, offsetof(struct usbdevfs_urb, buffer),
					       (gsize)fields(&u)->buffer_length, NULL);
	bus->urbs[bus->n_urbs++] = u;
	go_on(bus);
	return 0;
}

static int reap(struct bus *bus, UMockdevIoctlData *arg)
{
	UMockdevIoctlData *where;

	for (unsigned i = 0; i < bus->n_urbs; i++) {
		if (!bus->urbs[i].ended)
			continue;
		where = umockdev_ioctl_data_resolve(arg, 0, sizeof(void *), NULL);
		umockdev_ioctl_data_set_ptr(where, 0, bus->urbs[i].data);
		g_object_unref(where);
		drop_urb(bus, i);
		return 0;
	}
	return is_gone(bus) ? ENODEV : EAGAIN;
}

static int discard(struct bus *bus, UMockdevIoctlData *arg)
{
	gulong address;

	memcpy(&address, arg->data, sizeof(address));
	for (unsigned i = 0; i < bus->n_urbs; i++) {
		if (bus->urbs[i].data->client_addr != address || bus->urbs[i].ended)
			continue;
		end_urb(&bus->urbs[i], -ENOENT, 0);
		return 0;
	}
	return EINVAL;
}

static uint32_t word_at(UMockdevIoctlData *arg)
{
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0, sizeof(uint32_t), NULL);
	uint32_t word;

	memcpy(&word, data->data, sizeof(word));
	g_object_unref(data);
	return word;
}

static int capabilities(UMockdevIoctlData *arg)
{
	UMockdevIoctlData *caps = umockdev_ioctl_data_resolve(arg, 0, sizeof(guint32), NULL);
	guint32 value = USBDEVFS_CAP_BULK_SCATTER_GATHER | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
			USBDEVFS_CAP_REAP_AFTER_DISCONNECT;

	umockdev_ioctl_data_update(caps, 0, (guint8 *)&value, sizeof(value));
	g_object_unref(caps);
	return 0;
}

static int serve(struct bus *bus, gulong request, UMockdevIoctlData *arg)
{
	switch (request) {
	case USBDEVFS_GET_CAPABILITIES:
		return capabilities(arg);
	case USBDEVFS_CLAIMINTERFACE:
	case USBDEVFS_DISCONNECT_CLAIM: /* how libusb claims again after a reset */
		return ask_simply(bus, PROTO_CLAIM, 0);
	case USBDEVFS_RELEASEINTERFACE:
		return ask_simply(bus, PROTO_RELEASE, 0);
	case USBDEVFS_SETCONFIGURATION:
		return is_gone(bus) ? ENODEV : 0;
	case USBDEVFS_GETDRIVER:
	case USBDEVFS_IOCTL: /* to the kernel's driver, of which there is none */
		return ENODATA;
	case USBDEVFS_SUBMITURB:
		return submit(bus, arg);
	case USBDEVFS_REAPURB:
	case USBDEVFS_REAPURBNDELAY:
		return reap(bus, arg);
	case USBDEVFS_DISCARDURB:
		return discard(bus, arg);
	case USBDEVFS_CLEAR_HALT:
		return ask_simply(bus, PROTO_CLEAR_HALT, (uint8_t)word_at(arg));
	case USBDEVFS_RESET:
		return ask_simply(bus, PROTO_RESET, 0);
	default:
		return ENOTTY;
	}
}

static gboolean handle_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer user)
{
	struct bus *bus = user;
	int error;

	(void)base;
	take_time(bus);
	error = serve(bus, umockdev_ioctl_client_get_request(client),
		      umockdev_ioctl_client_get_arg(client));
	umockdev_ioctl_client_complete(client, error ? -1 : 0, error);
	return TRUE;
}

/* ---- plugging ---- */

#define ROOT_HUB                                                                                   \
	"P: /devices/pci0000:00/0000:00:14.0/usb1\n"                                               \
	"N: bus/usb/001/001\n"                                                                     \
	"E: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: BUSNUM=001\nE: DEVNUM=001\n"                  \
	"E: DEVNAME=/dev/bus/usb/001/001\n"                                                        \
	"A: busnum=1\\n\nA: devnum=1\\n\nA: speed=480\\n\nA: devpath=0\\n\n"                       \
	"A: bConfigurationValue=1\\n\nA: idVendor=1d6b\\n\nA: idProduct=0002\\n\n"                 \
	"H: descriptors=12010002090000406B1D020006010302010109021900010100E0000904000001090000000" \
	"705810304000C\n\n"

static size_t descriptor(struct bus *bus, uint8_t type, uint8_t index, uint8_t *ret)
{
	struct proto_request r = {
		.op = PROTO_DESCRIPTOR, .type = type, .index = index, .len = DESC_MAX
	};
	size_t len;

	return ask(bus, &r, ret, true, &len) == PROTO_DONE ? len : 0;
}

static void add_hex(GString *text, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		g_string_append_printf(text, "%02X", bytes[i]);
}

static void add_probe(struct bus *bus, const struct proto_state *state, GString *text)
{
	uint8_t desc[DESC_MAX];
	size_t len = descriptor(bus, 1, 0, desc);

	g_string_append_printf(text,
			       "P: " DEVICE "\nN: bus/usb/001/005\n"
			       "E: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\n"
			       "E: BUSNUM=001\nE: DEVNUM=005\nE: DEVNAME=" NODE "\n"
			       "A: busnum=1\\n\nA: devnum=5\\n\nA: speed=%d\\n\n"
			       "A: devpath=2\\n\nA: bConfigurationValue=1\\n\n"
			       "A: idVendor=%02x%02x\\n\nA: idProduct=%02x%02x\\n\n",
			       state->high_speed ? 480 : 12, desc[9], desc[8], desc[11], desc[10]);
	g_string_append(text, "H: descriptors=");
	add_hex(text, desc, len);
	len = descriptor(bus, 2, 0, desc);
	add_hex(text, desc, len);
	g_string_append(text, "\n");
}

/* On a bus without a probe there is the hub alone. */
static void plug(struct bus *bus)
{
	struct proto_request r = { .op = PROTO_STATE, .len = sizeof(struct proto_state) };
	g_autoptr(GString) text = g_string_new(ROOT_HUB);
	struct proto_state state;
	GError *error = NULL;

	ask(bus, &r, &state, true, NULL);
	bus->plug = state.plugged ? state.plug : 0;
	if (bus->plug)
		add_probe(bus, &state, text);
	if (!umockdev_testbed_add_from_string(bus->bed, text->str, &error) ||
	    (bus->plug && !umockdev_testbed_attach_ioctl(bus->bed, NODE, bus->ioctls, &error)))
		g_error("the probe was refused: %s", error->message);
}

static int run(char **argv)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		fail(argv[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The bench's own libusb and clock are not for this; umockdev is. */
static void enter(char **argv)
{
	if (!getenv("LD_LIBRARY_PATH"))
		return;
	unsetenv("LD_LIBRARY_PATH");
	setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
	/* A sanitizer in the command wants to be first; umockdev takes nothing that it needs. */
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
	execv("/proc/self/exe", argv);
	fail("starting under umockdev");
}

int main(int argc, char **argv)
{
	struct bus bus = { .looked_ns = real_ns() };
	int code;

	enter(argv);
	if (argc < 2)
		return 70;
	reach_bench(&bus);
	bus.bed = umockdev_testbed_new();
	bus.ioctls = umockdev_ioctl_base_new();
	g_signal_connect(bus.ioctls, "handle-ioctl", G_CALLBACK(handle_ioctl), &bus);
	plug(&bus);
	code = run(argv + 1);
	if (bus.plug)
		umockdev_testbed_detach_ioctl(bus.bed, NODE, NULL);
	while (bus.n_urbs)
		drop_urb(&bus, 0);
	g_object_unref(bus.ioctls);
	g_object_unref(bus.bed);
	return code;
}
