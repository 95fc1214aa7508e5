/* Contexts: libusb_init, libusb_exit and the settings, of which none does anything here. */
#include "probe/sim/libusb/usb.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* The interface itself wants one context that all callers with NULL share. */
static pthread_mutex_t default_lock = PTHREAD_MUTEX_INITIALIZER;
static libusb_context *default_context;
static int default_users;

libusb_context *usb_context(libusb_context *ctx)
{
	return ctx ? ctx : default_context;
}

static void init_recursive(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(lock, &attr);
	pthread_mutexattr_destroy(&attr);
}

static libusb_context *context_new(void)
{
	libusb_context *ctx = calloc(1, sizeof(*ctx));

	if (!ctx)
		return NULL;
	init_recursive(&ctx->lock);
	init_recursive(&ctx->event_lock);
	ctx->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	usb_link_open(ctx);
	return ctx;
}

static void context_free(libusb_context *ctx)
{
	libusb_device *dev = ctx->device;

	ctx->device = NULL;
	if (dev)
		libusb_unref_device(dev);
	usb_link_close(ctx);
	if (ctx->event_fd >= 0)
		close(ctx->event_fd);
	pthread_mutex_destroy(&ctx->lock);
	pthread_mutex_destroy(&ctx->event_lock);
	free(ctx);
}

int LIBUSB_CALL libusb_init(libusb_context **ret)
{
	int rc = 0;

	if (ret) {
		*ret = context_new();
		return *ret ? 0 : LIBUSB_ERROR_NO_MEM;
	}
	pthread_mutex_lock(&default_lock);
	if (!default_users) {
		default_context = context_new();
		rc = default_context ? 0 : LIBUSB_ERROR_NO_MEM;
	}
	default_users += !rc;
	pthread_mutex_unlock(&default_lock);
	return rc;
}

void LIBUSB_CALL libusb_exit(libusb_context *ctx)
{
	if (ctx) {
		context_free(ctx);
		return;
	}
	pthread_mutex_lock(&default_lock);
	if (default_users && !--default_users) {
		context_free(default_context);
		default_context = NULL;
	}
	pthread_mutex_unlock(&default_lock);
}

int LIBUSB_CALL libusb_set_option(libusb_context *ctx, enum libusb_option option, ...)
{
	(void)ctx;
	return option == LIBUSB_OPTION_USE_USBDK ? LIBUSB_ERROR_NOT_SUPPORTED : 0;
}

void LIBUSB_CALL libusb_set_debug(libusb_context *ctx, int level)
{
	(void)ctx, (void)level;
}

void LIBUSB_CALL libusb_set_log_cb(libusb_context *ctx, libusb_log_cb cb, int mode)
{
	(void)ctx, (void)cb, (void)mode;
}

int LIBUSB_CALL libusb_has_capability(uint32_t capability)
{
	switch (capability) {
	case LIBUSB_CAP_HAS_CAPABILITY:
	case LIBUSB_CAP_HAS_HOTPLUG:
	case LIBUSB_CAP_SUPPORTS_DETACH_KERNEL_DRIVER:
		return 1;
	default:
		return 0;
	}
}
