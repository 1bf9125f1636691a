// Reference records: every fault told, one form written, areas and zones, and the safety rule that counts.
#include "reference_store.h"
#include "store_help.h"

struct got { struct reference r; reference_faults faults; };

static struct got get(struct fixture *f, enum reference_kind k, const char *text)
{
	struct got g = {0};
	struct json *j = NEW(&f->arena, struct json);
	struct json_error bad;
	assert_true(json_parse(j, str_of(text), &bad));
	reference_read(&g.r, k, json_keep(j, &f->arena), 0, &f->arena, &g.faults);
	json_free(j);
	return g;
}

static const char *codes(struct fixture *f, enum reference_kind k, const char *text)
{
	struct got g = get(f, k, text);
	const char *said = "";
	for (size_t i = 0; i < g.faults.n; i++) said = arena_printf(&f->arena, "%s%s%s:%s", said, i ? " " : "", g.faults.v[i].field, g.faults.v[i].code);
	return said;
}

static const char *form(struct fixture *f, enum reference_kind k, const char *text)
{
	struct got g = get(f, k, text);
	struct buf b = {0};
	if (g.faults.n) return codes(f, k, text);
	reference_write(&b, &g.r);
	const char *said = str_c(&f->arena, buf_view(&b));
	buf_free(&b);
	return said;
}
#define FORM(k, text, want) assert_string_equal(form(f, k, text), want)
#define CODES(k, text, want) assert_string_equal(codes(f, k, text), want)

// What says no more than the default is left out; so is the order of members, and how a number or a flag was written.
static void one_form(void **state)
{
	struct fixture *f = *state;
	FORM(REF_SKU, "{\"id\":\"A\"}", "{\"id\":\"A\"}");
	FORM(REF_SKU, "{\"active\":true,\"stocked\":\"yes\",\"weight_g\":\"0\",\"name\":\"\",\"id\":\" A \",\"components\":[],\"denied\":null}", "{\"id\":\"A\"}");
	FORM(REF_SKU, "{\"id\":17,\"active\":\"no\",\"weight_g\":\"12\"}", "{\"id\":\"17\",\"active\":false,\"weight_g\":12}");
	FORM(REF_SKU, "{\"id\":\"A\",\"components\":\"B*2 C\"}", "{\"id\":\"A\",\"components\":[{\"sku\":\"B\",\"quantity\":2},{\"sku\":\"C\",\"quantity\":1}]}");
	FORM(REF_SKU, "{\"id\":\"A\",\"components\":[{\"sku\":\"B\",\"quantity\":2},{\"sku\":\"C\"}]}", "{\"id\":\"A\",\"components\":[{\"sku\":\"B\",\"quantity\":2},{\"sku\":\"C\",\"quantity\":1}]}");
	FORM(REF_SKU, "{\"id\":\"A\",\"components\":\"5*5*3\"}", "{\"id\":\"A\",\"components\":[{\"sku\":\"5*5\",\"quantity\":3}]}");
	FORM(REF_SKU, "{\"id\":\"A\",\"components\":\"42*1 x*2 2X4 XL\"}",
		"{\"id\":\"A\",\"components\":[{\"sku\":\"42\",\"quantity\":1},{\"sku\":\"x\",\"quantity\":2},{\"sku\":\"2X4\",\"quantity\":1},{\"sku\":\"XL\",\"quantity\":1}]}");
	FORM(REF_SKU, "{\"ID\":\"A\",\"Weight_G\":3,\"Kind\":\"sku\",\"REVISION\":4}", "{\"id\":\"A\",\"weight_g\":3}");
	FORM(REF_WAREHOUSE, "{\"id\":\"W\",\"priority\":100,\"zones\":\"DE EU;\"}", "{\"id\":\"W\",\"zones\":[\"DE EU\"]}");
	FORM(REF_SAFETY, "{\"sku\":\"A\",\"quantity\":0}", "{\"sku\":\"A\",\"quantity\":0}");
	FORM(REF_COUNT, "{\"sku\":\"A\",\"warehouse\":\"W\",\"on_hand\":\"7\",\"counted_at\":\"2026-11-02T09:00:00+01:00\"}",
		"{\"sku\":\"A\",\"warehouse\":\"W\",\"on_hand\":7,\"counted_at\":\"2026-11-02T08:00:00.000Z\"}");
	FORM(REF_ZONE, "{\"id\":\"Z\",\"include\":\"GB BT, DE\"}", "{\"id\":\"Z\",\"include\":[\"GB BT\",\"DE\"]}");
}

static void written_reads_back(void **state)
{
	struct fixture *f = *state;
	static const struct { enum reference_kind k; const char *text; } all[] = {
		{REF_SKU, "{\"id\":\"A\",\"name\":\"N\",\"category\":\"c\",\"active\":false,\"discontinued\":true,\"stocked\":false,\"backorder_limit\":3,\"components\":[{\"sku\":\"B\",\"quantity\":2}],\"denied\":[\"RU\"],\"weight_g\":4,\"max_quantity\":5}"},
		{REF_WAREHOUSE, "{\"id\":\"W\",\"name\":\"N\",\"country\":\"DE\",\"tz\":\"Europe/Berlin\",\"active\":false,\"priority\":1,\"zones\":[\"Z\"]}"},
		{REF_ZONE, "{\"id\":\"Z\",\"name\":\"N\",\"include\":[\"GB\"],\"exclude\":[\"GB BT\"]}"},
		{REF_SERVICE, "{\"id\":\"S\",\"name\":\"N\",\"carrier\":\"dhl\",\"active\":false,\"priority\":2,\"zones\":[\"Z\"],\"warehouses\":[\"W\"]}"},
		{REF_SAFETY, "{\"sku\":\"A\",\"warehouse\":\"W\",\"channel\":\"c\",\"quantity\":9}"},
		{REF_RECEIPT, "{\"id\":\"1\",\"sku\":\"A\",\"warehouse\":\"W\",\"quantity\":9,\"received_at\":\"2026-11-02T08:00:00.000Z\",\"reason\":\"r\"}"},
		{REF_QUARANTINE, "{\"id\":\"1\",\"sku\":\"A\",\"warehouse\":\"W\",\"quantity\":-9,\"at\":\"2026-11-02T08:00:00.000Z\"}"},
		{REF_SCRAP, "{\"id\":\"1\",\"sku\":\"A\",\"warehouse\":\"W\",\"quantity\":9,\"held\":0}"},
		{REF_TRANSFER, "{\"id\":\"1\",\"sku\":\"A\",\"from\":\"W\",\"to\":\"V\",\"quantity\":9}"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) FORM(all[i].k, all[i].text, all[i].text);
}

static void every_fault_is_told(void **state)
{
	struct fixture *f = *state;
	CODES(REF_SKU, "{\"nmae\":1,\"weight_g\":-1,\"active\":[],\"denied\":[\"de\"]}", "nmae:unknown_field weight_g:below_zero active:not_a_flag id:missing");
	CODES(REF_SKU, "{\"id\":\"A\",\"denied\":[\"de\",\"XX\",\"DE\"]}", "denied:unknown_country denied:unknown_country");
	CODES(REF_SKU, "{\"id\":\"A\",\"weight_g\":1.5,\"max_quantity\":99999999999}", "weight_g:not_whole max_quantity:too_large");
	CODES(REF_SKU, "{\"id\":\"A\",\"components\":[{\"sku\":\"A\"},{\"sku\":\"B\"},{\"sku\":\"B\"}]}", "components:of_itself components:twice");
	CODES(REF_SKU, "{\"id\":\"A\",\"components\":7}", "components:not_components");
	static const char *const meant_otherwise[] = {"B x 2", "B 2", "2 B", "B x2", "B 2x", "B X 2", "B × 2", "B ×2", "x", "2", "B*2 3"};
	for (size_t i = 0; i < sizeof meant_otherwise / sizeof *meant_otherwise; i++)
		CODES(REF_SKU, arena_printf(&f->arena, "{\"id\":\"A\",\"components\":\"%s\"}", meant_otherwise[i]), "components:not_components");
	CODES(REF_SKU, "{\"id\":\"A\",\"ID\":\"B\"}", "id:twice");
	CODES(REF_SKU, "{\"id\":{\"a\":1}}", "id:not_text");
	CODES(REF_SKU, "{\"id\":\"a\\u0001b\"}", "id:control_character");
	CODES(REF_WAREHOUSE, "{\"id\":\"W\",\"tz\":\"Mars/Olympus\",\"country\":\"Germany\"}", "country:unknown_country tz:unknown_zone");
	CODES(REF_ZONE, "{\"id\":\"Z\",\"include\":[]}", "include:missing");
	CODES(REF_ZONE, "{\"id\":\"Z\",\"include\":[\"DE\",\"D\",\"US-\",\"DE AT FR\",\"de\",\"USA\"]}", "include:not_an_area include:not_an_area include:not_an_area include:not_an_area include:not_an_area");
	CODES(REF_SAFETY, "{\"quantity\":1}", "sku:missing");
	CODES(REF_SAFETY, "{\"sku\":\"A\",\"category\":\"c\",\"quantity\":1}", "category:two_subjects");
	CODES(REF_SAFETY, "{\"sku\":\"A\",\"channel\":\"c\",\"quantity\":1}", "channel:too_general");
	CODES(REF_COUNT, "{\"sku\":\"A\",\"warehouse\":\"W\",\"on_hand\":3,\"held\":4,\"counted_at\":\"2026-11-02T08:00:00Z\"}", "held:over_on_hand");
	CODES(REF_COUNT, "{\"sku\":\"A\",\"warehouse\":\"W\",\"on_hand\":3,\"counted_at\":\"2 November\"}", "counted_at:not_a_time");
	CODES(REF_RECEIPT, "{\"id\":\"1\",\"sku\":\"A\",\"warehouse\":\"W\",\"quantity\":0}", "quantity:not_positive");
	CODES(REF_RECEIPT, "{\"id\":\"1\",\"sku\":\"A\",\"warehouse\":\"W\",\"quantity\":-1}", "quantity:below_zero");
	CODES(REF_SCRAP, "{\"id\":\"1\",\"sku\":\"A\",\"warehouse\":\"W\",\"quantity\":1,\"held\":2}", "held:over_quantity");
	CODES(REF_TRANSFER, "{\"id\":\"1\",\"sku\":\"A\",\"from\":\"W\",\"to\":\"W\",\"quantity\":1}", "to:same_warehouse");
	CODES(REF_SKU, "[]", ":no_record");
}

static void a_listing_is_a_record(void **state)
{
	struct fixture *f = *state;
	FORM(REF_SKU, "{\"schema\":\"oms.reference/1\",\"id\":\"A\",\"kind\":\"sku\",\"revision\":3,\"changed_at\":\"x\",\"name\":\"N\"}", "{\"id\":\"A\",\"name\":\"N\"}");
	FORM(REF_SAFETY, "{\"id\":\"sku:A\",\"sku\":\"A\",\"quantity\":1}", "{\"sku\":\"A\",\"quantity\":1}");
	CODES(REF_SKU, "{\"schema\":\"oms.order/1\",\"kind\":\"zone\",\"id\":\"A\"}", "schema:other_schema kind:other_kind");
}

static void a_count_takes_the_time_of_the_run(void **state)
{
	struct fixture *f = *state;
	static const char *const texts[] = {"{\"sku\":\"A\",\"warehouse\":\"W\",\"on_hand\":3}", "{\"sku\":\"A\",\"warehouse\":\"W\",\"on_hand\":3,\"counted_at\":\"\"}",
		"{\"sku\":\"A\",\"warehouse\":\"W\",\"on_hand\":3,\"counted_at\":\"1970-01-01T00:00:09Z\"}"};
	for (size_t i = 0; i < 3; i++) {
		struct got g = {0};
		struct json j = {0};
		struct json_error bad;
		assert_true(json_parse(&j, str_of(texts[i]), &bad));
		reference_read_counted(&g.r, REF_COUNT, &j, 0, 5000, &f->arena, &g.faults);
		assert_int_equal(g.faults.n, 0);
		assert_int_equal(g.r.stock.at, i < 2 ? 5000 : 9000);
		json_free(&j);
	}
}

// Two rules never share what they are kept under, whatever stands in their names.
static void rules_have_ids_of_their_own(void **state)
{
	struct fixture *f = *state;
	struct got a = get(f, REF_SAFETY, "{\"sku\":\"A\",\"warehouse\":\"W\",\"quantity\":1}"), b = get(f, REF_SAFETY, "{\"sku\":\"A warehouse:W\",\"quantity\":1}");
	assert_true(str_is(a.r.id, "sku:A warehouse:W"));
	assert_false(str_eq(a.r.id, b.r.id));
	assert_false(str_eq(b.r.id, get(f, REF_SAFETY, "{\"sku\":\"A%20warehouse:W\",\"quantity\":1}").r.id));
}

// --- areas -------------------------------------------------------------------------------------------------------------------

static void areas_fix_so_much(void **state)
{
	(void)state;
	assert_int_equal(area_match(S("DE"), S("DE"), S(""), S("04109")), 1);
	assert_int_equal(area_match(S("DE"), S("AT"), S(""), S("04109")), 0);
	assert_int_equal(area_match(S("US-CA"), S("US"), S("CA"), S("94110")), 2);
	assert_int_equal(area_match(S("US-CA"), S("US"), S("NY"), S("94110")), 0);
	assert_int_equal(area_match(S("US-CA"), S("US"), S(""), S("94110")), 0);
	assert_int_equal(area_match(S("GB BT"), S("GB"), S(""), S("bt1 1aa")), 4);
	assert_int_equal(area_match(S("GB BT11"), S("GB"), S(""), S("BT1 1AA")), 6); // the blank says nothing
	assert_int_equal(area_match(S("GB BT"), S("GB"), S(""), S("B1 1AA")), 0);
	assert_int_equal(area_match(S("GB BT"), S("GB"), S(""), S("")), 0);
	assert_int_equal(area_match(S("DE"), S(""), S(""), S("")), 0);
}

static bool covers(struct fixture *f, const char *zone, const char *country, const char *region, const char *postcode, const char *by_whom)
{
	struct got g = get(f, REF_ZONE, zone);
	struct str by;
	assert_int_equal(g.faults.n, 0);
	bool in = zone_covers(&g.r.zone, str_of(country), str_of(region), str_of(postcode), &by);
	if (by_whom) assert_true(str_is(by, by_whom));
	else assert_null(by.p);
	return in;
}

static void the_longest_area_decides(void **state)
{
	struct fixture *f = *state;
	static const char gb[] = "{\"id\":\"GB\",\"include\":[\"GB\"],\"exclude\":[\"GB BT\"]}", us[] = "{\"id\":\"US\",\"include\":[\"US\",\"US 995\"],\"exclude\":[\"US-AK\"]}";
	assert_true(covers(f, gb, "GB", "", "SW1A 1AA", "GB"));
	assert_false(covers(f, gb, "GB", "", "BT1 1AA", "GB BT"));
	assert_false(covers(f, gb, "IE", "", "", NULL));
	assert_true(covers(f, us, "US", "NY", "10001", "US"));
	assert_false(covers(f, us, "US", "AK", "99850", "US-AK"));
	assert_true(covers(f, us, "US", "AK", "99501", "US 995"));
	assert_true(covers(f, "{\"id\":\"Z\",\"include\":[\"DE\",\"ES 35\"],\"exclude\":[\"ES\"]}", "ES", "", "35001", "ES 35"));
	// As long as each other: it is out.
	assert_false(covers(f, "{\"id\":\"Z\",\"include\":[\"DE\"],\"exclude\":[\"DE\"]}", "DE", "", "04109", "DE"));
}

// --- the catalog ---------------------------------------------------------------------------------------------------------------

static void keep(struct fixture *f, enum reference_kind k, const char *text)
{
	struct got g = get(f, k, text);
	struct buf b = {0};
	assert_int_equal(g.faults.n, 0);
	reference_write(&b, &g.r);
	OK(f, reference_put(f->db, &f->err, k, &(struct reference_row){g.r.id, buf_view(&b), 1, 7}));
	buf_free(&b);
}

static void safety_is(struct fixture *f, const char *sku, const char *category, const char *warehouse, const char *channel, int64_t want, const char *rule)
{
	int64_t n;
	struct str by;
	OK(f, catalog_safety(f->db, &f->err, str_of(sku), str_of(category), str_of(warehouse), channel ? str_of(channel) : (struct str){0}, &n, &by));
	assert_int_equal(n, want);
	assert_string_equal(str_c(&f->arena, by), rule);
}

static void the_most_specific_rule_counts(void **state)
{
	struct fixture *f = *state;
	BEGIN(f);
	safety_is(f, "A", "c", "W", NULL, 0, "");
	keep(f, REF_SAFETY, "{\"category\":\"c\",\"quantity\":1}");
	safety_is(f, "A", "c", "W", NULL, 1, "category:c");
	safety_is(f, "A", "", "W", NULL, 0, "");
	keep(f, REF_SAFETY, "{\"sku\":\"A\",\"quantity\":2}");
	safety_is(f, "A", "c", "W", NULL, 2, "sku:A");
	keep(f, REF_SAFETY, "{\"category\":\"c\",\"warehouse\":\"W\",\"quantity\":3}");
	safety_is(f, "A", "c", "W", NULL, 3, "category:c warehouse:W");
	safety_is(f, "A", "c", "V", NULL, 2, "sku:A");
	keep(f, REF_SAFETY, "{\"sku\":\"A\",\"warehouse\":\"W\",\"quantity\":4}");
	keep(f, REF_SAFETY, "{\"sku\":\"A\",\"warehouse\":\"W\",\"channel\":\"shop\",\"quantity\":0}");
	safety_is(f, "A", "c", "W", NULL, 4, "sku:A warehouse:W");
	safety_is(f, "A", "c", "W", "other", 4, "sku:A warehouse:W");
	safety_is(f, "A", "c", "W", "shop", 0, "sku:A warehouse:W channel:shop"); // 0 said is more than nothing said
	// Rules of SKUs whose names begin alike stand next to these.
	keep(f, REF_SAFETY, "{\"sku\":\"A!\",\"quantity\":50}");
	keep(f, REF_SAFETY, "{\"sku\":\"A B\",\"quantity\":60}");
	keep(f, REF_SAFETY, "{\"sku\":\"AB\",\"quantity\":70}");
	safety_is(f, "A", "c", "V", NULL, 2, "sku:A");
	safety_is(f, "A B", "", "V", NULL, 60, "sku:A%20B");
	safety_is(f, "A!", "", "V", NULL, 50, "sku:A!");
	COMMIT(f);
}

static void many_rules_of_one_sku(void **state)
{
	struct fixture *f = *state;
	BEGIN(f);
	for (int i = 0; i < 1200; i++) keep(f, REF_SAFETY, arena_printf(&f->arena, "{\"sku\":\"A\",\"warehouse\":\"W%04d\",\"quantity\":%d}", i, i));
	for (int i = 0; i < 1200; i += 97) safety_is(f, "A", "", arena_printf(&f->arena, "W%04d", i), NULL, i, arena_printf(&f->arena, "sku:A warehouse:W%04d", i));
	COMMIT(f);
}

static void the_catalog_forgets_what_changes(void **state)
{
	struct fixture *f = *state;
	const struct warehouse_ref *w;
	size_t n;
	BEGIN(f);
	assert_null(catalog_sku(f->db, &f->err, S("A")));
	assert_int_equal(f->err.code, E_OK);
	keep(f, REF_SKU, "{\"id\":\"A\",\"name\":\"N\",\"backorder_limit\":3}");
	assert_true(str_is(catalog_sku(f->db, &f->err, S("A"))->name, "N"));
	keep(f, REF_SKU, "{\"id\":\"A\",\"name\":\"M\"}");
	assert_true(str_is(catalog_sku(f->db, &f->err, S("A"))->name, "M"));
	keep(f, REF_WAREHOUSE, "{\"id\":\"B\",\"priority\":2}");
	keep(f, REF_WAREHOUSE, "{\"id\":\"C\",\"priority\":1}");
	keep(f, REF_WAREHOUSE, "{\"id\":\"A\",\"priority\":2}");
	OK(f, catalog_warehouses(f->db, &f->err, &w, &n));
	assert_int_equal(n, 3);
	assert_true(str_is(w[0].id, "C") && str_is(w[1].id, "A") && str_is(w[2].id, "B"));
	COMMIT(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T_(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
		T_(one_form), T_(written_reads_back), T_(every_fault_is_told), T_(a_listing_is_a_record), T_(a_count_takes_the_time_of_the_run), T_(rules_have_ids_of_their_own),
		cmocka_unit_test(areas_fix_so_much), T_(the_longest_area_decides), T_(the_most_specific_rule_counts), T_(many_rules_of_one_sku), T_(the_catalog_forgets_what_changes),
	};
	return cmocka_run_group_tests_name("reference", tests, NULL, NULL);
}
