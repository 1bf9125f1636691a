// The guarded checkpoint: the only one oms runs, because SQLite 3.7.0 to 3.51.2 can lose pages when the WAL is reset by one
// process while another checkpoints it.
//
// A second connection takes the write lock (BEGIN IMMEDIATE), so nobody can reset the WAL; then the first one runs a PASSIVE
// checkpoint; then the lock is given back. FULL, RESTART and TRUNCATE are never asked for: found busy, they fall back to an
// unguarded PASSIVE. The space is given back by the next commit on a WAL that is wholly copied (journal_size_limit).
#include "db_base.h"

static sqlite3 *guard_open(struct db *d)
{
	if (d->guard) return d->guard;
	sqlite3 *h = NULL;
	int rc = sqlite3_open_v2(d->path, &h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc != SQLITE_OK) {
		sqlite3_close(h);
		return NULL;
	}
	db_settings(h);
	d->guard_wait = (struct wait){DB_GUARD_WAIT_MS < d->wait.ms ? DB_GUARD_WAIT_MS : d->wait.ms, {0, 0}};
	sqlite3_busy_handler(h, db_busy, &d->guard_wait);
	return d->guard = h;
}

// True where all of the WAL is in the file now. A checkpoint that fails loses nothing: it is tried again later.
static bool guarded(struct db *d)
{
	sqlite3 *guard = guard_open(d);
	if (!guard || sqlite3_exec(guard, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) return false;
	int in_wal = -1, copied = -2;
	int rc = sqlite3_wal_checkpoint_v2(d->h, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied);
	sqlite3_exec(guard, "ROLLBACK", NULL, NULL, NULL);
	return rc == SQLITE_OK && in_wal == copied;
}

// An empty commit would write nothing, so a row is written back as it is: the WAL starts anew and is cut to one page or two.
static void shrink(struct db *d)
{
	sqlite3_exec(d->h, "PRAGMA journal_size_limit=0", NULL, NULL, NULL);
	sqlite3_exec(d->h, "UPDATE schema_version SET version=version WHERE version=1", NULL, NULL, NULL);
	sqlite3_exec(d->h, "PRAGMA journal_size_limit=16777216", NULL, NULL, NULL);
	sqlite3_file_control(d->h, "main", SQLITE_FCNTL_DATA_VERSION, &d->version);
}

void db_checkpoint(struct db *d, bool last)
{
	int most = d->bulk ? DB_CHECKPOINT_PAGES_BULK : DB_CHECKPOINT_PAGES;
	bool grown = d->wal_pages < d->tried_at || d->wal_pages - d->tried_at >= DB_CHECKPOINT_STEP;
	if (!last && (d->wal_pages <= most || !grown)) return;
	d->tried_at = d->wal_pages;
	if (guarded(d) && last) shrink(d);
}

void db_bulk(struct db *d, bool on)
{
	bool was = d->bulk;
	d->bulk = on;
	if (d->mode == DB_READ) {
		sqlite3_exec(d->h, on ? "PRAGMA cache_size=-2048" : "PRAGMA cache_size=-512", NULL, NULL, NULL);
		return;
	}
	if (was && !on && !d->in_transaction && d->wal_pages > 0) db_checkpoint(d, true);
}
