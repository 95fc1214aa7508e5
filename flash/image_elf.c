/*
 * ELF: what its loadable segments have in the file goes to their physical addresses. Layout: System
 * V ABI, chapter 4 and 5; e_flags and machine: ELF for the Arm Architecture.
 */
#include "flash/image_format.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "probe/base/bytes.h"

#define EHDR_BYTES 52
#define PHDR_BYTES 32
#define SHDR_BYTES 40

#define ELF_CLASS_32	1
#define ELF_DATA_LITTLE 1
#define ELF_EXEC	2
#define ELF_ARM		40
#define ELF_PN_XNUM	0xffff
#define PT_LOAD		1
#define SHT_NOBITS	8
#define SHF_ALLOC	2

struct header {
	uint32_t entry, phoff, shoff;
	unsigned phentsize, phnum, shentsize, shnum;
};

struct segment {
	uint32_t type, offset, vaddr, paddr, filesz, memsz;
};

static bool looks_like(const uint8_t *bytes, size_t len)
{
	return len >= 4 && !memcmp(bytes,
				   "\x7f"
				   "ELF",
				   4);
}

__attribute__((format(printf, 4, 5))) static int bad(const struct image_input *in, uint64_t offset,
						     struct err *e, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(e, ERR_FORMAT, "%s:0x%llx: %s", in->name, (unsigned long long)offset, what);
}

static const char *machine_name(unsigned machine)
{
	static const struct {
		unsigned machine;
		const char *name;
	} names[] = {
		{ 3, "x86" },	    { 62, "x86-64" },  { 8, "MIPS" },	 { 20, "PowerPC" },
		{ 183, "AArch64" }, { 243, "RISC-V" }, { 94, "Xtensa" }, { 83, "AVR" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return "another machine";
}

static const char *type_says(unsigned type)
{
	static const char *const says[] = { "of no type", "an object file: it is not linked yet",
					    "a program",
					    "a shared object, or linked without -static",
					    "a core dump" };

	return type < sizeof(says) / sizeof(says[0]) ? says[type] : "of an unknown type";
}

static int check_kind(const struct image_input *in, struct err *e)
{
	const uint8_t *p = in->bytes;

	if (in->len < 20)
		return bad(in, in->len, e, "the ELF header is cut off");
	if (p[5] != ELF_DATA_LITTLE)
		return bad(in, 5, e, "the ELF file is big-endian (0x%02x)", p[5]);
	if (get_le16(p + 18) != ELF_ARM)
		return bad(in, 18, e, "the ELF file is for %s (%u), not for Arm (%d)",
			   machine_name(get_le16(p + 18)), get_le16(p + 18), ELF_ARM);
	if (p[4] != ELF_CLASS_32)
		return bad(in, 4, e, "the ELF file is no 32-bit one (class %u)", p[4]);
	if (get_le16(p + 16) != ELF_EXEC)
		return bad(in, 16, e, "the ELF file is %s (type %u)", type_says(get_le16(p + 16)),
			   get_le16(p + 16));
	if (in->len < EHDR_BYTES)
		return bad(in, in->len, e, "the ELF header is cut off: %d bytes it has",
			   EHDR_BYTES);
	return 0;
}

static int read_header(const struct image_input *in, struct header *ret, struct err *e)
{
	const uint8_t *p = in->bytes;
	int rc = check_kind(in, e);

	if (rc)
		return rc;
	ret->entry = get_le32(p + 24);
	ret->phoff = get_le32(p + 28);
	ret->shoff = get_le32(p + 32);
	ret->phentsize = get_le16(p + 42);
	ret->phnum = get_le16(p + 44);
	ret->shentsize = get_le16(p + 46);
	ret->shnum = get_le16(p + 48);
	if (!ret->phnum)
		return bad(in, 44, e, "the ELF file has no program headers: it is not linked");
	if (ret->phnum == ELF_PN_XNUM)
		return bad(in, 44, e, "more program headers than are taken");
	if (ret->phentsize < PHDR_BYTES)
		return bad(in, 42, e, "program headers of %u bytes; they have %d", ret->phentsize,
			   PHDR_BYTES);
	if ((uint64_t)ret->phoff + (uint64_t)ret->phnum * ret->phentsize > in->len)
		return bad(in, 28, e,
			   "the program headers (%u at 0x%x) lie beyond the end of the file "
			   "(0x%zx)",
			   ret->phnum, ret->phoff, in->len);
	return 0;
}

static struct segment segment_at(const struct image_input *in, const struct header *h, unsigned i)
{
	const uint8_t *p = in->bytes + h->phoff + (size_t)i * h->phentsize;

	return (struct segment){ get_le32(p),	   get_le32(p + 4),  get_le32(p + 8),
				 get_le32(p + 12), get_le32(p + 16), get_le32(p + 20) };
}

static bool is_loaded(const struct segment *s)
{
	return s->type == PT_LOAD && s->filesz;
}

static int check_segment(const struct image_input *in, const struct header *h, unsigned i,
			 const struct segment *s, struct err *e)
{
	size_t at = h->phoff + (size_t)i * h->phentsize;

	if ((uint64_t)s->offset + s->filesz > in->len)
		return bad(in, at, e,
			   "segment %u (0x%x bytes at 0x%x) lies beyond the end of the file "
			   "(0x%zx): it is cut off",
			   i, s->filesz, s->offset, in->len);
	if (s->memsz < s->filesz)
		return bad(in, at, e, "segment %u has 0x%x bytes in the file and 0x%x in memory", i,
			   s->filesz, s->memsz);
	return 0;
}

/* Some linker scripts leave all physical addresses at zero. */
static bool has_physical(const struct image_input *in, const struct header *h)
{
	for (unsigned i = 0; i < h->phnum; i++) {
		struct segment s = segment_at(in, h, i);

		if (is_loaded(&s) && s.paddr)
			return true;
	}
	return false;
}

/*
 * A linker that aligns segments to large pages puts the file's own header in front of the first
 * section, as a part of the segment that lies below the flash. The header is no program: how many
 * bytes to leave out, by where the first section begins.
 */
static uint32_t header_bytes(const struct image_input *in, const struct header *h,
			     const struct segment *s)
{
	uint32_t first = s->filesz;

	if (s->offset || h->shentsize < SHDR_BYTES ||
	    (uint64_t)h->shoff + (uint64_t)h->shnum * h->shentsize > in->len)
		return 0;
	for (unsigned i = 0; i < h->shnum; i++) {
		const uint8_t *p = in->bytes + h->shoff + (size_t)i * h->shentsize;
		uint32_t offset = get_le32(p + 16);

		if (get_le32(p + 4) && get_le32(p + 4) != SHT_NOBITS &&
		    (get_le32(p + 8) & SHF_ALLOC) && get_le32(p + 20) && offset < first)
			first = offset;
	}
	return first < s->filesz ? first : 0;
}

static int put_segment(struct image *im, const struct image_input *in, const struct header *h,
		       unsigned i, bool physical, struct err *e)
{
	struct segment s = segment_at(in, h, i);
	uint32_t skip;
	int rc;

	if (!is_loaded(&s))
		return 0;
	rc = check_segment(in, h, i, &s, e);
	if (rc)
		return rc;
	skip = header_bytes(in, h, &s);
	return image_put(im, (uint64_t)(physical ? s.paddr : s.vaddr) + skip,
			 in->bytes + s.offset + skip, s.filesz - skip, i, e);
}

static int read(struct image *im, const struct image_input *in, struct image_file *file,
		struct err *e)
{
	struct header h;
	bool physical;
	int rc = read_header(in, &h, e);

	if (rc)
		return rc;
	physical = has_physical(in, &h);
	file->by_virtual = !physical;
	file->has_entry = true;
	file->entry = h.entry;
	for (unsigned i = 0; i < h.phnum && !rc; i++)
		rc = put_segment(im, in, &h, i, physical, e);
	return rc;
}

const struct image_format image_elf = {
	.name = "elf",
	.place = "segment",
	.looks_like = looks_like,
	.read = read,
};
