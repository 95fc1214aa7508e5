/* Names and sentences for error numbers, and the version. */
#include "probe/sim/libusb/usb.h"

static const struct {
	int code;
	const char *name, *text;
} words[] = {
	{ LIBUSB_SUCCESS, "LIBUSB_SUCCESS / LIBUSB_TRANSFER_COMPLETED", "Success" },
	{ LIBUSB_ERROR_IO, "LIBUSB_ERROR_IO", "Input/Output Error" },
	{ LIBUSB_ERROR_INVALID_PARAM, "LIBUSB_ERROR_INVALID_PARAM", "Invalid parameter" },
	{ LIBUSB_ERROR_ACCESS, "LIBUSB_ERROR_ACCESS", "Access denied (insufficient permissions)" },
	{ LIBUSB_ERROR_NO_DEVICE, "LIBUSB_ERROR_NO_DEVICE",
	  "No such device (it may have been disconnected)" },
	{ LIBUSB_ERROR_NOT_FOUND, "LIBUSB_ERROR_NOT_FOUND", "Entity not found" },
	{ LIBUSB_ERROR_BUSY, "LIBUSB_ERROR_BUSY", "Resource busy" },
	{ LIBUSB_ERROR_TIMEOUT, "LIBUSB_ERROR_TIMEOUT", "Operation timed out" },
	{ LIBUSB_ERROR_OVERFLOW, "LIBUSB_ERROR_OVERFLOW", "Overflow" },
	{ LIBUSB_ERROR_PIPE, "LIBUSB_ERROR_PIPE", "Pipe error" },
	{ LIBUSB_ERROR_INTERRUPTED, "LIBUSB_ERROR_INTERRUPTED",
	  "System call interrupted (perhaps due to signal)" },
	{ LIBUSB_ERROR_NO_MEM, "LIBUSB_ERROR_NO_MEM", "Insufficient memory" },
	{ LIBUSB_ERROR_NOT_SUPPORTED, "LIBUSB_ERROR_NOT_SUPPORTED",
	  "Operation not supported or unimplemented on this platform" },
	{ LIBUSB_ERROR_OTHER, "LIBUSB_ERROR_OTHER", "Other error" },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

const char *LIBUSB_CALL libusb_error_name(int code)
{
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (words[i].code == code)
			return words[i].name;
	return "**UNKNOWN**";
}

const char *LIBUSB_CALL libusb_strerror(int code)
{
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (words[i].code == code)
			return words[i].text;
	return "Other error";
}

int LIBUSB_CALL libusb_setlocale(const char *locale)
{
	return locale && locale[0] ? 0 : LIBUSB_ERROR_INVALID_PARAM;
}

const struct libusb_version *LIBUSB_CALL libusb_get_version(void)
{
	static const struct libusb_version version = {
		.major = 1, .minor = 0, .micro = 26, .nano = 11724, .rc = "", .describe = "swdoctor"
	};

	return &version;
}
