/*
 * A probe that follows a script: a transport that fails the test when something else is said to it,
 * and answers what the script says. All bytes are written in hex; blanks do not matter.
 *
 *	static const struct chat_line script[] = {
 *		{ "f5", .in = "01 00" },		  // a command and its reply
 *		{ .cmd = "f2 21" },			  // a command without one
 *		{ "f2 08 00 00 00 20 04 00", .out = "78 56 34 12" },
 *		{ "f2 31", .outcome = XACT_TIMEOUT, .native = -7 },
 *	};
 *	struct chat chat;
 *
 *	chat_init(&chat, script, 4);
 *	... &chat.t ...
 *	chat_done(&chat); // fails if something of the script was not said
 *
 * Commands are compared with zeros added up to 16 bytes; the length of the reply asked for must be
 * that of the script.
 */
#ifndef SWDOCTOR_TESTS_CHAT_H
#define SWDOCTOR_TESTS_CHAT_H

#include <stdbool.h>

#include "probe/transport.h"
#include "tests/lib/fake_clock.h"

struct chat_line {
	const char *cmd;
	const char *in, *out;
	enum xact_outcome outcome;
	int native;
	unsigned times; /* said so often; 0: once */
};

struct chat {
	struct transport t;
	const struct chat_line *script;
	unsigned n, at, said; /* lines, the present one, how often it was said */
	struct fake_clock clock;
	unsigned reopened;
	bool cannot_reopen;
	char marks[500];
};

void chat_init(struct chat *c, const struct chat_line *script, unsigned n);
void chat_done(struct chat *c);

#endif
