/*
 * Reading a YAML tree into structs by tables of keys: each key says where its value goes and how it
 * is read. A mistake is one ERR_FORMAT with file, line and column; nothing is guessed.
 */
#ifndef SWDOCTOR_YAML_READ_H
#define SWDOCTOR_YAML_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/arena.h"
#include "probe/base/err.h"
#include "probe/base/yaml.h"

struct yaml_reader {
	const char *name; /* of the file, for messages */
	const struct yaml *y;
	struct arena *a; /* text that is kept lives here */
	struct err *e;
};

/* Reads the value at a node into `into`; 0 or ERR_FORMAT. */
typedef int yaml_read_fn(struct yaml_reader *r, uint32_t node, void *into);

#define YAML_KEYS_MAX 40 /* of one map */

struct yaml_key {
	const char *name;
	size_t offset; /* of what is read, in the map's struct */
	yaml_read_fn *read;
	bool needed;
};

#define YAML_KEY(type, key, member, how, must)                                                     \
	{                                                                                          \
		key, offsetof(type, member), how, must                                             \
	}
#define YAML_KEYS(keys) (sizeof(keys) / sizeof((keys)[0]))

/* Sets the error, with the place of the node; returns its code. */
int yaml_fail(struct yaml_reader *r, uint32_t node, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Into a const char *, uint32_t, uint16_t, uint8_t, bytes of uint32_t, double, bool. */
yaml_read_fn yaml_read_text, yaml_read_u32, yaml_read_u16, yaml_read_u8, yaml_read_kib,
	yaml_read_real, yaml_read_bool;

/* 0 to `most`, decimal or 0x. */
int yaml_read_number(struct yaml_reader *r, uint32_t node, uint64_t most, uint32_t *ret);
/* One of n words; *ret is its index. */
int yaml_read_choice(struct yaml_reader *r, uint32_t node, const char *(*name)(unsigned),
		     unsigned n, unsigned *ret);
/* Unknown keys and missing ones that are needed are mistakes. */
int yaml_read_map(struct yaml_reader *r, uint32_t node, const struct yaml_key *keys, size_t n,
		  void *into);
/* A sequence into an array of `most` elements of `bytes` each; *count counts on from what it is. */
int yaml_read_list(struct yaml_reader *r, uint32_t node, size_t most, size_t bytes, void *at,
		   size_t *count, yaml_read_fn *read);

#endif
