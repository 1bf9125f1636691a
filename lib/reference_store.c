// Reference data as rows, and the catalog of what was read of it.
#include "reference_store.h"
#include <stdlib.h>

static struct str cell_copy(struct rows *r, int i, struct arena *a)
{
	struct str s = row_str(r, i);
	if (s.p) s.p = arena_copy(a, s.p, s.n);
	return s;
}

int reference_get(struct db *d, struct err *e, struct arena *a, enum reference_kind k, struct str id, struct reference_row *to)
{
	struct rows *r = db_query(d, e, SQL_REFERENCE_GET, Z(reference_word(k)), T(id));
	int more = r ? rows_next(r, e) : -1;
	if (more <= 0) return more;
	*to = (struct reference_row){id, cell_copy(r, 2, a), row_int(r, 0), row_int(r, 1)};
	rows_end(r);
	return 1;
}

int reference_page(struct db *d, struct err *e, struct arena *a, enum reference_kind k, struct str after_id, size_t most, struct reference_row **list, size_t *n)
{
	VEC(struct reference_row) found = {0};
	struct rows *r = db_query(d, e, SQL_REFERENCE_PAGE, Z(reference_word(k)), T(after_id), I((int64_t)most));
	int more = -1;
	while (r && (more = rows_next(r, e)) > 0) *VEC_PUSH(a, &found) = (struct reference_row){cell_copy(r, 0, a), cell_copy(r, 3, a), row_int(r, 1), row_int(r, 2)};
	*list = found.v;
	*n = found.n;
	return more;
}

// --- the catalog -------------------------------------------------------------------------------------------------------------

enum { SLOTS = 4096, MOST = 50000, PAGE = 500 };
struct rule { struct safety_ref r; struct str id; };
struct entry { struct entry *next; struct str sku; bool there, safety_read; struct sku_ref ref; VEC(struct rule) rules; }; // rules: of the SKU
struct catalog {
	struct db_memo base;
	struct arena arena;
	struct entry *slot[SLOTS];
	size_t entries;
	bool zones_read, warehouses_read, services_read, categories_read;
	VEC(struct zone_ref) zones;
	VEC(struct warehouse_ref) warehouses;
	VEC(struct service_ref) services;
	VEC(struct rule) categories;
};

static void forget(struct db_memo *base, bool last)
{
	struct catalog *c = (struct catalog *)base;
	struct db_memo kept = c->base;
	arena_free(&c->arena);
	if (last) {
		free(c);
		return;
	}
	*c = (struct catalog){.base = kept};
}

static struct catalog *catalog_of(struct db *d)
{
	struct catalog *c = (struct catalog *)db_memo(d, forget);
	if (c) return c;
	c = must_alloc(sizeof *c);
	*c = (struct catalog){.base = {.drop = forget}};
	db_memo_add(d, &c->base);
	return c;
}

int reference_put(struct db *d, struct err *e, enum reference_kind k, const struct reference_row *r)
{
	struct catalog *c = (struct catalog *)db_memo(d, forget);
	if (c) forget(&c->base, false);
	return db_run(d, e, SQL_REFERENCE_PUT, Z(reference_word(k)), T(r->id), I(r->revision), I(r->changed_at), T(r->body)) < 0 ? -1 : 0;
}

static int read_body(struct catalog *c, struct err *e, enum reference_kind k, struct str body, struct reference *to)
{
	struct json j = {0};
	struct json_error bad;
	reference_faults faults = {0};
	if (!json_parse(&j, body, &bad)) {
		json_free(&j);
		return fail(e, E_BUG, "a %s of the reference data is damaged: %s", reference_word(k), bad.what);
	}
	reference_read(to, k, &j, 0, &c->arena, &faults);
	json_free(&j);
	return faults.n ? fail(e, E_BUG, "a %s of the reference data is damaged: %s %s", reference_word(k), faults.v[0].field, faults.v[0].message) : 0;
}

void catalog_trim(struct db *d)
{
	struct catalog *c = (struct catalog *)db_memo(d, forget);
	if (c && c->entries > MOST) forget(&c->base, false);
}

// Every row of a kind, handed to take.
static int read_all(struct db *d, struct err *e, struct catalog *c, enum reference_kind k, struct str after, struct str until, void (*take)(struct catalog *c, const struct reference *r))
{
	struct reference_row *list;
	size_t n = 1;
	while (n) {
		if (reference_page(d, e, &c->arena, k, after, PAGE, &list, &n)) return -1;
		for (size_t i = 0; i < n; i++) {
			struct reference r;
			if (until.p && str_cmp(list[i].id, until) >= 0) return 0;
			if (read_body(c, e, k, list[i].body, &r)) return -1;
			take(c, &r);
			after = list[i].id;
		}
	}
	return 0;
}

static void take_zone(struct catalog *c, const struct reference *r) { *VEC_PUSH(&c->arena, &c->zones) = r->zone; }
static void take_warehouse(struct catalog *c, const struct reference *r) { *VEC_PUSH(&c->arena, &c->warehouses) = r->warehouse; }
static void take_service(struct catalog *c, const struct reference *r) { *VEC_PUSH(&c->arena, &c->services) = r->service; }
static void take_category(struct catalog *c, const struct reference *r) { *VEC_PUSH(&c->arena, &c->categories) = (struct rule){r->safety, r->id}; }

int catalog_zones(struct db *d, struct err *e, const struct zone_ref **list, size_t *n)
{
	struct catalog *c = catalog_of(d);
	if (!c->zones_read && read_all(d, e, c, REF_ZONE, S(""), (struct str){0}, take_zone)) return -1;
	c->zones_read = true;
	*list = c->zones.v;
	*n = c->zones.n;
	return 0;
}

static int before(int64_t ap, struct str a, int64_t bp, struct str b) { return ap != bp ? (ap < bp ? -1 : 1) : str_cmp(a, b); }

static int by_warehouse(const void *x, const void *y)
{
	const struct warehouse_ref *a = x, *b = y;
	return before(a->priority, a->id, b->priority, b->id);
}

static int by_service(const void *x, const void *y)
{
	const struct service_ref *a = x, *b = y;
	return before(a->priority, a->id, b->priority, b->id);
}

int catalog_warehouses(struct db *d, struct err *e, const struct warehouse_ref **list, size_t *n)
{
	struct catalog *c = catalog_of(d);
	if (!c->warehouses_read) {
		if (read_all(d, e, c, REF_WAREHOUSE, S(""), (struct str){0}, take_warehouse)) return -1;
		if (c->warehouses.n > 1) qsort(c->warehouses.v, c->warehouses.n, sizeof *c->warehouses.v, by_warehouse);
		c->warehouses_read = true;
	}
	*list = c->warehouses.v;
	*n = c->warehouses.n;
	return 0;
}

int catalog_services(struct db *d, struct err *e, const struct service_ref **list, size_t *n)
{
	struct catalog *c = catalog_of(d);
	if (!c->services_read) {
		if (read_all(d, e, c, REF_SERVICE, S(""), (struct str){0}, take_service)) return -1;
		if (c->services.n > 1) qsort(c->services.v, c->services.n, sizeof *c->services.v, by_service);
		c->services_read = true;
	}
	*list = c->services.v;
	*n = c->services.n;
	return 0;
}

// --- SKUs and their safety stock ---------------------------------------------------------------------------------------------

static struct entry *entry_of(struct db *d, struct err *e, struct catalog *c, struct str sku)
{
	struct entry **slot = &c->slot[str_hash(sku) % SLOTS];
	for (struct entry *x = *slot; x; x = x->next)
		if (str_eq(x->sku, sku)) return x;
	struct reference_row row;
	struct reference r;
	int there = reference_get(d, e, &c->arena, REF_SKU, sku, &row);
	if (there < 0 || (there && read_body(c, e, REF_SKU, row.body, &r))) return NULL;
	struct entry *x = NEW(&c->arena, struct entry);
	x->sku = (struct str){arena_copy(&c->arena, sku.p, sku.n), sku.n};
	x->there = there;
	if (there) x->ref = r.sku;
	x->next = *slot;
	c->entries++;
	return *slot = x;
}

const struct sku_ref *catalog_sku(struct db *d, struct err *e, struct str sku)
{
	struct catalog *c = catalog_of(d);
	struct entry *x = entry_of(d, e, c, sku);
	return x && x->there ? &x->ref : NULL;
}

static int add_rule(struct catalog *c, struct err *e, struct entry *x, const struct reference_row *row)
{
	struct reference r;
	if (read_body(c, e, REF_SAFETY, row->body, &r)) return -1;
	if (str_eq(r.safety.sku, x->sku)) *VEC_PUSH(&c->arena, &x->rules) = (struct rule){r.safety, row->id};
	return 0;
}

// The rules of one SKU stand next to each other: that of all warehouses, and behind it those whose ids go on with a blank.
static int read_rules(struct db *d, struct err *e, struct catalog *c, struct entry *x)
{
	struct reference r = {.kind = REF_SAFETY, .safety.sku = x->sku};
	struct str after = reference_id(&r, &c->arena), last = str_of(arena_printf(&c->arena, STR_FMT "!", STR_ARG(after)));
	struct reference_row row, *list;
	size_t n = PAGE;
	int there = reference_get(d, e, &c->arena, REF_SAFETY, after, &row);
	if (there < 0 || (there && add_rule(c, e, x, &row))) return -1;
	while (n == PAGE) {
		if (reference_page(d, e, &c->arena, REF_SAFETY, after, PAGE, &list, &n)) return -1;
		for (size_t i = 0; i < n; i++) {
			after = list[i].id;
			if (str_cmp(after, last) >= 0) return x->safety_read = true, 0;
			if (add_rule(c, e, x, &list[i])) return -1;
		}
	}
	x->safety_read = true;
	return 0;
}

static int read_categories(struct db *d, struct err *e, struct catalog *c)
{
	if (c->categories_read) return 0;
	if (read_all(d, e, c, REF_SAFETY, S("category:"), S("category;"), take_category)) return -1;
	c->categories_read = true;
	return 0;
}

// How much of (subject, warehouse, channel) a rule names; 0: it is not of this.
static int weight(const struct safety_ref *r, bool of_sku, struct str warehouse, struct str channel)
{
	if ((r->warehouse.n && !str_eq(r->warehouse, warehouse)) || (r->channel.n && !str_eq(r->channel, channel))) return 0;
	int w = r->channel.n ? 6 : r->warehouse.n ? 4 : 2;
	return of_sku ? w + 1 : w;
}

static void heaviest(const struct rule *rule, size_t n, bool of_sku, struct str category, struct str warehouse, struct str channel, int *most, int64_t *quantity, struct str *by)
{
	for (size_t i = 0; i < n; i++) {
		if (!of_sku && !str_eq(rule[i].r.category, category)) continue;
		int w = weight(&rule[i].r, of_sku, warehouse, channel);
		if (w <= *most) continue;
		*most = w;
		*quantity = rule[i].r.quantity;
		*by = rule[i].id;
	}
}

int catalog_safety(struct db *d, struct err *e, struct str sku, struct str category, struct str warehouse, struct str channel, int64_t *quantity, struct str *by)
{
	struct catalog *c = catalog_of(d);
	struct entry *x = entry_of(d, e, c, sku);
	int most = 0;
	*quantity = 0;
	*by = S("");
	if (!x || (!x->safety_read && read_rules(d, e, c, x)) || read_categories(d, e, c)) return -1;
	heaviest(x->rules.v, x->rules.n, true, category, warehouse, channel, &most, quantity, by);
	if (category.n) heaviest(c->categories.v, c->categories.n, false, category, warehouse, channel, &most, quantity, by);
	return 0;
}
