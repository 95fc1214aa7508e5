/* Finding the real libusb, and every function that is handed on unseen. */
#include "probe/preload/real.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIBRARY_VARIABLE "SWDOCTOR_TRACE_LIBUSB"
#define LIBRARY_DEFAULT	 "/usr/lib/libusb-1.0.so.0"

static const char *const names[REAL_FUNCTIONS] = {
#define FORWARD(type, name, params, args) #name,
#define FORWARD_VOID(name, params, args)  #name,
#define HOOKED(name)			  #name,
#include "probe/preload/functions.def"
#undef FORWARD
#undef FORWARD_VOID
#undef HOOKED
};

static void *addresses[REAL_FUNCTIONS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void say(const char *text)
{
	if (write(2, text, strlen(text)) < 0)
		return;
}

static void __attribute__((noreturn)) give_up(const char *why)
{
	say("swdoctor: cannot record: no libusb to hand calls on to: ");
	say(why ? why : LIBRARY_VARIABLE);
	say("\n");
	_exit(127);
}

/*
 * By its path, as a search by name would find ourselves. The library's calls of its own functions
 * come back to us and are handed on again: RTLD_DEEPBIND would prevent that, and also hide from the
 * library whatever else was preloaded.
 */
static void look_up(void)
{
	const char *path = getenv(LIBRARY_VARIABLE);
	void *library = dlopen(path ? path : LIBRARY_DEFAULT, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		give_up(dlerror());
	for (int i = 0; i < REAL_FUNCTIONS; i++)
		addresses[i] = dlsym(library, names[i]);
	if (addresses[REAL_libusb_init] == (void *)libusb_init)
		give_up("it is this library itself");
}

void *real_address(enum real_id id)
{
	pthread_once(&once, look_up);
	if (!addresses[id])
		give_up(names[id]); /* an older one than the program was built for */
	return addresses[id];
}

#define FORWARD(type, name, params, args)                                                          \
	EXPORTED type LIBUSB_CALL name params                                                      \
	{                                                                                          \
		return REAL(name) args;                                                            \
	}
#define FORWARD_VOID(name, params, args)                                                           \
	EXPORTED void LIBUSB_CALL name params                                                      \
	{                                                                                          \
		REAL(name) args;                                                                   \
	}
#define HOOKED(name)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include "probe/preload/functions.def"
#pragma GCC diagnostic pop
#undef FORWARD
#undef FORWARD_VOID
#undef HOOKED

/* Only the log level has an argument, in every version so far a number. */
EXPORTED int LIBUSB_CALL libusb_set_option(libusb_context *ctx, enum libusb_option option, ...)
{
	int level;
	va_list ap;

	if (option != LIBUSB_OPTION_LOG_LEVEL)
		return REAL(libusb_set_option)(ctx, option);
	va_start(ap, option);
	level = va_arg(ap, int);
	va_end(ap);
	return REAL(libusb_set_option)(ctx, option, level);
}
