/* A target behind an ST-LINK: see target.h. */
#include "probe/target_stlink.h"

#include <string.h>

#include "probe/coresight_regs.h"
#include "probe/dap.h"

/* From so many words on a queue is cheaper than one command each. */
#define QUEUE_FROM 3

static struct stlink *begin(struct target *t)
{
	struct target_stlink *ts = (struct target_stlink *)t;

	ts->s->deadline = t->deadline;
	ts->s->most_bytes = (unsigned)t->block_bytes;
	ts->s->has_fault_address = false;
	return ts->s;
}

static int end(struct target *t, int rc)
{
	struct stlink *s = ((struct target_stlink *)t)->s;

	t->waits = s->waits;
	t->has_fault_address = rc == ERR_STATUS && s->has_fault_address;
	t->fault_address = s->fault_address;
	return rc;
}

static uint8_t ap_of(struct target *t)
{
	return ((struct target_stlink *)t)->ap;
}

/* The probe did not answer, or not in full: nothing was on its way out that it may still wait for.
 */
static bool is_lost_reply(int rc, bool data_out)
{
	return !data_out && (rc == ERR_USB || rc == ERR_TIMEOUT);
}

/*
 * Ask once more? Only what changes nothing by being done twice: `twice` says so. The debug port
 * refuses everything until its error flags are cleared.
 */
static bool again(struct target *t, int rc, bool twice, bool data_out, unsigned nth)
{
	struct stlink *s = ((struct target_stlink *)t)->s;

	if ((rc != ERR_STATUS && !is_lost_reply(rc, data_out)) || !twice || nth >= t->again)
		return false;
	t->asked_again++;
	if (rc == ERR_STATUS)
		dap_clear_sticky(s, NULL, NULL);
	s->has_fault_address = false;
	return true;
}

/* Memory, and the core's debug registers: a second write of the same is none. */
static bool same_twice(const struct target *t, uint32_t address)
{
	return t->twice || address - 0x20000000U < 0x20000000U ||
	       address - 0xe0000000U < 0x00100000U;
}

/* ---- memory ---- */

/* Bytes before the first whole word. */
static size_t head(uint32_t address, size_t len)
{
	size_t n = -address & 3;

	return n < len ? n : len;
}

static int read_once(struct target *t, uint32_t address, void *ret, size_t len, struct err *e)
{
	struct stlink *s = begin(t);
	uint8_t *at = ret;
	size_t first = head(address, len), words = (len - first) & ~(size_t)3;
	uint32_t behind = address + (uint32_t)(first + words);
	int rc = stlink_mem_read(s, ap_of(t), 1, 0, address, at, first, e);

	if (!rc)
		rc = stlink_mem_read(s, ap_of(t), 4, 0, address + (uint32_t)first, at + first,
				     words, e);
	if (!rc)
		rc = stlink_mem_read(s, ap_of(t), 1, 0, behind, at + first + words,
				     len - first - words, e);
	return end(t, rc);
}

/* What is one transaction, with the bytes before its first word. */
static size_t piece(const struct target *t, uint32_t address, size_t left)
{
	size_t most = t->block_bytes + head(address, left);

	return left < most ? left : most;
}

static int ts_read(struct target *t, uint32_t address, void *ret, size_t len, struct err *e)
{
	uint8_t *at = ret;
	int rc = 0;

	for (size_t off = 0, n; !rc && off < len; off += n) {
		n = piece(t, address + (uint32_t)off, len - off);
		for (unsigned nth = 0; !nth || again(t, rc, true, false, nth - 1); nth++)
			rc = read_once(t, address + (uint32_t)off, at + off, n, e);
	}
	return rc;
}

static int write_once(struct target *t, uint32_t address, const void *bytes, size_t len,
		      struct err *e)
{
	struct stlink *s = begin(t);
	const uint8_t *at = bytes;
	size_t first = head(address, len), words = (len - first) & ~(size_t)3;
	uint32_t behind = address + (uint32_t)(first + words);
	int rc = stlink_mem_write(s, ap_of(t), 1, 0, address, at, first, e);

	if (!rc)
		rc = stlink_mem_write(s, ap_of(t), 4, 0, address + (uint32_t)first, at + first,
				      words, e);
	if (!rc)
		rc = stlink_mem_write(s, ap_of(t), 1, 0, behind, at + first + words,
				      len - first - words, e);
	return end(t, rc);
}

static int ts_write(struct target *t, uint32_t address, const void *bytes, size_t len,
		    struct err *e)
{
	const uint8_t *at = bytes;
	int rc = 0;

	for (size_t off = 0, n; !rc && off < len; off += n) {
		n = piece(t, address + (uint32_t)off, len - off);
		for (unsigned nth = 0; !nth || again(t, rc, same_twice(t, address), true, nth - 1);
		     nth++)
			rc = write_once(t, address + (uint32_t)off, at + off, n, e);
	}
	return rc;
}

static int ts_write_wide(struct target *t, unsigned width, bool once, uint32_t address,
			 const void *bytes, size_t len, struct err *e)
{
	return end(t, stlink_mem_write(begin(t), ap_of(t), width, once ? STLINK_MEM_ONCE : 0,
				       address, bytes, len, e));
}

static int ts_read_wide(struct target *t, unsigned width, uint32_t address, void *ret, size_t len,
			struct err *e)
{
	int rc;

	for (unsigned nth = 0;; nth++) {
		rc = end(t, stlink_mem_read(begin(t), ap_of(t), width, 0, address, ret, len, e));
		if (!again(t, rc, true, false, nth))
			return rc;
	}
}

/* ---- words ---- */

/* One command a word, which carries its status; through access port 0 only. */
static int single(struct stlink *s, struct target_word *w, struct err *e)
{
	return w->write ? stlink_word_write(s, w->address, w->value, e)
			: stlink_word_read(s, w->address, &w->value, e);
}

static int queued(struct stlink *s, uint8_t ap, struct target_word *words, size_t n,
		  size_t *ret_done, struct err *e)
{
	struct stlink_queued items[STLINK_QUEUE_MAX_V2];
	int rc = 0;

	*ret_done = 0;
	while (!rc && n) {
		size_t now = n < STLINK_QUEUE_MAX_V2 ? n : STLINK_QUEUE_MAX_V2, done;

		for (size_t i = 0; i < now; i++)
			items[i] = (struct stlink_queued){ words[i].write, words[i].address,
							   words[i].value };
		rc = stlink_queue_run(s, ap, items, now, &done, e);
		for (size_t i = 0; i < done; i++)
			words[i].value = items[i].value;
		*ret_done += done;
		words += now;
		n -= now;
	}
	return rc;
}

static int words_once(struct target *t, struct target_word *words, size_t n, size_t *ret_done,
		      struct err *e)
{
	struct stlink *s = begin(t);
	int rc = 0;

	if (ap_of(t) || (n >= QUEUE_FROM && stlink_can(s, STLINK_GATE_RW_MISC)))
		return end(t, queued(s, ap_of(t), words, n, ret_done, e));
	for (*ret_done = 0; !rc && *ret_done < n; *ret_done += !rc)
		rc = single(s, &words[*ret_done], e);
	return end(t, rc);
}

static bool all_same_twice(const struct target *t, const struct target_word *words, size_t n)
{
	bool all = true;

	for (size_t i = 0; i < n; i++)
		all &= !words[i].write || same_twice(t, words[i].address);
	return all;
}

static int ts_words(struct target *t, struct target_word *words, size_t n, size_t *ret_done,
		    struct err *e)
{
	int rc;

	for (unsigned nth = 0;; nth++) {
		rc = words_once(t, words, n, ret_done, e);
		if (!again(t, rc, all_same_twice(t, words, n), n >= QUEUE_FROM, nth))
			return rc;
	}
}

/* ---- core ---- */

/*
 * The probe's own commands know access port 0 only. Behind another one: by DCRSR and DCRDR, and the
 * core is done long before the next word of the queue has crossed the wire.
 */
static int core_read_by_words(struct target *t, uint8_t reg, uint32_t *ret, struct err *e)
{
	struct target_word words[] = { { true, CORESIGHT_DCRSR, reg },
				       { .address = CORESIGHT_DCRDR } };
	size_t done;
	int rc = ts_words(t, words, 2, &done, e);

	if (!rc)
		*ret = words[1].value;
	return rc;
}

static int core_write_by_words(struct target *t, uint8_t reg, uint32_t value, struct err *e)
{
	struct target_word words[] = { { true, CORESIGHT_DCRDR, value },
				       { true, CORESIGHT_DCRSR, DCRSR_WRITE | reg } };
	size_t done;

	return ts_words(t, words, 2, &done, e);
}

static int ts_core_read(struct target *t, uint8_t reg, uint32_t *ret, struct err *e)
{
	int rc;

	if (ap_of(t))
		return core_read_by_words(t, reg, ret, e);
	for (unsigned nth = 0;; nth++) {
		rc = end(t, stlink_core_read(begin(t), reg, ret, e));
		if (!again(t, rc, true, false, nth))
			return rc;
	}
}

static int ts_core_write(struct target *t, uint8_t reg, uint32_t value, struct err *e)
{
	int rc;

	if (ap_of(t))
		return core_write_by_words(t, reg, value, e);
	for (unsigned nth = 0;; nth++) {
		rc = end(t, stlink_core_write(begin(t), reg, value, e));
		if (!again(t, rc, true, false, nth))
			return rc;
	}
}

/* ---- lines, supply, speed ---- */

static int ts_nrst(struct target *t, enum target_nrst level, struct err *e)
{
	return end(t, stlink_drive_nrst(
			      begin(t),
			      level == TARGET_NRST_LOW ? STLINK_NRST_LOW : STLINK_NRST_HIGH, e));
}

static int ts_voltage(struct target *t, struct target_voltage *ret, struct err *e)
{
	struct stlink_voltage v;
	int rc = end(t, stlink_read_voltage(begin(t), &v, e));

	if (!rc)
		*ret = (struct target_voltage){ v.mv, v.trust == STLINK_TRUST_GOOD };
	return rc;
}

static int ts_set_khz(struct target *t, uint32_t khz, uint32_t *ret_khz, struct err *e)
{
	struct target_stlink *ts = (struct target_stlink *)t;
	int rc = end(t, stlink_set_khz(begin(t), ts->link, khz, ret_khz, e));

	if (!rc)
		ts->khz = khz;
	return rc;
}

static int ts_list_khz(struct target *t, uint32_t *ret, size_t max, size_t *ret_n, struct err *e)
{
	uint32_t list[STLINK_KHZ_MAX];
	size_t n;
	int rc = end(t, stlink_khz_list(begin(t), ((struct target_stlink *)t)->link, list, &n, e));

	if (rc)
		return rc;
	*ret_n = n < max ? n : max;
	memcpy(ret, list, *ret_n * sizeof(list[0]));
	return 0;
}

static uint32_t ts_khz(const struct target *t)
{
	return ((const struct target_stlink *)t)->s->khz;
}

/* ---- sessions ---- */

static int drive_for(struct stlink *s, enum target_connect how, struct err *e)
{
	if (how == TARGET_CONNECT_HOT_PLUG || !stlink_can(s, STLINK_GATE_DRIVE_NRST))
		return 0;
	return stlink_drive_nrst(
		s, how == TARGET_CONNECT_UNDER_RESET ? STLINK_NRST_LOW : STLINK_NRST_HIGH, e);
}

/* Some chips (WBA) have nothing behind the first access port's number, and the core behind the
 * next. */
static int open_port(struct target_stlink *ts, struct err *e)
{
	struct err first = { 0 };
	int rc = stlink_ap_open(ts->s, ts->ap, &first);

	if (rc == ERR_STATUS && !ts->ap && first.native == STLINK_DEBUG_BAD_AP &&
	    !stlink_ap_open(ts->s, 1, NULL)) {
		ts->ap = 1;
		return 0;
	}
	if (rc && e)
		*e = first;
	return rc;
}

/* The line is driven before and after ENTER, as some firmware forgets it there. */
static int ts_connect(struct target *t, enum target_connect how, struct err *e)
{
	struct target_stlink *ts = (struct target_stlink *)t;
	struct stlink *s = begin(t);
	int rc = s->version.hardware ? 0 : stlink_open(s, e);

	if (!rc)
		rc = stlink_leave(s, NULL, e);
	if (!rc && ts->khz)
		rc = stlink_set_khz(s, ts->link, ts->khz, NULL, e);
	if (!rc)
		rc = drive_for(s, how, e);
	if (!rc)
		rc = stlink_enter(s, ts->link, e);
	if (!rc && how == TARGET_CONNECT_UNDER_RESET)
		rc = drive_for(s, how, e);
	if (!rc)
		rc = open_port(ts, e);
	return end(t, rc);
}

static int ts_hello(struct target *t, struct err *e)
{
	return end(t, stlink_open(begin(t), e));
}

static int ts_reopen(struct target *t, struct err *e)
{
	struct stlink *s = begin(t);
	int rc = end(t, transport_reopen(s->t, e));

	return rc ? rc : ts_hello(t, e);
}

static int ts_clear_errors(struct target *t, uint32_t *ret_were, struct err *e)
{
	return end(t, dap_clear_sticky(begin(t), ret_were, e));
}

/* The core of every chip with several ports is behind one of the first two. */
static int ts_next_port(struct target *t, struct err *e)
{
	struct target_stlink *ts = (struct target_stlink *)t;
	struct stlink *s = begin(t);
	int rc = ts->ap ? err_set(e, ERR_UNSUPPORTED, "no access port is left")
			: stlink_ap_open(s, 1, e);

	if (!rc)
		ts->ap = 1;
	return end(t, rc);
}

static void ts_mark(struct target *t, const char *text)
{
	transport_mark(((struct target_stlink *)t)->s->t, text);
}

static const struct target_ops ops = {
	.name = "stlink",
	.read = ts_read,
	.write = ts_write,
	.write_wide = ts_write_wide,
	.read_wide = ts_read_wide,
	.words = ts_words,
	.core_read = ts_core_read,
	.core_write = ts_core_write,
	.nrst = ts_nrst,
	.voltage = ts_voltage,
	.set_khz = ts_set_khz,
	.list_khz = ts_list_khz,
	.khz = ts_khz,
	.connect = ts_connect,
	.reopen = ts_reopen,
	.hello = ts_hello,
	.clear_errors = ts_clear_errors,
	.next_port = ts_next_port,
	.mark = ts_mark,
};

void target_stlink_init(struct target_stlink *ts, struct stlink *s, uint8_t ap,
			enum stlink_link link, uint32_t khz)
{
	*ts = (struct target_stlink){
		.t = { .ops = &ops, .clock = s->clock, .block_bytes = STLINK_MAX_RW },
		.s = s,
		.ap = ap,
		.link = link,
		.khz = khz,
	};
}
