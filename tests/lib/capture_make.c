/* Captures for tests: see capture_make.h. */
#include "tests/lib/capture_make.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static void add(struct capture_make *m, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		size_t shift = 8 * (m->big_endian ? bytes - 1 - i : i);

		buf_add_char(&m->file, (char)(value >> shift & 0xff));
	}
}

static void put(uint8_t *at, uint64_t value, size_t bytes, bool big)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * (big ? bytes - 1 - i : i));
}

void capture_make_init(struct capture_make *m)
{
	memset(m, 0, sizeof(*m));
	m->form = FORM_PCAPNG;
	m->link_type = 220;
	m->now_us = 1700000000000000;
	m->id = 0x1000;
	m->bus = 1;
	m->device = 5;
	m->ep_out = 2;
	m->ep_in = 0x81;
	buf_init(&m->file);
}

void capture_make_done(struct capture_make *m)
{
	buf_done(&m->file);
}

void capture_make_begin(struct capture_make *m)
{
	if (m->form == FORM_PCAP) {
		add(m, m->nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 4);
		add(m, 2, 2);
		add(m, 4, 2);
		add(m, 0, 8);
		add(m, 262144, 4);
		add(m, m->link_type, 4);
		return;
	}
	add(m, 0x0a0d0d0a, 4);
	add(m, 28, 4);
	add(m, 0x1a2b3c4d, 4);
	add(m, 1, 2);
	add(m, 0, 2);
	add(m, ~0ULL, 8);
	add(m, 28, 4);
	add(m, 1, 4); /* interface */
	add(m, 32, 4);
	add(m, m->link_type, 2);
	add(m, 0, 2);
	add(m, 0, 4);
	add(m, 9, 2); /* resolution */
	add(m, 1, 2);
	buf_add_char(&m->file, m->nanoseconds ? 9 : 6);
	buf_add(&m->file, "\0\0", 3);
	add(m, 0, 4);
	add(m, 32, 4);
}

void capture_make_record(struct capture_make *m, const uint8_t *at, size_t len, size_t wire_len)
{
	uint64_t unit = m->nanoseconds ? 1000 : 1, t = m->now_us * unit;
	size_t padded = (len + 3) / 4 * 4;

	m->now_us += 100;
	if (m->form == FORM_PCAP) {
		add(m, t / (1000000 * unit), 4);
		add(m, t % (1000000 * unit), 4);
		add(m, len, 4);
		add(m, wire_len, 4);
		buf_add(&m->file, at, len);
		return;
	}
	add(m, 6, 4);
	add(m, 32 + padded, 4);
	add(m, 0, 4);
	add(m, t >> 32, 4);
	add(m, t & 0xffffffff, 4);
	add(m, len, 4);
	add(m, wire_len, 4);
	buf_add(&m->file, at, len);
	buf_add(&m->file, "\0\0\0", padded - len);
	add(m, 32 + padded, 4);
}

static size_t linux_head(const struct capture_make *m, const struct made_packet *p, uint8_t *at)
{
	size_t len = m->link_type == 189 ? 48 : 64;
	bool in = p->ep & 0x80, big = m->big_endian;

	memset(at, 0, len);
	put(at, p->id, 8, big);
	at[8] = p->complete ? 'C' : 'S';
	at[9] = p->transfer;
	at[10] = p->ep;
	at[11] = m->device;
	put(at + 12, m->bus, 2, big);
	at[14] = p->setup ? 0 : '-';
	at[15] = p->len ? 0 : in ? '<' : '>';
	put(at + 16, m->now_us / 1000000, 8, big);
	put(at + 24, m->now_us % 1000000, 4, big);
	put(at + 28, (uint64_t)(int64_t)(p->complete ? p->status : -EINPROGRESS), 4, big);
	put(at + 32, p->want, 4, big);
	put(at + 36, p->len, 4, big);
	if (p->setup)
		memcpy(at + 40, p->setup, 8);
	return len;
}

static size_t usbpcap_head(const struct capture_make *m, const struct made_packet *p, uint8_t *at)
{
	size_t len = p->transfer == 2 ? 28 : 27;
	uint32_t status = p->status == 0	    ? 0
			  : p->status == -EPIPE	    ? 0xc0000004
			  : p->status == -ENOENT    ? 0xc0010000
			  : p->status == -ESHUTDOWN ? 0xc0007000
						    : 0xc0000001;

	memset(at, 0, len);
	put(at, len, 2, false);
	put(at + 2, p->id, 8, false);
	put(at + 10, p->complete ? status : 0, 4, false);
	put(at + 14, p->transfer == 2 ? 0x000b : 0x0009, 2, false);
	at[16] = p->complete;
	put(at + 17, m->bus, 2, false);
	put(at + 19, m->device, 2, false);
	at[21] = p->ep;
	at[22] = p->transfer;
	put(at + 23, p->len + (p->setup ? 8 : 0), 4, false);
	if (len == 28)
		at[27] = p->setup ? 0 : 3;
	if (p->setup)
		memcpy(at + len, p->setup, 8);
	return len + (p->setup ? 8 : 0);
}

static size_t darwin_head(const struct capture_make *m, const struct made_packet *p, uint8_t *at)
{
	static const uint8_t transfers[] = { 1, 3, 0, 2 };
	uint32_t status = p->status == 0	    ? 0
			  : p->status == -EPIPE	    ? 0xe000404f
			  : p->status == -ENOENT    ? 0xe00002eb
			  : p->status == -ESHUTDOWN ? 0xe00002c0
						    : 0xe00002ed;

	memset(at, 0, 40);
	put(at, 0x0100, 2, false);
	at[2] = 32;
	at[3] = p->complete;
	put(at + 4, p->complete || !(p->ep & 0x80) ? p->len : p->want, 4, false);
	put(at + 8, p->complete ? status : 0, 4, false);
	put(at + 16, p->id, 8, false);
	put(at + 24, (uint64_t)m->bus << 24, 4, false);
	at[28] = 1;
	at[29] = m->device;
	at[30] = p->ep;
	at[31] = transfers[p->transfer];
	if (p->setup)
		memcpy(at + 32, p->setup, 8);
	return 32 + (p->setup ? 8 : 0);
}

void capture_make_packet(struct capture_make *m, const struct made_packet *p)
{
	uint8_t head[80];
	struct buf packet;
	size_t len;

	buf_init(&packet);
	len = m->link_type == 249   ? usbpcap_head(m, p, head)
	      : m->link_type == 266 ? darwin_head(m, p, head)
				    : linux_head(m, p, head);
	buf_add(&packet, head, len);
	buf_add(&packet, p->bytes, p->len);
	len = m->snaplen && packet.len > m->snaplen ? m->snaplen : packet.len;
	capture_make_record(m, (const uint8_t *)packet.at, len, packet.len);
	buf_done(&packet);
}

size_t capture_make_hex(const char *text, uint8_t *out, size_t max)
{
	size_t n = 0;

	for (; *text && n / 2 < max; text++) {
		unsigned digit;

		if (!isxdigit((unsigned char)*text))
			continue;
		digit = (unsigned)(isdigit((unsigned char)*text) ? *text - '0'
								 : tolower(*text) - 'a' + 10);
		out[n / 2] = (uint8_t)(n % 2 ? out[n / 2] << 4 | digit : digit);
		n++;
	}
	return n / 2;
}

static void out_transfer(struct capture_make *m, const uint8_t *bytes, size_t len, int status)
{
	struct made_packet p = { .transfer = 3,
				 .ep = m->ep_out,
				 .want = (uint32_t)len,
				 .bytes = bytes,
				 .len = len,
				 .id = m->id++ };

	capture_make_packet(m, &p);
	if (m->lose_out_completes)
		return;
	p.complete = true;
	p.len = 0;
	p.status = status;
	capture_make_packet(m, &p);
}

static void in_transfer(struct capture_make *m, const uint8_t *bytes, size_t len, int status)
{
	struct made_packet p = {
		.transfer = 3, .ep = m->ep_in, .want = (uint32_t)(len ? len : 64), .id = m->id++
	};

	if (!m->lose_in_submits)
		capture_make_packet(m, &p);
	p.complete = true;
	p.want = (uint32_t)len;
	p.bytes = bytes;
	p.len = len;
	p.status = status;
	capture_make_packet(m, &p);
}

static void command(struct capture_make *m, const char *text)
{
	uint8_t cmd[16] = { 0 };

	capture_make_hex(text, cmd, sizeof(cmd));
	out_transfer(m, cmd, sizeof(cmd), 0);
}

void capture_make_in(struct capture_make *m, const char *cmd, const char *reply)
{
	uint8_t bytes[512];

	command(m, cmd);
	in_transfer(m, bytes, capture_make_hex(reply, bytes, sizeof(bytes)), 0);
}

void capture_make_out(struct capture_make *m, const char *cmd, const char *data)
{
	uint8_t bytes[512];

	command(m, cmd);
	out_transfer(m, bytes, capture_make_hex(data, bytes, sizeof(bytes)), 0);
}

void capture_make_plain(struct capture_make *m, const char *cmd)
{
	command(m, cmd);
}

void capture_make_failing(struct capture_make *m, const char *cmd, int status)
{
	command(m, cmd);
	in_transfer(m, NULL, 0, status);
}

void capture_make_descriptor(struct capture_make *m, uint16_t vid, uint16_t pid)
{
	static const uint8_t setup[8] = { 0x80, 0x06, 0x00, 0x01, 0, 0, 18, 0 };
	uint8_t bytes[18] = { 18, 1, 0x00, 0x02, 0, 0, 0, 64 };
	struct made_packet p = {
		.transfer = 2, .ep = 0x80, .want = 18, .setup = setup, .id = m->id++
	};

	put(bytes + 8, vid, 2, false);
	put(bytes + 10, pid, 2, false);
	capture_make_packet(m, &p);
	p.setup = NULL;
	p.complete = true;
	p.bytes = bytes;
	p.len = sizeof(bytes);
	capture_make_packet(m, &p);
}

struct pcap_source capture_make_source(const struct capture_make *m, struct pcap_bytes *user)
{
	user->at = (const uint8_t *)m->file.at;
	user->len = m->file.len;
	return (struct pcap_source){ pcap_read_bytes, user };
}
