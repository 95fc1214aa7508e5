/* Devices and handles: one bus with at most one device on it. */
#include "probe/sim/libusb/usb.h"

#include <stdlib.h>
#include <string.h>

#define BUS  1
#define PORT 2

static libusb_device *device_new(libusb_context *ctx, const struct proto_state *state)
{
	libusb_device *dev = calloc(1, sizeof(*dev));

	if (!dev)
		return NULL;
	*dev = (libusb_device){
		.ctx = ctx, .refs = 1, .plug = state->plug, .high_speed = state->high_speed
	};
	return dev;
}

libusb_device *usb_device_now(libusb_context *ctx)
{
	struct proto_state state = { 0 };
	libusb_device *old = NULL, *dev = NULL;

	if (!ctx || !usb_link_state(ctx, &state) || !state.plugged)
		return NULL;
	pthread_mutex_lock(&ctx->lock);
	if (ctx->device && ctx->device->plug != state.plug) {
		old = ctx->device;
		ctx->device = NULL;
	}
	if (!ctx->device)
		ctx->device = device_new(ctx, &state);
	if (ctx->device)
		dev = libusb_ref_device(ctx->device);
	pthread_mutex_unlock(&ctx->lock);
	if (old)
		libusb_unref_device(old);
	return dev;
}

ssize_t LIBUSB_CALL libusb_get_device_list(libusb_context *ctx, libusb_device ***ret)
{
	libusb_device **list = calloc(2, sizeof(*list));

	if (!list)
		return LIBUSB_ERROR_NO_MEM;
	list[0] = usb_device_now(usb_context(ctx));
	*ret = list;
	return list[0] ? 1 : 0;
}

void LIBUSB_CALL libusb_free_device_list(libusb_device **list, int unref)
{
	libusb_device **d;

	for (d = list; list && unref && *d; d++)
		libusb_unref_device(*d);
	free(list);
}

libusb_device *LIBUSB_CALL libusb_ref_device(libusb_device *dev)
{
	__atomic_add_fetch(&dev->refs, 1, __ATOMIC_SEQ_CST);
	return dev;
}

void LIBUSB_CALL libusb_unref_device(libusb_device *dev)
{
	if (dev && !__atomic_sub_fetch(&dev->refs, 1, __ATOMIC_SEQ_CST))
		free(dev);
}

/* ---- where it is ---- */

uint8_t LIBUSB_CALL libusb_get_bus_number(libusb_device *dev)
{
	(void)dev;
	return BUS;
}

uint8_t LIBUSB_CALL libusb_get_device_address(libusb_device *dev)
{
	return (uint8_t)(1 + dev->plug);
}

uint8_t LIBUSB_CALL libusb_get_port_number(libusb_device *dev)
{
	(void)dev;
	return PORT;
}

int LIBUSB_CALL libusb_get_port_numbers(libusb_device *dev, uint8_t *ret, int len)
{
	(void)dev;
	if (len < 1)
		return LIBUSB_ERROR_INVALID_PARAM;
	ret[0] = PORT;
	return 1;
}

int LIBUSB_CALL libusb_get_port_path(libusb_context *ctx, libusb_device *dev, uint8_t *ret,
				     uint8_t len)
{
	(void)ctx;
	return libusb_get_port_numbers(dev, ret, len);
}

libusb_device *LIBUSB_CALL libusb_get_parent(libusb_device *dev)
{
	(void)dev;
	return NULL;
}

int LIBUSB_CALL libusb_get_device_speed(libusb_device *dev)
{
	return dev->high_speed ? LIBUSB_SPEED_HIGH : LIBUSB_SPEED_FULL;
}

/* ---- handles ---- */

static int ask(libusb_device *dev, enum proto_op op, uint8_t index, uint8_t endpoint)
{
	struct proto_request r = {
		.op = op, .plug = dev->plug, .index = index, .endpoint = endpoint
	};

	return usb_link_error(usb_link_ask(dev->ctx, &r, NULL, NULL, NULL));
}

int LIBUSB_CALL libusb_open(libusb_device *dev, libusb_device_handle **ret)
{
	int rc = ask(dev, PROTO_OPEN, 0, 0);
	libusb_device_handle *handle;

	if (rc)
		return rc;
	handle = calloc(1, sizeof(*handle));
	if (!handle)
		return LIBUSB_ERROR_NO_MEM;
	handle->dev = libusb_ref_device(dev);
	*ret = handle;
	return 0;
}

libusb_device_handle *LIBUSB_CALL libusb_open_device_with_vid_pid(libusb_context *ctx,
								  uint16_t vendor, uint16_t product)
{
	struct libusb_device_descriptor desc;
	libusb_device *dev = usb_device_now(usb_context(ctx));
	libusb_device_handle *handle = NULL;

	if (!dev)
		return NULL;
	if (!libusb_get_device_descriptor(dev, &desc) && desc.idVendor == vendor &&
	    desc.idProduct == product && libusb_open(dev, &handle))
		handle = NULL;
	libusb_unref_device(dev);
	return handle;
}

void LIBUSB_CALL libusb_close(libusb_device_handle *handle)
{
	if (!handle)
		return;
	ask(handle->dev, PROTO_CLOSE, 0, 0);
	libusb_unref_device(handle->dev);
	free(handle);
}

libusb_device *LIBUSB_CALL libusb_get_device(libusb_device_handle *handle)
{
	return handle->dev;
}

/* What the library itself knows of claims, it answers without asking. */
int LIBUSB_CALL libusb_claim_interface(libusb_device_handle *handle, int number)
{
	int rc;

	if (number < 0 || number >= USB_INTERFACES_MAX)
		return LIBUSB_ERROR_INVALID_PARAM;
	if (handle->claimed & 1u << number)
		return 0;
	rc = ask(handle->dev, PROTO_CLAIM, (uint8_t)number, 0);
	if (!rc)
		handle->claimed |= 1u << number;
	return rc;
}

int LIBUSB_CALL libusb_release_interface(libusb_device_handle *handle, int number)
{
	int rc;

	if (number < 0 || number >= USB_INTERFACES_MAX)
		return LIBUSB_ERROR_INVALID_PARAM;
	if (!(handle->claimed & 1u << number))
		return LIBUSB_ERROR_NOT_FOUND;
	rc = ask(handle->dev, PROTO_RELEASE, (uint8_t)number, 0);
	if (!rc)
		handle->claimed &= ~(1u << number);
	return rc;
}

int LIBUSB_CALL libusb_clear_halt(libusb_device_handle *handle, unsigned char endpoint)
{
	return ask(handle->dev, PROTO_CLEAR_HALT, 0, endpoint);
}

/* A device that is gone cannot be found again, as libusb puts it. */
int LIBUSB_CALL libusb_reset_device(libusb_device_handle *handle)
{
	int rc = ask(handle->dev, PROTO_RESET, 0, 0);

	return rc == LIBUSB_ERROR_NO_DEVICE ? LIBUSB_ERROR_NOT_FOUND : rc;
}

/* Nothing but the mass storage of composite probes has a driver, and nobody asks for that. */
int LIBUSB_CALL libusb_kernel_driver_active(libusb_device_handle *handle, int number)
{
	(void)handle, (void)number;
	return 0;
}

int LIBUSB_CALL libusb_detach_kernel_driver(libusb_device_handle *handle, int number)
{
	(void)handle, (void)number;
	return LIBUSB_ERROR_NOT_FOUND;
}

int LIBUSB_CALL libusb_attach_kernel_driver(libusb_device_handle *handle, int number)
{
	(void)handle, (void)number;
	return LIBUSB_ERROR_NOT_FOUND;
}

int LIBUSB_CALL libusb_set_auto_detach_kernel_driver(libusb_device_handle *handle, int enable)
{
	(void)handle, (void)enable;
	return 0;
}
