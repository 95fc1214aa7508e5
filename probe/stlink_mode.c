/* Opening and closing a probe, its modes, and the way out of each. */
#include <string.h>

#include "probe/base/bytes.h"
#include "probe/stlink.h"

/* A V1, and some V2, come back as another device after they have left their loader. */
#define AFTER_LOADER_US 100000

int stlink_read_version(struct stlink *s, struct err *e)
{
	uint8_t reply[STLINK_VERSION_EX_BYTES];
	struct stlink_version v;
	int rc = stlink_do(s, STLINK_CMD_GET_VERSION, NULL, reply, STLINK_VERSION_BYTES, e);

	if (!rc)
		rc = stlink_version_parse(reply, STLINK_VERSION_BYTES, &v, e);
	if (!rc && v.ask_ex) {
		rc = stlink_do(s, STLINK_CMD_GET_VERSION_EX, NULL, reply, sizeof(reply), e);
		if (!rc)
			rc = stlink_version_parse_ex(reply, sizeof(reply), &v, e);
	}
	if (!rc)
		s->version = v;
	return rc;
}

int stlink_read_mode(struct stlink *s, uint8_t *ret_mode, struct err *e)
{
	uint8_t reply[2];
	int rc = stlink_do(s, STLINK_CMD_GET_CURRENT_MODE, NULL, reply, sizeof(reply), e);

	if (!rc)
		*ret_mode = reply[0];
	return rc;
}

static int leave_loader(struct stlink *s, struct err *e)
{
	int rc = stlink_send(s, STLINK_CMD_DFU_EXIT, NULL, NULL, 0, e);

	if (rc)
		return rc;
	clock_sleep_us(s->clock, AFTER_LOADER_US);
	return 0;
}

static void no_session(struct stlink *s)
{
	s->in_debug = false;
	memset(s->ap_open, 0, sizeof(s->ap_open)); /* they are closed with it */
}

int stlink_leave(struct stlink *s, uint8_t *ret_mode, struct err *e)
{
	uint8_t mode;
	int rc = stlink_read_mode(s, &mode, e);

	if (rc)
		return rc;
	switch (mode) {
	case STLINK_MODE_DFU:
		rc = leave_loader(s, e);
		break;
	case STLINK_MODE_DEBUG:
		rc = stlink_send(s, STLINK_CMD_EXIT, NULL, NULL, 0, e);
		break;
	case STLINK_MODE_SWIM:
		rc = stlink_send(s, STLINK_CMD_SWIM_EXIT, NULL, NULL, 0, e);
		break;
	case STLINK_MODE_BOOTLOADER:
		return err_set_native(e, ERR_UNFIT, mode,
				      "the probe is in its boot loader (mode 4) and cannot debug: "
				      "plug it in again, or finish its firmware update");
	default: /* idle, or a mode that nobody has named and nobody can leave */
		break;
	}
	if (rc)
		return rc;
	if (ret_mode)
		*ret_mode = mode;
	no_session(s);
	return 0;
}

/* The mode is left, and the probe may have gone for it: seen when it does not answer. */
static int find_idle(struct stlink *s, struct err *e)
{
	uint8_t mode;
	int rc = stlink_leave(s, &s->mode_found, e);

	if (rc)
		return rc;
	rc = stlink_read_mode(s, &mode, e);
	if (rc && s->mode_found == STLINK_MODE_DFU) {
		transport_mark(s->t, "the probe left its loader: opening it again");
		rc = transport_reopen(s->t, e);
		if (!rc)
			rc = stlink_read_mode(s, &mode, e);
	}
	if (rc)
		return rc;
	if (mode == STLINK_MODE_DFU || mode == STLINK_MODE_BOOTLOADER)
		return err_set_native(e, ERR_UNFIT, mode, "the probe stays in its loader (mode %u)",
				      mode);
	return 0;
}

static int check_can_debug(const struct stlink *s, struct err *e)
{
	if (s->version.api < 2)
		return err_set(e, ERR_UNFIT,
			       "the first command set (ST-LINK/V1 before J11) is not spoken");
	if (!s->version.jtag)
		return err_set(e, ERR_UNFIT,
			       "the probe's firmware does neither SWD nor JTAG (for STM8 only)");
	return 0;
}

int stlink_open(struct stlink *s, struct err *e)
{
	struct err first;
	int rc = stlink_read_version(s, &first);

	if (rc == ERR_TIMEOUT || rc == ERR_USB) {
		transport_mark(s->t, "no version: opening the probe again");
		if (!transport_reopen(s->t, NULL))
			rc = stlink_read_version(s, &first);
	}
	if (rc) {
		if (e)
			*e = first;
		return rc;
	}
	rc = check_can_debug(s, e);
	return rc ? rc : find_idle(s, e);
}

static void keep_first(int *first, int rc, struct err *e, const struct err *now)
{
	if (rc && !*first) {
		*first = rc;
		if (e)
			*e = *now;
	}
}

int stlink_close(struct stlink *s, struct err *e)
{
	const struct deadline *deadline = s->deadline;
	struct err now;
	int first = 0;

	s->deadline = NULL; /* a run that is over still leaves the probe in order */
	if (s->nrst_low)
		keep_first(&first, stlink_drive_nrst(s, STLINK_NRST_HIGH, &now), e, &now);
	for (unsigned ap = 0; ap < STLINK_APS && !first; ap++) {
		if (stlink_ap_is_open(s, (uint8_t)ap))
			keep_first(&first, stlink_ap_close(s, (uint8_t)ap, &now), e, &now);
	}
	if (s->in_debug)
		keep_first(&first, stlink_leave(s, NULL, &now), e, &now);
	s->deadline = deadline;
	return first;
}

int stlink_enter(struct stlink *s, enum stlink_link link, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { link == STLINK_LINK_SWD
							   ? STLINK_ENTER_SWD
							   : STLINK_ENTER_JTAG_NO_RESET };
	uint8_t reply[2];
	int rc = stlink_do(s, STLINK_CMD_ENTER, args, reply, sizeof(reply), e);

	if (rc)
		return rc;
	no_session(s); /* the one before */
	s->in_debug = true;
	s->link = link;
	/* In JTAG the firmware uses the port's own increment, which wraps within 1 KiB. */
	s->block_bytes = link == STLINK_LINK_JTAG ? 1024 : 0;
	return 0;
}

int stlink_read_ids(struct stlink *s, uint32_t ret_ids[2], struct err *e)
{
	uint8_t reply[12];
	int rc = stlink_do(s, STLINK_CMD_READ_IDCODES, NULL, reply, sizeof(reply), e);

	if (rc)
		return rc;
	ret_ids[0] = get_le32(reply + 4);
	ret_ids[1] = get_le32(reply + 8);
	return 0;
}
