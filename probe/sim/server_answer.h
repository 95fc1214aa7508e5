/* One request of a program to the bench and its reply; for server.c only. */
#ifndef SWDOCTOR_SIM_SERVER_ANSWER_H
#define SWDOCTOR_SIM_SERVER_ANSWER_H

#include "probe/sim/server.h"

struct exchange {
	struct proto_request request;
	struct proto_reply reply;
	uint8_t data[0x10000]; /* sent with the request, or to be sent with the reply */
	bool data_out;	       /* the reply carries data */
};

/* The result; fills the reply's length and its data. */
enum proto_result server_answer(struct server *s, struct server_client *c, struct exchange *x);

#endif
