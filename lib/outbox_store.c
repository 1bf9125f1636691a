// The outbox: what others must hear of, put by the transaction that made it so, taken by whoever hands it on.
#include "outbox_store.h"

int outbox_put(struct db *d, struct err *e, int64_t event_id, int64_t order_key, struct str body, int64_t due_at)
{
	return db_run(d, e, SQL_OUTBOX_PUT, I(event_id), I(order_key), T(body), I(due_at)) < 0 ? -1 : 0;
}

// 1 a row, 0 the end; *due: it may be taken now.
static int next(struct db *d, struct err *e, struct arena *a, int64_t after_order, int64_t now, struct outbox *to, bool *due)
{
	struct rows *r = db_query(d, e, SQL_OUTBOX_NEXT, I(after_order));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more;
	*to = (struct outbox){.outbox_id = row_int(r, 0), .order_key = row_int(r, 1), .state = (enum outbox_state)row_int(r, 2), .attempts = row_int(r, 3), .crashes = row_int(r, 4),
		.due_at = row_int(r, 5)};
	*due = to->state == OUTBOX_OPEN ? !to->attempts || to->due_at <= now /* a clock that was ahead holds nothing back */ : row_int(r, 6) <= now;
	struct str body = row_str(r, 7);
	if (*due) to->body = (struct str){arena_copy(a, body.p, body.n), body.n};
	rows_end(r);
	return 1;
}

int outbox_claim(struct db *d, struct err *e, struct arena *a, int64_t after_order, int64_t now, int64_t token, int64_t lease_at, struct outbox *to)
{
	bool due = false;
	for (int more; !due; after_order = to->order_key)
		if ((more = next(d, e, a, after_order, now, to, &due)) <= 0) return more;
	int64_t crash = to->state == OUTBOX_SENDING;
	to->token = token;
	to->attempts++;
	to->crashes += crash;
	return db_run(d, e, SQL_OUTBOX_CLAIM, I(to->outbox_id), I(token), I(lease_at), I(crash)) < 0 ? -1 : 1;
}

int64_t outbox_done(struct db *d, struct err *e, const struct outbox *o, int64_t now) { return db_run(d, e, SQL_OUTBOX_DONE, I(o->outbox_id), I(o->token), I(now)); }

int64_t outbox_retry(struct db *d, struct err *e, const struct outbox *o, int64_t due_at, const char *why)
{
	return db_run(d, e, SQL_OUTBOX_RETRY, I(o->outbox_id), I(o->token), I(due_at), Z(why));
}

int outbox_count(struct db *d, struct err *e, struct outbox_counts *to)
{
	int64_t *const by_state[] = {&to->open, &to->sending, &to->done, &to->dead};
	*to = (struct outbox_counts){0};
	struct rows *r = db_query(d, e, SQL_OUTBOX_COUNTS, END);
	int more = -1;
	while (r && (more = rows_next(r, e)) > 0)
		if (row_int(r, 0) >= 0 && row_int(r, 0) <= OUTBOX_DEAD) *by_state[row_int(r, 0)] = row_int(r, 1);
	return more;
}
