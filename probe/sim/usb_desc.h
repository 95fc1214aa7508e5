/* The USB descriptors of a probe, as bytes. */
#ifndef SWDOCTOR_SIM_USB_DESC_H
#define SWDOCTOR_SIM_USB_DESC_H

#include "probe/sim/probe_row.h"

#define USB_DESC_MAX   256
#define USB_SERIAL_MAX 25

enum usb_desc_type { USB_DESC_DEVICE = 1, USB_DESC_CONFIG = 2, USB_DESC_STRING = 3 };

/* Fills `ret` (USB_DESC_MAX bytes) and returns the length; 0: there is no such descriptor. */
size_t usb_desc_get(const struct probe_row *row, const char *serial, uint8_t type, uint8_t index,
		    uint8_t *ret);

#endif
