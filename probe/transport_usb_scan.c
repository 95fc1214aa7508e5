/* Looking around on the bus: see transport_usb.h. */
#include "probe/transport_usb_scan.h"

#include <dlfcn.h>
#include <stdio.h>

int usb_err(struct err *e, enum err_code code, int native, const char *doing)
{
	return err_set_native(e, code, native, "%s: %s", doing, libusb_error_name(native));
}

static unsigned speed_kbps(libusb_device *dev)
{
	switch ((enum libusb_speed)libusb_get_device_speed(dev)) {
	case LIBUSB_SPEED_LOW:
		return 1500;
	case LIBUSB_SPEED_FULL:
		return 12000;
	case LIBUSB_SPEED_HIGH:
		return 480000;
	case LIBUSB_SPEED_SUPER:
		return 5000000;
	case LIBUSB_SPEED_SUPER_PLUS:
		return 10000000;
	case LIBUSB_SPEED_UNKNOWN:
		break;
	}
	return 0;
}

/* False if it is not ST's or does not tell its descriptor. */
static bool describe(libusb_device *dev, struct usb_device *ret)
{
	struct libusb_device_descriptor d;
	int n;

	if (libusb_get_device_descriptor(dev, &d) || d.idVendor != USB_VID_ST)
		return false;
	*ret = (struct usb_device){
		.vid = d.idVendor,
		.pid = d.idProduct,
		.address = libusb_get_device_address(dev),
		.has_serial = d.iSerialNumber,
		.speed_kbps = speed_kbps(dev),
		.place.bus = libusb_get_bus_number(dev),
	};
	n = libusb_get_port_numbers(dev, ret->place.ports, USB_PORTS_MAX);
	ret->place.n_ports = (uint8_t)(n > 0 ? n : 0);
	return true;
}

int transport_usb_scan(void (*found)(void *user, const struct usb_device *dev), void *user,
		       struct err *e)
{
	libusb_context *ctx;
	libusb_device **list;
	ssize_t n;
	int rc = libusb_init(&ctx);

	if (rc)
		return usb_err(e, ERR_USB, rc, "starting libusb");
	n = libusb_get_device_list(ctx, &list);
	for (ssize_t i = 0; i < n; i++) {
		struct usb_device d;

		if (describe(list[i], &d))
			found(user, &d);
	}
	if (n >= 0)
		libusb_free_device_list(list, 1);
	libusb_exit(ctx);
	return n < 0 ? usb_err(e, ERR_USB, (int)n, "listing USB devices") : 0;
}

libusb_device *usb_find(libusb_context *ctx, const struct usb_place *place, uint8_t address,
			struct usb_device *ret)
{
	libusb_device **list, *dev = NULL;
	ssize_t n = libusb_get_device_list(ctx, &list);

	for (ssize_t i = 0; i < n && !dev; i++) {
		if (describe(list[i], ret) && usb_place_equal(&ret->place, place) &&
		    (!address || ret->address == address))
			dev = libusb_ref_device(list[i]);
	}
	if (n >= 0)
		libusb_free_device_list(list, 1);
	return dev;
}

int usb_open_err(struct err *e, const struct usb_device *d, int native)
{
	enum err_code code = native == LIBUSB_ERROR_ACCESS	? ERR_DENIED
			     : native == LIBUSB_ERROR_NO_DEVICE ? ERR_GONE
			     : native == LIBUSB_ERROR_BUSY	? ERR_BUSY
								: ERR_USB;

	return err_set_native(e, code, native, "opening /dev/bus/usb/%03u/%03u (%04x:%04x): %s",
			      d->place.bus, d->address, d->vid, d->pid, libusb_error_name(native));
}

static int read_serial(libusb_device_handle *dev, struct usb_serial *ret)
{
	struct libusb_device_descriptor d;
	uint8_t raw[256];
	uint16_t units[USB_SERIAL_UNITS_MAX];
	size_t n;
	int rc = libusb_get_device_descriptor(libusb_get_device(dev), &d);

	if (rc)
		return rc;
	rc = libusb_get_string_descriptor(dev, 0, 0, raw, sizeof(raw));
	if (rc >= 4)
		rc = libusb_get_string_descriptor(
			dev, d.iSerialNumber, (uint16_t)(raw[2] | raw[3] << 8), raw, sizeof(raw));
	if (rc < 0)
		return rc;
	n = rc >= 2 && raw[0] <= rc ? (raw[0] - 2u) / 2 : 0;
	for (size_t i = 0; i < n; i++)
		units[i] = (uint16_t)(raw[2 + 2 * i] | raw[3 + 2 * i] << 8);
	usb_serial_from_units(units, n, ret);
	return 0;
}

int transport_usb_serial(const struct usb_device *dev, struct usb_serial *ret, struct err *e)
{
	libusb_context *ctx;
	libusb_device_handle *handle = NULL;
	libusb_device *found;
	struct usb_device d;
	int rc = libusb_init(&ctx);

	if (rc)
		return usb_err(e, ERR_USB, rc, "starting libusb");
	found = usb_find(ctx, &dev->place, dev->address, &d);
	rc = found ? libusb_open(found, &handle) : LIBUSB_ERROR_NO_DEVICE;
	if (rc) {
		rc = usb_open_err(e, dev, rc);
	} else {
		rc = read_serial(handle, ret);
		if (rc)
			rc = usb_err(e, ERR_USB, rc, "reading the serial number");
	}
	if (handle)
		libusb_close(handle);
	if (found)
		libusb_unref_device(found);
	libusb_exit(ctx);
	return rc;
}

const char *transport_usb_library(void)
{
	Dl_info info;

	return dladdr((const void *)(uintptr_t)libusb_init, &info) ? info.dli_fname : NULL;
}

void transport_usb_version(char ret[USB_VERSION_TEXT_MAX])
{
	const struct libusb_version *v = libusb_get_version();

	snprintf(ret, USB_VERSION_TEXT_MAX, "%u.%u.%u", v->major, v->minor, v->micro);
}
