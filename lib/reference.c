// Reference records: their kinds, their fields, and the areas zones are made of.
#include "reference.h"
#include "country.h"

static const struct { const char *word; bool state; const char *what; } kinds[] = {
#define X(code, word, state, what) {word, state, what},
	REFERENCE_KINDS(X)
#undef X
};

const char *reference_word(enum reference_kind k) { return kinds[k].word; }
const char *reference_what(enum reference_kind k) { return kinds[k].what; }
bool reference_is_state(enum reference_kind k) { return kinds[k].state; }

int reference_named(struct str word)
{
	for (int k = 0; k < REFERENCE_KIND_COUNT; k++)
		if (str_is(word, kinds[k].word)) return k;
	return -1;
}

static const struct reference_field sku[] = {
	{"id", RF_TEXT, true, "the SKU as channels write it"}, {"name", RF_TEXT, false, "what people call it"},
	{"category", RF_TEXT, false, "a word that safety stock may be set for"}, {"active", RF_FLAG, false, "may be confirmed; true where nothing is said"},
	{"discontinued", RF_FLAG, false, "sold while there is stock; confirming it warns"}, {"stocked", RF_FLAG, false, "lies in warehouses; false for what is downloaded or done"},
	{"backorder_limit", RF_WHOLE, false, "units that may be confirmed without stock; 0 where nothing is said"},
	{"components", RF_COMPONENTS, false, "a bundle: the SKUs it is taken from, with how many of each"},
	{"denied", RF_TEXTS, false, "countries (ISO 3166-1) it may not go to"}, {"weight_g", RF_WHOLE, false, "grams"},
	{"max_quantity", RF_WHOLE, false, "units an order line may have"},
};
static const struct reference_field warehouse[] = {
	{"id", RF_TEXT, true, "its short name"}, {"name", RF_TEXT, false, "what people call it"}, {"country", RF_TEXT, false, "where it stands (ISO 3166-1)"},
	{"tz", RF_TEXT, false, "its zone of time, an IANA name"}, {"active", RF_FLAG, false, "ships; true where nothing is said"},
	{"priority", RF_WHOLE, false, "asked first: the lower; 100 where nothing is said"}, {"zones", RF_TEXTS, false, "zones it ships to; all where none is named"},
};
static const struct reference_field zone[] = {
	{"id", RF_TEXT, true, "its short name"}, {"name", RF_TEXT, false, "what people call it"},
	{"include", RF_TEXTS, true, "areas: CC, CC-REGION, or CC and the beginning of a postcode"}, {"exclude", RF_TEXTS, false, "areas that are not in it"},
};
static const struct reference_field service[] = {
	{"id", RF_TEXT, true, "its short name"}, {"name", RF_TEXT, false, "what people call it"}, {"carrier", RF_TEXT, true, "who carries it"},
	{"active", RF_FLAG, false, "may be used; true where nothing is said"}, {"priority", RF_WHOLE, false, "taken first: the lower; 100 where nothing is said"},
	{"zones", RF_TEXTS, true, "zones it goes to"}, {"warehouses", RF_TEXTS, false, "warehouses it is picked up at; all where none is named"},
};
static const struct reference_field safety[] = {
	{"sku", RF_TEXT, false, "of this SKU; where none is named, category says of what"}, {"category", RF_TEXT, false, "of all SKUs of this category"}, {"warehouse", RF_TEXT, false, "in this warehouse; all where none is named"},
	{"channel", RF_TEXT, false, "for orders of this source; all where none is named"}, {"quantity", RF_WHOLE, true, "units that are never promised"},
};
static const struct reference_field counted[] = {
	{"sku", RF_TEXT, true, "what was counted"}, {"warehouse", RF_TEXT, true, "where"}, {"on_hand", RF_WHOLE, true, "units that were there"},
	{"held", RF_WHOLE, false, "of them not to be sold; as before where nothing is said"}, {"counted_at", RF_TIME, true, "when, or --at says it; what is booked later counts on top"},
	{"reason", RF_TEXT, false, "why it was counted"},
};
static const struct reference_field receipt[] = {
	{"id", RF_TEXT, true, "number of the delivery: with the SKU and the warehouse it makes the receipt one"}, {"sku", RF_TEXT, true, "what came in"},
	{"warehouse", RF_TEXT, true, "where"}, {"quantity", RF_WHOLE, true, "units"}, {"received_at", RF_TIME, false, "when"}, {"reason", RF_TEXT, false, "what for"},
};
static const struct reference_field quarantine[] = {
	{"id", RF_TEXT, true, "number of the decision"}, {"sku", RF_TEXT, true, "of what"}, {"warehouse", RF_TEXT, true, "where"},
	{"quantity", RF_WHOLE, true, "units to hold; below zero: to give free again"}, {"at", RF_TIME, false, "when"}, {"reason", RF_TEXT, false, "why"},
};
static const struct reference_field scrap[] = {
	{"id", RF_TEXT, true, "number of the record"}, {"sku", RF_TEXT, true, "of what"}, {"warehouse", RF_TEXT, true, "where"}, {"quantity", RF_WHOLE, true, "units that are gone"},
	{"held", RF_WHOLE, false, "of them held before"}, {"at", RF_TIME, false, "when"}, {"reason", RF_TEXT, false, "why"},
};
static const struct reference_field transfer[] = {
	{"id", RF_TEXT, true, "number of the transfer"}, {"sku", RF_TEXT, true, "of what"}, {"from", RF_TEXT, true, "warehouse they left"}, {"to", RF_TEXT, true, "warehouse they came to"},
	{"quantity", RF_WHOLE, true, "units"}, {"at", RF_TIME, false, "when"}, {"reason", RF_TEXT, false, "why"},
};

const struct reference_field *reference_fields(enum reference_kind k, size_t *n)
{
#define FIELDS(table) {table, sizeof table / sizeof *table}
	static const struct { const struct reference_field *field; size_t n; } tables[REFERENCE_KIND_COUNT] = {
		[REF_SKU] = FIELDS(sku), [REF_WAREHOUSE] = FIELDS(warehouse), [REF_ZONE] = FIELDS(zone), [REF_SERVICE] = FIELDS(service), [REF_SAFETY] = FIELDS(safety),
		[REF_COUNT] = FIELDS(counted), [REF_RECEIPT] = FIELDS(receipt), [REF_QUARANTINE] = FIELDS(quarantine), [REF_SCRAP] = FIELDS(scrap), [REF_TRANSFER] = FIELDS(transfer),
	};
	*n = tables[k].n;
	return tables[k].field;
}

const char *reference_field_word(enum reference_field_kind k)
{
	static const char *const words[] = {[RF_TEXT] = "text", [RF_TEXTS] = "texts", [RF_WHOLE] = "whole", [RF_FLAG] = "flag", [RF_TIME] = "time", [RF_COMPONENTS] = "components"};
	return words[k];
}

// --- areas -------------------------------------------------------------------------------------------------------------------

static char plain(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

// How many characters of the beginning all are those of the postcode, blanks and hyphens apart; 0: it begins otherwise.
static size_t begins(struct str postcode, struct str beginning)
{
	size_t k = 0, n = 0;
	for (size_t i = 0; i < beginning.n; i++) {
		char c = plain(beginning.p[i]);
		if (c == ' ' || c == '-') continue;
		while (k < postcode.n && (postcode.p[k] == ' ' || postcode.p[k] == '-')) k++;
		if (k == postcode.n || plain(postcode.p[k]) != c) return 0;
		k++;
		n++;
	}
	return n;
}

size_t area_match(struct str area, struct str country, struct str region, struct str postcode)
{
	if (area.n < 2 || country.n != 2 || plain(area.p[0]) != plain(country.p[0]) || plain(area.p[1]) != plain(country.p[1])) return 0;
	struct str rest = str_cut(area, 2, area.n);
	if (!rest.n) return 1;
	if (*rest.p == '-') return region.n && str_eq_nocase(str_cut(rest, 1, rest.n), region) ? 2 : 0;
	size_t n = begins(postcode, str_trim(rest));
	return n ? 2 + n : 0;
}

static size_t longest(const struct str *area, size_t n, struct str country, struct str region, struct str postcode, struct str *by)
{
	size_t most = 0;
	for (size_t i = 0; i < n; i++) {
		size_t m = area_match(area[i], country, region, postcode);
		if (m > most) most = m, *by = area[i];
	}
	return most;
}

bool zone_covers(const struct zone_ref *z, struct str country, struct str region, struct str postcode, struct str *by)
{
	struct str out = {0};
	*by = (struct str){0};
	size_t in = longest(z->include, z->n_include, country, region, postcode, by);
	if (!in) return false;
	if (longest(z->exclude, z->n_exclude, country, region, postcode, &out) < in) return true;
	*by = out;
	return false;
}

static bool capital(char c) { return c >= 'A' && c <= 'Z'; }

// Blanks inside a beginning of a postcode say nothing, and "DE AT FR" in a cell would be one area: so there are none.
bool area_valid(struct str area)
{
	if (area.n < 2 || !capital(area.p[0]) || !capital(area.p[1]) || !country_name(str_cut(area, 0, 2))) return false;
	struct str rest = str_cut(area, 2, area.n);
	if (!rest.n) return true;
	return (*rest.p == '-' || *rest.p == ' ') && rest.n > 1 && !memchr(rest.p + 1, ' ', rest.n - 1);
}
