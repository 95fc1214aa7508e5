/* The store of past checks as a file: see check_history.h. What stands in it is
 * check_history_rows.c. */
#include "analyzer/check/check_history_internal.h"

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
#include "analyzer/check/check_metrics.def"
#undef METRIC
#undef HIGHER
#undef LOWER
};

static const char make_table[] =
	"CREATE TABLE checks (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, code INTEGER NOT NULL, "
	"probe TEXT NOT NULL, firmware TEXT, board TEXT, label TEXT, chip TEXT, "
	"verdict TEXT NOT NULL, cause TEXT, class TEXT NOT NULL"
#define METRIC(id, name, ...) ", " name " INTEGER"
#include "analyzer/check/check_metrics.def"
#undef METRIC
	")";

/* ---- errors ---- */

int check_history_broken(const struct check_history *h, int rc, struct err *e)
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

int check_history_run(struct check_history *h, const char *sql, struct err *e)
{
	int rc = sqlite3_exec(h->db, sql, NULL, NULL, NULL);

	return rc ? check_history_broken(h, rc, e) : 0;
}

static int read_pragma(struct check_history *h, const char *sql, int64_t *ret, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(h->db, sql, -1, &s, NULL);

	if (!rc && sqlite3_step(s) == SQLITE_ROW)
		*ret = sqlite3_column_int64(s, 0);
	rc = sqlite3_finalize(s);
	return rc ? check_history_broken(h, rc, e) : 0;
}

/* ---- opening ---- */

int check_history_look(struct check_history *h, bool *ret_empty, struct err *e)
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

int check_history_make(struct check_history *h, struct err *e)
{
	char sql[128];
	int rc = check_history_run(h, make_table, e);

	sqlite3_snprintf(sizeof(sql), sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
			 APPLICATION_ID, SCHEMA);
	return rc ? rc : check_history_run(h, sql, e);
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
		return check_history_broken(h, rc, e);
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
		rc = check_history_look(h, &empty, e);
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
