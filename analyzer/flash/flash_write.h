/* What `flash`, `verify` and `erase` have in common: running the engine on a probe. */
#ifndef SWDOCTOR_FLASH_WRITE_H
#define SWDOCTOR_FLASH_WRITE_H

#include "analyzer/flash/flash_run.h"

struct flash_write {
	struct flash_options options;
	bool no_loader, no_reset;
	long assume_mv; /* 0: as the probe measures */
	/* The command: called once the target is linked, and the chip known. */
	int (*engine)(const struct flash_work *w, struct flash_session *s,
		      const struct flash_ops *ops, struct err *e);
	void *user;
};

extern const struct cli_option
	flash_engine_options[]; /* --allow, --no-loader, --no-reset, --target-mv */
int flash_write_options(const struct cli_args *args, struct flash_write *ret, struct err *e);

/* For flash_run.work; run->user is the struct flash_write. */
int flash_write_work(const struct flash_work *w, struct err *e);

/*
 * The whole of a command that holds images against a chip (`flash`, `verify`), with the common
 * options --halt and --verify: returns the exit code. `w` has its engine.
 */
int flash_write_run(const struct cli_command *c, const struct cli_args *args, unsigned timeout_s,
		    struct flash_write *w);

/* The image as the engine takes it; `room` (image->n_segments long) holds its segments. */
struct flash_image flash_write_image(const struct image *im, struct flash_segment *room);
/* ERR_USAGE with the numbers if the image does not fit; fills the report's remarks. */
int flash_write_fits(const struct flash_work *w, const struct flash_session *s, struct err *e);

#endif
