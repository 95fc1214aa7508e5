/*
 * A program that talks to an ST-LINK by libusb as other tools do, for tests of what stands between
 *them:
 *
 *	usb_peer sync|async N    N times version, a write of 64 bytes and its status
 *
 * async submits command and data together and looks at its transfers' user data while it waits, as
 * OpenOCD does; sync uses blocking calls, as st-flash does. Prints what a transaction took on
 *average.
 */
#include <libusb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct peer {
	libusb_context *ctx;
	libusb_device_handle *dev;
	bool async;
	unsigned failures;
};

static void LIBUSB_CALL completed(struct libusb_transfer *t)
{
	*(int *)t->user_data = 1;
}

static int wait_for(struct peer *p, struct libusb_transfer *t)
{
	int *done = t->user_data;

	while (!*done) {
		if (libusb_handle_events_completed(p->ctx, done))
			return LIBUSB_ERROR_OTHER;
	}
	return t->status == LIBUSB_TRANSFER_COMPLETED ? t->actual_length : LIBUSB_ERROR_IO;
}

static int both(struct peer *p, uint8_t *cmd, uint8_t ep, uint8_t *data, int len)
{
	struct libusb_transfer *a = libusb_alloc_transfer(0), *b = libusb_alloc_transfer(0);
	int done[2] = { 0 }, rc;

	libusb_fill_bulk_transfer(a, p->dev, 2, cmd, 16, completed, &done[0], 1000);
	libusb_fill_bulk_transfer(b, p->dev, ep, data, len, completed, &done[1], 1000);
	rc = libusb_submit_transfer(a) || libusb_submit_transfer(b) ? LIBUSB_ERROR_IO : 0;
	if (!rc)
		rc = wait_for(p, a);
	if (rc >= 0)
		rc = wait_for(p, b);
	libusb_free_transfer(a);
	libusb_free_transfer(b);
	return rc;
}

static int one_by_one(struct peer *p, uint8_t *cmd, uint8_t ep, uint8_t *data, int len)
{
	int moved = 0, rc = libusb_bulk_transfer(p->dev, 2, cmd, 16, &moved, 1000);

	if (!rc)
		rc = libusb_bulk_transfer(p->dev, ep, data, len, &moved, 1000);
	return rc ? rc : moved;
}

static void say(struct peer *p, const char *cmd, size_t cmd_len, uint8_t ep, void *data, int len)
{
	uint8_t bytes[16] = { 0 };
	int got;

	memcpy(bytes, cmd, cmd_len);
	got = p->async ? both(p, bytes, ep, data, len) : one_by_one(p, bytes, ep, data, len);
	p->failures += got != len;
}

static bool open_probe(struct peer *p)
{
	libusb_device **list;
	ssize_t n;

	if (libusb_init(&p->ctx))
		return false;
	n = libusb_get_device_list(p->ctx, &list);
	for (ssize_t i = 0; i < n && !p->dev; i++) {
		struct libusb_device_descriptor d;

		if (!libusb_get_device_descriptor(list[i], &d) && d.idVendor == 0x0483)
			libusb_open(list[i], &p->dev);
	}
	if (n >= 0)
		libusb_free_device_list(list, 1);
	return p->dev && !libusb_claim_interface(p->dev, 0);
}

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	struct peer p = { .async = argc > 1 && !strcmp(argv[1], "async") };
	long n = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	uint8_t data[64] = { 1, 2, 3 }, reply[16];
	double begin;

	if (!open_probe(&p)) {
		fprintf(stderr, "usb_peer: no probe\n");
		return 1;
	}
	begin = cpu_us();
	for (long i = 0; i < n; i++) {
		say(&p, "\xf1", 1, 0x81, reply, 6);
		say(&p, "\xf2\x08\0\0\0\x20\x40", 7, 2, data, sizeof(data));
		say(&p, "\xf2\x3e", 2, 0x81, reply, 12);
	}
	printf("%.3f us of CPU a transaction, %u of %ld failed\n",
	       (cpu_us() - begin) / (double)(3 * n), p.failures, 3 * n);
	libusb_release_interface(p.dev, 0);
	libusb_close(p.dev);
	libusb_exit(p.ctx);
	return p.failures != 0;
}
