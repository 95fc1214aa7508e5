/* Feeding the independent watchdog through the debug port: see feed.h. */
#include "flash/feed.h"

#define KEY_RELOAD 0xaaaaU /* into KR, the first register */
#define EVERY_US   4000	   /* programs let it run for some ms at least */
#define PIECE	   512	   /* what an ST-LINK/V2 reads in that time */

void feed_begin(struct target *t, uint32_t iwdg)
{
	t->feed = (struct target_feed){ .address = iwdg };
}

void feed(struct target *t)
{
	uint64_t now = clock_now_us(t->clock);
	bool twice = t->twice;

	if (!t->feed.address || now < t->feed.next_us)
		return;
	t->feed.next_us = now + EVERY_US;
	t->twice = true;
	target_write32(t, t->feed.address, KEY_RELOAD, NULL);
	t->twice = twice;
}

int feed_sleep_us(struct target *t, const struct deadline *limit, uint64_t us, struct err *e)
{
	int rc = 0;

	while (!rc && t->feed.address && us > EVERY_US) {
		feed(t);
		rc = deadline_sleep_us(limit, EVERY_US, e);
		us -= EVERY_US;
	}
	feed(t);
	return rc ? rc : deadline_sleep_us(limit, us, e);
}

int feed_read(struct target *t, uint32_t address, void *ret, size_t len, struct err *e)
{
	uint8_t *at = ret;
	int rc = 0;

	while (!rc && t->feed.address && len > PIECE) {
		feed(t);
		rc = target_read(t, address, at, PIECE, e);
		address += PIECE;
		at += PIECE;
		len -= PIECE;
	}
	feed(t);
	return rc ? rc : target_read(t, address, at, len, e);
}
