// Any bytes into the record reader: no fault, and a tape that is sound.
#include "json.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define HOLDS(x) \
	do { \
		if (!(x)) abort(); \
	} while (0)

// Every node is inside its parent, every text inside the document, every member found by its name.
static void walk(const struct json *j, uint32_t i, struct arena *a)
{
	const struct json_node *v = &j->node[i];
	HOLDS(v->next > i && v->next <= j->n);
	HOLDS((size_t)v->at + v->len <= j->text.n);
	struct str raw = json_raw(j, i), text = json_str(j, i, a);
	HOLDS(raw.p >= j->text.p && raw.p + raw.n <= j->text.p + j->text.n);
	if (text.p) HOLDS(utf8_valid(text) && text.n <= raw.n);
	int64_t number;
	(void)json_int(j, i, &number);
	uint32_t n = 0;
	for (uint32_t e = json_first(j, i); e; e = json_after(j, i, e), n++) {
		bool object = v->type == JSON_OBJECT;
		uint32_t value = object ? e + 1 : e;
		HOLDS(value < v->next);
		if (n < 64) HOLDS(object ? json_get(j, i, json_str(j, e, a)) == value : json_at(j, i, n) == value);
		walk(j, value, a);
	}
	HOLDS(n == v->n);
}

// What json_raw gives of the root is a document of its own, with the same tape.
static void again(const struct json *j)
{
	struct json other = {0};
	struct json_error e;
	HOLDS(json_parse(&other, json_raw(j, 0), &e) && other.n == j->n);
	json_free(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct json j = {0};
	struct json_error e = {0};
	struct arena a = {0};
	struct str text = {(const char *)data, n};
	if (json_parse(&j, text, &e)) {
		HOLDS(utf8_valid(text) && !memchr(data, 0, n));
		walk(&j, 0, &a);
		again(&j);
	} else {
		HOLDS(e.code && e.what && e.at <= n && e.line && e.column && json_code_word(e.code));
		HOLDS(json_get(&j, 0, S("a")) == 0 && json_first(&j, 0) == 0);
	}
	arena_free(&a);
	json_free(&j);
	return 0;
}
