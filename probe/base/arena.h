/*
 * Memory that dies together: a store (events, rules, a trace) takes all its pieces from one arena
 * and frees them at once. Out of memory ends the program, so nothing here fails. Memory is
 * zeroed and aligned for any type.
 */
#ifndef SWDOCTOR_BASE_ARENA_H
#define SWDOCTOR_BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is fine */
void *arena_alloc(struct arena *a, size_t size);
char *arena_str(struct arena *a, const char *text); /* a copy of text */
char *arena_str_n(struct arena *a, const char *text,
		  size_t len);		  /* a copy, with a NUL put behind */
size_t arena_used(const struct arena *a); /* bytes taken from the system */

#endif
