// A folder that files are put into whole: written beside, synced, and given their name in one step.
#include "deliver.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct spool { const char *folder; int fd; };

struct spool *spool_open(struct arena *a, struct err *e, const char *folder)
{
	struct spool *s = NEW(a, struct spool);
	*s = (struct spool){folder, open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	if (s->fd >= 0) return s;
	fail(e, E_CANTCREAT, "%s: %s", folder, strerror(errno));
	hint(e, "the folder must be there, and be yours to write into");
	return NULL;
}

void spool_close(struct spool *s)
{
	if (s) close(s->fd);
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);
		if (done < 0 && errno == EINTR) continue;
		if (done <= 0) return -1;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static int failed(struct spool *s, struct err *e, const char *name, int fd)
{
	int why = errno;
	if (fd >= 0) close(fd);
	unlinkat(s->fd, name, 0);
	return fail(e, E_IO, "%s/%s: %s", s->folder, name, strerror(why));
}

// Byte for byte: a machine that stopped may have left a file of the right length with nothing in it.
static bool holds(int fd, const struct message_out *m)
{
	char some[8192];
	size_t at = 0;
	while (at <= m->json.n) {
		ssize_t n = read(fd, some, sizeof some);
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0 || (size_t)n > m->json.n + 1 - at) return false;
		size_t json = at + (size_t)n > m->json.n ? m->json.n - at : (size_t)n; // the rest is the line end
		if (memcmp(some, m->json.p + at, json) || (json < (size_t)n && some[json] != '\n')) return false;
		at += (size_t)n;
	}
	return true;
}

// 1: the whole message is there under that name; something else there is nobody's message.
static int there_already(struct spool *s, struct err *e, const char *name, const struct message_out *m)
{
	struct stat st;
	if (fstatat(s->fd, name, &st, AT_SYMLINK_NOFOLLOW)) return 0;
	int fd = S_ISREG(st.st_mode) && st.st_size == (off_t)m->json.n + 1 ? openat(s->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
	bool same = fd >= 0 && holds(fd, m);
	if (fd >= 0) close(fd);
	if (same) return 1;
	fail(e, E_CANTCREAT, "%s/%s: there is something else of this name", s->folder, name);
	return hint(e, "move it away: the message is written anew at the next run");
}

// A file without a name where the file system has such, so that nothing is left of one that was killed; else one beside it.
static int open_part(struct spool *s, const char *part)
{
	int fd = openat(s->fd, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
	return fd >= 0 ? fd : openat(s->fd, part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
}

// A link takes no place that is taken: whoever handed it on meanwhile handed on the same.
static int give_name(struct spool *s, int fd, const char *part, const char *name)
{
	char open_file[40];
	struct stat st;
	snprintf(open_file, sizeof open_file, "/proc/self/fd/%d", fd);
	if (fstat(fd, &st)) return -1;
	return st.st_nlink ? linkat(s->fd, part, s->fd, name, 0) : linkat(AT_FDCWD, open_file, s->fd, name, AT_SYMLINK_FOLLOW);
}

int spool_put(struct spool *s, struct err *e, int64_t number, const struct message_out *m)
{
	char name[128], part[160];
	snprintf(name, sizeof name, "%012lld-%s-" STR_FMT ".json", (long long)number, m->kind, STR_ARG(m->key));
	snprintf(part, sizeof part, ".%s.%ld", name, (long)getpid());
	int had = there_already(s, e, name, m);
	if (had) return had < 0 ? -1 : 0; // an attempt before this one came that far
	int fd = open_part(s, part);
	if (fd < 0) return fail(e, E_CANTCREAT, "%s/%s: %s", s->folder, part, strerror(errno));
	if (write_all(fd, m->json.p, m->json.n) || write_all(fd, "\n", 1) || fsync(fd)) return failed(s, e, part, fd);
	int r = give_name(s, fd, part, name);
	if (r && errno != EEXIST) return failed(s, e, part, fd);
	close(fd); // it was synced
	unlinkat(s->fd, part, 0);
	if (!r) return 1;
	return there_already(s, e, name, m) == 1 ? 0 : -1;
}

int spool_sync(struct spool *s, struct err *e) { return fsync(s->fd) ? fail(e, E_IO, "%s: %s", s->folder, strerror(errno)) : 0; }
