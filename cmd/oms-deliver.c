// oms-deliver: hands on what confirmations and cancellations left for others: shipment requests and billing triggers.
#include "cmd.h"
#include "deliver.h"
#include "member.h"
#include "order_store.h"
#include <stdlib.h>
#include <sys/random.h>

enum { BATCH = 64, LEASE = 60000 };
struct opt { const char *to; bool pending; struct spool *spool; int64_t token; };
enum { KEY_TO = 0x300, KEY_PENDING };
static const struct argp_option options[] = {
	{"to", KEY_TO, "spool:DIR", 0, "Where to: a folder that each message is put into as a file of its own, whole", 1},
	{"pending", KEY_PENDING, NULL, 0, "Say how much waits, and hand on nothing", 1},
	{0}
};

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct opt *opt = ((struct oms *)st->input)->opt;
	switch (key) {
	case KEY_TO: opt->to = arg; return 0;
	case KEY_PENDING: opt->pending = true; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

struct parcel { struct outbox row; struct message_out *message; size_t n, put; bool done; const char *why; }; // why: it alone was not
struct batch { struct parcel parcel[BATCH]; size_t n; };

// --- one batch: taken, handed on, told -----------------------------------------------------------------------------------------

static int claim(struct oms *oms, struct batch *b, int64_t *after)
{
	const struct opt *opt = oms->opt;
	int64_t most = oms->limit > 0 && oms->limit - (int64_t)(oms->done + oms->failed) < BATCH ? oms->limit - (int64_t)(oms->done + oms->failed) : BATCH;
	b->n = 0;
	if (db_begin(oms->db, &oms->err)) return -1;
	oms->now = date_later(); // a lease runs from when it is taken
	while ((int64_t)b->n < most) {
		struct parcel *p = &b->parcel[b->n];
		*p = (struct parcel){0};
		int got = outbox_claim(oms->db, &oms->err, &oms->arena, *after, oms->now, opt->token, oms->now + LEASE, &p->row);
		if (got < 0) return -1;
		if (!got) break;
		*after = p->row.order_key;
		b->n++;
	}
	return b->n ? db_commit(oms->db, &oms->err) : (db_rollback(oms->db), 0);
}

static int hand_on(struct oms *oms, struct parcel *p)
{
	const struct opt *opt = oms->opt;
	if (deliver_messages(&oms->err, &oms->arena, &p->row, &p->message, &p->n)) { // one row that is damaged keeps nothing else back
		p->why = arena_strdup(&oms->arena, oms->err.text);
		err_clear(&oms->err);
		return 0;
	}
	for (size_t i = 0; i < p->n; i++) {
		int put = spool_put(opt->spool, &oms->err, p->row.outbox_id, &p->message[i]);
		if (put < 0) return -1;
		p->put += (size_t)put;
	}
	p->done = true;
	return 0;
}

static void say_messages(struct buf *b, const struct parcel *p)
{
	struct buf t = {0};
	for (size_t i = 0; i < p->n; i++) buf_printf(&t, "%s%s", i ? ", " : "", p->message[i].kind);
	member_text(b, "message", buf_view(&t));
	buf_free(&t);
}

static void print(struct oms *oms, const struct parcel *p, struct str order, const char *why)
{
	struct buf b = {0};
	member_record(&b, "oms.result/1");
	member_text(&b, "id", order);
	member_word(&b, "action", "deliver");
	member_word(&b, "outcome", p->done ? "delivered" : "deferred");
	member_flag(&b, "changed", p->done);
	member_text(&b, "order", order);
	if (why) member_word(&b, "code", "not_written"), member_word(&b, "message", why);
	else say_messages(&b, p);
	member_open(&b, "messages", '[');
	for (size_t i = 0; i < p->n; i++) {
		member_item(&b, '{');
		member_text(&b, "id", p->message[i].key);
		member_word(&b, "kind", p->message[i].kind);
		buf_c(&b, '}');
	}
	buf_c(&b, ']');
	member_whole(&b, "attempts", p->row.attempts);
	member_instant(&b, "at", oms->now);
	buf_c(&b, '}');
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
}

// What was handed on is done, what was not is tried again later: in one transaction, after the folder was synced.
static int settle(struct oms *oms, struct batch *b, const char *why)
{
	if (db_begin(oms->db, &oms->err)) return -1;
	oms->now = date_later();
	for (size_t i = 0; i < b->n; i++) {
		struct parcel *p = &b->parcel[i];
		struct str order = order_id_of(oms->db, &oms->err, &oms->arena, p->row.order_key);
		if (!order.p) return -1;
		int64_t later = oms->now + deliver_backoff(p->row.outbox_id, p->row.attempts);
		const char *because = p->why ? p->why : why;
		int64_t mine = p->done ? outbox_done(oms->db, &oms->err, &p->row, oms->now) : outbox_retry(oms->db, &oms->err, &p->row, later, because);
		if (mine < 0) return -1;
		if (!mine) continue; // its lease was over and another has it: that one tells of it
		if (p->done) oms->done++;
		else oms->failed++;
		if (p->why) cmd_warn(oms, STR_FMT ": %s", STR_ARG(order), p->why);
		print(oms, p, order, p->done ? NULL : because);
	}
	if (db_commit(oms->db, &oms->err)) return -1;
	out_flush(oms->out);
	return 0;
}

static int deliver_batch(struct oms *oms, struct batch *b)
{
	const struct opt *opt = oms->opt;
	int bad = 0;
	for (size_t i = 0; i < b->n && !bad; i++) bad = hand_on(oms, &b->parcel[i]);
	struct err first = oms->err;
	err_clear(&oms->err);
	struct err sync = {0};
	if (spool_sync(opt->spool, &sync)) { // what the folder may have lost was not handed on
		for (size_t i = 0; i < b->n; i++) b->parcel[i].done = false;
		if (!bad) first = sync, bad = -1;
	}
	if (settle(oms, b, bad ? first.text : NULL)) return -1;
	if (bad) oms->err = first;
	return bad;
}

static int deliver_all(struct oms *oms)
{
	struct batch *b = NEW(&oms->arena, struct batch);
	int64_t after = 0;
	for (bool again = true; again && !cmd_stopping();) { // an order whose oldest message was handed on may have another
		again = false;
		for (after = 0; !cmd_stopping();) {
			struct arena_mark m = arena_mark(&oms->arena);
			if (claim(oms, b, &after)) return -1;
			if (!b->n) break;
			again = true;
			if (deliver_batch(oms, b)) return -1;
			arena_reset(&oms->arena, m);
		}
	}
	return 0;
}

static int pending(struct oms *oms)
{
	struct outbox_counts n;
	struct buf b = {0};
	if (db_begin(oms->db, &oms->err) || outbox_count(oms->db, &oms->err, &n)) return -1;
	db_rollback(oms->db);
	member_record(&b, "oms.outbox/1");
	member_word(&b, "id", "outbox");
	member_whole(&b, "open", n.open);
	member_whole(&b, "sending", n.sending);
	member_whole(&b, "done", n.done);
	member_whole(&b, "dead", n.dead);
	member_instant(&b, "at", oms->now);
	buf_c(&b, '}');
	out_record(oms->out, buf_view(&b));
	buf_free(&b);
	oms->done++;
	return 0;
}

static int run(struct oms *oms)
{
	struct opt *opt = oms->opt;
	if (opt->pending) return pending(oms);
	if (!opt->to) return fail(&oms->err, E_USAGE, "--to=spool:DIR is needed: where are the messages to go?");
	if (strncmp(opt->to, "spool:", 6) != 0 || !opt->to[6]) {
		fail(&oms->err, E_USAGE, "--to=%s: no such target", opt->to);
		return hint(&oms->err, "there is one so far: spool:DIR, a folder");
	}
	opt->spool = spool_open(&oms->arena, &oms->err, opt->to + 6);
	if (!opt->spool) return -1;
	if (getrandom(&opt->token, sizeof opt->token, 0) != sizeof opt->token) return fail(&oms->err, E_IO, "the system gives no random numbers");
	opt->token = (int64_t)((uint64_t)opt->token >> 1);
	int r = deliver_all(oms);
	if (!r && !oms->done && !oms->failed) cmd_say(oms, "nothing is due");
	spool_close(opt->spool);
	return r;
}

static enum db_mode store_for(const struct oms *oms) { return ((const struct opt *)oms->opt)->pending ? DB_READ : DB_WRITE; }

static const struct out_column columns[] = {
	{"ORDER", "id", false, true, 0}, {"OUTCOME", "outcome", false, false, 0}, {"ATTEMPTS", "attempts", true, false, 2}, {"WHAT", "message", false, false, 1},
};
static const struct out_column counts[] = {{"OPEN", "open", true, true, 0}, {"SENDING", "sending", true, false, 0}, {"DONE", "done", true, false, 0}, {"DEAD", "dead", true, false, 0}};

static const struct out_column *columns_for(const struct oms *oms, size_t *n)
{
	bool p = ((const struct opt *)oms->opt)->pending;
	*n = p ? sizeof counts / sizeof *counts : sizeof columns / sizeof *columns;
	return p ? counts : columns;
}

const struct cmd cmd = {
	.name = "oms-deliver", .summary = "hand on shipment requests and billing triggers", .args = "", .audience = "execute",
	.examples = "oms-deliver --to=spool:/var/spool/oms\noms-deliver --pending",
	.options = options, .parse = parse, .opt_size = sizeof(struct opt), .store = DB_WRITE, .store_for = store_for, .own_transactions = true, .groups = CMD_OUTPUT | CMD_LIMIT,
	.columns_for = columns_for, .tty_format = OUT_TABLE, .run = run,
};
