/*
 * A microcontroller: core, flash, memories and the peripherals that matter to flashing and
 * debugging, behind one bus; its resets, its supply, its low-power modes. Which chip it is stands
 * in a struct chip_row (chip_rows.c).
 *
 * Files: chip.c (time, resets, power), chip_bus.c (who answers an address).
 */
#ifndef SWDOCTOR_SIM_CHIP_H
#define SWDOCTOR_SIM_CHIP_H

#include "probe/sim/clocks.h"
#include "probe/sim/core.h"
#include "probe/sim/crc_unit.h"
#include "probe/sim/flash.h"
#include "probe/sim/iwdg.h"
#include "probe/sim/regs.h"
#include "probe/sim/rng.h"
#include "probe/sim/wwdg.h"

#define CHIP_RAMS_MAX  7
#define CHIP_UID_BYTES 12

#define CHIP_APS_MAX 4

struct chip_ap { /* an access port; idr 0: there is none */
	uint32_t idr, base, csw;
	/* One that sees the debug bus only: its addresses from `window` on are those from `at` on.
	 */
	uint32_t window, at, window_bytes;
	bool quiet; /* outside of it there is nothing, and no error says so */
};

struct chip_place { /* a register by address, and what of it counts */
	uint32_t addr, mask, value;
};

struct chip_row {
	const char *name;  /* as scenarios call it: "F405" */
	const char *title; /* "STM32F405xG" */
	const struct core_row *core;
	const struct flash_row *flash;
	const struct clocks_row *clocks;
	uint32_t flash_kib;
	uint32_t alias; /* flash is seen there as well, for reading; 0: nowhere */
	uint32_t boot;	/* where the vectors are after a reset; 0: flash is seen there as well */
	uint32_t dpidr, jtag_idcode, boundary_idcode;
	struct chip_ap ap[CHIP_APS_MAX];
	uint32_t tar_wrap; /* bytes over which the MEM-AP increments by itself */
	uint32_t idcode_addr, idcode;
	uint32_t size_reg, uid_addr;
	bool no_mpu;	   /* this chip left its core's memory protection unit out */
	bool size_is_code; /* the size register tells a number for the size: 0 */
	struct {
		uint32_t base, bytes;
	} ram[CHIP_RAMS_MAX];
	struct {
		uint32_t base, bytes;
	} system_memory;
	struct { /* while this clock is off its registers keep nothing; 0: it has none */
		uint16_t off;
		uint8_t bit;
	} dbgmcu_gate;
	uint32_t dbgmcu_cr;	       /* SLEEP, STOP and STANDBY in bits 0 to 2 */
	struct chip_place freeze_iwdg; /* the bit that stops it while the core is halted */
	struct chip_place pins_off;    /* SWD pins given away: (reg & mask) == value */
	struct chip_place standby;     /* deep sleep means STANDBY */
	struct chip_place bank_mode; /* bank 2 is seen first: set after such a start, and by code */
	/* The window watchdog's: 0 is the register of freeze_iwdg, and the bit below. */
	struct chip_place freeze_wwdg;
	uint32_t iwdg_base, lsi_hz;
	uint32_t wwdg_base; /* 0: 0x40002c00, where most chips have it */
	bool wwdg_wide;	    /* its prescaler has three bits */
	uint32_t crc_base;
	uint16_t crc_gate_off;
	uint8_t crc_gate_bit;
	struct {
		uint32_t addr, value;
	} at_reset[4]; /* of registers that are only remembered */
	struct { /* of those, a bit that switches something on and the one that says it is ready */
		uint32_t addr;
		uint8_t on, ready;
	} follow[2];
	unsigned vdd_min_mv, vdd_max_mv, reset_mv; /* below reset_mv the power-on reset holds it */
};

enum chip_power { CHIP_RUN, CHIP_STOP, CHIP_STANDBY };

struct chip {
	const struct chip_row *row;
	struct core core;
	struct flash flash;
	struct clocks clocks;
	struct regs regs;
	struct iwdg iwdg;
	struct wwdg wwdg;
	struct crc_unit crc;
	struct rng *rng;
	uint8_t *ram[CHIP_RAMS_MAX];
	uint8_t *view[2]; /* the flash as the core executes it, by its first and its second address
			   */
	uint8_t uid[CHIP_UID_BYTES];
	uint32_t idcode, dpidr; /* the row's, unless this one is a clone */
	uint32_t told_kib;	/* what the size register says */

	uint64_t now_ns;
	bool powered;
	bool nrst_low;	      /* from outside */
	bool nrst_stuck_high; /* tied to the supply: no reset of its own gets through */
	uint64_t release_ns;  /* end of a reset pulse of its own */
	unsigned supply_mv;
	enum chip_power power;
	uint32_t dbgmcu_cr, dbgmcu_freeze, dbgmcu_freeze2;
	bool debug_powered;	/* a debugger asked for the debug domain since power-on */
	bool hardware_watchdog; /* option: it starts with every reset */
	bool reset_asked;	/* by the core or by a peripheral, while it ran */
	enum clocks_flag reset_why;
	unsigned power_ons, resets, cuts; /* cuts: power lost in the middle of an operation */
};

/* An unpowered chip. `rng` is lent. */
void chip_init(struct chip *c, const struct chip_row *row, struct rng *rng);
void chip_done(struct chip *c);
const struct chip_row *chip_find(const char *name); /* NULL: no such chip */
const struct chip_row *chip_nth(size_t n);	    /* NULL after the last */

/* Everything below brings the chip up to now_ns first. */
void chip_advance(struct chip *c, uint64_t now_ns);
void chip_set_supply(struct chip *c, unsigned mv, uint64_t now_ns);
void chip_set_nrst(struct chip *c, bool low, uint64_t now_ns);
void chip_reset(struct chip *c, enum clocks_flag why, uint64_t now_ns);

bool chip_in_reset(const struct chip *c);
bool chip_port_alive(const struct chip *c);	     /* its debug port answers on the wires */
bool chip_bus_clocked(const struct chip *c);	     /* and the bus behind it has a clock */
bool chip_ap_shut(const struct chip *c, unsigned n); /* protection forbids this access port */
enum bus_answer chip_bus(struct chip *c, struct bus_access *a);

#endif
