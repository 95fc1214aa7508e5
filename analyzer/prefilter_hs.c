/*
 * The prefilter on Hyperscan. Compiling takes a few hundred milliseconds, so it is done when the
 * program is built, for the plainest x86-64 there is; loading takes 0.05 ms.
 */
#include "analyzer/prefilter.h"

#ifdef HAVE_HYPERSCAN

#include <hs.h>
#include <stdlib.h>
#include <string.h>

/* What stands before the serialised database. */
struct header {
	char magic[8];
	uint64_t literals; /* struct literals: hash */
};

static const char magic[8] = "swdocHS1";

struct prefilter_hs {
	struct prefilter base;
	hs_database_t *db;
	hs_scratch_t *scratch;
};

struct hit_to {
	prefilter_hit_fn *hit;
	void *user;
};

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
		    void *context)
{
	const struct hit_to *h = context;

	(void)from;
	(void)flags;
	h->hit(h->user, id, (size_t)to);
	return 0;
}

static void hs_scan_block(struct prefilter *p, const char *text, size_t len, prefilter_hit_fn *hit,
			  void *user)
{
	struct prefilter_hs *hs = (struct prefilter_hs *)p;
	struct hit_to h = { .hit = hit, .user = user };

	hs_scan(hs->db, text, (unsigned)len, 0, hs->scratch, on_match, &h);
}

static void hs_free_all(struct prefilter *p)
{
	struct prefilter_hs *hs = (struct prefilter_hs *)p;

	hs_free_scratch(hs->scratch);
	hs_free_database(hs->db);
	free(hs);
}

static const struct prefilter_ops ops = {
	.name = "hyperscan",
	.scan = hs_scan_block,
	.free = hs_free_all,
};

int prefilter_hs_load(const struct literals *l, const void *db, size_t len, struct prefilter **ret,
		      struct err *e)
{
	struct header h;
	struct prefilter_hs *hs;

	if (!db || len <= sizeof(h))
		return err_set(e, ERR_UNSUPPORTED, "there is no compiled prefilter");
	memcpy(&h, db, sizeof(h));
	if (memcmp(h.magic, magic, sizeof(magic)) || h.literals != l->hash)
		return err_set(e, ERR_UNSUPPORTED, "the compiled prefilter is of other patterns");
	if (hs_valid_platform() != HS_SUCCESS)
		return err_set(e, ERR_UNSUPPORTED, "this machine lacks what Hyperscan needs");
	hs = calloc(1, sizeof(*hs));
	if (!hs)
		return err_set(e, ERR_NO_MEMORY, "no memory for the prefilter");
	hs->base.ops = &ops;
	if (hs_deserialize_database((const char *)db + sizeof(h), len - sizeof(h), &hs->db) !=
		    HS_SUCCESS ||
	    hs_alloc_scratch(hs->db, &hs->scratch) != HS_SUCCESS) {
		hs_free_all(&hs->base);
		return err_set(e, ERR_UNSUPPORTED, "the compiled prefilter is of another machine");
	}
	*ret = &hs->base;
	return 0;
}

static hs_error_t compile(const struct literals *l, hs_database_t **ret_db,
			  hs_compile_error_t **why)
{
	const hs_platform_info_t any = { 0 };
	const char **texts = calloc(l->n, sizeof(*texts));
	size_t *lens = calloc(l->n, sizeof(*lens));
	unsigned *flags = calloc(l->n, sizeof(*flags));
	unsigned *ids = calloc(l->n, sizeof(*ids));
	hs_error_t rc = HS_NOMEM;

	if (texts && lens && flags && ids) {
		for (uint32_t i = 0; i < l->n; i++) {
			texts[i] = l->at[i].text;
			lens[i] = l->at[i].len;
			flags[i] = l->at[i].nocase ? HS_FLAG_CASELESS : 0;
			ids[i] = i;
		}
		rc = hs_compile_lit_multi(texts, flags, ids, lens, l->n, HS_MODE_BLOCK, &any,
					  ret_db, why);
	}
	free(ids);
	free(flags);
	free(lens);
	free(texts);
	return rc;
}

static int write_out(const struct literals *l, const hs_database_t *db, void **ret_db,
		     size_t *ret_len, struct err *e)
{
	struct header h = { .literals = l->hash };
	char *bytes = NULL, *out;
	size_t len = 0;

	memcpy(h.magic, magic, sizeof(magic));
	if (hs_serialize_database(db, &bytes, &len) != HS_SUCCESS)
		return err_set(e, ERR_INTERNAL, "the prefilter cannot be serialised");
	out = malloc(sizeof(h) + len);
	if (out) {
		memcpy(out, &h, sizeof(h));
		memcpy(out + sizeof(h), bytes, len);
	}
	free(bytes);
	if (!out)
		return err_set(e, ERR_NO_MEMORY, "no memory for the prefilter");
	*ret_db = out;
	*ret_len = sizeof(h) + len;
	return 0;
}

int prefilter_compile(const struct rules *r, void **ret_db, size_t *ret_len, struct err *e)
{
	hs_database_t *db = NULL;
	hs_compile_error_t *why = NULL;
	struct literals l;
	int rc;

	literals_init(&l, r);
	if (!l.n) {
		*ret_db = NULL;
		*ret_len = 0;
		rc = 0;
	} else if (compile(&l, &db, &why) != HS_SUCCESS) {
		rc = err_set(e, ERR_INTERNAL, "compiling the prefilter: %s",
			     why ? why->message : "no memory");
	} else {
		rc = write_out(&l, db, ret_db, ret_len, e);
	}
	hs_free_compile_error(why);
	hs_free_database(db);
	literals_done(&l);
	return rc;
}

#else

int prefilter_hs_load(const struct literals *l, const void *db, size_t len, struct prefilter **ret,
		      struct err *e)
{
	(void)l;
	(void)db;
	(void)len;
	(void)ret;
	return err_set(e, ERR_UNSUPPORTED, "built without Hyperscan");
}

int prefilter_compile(const struct rules *r, void **ret_db, size_t *ret_len, struct err *e)
{
	(void)r;
	(void)e;
	*ret_db = NULL;
	*ret_len = 0;
	return 0;
}

#endif
