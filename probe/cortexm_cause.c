/* Why the chip was reset: the flags of RCC, family by family. */
#include <string.h>

#include "probe/cortexm.h"

/*
 * Addresses and RMVF: ST's reference manuals; the other bits as in the device headers. Columns:
 * clear (RMVF), option bytes or brown-out, pin, power-on, software, IWDG, WWDG, low power.
 */
const struct cortexm_cause_reg cortexm_cause_regs[] = {
	{ "F0", 0x40021024, 24, 25, 26, 27, 28, 29, 30, 31 },
	{ "F1", 0x40021024, 24, -1, 26, 27, 28, 29, 30, 31 },
	{ "F3", 0x40021024, 24, 25, 26, 27, 28, 29, 30, 31 },
	{ "F2", 0x40023874, 24, 25, 26, 27, 28, 29, 30, 31 },
	{ "F4", 0x40023874, 24, 25, 26, 27, 28, 29, 30, 31 },
	{ "F7", 0x40023874, 24, 25, 26, 27, 28, 29, 30, 31 },
	{ "L0", 0x40021050, 23, 25, 26, 27, 28, 29, 30, 31 },
	{ "L1", 0x40023834, 24, 25, 26, 27, 28, 29, 30, 31 },
	{ "L4", 0x40021094, 23, 25, 26, 27, 28, 29, 30, 31 },
	{ "G4", 0x40021094, 23, 25, 26, 27, 28, 29, 30, 31 },
	{ "G0", 0x40021060, 23, 25, 26, 27, 28, 29, 30, 31 },
	{ "C0", 0x40021060, 23, 25, 26, 27, 28, 29, 30, 31 },
	{ "WB", 0x58000094, 23, 25, 26, 27, 28, 29, 30, 31 },
	{ "WL", 0x58000094, 23, 25, 26, 27, 28, 29, 30, 31 },
	{ "H7", 0x580244d0, 16, -1, 22, -1, 24, 26, 28, -1 },
};

const size_t cortexm_cause_regs_len = sizeof(cortexm_cause_regs) / sizeof(cortexm_cause_regs[0]);

const struct cortexm_cause_reg *cortexm_cause_find(const char *family)
{
	for (size_t i = 0; i < cortexm_cause_regs_len; i++) {
		if (!strcmp(cortexm_cause_regs[i].family, family))
			return &cortexm_cause_regs[i];
	}
	return NULL;
}

static uint32_t flag(uint32_t value, int8_t bit, enum cortexm_cause cause)
{
	return bit >= 0 && value >> bit & 1 ? (uint32_t)cause : 0;
}

uint32_t cortexm_causes_of(const struct cortexm_cause_reg *reg, uint32_t value)
{
	return flag(value, reg->options, CORTEXM_CAUSE_OPTIONS) |
	       flag(value, reg->pin, CORTEXM_CAUSE_PIN) |
	       flag(value, reg->power, CORTEXM_CAUSE_POWER) |
	       flag(value, reg->software, CORTEXM_CAUSE_SOFTWARE) |
	       flag(value, reg->iwdg, CORTEXM_CAUSE_IWDG) |
	       flag(value, reg->wwdg, CORTEXM_CAUSE_WWDG) |
	       flag(value, reg->low_power, CORTEXM_CAUSE_LOW_POWER);
}

int cortexm_read_causes(struct target *t, const struct cortexm_cause_reg *reg, uint32_t *ret_causes,
			struct err *e)
{
	uint32_t value;
	int rc = target_read32(t, reg->address, &value, e);

	if (rc)
		return err_prefix(e, rc, "reading why the chip was reset");
	*ret_causes = cortexm_causes_of(reg, value);
	return 0;
}

int cortexm_clear_causes(struct target *t, const struct cortexm_cause_reg *reg, struct err *e)
{
	uint32_t value;
	int rc = target_read32(t, reg->address, &value, e);

	if (!rc)
		rc = target_write32(t, reg->address, value | 1U << reg->clear, e);
	return rc ? err_prefix(e, rc, "clearing why the chip was reset") : 0;
}
