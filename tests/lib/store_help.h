// A store of its own for each test of the store floor.
#ifndef STORE_HELP_H
#define STORE_HELP_H
#include "db.h"
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>


struct fixture { char folder[64], path[96]; struct db *db; struct err err; struct arena arena; };

static inline void store_remove(struct fixture *f)
{
	static const char *const suffix[] = {"", "-wal", "-shm"};
	char name[128];
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%s%s", f->path, suffix[i]);
		unlink(name);
	}
}

static inline int store_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	const char *tmp = getenv("TMPDIR");
	snprintf(f->folder, sizeof f->folder, "%s/oms-XXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
	if (!mkdtemp(f->folder)) return -1;
	snprintf(f->path, sizeof f->path, "%s/oms.db", f->folder);
	f->db = db_open(f->path, DB_CREATE, 1000, &f->err);
	*state = f;
	return f->db ? 0 : -1;
}

static inline int store_teardown(void **state)
{
	struct fixture *f = *state;
	int rc = db_close(f->db, &f->err);
	arena_free(&f->arena);
	store_remove(f);
	rmdir(f->folder);
	free(f);
	return rc;
}

// What must succeed, with what it said where it did not.
#define OK(f, call) do { if ((call) < 0) fail_msg("%s: %s", #call, (f)->err.text); } while (0)
#define BEGIN(f) OK(f, db_begin((f)->db, &(f)->err))
#define COMMIT(f) OK(f, db_commit((f)->db, &(f)->err))
// The whole file sound, and every name of another row leading to one.
static inline void assert_sound(struct fixture *f)
{
	struct buf b = {0};
	OK(f, db_check(f->db, &b, &f->err));
	if (b.n) fail_msg("%.*s", (int)b.n, b.p);
	buf_free(&b);
}
// The first cell of a question in SQL of the test's own: what is stored, seen by another way than the module's.
static inline const char *ask(struct fixture *f, const char *sql)
{
	sqlite3 *h = NULL;
	sqlite3_stmt *st = NULL;
	const char *said = NULL;
	if (sqlite3_open_v2(f->path, &h, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK && sqlite3_prepare_v2(h, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW) {
		const char *cell = (const char *)sqlite3_column_text(st, 0);
		said = arena_strdup(&f->arena, cell ? cell : "NULL");
	} else said = arena_strdup(&f->arena, sqlite3_errmsg(h));
	sqlite3_finalize(st);
	sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close(h);
	return said;
}
#endif
