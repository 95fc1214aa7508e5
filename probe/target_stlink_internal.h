/* What the two halves of target_stlink.h share: how each operation begins and ends, and the ops of
 * target_stlink_access.c. */
#ifndef SWDOCTOR_TARGET_STLINK_INTERNAL_H
#define SWDOCTOR_TARGET_STLINK_INTERNAL_H

#include "probe/target_stlink.h"

/* The probe, told of the deadline and the block size that hold now. */
struct stlink *target_stlink_begin(struct target *t);
/* Takes over what the operation met; returns rc. */
int target_stlink_end(struct target *t, int rc);

/* As struct target_ops (target.h) says. */
int target_stlink_read(struct target *t, uint32_t address, void *ret, size_t len, struct err *e);
int target_stlink_write(struct target *t, uint32_t address, const void *bytes, size_t len,
			struct err *e);
int target_stlink_write_wide(struct target *t, unsigned width, bool once, uint32_t address,
			     const void *bytes, size_t len, struct err *e);
int target_stlink_read_wide(struct target *t, unsigned width, uint32_t address, void *ret,
			    size_t len, struct err *e);
int target_stlink_words(struct target *t, struct target_word *words, size_t n, size_t *ret_done,
			struct err *e);
int target_stlink_core_read(struct target *t, uint8_t reg, uint32_t *ret, struct err *e);
int target_stlink_core_write(struct target *t, uint8_t reg, uint32_t value, struct err *e);

#endif
