/*
 * What a tool printed under `swdoctor run`, kept among the last traces so that `report --last` can
 * tell of it too. The first line is the command, as a shell shows it. Nobody asked for this log: a
 * home that cannot be written to is no reason to say anything. A trace that was recorded meanwhile
 * is kept beside it.
 */
#ifndef SWDOCTOR_RUN_LOG_H
#define SWDOCTOR_RUN_LOG_H

#include <stddef.h>
#include <stdint.h>

struct run_log {
	int fd;	       /* -1: nothing is kept */
	uint64_t left; /* bytes until it is full; what comes later is not kept */
};

void run_log_begin(struct run_log *l, const char *command_line);
/* Whole lines. */
void run_log_add(struct run_log *l, const char *at, size_t len);
void run_log_end(struct run_log *l);
/* Behind the end: a copy of the trace, unless it is too long for one. */
void run_log_keep_trace(const char *path);

#endif
