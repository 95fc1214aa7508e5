/* Blocking transfers. */
#include "probe/sim/libusb/usb.h"

#include <string.h>
#include <time.h>

/* Nothing to fetch and no timeout: another thread may yet send something. */
static void wait_for_another(void)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, NULL);
}

static enum proto_result carry_out(libusb_device_handle *handle, struct proto_request *r, bool in,
				   unsigned char *data, size_t *got)
{
	enum proto_result result;

	r->op = PROTO_TRANSFER;
	r->plug = handle->dev->plug;
	r->flags = PROTO_TURN | PROTO_BLOCKING;
	do {
		result = usb_link_ask(handle->dev->ctx, r, in || !r->len ? NULL : data,
				      in ? data : NULL, got);
		if (result == PROTO_NAK)
			wait_for_another();
	} while (result == PROTO_NAK);
	return result;
}

int LIBUSB_CALL libusb_control_transfer(libusb_device_handle *handle, uint8_t type, uint8_t request,
					uint16_t value, uint16_t index, unsigned char *data,
					uint16_t length, unsigned int timeout)
{
	struct proto_request r = { .setup = { type, request, (uint8_t)value, (uint8_t)(value >> 8),
					      (uint8_t)index, (uint8_t)(index >> 8),
					      (uint8_t)length, (uint8_t)(length >> 8) },
				   .timeout_ms = timeout,
				   .len = length };
	size_t got = 0;
	enum proto_result result = carry_out(handle, &r, type & LIBUSB_ENDPOINT_IN, data, &got);

	return result == PROTO_DONE ? (int)got : usb_link_error(result);
}

int LIBUSB_CALL libusb_bulk_transfer(libusb_device_handle *handle, unsigned char endpoint,
				     unsigned char *data, int length, int *ret_got,
				     unsigned int timeout)
{
	struct proto_request r = { .endpoint = endpoint,
				   .timeout_ms = timeout,
				   .len = (uint32_t)length };
	size_t got = 0;
	enum proto_result result;

	if (length < 0)
		return LIBUSB_ERROR_INVALID_PARAM;
	result = carry_out(handle, &r, endpoint & LIBUSB_ENDPOINT_IN, data, &got);
	if (ret_got && result != PROTO_GONE)
		*ret_got = (int)got;
	return usb_link_error(result);
}

int LIBUSB_CALL libusb_interrupt_transfer(libusb_device_handle *handle, unsigned char endpoint,
					  unsigned char *data, int length, int *ret_got,
					  unsigned int timeout)
{
	return libusb_bulk_transfer(handle, endpoint, data, length, ret_got, timeout);
}
