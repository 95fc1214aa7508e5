/*
 * The prefilter finds the literals of all patterns in a block of text, many lines at once, so that
 * only lines which hold one need a closer look. Every occurrence of every literal is reported,
 * exactly. Plain C, for any machine. (Hyperscan was measured beside it: with 2,600 literals it took
 * twice as long on ordinary logs and no less on logs of failures alone.)
 */
#ifndef SWDOCTOR_PREFILTER_H
#define SWDOCTOR_PREFILTER_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/rule/literal.h"

/*
 * Called once for each occurrence; `end` is the offset behind its last byte. Of two that do not
 * overlap the first one comes first.
 */
typedef void prefilter_hit_fn(void *user, uint32_t literal, size_t end);

struct prefilter;

/* l must outlive the prefilter. */
struct prefilter *prefilter_new(const struct literals *l);
void prefilter_free(struct prefilter *p); /* NULL is fine */

/* Not for two threads at a time: it learns from what it reads. len is below 4 GiB. */
void prefilter_scan(struct prefilter *p, const char *text, size_t len, prefilter_hit_fn *hit,
		    void *user);

#endif
