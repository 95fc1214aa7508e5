/*
 * Takes out of text what tells who somebody is: serial numbers and unique ids, user and host names,
 * folders of theirs, mail and network addresses. Each secret becomes a token, the same one wherever
 * it stands ("[serial-1]"), so that what belongs together still does.
 *
 * A name is only known once it was seen where it shows (in a home folder, before an @): show
 * everything to redact_learn first. Words that many share (root, build, localhost) are no secrets.
 */
#ifndef SWDOCTOR_REDACT_H
#define SWDOCTOR_REDACT_H

#include <stddef.h>

#include "probe/base/buf.h"

struct redact;

struct redact *redact_new(void);
void redact_free(struct redact *r); /* NULL is fine */
/* This user's and this computer's name, from the environment and the system. */
void redact_learn_own(struct redact *r);
void redact_learn(struct redact *r, const char *text, size_t len);
/* Adds the text with tokens for secrets, those in it learned first. r NULL: as it is. */
void redact_add(struct redact *r, struct buf *out, const char *text, size_t len);
/* How many secrets are known; for the note below a report. */
size_t redact_count(const struct redact *r);

#endif
