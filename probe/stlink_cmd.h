/*
 * What is known about each command of an ST-LINK: its bytes, the data that follows, where its
 * status is, since which firmware it exists, and what its arguments are. The drivers build
 * commands from this table and the decoder explains commands by it. Facts: stlink_cmd.def.
 */
#ifndef SWDOCTOR_STLINK_CMD_H
#define SWDOCTOR_STLINK_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/stlink_status.h"
#include "probe/stlink_version.h"

#define STLINK_CMD_BYTES 16 /* every command is so long, filled with zeros */

enum stlink_cmd_id {
#define CMD(id, ...) STLINK_CMD_##id,
#include "probe/stlink_cmd.def"
#undef CMD
	STLINK_CMDS
};

enum stlink_data { STLINK_DATA_NONE, STLINK_DATA_IN, STLINK_DATA_OUT, STLINK_DATA_UNKNOWN };

enum stlink_size {
	STLINK_SIZE_FIXED,
	STLINK_SIZE_LEN,
	STLINK_SIZE_LEN8,
	STLINK_SIZE_QUEUE_OUT,
	STLINK_SIZE_QUEUE_IN,
	STLINK_SIZE_SWIM_OUT,
	STLINK_SIZE_SWIM_BUF,
	STLINK_SIZE_ANY,
};

/* Where a command's status is; stlink_cmd.def says it at length. */
enum stlink_where {
	STLINK_WHERE_NONE,
	STLINK_WHERE_FIRST,
	STLINK_WHERE_LATER,
	STLINK_WHERE_OF_LAST,
	STLINK_WHERE_QUEUED,
	STLINK_WHERE_EACH,
	STLINK_WHERE_CORE,
	STLINK_WHERE_SWIM_LATER,
	STLINK_WHERE_SWIM_LAST,
	STLINK_WHERE_BRIDGE,
};

enum stlink_field_kind {
	STLINK_FIELD_NONE,
	STLINK_FIELD_ENTER_MODE, /* see STLINK_ENTER_* */
	STLINK_FIELD_CORE_REG,	 /* DCRSR number */
	STLINK_FIELD_VALUE,
	STLINK_FIELD_ADDRESS,
	STLINK_FIELD_LENGTH, /* bytes */
	STLINK_FIELD_AP,
	STLINK_FIELD_CSW,  /* bits 31 to 8; 0: the firmware's own */
	STLINK_FIELD_PORT, /* STLINK_PORT_DP or an access port's number */
	STLINK_FIELD_DAP_REG,
	STLINK_FIELD_NRST, /* see STLINK_NRST_* */
	STLINK_FIELD_SWD_DIVISOR,
	STLINK_FIELD_JTAG_DIVISOR,
	STLINK_FIELD_LINK, /* enum stlink_link */
	STLINK_FIELD_KHZ,
	STLINK_FIELD_PRESCALER,
	STLINK_FIELD_SIZE, /* of a buffer, bytes */
	STLINK_FIELD_BAUD,
	STLINK_FIELD_COUNT,
	STLINK_FIELD_SLOT,
	STLINK_FIELD_HALF,
	STLINK_FIELD_CORE_KIND, /* 0 no core, 1 Cortex-M */
	STLINK_FIELD_HIGH_SPEED,
	STLINK_FIELD_BLOCK,
	STLINK_FIELD_CHECKSUM,
	STLINK_FIELD_BRIDGE_COM,
	STLINK_FIELD_KINDS
};

enum stlink_width {
	STLINK_U8,
	STLINK_U16,
	STLINK_U24,
	STLINK_U32,
	STLINK_BE16,
	STLINK_BE32,
};

struct stlink_field {
	enum stlink_field_kind kind;
	uint8_t at;
	enum stlink_width width;
};

#define STLINK_FIELDS_MAX 4

struct stlink_cmd {
	enum stlink_cmd_id id;
	uint8_t bytes[2];
	uint8_t len; /* how many of them */
	const char *name;
	uint8_t api; /* 1: first command set only, 2: later ones only, 0: both */
	enum stlink_gate gate;
	enum stlink_data data;
	enum stlink_size size_rule;
	size_t size; /* for STLINK_SIZE_FIXED */
	enum stlink_where where;
	const char *words;
	struct stlink_field fields[STLINK_FIELDS_MAX];
};

extern const struct stlink_cmd stlink_cmd_rows[STLINK_CMDS];

/* By two bytes, else by one; NULL for a command that nobody has named. */
const struct stlink_cmd *stlink_cmd_find(const uint8_t *cmd, size_t len);
static inline enum stlink_cmd_id stlink_cmd_id_of(const struct stlink_cmd *row)
{
	return row->id;
}

/* Is the first byte that of a family of commands (F1 to FC)? */
bool stlink_cmd_is_family(uint8_t first);

#define STLINK_SIZE_UNKNOWN ((size_t)-1)
/*
 * How many bytes the data stage of this command has; STLINK_SIZE_UNKNOWN where the command does
 * not tell: the size of F2 52 and F4 0C depends on the command before, and one that was cut lacks
 * its length.
 */
size_t stlink_cmd_data_bytes(const struct stlink_cmd *row, const uint8_t *cmd, size_t len);

/* Has this command, cut to len bytes, a field whole? */
bool stlink_field_is_there(const struct stlink_field *f, size_t len);
/* The value of a field of a command; 0 where it is not there. */
uint32_t stlink_field_value(const struct stlink_field *f, const uint8_t *cmd, size_t len);
const char *stlink_field_name(enum stlink_field_kind kind); /* "address" */

/* Arguments by name. */
#define STLINK_ENTER_JTAG_RESET	   0x00
#define STLINK_ENTER_SWD	   0xa3
#define STLINK_ENTER_JTAG_NO_RESET 0xa4
#define STLINK_NRST_LOW		   0x00
#define STLINK_NRST_HIGH	   0x01
#define STLINK_NRST_PULSE	   0x02
#define STLINK_PORT_DP		   0xffff

/* Items of a queue (F2 51). */
enum stlink_queue_item {
	STLINK_QUEUE_ADDRESS = 1, /* the address of the following write */
	STLINK_QUEUE_WRITE = 2,
	STLINK_QUEUE_READ = 3, /* its word is the address */
	STLINK_QUEUE_APNUM = 5,
};
/* The longest queue, as OpenOCD found it: by hardware version. */
#define STLINK_QUEUE_MAX_V2 64
#define STLINK_QUEUE_MAX_V3 1227

/* Bytes of the OUT stage of a queue of n items: n codes padded to 4, then n words. */
static inline size_t stlink_queue_out_bytes(size_t n)
{
	return (n + 3) / 4 * 4 + 4 * n;
}

#endif
