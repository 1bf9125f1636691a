// Messages out of an outbox row, and their keys.
#include "deliver.h"
#include "digest.h"
#include "json.h"
#include "member.h"

struct making { struct arena *a; const struct json *j; const struct outbox *o; VEC(struct message_out) list; };

static struct str text_at(struct making *m, uint32_t object, const char *name) { return json_str(m->j, json_getz(m->j, object, name), m->a); }

static int64_t whole_at(struct making *m, uint32_t object, const char *name)
{
	int64_t n = 0;
	uint32_t v = json_getz(m->j, object, name);
	return v && json_int(m->j, v, &n) ? n : 0;
}

// Of what happened, for whom: nothing of when, or how often it was tried.
static struct str key_of(struct making *m, const char *kind, struct str warehouse)
{
	unsigned char key[DIGEST_KEY];
	struct buf all = {0}, hex = {0};
	buf_printf(&all, "oms-outbox-v1\n" STR_FMT "\n" STR_FMT "\n%s\n" STR_FMT, STR_ARG(text_at(m, 0, "order")), STR_ARG(text_at(m, 0, "event")), kind, STR_ARG(warehouse));
	digest_key(buf_view(&all), key);
	digest_hex(&hex, key, sizeof key);
	struct str s = {arena_copy(m->a, hex.p, hex.n), hex.n};
	buf_free(&all);
	buf_free(&hex);
	return s;
}

static void copy(struct making *m, struct buf *b, const char *name)
{
	uint32_t v = json_getz(m->j, 0, name);
	if (!v) return;
	member_key(b, name);
	buf_str(b, json_raw(m->j, v));
}

static void begin(struct making *m, struct buf *b, const char *schema, struct str key)
{
	member_record(b, schema);
	member_text(b, "id", key);
	copy(m, b, "order");
	copy(m, b, "number");
	copy(m, b, "trigger");
	copy(m, b, "at");
}

static void add(struct making *m, const char *kind, struct str key, struct buf *b)
{
	buf_c(b, '}');
	*VEC_PUSH(m->a, &m->list) = (struct message_out){kind, key, {arena_copy(m->a, b->p, b->n), b->n}};
	buf_free(b);
}

static bool told_before(struct making *m, uint32_t units, uint32_t upto, struct str warehouse)
{
	for (uint32_t v = json_first(m->j, units); v && v != upto; v = json_after(m->j, units, v))
		if (str_eq(text_at(m, v, "warehouse"), warehouse)) return true;
	return false;
}

// What a warehouse is to ship, or below zero no longer to ship.
static void manifest_line(struct making *m, uint32_t units, struct str warehouse)
{
	struct buf b = {0};
	struct str key = key_of(m, "manifest_line", warehouse);
	begin(m, &b, "oms.manifest_line/1", key);
	member_text(&b, "warehouse", warehouse);
	copy(m, &b, "carrier");
	copy(m, &b, "service");
	copy(m, &b, "ship_to");
	member_open(&b, "lines", '[');
	for (uint32_t v = json_first(m->j, units); v; v = json_after(m->j, units, v)) {
		if (!str_eq(text_at(m, v, "warehouse"), warehouse)) continue;
		int64_t later = whole_at(m, v, "backordered");
		member_item(&b, '{');
		member_text(&b, "line", text_at(m, v, "line"));
		member_text(&b, "sku", text_at(m, v, "sku"));
		member_whole(&b, "quantity", whole_at(m, v, "quantity"));
		if (later) member_whole(&b, "backordered", later);
		buf_c(&b, '}');
	}
	buf_c(&b, ']');
	add(m, "manifest_line", key, &b);
}

static void billing(struct making *m)
{
	struct buf b = {0};
	struct str key = key_of(m, "billing", S(""));
	begin(m, &b, "oms.billing/1", key);
	copy(m, &b, "currency");
	copy(m, &b, "total");
	copy(m, &b, "payment_status");
	copy(m, &b, "captured");
	copy(m, &b, "cancelled");
	add(m, "billing", key, &b);
}

int deliver_messages(struct err *e, struct arena *a, const struct outbox *o, struct message_out **list, size_t *n)
{
	struct json j = {0};
	struct json_error bad;
	if (!json_parse(&j, o->body, &bad)) {
		json_free(&j);
		return fail(e, E_BUG, "outbox row %lld is damaged: %s", (long long)o->outbox_id, bad.what);
	}
	struct making m = {.a = a, .j = &j, .o = o};
	uint32_t units = json_getz(&j, 0, "units");
	for (uint32_t v = units ? json_first(&j, units) : 0; v; v = json_after(&j, units, v)) {
		struct str warehouse = text_at(&m, v, "warehouse");
		if (!told_before(&m, units, v, warehouse)) manifest_line(&m, units, warehouse);
	}
	billing(&m);
	json_free(&j);
	*list = m.list.v;
	*n = m.list.n;
	return 0;
}

int64_t deliver_backoff(int64_t outbox_id, int64_t attempts)
{
	enum { FIRST = 30000, MOST = 3600000 };
	int64_t full = attempts > 7 ? MOST : FIRST << (attempts > 0 ? attempts - 1 : 0);
	if (full > MOST) full = MOST;
	uint64_t chance = str_hash((struct str){(const char *)&(int64_t[]){outbox_id, attempts}, 2 * sizeof(int64_t)});
	return full / 2 + (int64_t)(chance % (uint64_t)(full / 2 + 1));
}
