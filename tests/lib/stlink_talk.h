/* A driver of the probe whose every word is scripted, for the tests of the protocol. */
#ifndef SWDOCTOR_TESTS_STLINK_TALK_H
#define SWDOCTOR_TESTS_STLINK_TALK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/coresight_regs.h"
#include "probe/stlink.h"
#include "tests/lib/chat.h"

#define V2J37  "29 47 83 04 48 37"
#define V2J17  "24 44 83 04 48 37"
#define V2_1   "28 59 83 04 4b 37" /* V2J33M25 */
#define ASK_3E "f2 3e"
#define GOOD   "80 00 00 00 00 00 00 00 00 00 00 00"

struct talk {
	struct chat chat;
	struct stlink s;
	struct err e;
};

static inline void begin(struct talk *t, const struct chat_line *script, unsigned n)
{
	memset(t, 0, sizeof(*t));
	chat_init(&t->chat, script, n);
	stlink_init(&t->s, &t->chat.t, &t->chat.clock.clock);
}

#define BEGIN(t, script) begin(t, script, sizeof(script) / sizeof((script)[0]))

/* As after stlink_open, without having said anything. */
static inline void version_is(struct talk *t, const char *which)
{
	uint8_t reply[6];
	char *at = (char *)(uintptr_t)which;

	for (unsigned n = 0; n < 6; n++)
		reply[n] = (uint8_t)strtoul(at, &at, 16);
	assert_int_equal(stlink_version_parse(reply, 6, &t->s.version, NULL), 0);
}

static inline void v3_is(struct talk *t, uint8_t jtag)
{
	const uint8_t reply[12] = { 3, 0, jtag, 1, 0, 0, 0, 0, 0x83, 4, 0x4e, 0x37 };

	assert_int_equal(stlink_version_parse_ex(reply, 12, &t->s.version, NULL), 0);
}

#endif
