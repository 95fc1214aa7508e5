/* The rows of the store of past checks: one more, and all of them: see check_history.h. */
#include "analyzer/check/check_history_internal.h"

#include <string.h>

#include "probe/base/buf.h"

#define TEXT_COLUMNS "probe, firmware, board, label, chip, verdict, cause, class"

#define N_TEXTS 8

static const char columns[] = "at, code, " TEXT_COLUMNS
#define METRIC(id, name, ...) ", " name
#include "analyzer/check/check_metrics.def"
#undef METRIC
	;

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
	return rc ? check_history_broken(h, rc, e) : 0;
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
		return check_history_broken(h, rc, e);
	sqlite3_bind_int64(s, at++, p->at);
	sqlite3_bind_int(s, at++, p->code);
	for (size_t i = 0; i < N_TEXTS; i++)
		bind_text(s, at++, texts[i]);
	for (size_t i = 0; i < CHECK_METRICS; i++, at++)
		if (p->metric[i].has)
			sqlite3_bind_int64(s, at, p->metric[i].n);
	sqlite3_step(s);
	rc = sqlite3_finalize(s);
	return rc ? check_history_broken(h, rc, e) : 0;
}

static int drop_old(struct check_history *h, struct err *e)
{
	char sql[120];

	sqlite3_snprintf(sizeof(sql), sql,
			 "DELETE FROM checks WHERE id <= (SELECT max(id) FROM checks) - %d",
			 CHECK_HISTORY_ROWS);
	return check_history_run(h, sql, e);
}

int check_history_add(struct check_history *h, const struct check_past *p, struct err *e)
{
	struct buf board = { 0 };
	bool empty = false;
	/* Of several that write at once the first makes the table. */
	int rc = check_history_run(h, "BEGIN IMMEDIATE", e);

	if (rc)
		return rc;
	rc = check_history_look(h, &empty, e);
	if (!rc && empty)
		rc = check_history_make(h, e);
	if (!rc)
		rc = find_board(h, p, &board, e);
	if (!rc)
		rc = insert(h, p, board.len ? board.at : NULL, e);
	if (!rc)
		rc = drop_old(h, e);
	if (!rc)
		rc = check_history_run(h, "COMMIT", e);
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
		return check_history_broken(h, rc, e);
	*ret = all;
	*ret_n = n;
	return 0;
}
