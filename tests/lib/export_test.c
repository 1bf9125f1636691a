// Exports: rows by hand, their order, that nothing is scanned or sorted for them, and sums beyond 64 bits.
#include "export_part.h"
#include "source_store.h"
#include "store_help.h"

static struct tax vat[] = {{{"VAT", 3}, {"DE", 2}, {"0.19", 4}, 467, true}, {{"Eco", 3}, {0}, {0}, 10, false}};
static struct line lines[] = {
	{.id = {"l1", 2}, .sku = {"A-1", 3}, .name = {"Mug, \"blue\"", 11}, .quantity = 2, .unit_price = 1000, .subtotal = 2000, .discount = 0, .tax = 467, .total = 2000, .taxes = vat, .n_taxes = 2, .shipped = 1},
	{.id = {"l2", 2}, .name = {"=Lid", 4}, .quantity = 1, .unit_price = MONEY_NONE, .subtotal = 5, .discount = MONEY_NONE, .tax = MONEY_NONE, .total = -5},
};
static struct charge charges[] = {{.kind = 's', .name = {"Post", 4}, .price = 499, .discount = 0, .tax = 80, .taxes = vat, .n_taxes = 1}};
static struct payment payments[] = {{.psp = {"stripe", 6}, .psp_ref = {"ch_1", 4}, .status = PAY_CAPTURED, .currency = {"JPY", 3}, .digits = 0, .amount = 2494, .authorized = 2494, .captured = 2494,
	.voided = MONEY_NONE, .refunded = MONEY_NONE, .fee = MONEY_NONE, .at = 1762000000000}};
static struct track scans[] = {{1762000000000, TRACK_PRE_TRANSIT, {"MA", 2}, {"Label made", 10}, {0}}, {1762090000123, TRACK_DELIVERED, {"OK", 2}, {0}, {"Berlin", 6}}};
static struct shipment shipments[] = {{.id = {"s1", 2}, .carrier = {"DHL", 3}, .status = SHIP_DELIVERED, .progress = TRACK_DELIVERED, .shipped_at = DATE_NONE, .delivered_at = 1762090000123,
	.promised_at = DATE_NONE, .eta_at = DATE_NONE, .last_event_at = DATE_NONE, .events = scans, .n_events = 2}};

// 1762000000000 is 2025-11-01T12:26:40Z (Python: datetime.fromtimestamp).
static struct order small(const char *id, int64_t placed)
{
	return (struct order){.id = str_of(id), .source = {"shop", 4}, .external_id = {"x", 1}, .number = {"#1", 2}, .complete = true, .placed_at = placed, .updated_at = placed,
		.cancelled_at = DATE_NONE, .closed_at = DATE_NONE, .ship_by = DATE_NONE, .promised_at = DATE_NONE, .currency = {"EUR", 3}, .digits = 2, .price_mode = 'g',
		.subtotal = 2005, .discount_total = 0, .shipping_total = 499, .fee_total = MONEY_NONE, .tax_total = 547, .total = 2494, .authorized = 0, .captured = 0, .refunded = 0, .disputed = 0,
		.attention = 1u << ATT_RECON | 1u << ATT_TEST};
}

static struct order full(const char *id, int64_t placed)
{
	struct order o = small(id, placed);
	o.lines = lines, o.n_lines = 2, o.charges = charges, o.n_charges = 1, o.taxes = vat, o.n_taxes = 1;
	o.payments = payments, o.n_payments = 1, o.shipments = shipments, o.n_shipments = 1;
	o.parts = PART_LINES | PART_CHARGES | PART_TAXES | PART_PAYMENTS | PART_SHIPMENTS;
	return o;
}

static void save(struct fixture *f, const struct order *o)
{
	struct source s = {0};
	bool created;
	BEGIN(f);
	OK(f, source_put(f->db, &f->err, &(struct source){.name = "shop", .channel = "oms", .tz = "UTC"}, &created));
	OK(f, source_get(f->db, &f->err, &f->arena, "shop", &s));
	OK(f, order_save(f->db, &f->err, order_key_new(f->db, &f->err), s.source_id, o, ~0u, true));
	COMMIT(f);
}

static struct export_options options(enum export_grain g, const char *fields)
{
	return (struct export_options){.grain = g, .filter = {.since = DATE_NONE, .until = DATE_NONE}, .zone = "UTC", .fields = fields, .header = true, .proof = true};
}

// All bytes of an export, and its manifest where one is wanted.
static const char *all(struct fixture *f, struct export_options o, const char **manifest)
{
	struct buf b = {0}, m = {0};
	struct str row;
	int got;
	struct export *x = export_open(f->db, &f->err, &f->arena, &o);
	if (!x) fail_msg("%s", f->err.text);
	buf_str(&b, export_head(x));
	while ((got = export_row(x, &f->err, &row)) == 1) buf_str(&b, row);
	OK(f, got);
	OK(f, export_manifest(x, &f->err, &(struct export_stamp){"f.csv", "test", 1762000000000}, &m));
	if (manifest) *manifest = str_c(&f->arena, buf_view(&m));
	const char *text = str_c(&f->arena, buf_view(&b));
	export_close(x);
	buf_free(&b);
	buf_free(&m);
	return text;
}

static void rows_by_hand(void **state)
{
	struct fixture *f = *state;
	struct order o = full("shop:x", 1762000000000);
	save(f, &o);
	assert_string_equal(all(f, options(EXPORT_LINE, NULL), NULL),
		"order,source,number,placed_at,placed_on,status,line_no,line_id,sku,name,variant,quantity,currency,unit_price,subtotal,discount,tax,total,total_minor,cancelled,shipped,returned,refunded\r\n"
		"shop:x,shop,#1,2025-11-01T12:26:40.000Z,2025-11-01,new,1,l1,A-1,\"Mug, \"\"blue\"\"\",,2,EUR,10.00,20.00,0.00,4.67,20.00,2000,0,1,0,0\r\n"
		"shop:x,shop,#1,2025-11-01T12:26:40.000Z,2025-11-01,new,2,l2,,=Lid,,1,EUR,,0.05,,,-0.05,-5,0,0,0,0\r\n");
	assert_string_equal(all(f, options(EXPORT_TAX, "scope,line_no,charge,tax_no,name,jurisdiction,rate,currency,amount,included"), NULL),
		"scope,line_no,charge,tax_no,name,jurisdiction,rate,currency,amount,included\r\n"
		"shipping,,Post,1,VAT,DE,0.19,EUR,4.67,true\r\norder,,,1,VAT,DE,0.19,EUR,4.67,true\r\nline,1,,1,VAT,DE,0.19,EUR,4.67,true\r\nline,1,,2,Eco,,,EUR,0.10,false\r\n");
	assert_string_equal(all(f, options(EXPORT_PAYMENT, "payment_no,psp_ref,status,paid_at,currency,amount,captured_minor,fee"), NULL),
		"payment_no,psp_ref,status,paid_at,currency,amount,captured_minor,fee\r\n1,ch_1,captured,2025-11-01T12:26:40.000Z,JPY,2494,2494,\r\n");
	assert_string_equal(all(f, options(EXPORT_SHIPPING, "shipment_id,status,progress,shipped_at,entry_no,entry_at,code,message,location"), NULL),
		"shipment_id,status,progress,shipped_at,entry_no,entry_at,code,message,location\r\n"
		"s1,delivered,delivered,,1,2025-11-01T12:26:40.000Z,pre_transit,Label made,\r\ns1,delivered,delivered,,2,2025-11-02T13:26:40.123Z,delivered,,Berlin\r\n");
	struct export_options json = options(EXPORT_ORDER, "id,attention,total,total_minor,fee_total,lines");
	json.form = EXPORT_JSONL;
	assert_string_equal(all(f, json, NULL), "{\"schema\":\"oms.csv_order/1\",\"id\":\"shop:x\",\"attention\":[\"recon\",\"test\"],\"total\":\"24.94\",\"total_minor\":2494,\"lines\":2}\n");
	struct export_options excel = options(EXPORT_LINE, "name,total");
	excel.form = EXPORT_CSV_EXCEL;
	assert_string_equal(all(f, excel, NULL), "\xef\xbb\xbfname,total\r\n\"Mug, \"\"blue\"\"\",20.00\r\n'=Lid,-0.05\r\n");
}

// In the order of placed_at, then id, whichever was saved first.
static void order_of_rows(void **state)
{
	struct fixture *f = *state;
	static const struct { const char *id; int64_t at; } saved[] = {{"shop:b", 1762000000000}, {"shop:c", 1761999999999}, {"shop:a", 1762000000000}, {"shop:aa", 1762000000000}, {"shop:0", 1762000000001}};
	for (size_t i = 0; i < 5; i++) {
		struct order o = small(saved[i].id, saved[i].at);
		o.attention = i % 2 ? 1u << ATT_TEST : 0; // two profiles, whose streams are merged
		save(f, &o);
	}
	assert_string_equal(all(f, options(EXPORT_ORDER, "id"), NULL), "id\r\nshop:c\r\nshop:a\r\nshop:aa\r\nshop:b\r\nshop:0\r\n");
	struct export_options o = options(EXPORT_ORDER, "id");
	o.filter.status = 1u << ORDER_NEW;
	o.filter.since = 1762000000000, o.filter.until = 1762000000001; // half-open
	assert_string_equal(all(f, o, NULL), "id\r\nshop:a\r\nshop:aa\r\nshop:b\r\n");
	o.filter.attention = 1u << ATT_TEST;
	assert_string_equal(all(f, o, NULL), "id\r\nshop:aa\r\n");
}

static void nothing_is_scanned_or_sorted(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 20; i++) {
		struct order o = full(arena_printf(&f->arena, "shop:%d", i), 1762000000000 + i % 3);
		save(f, &o);
	}
	struct db *reader = db_open(f->path, DB_READ, 0, &f->err), *writer = f->db;
	assert_non_null(reader);
	f->db = reader;
	db_stats(reader);
	for (enum export_grain g = 0; g < EXPORT_GRAINS; g++)
		for (int filtered = 0; filtered < 2; filtered++) {
			struct export_options o = options(g, NULL);
			if (filtered) o.filter.attention = 1u << ATT_TEST, o.filter.sku = "A-1";
			all(f, o, NULL);
		}
	struct db_stats s = db_stats(reader);
	f->db = writer;
	assert_int_equal(s.sorts, 40); // 20 orders with a shipment, twice: its entries alone
	assert_int_equal(s.auto_indexes, 0);
	assert_true(s.full_scans < 100); // of the few profiles and the sources, once an export; 20 orders times 12 would be more
	assert_int_equal(db_close(reader, &f->err), 0);
}

// 2 * (2^63 - 1) = 18446744073709551614
static void sums_beyond_64_bits(void **state)
{
	struct fixture *f = *state;
	const char *m;
	struct order o = small("shop:1", 1762000000000);
	o.total = o.captured = INT64_MAX;
	save(f, &o);
	o.id = S("shop:2");
	o.captured = -INT64_MAX;
	save(f, &o);
	all(f, options(EXPORT_ORDER, "currency,total,captured"), &m);
	assert_non_null(strstr(m, "\"total\": \"184467440737095516.14\""));
	assert_non_null(strstr(m, "\"captured\": \"0.00\""));
	assert_non_null(strstr(m, "\"minor\": {\n        \"captured\": 0\n"));
}

static void wide_as_text(void **state)
{
	(void)state;
	static const struct { export_wide v; int digits; const char *text; } t[] = {{0, 0, "0"}, {0, 2, "0.00"}, {-5, 2, "-0.05"}, {1234, 3, "1.234"}, {-300, 0, "-300"}, {INT64_MIN, 2, "-92233720368547758.08"},
		{(export_wide)INT64_MAX * 10, 1, "9223372036854775807.0"}};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct buf b = {0};
		export_wide_text(&b, t[i].v, t[i].digits);
		buf_c(&b, 0);
		assert_string_equal(b.p, t[i].text);
		buf_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rows_by_hand, store_setup, store_teardown), cmocka_unit_test_setup_teardown(order_of_rows, store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(nothing_is_scanned_or_sorted, store_setup, store_teardown), cmocka_unit_test_setup_teardown(sums_beyond_64_bits, store_setup, store_teardown),
		cmocka_unit_test(wide_as_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
