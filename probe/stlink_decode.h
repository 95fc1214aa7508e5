/*
 * What each transaction with an ST-LINK meant: a state machine that is fed transactions in order,
 * one for each probe. It knows that the status of a memory access stands in the reply to a later
 * command, that a reply can belong to an earlier command (stale), and which command was asked
 * again. It makes numbers, not text (stlink_say.h does that), allocates nothing and does no I/O.
 */
#ifndef SWDOCTOR_STLINK_DECODE_H
#define SWDOCTOR_STLINK_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/coresight_regs.h"
#include "probe/stlink_cmd.h"
#include "probe/stlink_speed.h"
#include "probe/xact.h"

/* A register or word that was read or written. */
struct stlink_access {
	enum coresight_space space;
	uint16_t ap; /* for CORESIGHT_AP */
	uint32_t address;
	bool write;
	bool has_value;
	uint32_t value;
	uint8_t width; /* bytes */
};

#define STLINK_ACCESSES_MAX 8

/* A block of memory. */
struct stlink_memory {
	bool there;
	bool write;
	bool same_address; /* all words go to one address */
	uint8_t width;
	uint8_t ap;
	uint32_t address;
	uint32_t len; /* bytes */
};

enum stlink_note {
	STLINK_NOTE_STALE = 1 << 0,	 /* the reply belongs to an earlier command, see reply_to */
	STLINK_NOTE_LATE = 1 << 1,	 /* a reply read after its command had been given up */
	STLINK_NOTE_SIZE = 1 << 2,	 /* the reply has another size than its command asks for */
	STLINK_NOTE_RETRY = 1 << 3,	 /* the same was asked before and answered WAIT */
	STLINK_NOTE_UNKNOWN = 1 << 4,	 /* nobody has named this command */
	STLINK_NOTE_NO_COMMAND = 1 << 5, /* data without a command (SWO, or the command is lost) */
	STLINK_NOTE_UNCHECKED = 1 << 6,	 /* the access before it was never asked for its status */
	STLINK_NOTE_TOO_NEW = 1 << 7,	 /* this firmware does not know the command */
	STLINK_NOTE_SLOW = 1 << 8,	 /* the reply took much longer than such replies do */
	STLINK_NOTE_ODD = 1 << 9,   /* the reply cannot be right: no maker's id, no such mode... */
	STLINK_NOTE_SCSI = 1 << 10, /* a SCSI command of a V1's mass storage */
};

struct stlink_said {
	uint64_t number;
	const struct stlink_cmd *cmd; /* NULL: none, or nobody has named it */
	uint32_t notes;		      /* enum stlink_note */
	unsigned retry;		      /* how often the same was asked before */
	/* Stale and late replies: the transaction that asked for it. */
	uint64_t reply_to;
	const struct stlink_cmd *reply_cmd;

	bool has_status;
	enum stlink_status_family family;
	uint32_t status; /* raw */
	enum stlink_status_kind kind;
	uint64_t status_of; /* an earlier transaction whose status this is; 0: its own */
	/* Queues: how many items answered something else than OK; status is that of the first. */
	unsigned failed_items;

	struct stlink_memory memory;
	struct stlink_access access[STLINK_ACCESSES_MAX];
	unsigned n_access;
	unsigned more_access; /* not kept */

	bool has_fault_address;
	uint32_t fault_address;
	bool has_mode;
	uint8_t mode;
	bool has_voltage;
	int mv;
	bool has_version;
	struct stlink_version version;
	bool has_khz;
	uint32_t khz;
	uint32_t khz_list[10]; /* of GET_COM_FREQ */
	unsigned n_khz;
	unsigned n_ids; /* of READ_IDCODES and READCOREID */
	uint32_t ids[2];
	bool has_count; /* SWO bytes that wait */
	uint32_t count;
	char board_id[5]; /* "" where none was told */
};

/* What a command was that is still to be answered, or to be asked for its status. */
struct stlink_owed {
	bool there;
	bool asked; /* its status was asked for at least once */
	uint64_t number;
	const struct stlink_cmd *cmd;
	uint8_t bytes[STLINK_CMD_BYTES];
	size_t reply_bytes; /* STLINK_SIZE_UNKNOWN */
	struct stlink_memory memory;
};

struct stlink_queue {
	bool there;
	uint64_t number;
	uint32_t n;
	uint8_t codes[STLINK_QUEUE_MAX_V3];
	uint32_t words[STLINK_QUEUE_MAX_V3];
};

struct stlink_decoder {
	bool has_version;
	struct stlink_version version;
	bool has_mode;
	uint8_t mode;
	struct stlink_owed reply;  /* asked for, given up, perhaps still in the probe's pipe */
	struct stlink_owed access; /* the last memory access */
	struct stlink_owed swim;
	struct stlink_queue queue;
	struct stlink_owed waited; /* was answered WAIT */
	unsigned waits;
	bool has_dcrsr;
	uint32_t dcrsr;
	bool has_dcrdr;
	uint32_t dcrdr;
};

void stlink_decoder_init(struct stlink_decoder *d);
/* number is the caller's for x (from 1, rising); said is filled whatever x holds. */
void stlink_decode(struct stlink_decoder *d, const struct xact *x, uint64_t number,
		   struct stlink_said *said);

/* The DAP register that READ_DAP_REG or WRITE_DAP_REG names, without a value. */
struct stlink_access stlink_decode_port(const struct stlink_cmd *cmd, const struct xact *x);

/* Did it fail, by its outcome or by its status? WAIT counts as failed. XACT_UNKNOWN does not. */
bool stlink_said_failed(const struct stlink_said *said, const struct xact *x);

/* Slower replies are marked, apart from those of commands that take their time (reference V2: 2
 * ms). */
#define STLINK_SLOW_US 50000

#endif
