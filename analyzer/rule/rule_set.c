/* Which files make up a rule base: see rule_set.h. */
#include "analyzer/rule/rule_set.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/rule/rule_blob.h"

#define SHIPPED_FOLDER	"rules/"
#define NO_RULES_FOLDER "scenarios"  /* of the virtual bench, in a language of their own */
#define NO_RULES_FILE	"chips.yaml" /* the flasher's */

extern const char rules_blob[], rules_blob_end[];

struct candidate {
	char *path;
	const char *rel;		      /* in path */
	const struct rule_blob_file *shipped; /* NULL: a file on disk */
};

struct candidates {
	struct candidate at[2 * RULE_FILES_MAX];
	size_t n;
};

static int add_candidate(struct candidates *c, const char *path, size_t folder_len,
			 const struct rule_blob_file *shipped, struct err *e)
{
	struct candidate *new = &c->at[c->n];

	if (c->n == sizeof(c->at) / sizeof(c->at[0]))
		return err_set(e, ERR_LIMIT, "more than %d rule files", RULE_FILES_MAX);
	new->path = strdup(path);
	if (!new->path)
		abort();
	new->rel = new->path + folder_len;
	new->rel += strspn(new->rel, "/");
	new->shipped = shipped;
	c->n++;
	return 0;
}

/* ---- shipped ---- */

const struct rule_blob *rule_blob_shipped(void)
{
	const struct rule_blob *b = (const void *)rules_blob;

	if ((uintptr_t)rules_blob_end - (uintptr_t)rules_blob < sizeof(*b) ||
	    b->magic != RULE_BLOB_MAGIC || b->node_size != sizeof(struct yaml_node))
		return NULL;
	return b;
}

static bool is_replaced(const struct candidates *c, const char *rel)
{
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->at[i].rel, rel))
			return true;
	return false;
}

static int add_shipped(struct candidates *c, struct err *e)
{
	const struct rule_blob *b = rule_blob_shipped();
	const struct rule_blob_file *bf = (const void *)(b + 1);
	struct buf path = { 0 };
	int rc = 0;

	for (uint32_t i = 0; b && i < b->n_files && !rc; i++) {
		if (is_replaced(c, rules_blob + bf[i].path))
			continue;
		buf_clear(&path);
		buf_addf(&path, SHIPPED_FOLDER "%s", rules_blob + bf[i].path);
		rc = add_candidate(c, path.at, strlen(SHIPPED_FOLDER), &bf[i], e);
	}
	buf_done(&path);
	return rc;
}

/* ---- on disk ---- */

static bool is_yaml(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 && !strcmp(name + len - 5, ".yaml");
}

static int take_entry(struct candidates *c, FTS *walk, FTSENT *at, size_t folder_len, struct err *e)
{
	switch (at->fts_info) {
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return err_set_native(e, ERR_IO, at->fts_errno, "cannot read %s: %s", at->fts_path,
				      strerror(at->fts_errno));
	case FTS_D:
		if (at->fts_level == 1 && !strcmp(at->fts_name, NO_RULES_FOLDER))
			fts_set(walk, at, FTS_SKIP);
		return 0;
	case FTS_F:
	case FTS_SL:
		if (at->fts_level == 0)
			return err_set(e, ERR_USAGE, "%s is no folder", at->fts_path);
		if (at->fts_level == 1 && !strcmp(at->fts_name, NO_RULES_FILE))
			return 0;
		return is_yaml(at->fts_name) ? add_candidate(c, at->fts_path, folder_len, NULL, e)
					     : 0;
	default:
		return 0;
	}
}

static int add_dir(struct candidates *c, const char *dir, struct err *e)
{
	char *const roots[] = { (char *)dir, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	size_t folder_len = strlen(dir);
	FTSENT *at;
	int rc = 0;

	if (!walk)
		return err_set_native(e, ERR_IO, errno, "cannot read %s: %s", dir, strerror(errno));
	while (!rc && (at = fts_read(walk)))
		rc = take_entry(c, walk, at, folder_len, e);
	fts_close(walk);
	return rc;
}

/* Length of what stands in front of the path below the rules folder. */
static size_t folder_of(const char *path)
{
	size_t len = strlen(SHIPPED_FOLDER);

	for (const char *p = path + strlen(path); p > path; p--)
		if ((p == path + len || (p > path + len && p[-1 - (ptrdiff_t)len] == '/')) &&
		    !strncmp(p - len, SHIPPED_FOLDER, len))
			return (size_t)(p - path);
	return 0;
}

static int add_paths(struct candidates *c, const struct rule_set *s, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < s->n_paths && !rc; i++)
		rc = add_candidate(c, s->paths[i], folder_of(s->paths[i]), NULL, e);
	return rc;
}

/* At most one byte more than is allowed: then it is too large. */
static int read_file(const char *path, struct buf *text, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;

	while (n > 0 && text->len <= YAML_BYTES_MAX) {
		buf_reserve(text, 64 * 1024);
		n = read(fd, text->at + text->len, 64 * 1024);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			text->len += (size_t)n;
	}
	if (n < 0)
		err_set_native(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno,
			       "cannot read %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return n < 0 ? ERR_IO : 0;
}

/* ---- together ---- */

static int take_file(struct rules *r, const struct rule_set *s, const struct candidate *c,
		     struct rule_report *rep, struct err *e)
{
	struct rule_file *f = rules_add_file(r, c->path, c->rel, rep);
	struct buf text = { 0 };
	int rc;

	if (!f)
		return err_set(e, ERR_LIMIT, "more than %d rule files", RULE_FILES_MAX);
	if (c->shipped) {
		f->shipped = true;
		f->tree = (struct yaml){
			.nodes = (const void *)(rules_blob + c->shipped->nodes),
			.n_nodes = c->shipped->n_nodes,
			.pool = rules_blob + c->shipped->pool,
			.pool_len = c->shipped->pool_len,
		};
		return 0;
	}
	f->broken = true;
	f->wants_tests = s->shipped_checks;
	rc = read_file(c->path, &text, e);
	if (!rc)
		rule_file_parse(r, f, buf_str(&text), text.len, rep);
	buf_done(&text);
	return rc;
}

static int compare_candidates(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;
	int c = strcmp(a->rel, b->rel);

	return c ? c : strcmp(a->path, b->path);
}

static int load_candidates(const struct candidates *c, const struct rule_set *s, struct rules **ret,
			   struct rule_report *rep, struct err *e)
{
	const struct rule_wants w = { .tests = s->tests, .complete = s->complete };
	struct rules *r = rules_new();
	int rc = 0;

	for (size_t i = 0; i < c->n && !rc; i++)
		rc = take_file(r, s, &c->at[i], rep, e);
	if (!rc && rules_build(r, &w, rep))
		rc = err_set(e, ERR_FORMAT, "%zu mistake%s in the rules", rep->errors,
			     rep->errors == 1 ? "" : "s");
	if (rc) {
		rules_free(r);
		return rc;
	}
	*ret = r;
	return 0;
}

int rule_set_load(const struct rule_set *s, struct rules **ret, struct rule_report *rep,
		  struct err *e)
{
	struct candidates *c = calloc(1, sizeof(*c));
	int rc;

	if (!c)
		abort();
	rc = s->dir ? add_dir(c, s->dir, e) : 0;
	if (!rc)
		rc = add_paths(c, s, e);
	if (!rc && s->shipped)
		rc = add_shipped(c, e);
	if (!rc)
		qsort(c->at, c->n, sizeof(c->at[0]), compare_candidates);
	if (!rc)
		rc = load_candidates(c, s, ret, rep, e);
	for (size_t i = 0; i < c->n; i++)
		free(c->at[i].path);
	free(c);
	return rc;
}
