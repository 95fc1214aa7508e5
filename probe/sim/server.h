/*
 * Serves a bench to other programs: accepts them on a socket, carries their transfers out one
 * after the other, and keeps the shared clock. Runs until it is told to stop (a file descriptor
 * becomes readable).
 */
#ifndef SWDOCTOR_SIM_SERVER_H
#define SWDOCTOR_SIM_SERVER_H

#include "probe/base/buf.h"
#include "probe/sim/bench.h"
#include "probe/sim/proto.h"

#define SERVER_CLIENTS_MAX 32

struct server {
	struct bench *bench; /* lent */
	struct proto_clock *clock;
	int clock_fd, listen_fd;
	bool real_time; /* transfers take as long as they would */
	uint64_t real_zero_ns;
	char folder[64];
	struct server_client {
		int fd; /* -1: free */
		bool claimed;
		struct buf in, out; /* requests not yet carried out, replies not yet sent */
	} client[SERVER_CLIENTS_MAX];
};

/* Makes the folder with socket and clock. */
int server_init(struct server *s, struct bench *b, bool real_time, struct err *e);
void server_done(struct server *s); /* removes the folder */
int server_run(struct server *s, int stop_fd, struct err *e);

#endif
