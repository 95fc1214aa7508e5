/* Descriptors: bytes from the bench into the structures of the interface. */
#include "probe/sim/libusb/usb.h"

#include <stdlib.h>
#include <string.h>

#define DESC_BYTES 256

int LIBUSB_CALL libusb_get_device_descriptor(libusb_device *dev,
					     struct libusb_device_descriptor *ret)
{
	uint8_t d[DESC_BYTES];
	int len = usb_link_descriptor(dev, LIBUSB_DT_DEVICE, 0, d, sizeof(d));

	if (len < 0)
		return len;
	*ret = (struct libusb_device_descriptor){
		.bLength = d[0],
		.bDescriptorType = d[1],
		.bcdUSB = (uint16_t)(d[2] | d[3] << 8),
		.bDeviceClass = d[4],
		.bDeviceSubClass = d[5],
		.bDeviceProtocol = d[6],
		.bMaxPacketSize0 = d[7],
		.idVendor = (uint16_t)(d[8] | d[9] << 8),
		.idProduct = (uint16_t)(d[10] | d[11] << 8),
		.bcdDevice = (uint16_t)(d[12] | d[13] << 8),
		.iManufacturer = d[14],
		.iProduct = d[15],
		.iSerialNumber = d[16],
		.bNumConfigurations = d[17],
	};
	return 0;
}

/* ---- configurations ---- */

static void *checked(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static void add_endpoint(struct libusb_interface_descriptor *alt, const uint8_t *d)
{
	struct libusb_endpoint_descriptor *list =
		(struct libusb_endpoint_descriptor *)alt->endpoint;
	size_t n = 0;

	while (n < alt->bNumEndpoints && list[n].bLength)
		n++;
	if (n == alt->bNumEndpoints)
		return;
	list[n] = (struct libusb_endpoint_descriptor){
		.bLength = d[0],
		.bDescriptorType = d[1],
		.bEndpointAddress = d[2],
		.bmAttributes = d[3],
		.wMaxPacketSize = (uint16_t)(d[4] | d[5] << 8),
		.bInterval = d[6],
	};
}

static struct libusb_interface_descriptor *add_interface(struct libusb_config_descriptor *c,
							 const uint8_t *d)
{
	struct libusb_interface *interface;
	struct libusb_interface_descriptor *alt;

	if (d[2] >= c->bNumInterfaces)
		return NULL;
	interface = (struct libusb_interface *)&c->interface[d[2]];
	alt = checked(calloc(1, sizeof(*alt)));
	*alt = (struct libusb_interface_descriptor){
		.bLength = d[0],
		.bDescriptorType = d[1],
		.bInterfaceNumber = d[2],
		.bAlternateSetting = d[3],
		.bNumEndpoints = d[4],
		.bInterfaceClass = d[5],
		.bInterfaceSubClass = d[6],
		.bInterfaceProtocol = d[7],
		.iInterface = d[8],
		.endpoint = checked(calloc(d[4] ? d[4] : 1u, sizeof(*alt->endpoint))),
	};
	interface->altsetting = alt;
	interface->num_altsetting = 1;
	return alt;
}

static struct libusb_config_descriptor *parse_config(const uint8_t *d, int len)
{
	struct libusb_config_descriptor *c = checked(calloc(1, sizeof(*c)));
	struct libusb_interface_descriptor *alt = NULL;
	int at;

	*c = (struct libusb_config_descriptor){
		.bLength = d[0],
		.bDescriptorType = d[1],
		.wTotalLength = (uint16_t)(d[2] | d[3] << 8),
		.bNumInterfaces = d[4],
		.bConfigurationValue = d[5],
		.iConfiguration = d[6],
		.bmAttributes = d[7],
		.MaxPower = d[8],
		.interface = checked(calloc(d[4], sizeof(*c->interface))),
	};
	for (at = d[0]; at + 2 <= len && d[at]; at += d[at]) {
		if (d[at + 1] == LIBUSB_DT_INTERFACE)
			alt = add_interface(c, d + at);
		else if (d[at + 1] == LIBUSB_DT_ENDPOINT && alt)
			add_endpoint(alt, d + at);
	}
	return c;
}

int LIBUSB_CALL libusb_get_config_descriptor(libusb_device *dev, uint8_t index,
					     struct libusb_config_descriptor **ret)
{
	uint8_t d[DESC_BYTES];
	int len = usb_link_descriptor(dev, LIBUSB_DT_CONFIG, index, d, sizeof(d));

	if (len < 0)
		return len;
	*ret = parse_config(d, len);
	return 0;
}

int LIBUSB_CALL libusb_get_active_config_descriptor(libusb_device *dev,
						    struct libusb_config_descriptor **ret)
{
	return libusb_get_config_descriptor(dev, 0, ret);
}

int LIBUSB_CALL libusb_get_config_descriptor_by_value(libusb_device *dev, uint8_t value,
						      struct libusb_config_descriptor **ret)
{
	return value == 1 ? libusb_get_config_descriptor(dev, 0, ret) : LIBUSB_ERROR_NOT_FOUND;
}

void LIBUSB_CALL libusb_free_config_descriptor(struct libusb_config_descriptor *c)
{
	uint8_t i;

	if (!c)
		return;
	for (i = 0; i < c->bNumInterfaces; i++)
		if (c->interface[i].altsetting) {
			free((void *)c->interface[i].altsetting->endpoint);
			free((void *)c->interface[i].altsetting);
		}
	free((void *)c->interface);
	free(c);
}

int LIBUSB_CALL libusb_get_max_packet_size(libusb_device *dev, unsigned char endpoint)
{
	struct libusb_config_descriptor *c;
	int rc = libusb_get_config_descriptor(dev, 0, &c), size = LIBUSB_ERROR_NOT_FOUND;
	uint8_t i, k;

	if (rc)
		return rc;
	for (i = 0; i < c->bNumInterfaces; i++) {
		const struct libusb_interface_descriptor *alt = c->interface[i].altsetting;

		for (k = 0; alt && k < alt->bNumEndpoints; k++)
			if (alt->endpoint[k].bEndpointAddress == endpoint)
				size = alt->endpoint[k].wMaxPacketSize;
	}
	libusb_free_config_descriptor(c);
	return size;
}

int LIBUSB_CALL libusb_get_max_iso_packet_size(libusb_device *dev, unsigned char endpoint)
{
	return libusb_get_max_packet_size(dev, endpoint);
}

int LIBUSB_CALL libusb_get_configuration(libusb_device_handle *handle, int *ret)
{
	uint8_t value = 0;
	int rc = libusb_control_transfer(handle, 0x80, LIBUSB_REQUEST_GET_CONFIGURATION, 0, 0,
					 &value, 1, 1000);

	if (rc < 0)
		return rc;
	*ret = value;
	return 0;
}

int LIBUSB_CALL libusb_set_configuration(libusb_device_handle *handle, int configuration)
{
	int rc = libusb_control_transfer(handle, 0, LIBUSB_REQUEST_SET_CONFIGURATION,
					 (uint16_t)configuration, 0, NULL, 0, 1000);

	return rc < 0 ? rc : 0;
}

int LIBUSB_CALL libusb_set_interface_alt_setting(libusb_device_handle *handle, int number, int alt)
{
	int rc = libusb_control_transfer(handle, 1, LIBUSB_REQUEST_SET_INTERFACE, (uint16_t)alt,
					 (uint16_t)number, NULL, 0, 1000);

	return rc < 0 ? rc : 0;
}

int LIBUSB_CALL libusb_get_string_descriptor_ascii(libusb_device_handle *handle, uint8_t index,
						   unsigned char *ret, int size)
{
	unsigned char d[255];
	int len, i, n = 0;

	if (!index || size < 1)
		return LIBUSB_ERROR_INVALID_PARAM;
	len = libusb_get_string_descriptor(handle, 0, 0, d, sizeof(d));
	if (len < 4)
		return len < 0 ? len : LIBUSB_ERROR_IO;
	len = libusb_get_string_descriptor(handle, index, (uint16_t)(d[2] | d[3] << 8), d,
					   sizeof(d));
	if (len < 0)
		return len;
	if (len < 2 || d[1] != LIBUSB_DT_STRING || d[0] > len)
		return LIBUSB_ERROR_IO;
	for (i = 2; i + 1 < d[0] && n < size - 1; i += 2)
		ret[n++] = d[i] & 0x80 || d[i + 1] ? '?' : d[i];
	ret[n] = '\0';
	return n;
}
