// The rules on single events, the files they are written in, and the three texts of the contract held together.
#include "rule_checks.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static struct arena arena;
static struct rules *rules;

static const char *source(const char *name)
{
	const char *src = getenv("SRC");
	return arena_printf(&arena, "%s/%s", src ? src : ".", name);
}

static int open_rules(void **state)
{
	(void)state;
	struct err e = {0};
	rules = rules_load(&arena, &e, source("share/rules"));
	if (!rules) print_error("%s\n", e.text);
	return rules ? 0 : -1;
}

static int close_rules(void **state)
{
	(void)state;
	rules_close(rules);
	arena_free(&arena);
	return 0;
}

static findings judge_line(struct str text)
{
	struct json j = {0};
	struct json_error je;
	findings f = {0};
	if (!json_parse(&j, text, &je)) fail_msg("%s: %.*s", je.what, 200, text.p);
	rules_event(rules, &j, &arena, &f);
	json_free(&j);
	return f;
}

static findings judge(const char *text) { return judge_line(str_of(arena_strdup(&arena, text))); }

#define HEAD "{\"schema\":\"oms.event/1\",\"id\":\"e1\",\"type\":\"order.updated\",\"source\":\"shop\",\"order\":\"1\",\"occurred_at\":\"2026-11-02T10:00:00.000Z\",\"body\":"

static const struct finding *only(const findings *f, const char *rule)
{
	const struct finding *hit = NULL;
	for (size_t i = 0; i < f->n; i++) {
		if (strcmp(f->v[i].rule, rule) != 0) continue;
		if (hit) fail_msg("%s found twice", rule);
		hit = &f->v[i];
	}
	if (!hit) fail_msg("%s not found among %zu", rule, f->n);
	return hit;
}

static void a_path_a_value_and_a_place(void **state)
{
	(void)state;
	const char *text = HEAD "{\"lines\":[{\"id\":\"1\",\"sku\":\"A\",\"quantity\":1},{\"id\":\"2\",\"sku\":\"B\",\"quantity\":0}]}}";
	findings f = judge(text);
	const struct finding *a01 = only(&f, "A01");
	assert_int_equal(f.n, 1);
	assert_true(str_is(a01->path, "/body/lines/1/quantity"));
	assert_true(str_is(a01->value, "0"));
	assert_int_equal(a01->at, strstr(text, ":0}") - text + 2);
	assert_string_equal(a01->code, "not_positive");
	assert_string_equal(a01->owner, "catalog");
}

static void everything_wrong_is_said_at_once(void **state)
{
	(void)state;
	findings f = judge("{\"schema\":\"oms.event/1\",\"type\":\"order.updated\",\"source\":\"shop\",\"body\":{\"currency\":\"EUR\",\"total\":\"-1.005\","
		"\"lines\":[{\"id\":\"1\",\"quantity\":0},{\"id\":\"1\",\"sku\":\"B\",\"quantity\":\"2\"}]}}");
	only(&f, "P01");
	only(&f, "P02");
	only(&f, "P16");
	only(&f, "P28");
	only(&f, "A01");
	only(&f, "A08");
	only(&f, "S06");
	only(&f, "X08");
	assert_int_equal(f.n, 8);
	assert_true(findings_worst(&f) == SEV_REJECT);
}

static void what_is_no_event_gives_one_finding(void **state)
{
	(void)state;
	const char *const texts[] = {"{}", "[]", "7", "\"x\"", "null", "{\"schema\":7}", "{\"id\":450789469,\"line_items\":[{\"quantity\":0}]}"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		findings f = judge(texts[i]);
		only(&f, "S01");
		assert_int_equal(f.n, 1);
	}
	findings f = judge("{\"schema\":\"oms.event/2\",\"all\":\"new\"}");
	assert_int_equal(f.n, 1);
	assert_true(only(&f, "S05")->severity == SEV_PARK);
}

static void names_written_with_escapes_are_the_same_names(void **state)
{
	(void)state;
	findings f = judge(HEAD "{\"lines\":[{\"id\":\"1\",\"s\\u006bu\":\"A\",\"quanti\\u0074y\":-1}]}}");
	assert_int_equal(f.n, 1);
	assert_true(str_is(only(&f, "A01")->path, "/body/lines/0/quantity"));
}

static void an_unknown_name_is_escaped_in_its_path(void **state)
{
	(void)state;
	findings f = judge(HEAD "{\"a/b~c\":1}}");
	assert_true(str_is(only(&f, "S09")->path, "/body/a~1b~0c"));
}

static void a_long_value_is_cut_at_a_whole_character(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_cstr(&b, HEAD "{\"status\":\"a");
	for (int i = 0; i < 150; i++) buf_cstr(&b, "ö"); // 1 + 2 * 150 bytes: byte 200 falls inside a character
	buf_cstr(&b, "\"}}");
	findings f = judge_line((struct str){arena_copy(&arena, b.p, b.n), b.n});
	assert_int_equal(only(&f, "S10")->value.n, 199);
	buf_free(&b);
}

static void control_characters_however_written(void **state)
{
	(void)state;
	const char *const bad[] = {"\\u0001", "\\u001b[2J", "\\b", "\\u007f", "\\u009B", "\x7f", "\xc2\x85"};
	const char *const good[] = {"\\n", "\\t\\r", "\\\\u0007", "\\u00e9", "\xc2\xa0", "\xc3\x85", "\\u000a", "caf\xc3\xa9"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		findings f = judge(arena_printf(&arena, HEAD "{\"note\":\"a%sb\"}}", bad[i]));
		assert_true(str_is(only(&f, "S03")->path, "/body/note"));
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_int_equal(judge(arena_printf(&arena, HEAD "{\"note\":\"a%sb\"}}", good[i])).n, 0);
	findings f = judge(HEAD "{\"tags\":[\"ok\",\"\\u0007\"]}}");
	assert_true(str_is(only(&f, "S03")->path, "/body/tags/1"));
}

static size_t count(const findings *f, const char *rule)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++) n += strcmp(f->v[i].rule, rule) == 0;
	return n;
}

// total against 20.00 - 5.00 + 4.50 + 0.50 = 20.00: off by more than 1.00 and more than half a hundredth of the total.
static void totals_near_and_far(void **state)
{
	(void)state;
	const struct { const char *total; bool far; } t[] = {{"20.00", false}, {"19.00", false}, {"21.00", false}, {"21.01", true}, {"18.99", true}, {"0.00", true}};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		findings f = judge(arena_printf(&arena, HEAD "{\"currency\":\"EUR\",\"price_mode\":\"gross\",\"subtotal\":\"20.00\",\"discount_total\":\"5.00\","
			"\"shipping_total\":\"4.50\",\"fee_total\":\"0.50\",\"total\":\"%s\"}}", t[i].total));
		assert_int_equal(count(&f, "A12"), t[i].far);
	}
	// 2.00 off, but of a total of 1,000.00 that is 0.2 %; a part is missing; fees only as charges; net with its tax
	assert_int_equal(judge(HEAD "{\"currency\":\"EUR\",\"price_mode\":\"gross\",\"subtotal\":\"998.00\",\"discount_total\":\"0.00\",\"shipping_total\":\"0.00\",\"total\":\"1000.00\"}}").n, 0);
	assert_int_equal(judge(HEAD "{\"currency\":\"EUR\",\"price_mode\":\"gross\",\"subtotal\":\"10.00\",\"total\":\"1000.00\"}}").n, 0);
	assert_int_equal(judge(HEAD "{\"currency\":\"EUR\",\"price_mode\":\"gross\",\"subtotal\":\"10.00\",\"discount_total\":\"0.00\",\"shipping_total\":\"0.00\","
		"\"charges\":[{\"kind\":\"fee\",\"price\":\"5.00\"},{\"kind\":\"fee\",\"price\":\"-1.00\"}],\"total\":\"14.00\"}}").n, 0);
	assert_int_equal(judge(HEAD "{\"currency\":\"JPY\",\"price_mode\":\"net\",\"subtotal\":\"1000\",\"discount_total\":\"0\",\"shipping_total\":\"0\",\"tax_total\":\"100\",\"total\":\"1100\"}}").n, 0);
	findings f = judge(HEAD "{\"currency\":\"JPY\",\"price_mode\":\"net\",\"subtotal\":\"1000\",\"discount_total\":\"0\",\"shipping_total\":\"0\",\"tax_total\":\"100\",\"total\":\"1106\"}}");
	assert_int_equal(count(&f, "A12"), 1); // 6 > 1 and 6 > 5.53
}

static void amounts_keep_to_their_currency(void **state)
{
	(void)state;
	const struct { const char *currency, *total; bool good; } t[] = {
		{"JPY", "500", true}, {"JPY", "500.0", true}, {"JPY", "500.5", false}, {"KWD", "1.234", true}, {"KWD", "1.2345", false},
		{"EUR", "0.05", true}, {"EUR", "1e2", true}, {"EUR", "+1.00", false}, {"EUR", "1.00 ", false},
		{"EUR", "92233720368547758.07", true}, {"EUR", "92233720368547758.08", false}, {"EUR", "NaN", false}};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		findings f = judge(arena_printf(&arena, HEAD "{\"total\":\"%s\",\"currency\":\"%s\"}}", t[i].total, t[i].currency));
		if (count(&f, "A08") != !t[i].good) fail_msg("%s %s", t[i].currency, t[i].total);
	}
}

static void ten_thousand_lines_of_one_id_are_quick(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_cstr(&b, HEAD "{\"lines\":[");
	for (int i = 0; i < 10000; i++) buf_cstr(&b, i ? ",{\"id\":\"1\",\"sku\":\"A\",\"quantity\":1}" : "{\"id\":\"1\",\"sku\":\"A\",\"quantity\":1}");
	buf_cstr(&b, "]}}");
	findings f = judge_line(buf_view(&b));
	assert_int_equal(count(&f, "X08"), 9999);
	assert_int_equal(f.n, 9999);
	buf_free(&b);
}

static void only_one_source_is_accepted(void **state)
{
	(void)state;
	rules_accept_source(rules, "elsewhere");
	findings f = judge(HEAD "{}}");
	rules_accept_source(rules, NULL);
	assert_true(str_is(only(&f, "X02")->value, "shop"));
	assert_int_equal(judge(HEAD "{}}").n, 0);
}

static void a_finding_as_json(void **state)
{
	(void)state;
	struct buf b = {0};
	struct finding f = {.rule = "A01", .code = "not_positive", .severity = SEV_REJECT, .owner = "catalog", .path = S("/body/lines/0/quantity"),
		.value = S("\"0\""), .message = "quantity must be 1 or more", .fix = "mend it", .at = 17};
	finding_json(&b, &f);
	assert_true(str_is(buf_view(&b), "{\"rule\":\"A01\",\"code\":\"not_positive\",\"severity\":\"reject\",\"owner\":\"catalog\",\"path\":\"/body/lines/0/quantity\","
		"\"at\":17,\"value\":\"\\\"0\\\"\",\"message\":\"quantity must be 1 or more\",\"hint\":\"mend it\"}"));
	buf_free(&b);
}

// --- files -----------------------------------------------------------------------------------------------------------

#define REST "\"owner\":\"finance\",\"code\":\"c\",\"message\":\"m\",\"fix\":\"f\",\"since\":\"1\"}"
#define GOOD "{\"id\":\"S01\",\"version\":1,\"layer\":\"S\",\"target\":\"event\",\"check\":\"is_event\",\"severity\":\"reject\"," REST

static void a_mistake_in_a_rule_file_is_said(void **state)
{
	(void)state;
	static const struct { const char *rules, *said; } t[] = {
		{GOOD "," GOOD, "second rule"},
		{"{\"id\":\"Z\"}", "layer"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"event\",\"check\":\"no_such\",\"severity\":\"reject\"," REST, "no such check"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"order\",\"check\":\"is_event\",\"severity\":\"hold\"," REST, "works on events"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"order\",\"check\":\"email\",\"path\":\"/a\",\"severity\":\"reject\"," REST, "can be held"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"event\",\"check\":\"required\",\"path\":\"/body/lines/*/qty\",\"severity\":\"reject\"," REST, "no such member: /body/lines/*/qty"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"event\",\"check\":\"required\",\"severity\":\"reject\"," REST, "needs a path"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"event\",\"check\":\"is_event\",\"params\":{\"max\":1},\"severity\":\"reject\"," REST, "no such parameter: max"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"event\",\"check\":\"one_of\",\"path\":\"/type\",\"params\":{\"axis\":\"colour\"},\"severity\":\"reject\"," REST, "no such axis"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"event\",\"types\":[\"ordr.*\"],\"check\":\"is_event\",\"severity\":\"reject\"," REST, "no event type: ordr.*"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"event\",\"check\":\"is_event\",\"severity\":\"fatal\"," REST, "severity is none of"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"order\",\"check\":\"email\",\"path\":\"/a\",\"params\":{\"unless\":[\"rainy\"]},\"severity\":\"warn\"," REST, "rainy"},
		{"{\"id\":\"Z\",\"version\":1,\"layer\":\"S\",\"target\":\"event\",\"check\":\"is_event\",\"severity\":\"reject\",\"owner\":\"nobody\",\"code\":\"c\",\"message\":\"m\",\"fix\":\"f\",\"since\":\"1\"}", "no such owner"},
	};
	char folder[] = "/tmp/oms-rules-XXXXXX";
	assert_non_null(mkdtemp(folder));
	const char *path = arena_printf(&arena, "%s/one.json", folder);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct err e = {0};
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		fprintf(f, "{\"rules\":[%s]}", t[i].rules);
		assert_int_equal(fclose(f), 0);
		assert_null(rules_load(&arena, &e, folder));
		assert_int_equal(e.code, E_CONFIG);
		if (!strstr(e.text, t[i].said)) fail_msg("%s does not say %s", e.text, t[i].said);
		assert_non_null(strstr(e.text, "one.json"));
	}
	unlink(path);
	struct err e = {0};
	assert_null(rules_load(&arena, &e, folder));
	assert_int_equal(e.code, E_CONFIG);
	rmdir(folder);
}

// --- the texts of the contract ------------------------------------------------------------------------------------------

static const struct conf *shape_in(const struct conf *schema, enum shape s)
{
	if (s == shape_event) return conf_get(schema, "properties");
	return conf_get(conf_get(conf_get(schema, "$defs"), shape_word(s)), "properties");
}

// A text member may be narrowed to words ("enum", "const"); the others are told by type or by the definition they name.
static const char *kind_in(const struct conf *p)
{
	if (conf_get(p, "enum") || conf_get(p, "const")) return "string";
	const char *ref = conf_text_at(p, "$ref", "");
	if (!strcmp(ref, "#/$defs/money") || !strcmp(ref, "#/$defs/decimal") || !strcmp(ref, "#/$defs/time")) return strrchr(ref, '/') + 1;
	return *ref ? "object" : conf_text_at(p, "type", "none");
}

static void contract_and_schema_are_one(void **state)
{
	(void)state;
	static const char *const kinds[] = {[KIND_TEXT] = "string", [KIND_TEXTS] = "array", [KIND_INT] = "integer", [KIND_BOOL] = "boolean", [KIND_MONEY] = "money",
		[KIND_DECIMAL] = "decimal", [KIND_TIME] = "time", [KIND_OBJECT] = "object", [KIND_OBJECTS] = "array"};
	struct err e = {0};
	struct conf *schema = conf_load(&e, source("share/schemas/oms.event.json"));
	size_t n[SHAPE_COUNT] = {0};
	assert_non_null(schema);
	for (size_t id = 0; id < MEMBER_COUNT; id++) {
		const struct member *m = &contract[id];
		const struct conf *p = conf_get(shape_in(schema, (enum shape)m->shape), m->name.p);
		if (!p) fail_msg("the schema has no %s.%s", shape_word((enum shape)m->shape), m->name.p);
		if (strcmp(kind_in(p), kinds[m->kind]) != 0) fail_msg("%s.%s is %s in the schema", shape_word((enum shape)m->shape), m->name.p, kind_in(p));
		n[m->shape]++;
	}
	for (int s = 0; s < SHAPE_COUNT; s++)
		if (conf_size(shape_in(schema, (enum shape)s)) != n[s]) fail_msg("the schema has more members in %s", shape_word((enum shape)s));
	conf_close(schema);
}

static char *whole_file(const char *path)
{
	struct buf b = {0};
	char part[4096];
	FILE *f = fopen(path, "r");
	if (!f) fail_msg("%s cannot be read", path);
	for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) buf_add(&b, part, n);
	fclose(f);
	char *text = arena_copy(&arena, b.p, b.n);
	buf_free(&b);
	return text;
}

static void the_page_tells_every_rule_and_check(void **state)
{
	(void)state;
	const char *page = whole_file(source("man/oms-rules.5"));
	size_t rows = 0;
	for (size_t i = 0; i < rules_count(rules); i++) {
		struct rule_info r = rules_info(rules, i);
		const char *row = arena_printf(&arena, "\n.It Sy %s Cm %s , No %s , %s\n%s\n", r.id, r.code, severity_word(r.severity), r.owner, r.message);
		if (!strstr(page, row)) fail_msg("man/oms-rules.5 lacks: %s", row);
	}
	for (const char *p = page; (p = strstr(p, "\n.It Sy ")); p++) rows++;
	assert_int_equal(rows, rules_count(rules)); // no row of a rule that is gone
	const struct check *c;
	for (size_t i = 0; (c = check_at(i)); i++)
		if (!strstr(page, arena_printf(&arena, ".It Ic %s\n%c%s.\n", c->name, c->about[0] - 32, c->about + 1))) fail_msg("man/oms-rules.5 lacks the check %s: %s", c->name, c->about);
}

static void ids_and_codes_are_well_formed_and_codes_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < rules_count(rules); i++) {
		struct rule_info r = rules_info(rules, i);
		assert_true(strlen(r.id) == 3 && r.id[0] == r.layer[0] && strchr("SPXAT", r.id[0]));
		assert_true(strspn(r.code, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(r.code));
		assert_true((r.severity == SEV_HOLD) == (r.hold != NULL));
		for (size_t k = i + 1; k < rules_count(rules); k++) assert_string_not_equal(r.code, rules_info(rules, k).code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_a_value_and_a_place), cmocka_unit_test(everything_wrong_is_said_at_once),
		cmocka_unit_test(what_is_no_event_gives_one_finding), cmocka_unit_test(names_written_with_escapes_are_the_same_names),
		cmocka_unit_test(an_unknown_name_is_escaped_in_its_path), cmocka_unit_test(a_long_value_is_cut_at_a_whole_character),
		cmocka_unit_test(control_characters_however_written), cmocka_unit_test(totals_near_and_far),
		cmocka_unit_test(amounts_keep_to_their_currency), cmocka_unit_test(ten_thousand_lines_of_one_id_are_quick),
		cmocka_unit_test(only_one_source_is_accepted), cmocka_unit_test(a_finding_as_json),
		cmocka_unit_test(a_mistake_in_a_rule_file_is_said), cmocka_unit_test(contract_and_schema_are_one),
		cmocka_unit_test(the_page_tells_every_rule_and_check), cmocka_unit_test(ids_and_codes_are_well_formed_and_codes_unique),
	};
	return cmocka_run_group_tests(tests, open_rules, close_rules);
}
