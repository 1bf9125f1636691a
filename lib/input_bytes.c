// The bytes of one input: a file or a pipe, read as late as possible.
#include "input_bytes.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 17 };

int bytes_open(struct bytes *s, const char *path, struct err *e)
{
	*s = (struct bytes){.fd = 0, .name = path};
	if (strcmp(path, "-") == 0) s->name = "stdin";
	else s->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0) return fail(e, E_NOINPUT, "%s: cannot be opened: %s", path, strerror(errno));
	struct stat st;
	if (fstat(s->fd, &st) < 0) return fail(e, E_NOINPUT, "%s: cannot be read: %s", s->name, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		fail(e, E_NOINPUT, "%s is a folder, not a file", s->name);
		return hint(e, "name the files in it: %s/*", s->name);
	}
	s->regular = S_ISREG(st.st_mode);
	s->size = s->regular ? (uint64_t)st.st_size : 0;
	return 0;
}

void bytes_close(struct bytes *s)
{
	if (s->fd > 0) close(s->fd);
	buf_free(&s->b);
}

// Waits for bytes where none are there. The hook is told first, so that what is known is not held back meanwhile.
// Wakes once a second where somebody may want to stop: a signal that comes just before poll would be slept over.
static bool ready(struct bytes *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	if (poll(&p, 1, 0) != 0) return true;
	if (s->wait) s->wait(s->wait_arg);
	for (;;) {
		if (s->stop && s->stop()) {
			s->stopped = true;
			return false;
		}
		int rc = poll(&p, 1, s->stop ? 1000 : -1);
		if (rc > 0 || (rc < 0 && errno != EINTR && errno != EAGAIN)) return true;
	}
}

int64_t bytes_read(struct bytes *s, char *to, size_t room)
{
	while (!s->eof) {
		if (!s->regular && !ready(s)) return -1;
		ssize_t got = read(s->fd, to, room);
		if (got > 0) return got;
		if (got == 0) s->eof = true;
		else if (errno != EINTR && errno != EAGAIN) {
			s->error = errno;
			return -1;
		}
	}
	return 0;
}

int bytes_more(struct bytes *s)
{
	if (s->eof) return 0;
	if (s->pos) {
		memmove(s->b.p, s->b.p + s->pos, s->b.n - s->pos);
		s->offset += s->pos;
		s->b.n -= s->pos;
		s->pos = 0;
	}
	if (s->b.cap - s->b.n < CHUNK) buf_room(&s->b, CHUNK);
	int64_t got = bytes_read(s, s->b.p + s->b.n, s->b.cap - s->b.n);
	if (got <= 0) return got < 0 ? -1 : 0;
	s->b.n += (size_t)got;
	return 1;
}

int bytes_failed(const struct bytes *s, struct err *e)
{
	return fail(e, E_IO, "%s: reading failed: %s", s->name, strerror(s->error));
}
