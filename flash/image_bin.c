/* A plain binary: all of it is program, and only the user knows where it goes. */
#include "flash/image_format.h"

#include <string.h>

/* Files that somebody may take for a binary, by what they begin with. */
static const struct {
	const char *magic;
	size_t len;
	const char *what;
} others[] = {
	{ "UF2\n", 4, "a UF2 file, made for boot loaders that look like a disk" },
	{ "DfuSe", 5, "a DfuSe file, made for ST's USB boot loader" },
	{ "PK\x03\x04", 4, "a ZIP archive" },
	{ "\x1f\x8b", 2, "compressed with gzip" },
	{ "BZh", 3, "compressed with bzip2" },
	{ "\xfd"
	  "7zXZ",
	  5, "compressed with xz" },
	{ "\x28\xb5\x2f\xfd", 4, "compressed with zstd" },
	{ "!<arch>\n", 8, "a library of object files" },
	{ "<!DOCTYPE", 9, "a web page: the download went wrong" },
	{ "<html", 5, "a web page: the download went wrong" },
	{ "version https://git-lfs", 23, "a pointer of Git LFS: `git lfs pull` fetches the file" },
};

static int read(struct image *im, const struct image_input *in, struct image_file *file,
		struct err *e)
{
	(void)file;
	for (size_t i = 0; !in->format && i < sizeof(others) / sizeof(others[0]); i++)
		if (in->len >= others[i].len && !memcmp(in->bytes, others[i].magic, others[i].len))
			return err_set(e, ERR_FORMAT, "%s:0x0: this is %s; no image", in->name,
				       others[i].what);
	if (!in->has_base)
		return err_set(e, ERR_USAGE,
			       "%s: a plain binary does not say where it goes: give --base, such "
			       "as --base 0x08000000",
			       in->name);
	return image_put(im, in->base, in->bytes, in->len, 0, e);
}

const struct image_format image_bin = { .name = "bin", .read = read };
