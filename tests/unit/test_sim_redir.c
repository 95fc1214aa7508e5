/* The bench over usbredir, seen by a guest: the other side of the same protocol. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>
#include <usbredirparser.h>

#include "probe/base/bytes.h"
#include "probe/sim/server_redir.h"

struct guest {
	struct arena *a;
	struct bench bench;
	pthread_t server;
	int fds[2]; /* ours, the server's */
	int stop[2];
	struct usbredirparser *parser;

	unsigned connects, disconnects;
	struct usb_redir_device_connect_header device;
	struct usb_redir_ep_info_header endpoints;
	struct usb_redir_interface_info_header interfaces;
	/* the last answer */
	uint64_t id;
	uint8_t status;
	uint8_t bytes[256];
	size_t len;
};

/* ---- the guest's side ---- */

static int guest_read(void *priv, uint8_t *data, int count)
{
	struct guest *g = priv;
	ssize_t n = recv(g->fds[0], data, (size_t)count, MSG_DONTWAIT);

	return n < 0 ? 0 : (int)n;
}

static int guest_write(void *priv, uint8_t *data, int count)
{
	struct guest *g = priv;

	return (int)send(g->fds[0], data, (size_t)count, MSG_NOSIGNAL);
}

static void guest_log(void *priv, int level, const char *text)
{
	(void)priv;
	(void)level;
	(void)text;
}

static void on_hello(void *priv, struct usb_redir_hello_header *h)
{
	(void)priv;
	(void)h;
}

static void on_connect(void *priv, struct usb_redir_device_connect_header *h)
{
	struct guest *g = priv;

	g->connects++;
	g->device = *h;
}

static void on_disconnect(void *priv)
{
	((struct guest *)priv)->disconnects++;
}

static void on_interfaces(void *priv, struct usb_redir_interface_info_header *h)
{
	((struct guest *)priv)->interfaces = *h;
}

static void on_endpoints(void *priv, struct usb_redir_ep_info_header *h)
{
	((struct guest *)priv)->endpoints = *h;
}

static void keep(struct guest *g, uint64_t id, uint8_t status, uint8_t *data, int len)
{
	g->id = id;
	g->status = status;
	g->len = len > 0 ? (size_t)len : 0;
	assert_true(g->len <= sizeof(g->bytes));
	if (g->len)
		memcpy(g->bytes, data, g->len);
	usbredirparser_free_packet_data(g->parser, data);
}

static void on_control(void *priv, uint64_t id, struct usb_redir_control_packet_header *h,
		       uint8_t *data, int len)
{
	keep(priv, id, h->status, data, len);
}

static void on_bulk(void *priv, uint64_t id, struct usb_redir_bulk_packet_header *h, uint8_t *data,
		    int len)
{
	keep(priv, id, h->status, data, len);
}

/* Exchange what there is until `*what` is at least `least`, or half a second is over. */
static void run_until(struct guest *g, const unsigned *what, unsigned least, uint64_t id)
{
	int i;

	for (i = 0; i < 50 && (what ? *what < least : g->id != id); i++) {
		struct pollfd fd = { .fd = g->fds[0], .events = POLLIN };

		while (usbredirparser_has_data_to_write(g->parser))
			usbredirparser_do_write(g->parser);
		if (poll(&fd, 1, 10) > 0)
			usbredirparser_do_read(g->parser);
	}
}

static void ask_control(struct guest *g, uint64_t id, uint8_t request, uint16_t value, uint16_t len)
{
	struct usb_redir_control_packet_header h = { .endpoint = 0x80,
						     .request = request,
						     .requesttype = 0x80,
						     .value = value,
						     .length = len };

	usbredirparser_send_control_packet(g->parser, id, &h, NULL, 0);
	run_until(g, NULL, 0, id);
}

static void send_command(struct guest *g, uint64_t id, uint8_t a, uint8_t b, uint8_t c)
{
	uint8_t command[16] = { a, b, c };
	struct usb_redir_bulk_packet_header h = { .endpoint = 0x02, .length = sizeof(command) };

	usbredirparser_send_bulk_packet(g->parser, id, &h, command, sizeof(command));
}

static void want_reply(struct guest *g, uint64_t id, uint16_t len)
{
	struct usb_redir_bulk_packet_header h = { .endpoint = 0x81, .length = len };

	usbredirparser_send_bulk_packet(g->parser, id, &h, NULL, 0);
}

/* ---- construction ---- */

static void *serve(void *user)
{
	struct guest *g = user;
	struct err e;

	server_redir_serve(&g->bench, g->fds[1], g->stop[0], &e);
	return NULL;
}

static void make_parser(struct guest *g)
{
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };
	struct usbredirparser *p = usbredirparser_create();

	g->parser = p;
	p->priv = g;
	p->log_func = guest_log;
	p->read_func = guest_read;
	p->write_func = guest_write;
	p->hello_func = on_hello;
	p->device_connect_func = on_connect;
	p->device_disconnect_func = on_disconnect;
	p->interface_info_func = on_interfaces;
	p->ep_info_func = on_endpoints;
	p->control_packet_func = on_control;
	p->bulk_packet_func = on_bulk;
	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_32bits_bulk_length);
	usbredirparser_init(p, "a guest", caps, USB_REDIR_CAPS_SIZE, 0);
}

static struct guest *plug_in(const char *yaml)
{
	struct guest *g = calloc(1, sizeof(*g));
	struct scenario s;
	struct err e = { 0 };

	assert_non_null(g);
	g->a = arena_new();
	assert_int_equal(scenario_parse(yaml, strlen(yaml), g->a, &s, &e), 0);
	assert_int_equal(bench_init(&g->bench, &s, &e), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, g->fds), 0);
	assert_int_equal(pipe(g->stop), 0);
	make_parser(g);
	assert_int_equal(pthread_create(&g->server, NULL, serve, g), 0);
	return g;
}

static void pull_out(struct guest *g)
{
	close(g->fds[0]);
	pthread_join(g->server, NULL);
	close(g->fds[1]);
	close(g->stop[0]);
	close(g->stop[1]);
	usbredirparser_destroy(g->parser);
	bench_done(&g->bench);
	arena_free(g->a);
	free(g);
}

/* ---- tests ---- */

static void the_guest_sees_the_device_of_the_scenario(void **state)
{
	struct guest *g = plug_in("probe: v2-1");

	(void)state;
	run_until(g, &g->connects, 1, 0);
	assert_int_equal(g->connects, 1);
	assert_int_equal(g->device.vendor_id, 0x0483);
	assert_int_equal(g->device.product_id, 0x374b);
	assert_int_equal(g->device.speed, usb_redir_speed_full);
	assert_int_equal(g->interfaces.interface_count, 4);
	assert_int_equal(g->endpoints.type[1], usb_redir_type_bulk);
	assert_int_equal(g->endpoints.type[0x11], usb_redir_type_bulk);
	assert_int_equal(g->endpoints.max_packet_size[0x11], 64);
	ask_control(g, 7, 6, 0x0100, 18);
	assert_int_equal(g->len, 18);
	assert_int_equal(get_le16(g->bytes + 10), 0x374b);
	pull_out(g);
}

static void a_command_is_answered_also_when_the_reply_is_asked_for_first(void **state)
{
	struct guest *g = plug_in("probe: v2");

	(void)state;
	run_until(g, &g->connects, 1, 0);
	want_reply(g, 2, 6);
	send_command(g, 1, 0xf1, 0, 0);
	run_until(g, NULL, 0, 2);
	assert_int_equal(g->id, 2);
	assert_int_equal(g->status, usb_redir_success);
	assert_int_equal(g->len, 6);
	assert_int_equal(g->bytes[0], 0x29); /* V2J37 */
	pull_out(g);
}

static void a_reply_that_never_comes_can_be_called_back(void **state)
{
	struct guest *g = plug_in("probe: {type: v2, stuck: true}");

	(void)state;
	run_until(g, &g->connects, 1, 0);
	send_command(g, 1, 0xf1, 0, 0);
	want_reply(g, 2, 6);
	run_until(g, NULL, 0, 1);
	usbredirparser_send_cancel_data_packet(g->parser, 2);
	run_until(g, NULL, 0, 2);
	assert_int_equal(g->id, 2);
	assert_int_equal(g->status, usb_redir_cancelled);
	pull_out(g);
}

static void a_stall_is_told_as_one(void **state)
{
	struct guest *g = plug_in("faults: [{what: usb-stall, at: transaction 1}]");

	(void)state;
	run_until(g, &g->connects, 1, 0);
	send_command(g, 1, 0xf1, 0, 0);
	want_reply(g, 2, 6);
	run_until(g, NULL, 0, 2);
	assert_int_equal(g->status, usb_redir_stall);
	pull_out(g);
}

static void a_probe_that_leaves_the_bus_and_returns_is_followed(void **state)
{
	struct guest *g = plug_in("faults: [{what: usb-unplug, at: ms 50, for: 100 ms}]");

	(void)state;
	run_until(g, &g->connects, 2, 0);
	assert_int_equal(g->disconnects, 1);
	assert_int_equal(g->connects, 2);
	pull_out(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_guest_sees_the_device_of_the_scenario),
		cmocka_unit_test(a_command_is_answered_also_when_the_reply_is_asked_for_first),
		cmocka_unit_test(a_reply_that_never_comes_can_be_called_back),
		cmocka_unit_test(a_stall_is_told_as_one),
		cmocka_unit_test(a_probe_that_leaves_the_bus_and_returns_is_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
