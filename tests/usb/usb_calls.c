/*
 * Calls libusb and prints what every call answers, so that two libraries in front of the same
 * device can be compared:
 *
 *	usb_calls look | talk | stall | gone | watch
 *
 * look: lists and descriptors. talk: blocking and submitted transfers, timeouts, cancelling, events
 * handled by another thread. stall: an endpoint that halts at the second command. gone: a probe
 *that leaves at the second command. watch: hot-plug calls while the probe leaves and returns.
 */
#include <libusb.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ST	   0x0483
#define WAIT_MS	   400
#define COMMAND	   16
#define LINE_COUNT 7

struct session {
	libusb_context *ctx;
	libusb_device *dev;
	libusb_device_handle *handle;
	unsigned char in, out;
};

static void say(const char *call, int rc)
{
	printf("%s: %s\n", call, rc < 0 ? libusb_error_name(rc) : "fine");
}

static void say_number(const char *call, long value)
{
	printf("%s: %ld\n", call, value);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- finding it ---- */

static void find_probe(struct session *s)
{
	struct libusb_device_descriptor d;
	libusb_device **list = NULL;
	ssize_t n = libusb_get_device_list(s->ctx, &list), i;

	for (i = 0; i < n; i++) {
		if (!libusb_get_device_descriptor(list[i], &d) && d.idVendor == ST)
			s->dev = libusb_ref_device(list[i]);
	}
	libusb_free_device_list(list, 1);
}

static void find_endpoints(struct session *s)
{
	struct libusb_config_descriptor *c = NULL;
	const struct libusb_interface_descriptor *face;

	if (libusb_get_active_config_descriptor(s->dev, &c))
		return;
	face = c->interface[0].altsetting;
	for (int i = 0; i < face->bNumEndpoints; i++) {
		unsigned char address = face->endpoint[i].bEndpointAddress;

		if (address & 0x80 && !s->in)
			s->in = address;
		else if (!(address & 0x80))
			s->out = address;
	}
	libusb_free_config_descriptor(c);
}

static bool begin(struct session *s, bool claim)
{
	*s = (struct session){ 0 };
	say("init", libusb_init(&s->ctx));
	find_probe(s);
	if (!s->dev)
		return false;
	find_endpoints(s);
	say("open", libusb_open(s->dev, &s->handle));
	if (claim)
		say("claim", libusb_claim_interface(s->handle, 0));
	return s->handle;
}

static void end(struct session *s)
{
	libusb_close(s->handle);
	libusb_unref_device(s->dev);
	libusb_exit(s->ctx);
}

/* ---- descriptors ---- */

static void look_at_device(struct session *s)
{
	struct libusb_device_descriptor d = { 0 };
	unsigned char path[LINE_COUNT];
	libusb_device_handle *again;

	say("device descriptor", libusb_get_device_descriptor(s->dev, &d));
	printf("%04x:%04x, USB %04x, version %04x, class %u, strings %u %u %u, %u configurations\n",
	       d.idVendor, d.idProduct, d.bcdUSB, d.bcdDevice, d.bDeviceClass, d.iManufacturer,
	       d.iProduct, d.iSerialNumber, d.bNumConfigurations);
	say_number("speed", libusb_get_device_speed(s->dev));
	say_number("bus", libusb_get_bus_number(s->dev));
	say_number("ports", libusb_get_port_numbers(s->dev, path, sizeof(path)));
	say_number("port", libusb_get_port_number(s->dev));
	say("room for no port", libusb_get_port_numbers(s->dev, path, 0));
	printf("the handle is of the device: %d\n", libusb_get_device(s->handle) == s->dev);
	again = libusb_open_device_with_vid_pid(s->ctx, d.idVendor, d.idProduct);
	printf("found by its ids: %d\n", again != NULL);
	libusb_close(again);
	printf("found by others: %d\n", libusb_open_device_with_vid_pid(s->ctx, ST, 1) != NULL);
}

static void look_at_config(struct session *s)
{
	struct libusb_config_descriptor *c = NULL, *by_value = NULL, *other = NULL;

	say("configuration", libusb_get_config_descriptor(s->dev, 0, &c));
	say("no such configuration", libusb_get_config_descriptor(s->dev, 5, &other));
	say("by value", libusb_get_config_descriptor_by_value(s->dev, 1, &by_value));
	say("no such value", libusb_get_config_descriptor_by_value(s->dev, 9, &other));
	for (int i = 0; c && i < c->bNumInterfaces; i++) {
		const struct libusb_interface_descriptor *d = c->interface[i].altsetting;

		printf("interface %u, class %u/%u/%u, string %u\n", d->bInterfaceNumber,
		       d->bInterfaceClass, d->bInterfaceSubClass, d->bInterfaceProtocol,
		       d->iInterface);
		for (int k = 0; k < d->bNumEndpoints; k++)
			printf("  endpoint %02x, attributes %u, %u bytes, interval %u\n",
			       d->endpoint[k].bEndpointAddress, d->endpoint[k].bmAttributes,
			       d->endpoint[k].wMaxPacketSize, d->endpoint[k].bInterval);
	}
	libusb_free_config_descriptor(c);
	libusb_free_config_descriptor(by_value);
	say_number("packets in", libusb_get_max_packet_size(s->dev, s->in));
	say_number("packets out", libusb_get_max_packet_size(s->dev, s->out));
	say("packets of no endpoint", libusb_get_max_packet_size(s->dev, 0x8f));
	say_number("isochronous", libusb_get_max_iso_packet_size(s->dev, s->in));
}

static void look_at_strings(struct session *s)
{
	struct libusb_device_descriptor d = { 0 };
	struct libusb_bos_descriptor *bos = NULL;
	unsigned char text[128];
	int n;

	libusb_get_device_descriptor(s->dev, &d);
	n = libusb_get_string_descriptor_ascii(s->handle, d.iSerialNumber, text, sizeof(text));
	printf("serial: %d %.*s\n", n, n > 0 ? n : 0, text);
	n = libusb_get_string_descriptor_ascii(s->handle, d.iProduct, text, sizeof(text));
	printf("product: %d %.*s\n", n, n > 0 ? n : 0, text);
	say("string 0", libusb_get_string_descriptor_ascii(s->handle, 0, text, sizeof(text)));
	say("no such string",
	    libusb_get_string_descriptor_ascii(s->handle, 77, text, sizeof(text)));
	n = libusb_get_descriptor(s->handle, LIBUSB_DT_DEVICE, 0, text, sizeof(text));
	say_number("raw descriptor", n);
	say("no BOS", libusb_get_bos_descriptor(s->handle, &bos));
	for (int code = 0; code >= -12; code--)
		printf("%s: %s\n", libusb_error_name(code), libusb_strerror(code));
	printf("%s %s\n", libusb_error_name(-99), libusb_error_name(77));
	say("German", libusb_setlocale("de"));
	say("English", libusb_setlocale("en"));
}

static void look_at_interfaces(struct session *s)
{
	int configuration = -1;

	say("claim", libusb_claim_interface(s->handle, 0));
	say("claim again", libusb_claim_interface(s->handle, 0));
	say("claim what is not there", libusb_claim_interface(s->handle, 40));
	say("get configuration", libusb_get_configuration(s->handle, &configuration));
	say_number("it is", configuration);
	say_number("kernel's driver", libusb_kernel_driver_active(s->handle, 0));
	say("detach", libusb_detach_kernel_driver(s->handle, 0));
	say("auto-detach", libusb_set_auto_detach_kernel_driver(s->handle, 1));
	say("release", libusb_release_interface(s->handle, 0));
	say("release again", libusb_release_interface(s->handle, 0));
}

static void look(struct session *s)
{
	printf("capabilities: %d %d %d\n", libusb_has_capability(LIBUSB_CAP_HAS_CAPABILITY),
	       libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG), libusb_has_capability(0x7777));
	printf("version %u\n", libusb_get_version()->major);
	look_at_device(s);
	look_at_config(s);
	look_at_strings(s);
	look_at_interfaces(s);
}

/* ---- transfers ---- */

static int blocking_version(struct session *s)
{
	unsigned char command[COMMAND] = { 0xf1 }, reply[6] = { 0 };
	int got = -1, rc;

	rc = libusb_bulk_transfer(s->handle, s->out, command, COMMAND, &got, WAIT_MS);
	say("command", rc);
	if (rc)
		return rc;
	say_number("bytes out", got);
	got = -1;
	rc = libusb_bulk_transfer(s->handle, s->in, reply, sizeof(reply), &got, WAIT_MS);
	say("reply", rc);
	printf("bytes in: %d: %02x %02x\n", got, reply[0], reply[1]);
	return rc;
}

static void talk_blocking(struct session *s)
{
	unsigned char bytes[64];
	double before;
	int got = -1, rc;

	blocking_version(s);
	before = seconds();
	rc = libusb_bulk_transfer(s->handle, s->in, bytes, 6, &got, WAIT_MS);
	say("nothing to fetch", rc);
	printf("bytes: %d, waited: %d\n", got, seconds() - before > WAIT_MS * 0.9e-3);
	rc = libusb_control_transfer(s->handle, 0x80, 6, 0x0100, 0, bytes, 18, WAIT_MS);
	say_number("control", rc);
	rc = libusb_control_transfer(s->handle, 0xc0, 0x77, 0, 0, bytes, 4, WAIT_MS);
	say("unknown control", rc);
}

struct seen {
	const char *name;
	int done, order;
	enum libusb_transfer_status status;
	int length;
	int *count;
	sem_t *tell; /* somebody waits for it, or NULL */
};

static void LIBUSB_CALL completed(struct libusb_transfer *t)
{
	struct seen *seen = t->user_data;

	seen->order = ++*seen->count;
	seen->status = t->status;
	seen->length = t->actual_length;
	seen->done = 1;
	if (seen->tell)
		sem_post(seen->tell);
}

static void print_seen(const struct seen *seen)
{
	printf("%s: number %d, status %d, %d bytes\n", seen->name, seen->order, seen->status,
	       seen->length);
}

/* Command and reply at once, as OpenOCD does it. */
static void talk_submitted(struct session *s, bool by_thread)
{
	unsigned char command[COMMAND] = { 0xf1 }, reply[6] = { 0 };
	int count = 0;
	sem_t tell;
	struct seen out = { .name = "out", .count = &count, .tell = &tell };
	struct seen in = { .name = "in", .count = &count, .tell = &tell };
	struct libusb_transfer *a = libusb_alloc_transfer(0), *b = libusb_alloc_transfer(0);

	sem_init(&tell, 0, 0);
	libusb_fill_bulk_transfer(a, s->handle, s->out, command, COMMAND, completed, &out, WAIT_MS);
	libusb_fill_bulk_transfer(b, s->handle, s->in, reply, 6, completed, &in, WAIT_MS);
	say("submit out", libusb_submit_transfer(a));
	say("submit in", libusb_submit_transfer(b));
	say("submit twice", libusb_submit_transfer(b));
	while (!by_thread && !(out.done && in.done))
		libusb_handle_events_completed(s->ctx, in.done ? &out.done : &in.done);
	for (int i = 0; by_thread && i < 2; i++)
		sem_wait(&tell);
	print_seen(&out);
	print_seen(&in);
	printf("reply: %02x %02x\n", reply[0], reply[1]);
	say("cancel what is done", libusb_cancel_transfer(b));
	libusb_free_transfer(a);
	libusb_free_transfer(b);
	sem_destroy(&tell);
}

static void wait_for_nothing(struct session *s, bool cancel)
{
	unsigned char reply[6];
	int count = 0;
	struct seen in = { .name = cancel ? "cancelled" : "timed out", .count = &count };
	struct libusb_transfer *t = libusb_alloc_transfer(0);
	struct timeval now = { 0 };

	libusb_fill_bulk_transfer(t, s->handle, s->in, reply, 6, completed, &in,
				  cancel ? 0 : WAIT_MS);
	say("submit", libusb_submit_transfer(t));
	libusb_handle_events_timeout_completed(s->ctx, &now, &in.done);
	printf("done at once: %d\n", in.done);
	if (cancel)
		say("cancel", libusb_cancel_transfer(t));
	printf("done without events: %d\n", in.done);
	while (!in.done)
		libusb_handle_events_completed(s->ctx, &in.done);
	print_seen(&in);
	libusb_free_transfer(t);
}

static void LIBUSB_CALL counted(struct libusb_transfer *t)
{
	++*(int *)t->user_data;
}

static void free_by_itself(struct session *s)
{
	struct libusb_transfer *t = libusb_alloc_transfer(0);
	unsigned char *setup = malloc(LIBUSB_CONTROL_SETUP_SIZE + 18);
	int done = 0;

	libusb_fill_control_setup(setup, 0x80, 6, 0x0100, 0, 18);
	libusb_fill_control_transfer(t, s->handle, setup, counted, &done, WAIT_MS);
	t->flags = LIBUSB_TRANSFER_FREE_BUFFER | LIBUSB_TRANSFER_FREE_TRANSFER;
	say("submit control", libusb_submit_transfer(t));
	while (!done)
		libusb_handle_events_completed(s->ctx, &done);
	say_number("called back", done);
}

struct handler {
	struct session *s;
	int stop;
};

static void *handle_events(void *arg)
{
	struct handler *h = arg;

	while (!__atomic_load_n(&h->stop, __ATOMIC_ACQUIRE)) {
		struct timeval tv = { .tv_usec = 2000 };

		libusb_handle_events_timeout_completed(h->s->ctx, &tv, &h->stop);
	}
	return NULL;
}

static void talk(struct session *s)
{
	struct handler h = { .s = s };
	const struct libusb_pollfd **fds;
	pthread_t thread;

	talk_blocking(s);
	talk_submitted(s, false);
	wait_for_nothing(s, false);
	wait_for_nothing(s, true);
	free_by_itself(s);
	pthread_create(&thread, NULL, handle_events, &h);
	talk_submitted(s, true);
	__atomic_store_n(&h.stop, 1, __ATOMIC_RELEASE);
	libusb_interrupt_event_handler(s->ctx);
	pthread_join(thread, NULL);
	fds = libusb_get_pollfds(s->ctx);
	printf("files to poll: %d\n", fds && fds[0]);
	libusb_free_pollfds(fds);
	printf("lock: %d\n", libusb_try_lock_events(s->ctx));
	printf("may handle: %d\n", libusb_event_handling_ok(s->ctx));
	libusb_unlock_events(s->ctx);
	say("reset", libusb_reset_device(s->handle));
	blocking_version(s);
	say("release", libusb_release_interface(s->handle, 0));
}

static void stall(struct session *s)
{
	blocking_version(s);
	blocking_version(s);
	blocking_version(s); /* halted until somebody clears it */
	say("clear out", libusb_clear_halt(s->handle, s->out));
	say("clear in", libusb_clear_halt(s->handle, s->in));
	blocking_version(s);
}

static void gone(struct session *s)
{
	blocking_version(s);
	blocking_version(s);
	blocking_version(s);
	say("claim", libusb_claim_interface(s->handle, 0));
	say("release", libusb_release_interface(s->handle, 0));
	say("reset", libusb_reset_device(s->handle));
}

/* ---- hot-plug ---- */

static int LIBUSB_CALL plugged(libusb_context *ctx, libusb_device *dev, libusb_hotplug_event event,
			       void *user)
{
	struct libusb_device_descriptor d = { 0 };

	(void)ctx;
	libusb_get_device_descriptor(dev, &d);
	if (d.idVendor != ST)
		return 0;
	printf("%s %s\n", (const char *)user,
	       event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED ? "arrives" : "leaves");
	return !strcmp(user, "once:");
}

static int watch_for(struct session *s, int events, int vendor, const char *who,
		     libusb_hotplug_callback_handle *ret)
{
	return libusb_hotplug_register_callback(s->ctx, events, LIBUSB_HOTPLUG_ENUMERATE, vendor,
						LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
						plugged, (void *)(size_t)who, ret);
}

static void watch(struct session *s)
{
	const int both = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
	libusb_hotplug_callback_handle all, dropped;

	say("register", watch_for(s, both, ST, "all:", &all));
	say("register", watch_for(s, LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, ST, "left:", NULL));
	say("register", watch_for(s, both, ST, "once:", NULL));
	say("register", watch_for(s, both, 0x1234, "others':", NULL));
	say("register", watch_for(s, both, ST, "dropped:", &dropped));
	printf("user data: %s\n", (const char *)libusb_hotplug_get_user_data(s->ctx, all));
	libusb_hotplug_deregister_callback(s->ctx, dropped);
	for (int i = 0; i < 40; i++) {
		struct timeval tv = { .tv_usec = 50000 };

		libusb_handle_events_timeout_completed(s->ctx, &tv, NULL);
	}
	printf("over\n");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(struct session *s);
		bool claim;
	} ways[] = {
		{ "look", look, false }, { "talk", talk, true },   { "stall", stall, true },
		{ "gone", gone, true },	 { "watch", watch, true },
	};
	struct session s;

	for (size_t i = 0; argc == 2 && i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(argv[1], ways[i].name) != 0)
			continue;
		if (!begin(&s, ways[i].claim))
			return 1;
		ways[i].run(&s);
		end(&s);
		return 0;
	}
	fprintf(stderr, "usage: usb_calls look|talk|stall|gone|watch\n");
	return 2;
}
