// Dead letters and parked events.
#include "dead_store.h"
#include "event_store.h"

// ---- dead letters

int dead_put(struct db *d, struct err *e, const struct dead *dl, int64_t *id)
{
	*id = db_int(d, e, SQL_DEAD_PUT, (struct sql_arg[]){I(dl->source_id), I(dl->payload_id), Z(dl->state ? dl->state : "open"), Z(dl->code), Z(dl->owner), Z(dl->topic), Z(dl->input),
		I(dl->line), I(dl->first_at), I(dl->last_at), Z(dl->map), T(dl->reasons), {0}}, -1);
	return *id < 0 ? -1 : 0;
}

static const char *text(struct rows *r, int i, struct arena *a) { return str_c(a, row_str(r, i)); }

static struct str copy(struct rows *r, int i, struct arena *a)
{
	struct str s = row_str(r, i);
	if (s.p) s.p = arena_copy(a, s.p, s.n);
	return s;
}

static struct dead read_dead(struct rows *r, struct arena *a)
{
	return (struct dead){.dead_id = row_int(r, 0), .source_id = row_int(r, 1), .payload_id = row_int(r, 2), .line = row_int(r, 3), .attempts = row_int(r, 4), .first_at = row_int(r, 5),
		.last_at = row_int(r, 6), .state = text(r, 7, a), .code = text(r, 8, a), .owner = text(r, 9, a), .topic = text(r, 10, a), .input = text(r, 11, a), .map = text(r, 12, a),
		.reasons = copy(r, 13, a)};
}

int dead_get(struct db *d, struct err *e, struct arena *a, int64_t id, struct dead *to)
{
	struct rows *r = db_query(d, e, SQL_DEAD_GET, I(id));
	int more = r ? rows_next(r, e) : -1;
	if (more < 0) return -1;
	if (more == 0) return fail(e, E_NOTFOUND, "there is no dead letter %lld", (long long)id);
	*to = read_dead(r, a);
	rows_end(r);
	return 0;
}

int dead_open(struct db *d, struct err *e, int64_t payload_id) { return (int)db_int(d, e, SQL_DEAD_OPEN, (struct sql_arg[]){I(payload_id), {0}}, 0); }

int dead_close(struct db *d, struct err *e, int64_t payload_id, const char *state, int64_t at)
{
	return db_run(d, e, SQL_DEAD_CLOSE, I(payload_id), Z(state), I(at)) < 0 ? -1 : 0;
}

int dead_count(struct db *d, struct err *e, int64_t *open)
{
	*open = db_int(d, e, SQL_DEAD_COUNT, (struct sql_arg[]){{0}}, 0);
	return *open < 0 ? -1 : 0;
}

// since, until: DATE_NONE for open ends; limit < 0: all.
int dead_list(struct db *d, struct err *e, struct arena *a, const struct dead_filter *f, struct dead **list, size_t *n)
{
	VEC(struct dead) found = {0};
	struct sql_arg source = N();
	*list = NULL;
	*n = 0;
	if (f->source) {
		int64_t id = db_int(d, e, SQL_SOURCE_BY_NAME, (struct sql_arg[]){Z(f->source), {0}}, 0);
		if (id <= 0) return id < 0 ? -1 : 0;
		source = I(id);
	}
	struct rows *r = db_query(d, e, f->state ? SQL_DEAD_LIST_STATE : SQL_DEAD_LIST_ALL, Z(f->state), I(f->after_id), Z(f->code), Z(f->owner), source, OPT(f->since), OPT(f->until),
		I(f->limit < 0 ? INT64_MAX : f->limit));
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) *VEC_PUSH(a, &found) = read_dead(r, a);
	*list = found.v;
	*n = found.n;
	return more;
}

// ---- parked events

// What an event waits for: the id of its order, and each reference it carries.
static int each_ref(struct db *d, struct err *e, const struct event *ev, int64_t parked_id, enum sql sql)
{
	if (ev->order.n && db_run(d, e, sql, T(str_trim(ev->order)), I(REF_EXTERNAL), I(parked_id)) < 0) return -1;
	for (size_t i = 0; i < ev->refs; i++)
		if (db_run(d, e, sql, T(ev->ref[i].value), I((int64_t)ev->ref[i].kind), I(parked_id)) < 0) return -1;
	return 0;
}

int parked_put(struct db *d, struct err *e, const struct event *ev, int64_t source_id, int64_t payload_id, int64_t now, int64_t expires, struct str reason)
{
	unsigned char key[16];
	event_key(ev->source, ev->id, key);
	int64_t done = db_run(d, e, SQL_PARKED_INSERT, B(key, sizeof key), I(source_id), I((int64_t)ev->type), I(now), I(expires), payload_id ? I(payload_id) : N(), T(reason), T(ev->json));
	if (done <= 0) return (int)done;
	return each_ref(d, e, ev, db_last_id(d), SQL_PARKED_REF_INSERT);
}

static struct parked read_parked(struct rows *r, struct arena *a)
{
	int64_t payload = row_int(r, 2);
	return (struct parked){.parked_id = row_int(r, 0), .source_id = row_int(r, 1), .payload_id = payload == INT64_MIN ? 0 : payload, .recorded_at = row_int(r, 3),
		.expires_at = row_int(r, 4), .json = copy(r, 5, a), .reason = copy(r, 6, a)};
}

static int read_list(struct rows *r, struct err *e, struct arena *a, struct parked **list, size_t *n)
{
	VEC(struct parked) found = {0};
	if (!r) return -1;
	int more;
	while ((more = rows_next(r, e)) > 0) *VEC_PUSH(a, &found) = read_parked(r, a);
	*list = found.v;
	*n = found.n;
	return more;
}

int parked_for(struct db *d, struct err *e, struct arena *a, enum ref_kind kind, struct str value, struct parked **list, size_t *n)
{
	return read_list(db_query(d, e, SQL_PARKED_FOR, T(value), I((int64_t)kind)), e, a, list, n);
}

int parked_list(struct db *d, struct err *e, struct arena *a, int64_t after_id, int64_t limit, struct parked **list, size_t *n)
{
	return read_list(db_query(d, e, SQL_PARKED_LIST, I(after_id), I(limit < 0 ? INT64_MAX : limit)), e, a, list, n);
}

static int drop(struct db *d, struct err *e, struct arena *a, struct json *j, int64_t parked_id)
{
	struct event ev;
	struct json_error bad;
	struct rows *r = db_query(d, e, SQL_PARKED_GET, I(parked_id));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more;
	struct str line = copy(r, 0, a);
	rows_end(r);
	if (!json_parse(j, line, &bad)) return fail(e, E_BUG, "parked event %lld is damaged: %s", (long long)parked_id, bad.what);
	if (event_read(&ev, j, a, e) < 0) return because(e, "parked event %lld", (long long)parked_id);
	if (each_ref(d, e, &ev, parked_id, SQL_PARKED_REF_DROP) < 0) return -1;
	return db_run(d, e, SQL_PARKED_DROP, I(parked_id)) < 0 ? -1 : 0;
}

int parked_drop(struct db *d, struct err *e, int64_t parked_id)
{
	struct arena a = {0};
	struct json j = {0};
	int rc = drop(d, e, &a, &j, parked_id);
	json_free(&j);
	arena_free(&a);
	return rc;
}
