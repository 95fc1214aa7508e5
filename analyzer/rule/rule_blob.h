/*
 * The shipped rules as pack.c writes them and as they lie in the program: trees, ready to use in
 * place. Offsets count from the start of the blob.
 */
#ifndef SWDOCTOR_RULE_BLOB_H
#define SWDOCTOR_RULE_BLOB_H

#include "analyzer/rule/rule_base.h"

#define RULE_BLOB_MAGIC 0x31425253 /* "SRB1" in the byte order of the machine */
#define RULE_BLOB_ALIGN 64

struct rule_blob {
	uint32_t magic;
	uint32_t node_size; /* of a struct yaml_node */
	uint32_t n_files;
	uint32_t pad;
};

struct rule_blob_file { /* follow the head */
	uint32_t path;	/* of its path below rules/ */
	uint32_t nodes, n_nodes;
	uint32_t pool, pool_len;
};

/* The blob in this program; NULL where there is none (in the tool that makes it). */
const struct rule_blob *rule_blob_shipped(void);

#endif
