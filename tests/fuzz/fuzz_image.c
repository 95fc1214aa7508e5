/*
 * Images from a stranger, in every format: what is taken lies in order, without overlaps and within
 * 4 GiB, and what image_copy finds is what the segments hold.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flash/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(const struct image *im)
{
	uint64_t end = 0;
	size_t sum = 0;

	for (size_t i = 0; i < im->n_segments; i++) {
		const struct image_segment *s = &im->segments[i];
		uint8_t head[4];
		size_t len = s->len < sizeof(head) ? s->len : sizeof(head);

		if (!s->len || (i && s->address <= end) ||
		    (uint64_t)s->address + s->len > (uint64_t)UINT32_MAX + 1)
			abort();
		if (image_copy(im, s->address, head, len) != len ||
		    memcmp(head, s->bytes, len) != 0)
			abort();
		end = (uint64_t)s->address + s->len;
		sum += s->len;
	}
	if (!sum || sum != im->bytes)
		abort();
}

/* The first half and the second half as two files. */
static void add_halves(const uint8_t *bytes, size_t n, size_t half)
{
	struct image im;
	struct err e = { 0 };
	char room[160];
	struct image_input in[] = {
		{ .name = "one", .bytes = bytes, .len = half },
		{ .name = "two", .bytes = bytes + half, .len = n - half },
	};

	image_init(&im);
	for (size_t i = 0; i < 2; i++) {
		if (!in[i].len)
			continue;
		in[i].has_base =
			image_format_detect(in[i].bytes, in[i].len) == image_format_find("bin");
		in[i].base = 0x08000000;
		if (image_add(&im, &in[i], &e))
			goto out;
	}
	if (!image_finish(&im, &e)) {
		check(&im);
		image_odd_vectors(&im, im.segments[0].address, room, sizeof(room));
	}
out:
	if (e.code && !*e.text)
		abort();
	image_done(&im);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	uint8_t *exact = malloc(n + !n); /* a sanitizer sees a step too far */

	if (!exact)
		abort();
	memcpy(exact, bytes, n);
	add_halves(exact, n, n);
	add_halves(exact, n, n / 2);
	free(exact);
	return 0;
}
