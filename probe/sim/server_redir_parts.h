/* What the two files of the usbredir server share: one conversation. */
#ifndef SWDOCTOR_SIM_SERVER_REDIR_PARTS_H
#define SWDOCTOR_SIM_SERVER_REDIR_PARTS_H

#include <usbredirparser.h>

#include "probe/sim/bench.h"

#define PENDING_MAX 16

struct pending { /* an IN transfer that waits for something to fetch */
	uint64_t id;
	uint8_t endpoint;
	size_t len;
};

struct redir {
	struct bench *bench;
	struct usbredirparser *parser;
	int fd;
	bool closed;	/* the other side went away */
	bool greeted;	/* it told what it can */
	unsigned shown; /* the appearance on the bus that it was told of; 0: none */
	struct pending pending[PENDING_MAX];
	size_t n_pending;
	uint64_t real_zero_ns; /* of the bench's clock */
	uint8_t *data;	       /* TRANSFER_MAX bytes */
};

/* Tell of a probe that left the bus or came back by itself. */
void redir_follow_plug(struct redir *r);
/* What the other side asks of the device as a whole. */
void redir_set_up_device(struct usbredirparser *p);

#endif
