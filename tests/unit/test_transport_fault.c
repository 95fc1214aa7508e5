/* Faults on purpose, and how the protocol stands them: every transaction of a session failed once,
 * in every way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "probe/stlink.h"
#include "probe/transport_fault.h"
#include "tests/lib/fake_clock.h"
#include "tests/usb/mock_firmware.h"

/* The firmware of the cable tests as a transport. */
struct probe {
	struct transport t;
	struct mock_firmware fw;
	unsigned xfers, reopened;
	struct fake_clock clock;
};

static int probe_xfer(struct transport *t, struct xact *x, struct err *e)
{
	struct probe *p = (struct probe *)t;

	(void)e;
	p->xfers++;
	mock_firmware_take(&p->fw, x->cmd, XACT_CMD_MAX);
	x->got = x->want;
	if (x->dir == XACT_IN) {
		assert_int_equal(p->fw.reply_len, x->want);
		memcpy(x->data, p->fw.reply, x->want);
	} else if (x->dir == XACT_OUT) {
		mock_firmware_take(&p->fw, x->data, x->want);
	}
	x->outcome = XACT_OK;
	x->native = 0;
	return 0;
}

static int probe_reopen(struct transport *t, struct err *e)
{
	struct probe *p = (struct probe *)t;

	(void)e;
	p->reopened++;
	mock_firmware_reset(&p->fw);
	return 0;
}

static void probe_close(struct transport *t)
{
	(void)t;
}

static const struct transport_ops ops = {
	.name = "firmware", .xfer = probe_xfer, .reopen = probe_reopen, .close = probe_close
};

static struct probe probe;

static struct transport *with_fault(struct fault_plan plan)
{
	struct transport *t;

	memset(&probe, 0, sizeof(probe));
	probe.t.ops = &ops;
	mock_firmware_reset(&probe.fw);
	fake_clock_init(&probe.clock);
	assert_int_equal(transport_fault_new(&probe.t, &plan, &probe.clock.clock, &t, NULL), 0);
	return t;
}

static uint8_t reply[16];

static struct xact ask(uint8_t a, uint8_t b, size_t want)
{
	return (struct xact){ .cmd = { a, b },
			      .cmd_len = 16,
			      .dir = XACT_IN,
			      .data = reply,
			      .want = want,
			      .timeout_ms = 70 };
}

static void each_kind_fails_as_it_says(void **state)
{
	static const struct {
		enum fault_kind kind;
		enum xact_outcome outcome;
		int code, native;
		unsigned reached; /* the probe */
		unsigned slept_ms;
	} cases[] = {
		{ FAULT_REQUEST_LOST, XACT_TIMEOUT, ERR_TIMEOUT, -7, 0, 70 },
		{ FAULT_REPLY_LOST, XACT_TIMEOUT, ERR_TIMEOUT, -7, 1, 70 },
		{ FAULT_STALL, XACT_STALL, ERR_USB, -9, 0, 0 },
		{ FAULT_SHORT, XACT_SHORT, ERR_USB, 0, 1, 0 },
		{ FAULT_USB_ERROR, XACT_USB_ERROR, ERR_USB, -1, 1, 0 },
		{ FAULT_STATUS, XACT_OK, 0, 0, 1, 0 },
		{ FAULT_REFUSED, XACT_OK, 0, 0, 0, 0 },
		{ FAULT_GONE, XACT_GONE, ERR_GONE, -4, 0, 0 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct transport *t = with_fault(
			(struct fault_plan){ .kind = cases[i].kind, .nth = 1, .status = 0x16 });
		struct xact x = ask(0xf2, 0x31, 12);
		struct err e = { 0 };

		assert_int_equal(transport_xfer(t, &x, &e), cases[i].code);
		assert_int_equal(x.outcome, cases[i].outcome);
		assert_int_equal(x.native, cases[i].native);
		assert_int_equal(probe.xfers, cases[i].reached);
		assert_int_equal(probe.clock.slept_us, cases[i].slept_ms * 1000);
		if (x.outcome == XACT_OK)
			assert_int_equal(reply[0], 0x16);
		if (x.outcome == XACT_SHORT)
			assert_int_equal(x.got, 6);
		assert_int_equal(transport_fault_fired(t), 1);
		transport_close(t);
	}
}

static void gone_is_gone_until_it_is_reopened(void **state)
{
	struct transport *t = with_fault((struct fault_plan){ .kind = FAULT_GONE, .nth = 2 });
	struct xact x = ask(0xf1, 0, 6);

	(void)state;
	assert_int_equal(transport_xfer(t, &x, NULL), 0);
	assert_int_equal(transport_xfer(t, &x, NULL), ERR_GONE);
	assert_int_equal(transport_xfer(t, &x, NULL), ERR_GONE);
	assert_int_equal(transport_reopen(t, NULL), 0);
	assert_int_equal(transport_xfer(t, &x, NULL), 0);
	assert_int_equal(probe.reopened, 1);
	transport_close(t);
}

static void data_is_wrong_by_one_bit_and_nobody_says_so(void **state)
{
	struct transport *t =
		with_fault((struct fault_plan){ .kind = FAULT_CORRUPT_WRITE, .nth = 1 });
	uint8_t bytes[64] = { 0 };
	struct xact x = { .cmd = { 0xf2, 0x08, 0, 0, 0, 0x20, 64 },
			  .cmd_len = 16,
			  .dir = XACT_OUT,
			  .data = bytes,
			  .want = 64 };
	unsigned wrong = 0;

	(void)state;
	assert_int_equal(transport_xfer(t, &x, NULL), 0);
	for (unsigned i = 0; i < 64; i++) {
		wrong += (unsigned)__builtin_popcount(probe.fw.ram[i]);
		assert_int_equal(bytes[i], 0); /* what was lent is not touched */
	}
	assert_int_equal(wrong, 1);
	transport_close(t);
}

static void chance_follows_the_seed(void **state)
{
	unsigned fired[3];

	(void)state;
	for (unsigned run = 0; run < 3; run++) {
		struct transport *t = with_fault((struct fault_plan){
			.kind = FAULT_STALL, .per_million = 100000, .seed = run == 2 ? 2 : 1 });
		uint64_t which = 0;

		for (unsigned i = 0; i < 1000; i++) {
			struct xact x = ask(0xf1, 0, 6);

			if (transport_xfer(t, &x, NULL))
				which = which * 31 + i;
		}
		assert_in_range(transport_fault_fired(t), 60, 150);
		fired[run] = (unsigned)which;
		transport_close(t);
	}
	assert_int_equal(fired[0], fired[1]);
	assert_int_not_equal(fired[0], fired[2]);
}

static void a_fault_can_last_or_stay(void **state)
{
	struct transport *t =
		with_fault((struct fault_plan){ .kind = FAULT_STALL, .nth = 2, .times = 3 });
	unsigned failed = 0;

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		struct xact x = ask(0xf1, 0, 6);

		failed += transport_xfer(t, &x, NULL) != 0;
	}
	assert_int_equal(failed, 3);
	transport_close(t);
	t = with_fault((struct fault_plan){ .kind = FAULT_STALL, .nth = 4, .stays = true });
	failed = 0;
	for (unsigned i = 0; i < 10; i++) {
		struct xact x = ask(0xf1, 0, 6);

		failed += transport_xfer(t, &x, NULL) != 0;
	}
	assert_int_equal(failed, 7);
	transport_close(t);
}

static void plans_are_written_as_text(void **state)
{
	static const char *const wrong[] = {
		"",	  "kind=stall",	      "nth=0",	     "kind=x,nth=1",
		"nth=-1", "nth=1,status=256", "nth=1,foo=2", "nth=1,foo",
		"nth=1x", "ppm=1000001"
	};
	struct fault_plan p;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(
		fault_plan_parse("kind=status,status=0x10,nth=5,times=3,stays,seed=9", &p, &e), 0);
	assert_int_equal(p.kind, FAULT_STATUS);
	assert_int_equal(p.status, 0x10);
	assert_int_equal(p.nth, 5);
	assert_int_equal(p.times, 3);
	assert_int_equal(p.seed, 9);
	assert_true(p.stays);
	for (unsigned k = 0; k < FAULT_KINDS; k++) {
		char text[60];

		snprintf(text, sizeof(text), "kind=%s,ppm=1", fault_kind_name((enum fault_kind)k));
		assert_int_equal(fault_plan_parse(text, &p, &e), 0);
		assert_int_equal(p.kind, k);
	}
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (fault_plan_parse(wrong[i], &p, &e) != ERR_USAGE)
			fail_msg("'%s' was taken for a plan", wrong[i]);
	}
}

/* A session that writes, reads back and compares, so that nothing can be wrong without being seen.
 */
static int session(struct transport *t, struct err *e)
{
	uint8_t out[200], in[200];
	struct stlink s;
	int rc;

	for (unsigned i = 0; i < sizeof(out); i++)
		out[i] = (uint8_t)(i * 3 + 1);
	memset(in, 0, sizeof(in));
	stlink_init(&s, t, &probe.clock.clock);
	rc = stlink_open(&s, e);
	if (!rc)
		rc = stlink_set_khz(&s, STLINK_LINK_SWD, 1800, NULL, e);
	if (!rc)
		rc = stlink_enter(&s, STLINK_LINK_SWD, e);
	if (!rc)
		rc = stlink_ap_open(&s, 0, e);
	if (!rc)
		rc = stlink_mem_write(&s, 0, 4, 0, 0x20000000, out, sizeof(out), e);
	if (!rc)
		rc = stlink_mem_read(&s, 0, 4, 0, 0x20000000, in, sizeof(in), e);
	if (!rc && memcmp(in, out, sizeof(in)))
		return err_set(e, ERR_PROTOCOL, "what was read differs");
	if (!rc && memcmp(probe.fw.ram, out, sizeof(out)))
		fail_msg("a session that ended well left wrong bytes behind");
	return rc;
}

static void every_transaction_of_a_session_failed_once_in_every_way(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < FAULT_KINDS; kind++) {
		unsigned nth = 1, told = 0;

		for (;; nth++) {
			struct transport *t = with_fault((struct fault_plan){
				.kind = (enum fault_kind)kind, .nth = nth, .status = 0x0d });
			struct err e = { 0 };
			int rc = session(t, &e);
			bool fired = transport_fault_fired(t);

			transport_close(t);
			if (!fired)
				break; /* nth is behind the last one that fits */
			told += rc != 0;
			/* Only the first command, which asks for the version, is worth a second
			 * try. */
			if (!rc && probe.reopened)
				continue;
			if (rc >= 0)
				fail_msg("%s of transaction %u was not told",
					 fault_kind_name((enum fault_kind)kind), nth);
			if (!e.text[0] ||
			    (!e.native && kind != FAULT_SHORT && kind != FAULT_CORRUPT_READ &&
			     kind != FAULT_CORRUPT_WRITE))
				fail_msg("%s of transaction %u lost its number",
					 fault_kind_name((enum fault_kind)kind), nth);
		}
		assert_true(told >= 1);
	}
}

static void wait_alone_is_stood_without_a_word(void **state)
{
	unsigned nth = 1;

	(void)state;
	for (;; nth++) {
		struct transport *t = with_fault((struct fault_plan){
			.kind = FAULT_REFUSED, .nth = nth, .times = 3, .status = 0x10 });
		struct err e = { 0 };
		int rc = session(t, &e);
		bool fired = transport_fault_fired(t);

		transport_close(t);
		if (!fired)
			break;
		if (rc)
			fail_msg("WAIT at transaction %u: %s", nth, e.text);
		assert_in_range(probe.clock.slept_us, 700, 2000);
	}
	assert_true(nth > 4);
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(each_kind_fails_as_it_says),
		T(gone_is_gone_until_it_is_reopened),
		T(data_is_wrong_by_one_bit_and_nobody_says_so),
		T(chance_follows_the_seed),
		T(a_fault_can_last_or_stay),
		T(plans_are_written_as_text),
		T(every_transaction_of_a_session_failed_once_in_every_way),
		T(wait_alone_is_stood_without_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
