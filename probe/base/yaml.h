/*
 * YAML in, a flat tree out. The tree is one array of nodes in the order of the document and one
 * pool of NUL-terminated text, without pointers, so it can be written to a file and used in place.
 * Scalars stay text: what a word means is decided by whoever knows what must stand there.
 *
 * Only a tame part of YAML is taken, because files come from strangers: one document, no aliases,
 * anchors or tags, keys are plain words and unique, at most YAML_BYTES_MAX bytes and YAML_DEPTH_MAX
 * levels. Parsing goes on after a mistake where that makes sense, so that several are told.
 */
#ifndef SWDOCTOR_BASE_YAML_H
#define SWDOCTOR_BASE_YAML_H

#include <stddef.h>
#include <stdint.h>

#include "probe/base/arena.h"
#include "probe/base/err.h"

#define YAML_BYTES_MAX	  ((size_t)1024 * 1024)
#define YAML_DEPTH_MAX	  16
#define YAML_MISTAKES_MAX 16

enum yaml_kind { YAML_SCALAR, YAML_SEQ, YAML_MAP };
enum yaml_style { YAML_PLAIN, YAML_QUOTED, YAML_BLOCK };

/* Children follow their parent: the first at i + 1, the next at its `end`. In a map keys and values
 * take turns. */
struct yaml_node {
	uint32_t end;	 /* index behind the last node below this one */
	uint32_t text;	 /* of a scalar: where in the pool */
	uint32_t len;	 /* of a scalar: bytes of text, there is no NUL among them */
	uint32_t line;	 /* from 1 */
	uint16_t column; /* from 1, in characters */
	uint16_t width;	 /* characters in the file, at least 1; of a scalar on one line */
	uint8_t kind;	 /* enum yaml_kind */
	uint8_t style;	 /* of a scalar: enum yaml_style */
	uint8_t pad[2];
};

struct yaml {
	const struct yaml_node *nodes; /* nodes[0] is the root */
	const char *pool;
	uint32_t n_nodes;
	uint32_t pool_len;
};

enum yaml_fault {
	YAML_BROKEN,	/* not YAML, or not the part of it that is taken */
	YAML_FORBIDDEN, /* alias, anchor or tag */
	YAML_DUPLICATE, /* a key stands twice in one map */
	YAML_TOO_MUCH,	/* too large or too deep */
};

struct yaml_mistake {
	enum yaml_fault fault;
	uint32_t line, column, width;
	char text[160];
};

struct yaml_mistakes {
	struct yaml_mistake at[YAML_MISTAKES_MAX]; /* in the order of the file */
	size_t n;
};

/* The tree lives in `a`. ERR_FORMAT or ERR_LIMIT: `mistakes` says what is wrong, *ret stays. */
int yaml_parse(const char *text, size_t len, struct arena *a, struct yaml *ret,
	       struct yaml_mistakes *mistakes);

static inline const char *yaml_text(const struct yaml *y, uint32_t node)
{
	return y->pool + y->nodes[node].text;
}

#endif
