/* The firmware's commands on the core: entering and leaving, registers, halting, resets. */
#include "probe/sim/fw.h"

#include <string.h>

#include "probe/base/bytes.h"

#define DHCSR 0xe000edf0u

#define DHCSR_KEY 0xa05f0000u
#define S_HALT	  0x00020000u
#define FPU_REGS  0x20
#define FPU_SINCE 15

#define ENTER_SWD	 0xa3
#define ENTER_JTAG_RESET 0x00
#define NRST_LOW	 0
#define NRST_HIGH	 1
#define NRST_PULSE_NS	 (10 * NS_PER_MS)
#define STATUS_RUNNING	 0x80
#define STATUS_HALTED	 0x81

/* ---- sessions ---- */

void fw_enter(struct fw *f, const uint8_t *c)
{
	bool jtag = c[2] != ENTER_SWD;
	enum fw_status status = FW_OTHER_MODE;
	uint32_t dpidr;

	wire_idle(f->wire, (uint64_t)(f->row->enter_ms * (double)NS_PER_MS));
	if (c[2] == ENTER_JTAG_RESET && f->row->nrst_wired) {
		wire_drive_nrst(f->wire, true);
		wire_idle(f->wire, NRST_PULSE_NS);
		wire_drive_nrst(f->wire, false);
	}
	if (f->mode != FW_DEBUG || f->jtag == jtag) {
		f->jtag = jtag;
		status = fw_connect(f, &dpidr);
	}
	if (status == FW_OK)
		f->mode = FW_DEBUG;
	fw_answer_status(f, status);
}

void fw_exit(struct fw *f, const uint8_t *c)
{
	(void)c;
	f->open_aps = 0;
	if (f->mode == FW_DEBUG)
		f->mode = FW_IDLE;
}

void fw_read_idcodes(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[12] = { 0 };
	uint32_t id[2] = { 0 };
	enum fw_status status = FW_OK;

	(void)c;
	if (f->jtag)
		memcpy(id, f->idcode, sizeof(id));
	else
		status = fw_dp(f, true, 0, &id[0]);
	bytes[0] = (uint8_t)fw_said(f, status == FW_OK ? FW_OK : FW_IDCODE_ERROR);
	put_le32(bytes + 4, id[0]);
	put_le32(bytes + 8, id[1]);
	fw_answer(f, bytes, sizeof(bytes));
}

void fw_read_core_id(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[4];
	uint32_t id = f->idcode[0];

	(void)c;
	if (!f->jtag)
		fw_dp(f, true, 0, &id);
	put_le32(bytes, id);
	fw_answer(f, bytes, sizeof(bytes));
}

/* Brings the debug port up again after a reset; the core is left alone. */
void fw_reset_system(struct fw *f, const uint8_t *c)
{
	uint32_t dpidr;

	(void)c;
	fw_answer_status(f, fw_connect(f, &dpidr));
}

void fw_drive_nrst(struct fw *f, const uint8_t *c)
{
	if (f->row->nrst_wired) {
		wire_drive_nrst(f->wire, c[2] != NRST_HIGH);
		if (c[2] != NRST_LOW && c[2] != NRST_HIGH) {
			wire_idle(f->wire, NRST_PULSE_NS);
			wire_drive_nrst(f->wire, false);
		}
	}
	fw_answer_status(f, FW_OK);
}

/* ---- registers; the number of the access port stands behind each command's own bytes ---- */

static bool known_reg(const struct fw *f, uint8_t number)
{
	return number < FPU_REGS || fw_since(f, FPU_SINCE, 0);
}

void fw_read_reg(struct fw *f, const uint8_t *c)
{
	uint32_t value = 0;
	enum fw_status status = FW_COMMAND_ERROR;

	if (known_reg(f, c[2]))
		status = fw_core_reg(f, c[3], true, c[2], &value);
	fw_answer_word(f, status, value);
}

void fw_write_reg(struct fw *f, const uint8_t *c)
{
	enum fw_status status = FW_COMMAND_ERROR;
	uint32_t value = get_le32(c + 3);

	if (known_reg(f, c[2]))
		status = fw_core_reg(f, c[7], false, c[2], &value);
	fw_answer_status(f, status);
}

void fw_read_all_regs(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[88] = { 0 };
	enum fw_status status = FW_OK;
	uint32_t value = 0;
	uint8_t i;

	for (i = 0; i < 21 && status == FW_OK; i++) {
		status = fw_core_reg(f, c[2], true, i, &value);
		put_le32(bytes + 4 + 4 * (size_t)i, value);
	}
	bytes[0] = (uint8_t)fw_said(f, status);
	fw_answer(f, bytes, sizeof(bytes));
}

void fw_read_debug(struct fw *f, const uint8_t *c)
{
	uint32_t value = 0;
	enum fw_status status = fw_word(f, 0, true, get_le32(c + 2), &value);

	fw_answer_word(f, status, value);
}

void fw_write_debug(struct fw *f, const uint8_t *c)
{
	uint32_t value = get_le32(c + 6);

	fw_answer_status(f, fw_word(f, 0, false, get_le32(c + 2), &value));
}

/* ---- the first generation's way to run, stop and step ---- */

static void write_dhcsr(struct fw *f, uint32_t bits)
{
	uint32_t value = DHCSR_KEY | bits;

	fw_answer_status(f, fw_word(f, 0, false, DHCSR, &value));
}

void fw_force_debug(struct fw *f, const uint8_t *c)
{
	(void)c;
	write_dhcsr(f, 3);
}

void fw_run_core(struct fw *f, const uint8_t *c)
{
	(void)c;
	write_dhcsr(f, 1);
}

void fw_step_core(struct fw *f, const uint8_t *c)
{
	(void)c;
	write_dhcsr(f, 5);
}

void fw_get_status(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[2] = { 0 };
	uint32_t dhcsr = 0;

	(void)c;
	if (fw_word(f, 0, true, DHCSR, &dhcsr) == FW_OK)
		bytes[0] = dhcsr & S_HALT ? STATUS_HALTED : STATUS_RUNNING;
	fw_answer(f, bytes, sizeof(bytes));
}
