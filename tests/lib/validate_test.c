// Every example of every shipped rule, both ways; and what real channels send that must not be refused.
#include "validate.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

static struct arena arena;
static struct rules *rules;

static int open_rules(void **state)
{
	(void)state;
	struct err e = {0};
	const char *src = getenv("SRC");
	rules = rules_load(&arena, &e, arena_printf(&arena, "%s/share/rules", src ? src : "."));
	if (!rules) print_error("%s\n", e.text);
	if (rules) rules_accept_source(rules, "shop");
	return rules ? 0 : -1;
}

static int close_rules(void **state)
{
	(void)state;
	rules_close(rules);
	arena_free(&arena);
	return 0;
}

static size_t count(const findings *f, const char *rule)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++) n += strcmp(f->v[i].rule, rule) == 0;
	return n;
}

static const struct finding *first_from(const findings *f, enum severity least)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].severity >= least) return &f->v[i];
	return NULL;
}

static void run_examples(const struct rule_info *r, const struct conf *examples, const char *which, bool should)
{
	const struct conf *list = conf_get(examples, which);
	if (!conf_size(list)) fail_msg("%s has no example that is to %s", r->id, which);
	for (size_t i = 0; i < conf_size(list); i++) {
		struct arena_mark mark = arena_mark(&arena);
		findings f = {0};
		struct err e = {0};
		if (validate_example(rules, conf_item(list, i), &arena, &f, &e)) fail_msg("%s %s %zu: %s", r->id, which, i, e.text);
		if (should != (count(&f, r->id) > 0)) fail_msg("%s %s %zu: %s", r->id, which, i, should ? "not found" : "found");
		const struct finding *bad = should ? NULL : first_from(&f, strcmp(r->target, "order") == 0 ? SEV_HOLD : SEV_PARK);
		if (bad) fail_msg("%s pass %zu: also found %s %s at " STR_FMT, r->id, i, bad->rule, bad->message, STR_ARG(bad->path));
		arena_reset(&arena, mark);
	}
}

static void every_example_of_every_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < rules_count(rules); i++) {
		struct rule_info r = rules_info(rules, i);
		struct err e = {0};
		struct conf *layer = rules_examples(rules, &e, r.layer);
		if (!layer) fail_msg("%s: %s", r.id, e.text);
		run_examples(&r, conf_get(layer, r.id), "pass", false);
		run_examples(&r, conf_get(layer, r.id), "fail", true);
		conf_close(layer);
	}
}

static void every_example_is_of_a_rule(void **state)
{
	(void)state;
	size_t examples = 0;
	const char *last = "";
	for (size_t i = 0; i < rules_count(rules); i++) { // sorted by id, so the rules of a layer stand together
		struct rule_info r = rules_info(rules, i);
		struct err e = {0};
		if (!strcmp(r.layer, last)) continue;
		last = r.layer;
		struct conf *layer = rules_examples(rules, &e, r.layer);
		assert_non_null(layer);
		examples += conf_size(layer);
		conf_close(layer);
	}
	assert_int_equal(examples, rules_count(rules));
	struct err e = {0};
	assert_null(rules_examples(rules, &e, "none"));
	assert_int_equal(e.code, E_NOINPUT);
}

static findings judge(const char *text)
{
	struct json j = {0};
	struct json_error je;
	struct event ev;
	findings f = {0};
	char *copy = arena_strdup(&arena, text);
	if (!json_parse(&j, str_of(copy), &je)) fail_msg("%s: %s", je.what, text);
	validate_event(rules, &j, &arena, &ev, &f);
	json_free(&j);
	return f;
}

static findings judge_body(const char *type, const char *body)
{
	return judge(arena_printf(&arena, "{\"schema\":\"oms.event/1\",\"id\":\"e1\",\"type\":\"%s\",\"source\":\"shop\",\"order\":\"1001\",\"occurred_at\":\"2026-11-02T10:00:00.000Z\",\"body\":%s}", type, body));
}

static void no_worse_than(const char *type, const char *body, enum severity worst)
{
	findings f = judge_body(type, body);
	const struct finding *bad = first_from(&f, worst + 1);
	if (bad) fail_msg("%s at " STR_FMT ": %s in %s", bad->rule, STR_ARG(bad->path), bad->message, body);
}

static void amazon_pending_is_accepted_and_not_held(void **state)
{
	(void)state;
	no_worse_than("order.updated", "{\"external_id\":\"902-1\",\"channel_status\":\"Pending\",\"placed_at\":\"2026-11-02T09:00:00.000Z\","
		"\"lines\":[{\"id\":\"6801\",\"sku\":\"CBA_OTF_1\",\"name\":\"Example item\",\"quantity\":1}]}", SEV_WARN);
	no_worse_than("order.updated", "{\"external_id\":\"902-1\",\"channel_status\":\"Pending\",\"placed_at\":\"2026-11-02T09:00:00.000Z\"}", SEV_WARN);
}

static void channel_fulfilled_needs_no_address(void **state)
{
	(void)state;
	no_worse_than("order.updated", "{\"currency\":\"USD\",\"price_mode\":\"net\",\"total\":\"11.01\",\"channel_fulfilled\":true,"
		"\"lines\":[{\"id\":\"1\",\"sku\":\"A\",\"quantity\":1,\"subtotal\":\"10.00\",\"tax\":\"1.01\"}]}", SEV_WARN);
}

static void a_partial_document_is_accepted(void **state)
{
	(void)state;
	no_worse_than("order.updated", "{\"external_id\":\"450789469\",\"number\":\"#1001\",\"total\":\"598.94\"}", SEV_WARN);
	no_worse_than("order.updated", "{\"channel_fulfilment\":\"fulfilled\"}", SEV_WARN);
}

static void fees_alone_are_an_order(void **state)
{
	(void)state;
	no_worse_than("order.updated", "{\"currency\":\"USD\",\"price_mode\":\"net\",\"lines\":[],\"charges\":[{\"kind\":\"fee\",\"name\":\"Deposit\",\"price\":\"50.00\",\"tax\":\"0.00\"}],\"total\":\"50.00\"}", SEV_WARN);
}

static void a_free_order_is_an_order(void **state)
{
	(void)state;
	no_worse_than("order.updated", "{\"currency\":\"USD\",\"price_mode\":\"net\",\"total\":\"0.00\",\"lines\":[{\"id\":\"1\",\"sku\":\"E-BOOK\",\"quantity\":1,"
		"\"unit_price\":\"9.00\",\"discount\":\"9.00\",\"tax\":\"0.00\",\"digital\":true}]}", SEV_WARN);
}

static void a_dispute_may_be_larger_than_the_charge(void **state)
{
	(void)state;
	no_worse_than("dispute.updated", "{\"id\":\"dp_1\",\"payment_ref\":\"ch_1\",\"status\":\"lost\",\"amount\":\"9999.00\",\"currency\":\"USD\"}", SEV_INFO);
}

static void a_negative_line_is_refused(void **state)
{
	(void)state;
	findings f = judge_body("order.updated", "{\"currency\":\"GBP\",\"lines\":[{\"id\":\"1\",\"sku\":\"D\",\"quantity\":-1,\"unit_price\":\"27.50\"}]}");
	assert_int_equal(count(&f, "A01"), 1);
	assert_true(findings_worst(&f) == SEV_REJECT);
}

static void order_findings_point_into_the_event(void **state)
{
	(void)state;
	findings f = judge_body("order.updated", "{\"currency\":\"EUR\",\"price_mode\":\"gross\",\"total\":\"20.00\",\"lines\":[{\"id\":\"1\",\"sku\":\"A\",\"quantity\":2,\"unit_price\":\"10.00\"}]}");
	assert_true(count(&f, "P06") == 1);
	for (size_t i = 0; i < f.n; i++)
		if (strcmp(f.v[i].rule, "P06") == 0) {
			assert_true(str_is(f.v[i].path, "/body/addresses/shipping"));
			assert_string_equal(f.v[i].hold, "ADDRESS");
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_of_every_rule), cmocka_unit_test(every_example_is_of_a_rule), cmocka_unit_test(amazon_pending_is_accepted_and_not_held),
		cmocka_unit_test(channel_fulfilled_needs_no_address), cmocka_unit_test(a_partial_document_is_accepted),
		cmocka_unit_test(fees_alone_are_an_order), cmocka_unit_test(a_free_order_is_an_order),
		cmocka_unit_test(a_dispute_may_be_larger_than_the_charge), cmocka_unit_test(a_negative_line_is_refused),
		cmocka_unit_test(order_findings_point_into_the_event),
	};
	return cmocka_run_group_tests(tests, open_rules, close_rules);
}
