/* The table of USB product ids, searchable. */
#include "probe/usb_ids.h"

const struct usb_id usb_ids[] = {
#define USB_ID(pid, generation, kind, ...) { pid, STLINK_##generation, USB_ID_##kind, __VA_ARGS__ },
#include "probe/usb_ids.def"
#undef USB_ID
};

const size_t usb_ids_len = sizeof(usb_ids) / sizeof(usb_ids[0]);

const struct usb_id *usb_id_find(uint16_t vid, uint16_t pid)
{
	if (vid != USB_VID_ST)
		return NULL;
	for (size_t i = 0; i < usb_ids_len; i++) {
		if (usb_ids[i].pid == pid)
			return &usb_ids[i];
	}
	return NULL;
}

const char *stlink_generation_name(enum stlink_generation g)
{
	static const char *const names[STLINK_GENERATIONS] = {
		[STLINK_UNKNOWN] = "unknown", [STLINK_V1] = "V1", [STLINK_V2] = "V2",
		[STLINK_V2_1] = "V2-1",	      [STLINK_V3] = "V3", [STLINK_V3P] = "V3PWR",
	};

	return g < STLINK_GENERATIONS ? names[g] : "unknown";
}
