/*
 * Reads a capture file record by record: pcap and pcapng, either byte order, any resolution of
 * time, several sections and interfaces. Knows files, not USB (usb_packet.h does). Works on pipes,
 * in bounded memory.
 *
 * A file that ends inside a record (its writer was killed) is read up to there, and `cut` says so;
 * anything else that cannot be is ERR_FORMAT with the offset.
 */
#ifndef SWDOCTOR_PCAP_READ_H
#define SWDOCTOR_PCAP_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/err.h"

/* A longer record is taken for damage: a USB transfer is at most some hundred KiB. */
#define PCAP_RECORD_MAX (16U << 20)

/*
 * Blocks and options of our own in pcapng bear the enterprise number that RFC 5612 reserves for
 * examples, and this word behind it. Everybody else skips them.
 */
#define PCAP_OUR_PEN  32473
#define PCAP_OUR_WORD "swdoctor"

enum pcap_kind {
	PCAP_PACKET,
	PCAP_MARK, /* a custom block of ours: its text is in comment */
};

struct pcap_record {
	enum pcap_kind kind;
	uint64_t number;    /* from 1, as Wireshark counts: custom blocks too */
	uint64_t offset;    /* of the record in the file */
	uint32_t interface; /* counts on over sections */
	uint32_t link_type;
	bool big_endian;   /* byte order of the section: headers of Linux follow it */
	uint64_t time_ns;  /* since 1970; 0 where the record has no time */
	const uint8_t *at; /* lent until the next record is read, like the text */
	size_t len;	   /* bytes captured */
	size_t wire_len;   /* bytes there were; more than len: cut */
	const char *comment;
	size_t comment_len;
	const uint8_t *extra; /* our own option, what follows the word; NULL: none */
	size_t extra_len;
};

/* Where the bytes come from: like read(2), 0 at the end, negative and errno on failure. */
struct pcap_source {
	long (*read)(void *user, void *into, size_t len);
	void *user;
};

struct pcap;

/* ERR_FORMAT: this is no capture file. */
int pcap_new(struct pcap_source from, struct pcap **ret, struct err *e);
void pcap_free(struct pcap *p); /* NULL is fine */

/* 1: a record, 0: the end, negative: an error. */
int pcap_next(struct pcap *p, struct pcap_record *ret, struct err *e);

/* Valid after the end: did the file end inside a record, and where did that record begin? */
bool pcap_was_cut(const struct pcap *p, uint64_t *ret_offset);
/* The application that wrote the file, as far as it says so ("" if not); of the last section. */
const char *pcap_application(const struct pcap *p);
/* Description of an interface ("" where there is none). */
const char *pcap_interface_text(const struct pcap *p, uint32_t interface);
/* The file's own name of its format: "pcap", "pcapng". */
const char *pcap_format(const struct pcap *p);

/* Do these first bytes of a file look like a capture? At least 4 bytes are needed. */
bool pcap_is(const uint8_t *head, size_t len);

/* A source that reads a file descriptor; user is a pointer to it. */
long pcap_read_fd(void *user, void *into, size_t len);

/* A source that reads memory. */
struct pcap_bytes {
	const uint8_t *at;
	size_t len;
};
long pcap_read_bytes(void *user, void *into, size_t len);

#endif
