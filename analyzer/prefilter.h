/*
 * The prefilter finds the literals of all patterns in a block of text, many lines at once, so that
 * only lines which hold one need a closer look. Implementations: prefilter_gram.c (plain C, any
 * machine) and prefilter_hs.c (Hyperscan, serialised when the program is built). Both report every
 * occurrence of every literal, exactly; nobody above can tell them apart.
 */
#ifndef SWDOCTOR_PREFILTER_H
#define SWDOCTOR_PREFILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/literal.h"
#include "analyzer/rules.h"
#include "probe/base/err.h"

/*
 * Called once for each occurrence; `end` is the offset behind its last byte. Of two that do not
 * overlap the first one comes first.
 */
typedef void prefilter_hit_fn(void *user, uint32_t literal, size_t end);

struct prefilter;

struct prefilter_ops {
	const char *name;
	void (*scan)(struct prefilter *p, const char *text, size_t len, prefilter_hit_fn *hit,
		     void *user);
	void (*free)(struct prefilter *p);
};

struct prefilter { /* first member of every implementation's struct */
	const struct prefilter_ops *ops;
};

/* l must outlive the prefilter. */
struct prefilter *prefilter_gram_new(const struct literals *l);

/*
 * Load what prefilter_compile wrote. ERR_UNSUPPORTED: made by or for another machine or version,
 * not from these literals, or built without Hyperscan; take the portable one then.
 */
int prefilter_hs_load(const struct literals *l, const void *db, size_t len, struct prefilter **ret,
		      struct err *e);

/*
 * Compile the literals of r into bytes that any x86-64 loads in no time (*ret_db to be freed).
 * Where there is no Hyperscan nothing is made: 0 is returned, *ret_db is NULL and *ret_len is 0.
 */
int prefilter_compile(const struct rules *r, void **ret_db, size_t *ret_len, struct err *e);

#endif
