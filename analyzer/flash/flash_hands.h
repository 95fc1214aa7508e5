/* What the engine cannot do alone: a person at the terminal, a program that switches a port. */
#ifndef SWDOCTOR_FLASH_HANDS_H
#define SWDOCTOR_FLASH_HANDS_H

#include "analyzer/flash/flash_run.h"

/* By the command line and by who is there; `w` must outlive it. */
void flash_hands_init(struct care_hands *ret, const struct flash_work *w);

#endif
