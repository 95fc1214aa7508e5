/*
 * Blocks and options of pcapng (IETF draft-ietf-opsawg-pcapng): sections, interfaces, packets, and
 * our own marks. Blocks of other kinds are skipped by their length.
 */
#include <string.h>

#include "probe/pcap_read_internal.h"

#define BYTE_ORDER_MAGIC 0x1a2b3c4dU

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_PACKET = 6,
	BLOCK_CUSTOM = 0x00000bad,
	BLOCK_CUSTOM_NOT_COPIED = 0x40000bad,
};

enum option_code {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_IF_DESCRIPTION = 3,
	OPTION_SHB_APPLICATION = 4,
	OPTION_IF_TSRESOL = 9,
	OPTION_IF_TSOFFSET = 14,
	OPTION_CUSTOM_BYTES = 2989,
};

struct block {
	uint32_t type;
	const uint8_t *body;
	size_t len;
};

struct option {
	uint16_t code;
	const uint8_t *at;
	size_t len;
};

/* Takes the next option off *at; false at the end, or where what is left cannot be an option. */
static bool next_option(const struct pcap *p, const uint8_t **at, const uint8_t *end,
			struct option *ret)
{
	size_t padded;

	if (end - *at < 4)
		return false;
	ret->code = pcap_get16(p, *at);
	ret->len = pcap_get16(p, *at + 2);
	ret->at = *at + 4;
	padded = (ret->len + 3) & ~(size_t)3;
	if (ret->code == OPTION_END || padded > (size_t)(end - ret->at))
		return false;
	*at = ret->at + padded;
	return true;
}

/* What follows our number and word; false: it is not ours. */
static bool is_ours(const struct pcap *p, const uint8_t *at, size_t len, const uint8_t **ret_at,
		    size_t *ret_len)
{
	size_t head = 4 + sizeof(PCAP_OUR_WORD) - 1;

	if (len < head || pcap_get32(p, at) != PCAP_OUR_PEN ||
	    memcmp(at + 4, PCAP_OUR_WORD, sizeof(PCAP_OUR_WORD) - 1) != 0)
		return false;
	*ret_at = at + head;
	*ret_len = len - head;
	return true;
}

static void begin_section(struct pcap *p, const struct block *b)
{
	const uint8_t *at = b->body + 16, *end = b->body + b->len;
	struct option o;

	p->first_interface = p->n_interfaces;
	p->application = "";
	while (next_option(p, &at, end, &o)) {
		if (o.code == OPTION_SHB_APPLICATION)
			p->application = arena_str_n(p->arena, (const char *)o.at, o.len);
	}
}

static void set_resolution(struct pcap_interface *i, uint8_t tsresol)
{
	unsigned n = tsresol & 0x7f;

	i->per_s = 0;
	i->shift = 0;
	if (tsresol & 0x80) {
		i->shift = n < 63 ? n : 63;
		return;
	}
	i->per_s = 1;
	for (unsigned k = 0; k < n && k < 19; k++)
		i->per_s *= 10;
}

static int add_interface(struct pcap *p, const struct block *b, struct err *e)
{
	const uint8_t *at = b->body + 8, *end = b->body + b->len;
	struct pcap_interface i = { .per_s = 1000000, .text = "" };
	struct option o;

	if (b->len < 8)
		return pcap_damaged(p, e, "an interface of bytes:", b->len);
	i.link_type = pcap_get16(p, b->body);
	i.snaplen = pcap_get32(p, b->body + 4);
	while (next_option(p, &at, end, &o)) {
		if (o.code == OPTION_IF_TSRESOL && o.len >= 1)
			set_resolution(&i, o.at[0]);
		else if (o.code == OPTION_IF_TSOFFSET && o.len >= 8)
			i.offset_s = (int64_t)(p->big_endian ? (uint64_t)get_be32(o.at) << 32 |
								       get_be32(o.at + 4)
							     : get_le64(o.at));
		else if (o.code == OPTION_IF_DESCRIPTION)
			i.text = arena_str_n(p->arena, (const char *)o.at, o.len);
	}
	buf_add(&p->interfaces, &i, sizeof(i));
	p->n_interfaces++;
	return 0;
}

static uint64_t to_ns(const struct pcap_interface *i, uint64_t t)
{
	uint64_t offset = (uint64_t)i->offset_s * 1000000000U;

	if (i->per_s == 1000000)
		return t * 1000 + offset;
	if (i->per_s == 1000000000)
		return t + offset;
	if (i->per_s == 0)
		return (uint64_t)((unsigned __int128)t * 1000000000U >> i->shift) + offset;
	return (uint64_t)((unsigned __int128)t * 1000000000U / i->per_s) + offset;
}

static void read_packet_options(const struct pcap *p, const uint8_t *at, const uint8_t *end,
				struct pcap_record *r)
{
	struct option o;

	while (next_option(p, &at, end, &o)) {
		if (o.code == OPTION_COMMENT && !r->comment) {
			r->comment = (const char *)o.at;
			r->comment_len = o.len;
		} else if (o.code == OPTION_CUSTOM_BYTES) {
			is_ours(p, o.at, o.len, &r->extra, &r->extra_len);
		}
	}
}

/* Packets of the present and of the former kind differ in their first eight bytes only. */
static int read_packet(struct pcap *p, const struct block *b, struct pcap_record *ret,
		       struct err *e)
{
	const struct pcap_interface *i;
	uint32_t interface, len;

	if (b->len < 20)
		return pcap_damaged(p, e, "a packet block of bytes:", b->len);
	interface = b->type == BLOCK_PACKET ? pcap_get32(p, b->body) : pcap_get16(p, b->body);
	if (interface >= p->n_interfaces - p->first_interface)
		return pcap_damaged(p, e, "no interface", interface);
	i = pcap_interface(p, p->first_interface + interface);
	len = pcap_get32(p, b->body + 12);
	if (len > b->len - 20)
		return pcap_damaged(p, e, "a packet that is longer than its block:", len);
	*ret = (struct pcap_record){
		.kind = PCAP_PACKET,
		.number = ++p->number,
		.offset = p->offset,
		.interface = p->first_interface + interface,
		.link_type = i->link_type,
		.big_endian = p->big_endian,
		.time_ns = to_ns(i, (uint64_t)pcap_get32(p, b->body + 4) << 32 |
					    pcap_get32(p, b->body + 8)),
		.at = b->body + 20,
		.len = len,
		.wire_len = pcap_get32(p, b->body + 16),
	};
	len = (len + 3) & ~3U;
	if (b->len - 20 > len)
		read_packet_options(p, b->body + 20 + len, b->body + b->len, ret);
	return 1;
}

static int read_simple_packet(struct pcap *p, const struct block *b, struct pcap_record *ret,
			      struct err *e)
{
	const struct pcap_interface *i;
	uint32_t wire_len, len;

	if (b->len < 4)
		return pcap_damaged(p, e, "a simple packet block of bytes:", b->len);
	if (p->first_interface == p->n_interfaces)
		return pcap_damaged(p, e, "no interface", 0);
	i = pcap_interface(p, p->first_interface);
	wire_len = pcap_get32(p, b->body);
	len = i->snaplen && wire_len > i->snaplen ? i->snaplen : wire_len;
	if (len > b->len - 4)
		return pcap_damaged(p, e, "a packet that is longer than its block:", len);
	*ret = (struct pcap_record){
		.kind = PCAP_PACKET,
		.number = ++p->number,
		.offset = p->offset,
		.interface = p->first_interface,
		.link_type = i->link_type,
		.big_endian = p->big_endian,
		.at = b->body + 4,
		.len = len,
		.wire_len = wire_len,
	};
	return 1;
}

static int read_custom(struct pcap *p, const struct block *b, struct pcap_record *ret)
{
	const uint8_t *at;
	size_t len;

	p->number++; /* Wireshark counts such a block as a packet */
	if (!is_ours(p, b->body, b->len, &at, &len) || len < 10)
		return 0;
	*ret = (struct pcap_record){
		.kind = PCAP_MARK,
		.number = p->number,
		.offset = p->offset,
		.big_endian = p->big_endian,
		.time_ns =
			(uint64_t)(p->big_endian ? (uint64_t)get_be32(at) << 32 | get_be32(at + 4)
						 : get_le64(at)) *
			1000,
		.comment = (const char *)at + 10,
		.comment_len = pcap_get16(p, at + 8),
	};
	if (ret->comment_len > len - 10)
		ret->comment_len = len - 10;
	return 1;
}

/* Finds out the byte order of a section and the length of its header. */
static int read_section_head(struct pcap *p, uint32_t *ret_len, struct err *e)
{
	int rc = pcap_want(p, 28, e);
	const uint8_t *at;

	if (rc <= 0)
		return rc;
	at = pcap_at(p);
	if (get_le32(at + 8) == BYTE_ORDER_MAGIC)
		p->big_endian = false;
	else if (get_be32(at + 8) == BYTE_ORDER_MAGIC)
		p->big_endian = true;
	else
		return pcap_damaged(p, e, "a section of no byte order:", get_le32(at + 8));
	if (pcap_get16(p, at + 12) != 1)
		return pcap_damaged(p, e, "a section of version", pcap_get16(p, at + 12));
	*ret_len = pcap_get32(p, at + 4);
	if (*ret_len < 28)
		return pcap_damaged(p, e, "a section header of bytes:", *ret_len);
	return 1;
}

/* 1: a block is in *ret and its bytes are in the window; 0: the file ends. */
static int next_block(struct pcap *p, struct block *ret, uint32_t *ret_len, struct err *e)
{
	int rc = pcap_want(p, 12, e);
	uint32_t len;

	if (rc <= 0)
		return rc < 0 ? rc : pcap_ends_here(p);
	ret->type = pcap_get32(p, pcap_at(p));
	len = pcap_get32(p, pcap_at(p) + 4);
	if (ret->type == PCAPNG_SHB) {
		rc = read_section_head(p, &len, e);
		if (rc <= 0)
			return rc < 0 ? rc : pcap_ends_here(p);
	}
	if (len < 12 || len % 4 || len > PCAP_RECORD_MAX + 4096)
		return pcap_damaged(p, e, "a block of bytes:", len);
	rc = pcap_want(p, len, e);
	if (rc <= 0)
		return rc < 0 ? rc : pcap_ends_here(p);
	if (pcap_get32(p, pcap_at(p) + len - 4) != len)
		return pcap_damaged(p, e, "a block whose two lengths differ:", len);
	ret->body = pcap_at(p) + 8;
	ret->len = len - 12;
	*ret_len = len;
	return 1;
}

/* 1: the block is a record; 0: it is none. */
static int read_block(struct pcap *p, const struct block *b, struct pcap_record *ret, struct err *e)
{
	switch (b->type) {
	case PCAPNG_SHB:
		begin_section(p, b);
		return 0;
	case BLOCK_INTERFACE:
		return add_interface(p, b, e);
	case BLOCK_PACKET:
	case BLOCK_OLD_PACKET:
		return read_packet(p, b, ret, e);
	case BLOCK_SIMPLE_PACKET:
		return read_simple_packet(p, b, ret, e);
	case BLOCK_CUSTOM:
	case BLOCK_CUSTOM_NOT_COPIED:
		return read_custom(p, b, ret);
	default:
		return 0;
	}
}

int pcapng_next(struct pcap *p, struct pcap_record *ret, struct err *e)
{
	for (;;) {
		struct block b = { 0 };
		uint32_t len = 0;
		int rc = next_block(p, &b, &len, e);

		if (rc <= 0)
			return rc;
		rc = read_block(p, &b, ret, e);
		if (rc < 0)
			return rc;
		pcap_skip(p, len);
		if (rc == 1)
			return 1;
	}
}
