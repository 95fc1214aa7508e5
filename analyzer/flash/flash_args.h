/* What the commands about flash have in common on the command line: images, ranges, consent. */
#ifndef SWDOCTOR_FLASH_ARGS_H
#define SWDOCTOR_FLASH_ARGS_H

#include "analyzer/cli/cli.h"
#include "flash/engine.h"
#include "flash/image.h"

extern const struct cli_option flash_image_options[];  /* --base, --image-format */
extern const struct cli_option flash_report_options[]; /* --format, --result, --events */
extern const struct cli_option flash_range_option[];   /* --range */

/* "0x08000000", "64K", "1M", "4096". ERR_USAGE; `what` names it in the message. */
int flash_args_number(const char *what, const char *text, uint32_t *ret, struct err *e);
/* "0x08000000+64K". */
int flash_args_range(const char *text, struct flash_range *ret, struct err *e);
/* All of --range; *ret (to be freed) is NULL if there is none. */
int flash_args_ranges(const struct cli_args *args, struct flash_range **ret, size_t *ret_n,
		      struct err *e);

/* The operands as images; "-" is standard input. image_done it either way. */
int flash_args_images(const struct cli_args *args, struct image *ret, struct err *e);

/*
 * Did the user allow it? By --allow reset,erase,mass-erase or, where somebody sits at a terminal,
 * by an answer to `question`.
 */
bool flash_args_allow(const struct cli_args *args, const char *word, const char *question);
/* ERR_USAGE for a word of --allow that does not exist. */
int flash_args_check_allow(const struct cli_args *args, struct err *e);

#endif
