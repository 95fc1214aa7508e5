/* Shared by pcap_read.c and pcapng_read.c only: the reader's state and its window onto the file. */
#ifndef SWDOCTOR_PCAP_READ_INTERNAL_H
#define SWDOCTOR_PCAP_READ_INTERNAL_H

#include "probe/base/arena.h"
#include "probe/base/buf.h"
#include "probe/base/bytes.h"
#include "probe/pcap_read.h"

#define PCAPNG_SHB 0x0a0d0d0aU /* the same in either byte order */

struct pcap_interface {
	uint32_t link_type;
	uint32_t snaplen; /* 0: no limit */
	uint64_t per_s;	  /* units of time in a second; 0: binary, see shift */
	unsigned shift;	  /* 2^-shift seconds */
	int64_t offset_s;
	const char *text;
};

struct pcap {
	struct pcap_source from;
	int (*next)(struct pcap *p, struct pcap_record *ret, struct err *e);
	const char *format;
	struct arena *arena; /* holds this struct and all text */
	struct buf window;
	size_t begin, end; /* of what is unread in the window */
	uint64_t offset;   /* of `begin` in the file */
	bool ended;
	bool cut;
	uint64_t cut_offset;
	uint64_t number;
	bool big_endian;
	/* classic pcap */
	bool nanoseconds;
	uint32_t link_type;
	/* pcapng */
	const char *application;
	struct buf interfaces; /* of all sections: struct pcap_interface */
	uint32_t n_interfaces;
	uint32_t first_interface; /* of this section */
};

static inline const struct pcap_interface *pcap_interface(const struct pcap *p, uint32_t i)
{
	return (const struct pcap_interface *)p->interfaces.at + i;
}

/* In the byte order of the section. */
static inline uint16_t pcap_get16(const struct pcap *p, const uint8_t *at)
{
	return p->big_endian ? get_be16(at) : get_le16(at);
}

static inline uint32_t pcap_get32(const struct pcap *p, const uint8_t *at)
{
	return p->big_endian ? get_be32(at) : get_le32(at);
}

static inline const uint8_t *pcap_at(const struct pcap *p)
{
	return (const uint8_t *)p->window.at + p->begin;
}

static inline void pcap_skip(struct pcap *p, size_t len)
{
	p->begin += len;
	p->offset += len;
}

/* Makes need bytes visible at pcap_at: 1 they are, 0 the file ends before, negative: an error. */
int pcap_fill(struct pcap *p, size_t need, struct err *e);

static inline int pcap_want(struct pcap *p, size_t need, struct err *e)
{
	return p->end - p->begin >= need ? 1 : pcap_fill(p, need, e);
}

/* The file ends, perhaps inside a record. Returns 0. */
int pcap_ends_here(struct pcap *p);
/* Refuses the record at the present offset. */
int pcap_damaged(const struct pcap *p, struct err *e, const char *what, unsigned long long number);

int pcapng_next(struct pcap *p, struct pcap_record *ret, struct err *e);

#endif
