/* Between the files of the loader's host side: loader.c and loader_start.c. */
#ifndef SWDOCTOR_FLASH_LOADER_INTERNAL_H
#define SWDOCTOR_FLASH_LOADER_INTERNAL_H

#include "flash/loader.h"

/* An access failed in the middle of a step: into s->fault. Returns rc. */
int loader_link_failed(struct loader *l, enum fault_step step, int rc, struct err *e);
/* It said that it failed, or it is late: what became of it, into s->fault. Always an error. */
int loader_examine(struct loader *l, struct err *e);
/* 0 if the core runs on as it should; else as loader_examine. */
int loader_check_alive(struct loader *l, struct err *e);

#endif
