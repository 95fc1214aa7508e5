/* The whole command line: `swdoctor` with its commands, for main.c and for what is written from it.
 */
#ifndef SWDOCTOR_PROGRAM_H
#define SWDOCTOR_PROGRAM_H

#include "analyzer/cli/cli.h"

extern const struct cli_command program;

#endif
