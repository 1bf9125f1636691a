// Where the records go: standard output, or a file that appears whole or not at all.
#include "cmd_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char unfinished[4096]; // the name a signal's handler must remove

// A standard stream that is closed is opened the wrong way round: no file of ours gets its number, and using it fails.
void output_guard(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0) (void)!open("/dev/null", fd ? O_RDONLY : O_WRONLY);
}

void output_unlink(void)
{
	if (unfinished[0]) unlink(unfinished);
}

static int cannot(struct frame *f, const char *name)
{
	return fail(&f->oms.err, E_CANTCREAT, "%s: cannot write there: %s", name, strerror(errno));
}

static int open_straight(struct frame *f)
{
	int fd = open(f->output, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	f->to = fd < 0 ? NULL : fdopen(fd, "w");
	return f->to ? 0 : cannot(f, f->output);
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

static int open_beside(struct frame *f, mode_t mode)
{
	const char *slash = strrchr(f->target, '/'), *base = slash ? slash + 1 : f->target;
	f->temp = arena_printf(&f->oms.arena, "%s/.%s.XXXXXX", folder_of(&f->oms.arena, f->target), base);
	int fd = strlen(f->temp) < sizeof unfinished ? mkostemp(f->temp, O_CLOEXEC) : (errno = ENAMETOOLONG, -1);
	if (fd < 0) {
		f->temp = NULL;
		return cannot(f, f->output);
	}
	memcpy(unfinished, f->temp, strlen(f->temp) + 1);
	f->to = fdopen(fd, "w");
	return f->to && !fchmod(fd, mode) ? 0 : cannot(f, f->output);
}

int output_open(struct frame *f)
{
	struct stat st;
	f->to = stdout;
	if (!f->output || !strcmp(f->output, "-")) return 0;
	bool there = !stat(f->output, &st);
	if (there && S_ISDIR(st.st_mode)) return errno = EISDIR, cannot(f, f->output);
	if (there && !S_ISREG(st.st_mode)) return open_straight(f);
	char *real = there ? realpath(f->output, NULL) : NULL; // behind a link the file is replaced, not the link
	f->target = arena_strdup(&f->oms.arena, real ? real : f->output);
	free(real);
	return open_beside(f, there ? st.st_mode & 07777 : mode_of_new());
}

static int in_place(struct frame *f)
{
	struct err *e = &f->oms.err;
	if (rename(f->temp, f->target)) return fail(e, E_CANTCREAT, "%s: cannot put the new file there: %s", f->output, strerror(errno));
	unfinished[0] = 0;
	f->temp = NULL;
	int fd = open(folder_of(&f->oms.arena, f->target), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) fsync(fd), close(fd);
	return 0;
}

// Some file systems tell of a full disk at fsync or close only.
static int close_file(struct frame *f, int r)
{
	int wrong = 0;
	if (r == 0 && (fflush(f->to) || (f->temp && fsync(fileno(f->to))))) wrong = errno;
	if (fclose(f->to) && r == 0 && !wrong) wrong = errno;
	return wrong ? fail(&f->oms.err, E_IO, "%s: cannot write: %s", f->output, strerror(wrong)) : r;
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
	if (f->temp) output_unlink();
	f->temp = NULL;
	unfinished[0] = 0;
	return r;
}
