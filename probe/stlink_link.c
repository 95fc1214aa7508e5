/* The speed of the link: divisors of a V2, kHz of a V3. */
#include <string.h>

#include "probe/base/bytes.h"
#include "probe/stlink.h"

#define V3_LIST_MAX 10

static size_t list_v2(enum stlink_link link, uint32_t ret[STLINK_KHZ_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < stlink_speeds_len && n < STLINK_KHZ_MAX; i++) {
		if (stlink_speeds[i].link == link)
			ret[n++] = stlink_speeds[i].khz;
	}
	return n;
}

static int list_v3(struct stlink *s, enum stlink_link link, uint32_t ret[STLINK_KHZ_MAX],
		   size_t *ret_n, struct err *e)
{
	const uint32_t args[STLINK_FIELDS_MAX] = { link };
	uint8_t reply[52];
	size_t n;
	int rc = stlink_do(s, STLINK_CMD_GET_COM_FREQ, args, reply, sizeof(reply), e);

	if (rc)
		return rc;
	n = reply[8] < V3_LIST_MAX ? reply[8] : V3_LIST_MAX;
	if (!n)
		return err_set(e, ERR_PROTOCOL, "the probe lists no speed at all");
	for (size_t i = 0; i < n; i++)
		ret[i] = get_le32(reply + 12 + 4 * i);
	*ret_n = n;
	return 0;
}

static bool has_divisor(const struct stlink *s, enum stlink_link link)
{
	return stlink_can(s,
			  link == STLINK_LINK_SWD ? STLINK_GATE_SWD_FREQ : STLINK_GATE_JTAG_FREQ);
}

static uint32_t only_khz(enum stlink_link link)
{
	return link == STLINK_LINK_SWD ? STLINK_SPEED_SWD_DEFAULT_KHZ
				       : STLINK_SPEED_JTAG_DEFAULT_KHZ;
}

int stlink_khz_list(struct stlink *s, enum stlink_link link, uint32_t ret[STLINK_KHZ_MAX],
		    size_t *ret_n, struct err *e)
{
	if (stlink_can(s, STLINK_GATE_COM_FREQ))
		return list_v3(s, link, ret, ret_n, e);
	if (has_divisor(s, link)) {
		*ret_n = list_v2(link, ret);
	} else {
		ret[0] = only_khz(link);
		*ret_n = 1;
	}
	return 0;
}

static int set_v3(struct stlink *s, enum stlink_link link, uint32_t khz, uint32_t *ret,
		  struct err *e)
{
	uint32_t list[STLINK_KHZ_MAX], best = 0, slowest = UINT32_MAX;
	uint8_t reply[8];
	size_t n;
	int rc = list_v3(s, link, list, &n, e);

	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (list[i] <= khz && list[i] > best)
			best = list[i];
		if (list[i] < slowest)
			slowest = list[i];
	}
	const uint32_t args[STLINK_FIELDS_MAX] = { link, best ? best : slowest };
	rc = stlink_do(s, STLINK_CMD_SET_COM_FREQ, args, reply, sizeof(reply), e);
	if (!rc)
		*ret = get_le32(reply + 4);
	return rc;
}

static int set_v2(struct stlink *s, enum stlink_link link, uint32_t khz, uint32_t *ret,
		  struct err *e)
{
	const struct stlink_speed *speed = stlink_speed_nearest(link, khz);
	const uint32_t args[STLINK_FIELDS_MAX] = { speed->divisor };
	uint8_t reply[2];
	int rc;

	if (!has_divisor(s, link)) {
		*ret = only_khz(link);
		return 0;
	}
	rc = stlink_do(s,
		       link == STLINK_LINK_SWD ? STLINK_CMD_SWD_SET_FREQ : STLINK_CMD_JTAG_SET_FREQ,
		       args, reply, sizeof(reply), e);
	if (!rc)
		*ret = speed->khz;
	return rc;
}

int stlink_set_khz(struct stlink *s, enum stlink_link link, uint32_t khz, uint32_t *ret_khz,
		   struct err *e)
{
	uint32_t now;
	int rc = stlink_can(s, STLINK_GATE_COM_FREQ) ? set_v3(s, link, khz, &now, e)
						     : set_v2(s, link, khz, &now, e);

	if (rc)
		return err_prefix(e, rc, "asking for %u kHz", khz);
	s->khz = now;
	if (ret_khz)
		*ret_khz = now;
	return 0;
}
