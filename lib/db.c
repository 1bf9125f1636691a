// Statements and transactions over SQLite: prepared when first used and kept, parameters bound by name, results as codes.
//
// Rules of this body: a write is BEGIN IMMEDIATE … COMMIT; synchronous=FULL, so a commit that returned is on the disk; no
// checkpoint but the guarded one (db_checkpoint.c). A COMMIT that fails otherwise than by a lock or for want of room may still
// have been stored: it is reported as "outcome unknown", and every write of this house can be repeated safely.
#include "db_base.h"
#include <stdlib.h>

static const char *full_words = "the disk is full", *room_words = "make room, then run the same again: what was stored before is safe, and nothing of this is half there";

static enum err_code code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_PROTOCOL: return E_BUSY;
	case SQLITE_FULL: case SQLITE_IOERR: return E_IO;
	case SQLITE_NOTADB: return E_DATA;
	case SQLITE_READONLY: case SQLITE_PERM: case SQLITE_AUTH: return E_DENIED;
	case SQLITE_CANTOPEN: return E_NOINPUT;
	case SQLITE_TOOBIG: return E_DATA;
	case SQLITE_INTERRUPT: case SQLITE_NOMEM: return E_BUSY;
	default: return E_BUG;
	}
}

int db_fail(struct db *d, struct err *e, int rc, const char *doing)
{
	const char *said = d->h && sqlite3_extended_errcode(d->h) == rc ? sqlite3_errmsg(d->h) : sqlite3_errstr(rc);
	switch (rc & 0xff) {
	case SQLITE_BUSY:
		fail(e, E_BUSY, "%s: the store is locked by another writer; waited %d.%01d s", d->path, d->wait.ms / 1000, d->wait.ms % 1000 / 100);
		return hint(e, "run it again, or wait longer with --wait-lock");
	case SQLITE_FULL:
		fail(e, E_IO, "%s: %s: %s", d->path, doing, full_words);
		return hint(e, "%s", room_words);
	case SQLITE_IOERR:
		fail(e, E_IO, "%s: %s: %s (code %d); is the disk full, or a limit on the size of files in force?", d->path, doing, said, rc);
		return hint(e, "%s", room_words);
	case SQLITE_NOTADB:
		return fail(e, E_DATA, "%s: not an oms store", d->path);
	case SQLITE_CORRUPT:
		fail(e, E_BUG, "%s: the store is damaged: %s: %s", d->path, doing, said);
		return hint(e, "stop writing to it, keep a copy with its -wal file, and run oms-fsck");
	case SQLITE_READONLY:
		return fail(e, E_DENIED, "%s: %s: the store may not be written by this user", d->path, doing);
	default:
		return fail(e, code_of(rc), "%s: %s: %s", d->path, doing, said);
	}
}

// A page of the WAL that could not be written leaves the transaction without its last frame, so nothing of it counts; only
// what fails behind that (the sync) leaves it open whether it was stored.
static bool surely_not_stored(int rc) { return (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_FULL || rc == SQLITE_IOERR_WRITE; }

// A fixed millisecond give or take half of it: fair between writers where SQLite's own growing pauses starve one of them.
int db_busy(void *wait, int tries)
{
	struct wait *w = wait;
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (tries == 0) w->since = now;
	long waited = (now.tv_sec - w->since.tv_sec) * 1000 + (now.tv_nsec - w->since.tv_nsec) / 1000000;
	if (waited >= w->ms) return 0;
	struct timespec pause = {0, 500000 + now.tv_nsec / 7 % 1000000};
	nanosleep(&pause, NULL);
	return 1;
}

int db_exec(struct db *d, struct err *e, const char *sql, const char *doing)
{
	int rc = sqlite3_exec(d->h, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : db_fail(d, e, sqlite3_extended_errcode(d->h), doing);
}

int64_t db_pragma(sqlite3 *h, const char *sql)
{
	sqlite3_stmt *st = NULL;
	int64_t value = INT64_MIN;
	if (sqlite3_prepare_v2(h, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW) value = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return value;
}

// ---- transactions

int db_begin(struct db *d, struct err *e)
{
	if (d->in_transaction) return fail(e, E_BUG, "a transaction is begun inside another");
	if (db_exec(d, e, d->mode == DB_READ ? "BEGIN" : "BEGIN IMMEDIATE", "beginning a transaction") < 0) return -1;
	d->in_transaction = true;
	uint32_t version = 0;
	sqlite3_file_control(d->h, "main", SQLITE_FCNTL_DATA_VERSION, &version);
	if (version != d->version) db_forget(d, false);
	d->version = version;
	return 0;
}

static int save_memos(struct db *d, struct err *e)
{
	for (struct db_memo *m = d->memo; m; m = m->next)
		if (m->save && m->save(m, d, e) < 0) return -1;
	return 0;
}

int db_commit(struct db *d, struct err *e)
{
	if (!d->in_transaction) return fail(e, E_BUG, "a commit without a transaction");
	if (save_memos(d, e) < 0) {
		db_rollback(d);
		return -1;
	}
	int rc = sqlite3_exec(d->h, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		rc = sqlite3_extended_errcode(d->h);
		db_fail(d, e, rc, "committing");
		db_rollback(d);
		if (d->mode == DB_READ || surely_not_stored(rc)) return -1;
		e->code = E_BUSY;
		because(e, "outcome unknown");
		return hint(e, "the change may have been stored or not: run it again once the cause is gone, that is safe");
	}
	d->in_transaction = false;
	sqlite3_file_control(d->h, "main", SQLITE_FCNTL_DATA_VERSION, &d->version);
	if (d->mode != DB_READ) db_checkpoint(d, false);
	return 0;
}

void db_rollback(struct db *d)
{
	if (!d || !d->in_transaction) return;
	for (size_t i = 0; i < SQL_COUNT; i++) rows_end(&d->statement[i]);
	if (!sqlite3_get_autocommit(d->h)) sqlite3_exec(d->h, "ROLLBACK", NULL, NULL, NULL);
	d->in_transaction = false;
	db_forget(d, false);
}

// ---- what store modules remember

struct db_memo *db_memo(struct db *d, void (*drop)(struct db_memo *m, bool last))
{
	for (struct db_memo *m = d->memo; m; m = m->next)
		if (m->drop == drop) return m;
	return NULL;
}

void db_memo_add(struct db *d, struct db_memo *m)
{
	m->next = d->memo;
	d->memo = m;
}

void db_memo_end(struct db *d, struct db_memo *m)
{
	for (struct db_memo **p = &d->memo; *p; p = &(*p)->next)
		if (*p == m) {
			*p = m->next;
			return;
		}
}

void db_forget(struct db *d, bool last)
{
	for (struct db_memo *m = d->memo, *next; m; m = next) {
		next = m->next;
		m->drop(m, last);
	}
	if (last) d->memo = NULL;
}

// ---- statements

// SQLite takes $1 for a name and numbers parameters as they first appear, so each place is looked up once, by name.
static void number_parameters(struct rows *r)
{
	int n = sqlite3_bind_parameter_count(r->st);
	for (int i = 1; i <= n; i++) {
		const char *name = sqlite3_bind_parameter_name(r->st, i);
		long k = name && name[0] == '$' ? strtol(name + 1, NULL, 10) : 0;
		if (k < 1 || k > DB_PARAMS) continue;
		r->at[k - 1] = (short)i;
		if (k > r->params) r->params = (short)k;
	}
}

static struct rows *prepared(struct db *d, struct err *e, enum sql sql)
{
	struct rows *r = &d->statement[sql];
	if (r->running) {
		fail(e, E_BUG, "statement %s is run inside its own loop", sql_name[sql]);
		return NULL;
	}
	if (r->st) return r;
	int rc = sqlite3_prepare_v3(d->h, sql_text[sql], -1, SQLITE_PREPARE_PERSISTENT, &r->st, NULL);
	if (rc != SQLITE_OK) {
		db_fail(d, e, sqlite3_extended_errcode(d->h), sql_name[sql]);
		return NULL;
	}
	r->d = d;
	r->sql = sql;
	number_parameters(r);
	return r;
}

static int bind_one(sqlite3_stmt *st, int at, const struct sql_arg *arg)
{
	static const char nothing[1] = "";
	switch (arg->type) {
	case 'i': return sqlite3_bind_int64(st, at, arg->i);
	case 'n': return sqlite3_bind_null(st, at);
	case 't':
		if (!arg->s.p) return sqlite3_bind_null(st, at);
		return sqlite3_bind_text64(st, at, arg->s.n ? arg->s.p : nothing, arg->s.n, SQLITE_STATIC, SQLITE_UTF8);
	default:
		if (!arg->s.p) return sqlite3_bind_null(st, at);
		return sqlite3_bind_blob64(st, at, arg->s.n ? arg->s.p : nothing, arg->s.n, SQLITE_STATIC);
	}
}

static int bind_all(struct rows *r, struct err *e, const struct sql_arg *args)
{
	int k = 0;
	for (; args[k].type; k++) {
		if (k >= DB_PARAMS) return fail(e, E_BUG, "statement %s is given more than %d values", sql_name[r->sql], DB_PARAMS);
		if (!r->at[k]) continue; // statements of one family take the same list, and some pass over a value
		int rc = bind_one(r->st, r->at[k], &args[k]);
		if (rc != SQLITE_OK) return db_fail(r->d, e, rc, sql_name[r->sql]);
	}
	return k >= r->params ? 0 : fail(e, E_BUG, "statement %s takes %d values, %d given", sql_name[r->sql], r->params, k);
}

struct rows *db_query_(struct db *d, struct err *e, enum sql sql, const struct sql_arg *args)
{
	struct rows *r = prepared(d, e, sql);
	if (!r || bind_all(r, e, args) < 0) return NULL;
	r->running = true;
	return r;
}

int rows_next(struct rows *r, struct err *e)
{
	if (!r->running) return fail(e, E_BUG, "statement %s: its rows have ended", sql_name[r->sql]);
	int rc = sqlite3_step(r->st);
	if (rc == SQLITE_ROW) return 1;
	if (rc == SQLITE_DONE) {
		rows_end(r);
		return 0;
	}
	db_fail(r->d, e, sqlite3_extended_errcode(r->d->h), sql_name[r->sql]);
	rows_end(r);
	return -1;
}

void rows_end(struct rows *r)
{
	if (!r || !r->running) return;
	sqlite3_reset(r->st);
	r->running = false;
}

int64_t row_int(struct rows *r, int i)
{
	return sqlite3_column_type(r->st, i) == SQLITE_NULL ? INT64_MIN : sqlite3_column_int64(r->st, i);
}

struct str row_str(struct rows *r, int i)
{
	if (sqlite3_column_type(r->st, i) == SQLITE_NULL) return (struct str){NULL, 0};
	const void *p = sqlite3_column_type(r->st, i) == SQLITE_BLOB ? sqlite3_column_blob(r->st, i) : (const void *)sqlite3_column_text(r->st, i);
	return (struct str){p ? p : "", (size_t)sqlite3_column_bytes(r->st, i)};
}

int64_t db_run_(struct db *d, struct err *e, enum sql sql, const struct sql_arg *args)
{
	struct rows *r = db_query_(d, e, sql, args);
	int more = r ? 1 : -1;
	while (more > 0) more = rows_next(r, e);
	return more < 0 ? -1 : sqlite3_changes64(d->h);
}

int64_t db_last_id(struct db *d) { return sqlite3_last_insert_rowid(d->h); }

int64_t db_int(struct db *d, struct err *e, enum sql sql, const struct sql_arg *args, int64_t otherwise)
{
	struct rows *r = db_query_(d, e, sql, args);
	if (!r) return -1;
	int more = rows_next(r, e);
	if (more < 0) return -1;
	int64_t value = more ? row_int(r, 0) : INT64_MIN;
	rows_end(r);
	return value == INT64_MIN ? otherwise : value;
}

int db_script(struct db *d, struct err *e, const char *sql) { return db_exec(d, e, sql, "running a script"); }

// ---- what is wrong, and what it cost

struct db_stats db_stats(const struct db *d)
{
	struct db_stats s = {0};
	for (size_t i = 0; i < SQL_COUNT; i++) {
		sqlite3_stmt *st = d->statement[i].st;
		if (!st) continue;
		s.full_scans += sqlite3_stmt_status(st, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
		s.sorts += sqlite3_stmt_status(st, SQLITE_STMTSTATUS_SORT, 0);
		s.auto_indexes += sqlite3_stmt_status(st, SQLITE_STMTSTATUS_AUTOINDEX, 0);
		s.vm_steps += sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 0);
	}
	return s;
}

static int check_line(void *to, int n, char **cell, char **name)
{
	struct buf *b = to;
	(void)name;
	if (n == 1 && cell[0] && strcmp(cell[0], "ok") == 0) return 0;
	if (n == 1) buf_cstr(b, cell[0] ? cell[0] : "");
	else buf_printf(b, "%s row %s names a row of %s that is not there", cell[0], cell[1] ? cell[1] : "?", n > 2 && cell[2] ? cell[2] : "?");
	buf_c(b, '\n');
	return 0;
}

int db_check(struct db *d, struct buf *to, struct err *e)
{
	static const char *const checks[] = {"PRAGMA integrity_check", "PRAGMA foreign_key_check"};
	for (size_t i = 0; i < 2; i++) {
		int rc = sqlite3_exec(d->h, checks[i], check_line, to, NULL);
		if (rc != SQLITE_OK) return db_fail(d, e, sqlite3_extended_errcode(d->h), "checking");
	}
	return 0;
}
