/* Finding and loading the virtual bench. */
#include "probe/sim_plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const places[] = { "lib/swdoctor/sim.so", "../lib/swdoctor/sim.so" };

static int find(char *ret, size_t size, struct err *e)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n < 0)
		return err_set_native(e, ERR_INTERNAL, errno, "cannot tell where swdoctor is");
	self[n] = '\0';
	slash = strrchr(self, '/');
	for (size_t i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
		int len = snprintf(ret, size, "%.*s/%s", (int)(slash - self), self, places[i]);

		if (len > 0 && (size_t)len < size && !access(ret, R_OK))
			return 0;
	}
	return err_set(e, ERR_NOT_FOUND,
		       "the virtual bench is not installed (it is built where libunicorn-dev is)");
}

int sim_plugin_load(const struct sim_plugin **ret, struct err *e)
{
	char path[PATH_MAX];
	const struct sim_plugin *p;
	void *library;
	int rc = find(path, sizeof(path), e);

	if (rc)
		return rc;
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	p = library ? dlsym(library, SIM_PLUGIN_SYMBOL) : NULL;
	if (!p)
		return err_set(e, ERR_NOT_FOUND, "the virtual bench does not load: %s", dlerror());
	if (p->version != SIM_PLUGIN_VERSION)
		return err_set(e, ERR_UNSUPPORTED,
			       "%s belongs to another version of swdoctor (%u, not %d)", path,
			       p->version, SIM_PLUGIN_VERSION);
	*ret = p;
	return 0;
}
