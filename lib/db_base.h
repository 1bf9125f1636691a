// What the parts of db share: the handle, and SQLite itself. Only db*.c include this.
#ifndef DB_BASE_H
#define DB_BASE_H
#include "db.h"
#include <sqlite3.h>
#include <time.h>

enum { DB_PARAMS = 32, DB_APPLICATION = 0x6f6d7331 }; // application_id of a store: "oms1"
// Whoever opens a store alone reads all of its WAL first (about 0.4 ms a megabyte), so little is left behind at a close.
enum { DB_CHECKPOINT_PAGES_CLOSE = 256, DB_CHECKPOINT_PAGES = 1000, DB_CHECKPOINT_PAGES_BULK = 32768, DB_CHECKPOINT_STEP = 250, DB_GUARD_WAIT_MS = 200 };

struct rows { // one prepared statement, and the loop that runs over it
	struct db *d;
	sqlite3_stmt *st;
	short at[DB_PARAMS]; // at[k]: where SQLite numbers $k+1; 0: the statement has no such parameter
	short params;        // highest k of $k
	bool running;
	enum sql sql;
};
struct wait { int ms; struct timespec since; };
struct db {
	sqlite3 *h;
	enum db_mode mode;
	bool in_transaction, bulk, immutable;
	struct wait wait, guard_wait;
	int64_t found_version;
	char *path;
	sqlite3 *guard;      // second connection of the guarded checkpoint, opened when first needed
	int wal_pages;       // in the WAL after the last commit, by the hook
	int tried_at;        // wal_pages when a checkpoint was last tried
	uint32_t version;    // changes when another connection commits
	struct db_memo *memo;
	struct rows statement[SQL_COUNT + 1];
};

// The words and the code for a result of SQLite. Always -1. doing: "reading", "committing" …
int db_fail(struct db *d, struct err *e, int rc, const char *doing);
int db_exec(struct db *d, struct err *e, const char *sql, const char *doing);
int64_t db_pragma(sqlite3 *h, const char *sql); // first cell of one statement; INT64_MIN where it fails
int db_busy(void *wait, int tries);             // the busy handler
void db_settings(sqlite3 *h);                   // those that every connection gets
void db_checkpoint(struct db *d, bool last);    // guarded; last: also gives the WAL's disk space back
void db_forget(struct db *d, bool last);        // drops the memos
#endif
