/* Messages to the bench, and its clock. */
#include "probe/sim/libusb/usb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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
	ctx->fd = -1;
	ctx->clock = NULL;
}

static bool send_all(int fd, const void *at, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = send(fd, (const char *)at + done, len - done, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return false;
		done += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool receive_all(int fd, void *at, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = recv(fd, (char *)at + done, len - done, 0);

		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		done += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool exchange(libusb_context *ctx, const struct proto_request *r, const void *send,
		     size_t send_len, struct proto_reply *reply)
{
	if (!send_all(ctx->fd, r, sizeof(*r)))
		return false;
	if (send_len && !send_all(ctx->fd, send, send_len))
		return false;
	return receive_all(ctx->fd, reply, sizeof(*reply));
}

enum proto_result usb_link_ask(libusb_context *ctx, struct proto_request *r, const void *send,
			       void *receive, size_t *ret_len)
{
	struct proto_reply reply = { 0 };
	size_t send_len = send ? r->len : 0;
	bool good;

	if (ret_len)
		*ret_len = 0;
	pthread_mutex_lock(&ctx->lock);
	good = ctx->fd >= 0 && exchange(ctx, r, send, send_len, &reply);
	if (good && receive && reply.len)
		good = reply.len <= r->len && receive_all(ctx->fd, receive, reply.len);
	if (!good) /* the bench is gone, and with it the device */
		usb_link_close(ctx);
	pthread_mutex_unlock(&ctx->lock);
	if (!good)
		return PROTO_GONE;
	if (ret_len)
		*ret_len = reply.len;
	return (enum proto_result)reply.result;
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
