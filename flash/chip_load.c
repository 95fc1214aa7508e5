/* The chip table from where it is: a file of the user's, or the one that is compiled in. */
#include "flash/chip.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/yaml.h"

extern const char chip_text[], chip_text_end[];

static int read_file(FILE *f, const char *path, struct chips *ret, struct err *e)
{
	struct buf text = { 0 };
	char bytes[4096];
	size_t n;
	int rc;

	while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0 && text.len <= YAML_BYTES_MAX)
		buf_add(&text, bytes, n);
	rc = ferror(f) ? err_set(e, ERR_IO, "%s cannot be read", path)
		       : chips_parse(path, buf_str(&text), text.len, ret, e);
	buf_done(&text);
	return rc;
}

int chips_load(const char *dir, struct chips *ret, struct err *e)
{
	struct buf path = { 0 };
	FILE *f = NULL;
	int rc;

	if (dir) {
		buf_addf(&path, "%s/chips.yaml", dir);
		f = fopen(path.at, "rb");
	}
	if (f) {
		rc = read_file(f, path.at, ret, e);
		fclose(f);
	} else if (dir && errno != ENOENT) {
		rc = err_set_native(e, ERR_IO, errno, "%s: %s", path.at, strerror(errno));
	} else {
		rc = chips_parse("rules/chips.yaml", chip_text,
				 (uintptr_t)chip_text_end - (uintptr_t)chip_text, ret, e);
	}
	buf_done(&path);
	return rc;
}

void chips_done(struct chips *c)
{
	arena_free(c->a);
	*c = (struct chips){ 0 };
}
