/* The target's supply as the probe sees it, and the reset line. */
#include "probe/base/bytes.h"
#include "probe/stlink.h"
#include "probe/usb_ids.h"

/* Two readings of one converter: of its own reference of 1.2 V, and of half of VTref. */
#define REFERENCE_TWICE_MV 2400

/* Where a copy's own supply would read. */
#define OWN_SUPPLY_FROM_MV 3100
#define OWN_SUPPLY_TO_MV   3500

static enum stlink_trust trust(const struct stlink *s, int mv)
{
	return s->version.generation == STLINK_V2 && mv >= OWN_SUPPLY_FROM_MV &&
			       mv <= OWN_SUPPLY_TO_MV
		       ? STLINK_TRUST_MAYBE_OWN
		       : STLINK_TRUST_GOOD;
}

int stlink_read_voltage(struct stlink *s, struct stlink_voltage *ret, struct err *e)
{
	uint8_t reply[8];
	uint64_t reference, half;
	int rc = stlink_do(s, STLINK_CMD_GET_TARGET_VOLTAGE, NULL, reply, sizeof(reply), e);

	if (rc)
		return rc;
	reference = get_le32(reply);
	half = get_le32(reply + 4);
	if (!reference || half / reference > 100)
		return err_set(e, ERR_PROTOCOL,
			       "target voltage: the probe read %u over %u of its reference",
			       get_le32(reply + 4), get_le32(reply));
	ret->mv = (int)((REFERENCE_TWICE_MV * half + reference / 2) / reference);
	ret->trust = trust(s, ret->mv);
	return 0;
}

int stlink_drive_nrst(struct stlink *s, uint32_t level, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { level };
	uint8_t reply[2];
	int rc = stlink_do(s, STLINK_CMD_DRIVE_NRST, args, reply, sizeof(reply), e);

	/* After a failure to pull it low it may be low all the same. */
	if (level == STLINK_NRST_LOW)
		s->nrst_low = true;
	else if (!rc)
		s->nrst_low = false;
	return rc;
}
