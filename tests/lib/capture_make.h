/*
 * Makes small captures in memory, for tests: the bytes of pcap and pcapng files of any byte order
 * and link type, written by rules of their own and not by the code under test.
 */
#ifndef SWDOCTOR_TESTS_CAPTURE_MAKE_H
#define SWDOCTOR_TESTS_CAPTURE_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/buf.h"
#include "probe/pcap_read.h"

enum capture_form { FORM_PCAP, FORM_PCAPNG };

struct capture_make {
	enum capture_form form;
	uint32_t link_type;
	bool big_endian, nanoseconds;
	struct buf file;
	uint64_t now_us; /* time of the next packet; each packet moves it on by 100 */
	uint64_t id;	 /* of the next transfer */
	uint16_t bus;
	uint8_t device;
	uint8_t ep_out, ep_in;
	size_t snaplen; /* longer packets are cut; 0: none are */
	/* What the capture loses. */
	bool lose_out_completes, lose_in_submits;
};

/* A V2 at bus 1, device 5, captured by usbmon in a little-endian pcapng of microseconds. */
void capture_make_init(struct capture_make *m);
void capture_make_begin(struct capture_make *m); /* writes the head of the file */
void capture_make_done(struct capture_make *m);

struct made_packet {
	bool complete;
	uint8_t transfer; /* as Linux counts: 0 iso, 1 interrupt, 2 control, 3 bulk */
	uint8_t ep;
	int status; /* of a completion, negative errno */
	uint32_t want;
	const uint8_t *bytes;
	size_t len;
	const uint8_t *setup;
	uint64_t id;
};

void capture_make_packet(struct capture_make *m, const struct made_packet *p);
/* A packet of bytes as they are. */
void capture_make_record(struct capture_make *m, const uint8_t *at, size_t len, size_t wire_len);

/* Text is hex; blanks do not matter. The command is filled up to 16 bytes. */
void capture_make_in(struct capture_make *m, const char *cmd, const char *reply);
void capture_make_out(struct capture_make *m, const char *cmd, const char *data);
void capture_make_plain(struct capture_make *m, const char *cmd);
/* A command whose reply ends with this status instead. */
void capture_make_failing(struct capture_make *m, const char *cmd, int status);
/* Reads a device descriptor with these ids, as a host does after plugging. */
void capture_make_descriptor(struct capture_make *m, uint16_t vid, uint16_t pid);

size_t capture_make_hex(const char *text, uint8_t *out, size_t max);

/* The file as a source; `user` must live as long. */
struct pcap_source capture_make_source(const struct capture_make *m, struct pcap_bytes *user);

#endif
