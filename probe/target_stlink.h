/* A target (target.h) behind an ST-LINK. */
#ifndef SWDOCTOR_TARGET_STLINK_H
#define SWDOCTOR_TARGET_STLINK_H

#include "probe/stlink.h"
#include "probe/target.h"

struct target_stlink {
	struct target t;  /* what everybody else is given */
	struct stlink *s; /* lent; open */
	uint8_t ap;	  /* of the core and its memory */
	enum stlink_link link;
	uint32_t khz; /* wanted; 0: as the probe is */
};

/* Nothing is sent: target_connect comes next. */
void target_stlink_init(struct target_stlink *ts, struct stlink *s, uint8_t ap,
			enum stlink_link link, uint32_t khz);

#endif
