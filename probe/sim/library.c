/* The scenarios that are compiled in. */
#include "probe/sim/library.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FILE_BYTES_MAX 65536

/* Written by sim.mk: name, text and length of every file under rules/scenarios. */
extern const struct library_entry library_table[];

const struct library_entry *library_nth(size_t n)
{
	return library_table[n].name ? &library_table[n] : NULL;
}

static int read_file(const char *path, struct buf *ret, struct err *e)
{
	FILE *f = fopen(path, "rb");
	char bytes[4096];
	size_t n;

	if (!f)
		return err_set_native(e, ERR_NOT_FOUND, errno, "%s: %s", path, strerror(errno));
	while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0 && ret->len < FILE_BYTES_MAX)
		buf_add(ret, bytes, n);
	n = ferror(f);
	fclose(f);
	if (n)
		return err_set(e, ERR_IO, "%s cannot be read", path);
	return 0;
}

int library_text(const char *name, struct buf *ret, struct err *e)
{
	size_t i;

	for (i = 0; library_nth(i); i++)
		if (!strcmp(library_nth(i)->name, name)) {
			buf_add(ret, library_nth(i)->text, library_nth(i)->len);
			return 0;
		}
	if (strpbrk(name, "./"))
		return read_file(name, ret, e);
	return err_set(e, ERR_NOT_FOUND, "there is no scenario '%s'; `swdoctor sim list` shows all",
		       name);
}
