// Reference records in their one form, and where each of their fields lies.
#include "member.h"
#include "reference_part.h"
#include <stddef.h>

struct named { const char *name; struct reference_place place; };
#define AT(T, member) {#member, {offsetof(struct reference, T.member), 0}}
#define LIST(T, member) {#member, {offsetof(struct reference, T.member), offsetof(struct reference, T.n_##member)}}
static const struct named sku[] = {AT(sku, id), AT(sku, name), AT(sku, category), AT(sku, active), AT(sku, discontinued), AT(sku, stocked), AT(sku, backorder_limit),
	LIST(sku, components), LIST(sku, denied), AT(sku, weight_g), AT(sku, max_quantity), {NULL, {0, 0}}};
static const struct named warehouse[] = {AT(warehouse, id), AT(warehouse, name), AT(warehouse, country), AT(warehouse, tz), AT(warehouse, active), AT(warehouse, priority),
	LIST(warehouse, zones), {NULL, {0, 0}}};
static const struct named zone[] = {AT(zone, id), AT(zone, name), LIST(zone, include), LIST(zone, exclude), {NULL, {0, 0}}};
static const struct named service[] = {AT(service, id), AT(service, name), AT(service, carrier), AT(service, active), AT(service, priority), LIST(service, zones),
	LIST(service, warehouses), {NULL, {0, 0}}};
static const struct named safety[] = {AT(safety, sku), AT(safety, category), AT(safety, warehouse), AT(safety, channel), AT(safety, quantity), {NULL, {0, 0}}};
static const struct named stock[] = {AT(stock, id), AT(stock, sku), AT(stock, warehouse), AT(stock, from), AT(stock, to), AT(stock, reason), AT(stock, quantity), AT(stock, on_hand),
	AT(stock, held), AT(stock, at), {"counted_at", {offsetof(struct reference, stock.at), 0}}, {"received_at", {offsetof(struct reference, stock.at), 0}}, {NULL, {0, 0}}};
#undef AT
#undef LIST

struct reference_place reference_place(enum reference_kind k, const char *field)
{
	static const struct named *const states[] = {[REF_SKU] = sku, [REF_WAREHOUSE] = warehouse, [REF_ZONE] = zone, [REF_SERVICE] = service, [REF_SAFETY] = safety};
	const struct named *p = reference_is_state(k) ? states[k] : stock;
	while (p->name && strcmp(p->name, field) != 0) p++;
	return p->place;
}

struct reference reference_none(enum reference_kind k)
{
	struct reference r = {.kind = k};
	if (k == REF_SKU) r.sku.active = r.sku.stocked = true;
	if (k == REF_WAREHOUSE) r.warehouse.active = true, r.warehouse.priority = 100;
	if (k == REF_SERVICE) r.service.active = true, r.service.priority = 100;
	if (!reference_is_state(k)) r.stock.quantity = r.stock.on_hand = r.stock.held = INT64_MIN, r.stock.at = DATE_NONE;
	return r;
}

// --- values ------------------------------------------------------------------------------------------------------------------

static const void *lies(const struct reference *r, const struct reference_field *f) { return (const char *)r + reference_place(r->kind, f->name).at; }

static size_t length(const struct reference *r, const struct reference_field *f)
{
	size_t n;
	memcpy(&n, (const char *)r + reference_place(r->kind, f->name).n_at, sizeof n);
	return n;
}

static void write_components(struct buf *b, const struct sku_ref *s)
{
	buf_c(b, '[');
	for (size_t i = 0; i < s->n_components; i++) {
		member_item(b, '{');
		member_text(b, "sku", s->components[i].sku);
		member_whole(b, "quantity", s->components[i].quantity);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static void write_texts(struct buf *b, const struct str *v, size_t n)
{
	buf_c(b, '[');
	for (size_t i = 0; i < n; i++) {
		member_item(b, 0);
		buf_json(b, v[i]);
	}
	buf_c(b, ']');
}

static bool write_whole(struct buf *b, int64_t v)
{
	if (v != INT64_MIN) buf_int(b, v);
	return v != INT64_MIN;
}

static bool write_time(struct buf *b, int64_t at)
{
	if (at == DATE_NONE) return false;
	buf_c(b, '"');
	date_text(b, at);
	buf_c(b, '"');
	return true;
}

bool reference_value(struct buf *b, const struct reference *r, const struct reference_field *f)
{
	const void *at = lies(r, f);
	const struct str *text = at;
	struct str *const *list = at;
	switch (f->kind) {
	case RF_TEXT: if (text->n) buf_json(b, *text); return text->n > 0;
	case RF_WHOLE: return write_whole(b, *(const int64_t *)at);
	case RF_TIME: return write_time(b, *(const int64_t *)at);
	case RF_FLAG: buf_cstr(b, *(const bool *)at ? "true" : "false"); return true;
	case RF_TEXTS: write_texts(b, *list, length(r, f)); return length(r, f) > 0;
	case RF_COMPONENTS: write_components(b, &r->sku); return r->sku.n_components > 0;
	}
	return false;
}

bool reference_says(const struct reference *r, const struct reference_field *f)
{
	struct reference none = reference_none(r->kind);
	switch (f->kind) {
	case RF_WHOLE: return f->required || *(const int64_t *)lies(r, f) != *(const int64_t *)lies(&none, f);
	case RF_FLAG: return *(const bool *)lies(r, f) != *(const bool *)lies(&none, f);
	case RF_TIME: return *(const int64_t *)lies(r, f) != DATE_NONE;
	case RF_TEXT: return ((const struct str *)lies(r, f))->n > 0;
	case RF_TEXTS: case RF_COMPONENTS: return length(r, f) > 0;
	}
	return false;
}

void reference_members(struct buf *b, const struct reference *r)
{
	size_t n;
	const struct reference_field *f = reference_fields(r->kind, &n);
	for (size_t i = 0; i < n; i++) {
		if (!reference_says(r, &f[i])) continue;
		member_key(b, f[i].name);
		reference_value(b, r, &f[i]);
	}
}

void reference_write(struct buf *b, const struct reference *r)
{
	buf_c(b, '{');
	reference_members(b, r);
	buf_c(b, '}');
}
