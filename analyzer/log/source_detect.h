/*
 * Which tool speaks: every recognised line tells with a strength of its own (`tells` of the
 * patterns), a banner names the tool and its version.
 */
#ifndef SWDOCTOR_SOURCE_DETECT_H
#define SWDOCTOR_SOURCE_DETECT_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "analyzer/rule/rules.h"

struct tool_told {	/* what was heard of one tool */
	const char *id; /* as the rules name it */
	uint64_t strength;
	char name[64], version[64]; /* from its last banner; "" before */
};

struct detector {
	const struct rules *rules;
	uint16_t *tool_of; /* for each pattern: index into tools; 0: for all tools */
	struct tool_told *tools;
	size_t n_tools;
	size_t speaks; /* whose banner came last; 0: none did */
};

void detector_init(struct detector *d, const struct rules *r);
void detector_done(struct detector *d);
/* A line matched this pattern. */
void detector_hear(struct detector *d, size_t pattern);
/* An event of kind tool.banner from this pattern. */
void detector_name(struct detector *d, size_t pattern, const struct event *banner);
/* The version of the pattern's tool if that one spoke last, else NULL. */
const char *detector_version(const struct detector *d, size_t pattern);
/* The tool that most lines speak for, NULL if none; its confidence is 0 to 1. */
const struct tool_told *detector_best(const struct detector *d, double *ret_confidence);

#endif
