/*
 * A Cortex-M core: registers and instructions by unicorn, everything around them by ourselves
 * (time, debug, resets, exceptions, faults, sleep), because unicorn executes the instructions of
 * every core, raises no exceptions and knows no time.
 *
 * Files: core.c (states and the run loop), core_exc.c (exceptions, faults, lockup), core_scs.c
 * (system control space), core_debug.c (halting debug), core_ppb.c (DWT, FPB, ITM, ROM table),
 * core_rows.c (the cores); core_uc.c, core_uc_bus.c and core_uc_step.c know unicorn.
 *
 * The core runs ahead of nobody: core_run() brings it up to a moment. It may end a little later
 * (an instruction is not divided, and a bus may stall it); `now_ns` tells.
 */
#ifndef SWDOCTOR_SIM_CORE_H
#define SWDOCTOR_SIM_CORE_H

#include "probe/sim/bus.h"
#include "probe/sim/mpu.h"
#include "probe/sim/thumb.h"

#define CORE_IRQS     128
#define CORE_MAPS_MAX 12
#define CORE_LINE     16 /* bytes of code that are fetched together */

enum { /* numbers as DCRSR counts them */
       CORE_SP = 13,
       CORE_LR = 14,
       CORE_PC = 15,
       CORE_XPSR = 16,
       CORE_MSP = 17,
       CORE_PSP = 18,
       CORE_SPECIAL = 20,
       CORE_FPSCR = 33,
       CORE_S0 = 64,
       CORE_S31 = 95
};

struct core_component { /* an entry of the ROM table */
	uint32_t base;
	uint16_t part;
	uint8_t klass;	 /* component class: 0xe generic, 0x9 debug */
	uint8_t devtype; /* of class 9 */
	uint16_t archid; /* of class 9, in DEVARCH; 0: there is none */
};

struct core_row {
	const char *name;
	int unicorn_model;
	uint32_t cpuid;
	enum thumb_level level;
	uint8_t cost[THUMB_COSTS]; /* eighths of a cycle */
	uint8_t jump;		   /* more for a jump that is taken */
	uint8_t ram_fetch;	   /* more per instruction fetched through the system bus */
	uint32_t fp_ctrl, dwt_ctrl;
	unsigned mpu_regions; /* 0: there is no memory protection unit */
	bool mpu_v8;
	uint32_t mvfr[3];
	uint32_t clidr, ctr;
	uint32_t rom_part; /* PIDR part number of the ROM table */
	uint32_t rom_base; /* of the chip's table, from which a chain leads there; 0: there is none
			    */
	struct core_component component[7];
};

/* What the core tells the chip it sits in. */
struct core_bus {
	void *user;
	/* An access that no mapped memory answers, and every store into flash. */
	enum bus_answer (*access)(void *user, struct bus_access *a);
	/* A line of flash is executed from; told when it is another one. */
	void (*fetched)(void *user, uint32_t addr);
	void (*reset_wanted)(void *user); /* AIRCR.SYSRESETREQ */
	/* Until then no register changes by itself; UINT64_MAX if nothing is in work. */
	uint64_t (*quiet_until)(void *user);
};

struct core_map { /* memory that the core reads without asking the bus */
	uint32_t base, size;
	uint8_t *at;
	bool flash;
};

/* Why a stretch ended. */
enum core_stop {
	CORE_STOP_TIME,
	CORE_STOP_YIELD,
	CORE_STOP_BKPT,
	CORE_STOP_SVC,
	CORE_STOP_WFI,
	CORE_STOP_UNDEFINED,  /* the instruction does not exist on this core */
	CORE_STOP_NOCP,	      /* no FPU, or not switched on */
	CORE_STOP_DATA_FAULT, /* a bus error at slice.fault_addr */
	CORE_STOP_FETCH_FAULT,
	CORE_STOP_EXC_RETURN,
	CORE_STOP_BREAKPOINT, /* a comparator of the FPB */
	CORE_STOP_FORBIDDEN,  /* the memory protection unit allows no instruction there */
};

enum core_sleep { CORE_AWAKE, CORE_SLEEPING, CORE_DEEP };

struct core_poll {	    /* the last access to a register: a loop may be waiting */
	bool known, stored; /* stored: something was since */
	bool snapshot;	    /* reg[] is of that access */
	uint32_t pc, addr, value;
	uint64_t used;
	uint32_t reg[CORE_PSP + 1];
};

struct core {
	const struct core_row *row;
	struct core_bus bus;
	struct uc_struct *uc;
	struct thumb_op *narrow; /* every 16-bit instruction, decoded */
	struct mmio *mmio;	 /* core_uc.c's own */
	struct core_map map[CORE_MAPS_MAX];
	unsigned n_maps;

	/* states */
	bool held;   /* in reset */
	bool halted; /* debug state */
	bool locked_up;
	bool no_thumb; /* EPSR.T is 0: the next instruction faults */
	enum core_sleep sleep;
	bool shut;	 /* it runs secure code, which this debugger may not stop */
	bool deep_debug; /* the debugger keeps the clocks of deep sleep on */

	/* time */
	uint32_t hz;
	uint64_t now_ns;
	uint64_t retired; /* instructions since power-on */
	bool yield;	  /* whoever changes the plan sets it: the core returns from core_run */

	/* halting debug */
	uint32_t dhcsr; /* C_ bits only */
	uint32_t demcr, dfsr, dcrdr;
	bool reset_seen, retire_seen; /* S_RESET_ST, S_RETIRE_ST: cleared by reading */

	/* system control space */
	uint32_t vtor_at_reset; /* a fact of the chip */
	uint32_t chip_part;	/* and one: the number in its own ROM table */
	uint32_t vtor, scr, ccr, shcsr, cfsr, hfsr, mmfar, bfar, cpacr, prigroup;
	uint8_t priority[16 + CORE_IRQS]; /* by exception number */
	uint32_t enabled[CORE_IRQS / 32], pending[(16 + CORE_IRQS + 31) / 32];
	uint32_t active[(16 + CORE_IRQS + 31) / 32];
	uint32_t systick_ctrl, systick_load;
	uint64_t systick_from_ns; /* when it last was at its reload value */
	struct mpu mpu;

	/* DWT and FPB */
	uint32_t fp_ctrl, fp_comp[8];
	uint32_t dwt_ctrl;
	uint64_t cyccnt_from_ns;
	uint32_t cyccnt_base;

	struct core_slice { /* one stretch inside unicorn */
		bool running;
		uint64_t start_ns;
		uint64_t used, budget; /* eighths of a cycle */
		uint64_t instructions, instructions_max;
		uint32_t last_pc, next_pc; /* of the instruction in work, and behind it */
		uint8_t it_left;	   /* instructions of an IT block to go: no stop there */
		enum core_stop why;
		uint32_t fault_addr;
		const struct core_map *code;
		struct core_poll read, write;
		uint32_t line; /* of flash: the last one that was executed from */
		struct { /* a load from flash that a cache serves: what lies there otherwise */
			bool pending;
			uint32_t addr, old;
			unsigned size;
		} load;
		struct { /* a store into flash that unicorn has already made */
			bool pending;
			uint32_t addr, old, value;
			unsigned size;
		} store;
	} slice;
};

extern const struct core_row core_m0, core_m0p, core_m3, core_m4, core_m7, core_m33;

void core_init(struct core *c, const struct core_row *row, const struct core_bus *bus);
void core_done(struct core *c);
/* RAM, or flash: then stores go to the bus. `at` is lent. */
void core_map(struct core *c, uint32_t base, uint32_t size, uint8_t *at, bool flash);
/* Power came: everything back, debug included. The core is held until core_release(). */
void core_power_on(struct core *c, uint64_t now_ns);
void core_hold(struct core *c, uint64_t now_ns);    /* a reset begins */
void core_release(struct core *c, uint64_t now_ns); /* and ends: fetch the vectors, or halt there */
void core_run(struct core *c, uint64_t until_ns);
bool core_executes(const struct core *c);
/* When something happens without the core executing (SysTick); UINT64_MAX if never. */
uint64_t core_next_event(const struct core *c);
/* Memory was changed behind the core's back (by the debugger, by an erase). */
void core_memory_changed(struct core *c, uint32_t addr, uint32_t len);
/* The core's own time, also in the middle of a stretch. */
uint64_t core_time(const struct core *c);

/* 0xE0000000 to 0xE00FFFFF. */
enum bus_answer core_ppb(struct core *c, struct bus_access *a);

/* ---- between the files of the core ---- */

enum {
	EXC_RESET = 1,
	EXC_NMI,
	EXC_HARD,
	EXC_MEM,
	EXC_BUS,
	EXC_USAGE,
	EXC_SVC = 11,
	EXC_PENDSV = 14,
	EXC_SYSTICK = 15,
	EXC_IRQ0 = 16
};

uint32_t core_reg(struct core *c, unsigned number);
void core_set_reg(struct core *c, unsigned number, uint32_t value);
bool core_has_fpu(const struct core *c);

/* core_uc.c: run from the current PC until slice.budget is used up or something stops it. */
void core_uc_open(struct core *c);
void core_uc_close(struct core *c);
void core_uc_map(struct core *c, const struct core_map *m);
enum core_stop core_uc_run(struct core *c);
void core_uc_forget(struct core *c, uint32_t addr, uint32_t len);

/* core_exc.c */
void core_exc_reset(struct core *c);
/* A fault with its bits in CFSR; `addr` goes to BFAR with CFSR.BFARVALID. Halts on vector catch. */
void core_fault(struct core *c, unsigned exception, uint32_t cfsr, uint32_t addr);
void core_pend(struct core *c, unsigned exception);
/* The exception that would be taken now, 0 for none. */
unsigned core_next_exception(struct core *c);
void core_take(struct core *c, unsigned exception);
void core_return(struct core *c);

/* core_debug.c */
void core_halt(struct core *c, uint32_t dfsr_bit);
void core_debug_power_on(struct core *c);
bool core_debug_reg(struct core *c, struct bus_access *a);
bool core_stops_at(const struct core *c, uint32_t pc); /* a breakpoint unit says so */

#define DFSR_HALTED 0x01u
#define DFSR_BKPT   0x02u
#define DFSR_VCATCH 0x08u

#define DHCSR_DEBUGEN  0x1u
#define DHCSR_HALT     0x2u
#define DHCSR_STEP     0x4u
#define DHCSR_MASKINTS 0x8u

#define DEMCR_VC_CORERESET 0x00000001u
#define DEMCR_VC_MMERR	   0x00000010u
#define DEMCR_VC_NOCPERR   0x00000020u
#define DEMCR_VC_CHKERR	   0x00000040u
#define DEMCR_VC_STATERR   0x00000080u
#define DEMCR_VC_BUSERR	   0x00000100u
#define DEMCR_VC_INTERR	   0x00000200u
#define DEMCR_VC_HARDERR   0x00000400u
#define DEMCR_TRCENA	   0x01000000u

#define SCR_SLEEPDEEP 0x4u

#define CFSR_IACCVIOL	0x00000001u
#define CFSR_IBUSERR	0x00000100u
#define CFSR_PRECISERR	0x00000200u
#define CFSR_UNSTKERR	0x00000800u
#define CFSR_STKERR	0x00001000u
#define CFSR_BFARVALID	0x00008000u
#define CFSR_UNDEFINSTR 0x00010000u
#define CFSR_INVSTATE	0x00020000u
#define CFSR_INVPC	0x00040000u
#define CFSR_NOCP	0x00080000u

/* core_scs.c, core_ppb.c: registers by address; false: not theirs. */
bool core_scs_reg(struct core *c, struct bus_access *a);
bool core_ppb_reg(struct core *c, struct bus_access *a);
void core_scs_reset(struct core *c);
void core_systick(struct core *c); /* pend it if its time has come */

#endif
