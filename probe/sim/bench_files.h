/* What a bench takes from files before a run and leaves in files after it. */
#ifndef SWDOCTOR_SIM_BENCH_FILES_H
#define SWDOCTOR_SIM_BENCH_FILES_H

#include "probe/sim/bench.h"

/* The array as the file has it; what the file does not reach stays. */
int bench_fill_flash(struct bench *b, const char *path, struct err *e);
/* The array at this moment, whole. */
int bench_save_flash(struct bench *b, const char *path, struct err *e);
/* Counts and the bench's time as one JSON object. */
int bench_write_stats(struct bench *b, const char *path, struct err *e);

#endif
