/* The steps that all ways of writing option bytes are made of: unlock, wait, look for errors. */
#include "flash/option_write.h"

#define POLL_US 2000

const uint32_t option_flash_keys[2] = { 0x45670123, 0xcdef89ab };
const uint32_t option_option_keys[2] = { 0x08192a3b, 0x4c5d6e7f };

int option_write_keys(struct target *t, uint32_t reg, const uint32_t pair[2], struct err *e)
{
	int rc = target_write32(t, reg, pair[0], e);

	return rc ? rc : target_write32(t, reg, pair[1], e);
}

/* Unlock if `lock` is set in reg; a key written to what is open would lock it until a reset. */
int option_unlock(struct target *t, uint32_t reg, uint32_t lock, uint32_t key_reg,
		  const uint32_t pair[2], struct err *e)
{
	uint32_t word;
	int rc = target_read32(t, reg, &word, e);

	if (!rc && word & lock)
		rc = option_write_keys(t, key_reg, pair, e);
	if (!rc)
		rc = target_read32(t, reg, &word, e);
	if (!rc && word & lock)
		rc = err_set_native(e, ERR_PROTOCOL, (int)word, "0x%08x stays locked (0x%08x)", reg,
				    word);
	return rc;
}

int option_wait(struct target *t, uint32_t reg, uint32_t busy, unsigned ms, uint32_t *ret,
		struct err *e)
{
	uint64_t end = clock_now_us(t->clock) + (uint64_t)ms * 1000;
	uint32_t word;
	int rc;

	for (;;) {
		rc = target_read32(t, reg, &word, e);
		if (rc)
			return rc;
		*ret = word;
		if (!(word & busy))
			return 0;
		if (clock_now_us(t->clock) > end)
			return err_set_native(e, ERR_TIMEOUT, (int)word,
					      "busy for more than %u ms (0x%08x is 0x%08x)", ms,
					      reg, word);
		clock_sleep_us(t->clock, POLL_US);
	}
}

int option_refused(uint32_t reg, uint32_t word, uint32_t errors, struct err *e)
{
	if (!(word & errors))
		return 0;
	return err_set_native(e, ERR_PROTOCOL, (int)word,
			      "the chip refused them (0x%08x is 0x%08x)", reg, word);
}

uint32_t option_reg_value(const struct option_reg *regs, size_t n, uint32_t offset)
{
	for (size_t i = 0; i < n; i++)
		if (regs[i].offset == offset)
			return regs[i].value;
	return 0;
}
