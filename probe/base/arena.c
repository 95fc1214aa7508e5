/* Memory that dies together: see arena.h. */
#include "probe/base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)16 * 1024)

struct block {
	struct block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char at[];
};

struct arena {
	struct block *newest;
	size_t taken;
};

static void *must(void *p)
{
	if (!p) {
		fputs("swdoctor: out of memory\n", stderr);
		abort();
	}
	return p;
}

struct arena *arena_new(void)
{
	return must(calloc(1, sizeof(struct arena)));
}

void arena_free(struct arena *a)
{
	struct block *b, *next;

	if (!a)
		return;
	for (b = a->newest; b; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

static struct block *block_add(struct arena *a, size_t at_least)
{
	size_t size = at_least > BLOCK_BYTES ? at_least : BLOCK_BYTES;
	struct block *b = must(calloc(1, sizeof(*b) + size));

	b->size = size;
	b->next = a->newest;
	a->newest = b;
	a->taken += sizeof(*b) + size;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t step = alignof(max_align_t);
	size_t need = (size + step - 1) / step * step;
	struct block *b = a->newest;
	void *p;

	if (!b || b->size - b->used < need)
		b = block_add(a, need);
	p = b->at + b->used;
	b->used += need;
	return p;
}

char *arena_str_n(struct arena *a, const char *text, size_t len)
{
	char *copy = arena_alloc(a, len + 1);

	memcpy(copy, text, len);
	return copy;
}

char *arena_str(struct arena *a, const char *text)
{
	return arena_str_n(a, text, strlen(text));
}

size_t arena_used(const struct arena *a)
{
	return a->taken;
}
