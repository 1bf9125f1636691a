// The event log and the raw payloads.
#include "event_store.h"
#include "digest.h"

// ---- payloads

int64_t payload_find(struct db *d, struct err *e, int64_t source_id, const unsigned char digest[16])
{
	return db_int(d, e, SQL_PAYLOAD_FIND, (struct sql_arg[]){B(digest, DIGEST_KEY), I(source_id), {0}}, 0);
}

int payload_put(struct db *d, struct codec *c, struct err *e, int64_t source_id, const unsigned char digest[16], struct str raw, int64_t *id)
{
	*id = payload_find(d, e, source_id, digest);
	if (*id) return *id < 0 ? -1 : 0;
	return payload_new(d, c, e, source_id, digest, raw, id);
}

int payload_new(struct db *d, struct codec *c, struct err *e, int64_t source_id, const unsigned char digest[16], struct str raw, int64_t *id)
{
	struct str packed;
	int64_t dict;
	if (codec_pack(c, e, CODEC_PAYLOAD, source_id, raw, &packed, &dict) < 0) return -1;
	if (db_run(d, e, SQL_PAYLOAD_INSERT, B(digest, DIGEST_KEY), I(source_id), OPT(dict), I((int64_t)raw.n), B(packed.p, packed.n)) < 0) return -1;
	*id = db_last_id(d);
	return 1;
}

// The packed body of the row a query stands on, unpacked; columns dict_id, size, body.
static int unpack_row(struct rows *r, struct codec *c, struct err *e, struct arena *a, struct str *plain)
{
	struct str packed = row_str(r, 2);
	return codec_unpack(c, e, a, row_int(r, 0), row_int(r, 1), packed, plain);
}

int payload_get(struct db *d, struct codec *c, struct err *e, struct arena *a, int64_t payload_id, struct str *raw)
{
	struct rows *r = db_query(d, e, SQL_PAYLOAD_GET, I(payload_id));
	int more = r ? rows_next(r, e) : -1;
	if (more < 0) return -1;
	if (more == 0) return fail(e, E_NOTFOUND, "payload %lld is not in the store", (long long)payload_id);
	int rc = unpack_row(r, c, e, a, raw);
	rows_end(r);
	return rc < 0 ? because(e, "payload %lld", (long long)payload_id) : 0;
}

// ---- events

void event_key(struct str source, struct str id, unsigned char key[16])
{
	struct digest_sum s;
	struct digest to;
	digest_begin(&s);
	digest_part(&s, source);
	digest_part(&s, id);
	digest_end(&s, &to);
	memcpy(key, to.b, DIGEST_KEY);
}

// How an event came to us is not what it says: where it was mapped by and from does not make it another one.
static bool told_apart(const struct json *j, uint32_t key)
{
	struct str name = {j->text.p + j->node[key].at, j->node[key].len};
	return !str_is(name, "payload") && !str_is(name, "map");
}

static uint32_t skip_origin(const struct json *j, uint32_t v)
{
	while (v && !told_apart(j, v)) v = json_after(j, 0, v);
	return v;
}

static bool same_text(struct json *have, struct json *want, struct str kept, struct str given)
{
	struct json_error bad;
	if (!json_parse(have, kept, &bad) || !json_parse(want, given, &bad)) return false;
	uint32_t x = skip_origin(have, json_first(have, 0)), y = skip_origin(want, json_first(want, 0));
	while (x && y) {
		if (!str_eq(json_raw(have, x), json_raw(want, y)) || !str_eq(json_raw(have, x + 1), json_raw(want, y + 1))) return false;
		x = skip_origin(have, json_after(have, 0, x));
		y = skip_origin(want, json_after(want, 0, y));
	}
	return !x && !y;
}

enum put event_compare(struct str kept, struct str given)
{
	struct json have = {0}, want = {0};
	bool same = str_eq(kept, given) || same_text(&have, &want, kept, given);
	json_free(&have);
	json_free(&want);
	return same ? PUT_SAME : PUT_CONFLICT;
}

// PUT_NEW where the log has no such key.
static int in_log(struct db *d, struct codec *c, struct err *e, struct arena *a, const struct event *ev, const unsigned char key[16])
{
	struct str kept;
	struct rows *r = db_query(d, e, SQL_EVENT_BY_KEY, B(key, DIGEST_KEY));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more < 0 ? -1 : PUT_NEW;
	int rc = unpack_row(r, c, e, a, &kept);
	rows_end(r);
	return rc < 0 ? -1 : (int)event_compare(kept, ev->json);
}

int event_known(struct db *d, struct codec *c, struct err *e, struct arena *a, const struct event *ev)
{
	unsigned char key[DIGEST_KEY];
	event_key(ev->source, ev->id, key);
	int known = in_log(d, c, e, a, ev, key);
	if (known != PUT_NEW) return known;
	struct rows *r = db_query(d, e, SQL_PARKED_BY_KEY, B(key, DIGEST_KEY));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more < 0 ? -1 : PUT_NEW;
	known = (int)event_compare(row_str(r, 1), ev->json);
	rows_end(r);
	return known;
}

int event_put(struct db *d, struct codec *c, struct err *e, struct arena *a, const struct event *ev, int64_t order_key, int64_t source_id, int64_t payload_id)
{
	unsigned char key[DIGEST_KEY];
	struct str packed;
	int64_t dict;
	event_key(ev->source, ev->id, key);
	if (codec_pack(c, e, CODEC_EVENT, source_id, ev->json, &packed, &dict) < 0) return -1;
	int64_t done = db_run(d, e, SQL_EVENT_INSERT, B(key, DIGEST_KEY), I(order_key), I(source_id), I((int64_t)ev->type), OPT(ev->occurred_at), I(ev->recorded_at),
		payload_id ? I(payload_id) : N(), OPT(dict), I((int64_t)ev->json.n), B(packed.p, packed.n));
	if (done) return done < 0 ? -1 : PUT_NEW;
	return in_log(d, c, e, a, ev, key);
}

// ---- guests

static int each_ref(struct db *d, struct err *e, const struct event *ev, int64_t event_id, enum sql sql)
{
	if (ev->order.n && db_run(d, e, sql, T(str_trim(ev->order)), I(REF_EXTERNAL), I(event_id)) < 0) return -1;
	for (size_t i = 0; i < ev->refs; i++)
		if (db_run(d, e, sql, T(ev->ref[i].value), I((int64_t)ev->ref[i].kind), I(event_id)) < 0) return -1;
	return 0;
}

int event_refs_put(struct db *d, struct err *e, const struct event *ev, int64_t event_id) { return each_ref(d, e, ev, event_id, SQL_EVENT_REF_INSERT); }

int event_ref_orders(struct db *d, struct err *e, struct arena *a, const struct event_ref *ref, int64_t not_key, size_t most, int64_t **keys, size_t *n)
{
	VEC(int64_t) list = {0};
	struct rows *r = db_query(d, e, SQL_EVENT_REF_ORDERS, T(ref->value), I((int64_t)ref->kind), I(not_key), I((int64_t)most));
	int more = -1;
	while (r && (more = rows_next(r, e)) > 0) *VEC_PUSH(a, &list) = row_int(r, 0);
	*keys = list.v;
	*n = list.n;
	return more;
}

// Where it stands in the log: its row, and who told it.
static int where(struct db *d, struct err *e, const struct event *ev, unsigned char key[DIGEST_KEY], int64_t at[3])
{
	event_key(ev->source, ev->id, key);
	struct rows *r = db_query(d, e, SQL_EVENT_WHERE, B(key, DIGEST_KEY));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more < 0 ? -1 : fail(e, E_BUG, "event " STR_FMT " is not in the log", STR_ARG(ev->id));
	for (int i = 0; i < 3; i++) at[i] = row_int(r, i);
	rows_end(r);
	return 0;
}

int event_move(struct db *d, struct err *e, const struct event *ev, int64_t order_key, bool guest)
{
	unsigned char key[DIGEST_KEY];
	int64_t at[3];
	if (where(d, e, ev, key, at) || (!guest && each_ref(d, e, ev, at[0], SQL_EVENT_REF_DELETE))) return -1;
	return db_run(d, e, SQL_EVENT_MOVE, B(key, DIGEST_KEY), I(order_key)) < 0 ? -1 : 0;
}

int event_take(struct db *d, struct err *e, const struct event *ev, int64_t *source_id, int64_t *payload_id)
{
	unsigned char key[DIGEST_KEY];
	int64_t at[3];
	if (where(d, e, ev, key, at) || each_ref(d, e, ev, at[0], SQL_EVENT_REF_DELETE)) return -1;
	*source_id = at[1];
	*payload_id = at[2] == INT64_MIN ? 0 : at[2];
	return db_run(d, e, SQL_EVENT_TAKE, B(key, DIGEST_KEY)) < 0 ? -1 : 0;
}

// ---- the events of an order

static int read_row(struct rows *r, struct codec *c, struct err *e, struct arena *a, struct json *scratch, struct event *ev)
{
	struct str line;
	struct json_error bad;
	if (unpack_row(r, c, e, a, &line) < 0) return -1;
	if (!json_parse(scratch, line, &bad)) return fail(e, E_BUG, "an event of the log is damaged: %s", bad.what);
	if (event_read(ev, json_keep(scratch, a), a, e) < 0) return because(e, "an event of the log");
	ev->recorded_at = row_int(r, 3);
	return 0;
}

int events_of_order(struct db *d, struct codec *c, struct err *e, struct arena *a, int64_t order_key, struct event **ev, size_t *n)
{
	VEC(struct event) list = {0};
	struct json scratch = {0};
	struct rows *r = db_query(d, e, SQL_EVENTS_OF_ORDER, I(order_key));
	int more = r ? 1 : -1, rc = 0;
	while (rc == 0 && more > 0 && (more = rows_next(r, e)) > 0) rc = read_row(r, c, e, a, &scratch, VEC_PUSH(a, &list));
	if (rc < 0) rows_end(r);
	json_free(&scratch);
	*ev = list.v;
	*n = list.n;
	return rc < 0 || more < 0 ? -1 : 0;
}
