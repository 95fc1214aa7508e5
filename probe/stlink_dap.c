/* Access ports and the registers of the debug port. */
#include "probe/base/bytes.h"
#include "probe/coresight_regs.h"
#include "probe/stlink.h"

#define CTRL_STAT_ORUNDETECT (1U << 0)
#define SELECT_DPBANKSEL     0xfU

bool stlink_ap_is_open(const struct stlink *s, uint8_t ap)
{
	return s->ap_open[ap / 8] >> ap % 8 & 1;
}

int stlink_ap_open(struct stlink *s, uint8_t ap, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { ap };
	uint8_t reply[2];
	int rc;

	if (stlink_ap_is_open(s, ap))
		return 0;
	if (!stlink_can(s, STLINK_GATE_AP_INIT) && !ap)
		return 0; /* older firmware has port 0, always open */
	rc = stlink_do(s, STLINK_CMD_INIT_AP, args, reply, sizeof(reply), e);
	if (rc)
		return err_prefix(e, rc, "access port %u", ap);
	s->ap_open[ap / 8] |= (uint8_t)(1 << ap % 8);
	return 0;
}

int stlink_ap_close(struct stlink *s, uint8_t ap, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { ap };
	uint8_t reply[2];
	int rc;

	if (!stlink_ap_is_open(s, ap))
		return 0;
	s->ap_open[ap / 8] &= (uint8_t) ~(1 << ap % 8);
	rc = stlink_do(s, STLINK_CMD_CLOSE_AP_DBG, args, reply, sizeof(reply), e);
	if (rc == ERR_STATUS && stlink_version_is_quirky(&s->version, STLINK_QUIRK_CLOSE_AP))
		return 0; /* this firmware closes it and says that it did not */
	return rc ? err_prefix(e, rc, "access port %u", ap) : 0;
}

static int check_bank(struct stlink *s, uint16_t port, uint8_t reg, struct err *e)
{
	if (port == STLINK_PORT_DP && reg > 0xf && !stlink_can(s, STLINK_GATE_DP_BANKS))
		return err_set(e, ERR_UNSUPPORTED,
			       "debug port register 0x%02x: banked registers need V2J32 or V3J2",
			       reg);
	return 0;
}

static int prefix(struct err *e, int rc, uint16_t port, uint8_t reg)
{
	if (port == STLINK_PORT_DP)
		return err_prefix(e, rc, "debug port register 0x%02x", reg);
	return err_prefix(e, rc, "access port %u register 0x%02x", port, reg);
}

static int read_register(struct stlink *s, uint16_t port, uint8_t reg, uint32_t *ret, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { port, reg };
	uint8_t reply[8];
	int rc = stlink_do(s, STLINK_CMD_READ_DAP_REG, args, reply, sizeof(reply), e);

	if (!rc)
		*ret = get_le32(reply + 4);
	return rc;
}

int stlink_dap_read(struct stlink *s, uint16_t port, uint8_t reg, uint32_t *ret, struct err *e)
{
	bool behind = port == STLINK_PORT_DP && s->link == STLINK_LINK_JTAG && reg != DP_RDBUFF &&
		      stlink_version_is_quirky(&s->version, STLINK_QUIRK_JTAG_DP_READ);
	uint32_t value;
	int rc = check_bank(s, port, reg, e);

	if (rc)
		return rc;
	rc = read_register(s, port, reg, &value, e);
	if (!rc && behind)
		rc = read_register(s, port, DP_RDBUFF, &value, e);
	if (rc)
		return prefix(e, rc, port, reg);
	*ret = value;
	return 0;
}

int stlink_dap_write(struct stlink *s, uint16_t port, uint8_t reg, uint32_t value, struct err *e)
{
	uint8_t reply[2];
	int rc = check_bank(s, port, reg, e);

	if (rc)
		return rc;
	/* The firmware keeps banks by itself, and loses its way with overrun detection on. */
	if (port == STLINK_PORT_DP && reg == DP_SELECT)
		value &= ~SELECT_DPBANKSEL;
	if (port == STLINK_PORT_DP && reg == DP_CTRL_STAT)
		value &= ~CTRL_STAT_ORUNDETECT;
	const uint32_t args[STLINK_FIELDS_MAX] = { port, reg, value };
	rc = stlink_do(s, STLINK_CMD_WRITE_DAP_REG, args, reply, sizeof(reply), e);
	return rc ? prefix(e, rc, port, reg) : 0;
}
