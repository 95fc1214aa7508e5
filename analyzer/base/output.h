/* Bytes out: whole writes whose failure is told, so that a full disk never looks like success. */
#ifndef SWDOCTOR_OUTPUT_H
#define SWDOCTOR_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/buf.h"
#include "probe/base/err.h"

/* Make sure that descriptors 0 to 2 are taken: else a file opened later would get the number of a
 * closed one and be taken for it. Writing to one that was closed fails. */
void output_guard_std(void);
/* Writes everything; `name` is for the error. */
int output_write(int fd, const void *at, size_t len, const char *name, struct err *e);
/*
 * A whole file or none: a new file is written, synced and renamed over the old one, so that no
 * reader sees half of it. What is no regular file (a pipe, /dev/stderr) is written to.
 */
int output_file(const char *path, const struct buf *text, struct err *e);
/* It is there, and no regular file. */
bool output_is_stream(const char *path);

#endif
