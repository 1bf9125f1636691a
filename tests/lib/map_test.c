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
	has(units[0].found.v[0].message, "it has foo, b\\x1bar; known are order");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(an_order_becomes_an_event, end),
		cmocka_unit_test_teardown(an_envelope_is_taken_apart, end),
		cmocka_unit_test_teardown(what_no_kind_knows_is_named, end),
		cmocka_unit_test_teardown(what_does_not_convert_is_found, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
