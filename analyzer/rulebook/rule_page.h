/* The rules for people: the list of all of them, and a page about one. */
#ifndef SWDOCTOR_RULE_PAGE_H
#define SWDOCTOR_RULE_PAGE_H

#include "analyzer/base/term.h"
#include "analyzer/rule/rule_base.h"

void rule_list(const struct rules *r, const struct term *t, struct buf *out);

/* Everything that has this id. ERR_NOT_FOUND with the nearest known id: nothing has. */
int rule_page(const struct rules *r, const char *id, const struct term *t, struct buf *out,
	      struct err *e);

#endif
