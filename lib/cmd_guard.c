// What must not be written over: the store with the files SQLite keeps beside it, and the inputs of the run.
#include "cmd_parts.h"
#include <sys/stat.h>

static bool same(const struct stat *a, const struct stat *b) { return a->st_dev == b->st_dev && a->st_ino == b->st_ino; }

static bool folder_stat(struct arena *a, const char *path, struct stat *st)
{
	const char *slash = strrchr(path, '/');
	return !stat(!slash ? "." : slash == path ? "/" : arena_copy(a, path, (size_t)(slash - path)), st);
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

// One file, by whichever names; where neither is there yet, one place.
static bool one_file(struct arena *a, const char *x, const char *y)
{
	struct stat xs, ys;
	bool x_there = !stat(x, &xs), y_there = !stat(y, &ys);
	if (x_there || y_there) return x_there && y_there && same(&xs, &ys);
	return !strcmp(last_name(x), last_name(y)) && folder_stat(a, x, &xs) && folder_stat(a, y, &ys) && same(&xs, &ys);
}

// What is committed may stand in the log alone, and an old journal would be played back: they are the store as much as its file.
int cmd_spare_store(struct oms *oms, const char *name)
{
	static const char *const beside[] = {"", "-wal", "-shm", "-journal"};
	if (!oms->store) return 0;
	struct arena_mark m = arena_mark(&oms->arena);
	bool hit = false;
	size_t i = 0;
	while (!hit && i < sizeof beside / sizeof *beside) hit = one_file(&oms->arena, name, arena_printf(&oms->arena, "%s%s", oms->store, beside[i++]));
	arena_reset(&oms->arena, m);
	return hit ? fail(&oms->err, E_CANTCREAT, "%s: %s; it would be replaced", name, i == 1 ? "is the store" : "belongs to the store") : 0;
}

int cmd_spare_inputs(struct oms *oms, const char *name)
{
	struct stat in, out;
	char **arg = oms->args;
	bool there = !stat(name, &out) && S_ISREG(out.st_mode); // a device or a pipe loses nothing by it
	for (bool stdin_too = !*arg; there && (*arg || stdin_too); stdin_too = false) {
		bool is_stdin = stdin_too || !strcmp(*arg, "-");
		if (!(is_stdin ? fstat(0, &in) : stat(*arg, &in)) && same(&in, &out)) return fail(&oms->err, E_CANTCREAT, "%s: is an input of this run; it would be emptied", name);
		if (*arg) arg++;
	}
	return 0;
}

int cmd_spare_read(struct oms *oms, const char *path)
{
	const char *target = cmd_output_file(oms);
	if (!target) return 0;
	struct arena_mark m = arena_mark(&oms->arena);
	bool hit = one_file(&oms->arena, target, path);
	arena_reset(&oms->arena, m);
	return hit ? fail(&oms->err, E_CANTCREAT, "%s: is read by this run; -o would replace it", path) : 0;
}
