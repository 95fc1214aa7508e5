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
#include <unistd.h>

#include "probe/sim/proto.h"
#include "tests/usb/usbfs.h"

#define SETUP	 8 /* bytes in front of a control transfer's data */
#define DESC_MAX 256
#define NODE	 "/dev/bus/usb/001/005"
#define DEVICE	 "/devices/pci0000:00/0000:00:14.0/usb1/1-2"

struct bus {
	UMockdevTestbed *bed;
	UMockdevIoctlBase *ioctls;
	int fd; /* the bench */
	struct proto_clock *clock;
	uint64_t looked_ns;
	uint32_t plug; /* the appearance that the program found; 0: none */
	struct usbfs_queue queue;
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

static int status_of(enum proto_result result)
{
	if (result == PROTO_DONE)
		return 0;
	if (result == PROTO_STALL)
		return -EPIPE;
	return result == PROTO_OVERFLOW ? -EOVERFLOW : -ESHUTDOWN;
}

/* What finds nothing to fetch stays in the queue, until somebody gives it up. */
static void carry_out(struct bus *bus, struct usbfs_urb *u)
{
	bool control = usbfs_fields(u)->type == USBDEVFS_URB_TYPE_CONTROL;
	size_t skip = control ? SETUP : 0, len = (size_t)usbfs_fields(u)->buffer_length - skip, got;
	struct proto_request r = { .op = PROTO_TRANSFER,
				   .endpoint = control ? 0 : usbfs_fields(u)->endpoint,
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
		usbfs_end(u, status_of(result), NULL, got);
	}
	free(data);
}

static void go_on(struct bus *bus)
{
	for (unsigned i = 0; i < bus->queue.n; i++) {
		if (!bus->queue.urbs[i].ended)
			carry_out(bus, &bus->queue.urbs[i]);
	}
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
	int error = is_gone(bus) ? ENODEV : usbfs_submit(&bus->queue, arg);

	if (!error)
		go_on(bus);
	return error;
}

static int reap(struct bus *bus, UMockdevIoctlData *arg)
{
	int error = usbfs_reap(&bus->queue, arg);

	return error && is_gone(bus) ? ENODEV : error;
}

static int discard(struct bus *bus, UMockdevIoctlData *arg)
{
	struct usbfs_urb *u = usbfs_discarded(&bus->queue, arg);

	if (!u)
		return EINVAL;
	usbfs_end(u, -ENOENT, NULL, 0);
	return 0;
}

static int serve(struct bus *bus, gulong request, UMockdevIoctlData *arg)
{
	switch (request) {
	case USBDEVFS_GET_CAPABILITIES:
		return usbfs_capabilities(arg);
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
		return ask_simply(bus, PROTO_CLEAR_HALT, (uint8_t)usbfs_word(arg));
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
	g_autoptr(GString) text = g_string_new(USBFS_ROOT_HUB "\n");
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
	usbfs_drop_all(&bus.queue);
	g_object_unref(bus.ioctls);
	g_object_unref(bus.bed);
	return code;
}
