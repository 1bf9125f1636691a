// The tape read: members by name, elements by place, text with its escapes undone.
#include "json.h"
#include "json_text.h"
#include <stdlib.h>

const char *json_code_word(enum json_code c)
{
	static const char *const word[] = {"json_ok", "json_syntax", "json_utf8", "json_duplicate", "json_depth", "json_size",
		"json_trailing", "json_empty", "json_nul", "json_surrogate", "json_number", "json_control", "json_truncated"};
	return (unsigned)c < sizeof word / sizeof *word ? word[c] : "json_syntax";
}

void json_free(struct json *j)
{
	free(j->node);
	*j = (struct json){0};
}

static struct str slice(const struct json *j, uint32_t i)
{
	return (struct str){j->text.p + j->node[i].at, j->node[i].len};
}

static bool is_name(const struct json *j, uint32_t k, struct str key)
{
	const struct json_node *name = &j->node[k];
	if (!name->escaped)
		return name->len == key.n && (!key.n || memcmp(j->text.p + name->at, key.p, key.n) == 0);
	if (name->len < key.n) return false; // an escape is longer than what it says
	size_t at = 0, n = 0;
	while (at < name->len) {
		char c[4];
		size_t said = json_text_step(slice(j, k), &at, c);
		if (said > key.n - n || memcmp(key.p + n, c, said) != 0) return false;
		n += said;
	}
	return n == key.n;
}

uint32_t json_get(const struct json *j, uint32_t i, struct str key)
{
	if (j->node[i].type != JSON_OBJECT) return 0;
	for (uint32_t k = i + 1, end = j->node[i].next; k < end; k = j->node[k + 1].next)
		if (is_name(j, k, key)) return k + 1;
	return 0;
}

uint32_t json_at(const struct json *j, uint32_t array, uint32_t k)
{
	const struct json_node *a = &j->node[array];
	if (a->type != JSON_ARRAY || k >= a->n) return 0;
	uint32_t v = array + 1;
	if (a->next - v == a->n) return v + k; // nothing in it has an inside
	while (k--) v = j->node[v].next;
	return v;
}

uint32_t json_first(const struct json *j, uint32_t i)
{
	return j->node[i].n ? i + 1 : 0;
}

uint32_t json_after(const struct json *j, uint32_t i, uint32_t v)
{
	uint32_t next = j->node[j->node[i].type == JSON_OBJECT ? v + 1 : v].next;
	return next < j->node[i].next ? next : 0;
}

struct str json_raw(const struct json *j, uint32_t i)
{
	struct str s = slice(j, i);
	return j->node[i].type == JSON_STRING ? (struct str){s.p - 1, s.n + 2} : s;
}

struct str json_str_any(const struct json *j, uint32_t i, struct arena *a)
{
	const struct json_node *v = &j->node[i];
	if (!i || v->type == JSON_NULL || v->type >= JSON_ARRAY) return (struct str){0};
	struct str s = slice(j, i);
	if (!v->escaped) return s;
	char *to = arena_copy(a, s.p, s.n);
	s.n = json_text_undo(to, s);
	to[s.n] = 0;
	return (struct str){to, s.n};
}

bool json_int(const struct json *j, uint32_t i, int64_t *value)
{
	const struct json_node *v = &j->node[i];
	if (!i || (v->type != JSON_NUMBER && v->type != JSON_STRING)) return false;
	char few[6 * 20]; // no number that fits has more than 20 characters, each an escape at worst
	struct str s = slice(j, i);
	if (v->escaped) {
		if (s.n > sizeof few) return false;
		s = (struct str){few, json_text_undo(few, s)};
	}
	return str_int(s, value);
}

bool json_true(const struct json *j, uint32_t i) { return i && j->node[i].type == JSON_TRUE; }

const struct json *json_keep(const struct json *j, struct arena *a)
{
	struct json *to = NEW(a, struct json);
	*to = (struct json){.text = j->text, .node = (struct json_node *)(void *)arena_copy(a, j->node, j->n * sizeof *to->node), .n = j->n};
	return to;
}
