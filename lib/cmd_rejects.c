// What commands that read records do with those they refuse.
#include "cmd_rejects.h"
#include "member.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { SAMPLE = 100 };

static int cannot(const struct rejects *r, struct err *e)
{
	return fail(e, E_CANTCREAT, "--rejects=%s: cannot write there: %s", r->name, strerror(errno));
}

// A descriptor that we were started with has no FD_CLOEXEC; all of ours have it, and that of the store is one of them.
static bool was_given(int64_t fd)
{
	if (fd < 1 || fd > 1 << 20) return false;
	int flags = fcntl((int)fd, F_GETFD);
	return flags >= 0 && !(flags & FD_CLOEXEC);
}

static int open_given(struct rejects *r, struct oms *oms)
{
	int64_t fd;
	char path[64];
	if (!str_int(str_of(r->name + 3), &fd) || !was_given(fd)) return fail(&oms->err, E_USAGE, "--rejects=%s: no open descriptor of that number", r->name);
	snprintf(path, sizeof path, "/proc/self/fd/%d", (int)fd);
	if (cmd_spare_store(oms, path)) return because(&oms->err, "--rejects=%s", r->name);
	r->to = fdopen(dup((int)fd), "w");
	return r->to ? 0 : cannot(r, &oms->err);
}

int rejects_open(struct rejects *r, struct oms *oms, const char *name)
{
	*r = (struct rejects){.name = name};
	if (!name) return 0;
	if (!strncmp(name, "fd:", 3)) return open_given(r, oms);
	r->waits = !oms->dry_run;
	return cmd_spare_store(oms, name) || cmd_spare_inputs(oms, name) ? because(&oms->err, "--rejects") : 0;
}

int rejects_begin(struct rejects *r, struct err *e)
{
	if (!r->waits) return 0;
	r->waits = false;
	r->to = fopen(r->name, "we");
	return r->to ? 0 : cannot(r, e);
}

void rejects_put(struct rejects *r, const char *input, const struct record *at, struct str raw, const findings *found)
{
	struct buf b = {0};
	member_record(&b, "oms.reject/1");
	member_word(&b, "source", input);
	member_whole(&b, "line", (int64_t)at->line);
	member_whole(&b, "record", (int64_t)at->number);
	member_whole(&b, "byte", (int64_t)at->at);
	member_open(&b, "errors", '[');
	for (size_t i = 0; i < found->n; i++) {
		member_item(&b, 0);
		finding_json(&b, &found->v[i]);
	}
	buf_c(&b, ']');
	member_key(&b, "raw");
	buf_json(&b, raw);
	buf_cstr(&b, "}\n");
	fwrite(b.p, 1, b.n, r->to);
	buf_free(&b);
}

void rejects_flush(struct rejects *r)
{
	if (r->to) fflush(r->to);
}

int rejects_close(struct rejects *r, struct err *e, int bad)
{
	if (!r->to) return bad;
	bool broken = ferror(r->to);
	if (fclose(r->to)) broken = true;
	r->to = NULL;
	return bad || !broken ? bad : fail(e, E_IO, "--rejects=%s: cannot write: %s", r->name, strerror(errno));
}

int reject_limit_read(struct reject_limit *l, struct err *e, const char *arg)
{
	struct str s = str_of(arg);
	l->given = true;
	l->percent = s.n && s.p[s.n - 1] == '%';
	if (l->percent) s.n--;
	if (str_int(s, &l->most) && l->most >= 0) return 0;
	return fail(e, E_USAGE, "--max-rejects=%s is neither a number nor a share such as 5%%", arg);
}

bool reject_limit_passed(const struct reject_limit *l, uint64_t rejected, uint64_t read, bool all)
{
	if (!l->given || !rejected) return false;
	if (!l->percent) return rejected > (uint64_t)l->most;
	if (l->most >= 100) return false; // it cannot be
	return (all || read >= SAMPLE) && rejected * 100 > read * (uint64_t)l->most;
}
