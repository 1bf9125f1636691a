// Where the records go: standard output, or a file that appears whole or not at all.
#include "cmd_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char unfinished[2][4096]; // the names a signal's handler must remove: of -o, and of what stands beside it

// A standard stream that is closed is opened the wrong way round: no file of ours gets its number, and using it fails.
void output_guard(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0) (void)!open("/dev/null", fd ? O_RDONLY : O_WRONLY);
}

void output_unlink(void)
{
	for (int i = 0; i < 2; i++)
		if (unfinished[i][0]) unlink(unfinished[i]);
}

static int cannot(struct frame *f, const char *name)
{
	return fail(&f->oms.err, E_CANTCREAT, "%s: cannot write there: %s", name, strerror(errno));
}

static int open_straight(struct frame *f)
{
	int fd = open(f->oms.output, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	f->to = fd < 0 ? NULL : fdopen(fd, "w");
	return f->to ? 0 : cannot(f, f->oms.output);
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

// A file of a passing name in the target's folder; NULL where there is none to be had.
static FILE *open_temp(struct frame *f, const char *target, mode_t mode, int which, char **temp)
{
	const char *slash = strrchr(target, '/'), *base = slash ? slash + 1 : target;
	char *name = arena_printf(&f->oms.arena, "%s/.%s.XXXXXX", folder_of(&f->oms.arena, target), base);
	signals_hold(true);
	int fd = strlen(name) < sizeof unfinished[0] ? mkostemp(name, O_CLOEXEC) : (errno = ENAMETOOLONG, -1), why = errno;
	if (fd >= 0) memcpy(unfinished[which], name, strlen(name) + 1);
	signals_hold(false);
	if (fd < 0) return errno = why, NULL;
	*temp = name;
	FILE *to = fdopen(fd, "w");
	return to && !fchmod(fd, mode) ? to : NULL;
}

static bool is_store(const struct frame *f, const struct stat *st)
{
	struct stat own;
	return f->oms.store && !stat(f->oms.store, &own) && own.st_dev == st->st_dev && own.st_ino == st->st_ino;
}

int output_open(struct frame *f)
{
	struct stat st;
	f->to = stdout;
	if (!f->oms.output || !strcmp(f->oms.output, "-")) return 0;
	bool there = !stat(f->oms.output, &st);
	if (there && S_ISDIR(st.st_mode)) return errno = EISDIR, cannot(f, f->oms.output);
	if (there && is_store(f, &st)) return fail(&f->oms.err, E_CANTCREAT, "%s: is the store; it would be replaced", f->oms.output);
	if (there && !S_ISREG(st.st_mode)) return open_straight(f);
	char *real = there ? realpath(f->oms.output, NULL) : NULL; // behind a link the file is replaced, not the link
	f->target = arena_strdup(&f->oms.arena, real ? real : f->oms.output);
	free(real);
	f->to = open_temp(f, f->target, there ? st.st_mode & 07777 : mode_of_new(), 0, &f->temp);
	return f->to ? 0 : cannot(f, f->oms.output);
}

static int rename_both(struct frame *f)
{
	struct err *e = &f->oms.err;
	if (rename(f->temp, f->target)) return fail(e, E_CANTCREAT, "%s: cannot put the new file there: %s", f->oms.output, strerror(errno));
	unfinished[0][0] = 0;
	f->temp = NULL;
	if (f->second && rename(f->second, f->second_target)) return fail(e, E_CANTCREAT, "%s: cannot put the new file there: %s", f->second_target, strerror(errno));
	unfinished[1][0] = 0;
	f->second = NULL;
	return 0;
}

// No signal comes between the file and what stands beside it.
static int in_place(struct frame *f)
{
	signals_hold(true);
	int r = rename_both(f);
	signals_hold(false);
	int fd = r ? -1 : open(folder_of(&f->oms.arena, f->target), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) fsync(fd), close(fd);
	return r;
}

int cmd_beside(struct oms *oms, const char *suffix, struct str text)
{
	struct frame *f = (struct frame *)(void *)oms; // its first member
	struct err *e = &oms->err;
	if (!f->temp) return fail(e, E_USAGE, "a file beside the output needs -o FILE, and FILE to be a file");
	f->second_target = arena_printf(&oms->arena, "%s%s", f->target, suffix);
	FILE *to = open_temp(f, f->second_target, mode_of_new(), 1, &f->second);
	if (!to) return cannot(f, f->second_target);
	bool wrong = fwrite(text.p, 1, text.n, to) != text.n || fflush(to) || fsync(fileno(to));
	int why = errno;
	if (fclose(to) && !wrong) wrong = true, why = errno;
	return wrong ? fail(e, E_IO, "%s: cannot write: %s", f->second_target, strerror(why)) : 0;
}

// Some file systems tell of a full disk at fsync or close only.
static int close_file(struct frame *f, int r)
{
	int wrong = 0;
	if (r == 0 && (fflush(f->to) || (f->temp && fsync(fileno(f->to))))) wrong = errno;
	if (fclose(f->to) && r == 0 && !wrong) wrong = errno;
	return wrong ? fail(&f->oms.err, E_IO, "%s: cannot write: %s", f->oms.output, strerror(wrong)) : r;
}

int output_close_stdout(struct err *e)
{
	int wrong = ferror(stdout) ? EIO : 0;
	errno = 0;
	if (fflush(stdout)) wrong = errno;
	if (close(1) && errno != EBADF) wrong = errno;
	return wrong ? fail(e, E_IO, "cannot write the output: %s", strerror(wrong)) : 0;
}

// The printer and its file are closed, whatever came before; the first failure is the one that is told.
int output_end(struct frame *f, int r)
{
	struct err later = {0};
	if (f->oms.out && out_close(f->oms.out, r ? &later : &f->oms.err)) r = -1;
	f->oms.out = NULL;
	if (!f->to) return r;
	if (f->to == stdout) return output_close_stdout(r ? &later : &f->oms.err) ? -1 : r;
	r = close_file(f, r);
	if (f->temp && r == 0) r = in_place(f);
	output_unlink();
	f->temp = f->second = NULL;
	unfinished[0][0] = unfinished[1][0] = 0;
	return r;
}
