/* The debug port and its access ports: see dap.h. */
#include "probe/dap.h"

#include "probe/coresight_regs.h"

#define POWER_UP_MS   1000
#define POWER_POLL_US 1000

#define ABORT_DAPABORT	(1U << 0)
#define ABORT_CLEAR_ALL 0x1eU /* STKCMPCLR, STKERRCLR, WDERRCLR, ORUNERRCLR */

#define AP_TAR	0x04
#define AP_DRW	0x0c
#define AP_CFG	0xf4
#define AP_BASE 0xf8

#define IDR_CLASS_MEM 8
#define CSW_SIZE_32   2U
#define CSW_SIZE_INC  0x37U /* size and increment */

#define MISSING_MAX 3

int dap_read_id(struct stlink *s, uint32_t *ret_id, struct err *e)
{
	uint32_t ids[2];
	int rc;

	if (s->link == STLINK_LINK_SWD && stlink_can(s, STLINK_GATE_DAP_REG))
		return stlink_dap_read(s, STLINK_PORT_DP, DP_DPIDR, ret_id, e);
	rc = stlink_read_ids(s, ids, e);
	if (!rc)
		*ret_id = ids[0];
	return rc;
}

int dap_read_status(struct stlink *s, uint32_t *ret_ctrl_stat, struct err *e)
{
	return stlink_dap_read(s, STLINK_PORT_DP, DP_CTRL_STAT, ret_ctrl_stat, e);
}

int dap_power_up(struct stlink *s, struct err *e)
{
	struct deadline limit;
	uint32_t stat;
	int rc = stlink_dap_write(s, STLINK_PORT_DP, DP_CTRL_STAT, DAP_POWER_REQUESTS, e);

	deadline_init(&limit, s->clock, s->deadline, "powering up the debug port", POWER_UP_MS);
	while (!rc) {
		rc = dap_read_status(s, &stat, e);
		if (rc || (stat & DAP_POWER_ACKS) == DAP_POWER_ACKS)
			return rc;
		rc = deadline_sleep_us(&limit, POWER_POLL_US, e);
		if (rc == ERR_DEADLINE && !deadline_check(s->deadline, NULL))
			return err_set_native(e, ERR_PROTOCOL, (int)stat,
					      "the debug port does not power up (CTRL/STAT 0x%08x)",
					      stat);
	}
	return rc;
}

int dap_clear_sticky(struct stlink *s, uint32_t *ret_were, struct err *e)
{
	uint32_t stat;
	int rc = dap_read_status(s, &stat, e);

	if (rc)
		return rc;
	/* In JTAG the flags are cleared by writing them back, in SWD only by ABORT. */
	if (s->link == STLINK_LINK_JTAG)
		rc = stlink_dap_write(s, STLINK_PORT_DP, DP_CTRL_STAT,
				      DAP_POWER_REQUESTS | (stat & DAP_STICKY), e);
	else
		rc = stlink_dap_write(s, STLINK_PORT_DP, DP_ABORT, ABORT_CLEAR_ALL, e);
	if (!rc && ret_were)
		*ret_were = stat;
	return rc;
}

int dap_abort(struct stlink *s, struct err *e)
{
	return stlink_dap_write(s, STLINK_PORT_DP, DP_ABORT, ABORT_DAPABORT, e);
}

static bool is_mem(uint32_t idr)
{
	return (idr >> 13 & 0xf) == IDR_CLASS_MEM;
}

const char *dap_ap_kind(uint32_t idr)
{
	if (!idr)
		return "none";
	if (!is_mem(idr))
		return idr >> 13 & 0xf ? "unknown AP" : "JTAG-AP";
	switch (idr & 0xf) {
	case 1:
	case 3: /* with enhanced HPROT */
		return "AHB-AP";
	case 2:
		return "APB-AP";
	case 4:
		return "AXI-AP";
	case 5:
	case 8:
		return "AHB5-AP";
	case 6:
		return "APB4-AP";
	case 7:
		return "AXI5-AP";
	default:
		return "MEM-AP";
	}
}

static int describe(struct stlink *s, struct dap_ap *ap, struct err *e)
{
	int rc;

	ap->is_mem = is_mem(ap->idr);
	if (!ap->is_mem)
		return 0;
	rc = stlink_ap_open(s, ap->number, e);
	if (!rc)
		rc = stlink_dap_read(s, ap->number, AP_CSW, &ap->csw, e);
	if (!rc)
		rc = stlink_dap_read(s, ap->number, AP_CFG, &ap->cfg, e);
	if (!rc)
		rc = stlink_dap_read(s, ap->number, AP_BASE, &ap->base, e);
	return rc;
}

int dap_scan(struct stlink *s, struct dap_ap ret[DAP_APS_MAX], size_t *ret_n, struct err *e)
{
	unsigned missing = 0;
	size_t n = 0;

	for (unsigned number = 0; number < DAP_APS_MAX && missing < MISSING_MAX; number++) {
		struct dap_ap ap = { .number = (uint8_t)number };
		struct err now = { 0 };
		int rc = stlink_dap_read(s, (uint16_t)number, AP_IDR, &ap.idr, &now);

		/* A port that is not there is told so by some firmware, and reads as 0 by others.
		 */
		if ((rc == ERR_STATUS && (now.native & 0xff) == STLINK_DEBUG_BAD_AP) ||
		    (!rc && !ap.idr)) {
			missing++;
			continue;
		}
		if (!rc)
			rc = describe(s, &ap, &now);
		if (rc) {
			if (e)
				*e = now;
			return rc;
		}
		missing = 0;
		ret[n++] = ap;
	}
	*ret_n = n;
	return 0;
}

static int aim(struct stlink *s, uint8_t ap, uint32_t address, struct err *e)
{
	uint32_t csw;
	int rc = stlink_dap_read(s, ap, AP_CSW, &csw, e);

	if (!rc)
		rc = stlink_dap_write(s, ap, AP_CSW, (csw & ~CSW_SIZE_INC) | CSW_SIZE_32, e);
	return rc ? rc : stlink_dap_write(s, ap, AP_TAR, address, e);
}

int dap_mem_read(struct stlink *s, uint8_t ap, uint32_t address, uint32_t *ret, struct err *e)
{
	int rc = aim(s, ap, address, e);

	return rc ? rc : stlink_dap_read(s, ap, AP_DRW, ret, e);
}

int dap_mem_write(struct stlink *s, uint8_t ap, uint32_t address, uint32_t value, struct err *e)
{
	uint32_t ignored;
	int rc = aim(s, ap, address, e);

	if (!rc)
		rc = stlink_dap_write(s, ap, AP_DRW, value, e);
	/* The write is acknowledged before it is done; this read waits for it. */
	return rc ? rc : stlink_dap_read(s, STLINK_PORT_DP, DP_RDBUFF, &ignored, e);
}
