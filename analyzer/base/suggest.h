/* Did you mean: the known word nearest to a mistyped one. */
#ifndef SWDOCTOR_SUGGEST_H
#define SWDOCTOR_SUGGEST_H

#include <stddef.h>

/* Feed the known words one by one; `best` is then the nearest, or NULL if none is near. */
struct suggest {
	const char *word; /* what was typed */
	const char *best;
	size_t distance;
};

void suggest_init(struct suggest *s, const char *word);
void suggest_offer(struct suggest *s, const char *known); /* kept by reference; NULL is skipped */

#endif
