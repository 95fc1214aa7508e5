/*
 * The libusb that calls are handed on to. Only for the pass-through library, which stands between a
 * program and its libusb and therefore is one for the whole process: it alone may keep what it
 * knows in static variables.
 */
#ifndef SWDOCTOR_PRELOAD_REAL_H
#define SWDOCTOR_PRELOAD_REAL_H

#include <libusb.h>

enum real_id {
#define FORWARD(type, name, params, args) REAL_##name,
#define FORWARD_VOID(name, params, args)  REAL_##name,
#define HOOKED(name)			  REAL_##name,
#include "probe/preload/functions.def"
#undef FORWARD
#undef FORWARD_VOID
#undef HOOKED
	REAL_FUNCTIONS
};

/* The function's address; looks the library up at the first call. Ends the process if there is
 * none. */
void *real_address(enum real_id id);

#define REAL(name) ((__typeof__(name) *)real_address(REAL_##name))
#define EXPORTED   __attribute__((visibility("default")))

#endif
