/*
 * Joins the USB packets of one command channel (an OUT and an IN endpoint of an ST-LINK) to
 * transactions. The pairing of command and reply is by order: an ST-LINK has one command under way.
 * Knows what a command's data stage should be, so that lost halves, commands without a reply and
 * replies without a command come out as what they are.
 */
#ifndef SWDOCTOR_CAPTURE_JOIN_H
#define SWDOCTOR_CAPTURE_JOIN_H

#include "probe/base/buf.h"
#include "probe/pcap_read.h"
#include "probe/stlink_cmd.h"
#include "probe/usb_packet.h"

struct joined {
	struct xact x; /* data is lent for the call; at_us is the time of day */
	uint64_t packet, last_packet;
};

struct join_sink {
	void (*xact)(void *user, const struct joined *j);
	void *user;
};

/* A read that was submitted while no command was under way. */
struct join_read {
	bool there;
	uint64_t id, packet, at_us;
	uint32_t want;
};

struct join {
	struct join_sink sink;
	bool open; /* a transaction is under way */
	bool scsi; /* it is wrapped in a SCSI command block (V1) */
	struct joined j;
	struct buf data;
	size_t passed; /* bytes of the data stage, those that the capture has cut off included */
	const struct stlink_cmd *row; /* NULL: nobody has named it */
	enum stlink_data dir;
	size_t expect; /* bytes of the data stage; STLINK_SIZE_UNKNOWN */
	uint64_t command_id, data_id;
	uint64_t last_command_id; /* of the transaction before */
	uint64_t read_id;	  /* of the read that waits for the reply, if there is one */
	bool reading;
	bool command_done, data_done, failed;
	uint64_t end_us;
	bool has_extra; /* our own trace says more than its packets can */
	struct xact extra;
	struct join_read early; /* on the IN endpoint */
	struct join_read swo;
};

void join_init(struct join *j, struct join_sink sink);
void join_done(struct join *j);

/* Could this, sent out, be a command? Judges its bytes and its length alone. */
bool join_is_command(const struct usb_packet *u);

void join_out(struct join *j, const struct usb_packet *u, const struct pcap_record *r);
void join_in(struct join *j, const struct usb_packet *u, const struct pcap_record *r);
/* SWO data: a transaction each, without a command. */
void join_swo(struct join *j, const struct usb_packet *u, const struct pcap_record *r);
/* The capture ends: what is under way ends as well. */
void join_end(struct join *j);

#endif
