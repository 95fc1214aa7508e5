/* Between the files that know unicorn. */
#ifndef SWDOCTOR_SIM_CORE_UC_H
#define SWDOCTOR_SIM_CORE_UC_H

#include <unicorn/unicorn.h>

#include "probe/sim/core.h"

#define CORE_PERIPHERALS	 0x40000000u
#define CORE_PERIPHERALS_BYTES	 0x20000000u
#define CORE_SYSTEM_MEMORY	 0x1ff00000u
#define CORE_SYSTEM_MEMORY_BYTES 0x00100000u
#define CORE_PPB		 0xe0000000u
#define CORE_PPB_BYTES		 0x00100000u
#define CORE_MMIOS		 3

struct mmio { /* unicorn hands over offsets only */
	struct core *core;
	uint32_t base;
};

/* Stop before the next instruction; the first reason counts. */
void core_uc_stop(struct core *c, enum core_stop why);

/* core_uc_bus.c */
const struct core_map *core_uc_map_at(const struct core *c, uint32_t addr);
/* Unicorn has made a store into flash: undo it, and let the flash controller decide. A load from
 * flash was made: what was put there for it goes. */
void core_uc_finish_access(struct core *c);
void core_uc_on_flash_write(uc_engine *uc, uc_mem_type type, uint64_t address, int size,
			    int64_t value, void *user);
void core_uc_on_flash_read(uc_engine *uc, uc_mem_type type, uint64_t address, int size,
			   int64_t value, void *user);
uint64_t core_uc_on_mmio_read(uc_engine *uc, uint64_t off, unsigned size, void *user);
void core_uc_on_mmio_write(uc_engine *uc, uint64_t off, unsigned size, uint64_t value, void *user);

/* core_uc_step.c: before every instruction */
void core_uc_on_instruction(uc_engine *uc, uint64_t address, uint32_t size, void *user);

#endif
