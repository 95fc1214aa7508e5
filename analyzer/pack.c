/*
 * Makes the blob of the shipped rules when the program is built: `pack OUT PREFIXDIR FILE...`
 * checks the files and writes their trees into OUT. Wrong rules end the build with their messages.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/rule_blob.h"
#include "analyzer/rule/rule_set.h"

static uint32_t append(struct buf *blob, const void *bytes, size_t len)
{
	static const char zeros[RULE_BLOB_ALIGN];
	size_t at;

	buf_add(blob, zeros, -blob->len % RULE_BLOB_ALIGN);
	at = blob->len;
	buf_add(blob, bytes, len);
	return (uint32_t)at;
}

static void append_files(struct buf *blob, const struct rules *r, size_t prefix_len)
{
	size_t list = sizeof(struct rule_blob);

	for (size_t i = 0; i < r->n_files; i++) {
		const struct rule_file *f = &r->files[i];
		const char *rel = f->path + prefix_len;
		const struct rule_blob_file bf = {
			.path = append(blob, rel, strlen(rel) + 1),
			.nodes = append(blob, f->tree.nodes,
					f->tree.n_nodes * sizeof(f->tree.nodes[0])),
			.n_nodes = f->tree.n_nodes,
			.pool = append(blob, f->tree.pool, f->tree.pool_len),
			.pool_len = f->tree.pool_len,
		};

		memcpy(blob->at + list + i * sizeof(bf), &bf, sizeof(bf));
	}
}

static void make_blob(const struct rules *r, size_t prefix_len, struct buf *blob)
{
	const struct rule_blob head = {
		.magic = RULE_BLOB_MAGIC,
		.node_size = sizeof(struct yaml_node),
		.n_files = (uint32_t)r->n_files,
	};
	size_t head_len = sizeof(head) + r->n_files * sizeof(struct rule_blob_file);

	buf_reserve(blob, head_len);
	memset(blob->at, 0, head_len);
	blob->len = head_len;
	append_files(blob, r, prefix_len);
	memcpy(blob->at, &head, sizeof(head));
}

static int write_file(const char *path, const struct buf *blob, struct err *e)
{
	FILE *f = fopen(path, "wb");
	bool ok = f && fwrite(blob->at, 1, blob->len, f) == blob->len;

	if (f && fclose(f))
		ok = false;
	if (!ok)
		return err_set_native(e, ERR_IO, errno, "cannot write %s: %s", path,
				      strerror(errno));
	return 0;
}

static int pack(const char *out, const char *prefix, const struct rule_set *s,
		struct rule_report *rep, struct err *e)
{
	struct rules *r = NULL;
	struct buf blob = { 0 };
	int rc = rule_set_load(s, &r, rep, e);

	if (!rc) {
		make_blob(r, strlen(prefix) + 1, &blob);
		rc = write_file(out, &blob, e);
	}
	buf_done(&blob);
	rules_free(r);
	return rc;
}

int main(int argc, char **argv)
{
	struct rule_report rep = { 0 };
	struct buf text = { 0 };
	struct err e = { 0 };
	int rc;

	if (argc < 3) {
		fputs("usage: pack OUT PREFIXDIR FILE...\n", stderr);
		return 2;
	}
	const struct rule_set s = {
		.paths = (const char *const *)argv + 3,
		.n_paths = (size_t)argc - 3,
		.tests = true,
		.shipped_checks = true,
		.complete = true,
	};
	rc = pack(argv[1], argv[2], &s, &rep, &e);
	rule_report_print(&rep, true, &text);
	fputs(buf_str(&text), stderr);
	if (rc)
		fprintf(stderr, "pack: %s\n", e.text);
	buf_done(&text);
	rule_report_done(&rep);
	return rc ? 1 : 0;
}
