/* Images, ranges and consent as they stand on the command line: see flash_args.h. */
#include "analyzer/flash/flash_args.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/base/output.h"
#include "analyzer/cli/consent.h"

const struct cli_option flash_image_options[] = {
	{ .name = "base",
	  .arg = "ADDRESS",
	  .help = "where a plain binary goes; once for each of them, in their order" },
	{ .name = "image-format",
	  .arg = "FORMAT",
	  .choices = "elf|ihex|srec|bin",
	  .help = "take all images for this (else each is recognised by its content)" },
	{ 0 },
};

const struct cli_option flash_report_options[] = {
	{ .name = "format",
	  .arg = "FORMAT",
	  .choices = "text|json",
	  .help = "text for people, or one JSON object" },
	{ .name = "result", .arg = "FILE", .help = "also write the JSON to FILE, atomically" },
	{ .name = "events",
	  .arg = "FILE",
	  .help = "write progress to FILE as it happens, a JSON object a line" },
	{ 0 },
};

const struct cli_option flash_range_option[] = {
	{ .name = "range",
	  .arg = "ADDRESS+LENGTH",
	  .help = "only this part of the memory, such as 0x08004000+16K" },
	{ 0 },
};

/* ---- numbers ---- */

int flash_args_number(const char *what, const char *text, uint32_t *ret, struct err *e)
{
	unsigned long long n;
	uint64_t unit = 1;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 0);
	if (end != text && (*end == 'k' || *end == 'K'))
		unit = 1024;
	else if (end != text && *end == 'M')
		unit = 1024 * 1024;
	end += unit > 1;
	if (errno || !isdigit((unsigned char)*text) || *end || n > UINT32_MAX / unit)
		return err_set(e, ERR_USAGE,
			       "%s is a number like 0x08000000, 4096 or 64K, not '%s'", what, text);
	*ret = (uint32_t)(n * unit);
	return 0;
}

int flash_args_range(const char *text, struct flash_range *ret, struct err *e)
{
	char address[32];
	size_t len = strcspn(text, "+");
	struct flash_range r;
	int rc;

	if (!text[len] || len >= sizeof(address))
		return err_set(e, ERR_USAGE, "--range wants ADDRESS+LENGTH, not '%s'", text);
	memcpy(address, text, len);
	address[len] = '\0';
	rc = flash_args_number("the address of --range", address, &r.address, e);
	if (!rc)
		rc = flash_args_number("the length of --range", text + len + 1, &r.len, e);
	if (!rc && !r.len)
		rc = err_set(e, ERR_USAGE, "--range %s is empty", text);
	if (!rc && (uint64_t)r.address + r.len > (uint64_t)UINT32_MAX + 1)
		rc = err_set(e, ERR_USAGE, "--range %s ends beyond 4 GiB", text);
	if (!rc)
		*ret = r;
	return rc;
}

int flash_args_ranges(const struct cli_args *args, struct flash_range **ret, size_t *ret_n,
		      struct err *e)
{
	size_t n = cli_count(args, "range");
	struct flash_range *ranges = calloc(n + 1, sizeof(*ranges));
	int rc = 0;

	if (!ranges)
		abort();
	for (size_t i = 0; i < n && !rc; i++)
		rc = flash_args_range(cli_nth(args, "range", i), &ranges[i], e);
	if (rc || !n) {
		free(ranges);
		ranges = NULL;
	}
	if (!rc) {
		*ret = ranges;
		*ret_n = n;
	}
	return rc;
}

/* ---- images ---- */

static int no_file(const char *name, struct err *e)
{
	return err_set_native(e, ERR_NOT_FOUND, errno, "%s: cannot read: %s", name,
			      strerror(errno));
}

static int read_all(int fd, const char *name, struct buf *ret, struct err *e)
{
	ssize_t n;

	do {
		if (ret->len > IMAGE_FILE_BYTES_MAX)
			return err_set(e, ERR_LIMIT, "%s: the file is larger than %zu MiB", name,
				       IMAGE_FILE_BYTES_MAX >> 20);
		buf_reserve(ret, 1 << 16);
		n = read(fd, ret->at + ret->len, 1 << 16);
		if (n > 0)
			ret->len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? no_file(name, e) : 0;
}

static int read_file(const char *name, struct buf *ret, struct err *e)
{
	int fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY) : 0;
	int rc;

	if (fd < 0)
		return no_file(name, e);
	rc = read_all(fd, name, ret, e);
	if (fd)
		close(fd);
	return rc;
}

/* One image; *bases: how many --base were used up. */
static int add_image(const struct cli_args *args, const char *name, size_t *bases, struct image *im,
		     struct err *e)
{
	const char *format = cli_value(args, "image-format", NULL), *base;
	struct image_input in = { .name = name };
	struct buf bytes = { 0 };
	int rc = read_file(name, &bytes, e);

	if (rc)
		goto out;
	in.bytes = (const uint8_t *)bytes.at;
	in.len = bytes.len;
	in.format = format ? image_format_find(format) : NULL;
	base = cli_nth(args, "base", *bases);
	if (base && (in.format ? in.format : image_format_detect(in.bytes, in.len)) ==
			    image_format_find("bin")) {
		rc = flash_args_number("--base", base, &in.base, e);
		in.has_base = true;
		++*bases;
	}
	if (!rc)
		rc = image_add(im, &in, e);
out:
	buf_done(&bytes);
	return rc;
}

int flash_args_images(const struct cli_args *args, struct image *ret, struct err *e)
{
	size_t bases = 0;
	int rc = 0;

	image_init(ret);
	for (size_t i = 0; i < args->n_operands && !rc; i++)
		rc = add_image(args, args->operands[i], &bases, ret, e);
	if (!rc && bases < cli_count(args, "base"))
		rc = err_set(e, ERR_USAGE,
			     "--base %s is for a plain binary, and none is left without one",
			     cli_nth(args, "base", bases));
	return rc ? rc : image_finish(ret, e);
}

/* ---- consent ---- */

int flash_args_check_allow(const struct cli_args *args, struct err *e)
{
	return consent_check(args, e);
}

bool flash_args_allow(const struct cli_args *args, const char *word, const char *question)
{
	return consent_given(args, word) || consent_ask(question);
}
