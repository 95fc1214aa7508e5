/* Serves a bench over usbredir: the connection, its transfers, and the bench's time. */
#include "probe/sim/server_redir.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/sim/server_redir_parts.h"

#define TRANSFER_MAX 0x100000
#define LOOK_MS	     10 /* how often what happens by itself is looked at */

/* ---- time ---- */

static uint64_t real_ns(const struct redir *r)
{
	return clock_now_us(&clock_real) * NS_PER_US - r->real_zero_ns;
}

static void take_time(struct redir *r)
{
	uint64_t now = real_ns(r);

	if (now > r->bench->now_ns)
		bench_sleep(r->bench, now - r->bench->now_ns);
}

static void give_time(struct redir *r)
{
	uint64_t now = real_ns(r);

	if (now < r->bench->now_ns)
		clock_sleep_us(&clock_real, (r->bench->now_ns - now) / NS_PER_US);
}

/* ---- transfers ---- */

static uint8_t status_of(enum usb_result result)
{
	static const uint8_t statuses[USB_RESULTS] = {
		[USB_DONE] = usb_redir_success,	   [USB_NAK] = usb_redir_timeout,
		[USB_STALL] = usb_redir_stall,	   [USB_TIMEOUT] = usb_redir_timeout,
		[USB_OVERFLOW] = usb_redir_babble, [USB_GONE] = usb_redir_ioerror,
	};

	return statuses[result];
}

static void answer_bulk(struct redir *r, uint64_t id, uint8_t endpoint, uint8_t status, size_t len)
{
	struct usb_redir_bulk_packet_header h = { .endpoint = endpoint,
						  .status = status,
						  .length = (uint16_t)len,
						  .length_high = (uint16_t)(len >> 16) };
	bool in = endpoint & 0x80;

	usbredirparser_send_bulk_packet(r->parser, id, &h, in ? r->data : NULL, in ? (int)len : 0);
}

/* False: there is nothing to fetch yet. */
static bool fetch(struct redir *r, const struct pending *p)
{
	struct usb_transfer t = {
		.endpoint = p->endpoint, .data = r->data, .len = p->len, .turn = true
	};
	enum usb_result result = bench_transfer(r->bench, &t);

	if (result == USB_NAK || result == USB_TIMEOUT)
		return false;
	give_time(r);
	answer_bulk(r, p->id, p->endpoint, status_of(result), t.got);
	return true;
}

static void drop_pending(struct redir *r, size_t n)
{
	r->n_pending--;
	memmove(r->pending + n, r->pending + n + 1, (r->n_pending - n) * sizeof(r->pending[0]));
}

static bool waits_before(const struct redir *r, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (r->pending[i].endpoint == r->pending[n].endpoint)
			return true;
	return false;
}

static void fetch_pending(struct redir *r)
{
	size_t n = 0;

	while (n < r->n_pending)
		if (!waits_before(r, n) && fetch(r, &r->pending[n]))
			drop_pending(r, n);
		else
			n++;
}

static void on_bulk(void *priv, uint64_t id, struct usb_redir_bulk_packet_header *h, uint8_t *data,
		    int data_len)
{
	struct redir *r = priv;
	size_t len = h->length | (size_t)h->length_high << 16;
	struct usb_transfer t = { .endpoint = h->endpoint,
				  .data = data,
				  .len = data_len > 0 ? (size_t)data_len : 0,
				  .turn = true };

	take_time(r);
	if (!(h->endpoint & 0x80)) {
		enum usb_result result = bench_transfer(r->bench, &t);

		give_time(r);
		answer_bulk(r, id, h->endpoint, status_of(result), t.got);
		usbredirparser_free_packet_data(r->parser, data);
	} else if (r->n_pending == PENDING_MAX || len > TRANSFER_MAX) {
		answer_bulk(r, id, h->endpoint, usb_redir_inval, 0);
	} else {
		r->pending[r->n_pending++] =
			(struct pending){ .id = id, .endpoint = h->endpoint, .len = len };
	}
	fetch_pending(r);
}

static void on_cancel(void *priv, uint64_t id)
{
	struct redir *r = priv;
	size_t n;

	for (n = 0; n < r->n_pending; n++)
		if (r->pending[n].id == id) {
			answer_bulk(r, id, r->pending[n].endpoint, usb_redir_cancelled, 0);
			drop_pending(r, n);
			return;
		}
}

static void on_control(void *priv, uint64_t id, struct usb_redir_control_packet_header *h,
		       uint8_t *data, int data_len)
{
	struct redir *r = priv;
	bool in = h->endpoint & 0x80;
	struct usb_transfer t = { .setup = { h->requesttype, h->request, (uint8_t)h->value,
					     (uint8_t)(h->value >> 8), (uint8_t)h->index,
					     (uint8_t)(h->index >> 8), (uint8_t)h->length,
					     (uint8_t)(h->length >> 8) },
				  .data = in ? r->data : data,
				  .len = in		? h->length
					 : data_len > 0 ? (size_t)data_len
							: 0 };
	struct usb_redir_control_packet_header answer = *h;

	take_time(r);
	answer.status = status_of(bench_transfer(r->bench, &t));
	answer.length = (uint16_t)t.got;
	give_time(r);
	usbredirparser_send_control_packet(r->parser, id, &answer, in ? r->data : NULL,
					   in ? (int)t.got : 0);
	usbredirparser_free_packet_data(r->parser, data);
}

/* ---- the connection ---- */

static void on_log(void *priv, int level, const char *text)
{
	(void)priv;
	(void)level;
	(void)text;
}

static int on_read(void *priv, uint8_t *data, int count)
{
	struct redir *r = priv;
	ssize_t n = recv(r->fd, data, (size_t)count, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		r->closed = true;
	return n <= 0 ? -1 : (int)n;
}

static int on_write(void *priv, uint8_t *data, int count)
{
	struct redir *r = priv;
	ssize_t n = send(r->fd, data, (size_t)count, MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		r->closed = true;
	return (int)n;
}

static int set_up(struct redir *r, struct err *e)
{
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };
	struct usbredirparser *p = usbredirparser_create();

	r->data = malloc(TRANSFER_MAX);
	r->parser = p;
	if (!p || !r->data)
		return err_set(e, ERR_NO_MEMORY, "no memory for the bench");
	p->priv = r;
	p->log_func = on_log;
	p->read_func = on_read;
	p->write_func = on_write;
	redir_set_up_device(p);
	p->cancel_data_packet_func = on_cancel;
	p->control_packet_func = on_control;
	p->bulk_packet_func = on_bulk;
	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_32bits_bulk_length);
	usbredirparser_init(p, "swdoctor sim", caps, USB_REDIR_CAPS_SIZE,
			    usbredirparser_fl_usb_host);
	return 0;
}

static void converse(struct redir *r, int stop_fd)
{
	while (!r->closed) {
		struct pollfd fds[2] = { { .fd = r->fd, .events = POLLIN },
					 { .fd = stop_fd, .events = POLLIN } };

		while (!r->closed && usbredirparser_has_data_to_write(r->parser))
			if (usbredirparser_do_write(r->parser))
				return;
		if (poll(fds, 2, LOOK_MS) < 0 && errno != EINTR)
			return;
		if (fds[1].revents)
			return;
		take_time(r);
		if (fds[0].revents &&
		    usbredirparser_do_read(r->parser) == usbredirparser_read_io_error)
			return;
		fetch_pending(r);
		redir_follow_plug(r);
	}
}

int server_redir_serve(struct bench *b, int fd, int stop_fd, struct err *e)
{
	struct redir r = { .bench = b, .fd = fd };
	int rc = set_up(&r, e);

	r.real_zero_ns = clock_now_us(&clock_real) * NS_PER_US - b->now_ns;
	if (!rc)
		converse(&r, stop_fd);
	if (r.parser)
		usbredirparser_destroy(r.parser);
	free(r.data);
	return rc;
}

static int listen_at(const char *path, struct err *e)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		return err_set(e, ERR_USAGE, "%s: a socket's path has at most %zu characters", path,
			       sizeof(addr.sun_path) - 1);
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 1)) {
		err_set_native(e, ERR_IO, errno, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return ERR_IO;
	}
	return fd;
}

int server_redir_run(struct bench *b, const char *path, int stop_fd, struct err *e)
{
	int listen_fd = listen_at(path, e), rc = 0;

	if (listen_fd < 0)
		return listen_fd;
	while (!rc) {
		struct pollfd fds[2] = { { .fd = listen_fd, .events = POLLIN },
					 { .fd = stop_fd, .events = POLLIN } };
		int fd;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (fds[1].revents)
			break;
		fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		rc = server_redir_serve(b, fd, stop_fd, e);
		close(fd);
	}
	close(listen_fd);
	unlink(path);
	return rc;
}
