/* The version of the program, and of what it is built with. */
#ifndef SWDOCTOR_VERSION_H
#define SWDOCTOR_VERSION_H

#include "probe/base/buf.h"

#define SWDOCTOR_VERSION "0.1.0"

/* "swdoctor 0.1.0" and a line for each library: the version in use, not the one of the headers. */
void version_add(struct buf *out);

#endif
