/*
 * The firmware of an ST-LINK: 16-byte commands in, replies out, and a target at the end of its
 * wires. Written from what public tools send and expect; every command, status word, version gate
 * and mode that they know is here, and a probe answers what its firmware would.
 *
 * Files: fw.c (commands, modes, replies), fw_link.c (transfers on the wire, retries, memory),
 * fw_target.c (core commands), fw_memory.c, fw_dap.c, fw_speed.c, fw_harm.c (faults of the bench).
 *
 * Time: fw_out() is called at the moment the bytes arrive; what a command takes on the wire is over
 * at `wire->now_ns`, and the probe takes and gives nothing before (fw_busy_until()).
 */
#ifndef SWDOCTOR_SIM_FW_H
#define SWDOCTOR_SIM_FW_H

#include "probe/sim/probe_row.h"
#include "probe/sim/wire.h"

#define FW_COMMAND_BYTES 16
#define FW_REPLY_MAX	 0x10000
#define FW_DATA_MAX	 0x10000
#define FW_LAST_MAX	 64

enum fw_mode { FW_DFU, FW_IDLE, FW_DEBUG, FW_SWIM, FW_BOOTLOADER };

enum fw_status {
	FW_OK = 0x80,
	FW_UNKNOWN_ERROR = 0x01,
	FW_NO_DEVICE = 0x05,
	FW_COMMAND_ERROR = 0x08,
	FW_IDCODE_ERROR = 0x09,
	FW_ALIGNMENT_ERROR = 0x0a,
	FW_POWER_ERROR = 0x0b,
	FW_OTHER_MODE = 0x0e,
	FW_AP_WAIT = 0x10, /* and FAULT, ERROR, PARITY behind it */
	FW_DP_WAIT = 0x14,
	FW_WDATA_ERROR = 0x18,
	FW_OVERRUN = 0x1a,
	FW_BAD_AP = 0x1d,
	FW_UNKNOWN_COMMAND = 0x42,
};

enum fw_harm { /* a fault of the bench that no status tells of */
	       FW_UNHARMED,
	       FW_FLIP_READ,
	       FW_FLIP_WRITE,
	       FW_LOSE_WRITE,
	       FW_STALE,
};

struct fw_reply { /* one IN transfer that waits to be fetched */
	uint8_t *at;
	size_t len;
	bool lost; /* it never reaches the host (a fault of the bench) */
};

struct fw {
	const struct probe_row *row;
	struct probe_version version;
	struct wire *wire;
	enum fw_mode mode;
	bool stuck; /* takes commands and answers nothing until it is unplugged */

	/* replies not yet fetched, oldest first; a probe has few buffers */
	struct fw_reply reply[4];
	unsigned n_replies;
	uint8_t last[FW_LAST_MAX]; /* the beginning of the reply before */
	size_t last_len;

	/* a command that waits for its data */
	uint8_t command[FW_COMMAND_BYTES];
	uint8_t *data;
	size_t data_want, data_got;

	/* the target side */
	uint32_t select; /* as last written to the port */
	bool select_known;
	uint32_t csw; /* as last written to an access port; 0: not known */
	uint32_t open_aps;
	bool jtag;	    /* the session's protocol */
	uint32_t idcode[2]; /* of the taps, as read when the session began */
	uint32_t swd_hz, jtag_hz;
	enum fw_status last_status;
	uint32_t last_fault;
	uint8_t forced_status; /* a fault of the bench: the next command that can says this */
	enum fw_harm harm;     /* to this command, if it carries such data */
	unsigned harms;	       /* how many came to pass */
	struct {
		uint32_t value[2048];
		enum fw_status status[2048];
		unsigned n;
	} misc;
	uint64_t commands;
	double word_us; /* what a transfer of this command costs the firmware */
};

void fw_init(struct fw *f, const struct probe_row *row, struct wire *wire);
void fw_done(struct fw *f);
/* The probe was plugged in anew: idle, default speed, nothing kept. */
void fw_restart(struct fw *f);
/* Endpoints back to their first state: what waits is thrown away, modes and speeds stay. */
void fw_flush(struct fw *f);
/* Bytes from the host: a command, or the data of the last one. */
void fw_out(struct fw *f, const uint8_t *bytes, size_t len, uint64_t now_ns);
static inline uint64_t fw_busy_until(const struct fw *f)
{
	return f->wire->now_ns;
}

/* ---- between the files of the firmware ---- */

bool fw_since(const struct fw *f, unsigned v2_jtag, unsigned v3_jtag); /* 255: never */
void fw_answer(struct fw *f, const void *bytes, size_t len);
/* The status that goes out: this one, unless a fault of the bench says another. */
enum fw_status fw_said(struct fw *f, enum fw_status status);
void fw_answer_status(struct fw *f, enum fw_status status);
/* @0 the status, @4 a word: what most reads answer. */
void fw_answer_word(struct fw *f, enum fw_status status, uint32_t value);

/* fw_harm.c: where the harm of the bench fits, it is done, once. */
bool fw_harm_loses_write(struct fw *f);
void fw_harm_written(struct fw *f, void *bytes, size_t len);
void fw_harm_read(struct fw *f, void *bytes, size_t len);
/* What goes out becomes what went out before. */
void fw_harm_reply(struct fw *f, uint8_t *bytes, size_t len);

/* fw_link.c: each returns FW_OK or what went wrong. */
enum fw_status fw_connect(struct fw *f, uint32_t *ret_dpidr);
enum fw_status fw_dp(struct fw *f, bool read, uint8_t addr, uint32_t *data);
enum fw_status fw_ap(struct fw *f, uint8_t ap, bool read, uint8_t addr, uint32_t *data);
enum fw_status fw_word(struct fw *f, uint8_t ap, bool read, uint32_t addr, uint32_t *data);
/* A core register through DCRSR and DCRDR. */
enum fw_status fw_core_reg(struct fw *f, uint8_t ap, bool read, uint8_t number, uint32_t *data);

struct fw_block {
	uint8_t ap;
	bool read, same_address;
	unsigned size; /* of one access: 1, 2 or 4 */
	uint32_t addr;
	size_t bytes;
	uint8_t *data;
	uint32_t csw; /* bits 31 to 8, 0: the firmware's own */
};
enum fw_status fw_block(struct fw *f, const struct fw_block *b, uint32_t *ret_fault);

/* The commands: `c` is the whole command. */
typedef void fw_handler(struct fw *f, const uint8_t *c);
fw_handler fw_enter, fw_exit, fw_read_idcodes, fw_read_core_id, fw_reset_system, fw_drive_nrst;
fw_handler fw_read_reg, fw_write_reg, fw_read_all_regs, fw_read_debug, fw_write_debug;
fw_handler fw_force_debug, fw_run_core, fw_step_core, fw_get_status;
fw_handler fw_read_memory, fw_write_memory, fw_last_status, fw_last_status2;
fw_handler fw_read_dap, fw_write_dap, fw_init_ap, fw_close_ap, fw_misc_out, fw_misc_in;
fw_handler fw_set_swd_divisor, fw_set_jtag_divisor, fw_set_frequency, fw_get_frequency,
	fw_set_prescaler;
void fw_write_memory_data(struct fw *f);
void fw_misc_data(struct fw *f);
void fw_default_speed(struct fw *f);
/* The wire's clock becomes that of the session's protocol. */
void fw_use_speed(struct fw *f);

#endif
