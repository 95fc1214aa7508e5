/*
 * Names and bits of the registers that matter in a debug session: debug port, access ports, the
 * core's debug registers, DBGMCU. For explaining values to people. Facts: coresight_regs.def.
 */
#ifndef SWDOCTOR_CORESIGHT_REGS_H
#define SWDOCTOR_CORESIGHT_REGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/buf.h"

enum coresight_space { CORESIGHT_MEMORY, CORESIGHT_DP, CORESIGHT_AP, CORESIGHT_CORE };

struct coresight_bits {
	const char *name; /* NULL ends a list */
	uint8_t high, low;
};

#define CORESIGHT_BITS_MAX 18

struct coresight_reg {
	enum coresight_space space;
	uint32_t address;
	bool read, write;
	const char *name;
	struct coresight_bits bits[CORESIGHT_BITS_MAX];
};

extern const struct coresight_reg coresight_regs[];
extern const size_t coresight_regs_len;

/* NULL for a register without a name here. */
const struct coresight_reg *coresight_reg_find(enum coresight_space space, uint32_t address,
					       bool write);

/* Adds "C_DEBUGEN S_HALT PARTNO=0xc24": flags that are set, fields that are not zero. */
void coresight_add_bits(struct buf *out, const struct coresight_reg *reg, uint32_t value);

/* What lies at an address of a Cortex-M's map: "flash", "RAM"; never NULL. */
const char *coresight_area(uint32_t address);

/* Addresses that decide something and not only get shown. */
#define CORESIGHT_CPUID	   0xe000ed00U
#define CORESIGHT_AIRCR	   0xe000ed0cU
#define CORESIGHT_CFSR	   0xe000ed28U
#define CORESIGHT_HFSR	   0xe000ed2cU
#define CORESIGHT_DFSR	   0xe000ed30U
#define CORESIGHT_MPU_CTRL 0xe000ed94U
#define CORESIGHT_DHCSR	   0xe000edf0U
#define CORESIGHT_DCRSR	   0xe000edf4U
#define CORESIGHT_DCRDR	   0xe000edf8U
#define CORESIGHT_DEMCR	   0xe000edfcU

#define DHCSR_C_DEBUGEN	  (1U << 0)
#define DHCSR_C_HALT	  (1U << 1)
#define DHCSR_C_STEP	  (1U << 2)
#define DHCSR_C_MASKINTS  (1U << 3)
#define DHCSR_S_REGRDY	  (1U << 16)
#define DHCSR_S_HALT	  (1U << 17)
#define DHCSR_S_SLEEP	  (1U << 18)
#define DHCSR_S_LOCKUP	  (1U << 19)
#define DHCSR_S_RETIRE_ST (1U << 24)
#define DHCSR_S_RESET_ST  (1U << 25)
#define DHCSR_KEY	  0xa05f0000U
#define AIRCR_KEY	  0x05fa0000U
#define AIRCR_SYSRESETREQ (1U << 2)
#define MPU_CTRL_ENABLE	  (1U << 0)
#define DCRSR_WRITE	  (1U << 16)
#define DCRSR_REGSEL	  0x7fU

#define DP_DPIDR	    0x0
#define DP_ABORT	    0x0
#define DP_CTRL_STAT	    0x4
#define DP_SELECT	    0x8
#define DP_RDBUFF	    0xc
#define CTRL_STAT_STICKYERR (1U << 5)
#define AP_CSW		    0x00
#define AP_IDR		    0xfc

#endif
