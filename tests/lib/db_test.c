// The database floor: making, opening and refusing stores, transactions, locks, the guarded checkpoint, statements by name.
#include "store_help.h"
#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>

static void raw(struct fixture *f, const char *sql)
{
	sqlite3 *h = NULL;
	char *why = NULL;
	assert_int_equal(sqlite3_open(f->path, &h), SQLITE_OK);
	sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (sqlite3_exec(h, sql, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s: %s", sql, why);
	sqlite3_close(h);
}

static void reopen(struct fixture *f, enum db_mode mode)
{
	OK(f, db_close(f->db, &f->err));
	f->db = db_open(f->path, mode, 100, &f->err);
}

static long size_of(struct fixture *f, const char *suffix)
{
	char name[128];
	struct stat s;
	snprintf(name, sizeof name, "%s%s", f->path, suffix);
	return stat(name, &s) < 0 ? -1 : (long)s.st_size;
}

static int add_source(struct fixture *f, const char *name)
{
	return (int)db_run(f->db, &f->err, SQL_SOURCE_INSERT, Z(name), Z("shopify"), N(), Z("UTC"), N(), I(5));
}

static void a_new_store_is_what_it_should_be(void **state)
{
	struct fixture *f = *state;
	struct stat s;
	assert_int_equal(stat(f->path, &s), 0);
	assert_int_equal(s.st_mode & 0777, 0600);
	assert_string_equal(ask(f, "PRAGMA journal_mode"), "wal");
	assert_string_equal(ask(f, "PRAGMA page_size"), "8192");
	assert_string_equal(ask(f, "PRAGMA application_id"), "1869443889"); // "oms1": 0x6f6d7331
	assert_int_equal(db_schema_version(f->db), (int64_t)n_migrations);
	char want[32];
	snprintf(want, sizeof want, "%zu %zu", n_migrations, n_migrations);
	assert_string_equal(ask(f, "SELECT count(*) || ' ' || max(version) FROM schema_version"), want);
	assert_sound(f);
}

static void every_statement_prepares(void **state)
{
	struct fixture *f = *state;
	sqlite3 *h = NULL;
	assert_int_equal(sqlite3_open(f->path, &h), SQLITE_OK);
	sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	for (int i = 0; i < SQL_COUNT; i++) {
		sqlite3_stmt *st = NULL;
		if (sqlite3_prepare_v2(h, sql_text[i], -1, &st, NULL) != SQLITE_OK) fail_msg("%s: %s", sql_name[i], sqlite3_errmsg(h));
		sqlite3_finalize(st);
	}
	sqlite3_close(h);
}

static void what_is_no_store_is_refused_with_words(void **state)
{
	struct fixture *f = *state;
	struct err e = {0};
	char other[128];
	assert_null(db_open("/nonexistent/oms.db", DB_READ, 0, &e));
	assert_int_equal(e.code, E_NOINPUT);
	assert_non_null(strstr(e.hint, "oms-init"));
	assert_null(db_open(f->folder, DB_WRITE, 0, &e));
	assert_int_equal(e.code, E_NOINPUT);
	snprintf(other, sizeof other, "%s/other", f->folder);
	FILE *o = fopen(other, "w");
	fputs("not a database, but long enough to be taken for one by its size alone; it is not. .......................................................", o);
	fclose(o);
	assert_null(db_open(other, DB_READ, 0, &e));
	assert_int_equal(e.code, E_DATA);
	assert_null(db_open(other, DB_WRITE, 0, &e));
	assert_int_equal(e.code, E_DATA);
	assert_null(db_open(other, DB_CREATE, 0, &e));
	assert_int_equal(e.code, E_DATA);
	assert_int_equal(truncate(other, 0), 0);
	assert_null(db_open(other, DB_WRITE, 0, &e));
	assert_int_equal(e.code, E_DATA);
	unlink(other);
	assert_int_equal(symlink(f->path, other), 0);
	assert_null(db_open(other, DB_READ, 0, &e));
	assert_non_null(strstr(e.text, "symbolic link"));
	unlink(other);
}

static void another_programs_database_is_refused(void **state)
{
	struct fixture *f = *state;
	raw(f, "PRAGMA application_id=0");
	reopen(f, DB_READ);
	assert_null(f->db);
	assert_int_equal(f->err.code, E_DATA);
}

static void a_newer_store_is_refused(void **state)
{
	struct fixture *f = *state;
	raw(f, "PRAGMA user_version=99");
	reopen(f, DB_WRITE);
	assert_null(f->db);
	assert_int_equal(f->err.code, E_VERSION);
	reopen(f, DB_READ);
	assert_int_equal(f->err.code, E_VERSION);
}

// A store as the first version made it must become, table for table, what a new one is.
static void an_older_store_is_upgraded_by_a_writer(void **state)
{
	struct fixture *f = *state;
	const char *all = "SELECT group_concat(name || sql, x'0a') FROM (SELECT name, sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY name)";
	const char *as_new = ask(f, all);
	OK(f, db_close(f->db, &f->err));
	store_remove(f);
	raw(f, "PRAGMA page_size=8192; PRAGMA application_id=1869443889; PRAGMA journal_mode=WAL");
	raw(f, migrations[0].text);
	raw(f, "INSERT INTO schema_version VALUES (1, 0, 'old'); PRAGMA user_version=1");
	f->db = db_open(f->path, DB_READ, 100, &f->err);
	assert_null(f->db);
	assert_int_equal(f->err.code, E_VERSION);
	assert_non_null(strstr(f->err.hint, "oms-init --upgrade"));
	f->db = db_open(f->path, DB_WRITE, 100, &f->err);
	assert_non_null(f->db);
	assert_int_equal(db_schema_version(f->db), (int64_t)n_migrations);
	assert_string_equal(ask(f, all), as_new);
}

static void a_path_is_never_a_uri(void **state)
{
	(void)state;
	struct err e = {0};
	assert_null(db_open("file:/tmp/x.db?mode=memory", DB_WRITE, 0, &e));
	assert_int_equal(e.code, E_NOINPUT);
}

static void values_go_where_their_names_say(void **state)
{
	struct fixture *f = *state;
	BEGIN(f);
	assert_int_equal(add_source(f, "it's; DROP TABLE source --"), 1);
	assert_int_equal(db_run(f->db, &f->err, SQL_SOURCE_UPDATE, Z("it's; DROP TABLE source --"), N(), Z("acc"), N(), Z("EUR")), 1);
	assert_int_equal(db_run(f->db, &f->err, SQL_SOURCE_UPDATE, Z("none"), N(), N(), N(), N()), 0);
	COMMIT(f);
	assert_string_equal(ask(f, "SELECT name || '|' || channel || '|' || account || '|' || tz || '|' || currency || '|' || created_at FROM source"),
		"it's; DROP TABLE source --|shopify|acc|UTC|EUR|5");
	struct rows *r = db_query(f->db, &f->err, SQL_SOURCE_BY_ID, I(1));
	assert_int_equal(rows_next(r, &f->err), 1);
	assert_int_equal(row_int(r, 0), 1);
	assert_string_equal(arena_copy(&f->arena, row_str(r, 3).p, row_str(r, 3).n), "acc");
	assert_null(db_query(f->db, &f->err, SQL_SOURCE_BY_ID, I(1))); // inside its own loop
	assert_int_equal(f->err.code, E_BUG);
	assert_int_equal(rows_next(r, &f->err), 0);
	rows_end(r);
	assert_int_equal(db_run(f->db, &f->err, SQL_SOURCE_UPDATE, Z("x")), -1); // four values short
	assert_int_equal(f->err.code, E_BUG);
	assert_int_equal(db_int(f->db, &f->err, SQL_SOURCE_BY_NAME, (struct sql_arg[]){Z("none"), {0}}, 77), 77);
}

static void a_rollback_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	BEGIN(f);
	assert_int_equal(db_begin(f->db, &f->err), -1);
	assert_int_equal(f->err.code, E_BUG);
	add_source(f, "a");
	db_rollback(f->db);
	assert_string_equal(ask(f, "SELECT count(*) FROM source"), "0");
	BEGIN(f);
	add_source(f, "b");
	reopen(f, DB_READ); // closing rolls back
	assert_string_equal(ask(f, "SELECT count(*) FROM source"), "0");
	BEGIN(f);
	assert_int_equal(add_source(f, "c"), -1);
	assert_int_equal(f->err.code, E_DENIED);
	db_rollback(f->db);
}

static long elapsed_ms(const struct timespec *from)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - from->tv_sec) * 1000 + (now.tv_nsec - from->tv_nsec) / 1000000;
}

static void a_locked_store_is_waited_for_so_long_and_no_longer(void **state)
{
	struct fixture *f = *state;
	struct timespec from;
	struct db *other = db_open(f->path, DB_WRITE, 120, &f->err);
	assert_non_null(other);
	BEGIN(f);
	clock_gettime(CLOCK_MONOTONIC, &from);
	assert_int_equal(db_begin(other, &f->err), -1);
	assert_int_equal(f->err.code, E_BUSY);
	assert_non_null(strstr(f->err.text, "locked by another writer"));
	assert_in_range(elapsed_ms(&from), 120, 1000);
	COMMIT(f);
	OK(f, db_begin(other, &f->err));
	db_rollback(other);
	OK(f, db_close(other, &f->err));
}

static void readers_see_one_moment(void **state)
{
	struct fixture *f = *state;
	struct db *reader = db_open(f->path, DB_READ, 100, &f->err);
	OK(f, db_begin(reader, &f->err));
	assert_int_equal(db_int(reader, &f->err, SQL_SOURCE_BY_NAME, (struct sql_arg[]){Z("a"), {0}}, 0), 0);
	BEGIN(f);
	add_source(f, "a");
	COMMIT(f);
	assert_int_equal(db_int(reader, &f->err, SQL_SOURCE_BY_NAME, (struct sql_arg[]){Z("a"), {0}}, 0), 0);
	OK(f, db_commit(reader, &f->err));
	assert_int_equal(db_int(reader, &f->err, SQL_SOURCE_BY_NAME, (struct sql_arg[]){Z("a"), {0}}, 0), 1);
	OK(f, db_close(reader, &f->err));
}

struct watcher { struct db_memo memo; int dropped, saved, ended; };
static void dropped(struct db_memo *m, bool last)
{
	struct watcher *w = (struct watcher *)m;
	if (last) w->ended++;
	else w->dropped++;
}
static int saved(struct db_memo *m, struct db *d, struct err *e)
{
	(void)d, (void)e;
	((struct watcher *)m)->saved++;
	return 0;
}

static void memory_is_dropped_when_others_write(void **state)
{
	struct fixture *f = *state;
	struct watcher w = {.memo = {.drop = dropped, .save = saved}};
	BEGIN(f);
	COMMIT(f);
	db_memo_add(f->db, &w.memo);
	assert_ptr_equal(db_memo(f->db, dropped), &w.memo);
	for (int i = 0; i < 3; i++) {
		BEGIN(f);
		add_source(f, i == 0 ? "a" : i == 1 ? "b" : "c");
		COMMIT(f);
	}
	assert_int_equal(w.dropped, 0);
	assert_int_equal(w.saved, 3);
	raw(f, "UPDATE source SET account='other'");
	BEGIN(f);
	assert_int_equal(w.dropped, 1);
	db_rollback(f->db);
	assert_int_equal(w.dropped, 2);
	OK(f, db_close(f->db, &f->err));
	assert_int_equal(w.ended, 1);
	f->db = NULL;
}

static void fill(struct fixture *f, int from, int to)
{
	static unsigned char body[200000];
	for (int i = from; i < to; i++) {
		unsigned char digest[16] = {(unsigned char)i, (unsigned char)(i >> 8)};
		BEGIN(f);
		for (int k = 0; k < 4; k++) {
			digest[2] = (unsigned char)k;
			OK(f, db_run(f->db, &f->err, SQL_PAYLOAD_INSERT, B(digest, 16), I(1), N(), I(1), B(body, sizeof body)));
		}
		COMMIT(f);
	}
}

static void the_log_of_changes_is_kept_short(void **state)
{
	struct fixture *f = *state;
	BEGIN(f);
	add_source(f, "a");
	COMMIT(f);
	fill(f, 0, 20); // 16 MB in 0.8 MB commits, a checkpoint at 8 MB
	assert_in_range(size_of(f, "-wal"), 1, 12 << 20);
	db_bulk(f->db, true);
	fill(f, 20, 44);
	assert_in_range(size_of(f, "-wal"), 15 << 20, 30 << 20);
	db_bulk(f->db, false);
	assert_in_range(size_of(f, "-wal"), 0, 64 << 10);
	assert_string_equal(ask(f, "SELECT count(*) FROM payload"), "176");
	assert_sound(f);
}

static void a_reader_in_the_way_only_puts_the_checkpoint_off(void **state)
{
	struct fixture *f = *state;
	struct db *reader = db_open(f->path, DB_READ, 0, &f->err);
	BEGIN(f);
	add_source(f, "a");
	COMMIT(f);
	OK(f, db_begin(reader, &f->err));
	assert_int_equal(db_int(reader, &f->err, SQL_SOURCE_BY_NAME, (struct sql_arg[]){Z("a"), {0}}, 0), 1);
	fill(f, 0, 16);
	assert_int_equal(db_int(reader, &f->err, SQL_SOURCE_BY_NAME, (struct sql_arg[]){Z("a"), {0}}, 0), 1);
	OK(f, db_commit(reader, &f->err));
	fill(f, 16, 32);
	assert_in_range(size_of(f, "-wal"), 1, 30 << 20);
	assert_sound(f);
	OK(f, db_close(reader, &f->err));
}

static void a_killed_writer_leaves_whole_transactions(void **state)
{
	struct fixture *f = *state;
	BEGIN(f);
	add_source(f, "kept");
	COMMIT(f);
	OK(f, db_close(f->db, &f->err));
	pid_t child = fork();
	if (child == 0) { // opens after the fork: a handle must not cross it
		f->db = db_open(f->path, DB_WRITE, 100, &f->err);
		if (f->db && db_begin(f->db, &f->err) == 0) add_source(f, "lost");
		_exit(0);
	}
	waitpid(child, NULL, 0);
	f->db = db_open(f->path, DB_WRITE, 100, &f->err);
	assert_non_null(f->db);
	assert_string_equal(ask(f, "SELECT group_concat(name) FROM source"), "kept");
	BEGIN(f);
	add_source(f, "next");
	COMMIT(f);
	assert_sound(f);
}

// As a user who may only read: root may write anywhere, so this runs in a child that has put its rights down.
static int read_as_nobody(struct fixture *f)
{
	pid_t child = fork();
	if (child == 0) {
		if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(99);
		struct err e = {0};
		struct db *d = db_open(f->path, DB_READ, 50, &e);
		int64_t n = d ? db_int(d, &e, SQL_SOURCE_BY_NAME, (struct sql_arg[]){Z("a"), {0}}, 0) : -1;
		int code = d ? 0 : (int)e.code + 100;
		if (d && db_close(d, &e) < 0) code = 98;
		_exit(code ? code : n == 1 ? 1 : 2);
	}
	int status = 0;
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

static void a_user_who_may_only_read_can_read(void **state)
{
	struct fixture *f = *state;
	char name[128];
	if (getuid() != 0) skip(); // needs another user to read as
	BEGIN(f);
	add_source(f, "a");
	COMMIT(f);
	OK(f, db_close(f->db, &f->err));
	f->db = NULL;
	chmod(f->folder, 0755);
	chmod(f->path, 0644);
	assert_int_equal(read_as_nobody(f), E_NOINPUT + 100); // changes in a -wal file of mode 0600: said, not passed over
	snprintf(name, sizeof name, "%s-wal", f->path);
	chmod(name, 0644);
	snprintf(name, sizeof name, "%s-shm", f->path);
	chmod(name, 0644);
	assert_int_equal(read_as_nobody(f), 1);
	sqlite3 *h = NULL; // the last connection of another program: all goes into the one file
	assert_int_equal(sqlite3_open(f->path, &h), SQLITE_OK);
	sqlite3_exec(h, "SELECT count(*) FROM source", NULL, NULL, NULL);
	sqlite3_close(h);
	assert_int_equal(size_of(f, "-wal"), -1);
	assert_int_equal(read_as_nobody(f), 1);
	assert_int_equal(size_of(f, "-wal"), -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_new_store_is_what_it_should_be), TEST(every_statement_prepares), TEST(what_is_no_store_is_refused_with_words), TEST(another_programs_database_is_refused),
		TEST(a_newer_store_is_refused), TEST(an_older_store_is_upgraded_by_a_writer), TEST(a_path_is_never_a_uri), TEST(values_go_where_their_names_say), TEST(a_rollback_leaves_nothing),
		TEST(a_locked_store_is_waited_for_so_long_and_no_longer), TEST(readers_see_one_moment), TEST(memory_is_dropped_when_others_write), TEST(the_log_of_changes_is_kept_short),
		TEST(a_reader_in_the_way_only_puts_the_checkpoint_off), TEST(a_killed_writer_leaves_whole_transactions), TEST(a_user_who_may_only_read_can_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
