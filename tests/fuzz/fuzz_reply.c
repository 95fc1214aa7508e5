/*
 * Any bytes as a talk with a probe: transactions of any command, reply and outcome, decoded, put
 * into words and into events. Each begins with four bytes: command family and code, outcome and
 * direction, length of the arguments, length of the data.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/usb/decode.h"
#include "probe/stlink_say.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The next transaction; data points to a copy of the exact length, so that a sanitizer sees more.
 */
static size_t next(const uint8_t *bytes, size_t n, struct xact *x)
{
	size_t arguments, got, at = 4;

	memset(x, 0, sizeof(*x));
	if (n < at)
		return 0;
	x->cmd_len = bytes[0] == 0 ? 0 : XACT_CMD_MAX;
	if (x->cmd_len && bytes[0] < STLINK_CMDS + 1)
		memcpy(x->cmd, stlink_cmd_rows[bytes[0] - 1].bytes,
		       stlink_cmd_rows[bytes[0] - 1].len);
	else
		memcpy(x->cmd, bytes, 2);
	x->outcome = (bytes[1] & 0xf) % XACT_OUTCOMES;
	x->dir = (bytes[1] >> 4) % 3;
	x->ep = bytes[1] & 0x80 ? 0x81 : 0;
	arguments = bytes[2] % 15;
	got = bytes[3];
	if (arguments > n - at)
		arguments = n - at;
	memcpy(x->cmd + 2, bytes + at, arguments);
	at += arguments;
	if (got > n - at)
		got = n - at;
	x->got = x->want = got;
	x->data = malloc(got ? got : 1);
	if (got)
		memcpy(x->data, bytes + at, got);
	return at + got;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct events *ev = events_new();
	struct decode *d = decode_new(ev);
	struct stlink_decoder *decoder = malloc(sizeof(*decoder));
	uint64_t number = 0;
	struct buf text;
	struct xact x;
	size_t used;

	buf_init(&text);
	stlink_decoder_init(decoder);
	while (number < 2000 && (used = next(bytes, n, &x)) > 0) {
		struct stlink_said said;

		stlink_decode(decoder, &x, ++number, &said);
		buf_clear(&text);
		stlink_say_all(&text, &said, &x);
		decode_xact(d, &x, &said, number);
		free(x.data);
		bytes += used;
		n -= used;
	}
	decode_end(d);
	decode_free(d);
	events_free(ev);
	free(decoder);
	buf_done(&text);
	return 0;
}
