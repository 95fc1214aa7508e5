/*
 * The independent watchdog, fed by the host where no loader does it: it cannot be stopped once it
 * runs, and not every part lets it stand still while the core does. Whatever takes long goes
 * through one of these, which feed in between if target->feed names a watchdog. A feeding that
 * fails is no failure: the next access tells.
 */
#ifndef SWDOCTOR_FLASH_FEED_H
#define SWDOCTOR_FLASH_FEED_H

#include "probe/target.h"

/* The watchdog at `iwdg` is to be fed from now on; 0: none. */
void feed_begin(struct target *t, uint32_t iwdg);
/* If it is time again. */
void feed(struct target *t);
int feed_sleep_us(struct target *t, const struct deadline *limit, uint64_t us, struct err *e);
int feed_read(struct target *t, uint32_t address, void *ret, size_t len, struct err *e);

#endif
