/*
 * The transfers of one ST-LINK, put together to transactions and written into a trace. The trace is
 * named by SWDOCTOR_TRACE_FILE; a second probe, or a second process at the same time, writes into
 * NAME.2 and so on. What is written down never delays or changes a transfer, and failing to write
 * is told once, on standard error.
 */
#ifndef SWDOCTOR_PRELOAD_RECORDER_H
#define SWDOCTOR_PRELOAD_RECORDER_H

#include <stddef.h>
#include <stdint.h>

struct recorder_device {
	uint16_t vid, pid;
	uint8_t bus, address;
	uint8_t n_ports, ports[7];
};

struct recorder;

/* The one of this device, made at the first call; NULL if it is no ST-LINK that we know how to
 * read, or if nothing is to be recorded. It lives as long as the process. */
struct recorder *recorder_of(const struct recorder_device *dev);

/* A bulk transfer begins ... */
void recorder_begin(struct recorder *r, uint8_t ep, uint8_t *bytes, size_t len);
/* ... and has ended: bytes moved, libusb's code. called_back: nobody waits for it any more. */
void recorder_end(struct recorder *r, uint8_t ep, uint8_t *bytes, size_t len, size_t got, int code,
		  int called_back);
/* Something that is no transfer: "reset". */
void recorder_mark(struct recorder *r, const char *text);

#endif
