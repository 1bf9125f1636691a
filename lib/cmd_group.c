// Operands that share a transaction, a group at a time.
#include "cmd_group.h"

enum { GROUP = 64 };

static bool dry(const struct group *g) { return g->oms->dry_run; }

int group_enter(struct group *g)
{
	if (g->open) return 0;
	if (db_begin(g->oms->db, &g->oms->err)) return -1;
	g->open = true;
	g->n = 0;
	return 0;
}

static int finish(struct group *g)
{
	int r = 0;
	if (!g->open) return 0;
	if (dry(g)) db_rollback(g->oms->db);
	else r = db_commit(g->oms->db, &g->oms->err);
	g->open = false;
	g->forget(g->ctx);
	if (r == 0) out_flush(g->oms->out);
	return r;
}

int group_leave(struct group *g)
{
	g->n++;
	return !g->whole && !dry(g) && g->n >= GROUP ? finish(g) : 0;
}

// A dry run goes on in what it has begun: later ones are to see what earlier ones would take. It holds the lock for that.
int group_idle(struct group *g) { return g->whole ? 0 : finish(g); }

void group_result(struct group *g, struct str record, bool good)
{
	if (g->whole && !good) {
		buf_str(&g->refused, record);
		buf_c(&g->refused, '\n');
	}
	out_record(g->oms->out, record);
}

static void undo(struct group *g)
{
	if (g->open) {
		db_rollback(g->oms->db);
		g->open = false;
		g->forget(g->ctx);
	}
	out_drop(g->oms->out);
}

// Only why it was not is told: nothing else is so.
static int undone(struct group *g)
{
	struct str rest = buf_view(&g->refused);
	unsigned long long bad = g->oms->failed, all = g->oms->failed + g->oms->done;
	undo(g);
	while (rest.n) {
		const char *end = memchr(rest.p, '\n', rest.n);
		size_t n = end ? (size_t)(end - rest.p) : rest.n;
		out_record(g->oms->out, str_cut(rest, 0, n));
		rest = str_cut(rest, n + 1, rest.n);
	}
	out_flush(g->oms->out);
	g->oms->done = 0;
	cmd_tell(g->oms, "nothing was done: %llu of %llu were refused, and all or nothing was asked for", bad, all);
	return 0;
}

int group_end(struct group *g, int r)
{
	if (r) undo(g);
	else if (g->whole && (g->oms->failed || cmd_stopping())) r = undone(g);
	else r = finish(g);
	buf_free(&g->refused);
	return r;
}
