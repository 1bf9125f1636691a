// One run of a name at a time: a lock the kernel holds, so that it dies with its holder and never goes stale.
#include "cmd.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static bool usable(const char *name)
{
	size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
	return n && n <= 64 && !name[n];
}

// The file stays: to remove it would let two runs hold two files of one name.
int cmd_lock(struct oms *oms, const char *name)
{
	struct err *e = &oms->err;
	if (!usable(name)) return fail(e, E_USAGE, "--lock=%s: a name is 1 to 64 letters, digits, points, dashes and underscores", name);
	const char *path = arena_printf(&oms->arena, "%s.%s.lock", oms->store, name);
	if (cmd_spare_read(oms, path)) return -1;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) return fail(e, E_CANTCREAT, "%s: the lock cannot be made: %s", path, strerror(errno));
	if (!flock(fd, LOCK_EX | LOCK_NB)) return 0; // open until the program ends
	int why = errno;
	close(fd);
	if (why != EWOULDBLOCK) return fail(e, E_IO, "%s: cannot be locked: %s", path, strerror(why));
	fail(e, E_BUSY, "another run holds the lock %s", name);
	return hint(e, "it ends by itself; run this again later");
}
