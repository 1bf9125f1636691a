// A reference record out of JSON or the texts of CSV cells, every fault of it told; and written in its one form.
#include "country.h"
#include "member.h"
#include "near.h"
#include "reference.h"
#include "text.h"
#include <stddef.h>

struct place { const char *name; size_t at; };
#define AT(T, member) {#member, offsetof(struct reference, T.member)}
static const struct place sku_at[] = {AT(sku, id), AT(sku, name), AT(sku, category), AT(sku, active), AT(sku, discontinued), AT(sku, stocked), AT(sku, backorder_limit),
	AT(sku, components), AT(sku, denied), AT(sku, weight_g), AT(sku, max_quantity)};
static const struct place warehouse_at[] = {AT(warehouse, id), AT(warehouse, name), AT(warehouse, country), AT(warehouse, tz), AT(warehouse, active), AT(warehouse, priority), AT(warehouse, zones)};
static const struct place zone_at[] = {AT(zone, id), AT(zone, name), AT(zone, include), AT(zone, exclude)};
static const struct place service_at[] = {AT(service, id), AT(service, name), AT(service, carrier), AT(service, active), AT(service, priority), AT(service, zones), AT(service, warehouses)};
static const struct place safety_at[] = {AT(safety, sku), AT(safety, category), AT(safety, warehouse), AT(safety, channel), AT(safety, quantity)};
static const struct place stock_at[] = {AT(stock, id), AT(stock, sku), AT(stock, warehouse), AT(stock, from), AT(stock, to), AT(stock, reason), AT(stock, quantity), AT(stock, on_hand), AT(stock, held),
	AT(stock, at), {"counted_at", offsetof(struct reference, stock.at)}, {"received_at", offsetof(struct reference, stock.at)}};
#undef AT

static size_t place_in(const struct place *p, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(p[i].name, name)) return p[i].at;
	return 0; // no field lies there: the kind does
}

static void *place_of(struct reference *r, const char *name)
{
#define IN(table) place_in(table, sizeof table / sizeof *table, name)
	static const enum reference_kind last_state = REF_SAFETY;
	size_t at = r->kind > last_state ? IN(stock_at) : r->kind == REF_SKU ? IN(sku_at) : r->kind == REF_WAREHOUSE ? IN(warehouse_at) : r->kind == REF_ZONE ? IN(zone_at)
		: r->kind == REF_SERVICE ? IN(service_at) : IN(safety_at);
#undef IN
	return at ? (char *)r + at : NULL;
}

static void start(struct reference *r, enum reference_kind k)
{
	*r = (struct reference){.kind = k};
	if (k == REF_SKU) r->sku.active = r->sku.stocked = true;
	if (k == REF_WAREHOUSE) r->warehouse.active = true, r->warehouse.priority = 100;
	if (k == REF_SERVICE) r->service.active = true, r->service.priority = 100;
	if (k >= REF_COUNT) r->stock.quantity = r->stock.on_hand = r->stock.held = INT64_MIN, r->stock.at = DATE_NONE;
}

// --- reading ---------------------------------------------------------------------------------------------------------------

struct reading { struct reference *r; const struct json *j; struct arena *a; reference_faults *faults; };

static void fault(struct reading *x, const char *field, const char *code, const char *message, const char *what)
{
	*VEC_PUSH(x->a, x->faults) = (struct reference_fault){field, code, message, what};
}

static bool separator(char c) { return c == ';' || c == ' ' || c == ',' || c == '\n' || c == '\t' || c == '\r'; }

// The parts of a cell: by ';' where there is one (areas hold blanks), else by blanks and commas.
static size_t split(struct str s, struct str *to)
{
	bool semicolons = memchr(s.p, ';', s.n) != NULL;
	size_t n = 0;
	for (size_t from = 0, i = 0; i <= s.n; i++) {
		if (i < s.n && !(semicolons ? s.p[i] == ';' : separator(s.p[i]))) continue;
		struct str part = str_trim(str_cut(s, from, i));
		if (part.n) to[n++] = part;
		from = i + 1;
	}
	return n;
}

static bool read_text(struct reading *x, const struct reference_field *f, uint32_t v, struct str *to)
{
	struct str s = str_trim(json_str(x->j, v, x->a));
	for (size_t i = 0, n; i < s.n; i += n) {
		uint32_t c;
		n = utf8_take(str_cut(s, i, s.n), &c);
		if (!n || c < 0x20 || utf8_hidden(c)) return fault(x, f->name, "control_character", "has a character that cannot be seen", "take it out"), false;
	}
	if (s.n > 200) return fault(x, f->name, "too_long", "is over 200 bytes", "shorten it"), false;
	*to = s;
	return s.n > 0;
}

static bool read_whole(struct reading *x, const struct reference_field *f, uint32_t v, int64_t *to)
{
	bool below = x->r->kind == REF_QUARANTINE && !strcmp(f->name, "quantity");
	struct str s = str_trim(json_str(x->j, v, x->a));
	if (!s.n && json_type(x->j, v) == JSON_STRING) return false;
	if (!str_int(s, to)) return fault(x, f->name, "not_whole", "is not a whole number", "write it in digits"), false;
	if (*to < 0 && !below) return fault(x, f->name, "below_zero", "is below zero", "it must be 0 or more"), false;
	if (*to > 1000000000 || *to < -1000000000) return fault(x, f->name, "too_large", "is over a thousand million", "check it"), false;
	return true;
}

static bool read_flag(struct reading *x, const struct reference_field *f, uint32_t v, bool *to)
{
	static const char *const yes[] = {"true", "yes", "1", "y"}, *const no[] = {"false", "no", "0", "n"};
	struct str s = str_lower(x->a, str_trim(json_str(x->j, v, x->a)));
	if (!s.n) return false;
	for (size_t i = 0; i < 4; i++) {
		if (str_is(s, yes[i])) return *to = true;
		if (str_is(s, no[i])) return *to = false, true;
	}
	return fault(x, f->name, "not_a_flag", "is neither true nor false", "write true or false"), false;
}

static bool read_time(struct reading *x, const struct reference_field *f, uint32_t v, int64_t *to)
{
	struct str s = str_trim(json_str(x->j, v, x->a));
	if (!s.n) return false;
	if (date_exact(s, to) || date_parse(s, "rfc3339", "UTC", to)) return true;
	return fault(x, f->name, "not_a_time", "is no time", "write it as RFC 3339: 2026-11-02T08:00:00Z"), false;
}

struct list { struct str *v; size_t n; };

static struct list read_texts(struct reading *x, const struct reference_field *f, uint32_t v)
{
	struct list l = {0};
	if (json_type(x->j, v) == JSON_STRING) {
		struct str s = json_str(x->j, v, x->a);
		l.v = NEW_N(x->a, struct str, s.n + 1);
		l.n = s.n ? split(s, l.v) : 0;
	} else if (json_type(x->j, v) == JSON_ARRAY) {
		l.v = NEW_N(x->a, struct str, x->j->node[v].n + 1);
		for (uint32_t i = json_first(x->j, v); i; i = json_after(x->j, v, i))
			if (json_type(x->j, i) != JSON_STRING || !read_text(x, f, i, &l.v[l.n])) return fault(x, f->name, "not_texts", "is not a list of texts", "write [\"A\",\"B\"]"), (struct list){0};
			else l.n++;
	} else
		fault(x, f->name, "not_texts", "is not a list of texts", "write [\"A\",\"B\"]");
	return l;
}

// "MUG*2 LID" as a cell; [{"sku":"MUG","quantity":2},…] as JSON.
static bool component_of(struct str s, struct component *to)
{
	const char *star = memchr(s.p, '*', s.n);
	*to = (struct component){star ? str_cut(s, 0, (size_t)(star - s.p)) : s, 1};
	return to->sku.n && (!star || (str_int(str_cut(s, (size_t)(star - s.p) + 1, s.n), &to->quantity) && to->quantity > 0));
}

static bool read_components(struct reading *x, const struct reference_field *f, uint32_t v)
{
	struct sku_ref *s = &x->r->sku;
	bool good = true;
	if (json_type(x->j, v) == JSON_STRING) {
		struct list l = read_texts(x, f, v);
		s->components = NEW_N(x->a, struct component, l.n + 1);
		for (size_t i = 0; i < l.n && good; i++) good = component_of(l.v[i], &s->components[s->n_components++]);
	} else if (json_type(x->j, v) == JSON_ARRAY) {
		s->components = NEW_N(x->a, struct component, x->j->node[v].n + 1);
		for (uint32_t i = json_first(x->j, v); i && good; i = json_after(x->j, v, i)) {
			struct component *c = &s->components[s->n_components++];
			c->sku = str_trim(json_str(x->j, json_getz(x->j, i, "sku"), x->a));
			uint32_t q = json_getz(x->j, i, "quantity");
			c->quantity = 1;
			good = c->sku.n && (!q || (json_int(x->j, q, &c->quantity) && c->quantity > 0 && c->quantity <= 1000000));
		}
	} else
		good = false;
	return good || (fault(x, f->name, "not_components", "is not a list of SKUs with quantities", "write [{\"sku\":\"MUG\",\"quantity\":2}], in CSV MUG*2 LID"), false);
}

static bool read_list(struct reading *x, const struct reference_field *f, uint32_t v, void *to)
{
	struct list l = read_texts(x, f, v);
	*(struct str **)to = l.v;
	*(size_t *)((char *)to + sizeof(struct str *)) = l.n;
	return l.n > 0;
}

static bool read_field(struct reading *x, const struct reference_field *f, uint32_t v)
{
	void *to = place_of(x->r, f->name);
	if (json_type(x->j, v) == JSON_NULL) return false;
	if ((f->kind == RF_TEXT || f->kind == RF_TIME) && json_type(x->j, v) != JSON_STRING && json_type(x->j, v) != JSON_NUMBER)
		return fault(x, f->name, "not_text", "is no text", "write it in quotes"), false;
	switch (f->kind) {
	case RF_TEXT: return read_text(x, f, v, to);
	case RF_TEXTS: return read_list(x, f, v, to);
	case RF_WHOLE: return read_whole(x, f, v, to);
	case RF_FLAG: return read_flag(x, f, v, to);
	case RF_TIME: return read_time(x, f, v, to);
	case RF_COMPONENTS: return read_components(x, f, v);
	}
	return false;
}

static void unknown_member(struct reading *x, struct str key, const struct reference_field *f, size_t n)
{
	struct near near = near_begin(key, 3);
	for (size_t i = 0; i < n; i++) near_try(&near, f[i].name);
	const char *name = str_c(x->a, key);
	fault(x, name, "unknown_field", arena_printf(x->a, "is no field of a %s", reference_word(x->r->kind)),
		near.best ? arena_printf(x->a, "did you mean %s?", near.best) : "leave it out");
}

// --- what must hold of a record as a whole -----------------------------------------------------------------------------------

static void check_countries(struct reading *x, const char *field, const struct str *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].n != 2 || !country_name(v[i])) fault(x, field, "unknown_country", arena_printf(x->a, STR_FMT " is no country", STR_ARG(v[i])), "write two capital letters of ISO 3166-1");
}

static void check_areas(struct reading *x, const char *field, const struct str *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!area_valid(v[i])) fault(x, field, "not_an_area", arena_printf(x->a, STR_FMT " is no area", STR_ARG(v[i])), "write DE, US-CA or GB BT");
}

static void check_stock(struct reading *x)
{
	const struct stock_ref *s = &x->r->stock;
	if (s->quantity == 0) fault(x, "quantity", "not_positive", "is 0", "leave the record out");
	if (s->on_hand != INT64_MIN && s->held != INT64_MIN && s->held > s->on_hand) fault(x, "held", "over_on_hand", "is over on_hand", "held units are a part of those on hand");
	if (x->r->kind == REF_SCRAP && s->held != INT64_MIN && s->held > s->quantity) fault(x, "held", "over_quantity", "is over quantity", "held units are a part of those that are gone");
	if (x->r->kind == REF_TRANSFER && s->from.n && str_eq(s->from, s->to)) fault(x, "to", "same_warehouse", "is the warehouse they left", "name the other one");
}

static void check_whole(struct reading *x)
{
	struct reference *r = x->r;
	switch (r->kind) {
	case REF_SKU:
		check_countries(x, "denied", r->sku.denied, r->sku.n_denied);
		for (size_t i = 0; i < r->sku.n_components; i++)
			if (str_eq(r->sku.components[i].sku, r->sku.id)) fault(x, "components", "of_itself", "names the SKU itself", "a bundle is made of others");
		break;
	case REF_WAREHOUSE:
		if (r->warehouse.country.n) check_countries(x, "country", &r->warehouse.country, 1);
		if (r->warehouse.tz.n && !zone_known(str_c(x->a, r->warehouse.tz))) fault(x, "tz", "unknown_zone", "is no zone of time", "give an IANA name such as Europe/Berlin");
		break;
	case REF_ZONE:
		check_areas(x, "include", r->zone.include, r->zone.n_include);
		check_areas(x, "exclude", r->zone.exclude, r->zone.n_exclude);
		break;
	case REF_SAFETY:
		if (r->safety.sku.n && r->safety.category.n) fault(x, "category", "two_subjects", "stands beside sku", "a rule is of a SKU or of a category");
		if (!r->safety.sku.n && !r->safety.category.n) fault(x, "sku", "missing", "is missing, and so is category", "say of what it is");
		if (r->safety.channel.n && (!r->safety.warehouse.n || !r->safety.sku.n))
			fault(x, "channel", "too_general", "stands without sku and warehouse", "a rule of a channel is of one SKU in one warehouse");
		break;
	default: if (r->kind >= REF_COUNT) check_stock(x); break;
	}
}

static struct str id_of(const struct reference *r, struct arena *a)
{
	if (r->kind == REF_SKU) return r->sku.id;
	if (r->kind == REF_WAREHOUSE) return r->warehouse.id;
	if (r->kind == REF_ZONE) return r->zone.id;
	if (r->kind == REF_SERVICE) return r->service.id;
	if (r->kind != REF_SAFETY) return r->stock.id;
	const struct safety_ref *s = &r->safety;
	struct buf b = {0};
	buf_printf(&b, s->sku.n ? "sku:" STR_FMT : "category:" STR_FMT, STR_ARG(s->sku.n ? s->sku : s->category));
	if (s->warehouse.n) buf_printf(&b, " warehouse:" STR_FMT, STR_ARG(s->warehouse));
	if (s->channel.n) buf_printf(&b, " channel:" STR_FMT, STR_ARG(s->channel));
	struct str id = {arena_copy(a, b.p, b.n), b.n};
	buf_free(&b);
	return id;
}

void reference_read(struct reference *to, enum reference_kind k, const struct json *j, uint32_t at, struct arena *a, reference_faults *faults)
{
	struct reading x = {to, j, a, faults};
	size_t n;
	const struct reference_field *f = reference_fields(k, &n);
	bool *given = NEW_N(a, bool, n);
	start(to, k);
	for (uint32_t v = json_first(j, at); v; v = json_after(j, at, v)) {
		struct str key = json_str(j, v, a);
		size_t i = 0;
		while (i < n && !str_is(key, f[i].name)) i++;
		if (i < n) given[i] = read_field(&x, &f[i], v + 1);
		else if (!str_is(key, "schema") && !str_is(key, "kind")) unknown_member(&x, key, f, n);
	}
	size_t before = faults->n;
	for (size_t i = 0; i < n; i++) {
		bool told = false;
		for (size_t b = 0; b < before; b++) told |= !strcmp(faults->v[b].field, f[i].name);
		if (f[i].required && !given[i] && !told) fault(&x, f[i].name, "missing", "is missing", f[i].what);
	}
	if (!faults->n) check_whole(&x);
	to->id = id_of(to, a);
}

// --- writing ---------------------------------------------------------------------------------------------------------------

static void write_components(struct buf *b, const struct sku_ref *s)
{
	if (!s->n_components) return;
	member_open(b, "components", '[');
	for (size_t i = 0; i < s->n_components; i++) {
		member_item(b, '{');
		member_text(b, "sku", s->components[i].sku);
		member_whole(b, "quantity", s->components[i].quantity);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void write_field(struct buf *b, const struct reference *r, const struct reference *none, const struct reference_field *f)
{
	const void *at = place_of((struct reference *)(uintptr_t)r, f->name), *was = place_of((struct reference *)(uintptr_t)none, f->name);
	const struct str *s = at;
	struct str *const *list = at;
	switch (f->kind) {
	case RF_TEXT: if (s->n) member_text(b, f->name, *s); break;
	case RF_WHOLE: if (*(const int64_t *)at != *(const int64_t *)was || f->required) member_whole(b, f->name, *(const int64_t *)at); break;
	case RF_FLAG: if (*(const bool *)at != *(const bool *)was) member_flag(b, f->name, *(const bool *)at); break;
	case RF_TIME: member_instant(b, f->name, *(const int64_t *)at); break;
	case RF_TEXTS: {
		size_t n = *(const size_t *)((const char *)at + sizeof(struct str *));
		if (n) member_texts(b, f->name, *list, n);
		break;
	}
	case RF_COMPONENTS: write_components(b, &r->sku); break;
	}
}

void reference_write(struct buf *b, const struct reference *r)
{
	struct reference none;
	size_t n;
	const struct reference_field *f = reference_fields(r->kind, &n);
	start(&none, r->kind);
	buf_c(b, '{');
	for (size_t i = 0; i < n; i++) write_field(b, r, &none, &f[i]);
	buf_c(b, '}');
}
