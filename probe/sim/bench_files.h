/* What a bench takes from files before a run and leaves in files after it. */
#ifndef SWDOCTOR_SIM_BENCH_FILES_H
#define SWDOCTOR_SIM_BENCH_FILES_H

#include "probe/base/buf.h"
#include "probe/sim/bench.h"

/* The array as the file has it; what the file does not reach stays. */
int bench_fill_flash(struct bench *b, const char *path, struct err *e);
/* The array at this moment, whole. */
int bench_save_flash(struct bench *b, const char *path, struct err *e);
/*
 * Two states of the board (bench_state.h) in one JSON object, "before" and "after". `before` is
 * what bench_note_before wrote when the bench was set up.
 */
void bench_note_before(struct bench *b, struct buf *ret);
int bench_write_states(struct bench *b, const struct buf *before, const char *path, struct err *e);
/* Counts and the bench's time as one JSON object. */
int bench_write_stats(struct bench *b, const char *path, struct err *e);

#endif
