/*
 * A libusb whose one ST-LINK does everything at once and answers nothing but zeros: what remains is
 * the cost of whatever stands before it. Only what usb_peer.c and the pass-through library call.
 */
#include <libusb.h>
#include <stdlib.h>

struct libusb_context {
	struct libusb_transfer *due[16];
	unsigned n;
};

struct libusb_device {
	int unused;
};

struct libusb_device_handle {
	struct libusb_context *ctx;
};

static struct libusb_context the_context;
static struct libusb_device the_device;
static struct libusb_device_handle the_handle = { &the_context };

int LIBUSB_CALL libusb_init(libusb_context **ctx)
{
	*ctx = &the_context;
	return 0;
}

void LIBUSB_CALL libusb_exit(libusb_context *ctx)
{
	ctx->n = 0;
}

ssize_t LIBUSB_CALL libusb_get_device_list(libusb_context *ctx, libusb_device ***list)
{
	(void)ctx;
	*list = calloc(2, sizeof(**list));
	(*list)[0] = &the_device;
	return 1;
}

void LIBUSB_CALL libusb_free_device_list(libusb_device **list, int unref_devices)
{
	(void)unref_devices;
	free(list);
}

int LIBUSB_CALL libusb_get_device_descriptor(libusb_device *dev,
					     struct libusb_device_descriptor *desc)
{
	(void)dev;
	*desc = (struct libusb_device_descriptor){ .idVendor = 0x0483, .idProduct = 0x3748 };
	return 0;
}

int LIBUSB_CALL libusb_open(libusb_device *dev, libusb_device_handle **handle)
{
	(void)dev;
	*handle = &the_handle;
	return 0;
}

void LIBUSB_CALL libusb_close(libusb_device_handle *handle)
{
	(void)handle;
}

libusb_device *LIBUSB_CALL libusb_get_device(libusb_device_handle *handle)
{
	(void)handle;
	return &the_device;
}

uint8_t LIBUSB_CALL libusb_get_bus_number(libusb_device *dev)
{
	(void)dev;
	return 1;
}

uint8_t LIBUSB_CALL libusb_get_device_address(libusb_device *dev)
{
	(void)dev;
	return 5;
}

int LIBUSB_CALL libusb_get_port_numbers(libusb_device *dev, uint8_t *ports, int len)
{
	(void)dev;
	ports[0] = 2;
	return len > 0;
}

int LIBUSB_CALL libusb_claim_interface(libusb_device_handle *handle, int number)
{
	(void)handle;
	return number;
}

int LIBUSB_CALL libusb_release_interface(libusb_device_handle *handle, int number)
{
	(void)handle;
	return number;
}

int LIBUSB_CALL libusb_bulk_transfer(libusb_device_handle *handle, unsigned char ep,
				     unsigned char *data, int length, int *moved,
				     unsigned int timeout)
{
	(void)handle;
	(void)timeout;
	if (ep & 0x80)
		data[0] = 0x80;
	*moved = length;
	return 0;
}

struct libusb_transfer *LIBUSB_CALL libusb_alloc_transfer(int iso_packets)
{
	(void)iso_packets;
	return calloc(1, sizeof(struct libusb_transfer));
}

void LIBUSB_CALL libusb_free_transfer(struct libusb_transfer *transfer)
{
	free(transfer);
}

int LIBUSB_CALL libusb_submit_transfer(struct libusb_transfer *transfer)
{
	the_context.due[the_context.n++ % 16] = transfer;
	return 0;
}

int LIBUSB_CALL libusb_handle_events_completed(libusb_context *ctx, int *done)
{
	(void)done;
	for (unsigned i = 0; i < ctx->n; i++) {
		ctx->due[i]->status = LIBUSB_TRANSFER_COMPLETED;
		ctx->due[i]->actual_length = ctx->due[i]->length;
		ctx->due[i]->callback(ctx->due[i]);
	}
	ctx->n = 0;
	return 0;
}
