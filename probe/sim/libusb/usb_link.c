/* Messages to the bench, and its clock. */
#include "probe/sim/libusb/usb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define RECEIVE_BYTES 0x8000
#define ITEMS_MAX     16

static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -1;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static struct proto_clock *map_clock(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	void *at;

	if (fd < 0)
		return NULL;
	at = mmap(NULL, sizeof(struct proto_clock), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return at == MAP_FAILED ? NULL : at;
}

/* Without a bench the bus is empty; that is no error. */
int usb_link_open(libusb_context *ctx)
{
	const char *folder = getenv(PROTO_FOLDER);
	char path[108];

	ctx->fd = -1;
	ctx->clock = NULL;
	if (!folder)
		return 0;
	snprintf(path, sizeof(path), "%s/%s", folder, PROTO_SOCKET);
	ctx->received = malloc(RECEIVE_BYTES);
	if (!ctx->received)
		return LIBUSB_ERROR_NO_MEM;
	ctx->fd = connect_to(path);
	snprintf(path, sizeof(path), "%s/%s", folder, PROTO_CLOCK);
	ctx->clock = map_clock(path);
	return 0;
}

void usb_link_close(libusb_context *ctx)
{
	if (ctx->fd >= 0)
		close(ctx->fd);
	if (ctx->clock)
		munmap(ctx->clock, sizeof(*ctx->clock));
	free(ctx->received);
	ctx->received = NULL;
	ctx->fd = -1;
	ctx->clock = NULL;
}

/* ---- messages ---- */

static bool send_all(int fd, struct iovec *parts, size_t n)
{
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = n };

	while (message.msg_iovlen) {
		ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return false;
		for (; sent > 0 && message.msg_iovlen; message.msg_iov++, message.msg_iovlen--) {
			if ((size_t)sent < message.msg_iov->iov_len) {
				message.msg_iov->iov_base =
					(char *)message.msg_iov->iov_base + sent;
				message.msg_iov->iov_len -= (size_t)sent;
				break;
			}
			sent -= (ssize_t)message.msg_iov->iov_len;
		}
	}
	return true;
}

static bool receive_all(libusb_context *ctx, void *at, size_t len)
{
	uint8_t *to = at;

	while (len) {
		size_t have = ctx->received_to - ctx->received_from;
		ssize_t n;

		if (have) {
			if (have > len)
				have = len;
			memcpy(to, ctx->received + ctx->received_from, have);
			ctx->received_from += have;
			to += have;
			len -= have;
			continue;
		}
		n = recv(ctx->fd, ctx->received, RECEIVE_BYTES, 0);
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		ctx->received_from = 0;
		ctx->received_to = n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool send_items(libusb_context *ctx, struct link_item *items, size_t n)
{
	struct iovec parts[2 * ITEMS_MAX];
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		parts[k++] = (struct iovec){ &items[i].request, sizeof(items[i].request) };
		if (items[i].send && items[i].request.len)
			parts[k++] = (struct iovec){ (void *)items[i].send, items[i].request.len };
	}
	return send_all(ctx->fd, parts, k);
}

static bool receive_item(libusb_context *ctx, struct link_item *item)
{
	struct proto_reply reply;

	if (!receive_all(ctx, &reply, sizeof(reply)))
		return false;
	if (item->receive && reply.len &&
	    (reply.len > item->request.len || !receive_all(ctx, item->receive, reply.len)))
		return false;
	item->result = (enum proto_result)reply.result;
	item->len = reply.len;
	return true;
}

/* Without a bench, or when it went away, everything is gone. */
static void ask_some(libusb_context *ctx, struct link_item *items, size_t n)
{
	bool good = ctx->fd >= 0 && send_items(ctx, items, n);
	size_t i;

	for (i = 0; i < n; i++) {
		good = good && receive_item(ctx, &items[i]);
		if (!good)
			items[i].result = PROTO_GONE;
	}
	if (!good)
		usb_link_close(ctx);
}

void usb_link_ask_all(libusb_context *ctx, struct link_item *items, size_t n)
{
	size_t i;

	pthread_mutex_lock(&ctx->lock);
	for (i = 0; i < n; i += ITEMS_MAX)
		ask_some(ctx, items + i, n - i < ITEMS_MAX ? n - i : ITEMS_MAX);
	pthread_mutex_unlock(&ctx->lock);
}

enum proto_result usb_link_ask(libusb_context *ctx, struct proto_request *r, const void *send,
			       void *receive, size_t *ret_len)
{
	struct link_item item = { .request = *r, .send = send, .receive = receive };

	usb_async_flush(ctx);
	usb_link_ask_all(ctx, &item, 1);
	if (ret_len)
		*ret_len = item.len;
	return item.result;
}

int usb_link_error(enum proto_result result)
{
	static const int errors[] = {
		[PROTO_DONE] = 0,
		[PROTO_NAK] = LIBUSB_ERROR_TIMEOUT,
		[PROTO_STALL] = LIBUSB_ERROR_PIPE,
		[PROTO_TIMEOUT] = LIBUSB_ERROR_TIMEOUT,
		[PROTO_OVERFLOW] = LIBUSB_ERROR_OVERFLOW,
		[PROTO_GONE] = LIBUSB_ERROR_NO_DEVICE,
		[PROTO_DENIED] = LIBUSB_ERROR_ACCESS,
		[PROTO_BUSY] = LIBUSB_ERROR_BUSY,
		[PROTO_NOT_FOUND] = LIBUSB_ERROR_NOT_FOUND,
	};

	return errors[result];
}

bool usb_link_state(libusb_context *ctx, struct proto_state *ret)
{
	struct proto_request r = { .op = PROTO_STATE, .len = sizeof(*ret) };

	return usb_link_ask(ctx, &r, NULL, ret, NULL) == PROTO_DONE;
}

int usb_link_descriptor(libusb_device *dev, uint8_t type, uint8_t index, uint8_t *ret, size_t size)
{
	struct proto_request r = { .op = PROTO_DESCRIPTOR,
				   .plug = dev->plug,
				   .type = type,
				   .index = index,
				   .len = (uint32_t)size };
	size_t len = 0;
	enum proto_result result = usb_link_ask(dev->ctx, &r, NULL, ret, &len);

	return result == PROTO_DONE ? (int)len : usb_link_error(result);
}

uint64_t usb_link_now(const libusb_context *ctx)
{
	return ctx->clock ? atomic_load(&ctx->clock->now_ns) : 0;
}

void usb_link_pass(libusb_context *ctx, uint64_t ns)
{
	if (ctx->clock)
		atomic_fetch_add(&ctx->clock->now_ns, ns);
}
