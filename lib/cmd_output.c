// Where the records go: standard output, or a file that appears whole or not at all.
#include "cmd_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// A standard stream that is closed is opened the wrong way round: no file of ours gets its number, and using it fails.
void output_guard(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0) (void)!open("/dev/null", fd ? O_RDONLY : O_WRONLY);
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

int output_open(struct frame *f)
{
	struct stat st;
	f->to = stdout;
	if (!f->oms.output || !strcmp(f->oms.output, "-")) return 0;
	bool there = !stat(f->oms.output, &st);
	if (there && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) return open_straight(f);
	f->main = whole_open(f, f->oms.output);
	f->to = f->main ? f->main->to : NULL;
	return f->main ? 0 : -1;
}

static int rename_all(struct frame *f)
{
	for (size_t i = 0; i < f->before.n; i++)
		if (whole_rename(f, f->before.v[i])) return -1;
	if (whole_rename(f, f->main)) return -1;
	for (size_t i = 0; i < f->after.n; i++)
		if (whole_rename(f, f->after.v[i])) return -1;
	return 0;
}

// No signal comes between the file and what stands beside it.
static int in_place(struct frame *f)
{
	signals_hold(true);
	int r = rename_all(f);
	signals_hold(false);
	if (r == 0) whole_sync_folder(f, f->main->target);
	return r;
}

static int close_straight(struct frame *f, int r)
{
	int wrong = r == 0 && fflush(f->to) ? errno : 0;
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

static int close_main(struct frame *f, int r)
{
	if (r == 0) r = whole_close(f, f->main);
	if (r == 0) r = in_place(f);
	if (r == 0) return 0;
	for (size_t i = 0; i < f->before.n; i++) whole_drop(f->before.v[i]);
	for (size_t i = 0; i < f->after.n; i++) whole_drop(f->after.v[i]);
	whole_drop(f->main);
	return r;
}

// A run that could not be: neither an answer of its own nor the end of one. What differs or is not there was told, and counts.
static bool no_answer(const struct frame *f) { return !out_count(f->oms.out) || err_exit(f->oms.err.code) >= err_exit(E_USAGE); }

// The printer and its file are closed, whatever came before; the first failure is the one that is told.
int output_end(struct frame *f, int r)
{
	struct err later = {0};
	if (r && f->oms.out && no_answer(f)) out_cut(f->oms.out);
	if (f->oms.out && out_close(f->oms.out, r ? &later : &f->oms.err)) r = -1;
	f->oms.out = NULL;
	if (!f->to) return r;
	if (f->to == stdout) return output_close_stdout(r ? &later : &f->oms.err) ? -1 : r;
	return f->main ? close_main(f, r) : close_straight(f, r);
}
