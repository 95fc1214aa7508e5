/*
 * Finding and loading the virtual bench (probe/sim/api/plugin.h says what it can do). It is a
 * shared library of its own, because it needs an emulator that this program does not.
 */
#ifndef SWDOCTOR_SIM_PLUGIN_H
#define SWDOCTOR_SIM_PLUGIN_H

#include "probe/sim/api/plugin.h"

/* Beside the program where it was built, or in ../lib where it is installed. It stays loaded.
 * ERR_NOT_FOUND, or ERR_UNSUPPORTED if it belongs to another version. */
int sim_plugin_load(const struct sim_plugin **ret, struct err *e);

#endif
