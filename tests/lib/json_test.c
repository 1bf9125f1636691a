// The record reader: the corpus, what it says of faults, the walk over the tape, and jansson beside it.
// Two headers that name the same things: jansson's are renamed while it is read, and asked through functions.
#define json_type jansson_type
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_TRUE JANSSON_TRUE
#define JSON_FALSE JANSSON_FALSE
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#include <stdbool.h>
enum their { T_OBJECT, T_ARRAY, T_STRING, T_INTEGER, T_REAL, T_TRUE, T_FALSE, T_NULL, T_NONE };
static enum their their_type(const json_t *v)
{
	static const enum their type[] = {[JSON_OBJECT] = T_OBJECT, [JSON_ARRAY] = T_ARRAY, [JSON_STRING] = T_STRING, [JSON_INTEGER] = T_INTEGER,
		[JSON_REAL] = T_REAL, [JSON_TRUE] = T_TRUE, [JSON_FALSE] = T_FALSE, [JSON_NULL] = T_NULL};
	return v ? type[json_typeof(v)] : T_NONE;
}
#undef json_type
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL
#include "json.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct json doc;
static struct json_error bad;

static bool reads(const char *text) { return json_parse(&doc, str_of(text), &bad); }

static char *slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	char *p = must_alloc(1 << 20);
	*n = fread(p, 1, 1 << 20, f);
	fclose(f);
	p = must_realloc(p, *n ? *n : 1); // so that the sanitizer sees a read past the end
	return p;
}

// Calls f for each file of tests/conformance/json; how many there were.
static size_t corpus(void (*f)(const char *name, struct str text))
{
	char path[4096];
	const char *src = getenv("SRC");
	snprintf(path, sizeof path, "%s/tests/conformance/json", src ? src : ".");
	DIR *d = opendir(path);
	assert_non_null(d);
	size_t count = 0;
	for (struct dirent *one; (one = readdir(d));) {
		if (one->d_name[0] == '.') continue;
		snprintf(path, sizeof path, "%s/tests/conformance/json/%s", src ? src : ".", one->d_name);
		size_t n;
		char *p = slurp(path, &n);
		f(one->d_name, (struct str){p, n});
		free(p);
		count++;
	}
	closedir(d);
	return count;
}

static void one_of_corpus(const char *name, struct str text)
{
	bool ok = json_parse(&doc, text, &bad);
	if (ok != (name[0] == 'y')) fail_msg("%s: %s", name, ok ? "was accepted" : bad.what);
	if (!ok && (!bad.what || !bad.line || !bad.column || bad.at > text.n)) fail_msg("%s: no place or no sentence", name);
}

static void corpus_holds(void **state)
{
	(void)state;
	assert_true(corpus(one_of_corpus) > 300);
}

static void faults_have_code_line_column(void **state)
{
	(void)state;
	static const struct { const char *text; enum json_code code; uint32_t line, column; } fault[] = {
		{"", JSON_E_EMPTY, 1, 1}, {" \n ", JSON_E_EMPTY, 2, 2}, {"{\n \"a\": 01}", JSON_E_NUMBER, 2, 7},
		{"{\"a\":1}\n{\"b\":2}", JSON_E_TRAILING, 2, 1}, {"{\"a\":1,\n\"\\u0061\":2}", JSON_E_DUPLICATE, 2, 1},
		{"[\"\xc3\xa9\xff\"]", JSON_E_UTF8, 1, 5}, {"[\"a\\u0000\"]", JSON_E_NUL, 1, 4}, {"[\"\\ud800\"]", JSON_E_SURROGATE, 1, 3},
		{"[\"a\tb\"]", JSON_E_CONTROL, 1, 4}, {"{{now}}", JSON_E_SYNTAX, 1, 2}, {"{\"a\":1,}", JSON_E_SYNTAX, 1, 8},
		{"{\"a\":[1", JSON_E_TRUNCATED, 1, 8}, {"[\"x", JSON_E_TRUNCATED, 1, 4}, {"[tru", JSON_E_TRUNCATED, 1, 5},
		{"\xef\xbb\xbf{}", JSON_E_SYNTAX, 1, 1}, {"[0x1]", JSON_E_NUMBER, 1, 3}, {"\xff\xfe[", JSON_E_UTF8, 1, 1},
	};
	for (size_t i = 0; i < sizeof fault / sizeof *fault; i++) {
		assert_false(reads(fault[i].text));
		if (bad.code != fault[i].code || bad.line != fault[i].line || bad.column != fault[i].column)
			fail_msg("%s: %s at %u:%u (%s)", fault[i].text, json_code_word(bad.code), bad.line, bad.column, bad.what);
	}
	assert_string_equal(json_code_word(JSON_E_DUPLICATE), "json_duplicate");
	assert_string_equal(json_code_word(JSON_E_TRUNCATED), "json_truncated");
}

static void sentences_name_the_mistake(void **state)
{
	(void)state;
	static const char *const said[][2] = {
		{"{\"at\":{{now}}}", "template"}, {"{\"a\":1,}", "last comma"}, {"[1,]", "comma too many"}, {"{'a':1}", "double quotes"},
		{"[NaN]", "NaN"}, {"\xef\xbb\xbf[]", "byte order mark"}, {"\xff\xfe[", "UTF-16"}, {"[1 // x\n]", "comma or ]"}, {"[/* x */]", "comments"},
		{"[True]", "lower case"}, {"{\"a\":", "cut off"}, {"[\"a\nb\"]", "line ends inside a string"}, {"[+1]", "digit"},
	};
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		assert_false(reads(said[i][0]));
		if (!strstr(bad.what, said[i][1])) fail_msg("%s: \"%s\" does not say \"%s\"", said[i][0], bad.what, said[i][1]);
	}
}

static void the_tape_is_walked(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_true(reads("{\"id\":12,\"n\":null,\"l\":[1,{\"x\":[]},\"\\u00e9\\n\"],\"t\":true,\"s\":\"42\",\"e\":{}, \"p\\u0061y\":19.90}"));
	assert_int_equal(json_type(&doc, 0), JSON_OBJECT);
	int64_t v;
	assert_true(json_int(&doc, json_getz(&doc, 0, "id"), &v) && v == 12);
	assert_true(json_int(&doc, json_getz(&doc, 0, "s"), &v) && v == 42);
	assert_false(json_int(&doc, json_getz(&doc, 0, "pay"), &v) || json_int(&doc, 0, &v));
	assert_true(str_is(json_str(&doc, json_getz(&doc, 0, "pay"), &a), "19.90"));
	assert_null(json_str(&doc, json_getz(&doc, 0, "n"), &a).p);
	assert_int_equal(json_getz(&doc, 0, "none"), 0);
	assert_int_equal(json_getz(&doc, json_getz(&doc, 0, "id"), "id"), 0);
	assert_true(json_true(&doc, json_getz(&doc, 0, "t")) && !json_true(&doc, json_getz(&doc, 0, "s")));
	uint32_t list = json_getz(&doc, 0, "l");
	assert_true(str_is(json_raw(&doc, list), "[1,{\"x\":[]},\"\\u00e9\\n\"]"));
	assert_true(str_is(json_raw(&doc, json_at(&doc, list, 2)), "\"\\u00e9\\n\""));
	assert_true(str_is(json_str(&doc, json_at(&doc, list, 2), &a), "é\n"));
	assert_int_equal(json_at(&doc, list, 3), 0);
	assert_int_equal(json_at(&doc, 0, 0), 0);
	assert_int_equal(json_first(&doc, json_getz(&doc, 0, "e")), 0);
	char names[32] = "";
	for (uint32_t k = json_first(&doc, 0); k; k = json_after(&doc, 0, k)) strncat(names, json_str(&doc, k, &a).p, 1);
	assert_string_equal(names, "inltsep");
	uint32_t count = 0;
	for (uint32_t e = json_first(&doc, list); e; e = json_after(&doc, list, e)) count++;
	assert_int_equal(count, 3);
	assert_true(reads("[1,2,3]") && str_is(json_raw(&doc, json_at(&doc, 0, 2)), "3"));
	assert_false(reads("{\"id\":"));
	assert_int_equal(json_getz(&doc, 0, "id"), 0); // reading on after a refusal finds nothing
	arena_free(&a);
}

static void escapes_are_undone(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_true(reads("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\",\"x\\\\u0041\"]"));
	assert_true(str_is(json_str(&doc, 1, &a), "\"\\/\b\f\n\r\t"));
	assert_true(str_is(json_str(&doc, 2, &a), "Aé€😀"));
	assert_true(str_is(json_str(&doc, 3, &a), "x\\u0041"));
	arena_free(&a);
}

// Strings are read in steps of sixteen and eight bytes: what is special is found wherever in a step it stands.
static void strings_of_every_length(void **state)
{
	(void)state;
	char text[64];
	for (int n = 0; n <= 40; n++) {
		snprintf(text, sizeof text, "[\"%.*s\",1]", n, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
		assert_true(reads(text));
		assert_int_equal(doc.node[1].len, n);
		for (int at = 0; at + 2 <= n; at++) {
			memcpy(text + 2 + at, "\\n", 2);
			assert_true(reads(text) && doc.node[1].escaped);
			memcpy(text + 2 + at, "\xc3\xa9", 2);
			assert_true(reads(text) && !doc.node[1].escaped);
			memcpy(text + 2 + at, "\x1f" "b", 2);
			assert_true(!reads(text) && bad.code == JSON_E_CONTROL && bad.at == (uint32_t)at + 2);
			memcpy(text + 2 + at, "\xa9" "b", 2);
			assert_true(!reads(text) && bad.code == JSON_E_UTF8 && bad.at == (uint32_t)at + 2);
			memcpy(text + 2 + at, "ab", 2);
		}
	}
}

// {"<prefix>0":0,…} with n members, and where twice the first name again at the end.
static bool many(const char *prefix, size_t n, bool twice)
{
	struct buf b = {0};
	for (size_t i = 0; i < n; i++) buf_printf(&b, "%c\"%s%zu\":0", i ? ',' : '{', prefix, i);
	if (twice) buf_printf(&b, ",\"%s0\":1", prefix);
	buf_c(&b, '}');
	bool ok = json_parse(&doc, buf_view(&b), &bad);
	if (!ok) assert_int_equal(bad.code, JSON_E_DUPLICATE);
	buf_free(&b);
	return ok;
}

static void duplicates_among_many(void **state)
{
	(void)state;
	static const size_t n[] = {1, 2, 8, 9, 16, 17, 100, 100000};
	static const char *const prefix[] = {"k", "\\u006b", "a name that starts the same for many bytes on end "};
	for (size_t i = 0; i < sizeof n / sizeof *n; i++)
		for (size_t k = 0; k < 3; k++) {
			assert_true(many(prefix[k], n[i], false));
			assert_false(many(prefix[k], n[i], true));
		}
}

// Eight plain characters whose place in the table of lib/json_name.c is the same as that of all others made so: its hash run
// backwards. Somebody may send such names; finding the duplicate among them must not take n times n steps.
static bool colliding(uint64_t salt, char name[8])
{
	const uint64_t k = 0x9e3779b97f4a7c15;
	uint64_t inverse = k;
	for (int i = 0; i < 6; i++) inverse *= 2 - k * inverse;
	uint64_t h = salt * 0x2545f4914f6cdd1d << 32 | 0x1234567;
	for (int i = 0; i < 2; i++) h = (h ^ h >> 32) * inverse;
	h ^= 8;
	memcpy(name, &h, 8);
	for (int i = 0; i < 8; i++)
		if (name[i] < ' ' || name[i] > '~' || name[i] == '"' || name[i] == '\\') return false;
	return true;
}

static void names_that_collide(void **state)
{
	(void)state;
	struct buf b = {0};
	char name[8], first[8] = "";
	size_t n = 0;
	for (uint64_t salt = 1; n < 2000; salt++) {
		if (!colliding(salt, name)) continue;
		if (!n++) memcpy(first, name, 8);
		buf_printf(&b, "%c\"%.8s\":0", n > 1 ? ',' : '{', name);
	}
	buf_c(&b, '}');
	assert_true(json_parse(&doc, buf_view(&b), &bad));
	b.p[b.n - 1] = ',';
	uint32_t at = (uint32_t)b.n;
	buf_printf(&b, "\"%.8s\":1}", first);
	assert_false(json_parse(&doc, buf_view(&b), &bad));
	assert_true(bad.code == JSON_E_DUPLICATE && bad.at == at);
	b.n = at; // the same name, its first character as an escape
	buf_printf(&b, "\"\\u00%02x%.7s\":1}", (unsigned)first[0], first + 1);
	assert_false(json_parse(&doc, buf_view(&b), &bad));
	assert_true(bad.code == JSON_E_DUPLICATE && bad.at == at);
	buf_free(&b);
}

static void bounds_hold(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_c(&b, '[');
	for (size_t i = 0; i < JSON_NODES; i++) buf_cstr(&b, "0,");
	buf_cstr(&b, "0]");
	assert_false(json_parse(&doc, buf_view(&b), &bad));
	assert_int_equal(bad.code, JSON_E_SIZE);
	buf_clear(&b);
	buf_c(&b, '"');
	for (size_t i = 0; i < JSON_BYTES / 16; i++) buf_cstr(&b, "0123456789abcdef");
	b.p[b.n - 1] = '"';
	assert_false(json_parse(&doc, buf_view(&b), &bad)); // one byte too many
	assert_int_equal(bad.code, JSON_E_SIZE);
	assert_true(json_parse(&doc, (struct str){"[]", 2}, &bad));
	b.p[JSON_BYTES - 1] = '"';
	b.n = JSON_BYTES;
	assert_true(json_parse(&doc, buf_view(&b), &bad));
	buf_free(&b);
}

// --- jansson beside it -------------------------------------------------------------------------------------------------

static bool same_value(uint32_t i, const json_t *v, struct arena *a);

static bool same_object(uint32_t i, const json_t *v, struct arena *a)
{
	if (json_object_size(v) != doc.node[i].n) return false;
	for (uint32_t k = json_first(&doc, i); k; k = json_after(&doc, i, k)) {
		struct str name = json_str(&doc, k, a);
		char *key = must_alloc(name.n + 1);
		if (name.n) memcpy(key, name.p, name.n);
		key[name.n] = 0;
		const json_t *of = json_object_get(v, key);
		if (json_get(&doc, i, name) != k + 1) of = NULL;
		free(key);
		if (!of || !same_value(k + 1, of, a)) return false;
	}
	return true;
}

static bool same_array(uint32_t i, const json_t *v, struct arena *a)
{
	uint32_t n = 0;
	for (uint32_t e = json_first(&doc, i); e; e = json_after(&doc, i, e), n++)
		if (json_at(&doc, i, n) != e || !same_value(e, json_array_get(v, n), a)) return false;
	return n == json_array_size(v) && n == doc.node[i].n;
}

static bool same_value(uint32_t i, const json_t *v, struct arena *a)
{
	struct str raw = json_raw(&doc, i), s;
	char number[400];
	enum their type = their_type(v);
	switch (json_type(&doc, i)) {
	case JSON_NULL: return type == T_NULL;
	case JSON_FALSE: return type == T_FALSE;
	case JSON_TRUE: return type == T_TRUE;
	case JSON_NUMBER:
		if (raw.n >= sizeof number) return true;
		memcpy(number, raw.p, raw.n);
		number[raw.n] = 0;
		if (type == T_INTEGER) return json_integer_value(v) == strtoll(number, NULL, 10);
		return type == T_REAL && !(json_real_value(v) < strtod(number, NULL)) && !(json_real_value(v) > strtod(number, NULL));
	case JSON_STRING:
		if (type != T_STRING || !i) return type == T_STRING; // a root has no text by contract
		s = json_str(&doc, i, a);
		return str_eq(s, (struct str){json_string_value(v), json_string_length(v)});
	case JSON_ARRAY: return type == T_ARRAY && same_array(i, v, a);
	case JSON_OBJECT: return type == T_OBJECT && same_object(i, v, a);
	}
	return false;
}

// Where they differ on purpose: jansson makes numbers of literals, so integers over 64 bits and 1e400 are refused by it; and it
// nests 2048 deep, where we stop at 64. Not on purpose: it takes a NUL behind the number of a bare root for the end.
static bool known_difference(bool ours, struct str text, const json_error_t *theirs)
{
	if (ours) return json_error_code(theirs) == json_error_numeric_overflow;
	return bad.code == JSON_E_DEPTH || (text.n && memchr(text.p, 0, text.n) && text.p[0] >= '0' && text.p[0] <= '9');
}

static void beside_jansson(const char *name, struct str text)
{
	json_error_t e = {0};
	struct arena a = {0};
	json_t *v = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	bool ours = json_parse(&doc, text, &bad);
	if (ours != (v != NULL) && !known_difference(ours, text, &e))
		fail_msg("%s: we %s (%s), jansson says %s: " STR_FMT, name, ours ? "accept" : "refuse", ours ? "" : bad.what, v ? "fine" : e.text, STR_ARG(text));
	if (ours && v && !same_value(0, v, &a)) fail_msg("%s: another value: " STR_FMT, name, STR_ARG(text));
	json_decref(v);
	arena_free(&a);
}

static void agrees_with_jansson_on_the_corpus(void **state)
{
	(void)state;
	corpus(beside_jansson);
}

static uint32_t seed = 20231;
static uint32_t dice(uint32_t n) { return (seed = seed * 1664525 + 1013904223) >> 8 & 0xffff ? (seed >> 8) % n : 0; }

static void agrees_with_jansson_on_damaged_text(void **state)
{
	(void)state;
	static const char whole[] = "{\"id\":820982911946154508,\"total\":\"199.00\",\"rate\":-0.2e1,\"lines\":[{\"sku\":\"A\\u00e9\",\"n\":1},{\"sku\":\"\xc3\xa9\xf0\x9f\x98\x80\","
		"\"n\":2}],\"ok\":true,\"no\":false,\"x\":null,\"pair\":\"\\ud83d\\ude00\",\"e\":[],\"o\":{}}";
	static const char odd[] = "{}[]:,\"\\0123456789eE+-.utfn \n\t\r\x01\x7f\x80\xbf\xc3\xe2\xed\xf0\xf4\xff" "dD8";
	for (int i = 0; i < 20000; i++) {
		char text[sizeof whole];
		memcpy(text, whole, sizeof whole);
		size_t n = sizeof whole - 1;
		for (uint32_t times = 1 + dice(3); times; times--) {
			size_t at = dice((uint32_t)n);
			if (dice(4)) text[at] = odd[dice(sizeof odd - 1)];
			else memmove(text + at, text + at + 1, --n - at);
		}
		if (!dice(8)) n = dice((uint32_t)n);
		char *p = must_alloc(n + 1);
		memcpy(p, text, n);
		beside_jansson("damaged", (struct str){p, n});
		free(p);
	}
}

static int done(void **state)
{
	(void)state;
	json_free(&doc);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(corpus_holds), cmocka_unit_test(faults_have_code_line_column), cmocka_unit_test(sentences_name_the_mistake),
		cmocka_unit_test(the_tape_is_walked), cmocka_unit_test(escapes_are_undone), cmocka_unit_test(strings_of_every_length), cmocka_unit_test(duplicates_among_many), cmocka_unit_test(names_that_collide),
		cmocka_unit_test(bounds_hold), cmocka_unit_test(agrees_with_jansson_on_the_corpus), cmocka_unit_test(agrees_with_jansson_on_damaged_text),
	};
	return cmocka_run_group_tests(tests, NULL, done);
}
