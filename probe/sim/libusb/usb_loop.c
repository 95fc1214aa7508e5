/* For programs with an event loop of their own: what to wait for, and who of several threads does.
 */
#include "probe/sim/libusb/usb.h"

#include <stdlib.h>
#include <sys/time.h>

int LIBUSB_CALL libusb_get_next_timeout(libusb_context *given, struct timeval *tv)
{
	libusb_context *ctx = usb_context(given);
	uint64_t first = 0, now;
	struct pending *p;

	if (!ctx)
		return LIBUSB_ERROR_INVALID_PARAM;
	pthread_mutex_lock(&ctx->lock);
	now = usb_link_now(ctx);
	for (p = ctx->waiting; p; p = p->next)
		if (p->deadline_ns && (!first || p->deadline_ns < first))
			first = p->deadline_ns;
	pthread_mutex_unlock(&ctx->lock);
	if (!first)
		return 0;
	first = first > now ? first - now : 0;
	tv->tv_sec = (time_t)(first / (1000 * NS_PER_MS));
	tv->tv_usec = (suseconds_t)(first / 1000 % 1000000);
	return 1;
}

const struct libusb_pollfd **LIBUSB_CALL libusb_get_pollfds(libusb_context *given)
{
	libusb_context *ctx = usb_context(given);
	struct {
		const struct libusb_pollfd *list[2];
		struct libusb_pollfd fd;
	} * all;

	if (!ctx)
		return NULL;
	all = calloc(1, sizeof(*all));
	if (!all)
		return NULL;
	all->fd = (struct libusb_pollfd){ .fd = ctx->event_fd, .events = 1 };
	all->list[0] = &all->fd;
	return all->list;
}

void LIBUSB_CALL libusb_free_pollfds(const struct libusb_pollfd **list)
{
	free(list);
}

void LIBUSB_CALL libusb_set_pollfd_notifiers(libusb_context *ctx, libusb_pollfd_added_cb added,
					     libusb_pollfd_removed_cb removed, void *user)
{
	(void)ctx, (void)added, (void)removed, (void)user; /* the list never changes */
}

int LIBUSB_CALL libusb_pollfds_handle_timeouts(libusb_context *ctx)
{
	(void)ctx;
	return 0;
}

/* ---- who handles events ---- */

int LIBUSB_CALL libusb_try_lock_events(libusb_context *ctx)
{
	return pthread_mutex_trylock(&usb_context(ctx)->event_lock) != 0;
}

void LIBUSB_CALL libusb_lock_events(libusb_context *ctx)
{
	pthread_mutex_lock(&usb_context(ctx)->event_lock);
}

void LIBUSB_CALL libusb_unlock_events(libusb_context *ctx)
{
	pthread_mutex_unlock(&usb_context(ctx)->event_lock);
}

int LIBUSB_CALL libusb_event_handling_ok(libusb_context *ctx)
{
	(void)ctx;
	return 1;
}

int LIBUSB_CALL libusb_event_handler_active(libusb_context *ctx)
{
	return usb_context(ctx)->handling;
}

void LIBUSB_CALL libusb_interrupt_event_handler(libusb_context *ctx)
{
	(void)ctx; /* no handler of ours waits for long */
}

void LIBUSB_CALL libusb_lock_event_waiters(libusb_context *ctx)
{
	pthread_mutex_lock(&usb_context(ctx)->lock);
}

void LIBUSB_CALL libusb_unlock_event_waiters(libusb_context *ctx)
{
	pthread_mutex_unlock(&usb_context(ctx)->lock);
}

int LIBUSB_CALL libusb_wait_for_event(libusb_context *ctx, struct timeval *tv)
{
	(void)ctx, (void)tv;
	return 0;
}
