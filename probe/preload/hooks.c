/* The functions of libusb in which bytes move: handed on, and recorded. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "probe/preload/real.h"
#include "probe/preload/recorder.h"

#define HANDLES_MAX 32

struct known {
	libusb_device_handle *handle;
	struct recorder *recorder; /* NULL: not one of ours */
};

static struct known handles[HANDLES_MAX];
static pthread_mutex_t handles_mutex = PTHREAD_MUTEX_INITIALIZER;

/* The real library's blocking calls use its own transfers: they are not to be counted twice. */
static __thread bool in_blocking_call;

static struct recorder *find_out(libusb_device_handle *handle)
{
	libusb_device *dev = REAL(libusb_get_device)(handle);
	struct libusb_device_descriptor d;
	struct recorder_device rd = { 0 };
	int n;

	if (!dev || REAL(libusb_get_device_descriptor)(dev, &d))
		return NULL;
	rd.vid = d.idVendor;
	rd.pid = d.idProduct;
	rd.bus = REAL(libusb_get_bus_number)(dev);
	rd.address = REAL(libusb_get_device_address)(dev);
	n = REAL(libusb_get_port_numbers)(dev, rd.ports, sizeof(rd.ports));
	rd.n_ports = (uint8_t)(n > 0 ? n : 0);
	return recorder_of(&rd);
}

static struct recorder *recorder_of_handle(libusb_device_handle *handle)
{
	struct known *slot = NULL;
	struct recorder *r = NULL;

	pthread_mutex_lock(&handles_mutex);
	for (int i = 0; i < HANDLES_MAX; i++) {
		if (handles[i].handle == handle) {
			slot = &handles[i];
			break;
		}
		if (!handles[i].handle && !slot)
			slot = &handles[i];
	}
	if (slot && slot->handle != handle)
		*slot = (struct known){ handle, find_out(handle) };
	if (slot)
		r = slot->recorder;
	pthread_mutex_unlock(&handles_mutex);
	return r;
}

EXPORTED void LIBUSB_CALL libusb_close(libusb_device_handle *handle)
{
	pthread_mutex_lock(&handles_mutex);
	for (int i = 0; i < HANDLES_MAX; i++) {
		if (handles[i].handle == handle)
			handles[i].handle = NULL;
	}
	pthread_mutex_unlock(&handles_mutex);
	REAL(libusb_close)(handle);
}

/* ---- blocking ---- */

static int blocking(__typeof__(libusb_bulk_transfer) *real, libusb_device_handle *handle,
		    unsigned char ep, unsigned char *data, int length, int *ret_moved,
		    unsigned int timeout)
{
	struct recorder *r = recorder_of_handle(handle);
	int moved = 0, rc;

	if (!r || length < 0)
		return real(handle, ep, data, length, ret_moved, timeout);
	recorder_begin(r, ep, data, (size_t)length);
	in_blocking_call = true;
	rc = real(handle, ep, data, length, &moved, timeout);
	in_blocking_call = false;
	recorder_end(r, ep, data, (size_t)length, (size_t)moved, rc, 0);
	if (ret_moved)
		*ret_moved = moved;
	return rc;
}

EXPORTED int LIBUSB_CALL libusb_bulk_transfer(libusb_device_handle *dev_handle,
					      unsigned char endpoint, unsigned char *data,
					      int length, int *actual_length, unsigned int timeout)
{
	return blocking(REAL(libusb_bulk_transfer), dev_handle, endpoint, data, length,
			actual_length, timeout);
}

/* libusb does not mind which of the two is used for a bulk endpoint, so some programs do not
 * either. */
EXPORTED int LIBUSB_CALL libusb_interrupt_transfer(libusb_device_handle *dev_handle,
						   unsigned char endpoint, unsigned char *data,
						   int length, int *actual_length,
						   unsigned int timeout)
{
	return blocking(REAL(libusb_interrupt_transfer), dev_handle, endpoint, data, length,
			actual_length, timeout);
}

/* ---- not blocking ---- */

/*
 * Our callback takes the place of the program's while a transfer is under way. Its user data stays:
 * some programs (OpenOCD) look at it while they wait.
 */
struct flight {
	struct flight *next;
	struct libusb_transfer *transfer;
	struct recorder *recorder;
	libusb_transfer_cb_fn callback;
};

static struct flight *flights; /* a handful at most */
static pthread_mutex_t flights_mutex = PTHREAD_MUTEX_INITIALIZER;

static void add_flight(struct flight *f)
{
	pthread_mutex_lock(&flights_mutex);
	f->next = flights;
	flights = f;
	pthread_mutex_unlock(&flights_mutex);
}

/* NULL if it is none of ours. */
static struct flight *take_flight(const struct libusb_transfer *t)
{
	struct flight **at, *f;

	pthread_mutex_lock(&flights_mutex);
	for (at = &flights; *at && (*at)->transfer != t; at = &(*at)->next)
		;
	f = *at;
	if (f)
		*at = f->next;
	pthread_mutex_unlock(&flights_mutex);
	return f;
}

static int code_of(enum libusb_transfer_status status)
{
	static const int codes[] = {
		[LIBUSB_TRANSFER_COMPLETED] = 0,
		[LIBUSB_TRANSFER_ERROR] = LIBUSB_ERROR_IO,
		[LIBUSB_TRANSFER_TIMED_OUT] = LIBUSB_ERROR_TIMEOUT,
		[LIBUSB_TRANSFER_CANCELLED] = LIBUSB_ERROR_TIMEOUT,
		[LIBUSB_TRANSFER_STALL] = LIBUSB_ERROR_PIPE,
		[LIBUSB_TRANSFER_NO_DEVICE] = LIBUSB_ERROR_NO_DEVICE,
		[LIBUSB_TRANSFER_OVERFLOW] = LIBUSB_ERROR_OVERFLOW,
	};

	return (size_t)status < sizeof(codes) / sizeof(codes[0]) ? codes[status]
								 : LIBUSB_ERROR_OTHER;
}

static void land(struct libusb_transfer *t, int code)
{
	struct flight *f = take_flight(t);

	if (!f)
		return;
	t->callback = f->callback;
	recorder_end(f->recorder, t->endpoint, t->buffer, (size_t)t->length,
		     (size_t)t->actual_length, code, t->status == LIBUSB_TRANSFER_CANCELLED);
	free(f);
}

static void LIBUSB_CALL landed(struct libusb_transfer *t)
{
	land(t, code_of(t->status));
	if (t->callback && t->callback != landed)
		t->callback(t);
}

EXPORTED int LIBUSB_CALL libusb_submit_transfer(struct libusb_transfer *transfer)
{
	struct recorder *r = NULL;
	struct flight *f = NULL;
	int rc;

	if (!in_blocking_call && transfer->type == LIBUSB_TRANSFER_TYPE_BULK)
		r = recorder_of_handle(transfer->dev_handle);
	if (r)
		f = malloc(sizeof(*f));
	if (!f)
		return REAL(libusb_submit_transfer)(transfer);
	*f = (struct flight){ .transfer = transfer, .recorder = r, .callback = transfer->callback };
	add_flight(f);
	transfer->callback = landed;
	recorder_begin(r, transfer->endpoint, transfer->buffer, (size_t)transfer->length);
	rc = REAL(libusb_submit_transfer)(transfer);
	if (rc) {
		transfer->actual_length = 0;
		transfer->status = LIBUSB_TRANSFER_ERROR;
		land(transfer, rc);
	}
	return rc;
}

/* One that is freed while under way never lands, and its address may come again. */
EXPORTED void LIBUSB_CALL libusb_free_transfer(struct libusb_transfer *transfer)
{
	free(transfer ? take_flight(transfer) : NULL);
	REAL(libusb_free_transfer)(transfer);
}

/* ---- what changes the state of the pipes ---- */

static void mark(libusb_device_handle *handle, const char *text)
{
	struct recorder *r = recorder_of_handle(handle);

	if (r)
		recorder_mark(r, text);
}

EXPORTED int LIBUSB_CALL libusb_reset_device(libusb_device_handle *dev_handle)
{
	mark(dev_handle, "the program resets the probe");
	return REAL(libusb_reset_device)(dev_handle);
}

EXPORTED int LIBUSB_CALL libusb_clear_halt(libusb_device_handle *dev_handle, unsigned char endpoint)
{
	mark(dev_handle, "the program clears a halt");
	return REAL(libusb_clear_halt)(dev_handle, endpoint);
}
