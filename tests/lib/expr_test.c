// Expressions: each case is a document, an expression and what it must give, worked out by hand from man 5 oms-mapping.
#include "expr.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct arena arena;
static struct err err;
static char found[64];

static void finding(void *ctx, bool fatal, const char *code, struct str value, const char *message)
{
	(void)ctx;
	(void)value;
	(void)message;
	struct buf b = {0};
	buf_printf(&b, "%s%s", fatal ? "!" : "?", code);
	memcpy(found, b.p, b.n);
	found[b.n] = '\0';
	buf_free(&b);
}

static const char *variable(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "topic") == 0 ? "orders/paid" : strcmp(name, "digest") == 0 ? "0123456789abcdef" : NULL;
}

static const char *tables_text =
	"{\"pay\":{\"paid\":\"captured\",\"2\":\"open\",\"void\":null},\"other\":{\"a\":\"b\",\"*\":\"rest\"},\"same\":{\"a\":\"b\",\"*\":\"=\"},"
	"\"two\":{\"AUTH|true\":\"ok\",\"*|false\":\"bad\",\"REFUND|\":\"asked\"}}";

static void show(struct buf *b, const struct value *v, struct expr_run *run)
{
	struct str s = value_text(v, run);
	switch (v->kind) {
	case VALUE_ABSENT: buf_cstr(b, "-"); return;
	case VALUE_NULL: buf_cstr(b, "null"); return;
	case VALUE_LIST:
		buf_c(b, '[');
		for (size_t i = 0; i < v->n; i++) {
			if (i) buf_c(b, ',');
			show(b, &v->list[i], run);
		}
		buf_c(b, ']');
		return;
	case VALUE_NODE: buf_str(b, s.p ? s : json_raw(run->j, v->node)); return;
	case VALUE_TEXT: case VALUE_BARE: buf_str(b, s);
	}
}

// What an expression gives, as text: - absent, [a,b] a list, with "!code" or "?code" behind it where something was found.
static const char *gives(const char *document, const char *expression)
{
	struct json *j = NEW(&arena, struct json);
	struct json_error bad;
	struct conf *c = conf_parse(&err, str_of(tables_text), "tables");
	assert_non_null(c);
	const struct expr_tables *t = expr_tables(&arena, &err, c);
	conf_close(c);
	assert_true(json_parse(j, str_of(arena_strdup(&arena, document)), &bad));
	struct expr *x = expr_compile(&arena, &err, expression, t);
	if (!x) fail_msg("%s", err.text);
	struct expr_run run = {.j = j, .arena = &arena, .currency = "EUR", .digits = 2, .zone = "Europe/Berlin", .variable = variable, .finding = finding};
	struct expr_scope scope = {.node = 0, .index = 4};
	struct buf b = {0};
	found[0] = '\0';
	struct value v = expr_eval(x, &run, &scope);
	show(&b, &v, &run);
	buf_cstr(&b, found);
	const char *text = arena_copy(&arena, b.p ? b.p : "", b.n);
	buf_free(&b);
	json_free(j);
	return text;
}

struct one { const char *expression, *want; };

static void all(const char *document, const struct one *cases)
{
	for (; cases->expression; cases++) {
		const char *got = gives(document, cases->expression);
		if (strcmp(got, cases->want) != 0) fail_msg("%s gives %s, not %s", cases->expression, got, cases->want);
	}
	arena_free(&arena);
}

static void paths(void **state)
{
	(void)state;
	all("{\"a\":{\"b\":1,\"c d\":\"x\",\"e\":null},\"l\":[{\"k\":\"p\",\"v\":1,\"t\":[1,2]},{\"k\":\"q\",\"v\":2,\"t\":[]},{\"k\":\"p\",\"v\":3}],\"u\":{\"k\":\"p\",\"v\":9},"
		"\"want\":\"q\",\"n\":2,\"empty\":[],\"blank\":\"\",\"\\u0065sc\":7,\"order-id\":\"o1\",\"m\":{\"x\":1,\"y\":2}}", (const struct one[]){
		{"a.b", "1"}, {"a['c d']", "x"}, {"['a'].b", "1"}, {"a.e", "null"}, {"a.z", "-"}, {"z.y.x", "-"}, {"a.b.c", "-"},
		{"l[0].v", "1"}, {"l[-1].v", "3"}, {"l[3].v", "-"}, {"l[].v", "[1,2,3]"}, {"l[].t[]", "[1,2]"}, {"empty[]", "[]"}, {"z[]", "-"}, {"blank[]", "-"},
		{"l[k='q'].v", "2"}, {"l[k='p'].v", "1"}, {"l[k='p'][].v", "[1,3]"}, {"l[k='z'].v", "-"}, {"l[k='z'][].v", "[]"},
		{"l[k=(want)].v", "2"}, {"l[k=^.want].v", "2"}, {"l[(n)].v", "3"}, {"a[('b')]", "1"}, {"l[v > 1 and k = 'p'].v", "3"}, {"l[v=2].k", "q"},
		{"u[].v", "[9]"}, {"u[k='p'].v", "9"}, {"u[0].v", "9"}, {"esc", "7"}, {"order-id", "o1"}, {"m[*]", "[1,2]"},
		{"(z // a).b", "1"}, {"$.n", "2"}, {"$doc.n", "2"}, {"@.n", "2"}, {"@index", "4"}, {"l[@index=1].v", "2"}, {"$topic", "orders/paid"}, {"$source.tz", "-"},
		{"$currency", "EUR"}, {0}});
	all("[{\"a\":1},{\"a\":2}]", (const struct one[]){{"[].a", "[1,2]"}, {"[1].a", "2"}, {0}});
}

static void choosing(void **state)
{
	(void)state;
	all("{\"a\":\"\",\"b\":null,\"c\":\"x\",\"zero\":0,\"f\":false,\"t\":\"true\",\"e\":[],\"l\":[\"\",null],\"s\":\"5\",\"n\":5,\"w\":[\"a\",\"b\"]}", (const struct one[]){
		{"a // b // c", "x"}, {"zero // c", "0"}, {"e // z", "[]"}, {"e // c", "x"}, {"z // a", "-"},
		{"has(b)", "true"}, {"has(z)", "false"}, {"set(b)", "false"}, {"set(a)", "false"}, {"set(zero)", "true"}, {"set(l)", "false"}, {"set(e)", "false"},
		{"if(f, 'y', 'n')", "n"}, {"if(zero, 'y', 'n')", "n"}, {"if(t, 'y')", "y"}, {"if(z, 'y')", "-"}, {"default(a, 'd')", "d"}, {"a | default('d')", "d"},
		{"null_if(c, 'x', 'y')", "-"}, {"null_if(c, 'y')", "x"}, {"s = 5", "true"}, {"s = n", "true"}, {"s = '5'", "true"}, {"s != 5", "false"},
		{"z = null", "true"}, {"b = null", "true"}, {"a = null", "false"}, {"z = ''", "false"}, {"z != 'x'", "true"}, {"t = true", "true"}, {"f = false", "true"},
		{"w = 'b'", "true"}, {"w[] = 'c'", "false"}, {"c in ('y', 'x')", "true"}, {"c not in ('y')", "true"}, {"'a' in (w)", "true"},
		{"c ~ '^[xy]$'", "true"}, {"c ~ 'z'", "false"}, {"n < 10", "true"}, {"n >= 5.0", "true"}, {"c < 10", "false"}, {"s > 4 and not f", "true"},
		{"f or t and f", "false"}, {"(f or t) and t", "true"}, {"not f = false", "false"}, {"true", "true"}, {"'it''s'", "it's"}, {"-1.5", "-1.5"}, {"digest()", "0123456789abcdef"},
		{"index()", "4"}, {"index(1)", "5"}, {0}});
}

static void lists(void **state)
{
	(void)state;
	all("{\"l\":[{\"p\":\"2.50\",\"q\":2},{\"p\":1,\"q\":3}],\"x\":[\"b\",\"\",\"a\",null,\"b\"],\"e\":[],\"d\":[\"2026-01-02\",\"2025-01-01\"],\"n\":[10,9],"
		"\"kv\":[{\"name\":\"Gift\",\"value\":\"yes\"},{\"key\":\"k2\",\"value\":null},{\"id\":7,\"value\":\"seven\"}],\"o\":{\"Gift\":\"obj\"},\"csv\":\" a, b,,c \"}", (const struct one[]){
		{"sum(l[].p)", "3.50"}, {"sum(each(l[], mul(p, q)))", "8.00"}, {"sum(e[])", "0"}, {"sum(z[])", "-"}, {"sum(x)", "-!map_number"}, {"count(x)", "3"}, {"count(e)", "0"}, {"count(z)", "-"},
		{"min(n)", "9"}, {"max(n)", "10"}, {"max(d)", "2026-01-02"}, {"first(x)", "b"}, {"last(x)", "b"}, {"last(d)", "2025-01-01"}, {"join('-', x, 'c', z)", "b-a-b-c"}, {"join('-', z)", "-"},
		{"concat('a', z, 1)", "a1"}, {"nonblank(x)", "[b,a,b]"}, {"unique(x)", "[b,a]"}, {"any(x)", "true"}, {"any(e)", "false"},
		{"kv(kv, 'Gift')", "yes"}, {"kv(kv, '7')", "seven"}, {"kv(kv, 'k2')", "null"}, {"kv(kv, 'no')", "-"}, {"kv(o, 'Gift')", "obj"}, {"csv | split(',')", "[a,b,c]"},
		{"x | upper", "[B,A,B]"}, {"l[].p | money", "[2.50,1.00]"}, {"each(l[], q)", "[2,3]"}, {"each(l[], @index)", "[0,1]"}, {0}});
}

static void words(void **state)
{
	(void)state;
	all("{\"a\":\"paid\",\"b\":\" PAID \",\"two\":2,\"v\":\"void\",\"odd\":\"strange\",\"code\":\"AUTH\",\"ok\":true,\"no\":\"false\",\"r\":\"REFUND\",\"c\":\"Germany\",\"c2\":\"Atlantis\"}", (const struct one[]){
		{"a | enum(pay)", "captured"}, {"b | enum(pay)", "captured"}, {"two | enum(pay)", "open"}, {"v | enum(pay)", "-"}, {"z | enum(pay)", "-"},
		{"odd | enum(pay)", "strange?map_enum"}, {"odd | enum(other)", "rest"}, {"odd | enum(same)", "strange"}, {"enum(a, pay)", "captured"},
		{"match(two, code, ok)", "ok"}, {"match(two, code, no)", "bad"}, {"match(two, r, z)", "asked"}, {"match(two, r, ok)", "-?map_enum"},
		{"c | country", "DE"}, {"c2 | country", "Atlantis?map_country"}, {0}});
}

static void amounts(void **state)
{
	(void)state;
	all("{\"a\":\"29.3500\",\"b\":29.35,\"c\":\"29.355\",\"d\":\"x\",\"e\":-404.4,\"m\":2935,\"jpy\":\"JPY\",\"bad\":\"ZZZ\",\"s\":\"-$3.00\",\"k\":\"1.234,50 \\u20ac\",\"big\":1e2,\"q\":\"2.0000\","
		"\"h\":\"2.5\",\"id\":12345678901234567890,\"y\":\"Yes\",\"one\":1,\"o\":{\"x\":1},\"ar\":[],\"blank\":\" \",\"exp\":\"1e400\"}", (const struct one[]){
		{"a | money", "29.35"}, {"b | money", "29.35"}, {"c | money", "-!map_money"}, {"d | money", "-!map_money"}, {"e | money", "-404.40"}, {"z | money", "-"}, {"big | money", "100.00"},
		{"money(m, jpy)", "2935"}, {"money(m, bad)", "-!map_money"}, {"m | money_minor", "29.35"}, {"m | money_minor('JPY')", "2935"}, {"money_div(m, 100)", "29.35"},
		{"money_div(m, 1000)", "-!map_money"}, {"money_scaled(m, 1)", "293.50"}, {"s | money_symbol", "-3.00"}, {"k | money_symbol(',')", "1234.50"}, {"c | money_or_absent", "-"}, {"c | money_round", "29.36"},
		{"o | money", "-!map_shape"}, {"ar | money", "-"}, {"e | abs | money", "404.40"}, {"e | neg", "404.4"}, {"add(a, b, z)", "58.7000"}, {"sub(b, 30)", "-0.65"}, {"sub(b, z)", "29.35"}, {"sub(z, b)", "-"},
		{"mul(b, 2)", "58.70"}, {"div(1, 8)", "0.125"}, {"div(1, 3)", "-"}, {"div(1, 0)", "-"}, {"add(d, 1)", "-!map_number"}, {"at_least(e, 0)", "0"}, {"at_least(5, 0)", "5"},
		{"q | int", "2"}, {"h | int", "-!map_number"}, {"d | int", "-!map_number"}, {"id | text", "12345678901234567890"}, {"id", "12345678901234567890"}, {"y | bool", "true"}, {"one | bool", "true"}, {"d | bool", "-!map_bool"},
		{"exp | money", "-!map_money"}, {"b | decimal", "29.35"}, {0}});
}

static void times(void **state)
{
	(void)state;
	all("{\"a\":\"2026-01-10T11:00:00-05:00\",\"n\":\"2026-07-01 12:00:00\",\"z\":\"0000-00-00 00:00:00\",\"s\":1767225600,\"ms\":\"1767225600123\",\"d\":\"2026-02-30\",\"us\":\"12/31/25\",\"t\":\"1:05 PM\",\"w\":\"soon\"}", (const struct one[]){
		{"a | time", "2026-01-10T16:00:00.000Z"}, {"n | time", "2026-07-01T10:00:00.000Z"}, {"n | time('naive', 'America/New_York')", "2026-07-01T16:00:00.000Z"}, {"z | time", "-"},
		{"s | epoch", "2026-01-01T00:00:00.000Z"}, {"s | time('s')", "2026-01-01T00:00:00.000Z"}, {"ms | epoch_ms", "2026-01-01T00:00:00.123Z"}, {"d | time('date')", "-!map_time"}, {"w | time", "-!map_time"}, {"no | time", "-"},
		{"concat(us, ' ', t) | time('mdy', 'UTC')", "2025-12-31T13:05:00.000Z"}, {"a | date", "2026-01-10"}, {"n | time('naive', 'Mars/Base')", "-!map_time"}, {0}});
}

static void text(void **state)
{
	(void)state;
	all("{\"g\":\"gid://shopify/Order/450789469\",\"h\":\"#1001\",\"m\":\"Rachel <rachel@example.org>\",\"m2\":\"x@example.org\",\"u\":\"https://a.example/b/c?x=1\",\"e\":\"a%20b%2Fc+d\",\"bad\":\"%ff\","
		"\"html\":\"<p>Fish &amp; <b>chips</b><br>&#8364;5 &lt; 6</p><script>x()</script>\",\"t\":\"order #3812345671 and #22\",\"s\":\"  x  \",\"true\":true,\"q\":\"\\\"Doe, J\\\" <j@example.org>\"}", (const struct one[]){
		{"g | strip('gid://shopify/Order/')", "450789469"}, {"h | strip('#')", "1001"}, {"h | strip('x', '#')", "1001"}, {"g | last_part('/')", "450789469"}, {"u | after('://')", "a.example/b/c?x=1"}, {"u | after('!')", "-"},
		{"u | before('?')", "https://a.example/b/c"}, {"h | before('!')", "#1001"}, {"m | email_addr", "rachel@example.org"}, {"m | email_name", "Rachel"}, {"m2 | email_addr", "x@example.org"}, {"m2 | email_name", "-"}, {"q | email_name", "Doe, J"},
		{"e | urldecode", "a b/c d"}, {"bad | urldecode", "%ff"}, {"html | html", "Fish & chips\n\xe2\x82\xac" "5 < 6"}, {"t | re('#([0-9]+)')", "3812345671"}, {"t | re('[0-9]+$')", "22"}, {"t | re('(o)(r)', 2)", "r"}, {"t | re('zzz')", "-"},
		{"t | re_all('#([0-9]+)')", "[3812345671,22]"}, {"s | trim", "x"}, {"h | replace('1', '2')", "#2002"}, {"g | lower", "gid://shopify/order/450789469"}, {"['true'] | text", "true"}, {"h | upper | lower", "#1001"}, {0}});
}

static void mistakes_are_named(void **state)
{
	(void)state;
	const struct one cases[] = {
		{"mony(a)", "did you mean money()"}, {"a |", "the name of a function is missing"}, {"a = ", "a value is missing"}, {"(a", "a ')' is missing"}, {"a[", "a value is missing"}, {"a[b='x'", "a ']' is missing"},
		{"'x", "a quote that nothing closes"}, {"a b", "this is left over"}, {"a | enum(nope)", "\"tables\" has no nope"}, {"a ~ '('", "not a regular expression"}, {"a ~ b", "a pattern must be a 'text'"}, {"money()", "takes 1 to 2 arguments"},
		{"$nope", "there is no $nope"}, {"a.", "a name is missing"}, {"!a", "'!' begins no value"}, {"a | time(b)", "wants a 'text'"}, {"1a", "begins with a digit"}, {"^a", "a '.' is missing"}, {0}};
	for (const struct one *c = cases; c->expression; c++) {
		struct conf *conf = conf_parse(&err, str_of(tables_text), "tables");
		err_clear(&err);
		if (expr_compile(&arena, &err, c->expression, expr_tables(&arena, &err, conf))) fail_msg("%s is taken", c->expression);
		if (err.code != E_CONFIG || !strstr(err.text, c->want) || !strstr(err.text, "column ")) fail_msg("%s: %s", c->expression, err.text);
		conf_close(conf);
	}
	char deep[400];
	memset(deep, '(', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	assert_null(expr_compile(&arena, &err, deep, NULL));
	assert_non_null(strstr(err.text, "nested too deeply"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths), cmocka_unit_test(choosing), cmocka_unit_test(lists), cmocka_unit_test(words), cmocka_unit_test(amounts),
		cmocka_unit_test(times), cmocka_unit_test(text), cmocka_unit_test(mistakes_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
