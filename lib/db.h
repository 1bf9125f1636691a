// Opening, transactions, statements: the only module that knows SQLite. No type of it shows here, so that another body
// (libpq) can stand behind the same header. Settings and the guarded checkpoint: see db.c's head.
#ifndef DB_H
#define DB_H
#include "err.h"
#include "str.h"
#include "sql.h"

enum db_mode { DB_NONE, DB_READ, DB_WRITE, DB_CREATE };
struct db;
struct db *db_open(const char *path, enum db_mode mode, int wait_ms, struct err *e);
int db_begin(struct db *d, struct err *e);  // readers: one snapshot; writers: BEGIN IMMEDIATE
int db_commit(struct db *d, struct err *e); // then the guarded checkpoint when the WAL has grown
void db_rollback(struct db *d);
int db_close(struct db *d, struct err *e);  // rolls back what is open; the guarded checkpoint where the WAL is over 2 MB; 0 or -1
// Much will be read, or written. A reader keeps more of the store in memory; a writer's WAL may grow to 256 MB before it is
// checkpointed, and is checkpointed and cut when this is turned off again (after the last commit). A matter of speed: no errors.
void db_bulk(struct db *d, bool on);

struct sql_arg { char type; union { int64_t i; struct str s; }; };
#define I(x) ((struct sql_arg){'i', .i = (x)})
#define T(x) ((struct sql_arg){'t', .s = (x)})                       // text from a str; absent -> NULL
#define Z(x) ((struct sql_arg){'t', .s = str_of(x)})                 // text from a C string; NULL -> NULL
#define B(ptr, len) ((struct sql_arg){'b', .s = {(const char *)(ptr), (len)}})
#define N() ((struct sql_arg){'n', .i = 0})
#define END ((struct sql_arg){0})                                       // in place of arguments where there are none
#define OPT(x) ((x) == INT64_MIN ? N() : I(x))                       // DATE_NONE, MONEY_NONE -> NULL
// $1 … $n are bound in this order, by name. Texts are not copied: they must live until the rows end.
#define db_run(d, e, sql, ...) db_run_((d), (e), (sql), (struct sql_arg[]){__VA_ARGS__, {0}})
#define db_query(d, e, sql, ...) db_query_((d), (e), (sql), (struct sql_arg[]){__VA_ARGS__, {0}})
int64_t db_run_(struct db *d, struct err *e, enum sql sql, const struct sql_arg *args); // rows changed, or -1
struct rows *db_query_(struct db *d, struct err *e, enum sql sql, const struct sql_arg *args); // NULL: said
struct rows;
int rows_next(struct rows *r, struct err *e); // 1 a row, 0 the end (then it is closed), -1 failed (closed too)
void rows_end(struct rows *r);                // closes early; harmless after the end
int64_t row_int(struct rows *r, int i);       // NULL -> INT64_MIN
struct str row_str(struct rows *r, int i);    // text or blob; NULL -> absent; valid until the next rows_next
int64_t db_last_id(struct db *d);
// First cell of the first row; otherwise: there is no row, or it is NULL. -1: failed, said.
int64_t db_int(struct db *d, struct err *e, enum sql sql, const struct sql_arg *args, int64_t otherwise);

// What a store module remembers of the file, such as row ids. drop is called when it may hold no longer: after a rollback or
// another process's commit, and with last at the close, when it must also give back what it took.
// save, if not NULL, is called just before each commit: for what is gathered in memory over a transaction.
struct db_memo { struct db_memo *next; void (*drop)(struct db_memo *m, bool last); int (*save)(struct db_memo *m, struct db *d, struct err *e); };
struct db_memo *db_memo(struct db *d, void (*drop)(struct db_memo *m, bool last)); // the one with this drop, or NULL
void db_memo_add(struct db *d, struct db_memo *m);
void db_memo_end(struct db *d, struct db_memo *m);

struct db_stats { int64_t full_scans, sorts, auto_indexes, vm_steps; };
struct db_stats db_stats(const struct db *d);         // summed over all statements since open
int db_check(struct db *d, struct buf *to, struct err *e); // integrity_check and foreign_key_check: lines of what is wrong
int64_t db_schema_version(struct db *d);
int64_t db_found_version(const struct db *d); // what the store was when it was opened: 0 where it was made now
int db_script(struct db *d, struct err *e, const char *sql); // several statements: migrations only
#endif
