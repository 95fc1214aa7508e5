/* Names of the outcomes of a transaction. */
#include "probe/xact.h"

static const char *const names[XACT_OUTCOMES] = {
	[XACT_OK] = "ok",	    [XACT_TIMEOUT] = "timeout", [XACT_STALL] = "stall",
	[XACT_SHORT] = "short",	    [XACT_GONE] = "gone",	[XACT_USB_ERROR] = "usb error",
	[XACT_UNKNOWN] = "unknown",
};

const char *xact_outcome_name(enum xact_outcome o)
{
	return o < XACT_OUTCOMES ? names[o] : "unknown";
}
