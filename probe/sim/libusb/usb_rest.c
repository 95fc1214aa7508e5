/* Functions of the interface that a full or high speed probe has no use for: they say no. */
#include "probe/sim/libusb/usb.h"

int LIBUSB_CALL libusb_wrap_sys_device(libusb_context *ctx, intptr_t sys_dev,
				       libusb_device_handle **ret)
{
	(void)ctx, (void)sys_dev, (void)ret;
	return LIBUSB_ERROR_NOT_SUPPORTED;
}

int LIBUSB_CALL libusb_alloc_streams(libusb_device_handle *handle, uint32_t n,
				     unsigned char *endpoints, int n_endpoints)
{
	(void)handle, (void)n, (void)endpoints, (void)n_endpoints;
	return LIBUSB_ERROR_NOT_SUPPORTED;
}

int LIBUSB_CALL libusb_free_streams(libusb_device_handle *handle, unsigned char *endpoints,
				    int n_endpoints)
{
	(void)handle, (void)endpoints, (void)n_endpoints;
	return LIBUSB_ERROR_NOT_SUPPORTED;
}

void LIBUSB_CALL libusb_transfer_set_stream_id(struct libusb_transfer *t, uint32_t id)
{
	(void)t, (void)id;
}

uint32_t LIBUSB_CALL libusb_transfer_get_stream_id(struct libusb_transfer *t)
{
	(void)t;
	return 0;
}

unsigned char *LIBUSB_CALL libusb_dev_mem_alloc(libusb_device_handle *handle, size_t len)
{
	(void)handle, (void)len;
	return NULL;
}

int LIBUSB_CALL libusb_dev_mem_free(libusb_device_handle *handle, unsigned char *at, size_t len)
{
	(void)handle, (void)at, (void)len;
	return LIBUSB_ERROR_NOT_SUPPORTED;
}

int LIBUSB_CALL libusb_get_ss_endpoint_companion_descriptor(
	libusb_context *ctx, const struct libusb_endpoint_descriptor *endpoint,
	struct libusb_ss_endpoint_companion_descriptor **ret)
{
	(void)ctx, (void)endpoint, (void)ret;
	return LIBUSB_ERROR_NOT_FOUND;
}

void LIBUSB_CALL
libusb_free_ss_endpoint_companion_descriptor(struct libusb_ss_endpoint_companion_descriptor *d)
{
	(void)d;
}

int LIBUSB_CALL libusb_get_bos_descriptor(libusb_device_handle *handle,
					  struct libusb_bos_descriptor **ret)
{
	(void)handle, (void)ret;
	return LIBUSB_ERROR_PIPE; /* a USB 2.0 device has none */
}

void LIBUSB_CALL libusb_free_bos_descriptor(struct libusb_bos_descriptor *d)
{
	(void)d;
}

int LIBUSB_CALL libusb_get_usb_2_0_extension_descriptor(
	libusb_context *ctx, struct libusb_bos_dev_capability_descriptor *capability,
	struct libusb_usb_2_0_extension_descriptor **ret)
{
	(void)ctx, (void)capability, (void)ret;
	return LIBUSB_ERROR_NOT_FOUND;
}

void LIBUSB_CALL
libusb_free_usb_2_0_extension_descriptor(struct libusb_usb_2_0_extension_descriptor *d)
{
	(void)d;
}

int LIBUSB_CALL libusb_get_ss_usb_device_capability_descriptor(
	libusb_context *ctx, struct libusb_bos_dev_capability_descriptor *capability,
	struct libusb_ss_usb_device_capability_descriptor **ret)
{
	(void)ctx, (void)capability, (void)ret;
	return LIBUSB_ERROR_NOT_FOUND;
}

void LIBUSB_CALL libusb_free_ss_usb_device_capability_descriptor(
	struct libusb_ss_usb_device_capability_descriptor *d)
{
	(void)d;
}

int LIBUSB_CALL libusb_get_container_id_descriptor(
	libusb_context *ctx, struct libusb_bos_dev_capability_descriptor *capability,
	struct libusb_container_id_descriptor **ret)
{
	(void)ctx, (void)capability, (void)ret;
	return LIBUSB_ERROR_NOT_FOUND;
}

void LIBUSB_CALL libusb_free_container_id_descriptor(struct libusb_container_id_descriptor *d)
{
	(void)d;
}
