// Operands that share a transaction, a group at a time.
#include "cmd_group.h"
#include "each.h"
#include <unistd.h>

enum { GROUP = 64 };

static bool dry(const struct group *g) { return g->oms->dry_run; }

static void tell(struct group *g, struct str record)
{
	if (g->as_text && g->told++) out_bytes(g->oms->out, S("\n")); // a blank line between two
	if (g->as_text) out_bytes(g->oms->out, record);
	else out_record(g->oms->out, record);
}

static int enter(struct group *g)
{
	if (g->open) return 0;
	if (db_begin(g->oms->db, &g->oms->err)) return -1;
	g->open = true;
	g->n = 0;
	g->oms->now = date_later(); // what waits for its input for hours does not do things in the past
	return 0;
}

static int finish(struct group *g)
{
	int r = 0;
	if (!g->open) return 0;
	if (dry(g)) db_rollback(g->oms->db);
	else r = db_commit(g->oms->db, &g->oms->err);
	g->open = false;
	g->forget(g->with);
	if (r == 0) out_flush(g->oms->out);
	return r;
}

// What goes on in one transaction keeps of the orders behind it only what they made of the store.
static int leave(struct group *g)
{
	if (++g->n % GROUP) return 0;
	if (!g->whole && !dry(g)) return finish(g);
	g->forget(g->with);
	if (!g->whole) out_flush(g->oms->out); // nothing of a dry run waits for a commit
	return 0;
}

static int idle(struct oms *oms, void *ctx)
{
	(void)oms;
	return finish(ctx);
}

void group_result(struct group *g, struct str record, bool good)
{
	if (g->whole && !good) {
		if (g->as_text && g->refused.n) buf_c(&g->refused, '\n');
		buf_str(&g->refused, record);
		if (!g->as_text) buf_c(&g->refused, '\n');
	}
	tell(g, record);
}

static void undo(struct group *g)
{
	if (g->open) {
		db_rollback(g->oms->db);
		g->open = false;
		g->forget(g->with);
	}
	out_drop(g->oms->out);
	g->told = 0;
}

// Only why it was not is told: nothing else is so.
static int undone(struct group *g)
{
	struct str rest = g->as_text ? (struct str){0} : buf_view(&g->refused);
	unsigned long long bad = g->oms->failed, all = g->oms->failed + g->oms->done;
	undo(g);
	if (g->as_text) tell(g, buf_view(&g->refused));
	while (rest.n) {
		const char *end = memchr(rest.p, '\n', rest.n);
		size_t n = end ? (size_t)(end - rest.p) : rest.n;
		out_record(g->oms->out, str_cut(rest, 0, n));
		rest = str_cut(rest, n + 1, rest.n);
	}
	out_flush(g->oms->out);
	g->oms->done = 0;
	if (bad) cmd_tell(g->oms, "nothing was done: %llu of %llu were refused, and all or nothing was asked for", bad, all);
	else cmd_tell(g->oms, "nothing was done: all or nothing was asked for");
	return 0;
}

static int one(struct oms *oms, const char *operand, void *ctx)
{
	struct group *g = ctx;
	if (enter(g)) return -1;
	int r = g->f(oms, operand, g->ctx);
	if (r && oms->err.code != E_USAGE && err_exit(oms->err.code) >= err_exit(E_USAGE)) return -1;
	struct err kept = oms->err; // a refusal of this one, not of the group
	if (leave(g)) return -1;
	oms->err = kept;
	return r;
}

int group_each(struct group *g, int (*f)(struct oms *oms, const char *operand, void *ctx), void *ctx)
{
	g->f = f;
	g->ctx = ctx;
	// What is one transaction from its first to its last must not wait for input in between: the store would be locked so long. A dry
	// run is, as later ones are to see what earlier ones would take; but a person who types is answered.
	bool together = g->whole || (dry(g) && !isatty(0));
	int r = together ? each_operand_gathered(g->oms, one, g) : each_operand_idle(g->oms, one, idle, g);
	if (r) undo(g);
	else if (g->whole && (g->oms->failed || cmd_stopping())) r = undone(g);
	else r = finish(g);
	if (!r && dry(g)) cmd_say(g->oms, "dry run: nothing was stored");
	buf_free(&g->refused);
	return r;
}
