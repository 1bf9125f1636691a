// What may be promised of a SKU, and why.
#include "supply.h"
#include "event.h"
#include "json.h"
#include "near.h"

enum { NAMED = 20 }; // so many orders stand for all that hold of it, or wait for it

static int read_warehouse(struct db *d, struct err *e, struct supply_row *r)
{
	const struct warehouse_ref *w;
	size_t n;
	if (catalog_warehouses(d, e, &w, &n)) return -1;
	for (size_t i = 0; i < n; i++) r->ships |= w[i].active && str_eq(w[i].id, r->warehouse);
	return 0;
}

static int read_row(struct db *d, struct err *e, const struct supply *s, const struct stock_row *from, struct str channel, struct supply_row *to)
{
	*to = (struct supply_row){.warehouse = from->warehouse, .balance = from->balance, .movement_id = from->movement_id, .available = balance_available(&from->balance)};
	if (catalog_safety(d, e, s->sku, s->category, to->warehouse, channel, &to->safety, &to->rule) || read_warehouse(d, e, to)) return -1;
	to->waited = balance_waited(&to->balance);
	to->sellable = to->available - to->waited - to->safety;
	return 0;
}

int supply_of(struct db *d, struct err *e, struct arena *a, struct str sku, struct str channel, struct supply *to)
{
	struct stock_row *list;
	const struct sku_ref *ref = catalog_sku(d, e, sku);
	if (!ref && e->code) return -1;
	*to = (struct supply){.sku = sku, .known = ref != NULL};
	if (ref) to->name = ref->name, to->category = ref->category;
	if (stock_list(d, e, a, sku, &list, &to->n)) return -1;
	to->row = NEW_N(a, struct supply_row, to->n + 1);
	to->pending = stock_pending(d, e, sku);
	if (to->pending < 0) return -1;
	to->free_to_promise = -to->pending;
	for (size_t i = 0; i < to->n; i++) {
		if (read_row(d, e, to, &list[i], channel, &to->row[i])) return -1;
		if (to->row[i].ships) to->free_to_promise += to->row[i].sellable;
	}
	return 0;
}

// --- what is not there ---------------------------------------------------------------------------------------------------------

static int nearest(struct err *e, const struct near *near, const char *else_)
{
	return near->best ? hint(e, "did you mean %s?", near->best) : hint(e, "%s", else_);
}

static int no_sku(struct db *d, struct err *e, struct arena *a, struct str sku)
{
	struct near near = near_begin(sku, 3);
	struct reference_row *row;
	size_t n = 0;
	// Of those that begin alike; to look through all of a large catalog for a hint takes too long.
	if (reference_page(d, e, a, REF_SKU, str_cut(sku, 0, sku.n > 2 ? 2 : 0), 5000, &row, &n)) return -1;
	for (size_t i = 0; i < n; i++) near_try(&near, str_c(a, row[i].id));
	fail(e, E_NOTFOUND, "there is no such SKU");
	return nearest(e, &near, "oms-load sku --list has those that are known");
}

int supply_need_sku(struct db *d, struct err *e, struct arena *a, struct str sku)
{
	struct reference_row row;
	struct stock_row *list;
	size_t n;
	int there = reference_get(d, e, a, REF_SKU, sku, &row);
	if (there < 0 || stock_list(d, e, a, sku, &list, &n)) return -1;
	return there || n ? 0 : no_sku(d, e, a, sku);
}

int supply_need_warehouse(struct db *d, struct err *e, struct arena *a, struct str warehouse)
{
	struct near near = near_begin(warehouse, 3);
	const struct warehouse_ref *w;
	size_t n;
	if (catalog_warehouses(d, e, &w, &n)) return -1;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(w[i].id, warehouse)) return 0;
		near_try(&near, str_c(a, w[i].id));
	}
	fail(e, E_NOTFOUND, "there is no such warehouse");
	return nearest(e, &near, "oms-load warehouse --list has those that are known");
}

// --- why -------------------------------------------------------------------------------------------------------------------------

static struct str kept(struct arena *a, struct str s) { return s.p ? (struct str){arena_copy(a, s.p, s.n), s.n} : s; }

static void read_event(struct str line, struct arena *a, struct supply_move *to)
{
	struct json j = {0};
	struct json_error bad;
	if (json_parse(&j, line, &bad)) {
		uint32_t body = json_getz(&j, 0, "body"), record = json_getz(&j, body, "record");
		struct str reason = json_str(&j, json_getz(&j, record ? record : body, "reason"), a);
		to->event = kept(a, json_str(&j, json_getz(&j, 0, "id"), a));
		to->actor = kept(a, json_str(&j, json_getz(&j, 0, "actor"), a));
		to->reason = kept(a, reason);
		if (to->m.kind == STOCK_COUNT) to->counted_at = event_time(json_str(&j, json_getz(&j, record, "counted_at"), a));
	}
	json_free(&j);
}

int supply_move(struct db *d, struct codec *c, struct err *e, struct arena *a, const struct movement *m, struct supply_move *to)
{
	struct str line;
	*to = (struct supply_move){.m = *m, .counted_at = DATE_NONE};
	struct rows *r = db_query(d, e, SQL_EVENT_BY_ROW, I(m->event_id));
	int more = r ? rows_next(r, e) : -1;
	if (more < 0) return -1;
	if (more) { // one that is not there is for oms-fsck to tell
		int bad = codec_unpack(c, e, a, row_int(r, 0), row_int(r, 1), row_str(r, 2), &line);
		rows_end(r);
		if (bad) return -1;
		read_event(line, a, to);
	}
	if (!m->order_key) return 0;
	r = db_query(d, e, SQL_ORDER_ID_BY_KEY, I(m->order_key));
	more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more;
	to->order = kept(a, row_str(r, 0));
	rows_end(r);
	return 0;
}

int supply_why(struct db *d, struct codec *c, struct err *e, struct arena *a, const struct supply *s, const struct supply_row *r, struct supply_why *to)
{
	struct movement m;
	*to = (struct supply_why){.moved = r && r->movement_id};
	if (stock_pending_orders(d, e, a, s->sku, NAMED, &to->waiter, &to->waiters)) return -1;
	if (!to->moved) return 0;
	if (stock_movement(d, e, a, r->movement_id, &m) || supply_move(d, c, e, a, &m, &to->newest)) return -1;
	return stock_holders(d, e, a, s->sku, r->warehouse, NAMED, &to->holder, &to->holders);
}
