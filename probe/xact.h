/*
 * A transaction: one command to the probe with its data, its outcome and its times. Everything
 * that crosses the USB cable to an ST-LINK is one of these; the trace is a list of them.
 *
 * An ST-LINK command is a bulk OUT of 16 bytes (V1: wrapped in a SCSI command block), followed by
 * at most one data stage: IN (the reply) or OUT (the data to be written). Traces read from SWO are
 * IN transfers on an endpoint of their own, without a command (cmd_len 0).
 */
#ifndef SWDOCTOR_XACT_H
#define SWDOCTOR_XACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define XACT_CMD_MAX 16

enum xact_dir { XACT_NONE, XACT_IN, XACT_OUT };

enum xact_outcome {
	XACT_OK, /* the cable did its part; what the probe answered is in the data */
	XACT_TIMEOUT,
	XACT_STALL,
	XACT_SHORT,	/* fewer bytes than wanted came, and the transport took it for an error */
	XACT_GONE,	/* the probe left the bus */
	XACT_USB_ERROR, /* any other transfer error, see native */
	XACT_UNKNOWN,	/* a capture that does not hold the end of the transaction */
	XACT_OUTCOMES
};

struct xact {
	uint8_t cmd[XACT_CMD_MAX];
	size_t cmd_len;
	enum xact_dir dir;
	uint8_t *data; /* lent: room for want bytes (IN) or the bytes to send (OUT) */
	size_t want;   /* bytes to receive or send in the data stage */
	uint8_t ep;    /* endpoint of the data stage; 0: the ordinary one (SWO's if cmd_len is 0) */
	unsigned timeout_ms;
	/* filled by the transport */
	size_t got; /* bytes that came or went in the data stage */
	enum xact_outcome outcome;
	bool cut;   /* the capture holds only the beginning of its command or of its data */
	int native; /* the number underneath: libusb code, or URB status (-errno) in a capture */
	uint64_t at_us;	  /* when the command was submitted */
	uint64_t took_us; /* until the last stage completed */
};

const char *xact_outcome_name(enum xact_outcome o); /* "timeout" */

#endif
