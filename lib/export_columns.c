// The columns of each grain. man 5 oms-csv says what they mean; within a version they are only added, at the end.
#include "export_part.h"

// All grains begin by saying which order it is.
#define WHOSE(id) {id, X_TEXT, 0, 0, false}, {"source", P_SOURCE, 0, 0, false}, {"number", X_TEXT, 1, 0, false}, {"placed_at", X_AT, 3, 0, false}, {"placed_on", X_ON, 3, 0, false}
#define COL(name, kind, from) {name, kind, from, 0, false}
#define WORD(name, axis, from) {name, X_WORD, from, axis, false}
#define SUM(name, from) {name, X_MONEY, from, 0, true}

static const struct export_column order[] = {
	WHOSE("id"), COL("status", P_STATUS, 0), COL("payment_status", P_PAYMENT, 0), COL("fulfilment_status", P_FULFILMENT, 0), COL("attention", P_ATTENTION, 0),
	COL("updated_at", X_AT, 6), COL("due_at", X_AT, 7), COL("currency", X_TEXT, 4), COL("price_mode", X_TEXT, 8), SUM("subtotal", 9), SUM("discount_total", 10),
	SUM("shipping_total", 11), SUM("fee_total", 12), SUM("tax_total", 13), SUM("total", 14), SUM("authorized", 15), SUM("captured", 16), SUM("refunded", 17),
	SUM("disputed", 18), COL("tax_minor", X_MINOR, 13), COL("total_minor", X_MINOR, 14), COL("captured_minor", X_MINOR, 16), COL("refunded_minor", X_MINOR, 17),
	COL("lines", X_INT, 19), COL("customer_id", X_TEXT, 20), COL("customer_name", X_TEXT, 21), COL("customer_email", X_TEXT, 22), COL("customer_phone", X_TEXT, 23),
	COL("customer_company", X_TEXT, 24), COL("customer_tax_id", X_TEXT, 25), COL("segment", P_SEGMENT, 0), COL("ship_name", X_TEXT, 26), COL("ship_line1", X_TEXT, 27),
	COL("ship_line2", X_TEXT, 28), COL("ship_postcode", X_TEXT, 29), COL("ship_city", X_TEXT, 30), COL("ship_region", X_TEXT, 31), COL("ship_country", X_TEXT, 32),
	COL("bill_name", X_TEXT, 33), COL("bill_postcode", X_TEXT, 34), COL("bill_city", X_TEXT, 35), COL("bill_country", X_TEXT, 36),
};
static const struct export_column line[] = {
	WHOSE("order"), COL("status", P_STATUS, 0), COL("line_no", X_INT, 6), COL("line_id", X_TEXT, 7), COL("sku", X_TEXT, 8), COL("name", X_TEXT, 9), COL("variant", X_TEXT, 10),
	COL("quantity", X_INT, 11), COL("currency", X_TEXT, 4), COL("unit_price", X_MONEY, 12), SUM("subtotal", 13), SUM("discount", 14), SUM("tax", 15), SUM("total", 16),
	COL("total_minor", X_MINOR, 16), COL("cancelled", X_INT, 17), COL("shipped", X_INT, 18), COL("returned", X_INT, 19), COL("refunded", X_INT, 20),
};
static const struct export_column payment[] = {
	WHOSE("order"), COL("payment_no", X_INT, 6), COL("psp", X_TEXT, 7), COL("psp_ref", X_TEXT, 8), WORD("status", AXIS_PAYMENT, 9), COL("method", X_TEXT, 10),
	COL("brand", X_TEXT, 11), COL("last4", X_TEXT, 12), COL("gateway", X_TEXT, 13), COL("paid_at", X_AT, 14), COL("paid_on", X_ON, 14), COL("currency", X_TEXT, 4),
	SUM("amount", 15), SUM("authorized", 16), SUM("captured", 17), SUM("voided", 18), SUM("refunded", 19), SUM("fee", 20), COL("captured_minor", X_MINOR, 17),
	COL("refunded_minor", X_MINOR, 19), COL("error", X_TEXT, 21),
};
static const struct export_column tax[] = {
	WHOSE("order"), COL("scope", X_TEXT, 6), COL("line_no", X_INT, 7), COL("line_id", X_TEXT, 8), COL("sku", X_TEXT, 9), COL("charge", X_TEXT, 10), COL("tax_no", X_INT, 11),
	COL("name", X_TEXT, 12), COL("jurisdiction", X_TEXT, 13), COL("rate", X_TEXT, 14), COL("currency", X_TEXT, 4), SUM("amount", 15), COL("amount_minor", X_MINOR, 15),
	COL("included", X_FLAG, 16), COL("ship_country", X_TEXT, 17), COL("ship_region", X_TEXT, 18),
};
static const struct export_column shipping[] = {
	WHOSE("order"), COL("shipment_no", X_INT, 6), COL("shipment_id", X_TEXT, 7), WORD("status", AXIS_SHIPMENT, 8), WORD("progress", AXIS_TRACK, 9), COL("carrier", X_TEXT, 10),
	COL("service", X_TEXT, 11), COL("tracking_number", X_TEXT, 12), COL("ship_from", X_TEXT, 13), COL("shipped_at", X_AT, 14), COL("delivered_at", X_AT, 15),
	COL("promised_at", X_AT, 16), COL("eta_at", X_AT, 17), COL("entry_no", X_INT, 18), COL("entry_at", X_AT, 19), COL("entry_on", X_ON, 19), WORD("code", AXIS_TRACK, 20),
	COL("raw_code", X_TEXT, 21), COL("message", X_TEXT, 22), COL("location", X_TEXT, 23),
};
// From 6 on: filled from the event (export.c).
static const struct export_column event[] = {
	WHOSE("order"), COL("event_no", X_INT, 6), COL("event_source", X_TEXT, 7), COL("event_id", X_TEXT, 8), COL("type", X_TEXT, 9), COL("occurred_at", X_AT, 10),
	COL("occurred_on", X_ON, 10), COL("actor", X_TEXT, 11), COL("map", X_TEXT, 12), COL("payload", X_TEXT, 13), COL("body", X_JSON, 14),
};

#define SET(word, columns, sql, page, screen) {word, "oms.csv_" word "/1", columns, sizeof columns / sizeof *columns, sql, page, screen}
const struct export_set export_sets[EXPORT_GRAINS] = {
	[EXPORT_ORDER] = SET("order", order, SQL_EXPORT_ORDER, "placed_on,id,number,customer_name,ship_country,status,payment_status,fulfilment_status,currency,subtotal,discount_total,"
		"shipping_total,fee_total,tax_total,total,captured,refunded",
		"number,placed_at,status,total,currency,id,payment_status,fulfilment_status,customer_name,attention,captured,refunded,"
		"ship_country,tax_total,subtotal,shipping_total,discount_total,customer_email,source,lines,updated_at,due_at,segment"),
	[EXPORT_LINE] = SET("line", line, SQL_EXPORT_LINE, "placed_on,order,line_no,sku,name,variant,quantity,currency,unit_price,subtotal,discount,tax,total,shipped,returned",
		"number,sku,name,quantity,total,currency,order,unit_price,placed_at,status,line_no,tax,discount,subtotal,variant"),
	[EXPORT_PAYMENT] = SET("payment", payment, SQL_EXPORT_PAYMENT, "paid_on,order,psp,psp_ref,method,brand,last4,status,currency,amount,authorized,captured,refunded,fee",
		"number,paid_at,status,amount,currency,captured,refunded,order,psp,method,psp_ref,brand,last4,fee,placed_at"),
	[EXPORT_TAX] = SET("tax", tax, SQL_EXPORT_TAX, "placed_on,order,scope,sku,charge,name,jurisdiction,rate,included,ship_country,currency,amount",
		"number,name,rate,amount,currency,jurisdiction,order,sku,placed_at,ship_country,included,scope,charge,line_no"),
	[EXPORT_SHIPPING] = SET("shipping", shipping, SQL_EXPORT_SHIPPING, "order,carrier,service,tracking_number,status,shipped_at,delivered_at,entry_at,code,message,location",
		"number,status,tracking_number,entry_at,code,carrier,location,message,order,delivered_at,shipped_at,service,placed_at"),
	[EXPORT_EVENT] = SET("event", event, SQL_EXPORT_EVENT, "occurred_at,order,type,event_source,event_id,actor",
		"number,occurred_at,type,event_source,order,event_id,event_no,actor,map"),
};
_Static_assert(sizeof order / sizeof *order <= EXPORT_WIDEST, "the widest set fits");

int export_grain_named(struct str word)
{
	for (int i = 0; i < EXPORT_GRAINS; i++)
		if (str_is(word, export_sets[i].word)) return i;
	return -1;
}

const char *export_grain_word(enum export_grain g) { return export_sets[g].word; }
const char *export_schema(enum export_grain g) { return export_sets[g].schema; }
size_t export_width(enum export_grain g) { return export_sets[g].n; }
const char *export_column_name(enum export_grain g, size_t i) { return export_sets[g].column[i].name; }

bool export_column_right(enum export_grain g, size_t i)
{
	enum export_kind k = export_sets[g].column[i].kind;
	return k == X_INT || k == X_MONEY || k == X_MINOR;
}

// Names of things, which are nothing once they are cut.
bool export_column_id(enum export_grain g, size_t i)
{
	static const char *const ids[] = {"sku", "line_id", "psp_ref", "tracking_number", "shipment_id", "event_id"};
	for (size_t k = 0; k < sizeof ids / sizeof *ids; k++)
		if (!strcmp(ids[k], export_column_name(g, i))) return true;
	return i == 0;
}

// What says again what another column says, or is long, goes before everything else.
int export_column_rank(enum export_grain g, size_t i)
{
	enum { AGAIN = 100, LONG = 200 };
	const struct export_column *c = &export_sets[g].column[i];
	int rank = 0;
	for (struct str s = str_of(export_sets[g].screen); s.n; rank++) {
		const char *comma = memchr(s.p, ',', s.n);
		size_t end = comma ? (size_t)(comma - s.p) : s.n;
		if (str_is(str_cut(s, 0, end), c->name)) return rank;
		s = str_cut(s, end + 1, s.n);
	}
	return rank + (int)i + (c->kind == X_MINOR || c->kind == X_ON ? AGAIN : c->kind == X_JSON ? LONG : 0);
}
