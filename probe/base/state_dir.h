/* The folder in which the program keeps what it wants to know next time, by the XDG rules. */
#ifndef SWDOCTOR_BASE_STATE_DIR_H
#define SWDOCTOR_BASE_STATE_DIR_H

#include "probe/base/buf.h"
#include "probe/base/err.h"

/*
 * Adds the path of `name` in it: $XDG_STATE_HOME/swdoctor/NAME, or ~/.local/state/swdoctor/NAME.
 * Nothing is made. ERR_NOT_FOUND without a home.
 */
int state_dir_path(const char *name, struct buf *ret, struct err *e);

/* Makes a folder and those above it, for the user alone. ERR_IO. */
int state_dir_make(const char *folder, struct err *e);

#endif
