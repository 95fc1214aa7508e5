/* Words in a queue: two transactions for many accesses. */
#include <assert.h>
#include <string.h>

#include "probe/base/bytes.h"
#include "probe/stlink.h"

#define ITEMS_MAX STLINK_QUEUE_MAX_V2 /* of the probe; what any firmware takes is enough for us */

/* What is sent: one code and one word an item; a write takes two. */
struct packed {
	uint8_t codes[ITEMS_MAX];
	uint32_t words[ITEMS_MAX];
	size_t at[ITEMS_MAX]; /* of each access, the slot that carries its result */
	size_t n;
};

static void add(struct packed *p, enum stlink_queue_item code, uint32_t word)
{
	assert(p->n < ITEMS_MAX);
	p->codes[p->n] = (uint8_t)code;
	p->words[p->n++] = word;
}

/* How many accesses fit. */
static size_t pack(struct packed *p, uint8_t ap, const struct stlink_queued *items, size_t n)
{
	size_t i;

	p->n = 0;
	add(p, STLINK_QUEUE_APNUM, ap);
	for (i = 0; i < n && p->n + (items[i].write ? 2 : 1) <= ITEMS_MAX; i++) {
		if (items[i].write) {
			add(p, STLINK_QUEUE_ADDRESS, items[i].address);
			add(p, STLINK_QUEUE_WRITE, items[i].value);
		} else {
			add(p, STLINK_QUEUE_READ, items[i].address);
		}
		p->at[i] = p->n - 1;
	}
	return i;
}

static int exchange(struct stlink *s, const struct packed *p, uint8_t *reply, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { (uint32_t)p->n };
	size_t codes = (p->n + 3) / 4 * 4;
	uint8_t out[ITEMS_MAX + 4 * ITEMS_MAX] = { 0 };
	int rc;

	memcpy(out, p->codes, p->n);
	for (size_t i = 0; i < p->n; i++)
		put_le32(out + codes + 4 * i, p->words[i]);
	rc = stlink_send(s, STLINK_CMD_RW_MISC_OUT, args, out, stlink_queue_out_bytes(p->n), e);
	return rc ? rc : stlink_send(s, STLINK_CMD_RW_MISC_IN, NULL, reply, 8 * p->n, e);
}

/* The statuses of everything up to an access are its own: port and address count as part of it. */
static int judge(const struct packed *p, const uint8_t *reply, struct stlink_queued *items,
		 size_t taken, size_t *ret_done, struct err *e)
{
	size_t slot = 0;

	for (size_t i = 0; i < taken; i++) {
		for (; slot <= p->at[i]; slot++) {
			uint32_t word = get_le32(reply + 4 * (p->n + slot));

			if (word != STLINK_DEBUG_OK)
				return err_prefix(e, stlink_status_err(e, (uint16_t)word),
						  "queued %s at 0x%08x",
						  items[i].write ? "write" : "read",
						  items[i].address);
		}
		if (!items[i].write)
			items[i].value = get_le32(reply + 4 * p->at[i]);
		++*ret_done;
	}
	return 0;
}

static int one_by_one(struct stlink *s, uint8_t ap, struct stlink_queued *items, size_t n,
		      size_t *ret_done, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t word[4];
		int rc;

		put_le32(word, items[i].value);
		if (items[i].write)
			rc = stlink_mem_write(s, ap, 4, 0, items[i].address, word, 4, e);
		else
			rc = stlink_mem_read(s, ap, 4, 0, items[i].address, word, 4, e);
		if (rc)
			return rc;
		if (!items[i].write)
			items[i].value = get_le32(word);
		++*ret_done;
	}
	return 0;
}

int stlink_queue_run(struct stlink *s, uint8_t ap, struct stlink_queued *items, size_t n,
		     size_t *ret_done, struct err *e)
{
	*ret_done = 0;
	if (!stlink_can(s, STLINK_GATE_RW_MISC))
		return one_by_one(s, ap, items, n, ret_done, e);
	while (n) {
		uint8_t reply[8 * ITEMS_MAX];
		struct packed p;
		size_t taken = pack(&p, ap, items, n);
		int rc = exchange(s, &p, reply, e);

		if (!rc)
			rc = judge(&p, reply, items, taken, ret_done, e);
		if (rc)
			return rc;
		items += taken;
		n -= taken;
	}
	return 0;
}
