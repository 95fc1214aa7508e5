/* Words of memory and the core's registers, by the commands that go through access port 0. */
#include "probe/base/bytes.h"
#include "probe/coresight_regs.h"
#include "probe/stlink.h"

#define FPU_REGS_FROM 0x20 /* DCRSR numbers that older firmware does not know */

int stlink_word_read(struct stlink *s, uint32_t address, uint32_t *ret, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { address };
	uint8_t reply[8];
	int rc = stlink_do(s, STLINK_CMD_READDEBUGREG, args, reply, sizeof(reply), e);

	if (rc)
		return err_prefix(e, rc, "0x%08x", address);
	*ret = get_le32(reply + 4);
	return 0;
}

int stlink_word_write(struct stlink *s, uint32_t address, uint32_t value, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { address, value };
	uint8_t reply[2];
	int rc = stlink_do(s, STLINK_CMD_WRITEDEBUGREG, args, reply, sizeof(reply), e);

	return rc ? err_prefix(e, rc, "0x%08x", address) : 0;
}

static int check_register(struct stlink *s, uint8_t reg, struct err *e)
{
	if (reg >= FPU_REGS_FROM && !stlink_can(s, STLINK_GATE_FPU_REGS))
		return err_set(e, ERR_UNSUPPORTED, "core register %u: FPU registers need V2J15",
			       reg);
	return 0;
}

int stlink_core_read(struct stlink *s, uint8_t reg, uint32_t *ret, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { reg };
	uint8_t reply[8];
	int rc = check_register(s, reg, e);

	if (rc)
		return rc;
	rc = stlink_do(s, STLINK_CMD_READREG, args, reply, sizeof(reply), e);
	if (rc)
		return err_prefix(e, rc, "core register %u", reg);
	*ret = get_le32(reply + 4);
	return 0;
}

int stlink_core_write(struct stlink *s, uint8_t reg, uint32_t value, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { reg, value };
	uint8_t reply[2];
	int rc = check_register(s, reg, e);

	if (rc)
		return rc;
	rc = stlink_do(s, STLINK_CMD_WRITEREG, args, reply, sizeof(reply), e);
	return rc ? err_prefix(e, rc, "core register %u", reg) : 0;
}

int stlink_core_read_all(struct stlink *s, uint32_t ret[STLINK_CORE_REGS], struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { 0 };
	uint8_t reply[88];
	int rc = stlink_do(s, STLINK_CMD_READALLREGS, args, reply, sizeof(reply), e);

	if (rc)
		return rc;
	for (unsigned i = 0; i < STLINK_CORE_REGS; i++)
		ret[i] = get_le32(reply + 4 + (size_t)4 * i);
	return 0;
}

int stlink_core_halt(struct stlink *s, struct err *e)
{
	return stlink_word_write(s, CORESIGHT_DHCSR, DHCSR_KEY | DHCSR_C_DEBUGEN | DHCSR_C_HALT, e);
}

int stlink_core_run(struct stlink *s, struct err *e)
{
	return stlink_word_write(s, CORESIGHT_DHCSR, DHCSR_KEY | DHCSR_C_DEBUGEN, e);
}

/* C_MASKINTS may only change while the core is halted, hence the write before the step. */
int stlink_core_step(struct stlink *s, struct err *e)
{
	const uint32_t halted = DHCSR_KEY | DHCSR_C_DEBUGEN | DHCSR_C_MASKINTS | DHCSR_C_HALT;
	const uint32_t step = DHCSR_KEY | DHCSR_C_DEBUGEN | DHCSR_C_MASKINTS | DHCSR_C_STEP;
	int rc = stlink_word_write(s, CORESIGHT_DHCSR, halted, e);

	if (!rc)
		rc = stlink_word_write(s, CORESIGHT_DHCSR, step, e);
	return rc ? rc : stlink_core_halt(s, e);
}

int stlink_core_reset(struct stlink *s, struct err *e)
{
	uint8_t reply[2];

	return stlink_do(s, STLINK_CMD_RESETSYS, NULL, reply, sizeof(reply), e);
}
