/*
 * The programs that scenarios run on the target. One small piece of code for every core carries
 * out a list of (address, value) words:
 *
 *	reset:	adr r7, list
 *		b next
 *	store:	cmp r0, #1		@ address 1: wait
 *		beq delay
 *		str r1, [r0]
 *	next:	ldmia r7!, {r0, r1}
 *		cmp r0, #0		@ address 0: the end, and the value says which
 *		bne store
 *		cmp r1, #1
 *		beq sleep
 *		cmp r1, #2
 *		beq fault
 *	spin:	b spin
 *	delay:	subs r1, #1
 *		bne delay
 *		b next
 *	sleep:	wfi
 *		b sleep
 *	fault:	udf #0
 *	list:
 */
#include "probe/sim/program.h"

#include <string.h>

#include "probe/base/bytes.h"

#define VECTORS	     16
#define CODE_AT	     (4 * VECTORS)
#define SPIN_AT	     0x18
#define FAULT_AT     0x24
#define DELAY_CYCLES 4 /* SUBS and a taken BNE */

#define SCB_SCR	       0xe000ed10u
#define SCR_DEEP       4u
#define SCB_AIRCR      0xe000ed0cu
#define AIRCR_RESET    0x05fa0004u
#define MPU_RNR	       0xe000ed98u
#define MPU_RBAR       0xe000ed9cu
#define MPU_REST       0xe000eda0u /* MPU_RASR, or MPU_RLAR of ARMv8-M */
#define MPU_CTRL       0xe000ed94u
#define MPU_ON	       0x5u	   /* what no region says: as without it */
#define RASR_NO_CODE   0x13000039u /* 512 MiB: read and write, not execute */
#define RBAR_V8_DATA   0x3u	   /* read and write, not execute */
#define RLAR_V8_RAM    0x3fffffe1u /* to the end of what is RAM in the memory map */
#define RAM	       0x20000000u
#define IWDG_KR	       0x0
#define IWDG_PR	       0x4
#define IWDG_RLR       0x8
#define WATCHDOG_TICKS 0x200u

enum ending { END_SPIN, END_SLEEP, END_FAULT };

static const uint16_t code[] = { 0xa709, 0xe002, 0x2801, 0xd008, 0x6001, 0xcf03, 0x2800,
				 0xd1f9, 0x2901, 0xd005, 0x2902, 0xd005, 0xe7fe, 0x3901,
				 0xd1fd, 0xe7f4, 0xbf30, 0xe7fd, 0xde00, 0x46c0 };

struct list {
	uint8_t *at;
	size_t len;
};

static void add(struct list *l, uint32_t addr, uint32_t value)
{
	put_le32(l->at + l->len, addr);
	put_le32(l->at + l->len + 4, value);
	l->len += 8;
}

/* Of a register that is remembered only: what it holds after a reset. */
static uint32_t reset_value(const struct chip_row *chip, uint32_t addr)
{
	unsigned i;

	for (i = 0; i < 4; i++)
		if (chip->at_reset[i].addr == addr)
			return chip->at_reset[i].value;
	return 0;
}

static void add_place(struct list *l, const struct chip_row *chip, const struct chip_place *p)
{
	if (p->addr)
		add(l, p->addr, (reset_value(chip, p->addr) & ~p->mask) | p->value);
}

/* From RAM nothing may be executed. */
static void add_mpu(struct list *l, const struct core_row *core)
{
	add(l, MPU_RNR, 0);
	add(l, MPU_RBAR, core->mpu_v8 ? RAM | RBAR_V8_DATA : RAM);
	add(l, MPU_REST, core->mpu_v8 ? RLAR_V8_RAM : RASR_NO_CODE);
	add(l, MPU_CTRL, MPU_ON);
}

static enum ending add_deeds(struct list *l, const struct chip_row *chip, enum program_kind kind)
{
	switch (kind) {
	case PROGRAM_SLEEP:
		return END_SLEEP;
	case PROGRAM_STANDBY:
		add_place(l, chip, &chip->standby);
		add(l, SCB_SCR, SCR_DEEP);
		return END_SLEEP;
	case PROGRAM_STOP:
		add(l, SCB_SCR, SCR_DEEP);
		return END_SLEEP;
	case PROGRAM_REMAP:
		add_place(l, chip, &chip->pins_off);
		return END_SPIN;
	case PROGRAM_WATCHDOG:
		add(l, chip->iwdg_base + IWDG_KR, 0x5555);
		add(l, chip->iwdg_base + IWDG_PR, 0);
		add(l, chip->iwdg_base + IWDG_RLR, WATCHDOG_TICKS);
		add(l, chip->iwdg_base + IWDG_KR, 0xcccc);
		return END_SPIN;
	case PROGRAM_MPU:
		add_mpu(l, chip->core);
		return END_SPIN;
	case PROGRAM_RESET:
		add(l, SCB_AIRCR, AIRCR_RESET);
		return END_SPIN;
	case PROGRAM_LOCKUP:
	case PROGRAM_HARDFAULT:
		return END_FAULT;
	case PROGRAM_BLANK:
	case PROGRAM_RUN:
	case PROGRAM_FILE:
		break;
	}
	return END_SPIN;
}

static void put_vectors(const struct chip_row *chip, enum program_kind kind, uint8_t *at)
{
	uint32_t start = chip->flash->base + CODE_AT;
	/* A handler that faults itself locks the core up. */
	uint32_t handler = start + (kind == PROGRAM_LOCKUP ? FAULT_AT : SPIN_AT);
	unsigned i;

	put_le32(at, chip->ram[0].base + chip->ram[0].bytes);
	put_le32(at + 4, start | 1);
	for (i = 2; i < VECTORS; i++)
		put_le32(at + 4 * (size_t)i, handler | 1);
}

size_t program_build(const struct chip_row *chip, enum program_kind kind, unsigned after_ms,
		     uint32_t core_hz, uint8_t *ret)
{
	struct list l = { .at = ret };
	enum ending ending;
	size_t i;

	memset(ret, 0xff, PROGRAM_MAX);
	put_vectors(chip, kind, ret);
	for (i = 0; i < sizeof(code) / sizeof(code[0]); i++)
		put_le16(ret + CODE_AT + 2 * i, code[i]);
	l.len = CODE_AT + sizeof(code);
	if (after_ms)
		add(&l, 1, core_hz / 1000 * after_ms / DELAY_CYCLES);
	ending = add_deeds(&l, chip, kind);
	add(&l, 0, ending);
	return l.len;
}
