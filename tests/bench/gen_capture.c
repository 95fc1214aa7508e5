/*
 * Writes a long usbmon capture (pcapng, link type 220): a session with an ST-LINK/V2 that
 * identifies itself, enters debug mode, and then polls the core and reads and writes memory, four
 * packets a transaction.
 *
 * usage: gen_capture PACKETS FILE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/pcapng_write.h"
#include "probe/usb_packet.h"

#define TURN_US 175

struct made {
	struct pcapng_writer w;
	uint64_t now_us, id;
	uint64_t packets;
};

static void add(struct made *m, bool complete, uint8_t ep, uint64_t id, const uint8_t *bytes,
		size_t len, uint32_t want)
{
	uint8_t head[USB_LINUX_HEAD];
	const struct usb_packet u = { .complete = complete,
				      .transfer = USB_BULK,
				      .id = id,
				      .bus = 1,
				      .device = 5,
				      .ep = ep,
				      .outcome = XACT_OK,
				      .want = want,
				      .len = len };
	const struct pcapng_packet p = { .time_us = m->now_us,
					 .head = head,
					 .head_len = sizeof(head),
					 .body = bytes,
					 .body_len = len };

	usb_packet_write_linux(&u, m->now_us, head);
	pcapng_add_packet(&m->w, &p);
	m->now_us += TURN_US / 2;
	m->packets++;
}

static void say(struct made *m, const char *cmd, size_t cmd_len, const uint8_t *data, size_t len,
		bool in)
{
	uint8_t bytes[16] = { 0 };

	memcpy(bytes, cmd, cmd_len);
	add(m, false, 2, m->id, bytes, 16, 16);
	add(m, true, 2, m->id++, NULL, 0, 16);
	add(m, false, in ? 0x81 : 2, m->id, in ? NULL : data, in ? 0 : len, (uint32_t)len);
	add(m, true, in ? 0x81 : 2, m->id++, in ? data : NULL, in ? len : 0, (uint32_t)len);
}

#define SAY(m, cmd, data, in)                                                                      \
	say(m, cmd, sizeof(cmd) - 1, (const uint8_t *)(data), sizeof(data) - 1, in)

static void session(struct made *m, uint64_t packets)
{
	SAY(m, "\xf1", "\x29\x47\x83\x04\x48\x37", true);
	SAY(m, "\xf5", "\x01\x00", true);
	SAY(m, "\xf7", "\xd1\x05\x00\x00\x00\x08\x00\x00", true);
	SAY(m, "\xf2\x30\xa3", "\x80\x00", true);
	SAY(m, "\xf2\x31", "\x80\x00\x00\x00\x77\x14\xa0\x2b\x00\x00\x00\x00", true);
	while (m->packets < packets) {
		SAY(m, "\xf2\x36\xf0\xed\x00\xe0", "\x80\x00\x00\x00\x01\x00\x01\x01", true);
		SAY(m, "\xf2\x07\x00\x00\x00\x20\x10", "0123456789abcdef", true);
		SAY(m, "\xf2\x3e", "\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", true);
		SAY(m, "\xf2\x08\x00\x00\x00\x20\x10", "0123456789abcdef", false);
		SAY(m, "\xf2\x3e", "\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", true);
		if (m->w.out.len > 1U << 20 && pcapng_flush(&m->w, NULL))
			exit(1);
	}
}

int main(int argc, char **argv)
{
	struct made m = { .now_us = 1700000000000000, .id = 1 };
	FILE *f;

	if (argc != 3)
		return 2;
	f = fopen(argv[2], "wb");
	if (!f)
		return 1;
	pcapng_writer_init(&m.w, fileno(f), "gen_capture");
	pcapng_add_interface(&m.w, USB_LINK_LINUX_MMAP, "usbmon1", "");
	session(&m, strtoull(argv[1], NULL, 10));
	if (pcapng_flush(&m.w, NULL))
		return 1;
	pcapng_writer_done(&m.w);
	return fclose(f) ? 1 : 0;
}
