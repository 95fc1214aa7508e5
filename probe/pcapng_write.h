/*
 * Writes pcapng that Wireshark opens: little-endian, microseconds, appended only. What is added is
 * kept until pcapng_flush hands it over in one write, so that a writer that is killed leaves a file
 * which is whole up to the last flush, or cut inside it.
 */
#ifndef SWDOCTOR_PCAPNG_WRITE_H
#define SWDOCTOR_PCAPNG_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "probe/base/buf.h"
#include "probe/base/err.h"

struct pcapng_writer {
	int fd; /* lent */
	struct buf out;
	uint64_t written; /* bytes handed over so far */
};

struct pcapng_packet {
	uint64_t time_us;    /* since 1970 */
	const uint8_t *head; /* the packet is head and then body */
	size_t head_len;
	const uint8_t *body;
	size_t body_len;
	const char *comment; /* or NULL */
	size_t comment_len;
	const uint8_t *extra; /* an option of our own (PCAP_OUR_WORD), or NULL */
	size_t extra_len;
};

/* Begins a section. */
void pcapng_writer_init(struct pcapng_writer *w, int fd, const char *application);
void pcapng_writer_done(struct pcapng_writer *w); /* what was not flushed is lost */

/* The one interface of the section. */
void pcapng_add_interface(struct pcapng_writer *w, uint16_t link_type, const char *name,
			  const char *description);
void pcapng_add_packet(struct pcapng_writer *w, const struct pcapng_packet *p);
/* A custom block of ours; other readers skip it. */
void pcapng_add_mark(struct pcapng_writer *w, uint64_t time_us, const char *text);

/*
 * ERR_IO with errno in native: the file is brought back to what it was before this flush, so that
 * it stays whole.
 */
int pcapng_flush(struct pcapng_writer *w, struct err *e);

#endif
