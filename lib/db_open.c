// Opening, making and upgrading a store, and the settings every connection gets.
//
// Settings that are a call cost nothing; a PRAGMA costs a start some microseconds, so only those stand here that differ
// from the build's default: mmap is off and synchronous is FULL as built (a writer still says so). secure_delete stays as
// built: what is deleted here is projections, and the log they came from is kept.
#include "date.h"
#include "db_base.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// SQLite serves one thread here, counts no memory, and never reads a path as a URI ("file:x?vfs=…") unless told to.
static void configure(void)
{
	static bool done;
	if (done) return;
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite3_config(SQLITE_CONFIG_URI, 0);
	done = true;
}

void db_settings(sqlite3 *h)
{
	static const struct { int what, on; } configs[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
		{SQLITE_DBCONFIG_DQS_DDL, 0}, {SQLITE_DBCONFIG_DQS_DML, 0}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
		{SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
	};
	// 16 MiB records must fit, and what compression and a row add to them.
	static const struct { int what, most; } limits[] = {
		{SQLITE_LIMIT_LENGTH, 32 << 20}, {SQLITE_LIMIT_SQL_LENGTH, 100000}, {SQLITE_LIMIT_ATTACHED, 0}, {SQLITE_LIMIT_EXPR_DEPTH, 50},
		{SQLITE_LIMIT_COMPOUND_SELECT, 5}, {SQLITE_LIMIT_VDBE_OP, 250000}, {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100},
	};
	for (size_t i = 0; i < sizeof configs / sizeof *configs; i++) sqlite3_db_config(h, configs[i].what, configs[i].on, NULL);
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) sqlite3_limit(h, limits[i].what, limits[i].most);
	sqlite3_wal_autocheckpoint(h, 0);
}

static int wal_grew(void *db, sqlite3 *h, const char *name, int pages)
{
	(void)h, (void)name;
	((struct db *)db)->wal_pages = pages;
	return SQLITE_OK;
}

static const char *const writer_pragmas = "PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
	"PRAGMA cache_size=-8192; PRAGMA journal_size_limit=16777216";
// A look-up and a page of a list read each page about once: fresh memory for it costs more than the reading. A long read
// asks for more (db_bulk).
static const char *const reader_pragmas = "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-512";

// ---- paths

// A link in the folder's path is followed, here and knowingly; SQLite is told to follow none, so the file itself is no link.
static char *real_path(const char *path)
{
	char *copy = strdup(path), *slash = copy ? strrchr(copy, '/') : NULL;
	if (!slash || slash == copy) return copy;
	*slash = '\0';
	char *folder = realpath(copy, NULL), *all = NULL;
	if (folder && asprintf(&all, "%s/%s", folder, slash + 1) < 0) all = NULL;
	free(folder);
	free(copy);
	return all ? all : strdup(path);
}

static int no_store(struct err *e, const char *path)
{
	struct stat s;
	if (lstat(path, &s) < 0 && errno == ENOENT) {
		fail(e, E_NOINPUT, "%s: there is no store here", path);
		return hint(e, "make one with oms-init, or name another with --db FILE or OMS_DB");
	}
	if (lstat(path, &s) < 0) return fail(e, errno == EACCES ? E_DENIED : E_NOINPUT, "%s: %s", path, strerror(errno));
	if (S_ISLNK(s.st_mode)) return fail(e, E_NOINPUT, "%s: is a symbolic link; name the file it leads to", path);
	if (!S_ISREG(s.st_mode)) return fail(e, E_NOINPUT, "%s: is not a file", path);
	if (access(path, R_OK) < 0) return fail(e, E_DENIED, "%s: this user may not read the store", path);
	if (access(path, W_OK) < 0) return fail(e, E_DENIED, "%s: this user may not write to the store", path);
	return fail(e, E_NOINPUT, "%s: the store cannot be opened", path);
}

static int make_folders(struct err *e, char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		int rc = mkdir(path, 0700), why = errno;
		if (rc < 0 && why != EEXIST && why != EISDIR) fail(e, E_CANTCREAT, "%s: the folder cannot be made: %s", path, strerror(why));
		*slash = '/';
		if (rc < 0 && why != EEXIST && why != EISDIR) return -1;
	}
	return 0;
}

// An empty file of mode 0600, made before SQLite sees it: the -wal and -shm files take its mode.
static int make_file(struct err *e, char *path)
{
	struct stat s;
	if (stat(path, &s) == 0) return 0;
	if (make_folders(e, path) < 0) return -1;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 && errno == EEXIST) return 0;
	if (fd < 0) return fail(e, errno == ENOSPC ? E_IO : E_CANTCREAT, "%s: the store cannot be made: %s", path, strerror(errno));
	close(fd);
	return 0;
}

// ---- the handle

static int open_handle(struct db *d, struct err *e, const char *path, int flags)
{
	int rc = sqlite3_open_v2(path, &d->h, flags | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc == SQLITE_OK) {
		db_settings(d->h);
		sqlite3_busy_handler(d->h, db_busy, &d->wait);
		return 0;
	}
	sqlite3_close(d->h);
	d->h = NULL;
	return rc == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_CANTOPEN ? no_store(e, d->path) : db_fail(d, e, rc, "opening");
}

// Where the folder or the -shm file cannot be written, WAL mode cannot be read; but a store whose WAL is empty or missing is
// all in its one file, which then may be read as it is.
static bool wal_is_empty(const struct db *d)
{
	char *wal = NULL;
	struct stat s;
	if (asprintf(&wal, "%s-wal", d->path) < 0) return false;
	int rc = stat(wal, &s);
	bool empty = rc < 0 ? errno == ENOENT : s.st_size == 0;
	free(wal);
	return empty;
}

static int open_immutable(struct db *d, struct err *e)
{
	struct buf uri = {0};
	buf_cstr(&uri, d->path[0] == '/' ? "file://" : "file:");
	for (const char *p = d->path; *p; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || strchr("/._-~", *p);
		if (plain) buf_c(&uri, *p);
		else buf_printf(&uri, "%%%02X", (unsigned char)*p);
	}
	buf_cstr(&uri, "?immutable=1");
	buf_c(&uri, '\0');
	sqlite3_close(d->h);
	d->h = NULL;
	int rc = open_handle(d, e, uri.p, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	buf_free(&uri);
	d->immutable = rc == 0;
	return rc;
}

static bool shared_memory_refused(int rc)
{
	return (rc & 0xff) == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_READONLY || rc == SQLITE_IOERR_SHMOPEN || rc == SQLITE_IOERR_SHMMAP;
}

// ---- versions

static int read_header(struct db *d, int64_t *application, int64_t *version)
{
	*application = db_pragma(d->h, "PRAGMA application_id");
	if (*application == INT64_MIN) return -1;
	*version = db_pragma(d->h, "PRAGMA user_version");
	return *version == INT64_MIN ? -1 : 0;
}

int64_t db_schema_version(struct db *d) { return db_pragma(d->h, "PRAGMA user_version"); }
int64_t db_found_version(const struct db *d) { return d->found_version; }

static int newer(struct db *d, struct err *e, int64_t version)
{
	fail(e, E_VERSION, "%s: the store is of version %lld; this program knows versions up to %zu", d->path, (long long)version, n_migrations);
	return hint(e, "use the program that wrote it, or a newer one");
}

static int migrate_from(struct db *d, struct err *e, size_t from)
{
	char set[64];
	for (size_t i = from; i < n_migrations; i++) {
		if (db_script(d, e, migrations[i].text) < 0) return because(e, "upgrading to version %d (%s)", migrations[i].version, migrations[i].name);
		if (db_run(d, e, SQL_VERSION_PUT, I(migrations[i].version), I(date_now()), Z("oms " VERSION)) < 0) return -1;
	}
	snprintf(set, sizeof set, "PRAGMA user_version=%zu", n_migrations);
	return db_exec(d, e, set, "upgrading");
}

// All steps in one transaction; another process may have done it while we waited for the lock.
static int upgrade(struct db *d, struct err *e)
{
	if (db_begin(d, e) < 0) return -1;
	int64_t version = db_schema_version(d);
	if (version >= 0 && version < (int64_t)n_migrations && migrate_from(d, e, (size_t)version) < 0) {
		db_rollback(d);
		return -1;
	}
	return db_commit(d, e);
}

static int create(struct db *d, struct err *e)
{
	char set[96];
	snprintf(set, sizeof set, "PRAGMA page_size=8192; PRAGMA application_id=%d; PRAGMA journal_mode=WAL", DB_APPLICATION);
	if (db_exec(d, e, set, "making the store") < 0 || upgrade(d, e) < 0) return -1;
	char *slash = strrchr(d->path, '/');
	int fd = slash && slash != d->path ? (*slash = '\0', open(d->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) : open(slash ? "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (slash) *slash = '/';
	if (fd >= 0) {
		fsync(fd); // the file's name, too, must outlive a power cut
		close(fd);
	}
	return 0;
}

static bool is_empty(const struct db *d)
{
	struct stat s;
	return stat(d->path, &s) == 0 && s.st_size == 0;
}

static int check_wal(struct db *d, struct err *e)
{
	sqlite3_stmt *st = NULL;
	bool wal = sqlite3_prepare_v2(d->h, "PRAGMA journal_mode", -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW
		&& strcmp((const char *)sqlite3_column_text(st, 0), "wal") == 0;
	sqlite3_finalize(st);
	if (wal) return 0;
	fail(e, E_CONFIG, "%s: the store is not in WAL mode any more: another program has changed it", d->path);
	return hint(e, "set it back with: sqlite3 FILE 'PRAGMA journal_mode=WAL'");
}

static int check_version(struct db *d, struct err *e, int64_t application, int64_t version)
{
	if (application != DB_APPLICATION) return fail(e, E_DATA, "%s: not an oms store", d->path);
	d->found_version = version;
	if (version > (int64_t)n_migrations) return newer(d, e, version);
	if (version == (int64_t)n_migrations) return 0;
	if (d->mode != DB_READ) return upgrade(d, e);
	fail(e, E_VERSION, "%s: the store is of version %lld and this program reads version %zu", d->path, (long long)version, n_migrations);
	return hint(e, "upgrade it with oms-init --upgrade; any command that writes does it too");
}

static int open_reader(struct db *d, struct err *e)
{
	int64_t application, version;
	if (open_handle(d, e, d->path, SQLITE_OPEN_READONLY) < 0) return -1;
	int rc = read_header(d, &application, &version);
	if (rc < 0 && shared_memory_refused(sqlite3_extended_errcode(d->h))) {
		if (!wal_is_empty(d)) {
			fail(e, E_NOINPUT, "%s: the newest changes are in its -wal file, which this user cannot read together with it", d->path);
			return hint(e, "a user who may write to the store's folder must run a command first, or read a copy made with oms-backup");
		}
		if (open_immutable(d, e) < 0) return -1;
		rc = read_header(d, &application, &version);
	}
	if (rc < 0) return db_fail(d, e, sqlite3_extended_errcode(d->h), "opening");
	if (db_exec(d, e, reader_pragmas, "opening") < 0) return -1;
	return check_version(d, e, application, version);
}

static int open_writer(struct db *d, struct err *e)
{
	int64_t application, version;
	if (d->mode == DB_CREATE && make_file(e, d->path) < 0) return -1;
	if (open_handle(d, e, d->path, SQLITE_OPEN_READWRITE) < 0) return -1;
	if (sqlite3_db_readonly(d->h, "main") == 1) return fail(e, E_DENIED, "%s: this user may not write to the store", d->path);
	sqlite3_wal_hook(d->h, wal_grew, d);
	if (db_exec(d, e, writer_pragmas, "opening") < 0) return -1;
	bool empty = is_empty(d);
	if (d->mode == DB_CREATE && empty) return create(d, e);
	if (empty) return fail(e, E_DATA, "%s: the file is empty, not an oms store", d->path), hint(e, "make it one with oms-init");
	if (read_header(d, &application, &version) < 0) return db_fail(d, e, sqlite3_extended_errcode(d->h), "opening");
	if (application == DB_APPLICATION && version == 0 && d->mode == DB_CREATE) return create(d, e); // one that was cut short
	if (check_version(d, e, application, version) < 0) return -1;
	return check_wal(d, e);
}

struct db *db_open(const char *path, enum db_mode mode, int wait_ms, struct err *e)
{
	configure();
	struct db *d = must_alloc(sizeof *d);
	memset(d, 0, sizeof *d);
	d->mode = mode;
	d->wait.ms = wait_ms > 0 ? wait_ms : 0;
	d->path = real_path(path);
	if (d->path && (mode == DB_READ ? open_reader(d, e) : open_writer(d, e)) == 0) return d;
	struct err ignored;
	memset(&ignored, 0, sizeof ignored);
	db_close(d, &ignored);
	return NULL;
}


int db_close(struct db *d, struct err *e)
{
	if (!d) return 0;
	db_rollback(d);
	if (d->mode != DB_READ && d->wal_pages > DB_CHECKPOINT_PAGES_CLOSE) db_checkpoint(d, true);
	db_forget(d, true);
	for (size_t i = 0; i < SQL_COUNT; i++) sqlite3_finalize(d->statement[i].st);
	sqlite3_close(d->guard);
	int rc = sqlite3_close(d->h), done = 0;
	if (rc != SQLITE_OK) done = fail(e, E_BUG, "%s: closing: %s", d->path, sqlite3_errstr(rc));
	free(d->path);
	free(d);
	return done;
}
