/*
 * Memory, words and core registers of a target behind an ST-LINK, each asked for again where that
 * changes nothing.
 */
#include "probe/target_stlink_internal.h"

#include "probe/coresight_regs.h"
#include "probe/dap.h"

/* From so many words on a queue is cheaper than one command each. */
#define QUEUE_FROM 3
/* That a reading failed is told behind all of it: what is asked for again should take so long. */
#define READ_MS	      40
#define CLOCKS_A_BYTE 17
#define READ_LEAST    1024

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
	struct stlink *s = target_stlink_begin(t);
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
	return target_stlink_end(t, rc);
}

/* What is one transaction, with the bytes before its first word. */
static size_t piece(const struct target *t, uint32_t address, size_t left)
{
	size_t most = t->block_bytes + head(address, left);

	return left < most ? left : most;
}

static size_t read_piece(const struct target *t, uint32_t address, size_t left)
{
	size_t most = (size_t)((const struct target_stlink *)t)->s->khz * READ_MS / CLOCKS_A_BYTE &
		      ~(size_t)(READ_LEAST - 1);
	size_t n = piece(t, address, left);

	most = head(address, left) + (most < READ_LEAST ? READ_LEAST : most);
	return n < most ? n : most;
}

int target_stlink_read(struct target *t, uint32_t address, void *ret, size_t len, struct err *e)
{
	uint8_t *at = ret;
	int rc = 0;

	for (size_t off = 0, n; !rc && off < len; off += n) {
		n = read_piece(t, address + (uint32_t)off, len - off);
		for (unsigned nth = 0; !nth || again(t, rc, true, false, nth - 1); nth++)
			rc = read_once(t, address + (uint32_t)off, at + off, n, e);
	}
	return rc;
}

static int write_once(struct target *t, uint32_t address, const void *bytes, size_t len,
		      struct err *e)
{
	struct stlink *s = target_stlink_begin(t);
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
	return target_stlink_end(t, rc);
}

int target_stlink_write(struct target *t, uint32_t address, const void *bytes, size_t len,
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

int target_stlink_write_wide(struct target *t, unsigned width, bool once, uint32_t address,
			     const void *bytes, size_t len, struct err *e)
{
	return target_stlink_end(t, stlink_mem_write(target_stlink_begin(t), ap_of(t), width,
						     once ? STLINK_MEM_ONCE : 0, address, bytes,
						     len, e));
}

int target_stlink_read_wide(struct target *t, unsigned width, uint32_t address, void *ret,
			    size_t len, struct err *e)
{
	int rc;

	for (unsigned nth = 0;; nth++) {
		rc = target_stlink_end(t, stlink_mem_read(target_stlink_begin(t), ap_of(t), width,
							  0, address, ret, len, e));
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
	struct stlink *s = target_stlink_begin(t);
	int rc = 0;

	if (ap_of(t) || (n >= QUEUE_FROM && stlink_can(s, STLINK_GATE_RW_MISC)))
		return target_stlink_end(t, queued(s, ap_of(t), words, n, ret_done, e));
	for (*ret_done = 0; !rc && *ret_done < n; *ret_done += !rc)
		rc = single(s, &words[*ret_done], e);
	return target_stlink_end(t, rc);
}

static bool all_same_twice(const struct target *t, const struct target_word *words, size_t n)
{
	bool all = true;

	for (size_t i = 0; i < n; i++)
		all &= !words[i].write || same_twice(t, words[i].address);
	return all;
}

int target_stlink_words(struct target *t, struct target_word *words, size_t n, size_t *ret_done,
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
	int rc = target_stlink_words(t, words, 2, &done, e);

	if (!rc)
		*ret = words[1].value;
	return rc;
}

static int core_write_by_words(struct target *t, uint8_t reg, uint32_t value, struct err *e)
{
	struct target_word words[] = { { true, CORESIGHT_DCRDR, value },
				       { true, CORESIGHT_DCRSR, DCRSR_WRITE | reg } };
	size_t done;

	return target_stlink_words(t, words, 2, &done, e);
}

int target_stlink_core_read(struct target *t, uint8_t reg, uint32_t *ret, struct err *e)
{
	int rc;

	if (ap_of(t))
		return core_read_by_words(t, reg, ret, e);
	for (unsigned nth = 0;; nth++) {
		rc = target_stlink_end(t, stlink_core_read(target_stlink_begin(t), reg, ret, e));
		if (!again(t, rc, true, false, nth))
			return rc;
	}
}

int target_stlink_core_write(struct target *t, uint8_t reg, uint32_t value, struct err *e)
{
	int rc;

	if (ap_of(t))
		return core_write_by_words(t, reg, value, e);
	for (unsigned nth = 0;; nth++) {
		rc = target_stlink_end(t, stlink_core_write(target_stlink_begin(t), reg, value, e));
		if (!again(t, rc, true, false, nth))
			return rc;
	}
}
