// Reference data: what the shop sells, where it lies, where it can go; and what is told of stock. Pure: records in and out.
// man 5 oms-refdata is the text of it, share/schemas/oms.reference.json the shape. Quantities are whole base units.
#ifndef REFERENCE_H
#define REFERENCE_H
#include "date.h"
#include "json.h"

// code, word, is it kept as a state (else it is a movement of stock), what a record is
#define REFERENCE_KINDS(X) \
	X(REF_SKU, "sku", true, "an item that is sold, and how: stocked, backordered, made of others") \
	X(REF_WAREHOUSE, "warehouse", true, "a place that ships, and the zones it ships to") \
	X(REF_ZONE, "zone", true, "a set of places: countries, regions, postcodes") \
	X(REF_SERVICE, "service", true, "a service of a carrier, and the zones it goes to") \
	X(REF_SAFETY, "safety", true, "the stock that is never promised, of a SKU or a category, by warehouse and channel") \
	X(REF_COUNT, "count", false, "what was counted in a warehouse at a time") \
	X(REF_RECEIPT, "receipt", false, "units that came in") \
	X(REF_QUARANTINE, "quarantine", false, "units that may not be sold for now, or may again") \
	X(REF_SCRAP, "scrap", false, "units that are gone") \
	X(REF_TRANSFER, "transfer", false, "units from one warehouse to another")
enum reference_kind {
#define X(code, word, state, what) code,
	REFERENCE_KINDS(X)
#undef X
	REFERENCE_KIND_COUNT
};
const char *reference_word(enum reference_kind k);
const char *reference_what(enum reference_kind k);
bool reference_is_state(enum reference_kind k);
int reference_named(struct str word); // -1: no such kind

struct component { struct str sku; int64_t quantity; };
struct sku_ref {
	struct str id, name, category;
	bool active, discontinued, stocked;  // stocked: it lies in warehouses (services and downloads do not)
	int64_t backorder_limit;             // units that may be confirmed without stock; 0: none
	struct component *components; size_t n_components; // a bundle: taken instead of itself
	struct str *denied; size_t n_denied; // countries it may not go to
	int64_t weight_g, max_quantity;      // 0: not said
};
struct warehouse_ref { struct str id, name, country, tz; bool active; int64_t priority; struct str *zones; size_t n_zones; }; // zones none: all
struct zone_ref { struct str id, name; struct str *include; size_t n_include; struct str *exclude; size_t n_exclude; }; // areas: see zone_covers
struct service_ref { struct str id, name, carrier; bool active; int64_t priority; struct str *zones; size_t n_zones; struct str *warehouses; size_t n_warehouses; };
struct safety_ref { struct str sku, category, warehouse, channel; int64_t quantity; };
// A movement: of the kind's fields those it has. from and to: of a transfer; at: counted_at, received_at or at.
struct stock_ref { struct str id, sku, warehouse, from, to, reason; int64_t quantity, on_hand, held, at; };
struct reference {
	enum reference_kind kind;
	struct str id; // of a state: what it is kept under (safety: made of what it is for)
	union { struct sku_ref sku; struct warehouse_ref warehouse; struct zone_ref zone; struct service_ref service; struct safety_ref safety; struct stock_ref stock; };
};

// The fields of a kind, for pages, CSV heads and whoever lists them.
enum reference_field_kind { RF_TEXT, RF_TEXTS, RF_WHOLE, RF_FLAG, RF_TIME, RF_COMPONENTS };
struct reference_field { const char *name; enum reference_field_kind kind; bool required; const char *what; };
const struct reference_field *reference_fields(enum reference_kind k, size_t *n);
const char *reference_field_word(enum reference_field_kind k); // "text" "texts" "whole" …

struct reference_fault { const char *field, *code; const char *message, *hint; }; // texts in the arena
typedef VEC(struct reference_fault) reference_faults;
// Reads the members of object `at`: JSON values, or the texts of CSV cells (lists by blanks or ';', areas by ',' or ';',
// components SKU*N); names of members whatever their case. Every fault is told, not the first alone; with any of them *to is not to be used. Strings in the arena
// or slices of the tape. What a listing adds (schema, kind, revision, changed_at) is passed over.
void reference_read(struct reference *to, enum reference_kind k, const struct json *j, uint32_t at, struct arena *a, reference_faults *faults);
// The same; counted_at (DATE_NONE: none) is that of a count that has none of its own.
void reference_read_counted(struct reference *to, enum reference_kind k, const struct json *j, uint32_t at, int64_t counted_at, struct arena *a, reference_faults *faults);
struct str reference_id(const struct reference *r, struct arena *a); // what it is kept under; reference_read has set r->id to it
// The record in its one form: members in the order of the table, those that say nothing beyond the default left out. Two
// records are the same where these texts are.
void reference_write(struct buf *b, const struct reference *r);
void reference_members(struct buf *b, const struct reference *r); // the same without the brackets, behind what stands there
// One field's value as JSON, also where it is the default; false, nothing or an empty list written: nothing is said there.
bool reference_value(struct buf *b, const struct reference *r, const struct reference_field *f);
bool reference_says(const struct reference *r, const struct reference_field *f); // is it more than the default?

// An area is CC, CC-REGION or CC POSTCODE-BEGINNING (ISO 3166-1 and -2): "DE", "US-CA", "GB BT". How much of the address it
// fixes: 0 it is not in it, 1 the country, 2 the region, 2 + n the n first characters of the postcode (blanks and case apart).
size_t area_match(struct str area, struct str country, struct str region, struct str postcode);
// The zone holds the address: its longest including area is longer than its longest excluding one. *by: which area said so.
bool zone_covers(const struct zone_ref *z, struct str country, struct str region, struct str postcode, struct str *by);
bool area_valid(struct str area);
#endif
