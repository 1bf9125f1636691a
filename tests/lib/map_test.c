// The mapping engine: documents in, events out. Expected values were worked out by hand from the documents.
#include "map.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct arena arena;
static struct err err;

// A mapping written to a file of its own and opened.
static struct map *load(const char *text)
{
	char path[] = "/tmp/oms-map-test-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	struct map *m = map_load_file(&arena, &err, path);
	unlink(path);
	return m;
}

static const char *head =
	"{\"channel\":\"shop\",\"version\":3,\"defaults\":{\"tz\":\"Europe/Berlin\",\"currency\":\"EUR\"},"
	"\"tables\":{\"pay\":{\"paid\":\"captured\",\"voided\":null},\"any\":{\"x\":\"y\",\"*\":\"other\"},"
	"\"two\":{\"REFUND|true\":\"refunded\",\"*|false\":\"failed\"}},"
	"\"owners\":{\"*\":\"channel-ops\",\"total\":\"finance\",\"lines.sku\":\"catalog\",\"lines\":\"logistics\"},"
	"\"refuse\":[{\"when\":\"has(errors)\",\"code\":\"error_answer\",\"message\":\"an error answer\"}],\"kinds\":[";

static const char *order_kind =
	"{\"kind\":\"order\",\"topic\":[\"orders/*\"],\"from\":[\"order\",\"orders[]\",\"\"],\"when\":\"has(id) and has(line_items)\",\"events\":[{"
	"\"type\":\"order.updated\",\"id\":\"join(':', 'order', id, updated_at | time, digest())\",\"order\":\"id\","
	"\"occurred_at\":\"updated_at | time\",\"seq\":\"version\",\"test\":\"test | bool\",\"currency\":\"currency\","
	"\"refs\":[{\"kind\":\"number\",\"value\":\"name\"},{\"kind\":\"email\",\"value\":\"email\"}],"
	"\"body\":{\"number\":\"name\",\"channel_payment\":\"financial_status\",\"payment_status\":\"financial_status | enum(pay)\","
	"\"placed_at\":\"created_at | time\",\"currency\":\"$currency\",\"total\":\"total_price | money\","
	"\"customer\":{\"$with\":\"customer\",\"id\":\"id\",\"name\":\"join(' ', first_name, last_name)\",\"email\":\"email // ^.email\"},"
	"\"addresses\":{\"shipping\":{\"$with\":\"shipping_address // billing_address\",\"$keep\":true,\"city\":\"city\",\"country\":\"country | country\"}},"
	"\"lines\":{\"$each\":\"line_items[]\",\"id\":\"id\",\"sku\":\"sku\",\"quantity\":\"quantity | int\",\"unit_price\":\"price | money\","
	"\"subtotal\":\"mul(price, quantity) | money\",\"discount\":\"sum(discount_allocations[].amount) | money\","
	"\"taxes\":{\"$each\":\"tax_lines[]\",\"name\":\"title\",\"rate\":\"rate | decimal\",\"amount\":\"price | money\"}},"
	"\"charges\":[{\"$each\":\"shipping_lines[]\",\"kind\":\"'shipping'\",\"price\":\"price | money\"},"
	"{\"$when\":\"set(tip)\",\"kind\":\"'fee'\",\"name\":\"'Tip'\",\"price\":\"tip | money\"}],"
	"\"tags\":\"tags | split(',')\"}}]}";

static const char *order =
	"{\"id\":450789469,\"version\":12,\"name\":\"#1001\",\"email\":\"bob@example.org\",\"created_at\":\"2026-01-10T11:00:00-05:00\","
	"\"updated_at\":\"2026-01-10T12:00:00.5Z\",\"test\":true,\"currency\":\"eur\",\"financial_status\":\"paid\",\"total_price\":\"409.940\","
	"\"customer\":{\"id\":207119551,\"first_name\":\"Bob\",\"last_name\":null,\"email\":\"\"},\"shipping_address\":null,"
	"\"billing_address\":{\"city\":\"K\\u00f6ln\",\"country\":\"Germany\"},\"tags\":\"imported, vip\",\"tip\":\"1.5\","
	"\"line_items\":[{\"id\":1,\"sku\":\"IPOD-\\u0022g\",\"quantity\":\"2\",\"price\":199,\"tax_lines\":[{\"title\":\"VAT\",\"rate\":0.06,\"price\":\"3.98\"}],"
	"\"discount_allocations\":[{\"amount\":\"0.10\"},{\"amount\":0.2}]},{\"id\":2,\"sku\":\"\",\"quantity\":1,\"price\":\"0.00\",\"tax_lines\":[]}],"
	"\"shipping_lines\":[{\"price\":\"4.00\"}]}";

static struct map *order_map(void)
{
	char *text = arena_printf(&arena, "%s%s]}", head, order_kind);
	struct map *m = load(text);
	if (!m) fail_msg("%s", err.text);
	return m;
}

static struct map_result *units;
static size_t n_units;

static void run(struct map *m, const char *text, const char *topic)
{
	struct json *j = NEW(&arena, struct json);
	struct json_error bad;
	struct map_source source = {.name = "myshop", .tz = "Europe/Berlin", .currency = "EUR"};
	assert_true(json_parse(j, str_of(arena_strdup(&arena, text)), &bad));
	assert_int_equal(map_document(m, &err, &arena, j, &source, topic, &units, &n_units), 0);
	json_free(j);
}

static const char *event(size_t u, size_t i)
{
	assert_true(u < n_units && i < units[u].n);
	return str_c(&arena, units[u].event[i].json);
}

static void has(const char *json, const char *part)
{
	if (!strstr(json, part)) fail_msg("%s is not in %s", part, json);
}

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void an_order_becomes_an_event(void **state)
{
	(void)state;
	run(order_map(), order, NULL);
	assert_int_equal(n_units, 1);
	assert_int_equal(units[0].found.n, 0);
	assert_string_equal(units[0].kind, "order");
	const char *e = event(0, 0);
	assert_true(strncmp(e, "{\"schema\":\"oms.event/1\",\"id\":\"order:450789469:2026-01-10T12:00:00.500Z:", 71) == 0);
	has(e, "\"type\":\"order.updated\",\"source\":\"myshop\",\"order\":\"450789469\",\"refs\":[{\"kind\":\"number\",\"value\":\"#1001\"},"
		"{\"kind\":\"email\",\"value\":\"bob@example.org\"}],\"occurred_at\":\"2026-01-10T12:00:00.500Z\",\"seq\":12,\"test\":true,\"map\":\"shop/3\",\"payload\":\"");
	has(e, "\"body\":{\"number\":\"#1001\",\"channel_payment\":\"paid\",\"payment_status\":\"captured\",\"placed_at\":\"2026-01-10T16:00:00.000Z\","
		"\"currency\":\"EUR\",\"total\":\"409.94\",\"customer\":{\"id\":\"207119551\",\"name\":\"Bob\",\"email\":\"bob@example.org\"},"
		"\"addresses\":{\"shipping\":{\"city\":\"K\xc3\xb6ln\",\"country\":\"DE\"}},\"lines\":[{\"id\":\"1\",\"sku\":\"IPOD-\\\"g\",\"quantity\":2,"
		"\"unit_price\":\"199.00\",\"subtotal\":\"398.00\",\"discount\":\"0.30\",\"taxes\":[{\"name\":\"VAT\",\"rate\":\"0.06\",\"amount\":\"3.98\"}]},"
		"{\"id\":\"2\",\"quantity\":1,\"unit_price\":\"0.00\",\"subtotal\":\"0.00\",\"taxes\":[]}],"
		"\"charges\":[{\"kind\":\"shipping\",\"price\":\"4.00\"},{\"kind\":\"fee\",\"name\":\"Tip\",\"price\":\"1.50\"}],\"tags\":[\"imported\",\"vip\"]}}");
}

static void an_envelope_is_taken_apart(void **state)
{
	(void)state;
	run(order_map(), "{\"orders\":[{\"id\":1,\"line_items\":[]}, {\"id\":2,\"line_items\":[]},{\"no\":1}]}", NULL);
	assert_int_equal(n_units, 3);
	assert_true(str_is(units[1].raw, "{\"id\":2,\"line_items\":[]}"));
	has(event(0, 0), "\"order\":\"1\"");
	has(event(1, 0), "\"lines\":[]");
	assert_true(units[2].refused);
	assert_string_equal(units[2].found.v[0].code, "unknown_kind");
	run(order_map(), "{\"order\":{\"id\":1,\"line_items\":[]}}", NULL);
	assert_int_equal(n_units, 1);
	run(order_map(), "{\"orders\":[]}", NULL); // a page without orders is none of our business, and no fault
	assert_int_equal(n_units, 1);
	assert_false(units[0].refused);
	assert_int_equal(units[0].n, 0);
}

static void what_no_kind_knows_is_named(void **state)
{
	(void)state;
	run(order_map(), "{\"foo\":1,\"b\\u001bar\":2}", NULL);
	assert_int_equal(n_units, 1);
	assert_true(units[0].refused);
	assert_null(units[0].kind);
	has(units[0].found.v[0].message, "it has foo, b\\x1bar; shop/3 knows order");
	run(order_map(), "{\"errors\":\"Not Found\"}", NULL);
	assert_string_equal(units[0].found.v[0].code, "error_answer");
	run(order_map(), "{\"id\":5}", "orders/create"); // the topic decides although the shape does not fit
	assert_false(units[0].refused);
	has(event(0, 0), "\"order\":\"5\"");
}

static void what_does_not_convert_is_found(void **state)
{
	(void)state;
	run(order_map(), "{\"id\":1,\"financial_status\":\"odd\",\"total_price\":\"1.999\",\"updated_at\":\"yesterday\",\"line_items\":[{\"id\":1,\"price\":\"x\"}]}", NULL);
	assert_true(units[0].refused);
	assert_int_equal(units[0].found.n, 6); // the bad price spoils unit_price and subtotal
	const struct finding *f = units[0].found.v;
	assert_string_equal(f[0].code, "map_time"); // in the id
	assert_string_equal(f[1].code, "map_time");
	assert_true(str_is(f[1].path, "/occurred_at"));
	assert_string_equal(f[2].code, "map_enum");
	assert_int_equal(f[2].severity, SEV_WARN);
	assert_true(str_is(f[2].path, "/body/payment_status"));
	assert_string_equal(f[3].code, "map_money");
	assert_true(str_is(f[3].path, "/body/total"));
	assert_true(str_is(f[3].value, "1.999"));
	assert_string_equal(f[3].owner, "finance");
	assert_int_equal(f[3].severity, SEV_REJECT);
	assert_true(str_is(f[4].path, "/body/lines/0/unit_price"));
	assert_string_equal(f[4].owner, "logistics");
	assert_string_equal(f[5].code, "map_number");
	assert_true(str_is(f[5].path, "/body/lines/0/subtotal"));
	has(event(0, 0), "\"payment_status\":\"odd\"");
}

// --- more of the language ------------------------------------------------------------------------------------------------

static struct map *kinds(const char *text)
{
	struct map *m = load(arena_printf(&arena, "%s%s]}", head, text));
	if (!m) fail_msg("%s", err.text);
	return m;
}

static void one_record_gives_many_events(void **state)
{
	(void)state;
	run(kinds("{\"kind\":\"ship\",\"events\":[{\"type\":\"shipment.updated\",\"each\":\"fulfillments[]\",\"when\":\"status != 'draft'\","
		"\"id\":\"join(':', 'shipment', ^.id, id // @index)\",\"order\":\"^.id\",\"refs\":[{\"kind\":\"tracking\",\"value\":\"numbers[]\"},"
		"{\"kind\":\"psp_ref\",\"value\":\"psp\",\"when\":\"set(psp)\"}],\"body\":{\"id\":\"id\"}},"
		"{\"type\":\"source.notified\",\"id\":\"concat('note:', id)\"}]}"),
		"{\"id\":9,\"fulfillments\":[{\"id\":1,\"numbers\":[\"A\",\"\",\"B\"]},{\"status\":\"draft\"},{\"numbers\":\"C\"}]}", NULL);
	assert_int_equal(units[0].n, 3);
	has(event(0, 0), "\"id\":\"shipment:9:1\",\"type\":\"shipment.updated\",\"source\":\"myshop\",\"order\":\"9\",\"refs\":[{\"kind\":\"tracking\",\"value\":\"A\"},{\"kind\":\"tracking\",\"value\":\"B\"}],");
	has(event(0, 1), "\"id\":\"shipment:9:2\"");
	has(event(0, 1), "\"refs\":[{\"kind\":\"tracking\",\"value\":\"C\"}],");
	has(event(0, 1), "\"body\":{}}");
	has(event(0, 2), "\"id\":\"note:9\",\"type\":\"source.notified\"");
}

static void kinds_share_a_document(void **state)
{
	(void)state;
	const char *two = "{\"kind\":\"a\",\"from\":\"list[]\",\"when\":\"t = 'a'\",\"events\":[{\"type\":\"note.added\",\"id\":\"n\"}]},"
		"{\"kind\":\"b\",\"from\":[\"list[]\",\"list[].in\",\"\"],\"when\":\"t = 'b'\",\"events\":[{\"type\":\"note.added\",\"id\":\"n\"}]}";
	run(kinds(two), "{\"t\":\"b\",\"list\":[{\"t\":\"b\",\"n\":1},{\"t\":\"a\",\"n\":2,\"in\":{\"t\":\"b\",\"n\":9}},{\"t\":\"c\"}]}", NULL);
	assert_int_equal(n_units, 3); // neither the document nor what lies in a taken record is taken again
	assert_string_equal(units[0].kind, "b");
	assert_string_equal(units[1].kind, "a");
	assert_true(units[2].refused);
}

static void scopes_currencies_and_gaps(void **state)
{
	(void)state;
	run(kinds("{\"kind\":\"k\",\"events\":[{\"type\":\"order.updated\",\"id\":\"id\",\"zone\":\"tz\",\"body\":{"
		"\"one\":{\"$each\":\"single\",\"n\":\"n\"},\"none\":{\"$each\":\"gone[]\",\"n\":\"n\"},\"nil\":{\"$each\":\"nil[]\",\"n\":\"n\"},"
		"\"some\":{\"$each\":\"rows[]\",\"$when\":\"n > 1\",\"n\":\"n | int\",\"at\":\"@index\"},\"yen\":{\"$currency\":\"'jpy'\",\"a\":\"a | money\"},\"a\":\"a | money\","
		"\"t\":\"t | time\",\"c\":7,\"y\":true,\"raw\":\"o\",\"list\":[\"rows[].n\",\"'x'\",\"gone\",\"strs\"],\"no\":{\"$with\":\"gone\",\"x\":\"^.id\"},"
		"\"deep\":{\"x\":{\"y\":\"gone\"}},\"esc\":\"e\",\"f\":\"f\"}}]}"),
		"{\"id\":\"1\",\"tz\":\"America/New_York\",\"single\":{\"n\":1},\"nil\":null,\"rows\":[{\"n\":1},{\"n\":2},{\"n\":3}],\"a\":\"5\",\"t\":\"2026-01-01 00:00:00\","
		"\"o\":{\"p\":[1,null,\"q\"],\"z\":null},\"strs\":[\"s\",\"\"],\"e\":\"a\\u202eb\\/\",\"f\":false}", NULL);
	has(event(0, 0), "\"body\":{\"one\":[{\"n\":\"1\"}],\"some\":[{\"n\":2,\"at\":1},{\"n\":3,\"at\":2}],\"yen\":{\"a\":\"5\"},\"a\":\"5.00\","
		"\"t\":\"2026-01-01T05:00:00.000Z\",\"c\":7,\"y\":true,\"raw\":{\"p\":[\"1\",\"q\"]},\"list\":[\"1\",\"2\",\"3\",\"x\",\"s\"],\"esc\":\"a\\u202eb/\",\"f\":false}}");
	run(kinds("{\"kind\":\"k\",\"events\":[{\"type\":\"order.updated\",\"id\":\"gone\"}]}"), "{\"id\":1}", NULL);
	assert_string_equal(units[0].found.v[0].code, "map_required");
	assert_true(str_is(units[0].found.v[0].path, "/id"));
}

static void events_go_through_as_they_are(void **state)
{
	(void)state;
	struct map *m = kinds("{\"kind\":\"event\",\"verbatim\":true}");
	const char *whole = "{\"schema\":\"oms.event/1\",\"id\":\"x\",\"type\":\"note.added\",\"source\":\"s\",\"map\":\"m/1\",\"payload\":\"00\",\"n\":1.50}";
	run(m, whole, NULL);
	assert_string_equal(event(0, 0), whole);
	run(m, "{\"schema\":\"oms.event/1\",\n\t\"id\":\"x\",\r\n\"type\":\"note.added\"}", NULL);
	has(event(0, 0), "{\"schema\":\"oms.event/1\",\"id\":\"x\",\"type\":\"note.added\",\"source\":\"myshop\",\"map\":\"shop/3\",\"payload\":\"");
	run(m, "{\"schema\":\"oms.order/1\"}", NULL);
	assert_string_equal(units[0].found.v[0].code, "event_invalid");
}

static void what_was_read_can_be_seen(void **state)
{
	(void)state;
	struct map *m = kinds("{\"kind\":\"k\",\"events\":[{\"type\":\"note.added\",\"id\":\"id\",\"body\":{\"t\":{\"$each\":\"l[]\",\"v\":\"a // b\"}}}]}");
	map_watch(m, (struct map_trace){.trace = true, .coverage = true});
	run(m, "{\"id\":1,\"l\":[{\"a\":null,\"b\":\"x\",\"c d\":2},{\"a\":\"y\"}],\"z\":[]}", NULL);
	assert_true(str_is(map_unit_coverage(m, 0), "{\"untouched\":[\"l[]['c d']\"],\"touched\":[\"id\",\"l[].a\",\"l[].b\"]}"));
	assert_true(str_is(map_unit_trace(m, 0), "{\"trace\":[{\"event\":0,\"path\":\"/id\",\"expression\":\"id\",\"read\":[\"/id\"],\"value\":\"1\"},"
		"{\"event\":0,\"path\":\"/body/t/0/v\",\"expression\":\"a // b\",\"read\":[\"/l/0/a\",\"/l/0/b\"],\"value\":\"x\"},"
		"{\"event\":0,\"path\":\"/body/t/1/v\",\"expression\":\"a // b\",\"read\":[\"/l/1/a\"],\"value\":\"y\"}]}"));
}

static void bytes_behind_a_document_are_its_payload(void **state)
{
	(void)state;
	struct map *m = kinds("{\"kind\":\"k\",\"events\":[{\"type\":\"note.added\",\"id\":\"digest()\"}]}");
	map_made_of(m, S("abc"), NULL); // BLAKE2b-128 of "abc", by python3 hashlib
	run(m, "{\"a\":1}", NULL);
	has(event(0, 0), "\"payload\":\"cf4ab791c62b8d2b2109c90275287816\"");
	has(event(0, 0), "\"id\":\"cf4ab791c62b8d2b\"");
	assert_true(str_is(units[0].raw, "abc"));
	run(m, "{\"a\":1}", NULL); // it holds for one document only
	assert_true(str_is(units[0].raw, "{\"a\":1}"));
}

static void a_mapping_tests_itself(void **state)
{
	(void)state;
	char path[] = "/tmp/oms-map-test-XXXXXX";
	int fd = mkstemp(path);
	char *text = arena_printf(&arena, "%s%s],\"tests\":["
		"{\"name\":\"good\",\"input\":{\"id\":1,\"total_price\":19.90,\"line_items\":[]},\"expect\":{\"events\":1,\"units\":1,\"0.body.total\":\"19.90\",\"0.body.lines\":[],\"0.body.tags\":null}},"
		"{\"name\":\"bad\",\"input\":{\"id\":1,\"total_price\":\"1.999\",\"line_items\":[]},\"expect\":{\"events\":2,\"0.body.number\":\"x\"}},"
		"{\"name\":\"refused\",\"input\":{\"errors\":1},\"expect\":{\"refused\":\"error_answer\",\"events\":0}}]}", head, order_kind);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	struct map *m = map_load_file(&arena, &err, path);
	struct buf lines = {0};
	size_t ran = 0;
	assert_non_null(m);
	assert_int_equal(map_test(m, &err, &lines, &ran), 3);
	unlink(path);
	assert_int_equal(ran, 3);
	buf_c(&lines, '\0');
	assert_string_equal(lines.p, "bad: events: expected 2, got 1\nbad: 0.body.number: expected \"x\", got nothing\n"
		"bad: /body/total: expected no refusal, got map_money: the amount has more decimal places than its currency (from total_price | money): 1.999\n");
	buf_free(&lines);
}

static void mistakes_are_named_with_their_place(void **state)
{
	(void)state;
	static const struct { const char *kind, *want; } cases[] = {
		{"{\"kind\":\"k\",\"events\":[{\"type\":\"order.updated\",\"id\":\"id\",\"body\":{\"lines\":{\"$each\":\"l[]\",\"sku\":\"sku | uper\"}}}]}",
			"kinds[0]: k: events[0]: body: lines: sku: column 7 of \"sku | uper\": there is no function uper(); did you mean upper()?"},
		{"{\"kind\":\"k\",\"evnets\":[]}", "kinds[0]: \"evnets\" means nothing here"},
		{"{\"kind\":\"k\",\"events\":[{\"type\":\"order.eaten\",\"id\":\"id\"}]}", "type: \"order.eaten\" is no type of event"},
		{"{\"kind\":\"k\",\"events\":[{\"type\":\"order.updated\"}]}", "\"id\" is missing"},
		{"{\"kind\":\"k\",\"events\":[{\"type\":\"order.updated\",\"id\":\"id\",\"body\":{\"$unless\":\"x\"}}]}", "body: there is no \"$unless\""},
		{"{\"kind\":\"k\",\"events\":[{\"type\":\"order.updated\",\"id\":\"id\",\"refs\":[{\"kind\":\"nope\",\"value\":\"x\"}]}]}", "refs[0]: kind: \"nope\" is no kind of reference"},
		{"{\"kind\":\"k\",\"events\":[{\"type\":\"order.updated\",\"id\":\"id\",\"body\":{\"a\":null}}]}", "body: a: null says nothing"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		err_clear(&err);
		if (load(arena_printf(&arena, "%s%s]}", head, cases[i].kind))) fail_msg("%s is taken", cases[i].kind);
		assert_int_equal(err.code, E_CONFIG);
		if (!strstr(err.text, cases[i].want)) fail_msg("%s is not in %s", cases[i].want, err.text);
	}
	assert_null(map_load(&arena, &err, "../secret"));
	assert_int_equal(err.code, E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(an_order_becomes_an_event, end),
		cmocka_unit_test_teardown(an_envelope_is_taken_apart, end),
		cmocka_unit_test_teardown(what_no_kind_knows_is_named, end),
		cmocka_unit_test_teardown(what_does_not_convert_is_found, end),
		cmocka_unit_test_teardown(one_record_gives_many_events, end),
		cmocka_unit_test_teardown(kinds_share_a_document, end),
		cmocka_unit_test_teardown(scopes_currencies_and_gaps, end),
		cmocka_unit_test_teardown(events_go_through_as_they_are, end),
		cmocka_unit_test_teardown(what_was_read_can_be_seen, end),
		cmocka_unit_test_teardown(bytes_behind_a_document_are_its_payload, end),
		cmocka_unit_test_teardown(a_mapping_tests_itself, end),
		cmocka_unit_test_teardown(mistakes_are_named_with_their_place, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
