/*
 * What a command about flash did to one chip, for people (text) and programs (JSON, as
 * doc/flash.schema.json says). Everything but the names is optional: what is not known is not told.
 */
#ifndef SWDOCTOR_FLASH_REPORT_H
#define SWDOCTOR_FLASH_REPORT_H

#include "analyzer/base/result.h"
#include "analyzer/base/term.h"
#include "analyzer/judge/diagnosis.h"
#include "flash/engine.h"
#include "flash/image.h"
#include "flash/option.h"
#include "flash/plan.h"

/* Recoveries, and where they led. */
struct flash_tries {
	struct flash_try *at; /* freed by flash_report_done */
	size_t n;
	uint32_t khz; /* the final speed; 0: not known */
	bool without_loader;
	uint64_t asked_again, mended, wrong_words;
};

struct flash_report {
	const char *command; /* "flash" */
	const char *probe;   /* words; NULL: it was not come so far */
	const struct image *image;

	bool has_chip;
	struct chip_identity id;
	bool has_geometry;
	struct geometry geometry;

	bool has_plan; /* of a dry run */
	struct plan plan;
	struct plan_time time;
	char odd[200]; /* what is odd about the image's vectors; "" */

	bool has_outcome;
	struct flash_outcome outcome;

	bool has_read;
	uint32_t read_address;
	uint64_t read_bytes;
	const char *read_file; /* "-" */

	bool has_reset;
	bool reset_seen; /* the core says that it was reset */
	bool halted;

	bool has_options; /* to be shown */
	struct option_state options;
	bool is_protected; /* read protection refuses all that was asked for */

	bool has_tries;
	struct flash_tries tries; /* what it took; none: nothing was tried */
	bool faults_told;	  /* the judge knows of them already */

	bool linked;	    /* the target answered: what fails from then on is no matter of wires */
	struct err error;   /* code ERR_NONE: done */
	struct err leaving; /* the probe could not be left in order; code ERR_NONE: it was */
	const struct diagnosis *d; /* of a failure; NULL: none was made */
};

void flash_report_init(struct flash_report *r, const char *command, const char *probe);
void flash_report_done(struct flash_report *r); /* not what is lent: image, diagnosis */

/* How a command ends that has this to report. */
void flash_report_result(const struct flash_report *r, struct result *ret);
/* One object on one line, with its newline. */
void flash_report_json(const struct flash_report *r, struct buf *out);
/* What was done; nothing of the error. */
void flash_report_text(const struct flash_report *r, const struct term *t, struct buf *out);

#endif
