/* The table of commands, searchable, with the arithmetic that its columns name. */
#include <string.h>

#include "probe/stlink_cmd.h"

#define FIXED(n)  STLINK_SIZE_FIXED, n
#define LEN	  STLINK_SIZE_LEN, 0
#define LEN8	  STLINK_SIZE_LEN8, 0
#define QUEUE_OUT STLINK_SIZE_QUEUE_OUT, 0
#define QUEUE_IN  STLINK_SIZE_QUEUE_IN, 0
#define SWIM_OUT  STLINK_SIZE_SWIM_OUT, 0
#define SWIM_BUF  STLINK_SIZE_SWIM_BUF, 0
#define ANY	  STLINK_SIZE_ANY, 0

/* clang-format off */
#define F(kind, at, width) { STLINK_FIELD_##kind, at, STLINK_##width }
#define FIELDS(...)	   { __VA_ARGS__ }
#define NO_FIELDS	   { F(NONE, 0, U8) }
#define MEMORY		   FIELDS(F(ADDRESS, 2, U32), F(LENGTH, 6, U16), F(AP, 8, U8), F(CSW, 9, U24))

#define CMD_ROW(id, code, name, api, gate, data, size, n, where, words, ...)                       \
	[STLINK_CMD_##id] = { STLINK_CMD_##id, { (uint8_t)((code) > 0xff ? (code) >> 8 : (code)), (uint8_t)(code) }, \
			      (code) > 0xff ? 2 : 1, name, api, STLINK_GATE_##gate,                \
			      STLINK_DATA_##data, size, n, STLINK_WHERE_##where, words, __VA_ARGS__ },
/* clang-format on */

/* The size expands to two columns before CMD_ROW sees it. */
#define CMD(...) CMD_ROW(__VA_ARGS__)

const struct stlink_cmd stlink_cmd_rows[STLINK_CMDS] = {
#include "probe/stlink_cmd.def"
};

#undef CMD

static const struct stlink_cmd *by_code(unsigned code)
{
	switch (code) {
#define CMD(id, code, ...)                                                                         \
	case code:                                                                                 \
		return &stlink_cmd_rows[STLINK_CMD_##id];
#include "probe/stlink_cmd.def"
#undef CMD
	default:
		return NULL;
	}
}

bool stlink_cmd_is_family(uint8_t first)
{
	return first && strchr("\xf1\xf2\xf3\xf4\xf5\xf7\xf9\xfb\xfc", first);
}

const struct stlink_cmd *stlink_cmd_find(const uint8_t *cmd, size_t len)
{
	const struct stlink_cmd *row;

	if (len == 0)
		return NULL;
	row = by_code(cmd[0] * 256U + (len > 1 ? cmd[1] : 0));
	return row ? row : by_code(cmd[0]);
}

static const uint8_t width_bytes[] = {
	[STLINK_U8] = 1,  [STLINK_U16] = 2,  [STLINK_U24] = 3,
	[STLINK_U32] = 4, [STLINK_BE16] = 2, [STLINK_BE32] = 4,
};

bool stlink_field_is_there(const struct stlink_field *f, size_t len)
{
	return f->at + (size_t)width_bytes[f->width] <= len;
}

uint32_t stlink_field_value(const struct stlink_field *f, const uint8_t *cmd, size_t len)
{
	uint32_t value = 0;

	if (!stlink_field_is_there(f, len))
		return 0;
	for (unsigned i = 0; i < width_bytes[f->width]; i++) {
		bool big = f->width == STLINK_BE16 || f->width == STLINK_BE32;
		unsigned at = big ? i : width_bytes[f->width] - 1U - i;

		value = value << 8 | cmd[f->at + at];
	}
	return value;
}

size_t stlink_cmd_data_bytes(const struct stlink_cmd *row, const uint8_t *cmd, size_t len)
{
	const struct stlink_field length = { STLINK_FIELD_LENGTH, 6, STLINK_U16 };
	const struct stlink_field count = { STLINK_FIELD_COUNT, 2, STLINK_U32 };
	const struct stlink_field swim = { STLINK_FIELD_LENGTH, 2, STLINK_BE16 };
	const struct stlink_field *says = row->size_rule == STLINK_SIZE_QUEUE_OUT  ? &count
					  : row->size_rule == STLINK_SIZE_SWIM_OUT ? &swim
										   : &length;
	uint32_t n;

	if (row->size_rule != STLINK_SIZE_FIXED && !stlink_field_is_there(says, len))
		return STLINK_SIZE_UNKNOWN;
	switch (row->size_rule) {
	case STLINK_SIZE_FIXED:
		return row->size;
	case STLINK_SIZE_LEN:
		return stlink_field_value(&length, cmd, len);
	case STLINK_SIZE_LEN8:
		n = stlink_field_value(&length, cmd, len);
		return n == 1 ? 2 : n;
	case STLINK_SIZE_QUEUE_OUT:
		return stlink_queue_out_bytes(stlink_field_value(&count, cmd, len));
	case STLINK_SIZE_SWIM_OUT:
		n = stlink_field_value(&swim, cmd, len);
		return n > 8 ? n - 8 : 0;
	case STLINK_SIZE_QUEUE_IN:
	case STLINK_SIZE_SWIM_BUF:
	case STLINK_SIZE_ANY:
		break;
	}
	return STLINK_SIZE_UNKNOWN;
}

const char *stlink_field_name(enum stlink_field_kind kind)
{
	static const char *const names[STLINK_FIELD_KINDS] = {
		[STLINK_FIELD_NONE] = "",
		[STLINK_FIELD_ENTER_MODE] = "mode",
		[STLINK_FIELD_CORE_REG] = "register",
		[STLINK_FIELD_VALUE] = "value",
		[STLINK_FIELD_ADDRESS] = "address",
		[STLINK_FIELD_LENGTH] = "length",
		[STLINK_FIELD_AP] = "ap",
		[STLINK_FIELD_CSW] = "csw",
		[STLINK_FIELD_PORT] = "port",
		[STLINK_FIELD_DAP_REG] = "register",
		[STLINK_FIELD_NRST] = "nrst",
		[STLINK_FIELD_SWD_DIVISOR] = "divisor",
		[STLINK_FIELD_JTAG_DIVISOR] = "divisor",
		[STLINK_FIELD_LINK] = "link",
		[STLINK_FIELD_KHZ] = "khz",
		[STLINK_FIELD_PRESCALER] = "prescaler",
		[STLINK_FIELD_SIZE] = "size",
		[STLINK_FIELD_BAUD] = "baud",
		[STLINK_FIELD_COUNT] = "count",
		[STLINK_FIELD_SLOT] = "slot",
		[STLINK_FIELD_HALF] = "half",
		[STLINK_FIELD_CORE_KIND] = "core",
		[STLINK_FIELD_HIGH_SPEED] = "high-speed",
		[STLINK_FIELD_BLOCK] = "block",
		[STLINK_FIELD_CHECKSUM] = "checksum",
		[STLINK_FIELD_BRIDGE_COM] = "interface",
	};

	return kind < STLINK_FIELD_KINDS ? names[kind] : "";
}
