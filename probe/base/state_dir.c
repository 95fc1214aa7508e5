/* The folder for what is kept: see state_dir.h. */
#include "probe/base/state_dir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int state_dir_path(const char *name, struct buf *ret, struct err *e)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	/* The XDG rules: a relative path is to be ignored. */
	if (state && state[0] == '/')
		buf_addf(ret, "%s/swdoctor/%s", state, name);
	else if (home && home[0] == '/')
		buf_addf(ret, "%s/.local/state/swdoctor/%s", home, name);
	else
		return err_set(e, ERR_NOT_FOUND, "no home folder to keep %s in", name);
	return 0;
}

int state_dir_make(const char *folder, struct err *e)
{
	struct buf path;
	int rc = 0;

	buf_init(&path);
	for (const char *at = folder; rc == 0 && *at; at++) {
		buf_add_char(&path, *at);
		if ((at[1] == '/' || at[1] == '\0') && path.len > 1 && mkdir(path.at, 0700) != 0 &&
		    errno != EEXIST)
			rc = err_set_native(e, ERR_IO, errno, "%s: %s", path.at, strerror(errno));
	}
	buf_done(&path);
	return rc;
}
