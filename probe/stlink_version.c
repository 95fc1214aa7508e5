/* Version replies read, and the tables of what a firmware can do. */
#include <stdio.h>

#include "probe/stlink_version.h"
#include "probe/base/bytes.h"

const struct stlink_gate_row stlink_gate_rows[STLINK_GATES] = {
#define ALL   STLINK_GATE_ALL
#define NEVER STLINK_GATE_NEVER
#define STLINK_GATE_ROW(id, name, v1, v2, v3, v4, text)                                            \
	[STLINK_GATE_##id] = { name, { v1, v2, v3, v4 }, text },
#include "probe/stlink_gates.def"
#undef STLINK_GATE_ROW
#undef ALL
#undef NEVER
};

const struct stlink_quirk_row stlink_quirk_rows[STLINK_QUIRKS] = {
#define STLINK_QUIRK_ROW(id, hardware, first, last, text)                                          \
	[STLINK_QUIRK_##id] = { hardware, first, last, text },
#include "probe/stlink_quirks.def"
#undef STLINK_QUIRK_ROW
};

/* The generation by what the probe says of itself; V2 and V2-1 differ only in their product id. */
static enum stlink_generation generation_of(uint8_t hardware, uint16_t vid, uint16_t pid)
{
	const struct usb_id *id = usb_id_find(vid, pid);

	switch (hardware) {
	case 1:
		return STLINK_V1;
	case 2:
		return id && id->generation == STLINK_V2_1 ? STLINK_V2_1 : STLINK_V2;
	case 3:
		return STLINK_V3;
	case 4:
		return STLINK_V3P;
	default:
		return STLINK_UNKNOWN;
	}
}

static uint8_t api_of(const struct stlink_version *v)
{
	if (v->hardware == 1)
		return v->jtag >= stlink_gate_rows[STLINK_GATE_API_V2].since[0] ? 2 : 1;
	return v->hardware == 2 ? 2 : 3;
}

/*
 * The two numbers of the short reply. On a V2-1 the second is the mass storage's; firmware that
 * only does SWIM puts the mass storage's number first.
 */
static void set_numbers(struct stlink_version *v, uint8_t x, uint8_t y)
{
	bool swim_only = (x <= 22 && y == 7) || (x >= 25 && y >= 7 && y <= 12);

	if (v->generation != STLINK_V2_1) {
		v->jtag = x;
		v->swim = y;
	} else if (swim_only) {
		v->msd = x;
		v->swim = y;
	} else {
		v->jtag = x;
		v->msd = y;
	}
}

int stlink_version_parse(const uint8_t *reply, size_t len, struct stlink_version *ret,
			 struct err *e)
{
	struct stlink_version v = { 0 };
	uint16_t word;

	if (len < STLINK_VERSION_BYTES)
		return err_set(e, ERR_PROTOCOL, "a version reply of %zu bytes, expected %d", len,
			       STLINK_VERSION_BYTES);
	word = get_be16(reply);
	v.hardware = (uint8_t)(word >> 12);
	if (v.hardware == 0)
		return err_set(e, ERR_PROTOCOL, "a version reply of hardware 0 (0x%04x)", word);
	v.vid = get_le16(reply + 2);
	v.pid = get_le16(reply + 4);
	v.generation = generation_of(v.hardware, v.vid, v.pid);
	v.ask_ex = v.hardware >= 3 && (word & 0xfff) == 0;
	set_numbers(&v, word >> 6 & 0x3f, word & 0x3f);
	v.api = api_of(&v);
	*ret = v;
	return 0;
}

int stlink_version_parse_ex(const uint8_t *reply, size_t len, struct stlink_version *ret,
			    struct err *e)
{
	struct stlink_version v = { 0 };

	if (len < STLINK_VERSION_EX_BYTES)
		return err_set(e, ERR_PROTOCOL, "a long version reply of %zu bytes, expected %d",
			       len, STLINK_VERSION_EX_BYTES);
	if (reply[0] == 0)
		return err_set(e, ERR_PROTOCOL, "a long version reply of hardware 0");
	v.hardware = reply[0];
	v.swim = reply[1];
	v.jtag = reply[2];
	v.msd = reply[3];
	v.bridge = reply[4];
	v.power = reply[5];
	v.vid = get_le16(reply + 8);
	v.pid = get_le16(reply + 10);
	v.generation = generation_of(v.hardware, v.vid, v.pid);
	v.api = api_of(&v);
	*ret = v;
	return 0;
}

void stlink_version_text(const struct stlink_version *v, char out[STLINK_VERSION_TEXT_MAX])
{
	const struct {
		char letter;
		uint8_t number;
		bool shown;
	} parts[] = {
		{ 'J', v->jtag, v->jtag || !v->msd },
		{ 'M', v->msd, v->msd },
		{ 'B', v->bridge, v->bridge },
		{ 'S', v->swim, v->swim || !v->msd },
	};
	int at = snprintf(out, STLINK_VERSION_TEXT_MAX, "V%u", v->hardware);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].shown)
			at += snprintf(out + at, STLINK_VERSION_TEXT_MAX - (size_t)at, "%c%u",
				       parts[i].letter, parts[i].number);
	}
}

bool stlink_version_has(const struct stlink_version *v, enum stlink_gate gate)
{
	uint8_t since;

	if (gate >= STLINK_GATES)
		return true;
	if (v->hardware < 1 || v->hardware > 4)
		return false;
	if (gate == STLINK_GATE_BRIDGE)
		return v->bridge > 0;
	since = stlink_gate_rows[gate].since[v->hardware - 1];
	return since != STLINK_GATE_NEVER && (v->jtag > 0 || v->ask_ex) && v->jtag >= since;
}

bool stlink_version_is_quirky(const struct stlink_version *v, enum stlink_quirk quirk)
{
	const struct stlink_quirk_row *row = &stlink_quirk_rows[quirk];

	return v->hardware == row->hardware && v->jtag >= row->first && v->jtag <= row->last;
}

size_t stlink_version_max_rw8(const struct stlink_version *v)
{
	return stlink_version_has(v, STLINK_GATE_RW8_512) ? 512 : 64;
}
