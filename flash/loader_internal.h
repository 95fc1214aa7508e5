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

/* ---- loader_mend.c: what arrived wrong is written again ---- */

/* Bytes into RAM, the last ones (of an odd word) filled up; what they sum up to. */
uint32_t loader_sum_padded(const uint8_t *bytes, uint32_t len);
int loader_write_padded(struct loader *l, uint32_t address, const uint8_t *bytes, uint32_t len,
			struct err *e);
/* Written, read back, and what differs written again, until all of it is right. */
int loader_place(struct loader *l, uint32_t address, const uint8_t *bytes, uint32_t len,
		 struct err *e);
void loader_pack_slot(const struct loader_slot *slot, uint8_t out[LOADER_SLOT_BYTES]);
/* Words were met that went wrong without a word of it: orders are small then, and looked after. */
bool loader_is_careful(const struct loader *l);
/* While the loader is busy: bytes that wait for their turn are read back. *ret_any: some were. */
int loader_mend_ahead(struct loader *l, bool *ret_any, struct err *e);
/* The current order was refused; `done` is the word that says so. */
int loader_mend(struct loader *l, uint32_t done, struct err *e);
/* It does not get on: is its order there at all? *ret_lost: it was not, and is now. */
int loader_mend_lost(struct loader *l, bool *ret_lost, struct err *e);

#endif
