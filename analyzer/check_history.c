/* The store of past checks: see check_history.h. */
#include "analyzer/check_history.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/buf.h"
#include "probe/base/state_dir.h"

#define FILE_NAME      "history.db"
#define APPLICATION_ID 0x73776472 /* "swdr": the file is ours */
#define SCHEMA	       1
#define BUSY_MS	       1000

const struct check_metric_row check_metric_rows[CHECK_METRICS] = {
#define HIGHER true
#define LOWER  false
#define METRIC(id, name, title, unit, whose, worse, least, times)                                  \
	[METRIC_##id] = { name, title, unit, SUBJECT_##whose, worse, least, times },
#include "analyzer/check_metrics.def"
#undef METRIC
#undef HIGHER
#undef LOWER
};

struct check_history {
	sqlite3 *db; /* NULL: there is no file */
	char *path;
};

#define TEXT_COLUMNS "probe, firmware, board, label, chip, verdict, cause, class"

#define N_TEXTS 8

static const char make_table[] =
	"CREATE TABLE checks (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, code INTEGER NOT NULL, "
	"probe TEXT NOT NULL, firmware TEXT, board TEXT, label TEXT, chip TEXT, "
	"verdict TEXT NOT NULL, cause TEXT, class TEXT NOT NULL"
#define METRIC(id, name, ...) ", " name " INTEGER"
#include "analyzer/check_metrics.def"
#undef METRIC
	")";

static const char columns[] = "at, code, " TEXT_COLUMNS
#define METRIC(id, name, ...) ", " name
#include "analyzer/check_metrics.def"
#undef METRIC
	;

/* ---- errors ---- */

static int broken(const struct check_history *h, int rc, struct err *e)
{
	const char *says = h->db ? sqlite3_errmsg(h->db) : sqlite3_errstr(rc);
	enum err_code code = ERR_IO;

	if ((rc & 0xff) == SQLITE_BUSY)
		code = ERR_BUSY;
	if ((rc & 0xff) == SQLITE_NOTADB || (rc & 0xff) == SQLITE_CORRUPT)
		return err_set_native(e, ERR_FORMAT, rc,
				      "%s is damaged or no history (%s); move it away to begin a "
				      "new one",
				      h->path, says);
	return err_set_native(e, code, rc, "%s: %s", h->path, says);
}

static int run_sql(struct check_history *h, const char *sql, struct err *e)
{
	int rc = sqlite3_exec(h->db, sql, NULL, NULL, NULL);

	return rc ? broken(h, rc, e) : 0;
}

static int read_pragma(struct check_history *h, const char *sql, int64_t *ret, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(h->db, sql, -1, &s, NULL);

	if (!rc && sqlite3_step(s) == SQLITE_ROW)
		*ret = sqlite3_column_int64(s, 0);
	rc = sqlite3_finalize(s);
	return rc ? broken(h, rc, e) : 0;
}

/* ---- opening ---- */

/* 0: it is ours; *ret_empty: nothing stands in it yet. */
static int look(struct check_history *h, bool *ret_empty, struct err *e)
{
	int64_t id = 0, schema = 0, tables = 0;
	int rc = read_pragma(h, "PRAGMA application_id", &id, e);

	if (!rc)
		rc = read_pragma(h, "PRAGMA user_version", &schema, e);
	if (!rc)
		rc = read_pragma(h, "SELECT count(*) FROM sqlite_master", &tables, e);
	if (rc)
		return rc;
	*ret_empty = !tables && !id;
	if (*ret_empty)
		return 0;
	if (id != APPLICATION_ID)
		return err_set(e, ERR_FORMAT, "%s is another program's", h->path);
	if (schema > SCHEMA)
		return err_set(e, ERR_FORMAT, "%s was written by a newer version of swdoctor",
			       h->path);
	return 0;
}

static int make(struct check_history *h, struct err *e)
{
	char sql[128];
	int rc = run_sql(h, make_table, e);

	sqlite3_snprintf(sizeof(sql), sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
			 APPLICATION_ID, SCHEMA);
	return rc ? rc : run_sql(h, sql, e);
}

static int make_folder_of(const char *path, struct err *e)
{
	struct buf folder = { 0 };
	const char *slash = strrchr(path, '/');
	int rc = 0;

	if (slash && slash != path) {
		buf_add(&folder, path, (size_t)(slash - path));
		rc = state_dir_make(folder.at, e);
	}
	buf_done(&folder);
	return rc;
}

static int open_file(struct check_history *h, bool write, struct err *e)
{
	int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
	mode_t before;
	int rc;

	if (!write && access(h->path, F_OK))
		return 0;
	rc = write ? make_folder_of(h->path, e) : 0;
	if (rc)
		return rc;
	before = umask(077);
	rc = sqlite3_open_v2(h->path, &h->db, flags, NULL);
	umask(before);
	if (rc)
		return broken(h, rc, e);
	sqlite3_busy_timeout(h->db, BUSY_MS);
	return 0;
}

int check_history_open(const char *path, bool write, struct check_history **ret, struct err *e)
{
	struct check_history *h = calloc(1, sizeof(*h));
	struct buf place = { 0 };
	bool empty = false;
	int rc = 0;

	if (!h)
		abort();
	if (path)
		buf_add_str(&place, path);
	else
		rc = state_dir_path(FILE_NAME, &place, e);
	h->path = buf_detach(&place);
	if (!rc)
		rc = open_file(h, write, e);
	if (!rc && h->db && !write) {
		rc = look(h, &empty, e);
		if (empty) {
			sqlite3_close(h->db);
			h->db = NULL;
		}
	}
	if (rc)
		check_history_close(h);
	else
		*ret = h;
	return rc;
}

void check_history_close(struct check_history *h)
{
	if (!h)
		return;
	sqlite3_close(h->db);
	free(h->path);
	free(h);
}

/* ---- appending ---- */

static void bind_text(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

/* The id that the board with this label last told; else the label itself is its name. */
static int find_board(struct check_history *h, const struct check_past *p, struct buf *ret,
		      struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc;

	if (p->board || !p->label) {
		buf_add_str(ret, p->board ? p->board : "");
		return 0;
	}
	rc = sqlite3_prepare_v2(h->db,
				"SELECT board FROM checks WHERE label = ? AND board NOT LIKE "
				"'label:%' ORDER BY id DESC LIMIT 1",
				-1, &s, NULL);
	if (!rc)
		bind_text(s, 1, p->label);
	if (!rc && sqlite3_step(s) == SQLITE_ROW)
		buf_add_str(ret, (const char *)sqlite3_column_text(s, 0));
	else
		buf_addf(ret, "label:%s", p->label);
	rc = sqlite3_finalize(s);
	return rc ? broken(h, rc, e) : 0;
}

static int insert(struct check_history *h, const struct check_past *p, const char *board,
		  struct err *e)
{
	const char *const texts[N_TEXTS] = { p->probe, p->firmware, board,    p->label,
					     p->chip,  p->verdict,  p->cause, p->cls };
	struct buf sql = { 0 };
	sqlite3_stmt *s = NULL;
	int rc, at = 1;

	buf_addf(&sql, "INSERT INTO checks (%s) VALUES (?, ?", columns);
	for (size_t i = 0; i < N_TEXTS + (size_t)CHECK_METRICS; i++)
		buf_add_str(&sql, ", ?");
	buf_add_str(&sql, ")");
	rc = sqlite3_prepare_v2(h->db, sql.at, -1, &s, NULL);
	buf_done(&sql);
	if (rc)
		return broken(h, rc, e);
	sqlite3_bind_int64(s, at++, p->at);
	sqlite3_bind_int(s, at++, p->code);
	for (size_t i = 0; i < N_TEXTS; i++)
		bind_text(s, at++, texts[i]);
	for (size_t i = 0; i < CHECK_METRICS; i++, at++)
		if (p->metric[i].has)
			sqlite3_bind_int64(s, at, p->metric[i].n);
	sqlite3_step(s);
	rc = sqlite3_finalize(s);
	return rc ? broken(h, rc, e) : 0;
}

static int drop_old(struct check_history *h, struct err *e)
{
	char sql[120];

	sqlite3_snprintf(sizeof(sql), sql,
			 "DELETE FROM checks WHERE id <= (SELECT max(id) FROM checks) - %d",
			 CHECK_HISTORY_ROWS);
	return run_sql(h, sql, e);
}

int check_history_add(struct check_history *h, const struct check_past *p, struct err *e)
{
	struct buf board = { 0 };
	bool empty = false;
	/* Of several that write at once the first makes the table. */
	int rc = run_sql(h, "BEGIN IMMEDIATE", e);

	if (rc)
		return rc;
	rc = look(h, &empty, e);
	if (!rc && empty)
		rc = make(h, e);
	if (!rc)
		rc = find_board(h, p, &board, e);
	if (!rc)
		rc = insert(h, p, board.len ? board.at : NULL, e);
	if (!rc)
		rc = drop_old(h, e);
	if (!rc)
		rc = run_sql(h, "COMMIT", e);
	if (rc)
		sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
	buf_done(&board);
	return rc;
}

/* ---- reading ---- */

static const char *text_of(sqlite3_stmt *s, int column, struct arena *a)
{
	const char *text = (const char *)sqlite3_column_text(s, column);

	return text ? arena_str(a, text) : NULL;
}

static struct check_past past_of(sqlite3_stmt *s, struct arena *a)
{
	struct check_past p = { .at = sqlite3_column_int64(s, 0),
				.code = sqlite3_column_int(s, 1) };
	const char **const texts[N_TEXTS] = { &p.probe, &p.firmware, &p.board, &p.label,
					      &p.chip,	&p.verdict,  &p.cause, &p.cls };
	int at = 2;

	for (size_t i = 0; i < N_TEXTS; i++)
		*texts[i] = text_of(s, at++, a);
	for (size_t i = 0; i < CHECK_METRICS; i++, at++) {
		p.metric[i].has = sqlite3_column_type(s, at) == SQLITE_INTEGER;
		p.metric[i].n = sqlite3_column_int64(s, at);
	}
	return p;
}

int check_history_read(struct check_history *h, struct arena *a, const struct check_past **ret,
		       size_t *ret_n, struct err *e)
{
	struct buf sql = { 0 }, rows = { 0 };
	struct check_past *all;
	sqlite3_stmt *s = NULL;
	size_t n;
	int rc;

	*ret = NULL;
	*ret_n = 0;
	if (!h->db)
		return 0;
	buf_addf(&sql, "SELECT %s FROM checks ORDER BY id", columns);
	rc = sqlite3_prepare_v2(h->db, sql.at, -1, &s, NULL);
	buf_done(&sql);
	while (!rc && sqlite3_step(s) == SQLITE_ROW) {
		struct check_past p = past_of(s, a);

		if (p.probe && p.verdict && p.cls)
			buf_add(&rows, &p, sizeof(p));
	}
	rc = sqlite3_finalize(s) ? sqlite3_errcode(h->db) : rc;
	n = rows.len / sizeof(*all);
	all = arena_alloc(a, rows.len + 1);
	memcpy(all, buf_str(&rows), rows.len);
	buf_done(&rows);
	if (rc)
		return broken(h, rc, e);
	*ret = all;
	*ret_n = n;
	return 0;
}
