/* Every command of the program: the const structs that analyzer/cmd_*.c define. */
#ifndef SWDOCTOR_COMMANDS_H
#define SWDOCTOR_COMMANDS_H

#include "analyzer/cli/cli.h"

#define COMMAND(name) extern const struct cli_command cmd_##name;
#include "analyzer/commands.def"
#undef COMMAND

#endif
