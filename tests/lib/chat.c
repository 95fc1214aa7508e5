/* A transport that follows a script: see chat.h. */
#include "tests/lib/chat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define BYTES_MAX 8192

static size_t from_hex(const char *text, uint8_t *out)
{
	size_t n = 0;

	for (; text && *text; text++) {
		char pair[3] = { text[0], text[1] };

		if (*text == ' ')
			continue;
		assert_true(n < BYTES_MAX);
		out[n++] = (uint8_t)strtoul(pair, NULL, 16);
		text++;
	}
	return n;
}

static void to_hex(const uint8_t *bytes, size_t n, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < n && 3 * i + 4 < size; i++)
		snprintf(out + 3 * i, 4, "%02x ", bytes[i]);
}

static void check_bytes(const struct chat *c, const char *what, const uint8_t *said, size_t n_said,
			const uint8_t *want, size_t n_want)
{
	char is[200], should[200];

	if (n_said == n_want && !memcmp(said, want, n_want))
		return;
	to_hex(said, n_said, is, sizeof(is));
	to_hex(want, n_want, should, sizeof(should));
	fail_msg("line %u of the chat: %s is %s(%zu bytes), should be %s(%zu bytes)", c->at + 1,
		 what, is, n_said, should, n_want);
}

static int outcome_code(enum xact_outcome o)
{
	return o == XACT_OK	   ? 0
	       : o == XACT_TIMEOUT ? ERR_TIMEOUT
	       : o == XACT_GONE	   ? ERR_GONE
				   : ERR_USB;
}

static int chat_xfer(struct transport *t, struct xact *x, struct err *e)
{
	struct chat *c = (struct chat *)t;
	const struct chat_line *line = &c->script[c->at];
	uint8_t cmd[BYTES_MAX] = { 0 }, data[BYTES_MAX];
	char said[60];
	size_t n;

	to_hex(x->cmd, x->cmd_len, said, sizeof(said));
	if (c->at == c->n)
		fail_msg("the chat was over when '%s' was said", said);
	n = from_hex(line->cmd, cmd);
	check_bytes(c, "the command", x->cmd, x->cmd_len, cmd, n > x->cmd_len ? n : x->cmd_len);
	if (line->out) {
		assert_int_equal(x->dir, XACT_OUT);
		check_bytes(c, "what is written", x->data, x->want, data,
			    from_hex(line->out, data));
	} else if (line->in) {
		n = from_hex(line->in, data);
		if (x->dir != XACT_IN || x->want != n)
			fail_msg("line %u of the chat: '%s' wants %zu bytes, %zu are there",
				 c->at + 1, said, x->want, n);
		memcpy(x->data, data, n);
	} else if (line->outcome == XACT_OK) {
		assert_int_equal(x->dir, XACT_NONE);
	}
	x->outcome = line->outcome;
	x->native = line->native;
	x->got = line->outcome == XACT_OK ? x->want : 0;
	if (++c->said >= line->times) {
		c->at++;
		c->said = 0;
	}
	if (x->outcome == XACT_OK)
		return 0;
	return err_set_native(e, outcome_code(x->outcome), x->native, "chat: %s",
			      xact_outcome_name(x->outcome));
}

static int chat_reopen(struct transport *t, struct err *e)
{
	struct chat *c = (struct chat *)t;

	if (c->cannot_reopen)
		return err_set(e, ERR_NO_PROBE, "chat: cannot be reopened");
	c->reopened++;
	return 0;
}

static void chat_mark(struct transport *t, const char *text)
{
	struct chat *c = (struct chat *)t;
	size_t len = strlen(c->marks);

	snprintf(c->marks + len, sizeof(c->marks) - len, "%s\n", text);
}

static void chat_close(struct transport *t)
{
	(void)t;
}

static const struct transport_ops ops = {
	.name = "chat",
	.xfer = chat_xfer,
	.reopen = chat_reopen,
	.mark = chat_mark,
	.close = chat_close,
};

void chat_init(struct chat *c, const struct chat_line *script, unsigned n)
{
	*c = (struct chat){ .t.ops = &ops, .script = script, .n = n };
	fake_clock_init(&c->clock);
}

void chat_done(struct chat *c)
{
	if (c->at != c->n)
		fail_msg("only %u of %u lines of the chat were said", c->at, c->n);
}
