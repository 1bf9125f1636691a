// Files that appear whole or not at all: written without a name where the file system has such files, so that nothing is left of a
// run that was killed, else under a passing name in their own folder; synced, and renamed.
#include "cmd_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct whole *unfinished; // what a signal's handler must remove; changed while signals wait

void output_unlink(void)
{
	for (struct whole *w = unfinished; w; w = w->next) unlink(w->temp);
}

static void forget(struct whole *w)
{
	struct whole **at = &unfinished;
	while (*at && *at != w) at = &(*at)->next;
	if (*at) *at = w->next;
}

static mode_t mode_of_new(void)
{
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static char *folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash) return arena_strdup(a, ".");
	return slash == path ? arena_strdup(a, "/") : arena_copy(a, path, (size_t)(slash - path));
}

// It has its passing name from here on.
static int named(struct whole *w, int done)
{
	if (done >= 0) w->next = unfinished, unfinished = w;
	return done;
}

static const char *path_of_open(char path[40], int fd)
{
	snprintf(path, 40, "/proc/self/fd/%d", fd);
	return path;
}

static int open_nameless(const char *folder)
{
	char path[40];
	int fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	if (fd < 0 || !access(path_of_open(path, fd), F_OK)) return fd;
	close(fd); // without /proc it could never be named
	return -1;
}

static bool open_temp(struct frame *f, struct whole *w, mode_t mode)
{
	const char *slash = strrchr(w->target, '/'), *base = slash ? slash + 1 : w->target, *folder = folder_of(&f->oms.arena, w->target);
	w->temp = arena_printf(&f->oms.arena, "%s/.%.*s.XXXXXX", folder, 200, base); // a name has 255 bytes
	struct stat st;
	if (lstat(w->target, &st) && errno != ENOENT) return false; // it would be known when the work is done
	int fd = open_nameless(folder), why = 0;
	if (fd < 0) {
		signals_hold(true);
		fd = named(w, mkostemp(w->temp, O_CLOEXEC)), why = errno;
		signals_hold(false);
	}
	if (fd < 0) return errno = why, false;
	w->to = fdopen(fd, "w");
	return w->to && !fchmod(fd, mode);
}

// A file without a name gets the passing one: what replaces another must have one.
static int give_name(struct whole *w)
{
	struct stat st;
	char path[40], *tail = w->temp + strlen(w->temp) - 6;
	int fd = fileno(w->to), done = fstat(fd, &st);
	if (done || st.st_nlink) return done;
	for (unsigned i = 0; (done = -1) && i < 100; i++) {
		snprintf(tail, 7, "%06x", ((unsigned)getpid() * 100 + i) & 0xffffffu);
		signals_hold(true);
		done = named(w, linkat(AT_FDCWD, path_of_open(path, fd), AT_FDCWD, w->temp, AT_SYMLINK_FOLLOW));
		signals_hold(false);
		if (!done || errno != EEXIST) break;
	}
	return done;
}

// Behind a link the file is replaced, not the link, whether or not it is there yet. NULL with errno: it leads nowhere.
static const char *behind_links(struct arena *a, const char *name, bool there)
{
	enum { MOST = 40 };
	char to[4096];
	ssize_t n = 0;
	if (there) {
		char *real = realpath(name, NULL);
		const char *copy = real ? arena_strdup(a, real) : NULL;
		free(real);
		return copy;
	}
	for (int i = 0; i < MOST && (n = readlink(name, to, sizeof to)) > 0 && n < (ssize_t)sizeof to; i++)
		name = *to == '/' ? arena_copy(a, to, (size_t)n) : arena_printf(a, "%s/%.*s", folder_of(a, name), (int)n, to);
	return n > 0 ? errno = ELOOP, NULL : name;
}

struct whole *whole_open(struct frame *f, const char *name)
{
	struct stat st;
	struct whole *w = NEW(&f->oms.arena, struct whole);
	bool there = !stat(name, &st);
	const char *target = behind_links(&f->oms.arena, name, there);
	int why = errno;
	if (cmd_spare_store(&f->oms, target ? target : name)) return NULL;
	w->target = arena_strdup(&f->oms.arena, target ? target : name);
	if (!target) errno = why;
	else if (there && S_ISDIR(st.st_mode)) errno = EISDIR;
	else if (open_temp(f, w, there ? st.st_mode & 07777 : mode_of_new())) return w;
	fail(&f->oms.err, E_CANTCREAT, "%s: cannot write there: %s", name, strerror(errno));
	whole_drop(w);
	return NULL;
}

// Some file systems tell of a full disk at fsync or close only.
int whole_close(struct frame *f, struct whole *w)
{
	int wrong = fflush(w->to) || fsync(fileno(w->to)) || give_name(w) ? errno : 0;
	if (fclose(w->to) && !wrong) wrong = errno;
	w->to = NULL;
	return wrong ? fail(&f->oms.err, E_IO, "%s: cannot write: %s", w->target, strerror(wrong)) : 0;
}

int whole_rename(struct frame *f, struct whole *w)
{
	if (rename(w->temp, w->target)) return fail(&f->oms.err, E_CANTCREAT, "%s: cannot put the new file there: %s", w->target, strerror(errno));
	signals_hold(true);
	forget(w);
	signals_hold(false);
	return 0;
}

void whole_drop(struct whole *w)
{
	if (w->to) fclose(w->to);
	w->to = NULL;
	signals_hold(true);
	for (struct whole *u = unfinished; u; u = u->next)
		if (u == w) unlink(w->temp);
	forget(w);
	signals_hold(false);
}

void whole_sync_folder(struct frame *f, const char *target)
{
	int fd = open(folder_of(&f->oms.arena, target), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) fsync(fd), close(fd);
}

// --- for commands ------------------------------------------------------------------------------------------------------

static struct frame *frame_of(struct oms *oms) { return (struct frame *)(void *)oms; } // its first member

struct whole *cmd_file(struct oms *oms, const char *name)
{
	if (!unfinished) signals_clean();
	return whole_open(frame_of(oms), name);
}

int cmd_file_add(struct oms *oms, struct whole *w, struct str s)
{
	errno = 0;
	if (fwrite(s.p, 1, s.n, w->to) == s.n) return 0;
	return fail(&oms->err, E_IO, "%s: cannot write: %s", w->target, strerror(errno ? errno : EIO));
}

int cmd_file_put(struct oms *oms, struct whole *w)
{
	if (whole_close(frame_of(oms), w) || whole_rename(frame_of(oms), w)) return whole_drop(w), -1;
	return 0;
}

void cmd_file_drop(struct whole *w)
{
	if (w) whole_drop(w);
}

static int with_output(struct oms *oms, struct whole *w, bool after)
{
	struct frame *f = frame_of(oms);
	if (whole_close(f, w)) return whole_drop(w), -1;
	*VEC_PUSH(&oms->arena, after ? &f->after : &f->before) = w;
	return 0;
}

int cmd_file_with(struct oms *oms, struct whole *w) { return with_output(oms, w, false); }

int cmd_beside(struct oms *oms, const char *suffix, struct str text)
{
	struct frame *f = frame_of(oms);
	if (!f->main) return fail(&oms->err, E_USAGE, "a file beside the output needs -o FILE, and FILE to be a file");
	struct whole *w = whole_open(f, arena_printf(&oms->arena, "%s%s", f->main->target, suffix));
	if (!w) return -1;
	if (cmd_file_add(oms, w, text)) return whole_drop(w), -1;
	return with_output(oms, w, true);
}

void cmd_sync_folder(struct oms *oms, const char *folder)
{
	whole_sync_folder(frame_of(oms), arena_printf(&oms->arena, "%s/.", folder));
}

const char *cmd_output_file(struct oms *oms)
{
	const struct frame *f = frame_of(oms);
	return f->main ? f->main->target : NULL;
}
