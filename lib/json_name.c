// The names of one object: is one of them there twice? Nearly always a few bits say at once that none is. Where they do not,
// a few are compared in pairs, many go through a table, and where somebody chose names that collide there, they are sorted:
// never quadratic.
#include "json_name.h"
#include "json_text.h"
#include <endian.h>
#include <stdlib.h>

enum { PAIRS = 8 }; // up to here comparing in pairs costs less than a table

struct slot { uint32_t hash, key; };

static struct str raw_of(const struct json *j, uint32_t k)
{
	return (struct str){j->text.p + j->node[k].at, j->node[k].len};
}

static bool same(const struct json *j, uint32_t a, uint32_t b)
{
	const struct json_node *x = &j->node[a], *y = &j->node[b];
	if (__builtin_expect(x->escaped | y->escaped, 0)) return json_text_same(raw_of(j, a), raw_of(j, b));
	if (x->len != y->len) return false;
	if (!x->len) return true;
	const char *p = j->text.p + x->at, *q = j->text.p + y->at;
	return p[x->len - 1] == q[x->len - 1] && memcmp(p, q, x->len) == 0;
}

static uint32_t pairs(const struct json *j, uint32_t i)
{
	uint32_t key[PAIRS], n = 0;
	for (uint32_t k = i + 1; n < j->node[i].n; k = j->node[k + 1].next) {
		for (uint32_t o = 0; o < n; o++)
			if (same(j, key[o], k)) return k;
		key[n++] = k;
	}
	return 0;
}

static uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * 0x9e3779b97f4a7c15;
	return h ^ h >> 32;
}

static uint32_t hash_plain(const char *p, size_t n)
{
	uint64_t h = n, word = 0;
	for (; n >= sizeof word; p += sizeof word, n -= sizeof word) {
		memcpy(&word, p, sizeof word);
		h = mix(h, word);
	}
	word = 0;
	if (n & 4) {
		uint32_t four;
		memcpy(&four, p, sizeof four);
		word = four;
		p += sizeof four;
	}
	if (n & 2) word = word << 16 | (uint64_t)(unsigned char)p[0] << 8 | (unsigned char)p[1];
	if (n & 1) word = word << 8 | (unsigned char)p[n & 2];
	return (uint32_t)mix(h, word);
}

static uint32_t hash_of(const struct json *j, uint32_t k)
{
	struct str raw = raw_of(j, k);
	if (!j->node[k].escaped) return hash_plain(raw.p, raw.n);
	char few[256], *to = raw.n <= sizeof few ? few : must_alloc(raw.n);
	uint32_t h = hash_plain(to, json_text_undo(to, raw));
	if (to != few) free(to);
	return h;
}

// Room for n words of 8 bytes behind the tape: it is free until the next node is written.
static void *scratch(struct json *j, size_t n)
{
	size_t need = j->n + n / 2 + 1;
	if (need > j->cap) {
		j->node = must_realloc(j->node, need * sizeof *j->node);
		j->cap = (uint32_t)need;
	}
	return j->node + j->n;
}

struct said { struct str text; uint32_t key; };

static int order(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	int c = str_cmp(x->text, y->text);
	return c ? c : (x->key > y->key) - (x->key < y->key);
}

static size_t escaped_bytes(const struct json *j, uint32_t i)
{
	size_t bytes = 0;
	for (uint32_t k = i + 1, m = 0; m < j->node[i].n; m++, k = j->node[k + 1].next)
		if (j->node[k].escaped) bytes += j->node[k].len;
	return bytes;
}

// Whatever the names are: n log n.
static uint32_t sorted(const struct json *j, uint32_t i)
{
	uint32_t n = 0, twice = 0;
	char *text = must_alloc(escaped_bytes(j, i) + 1), *to = text;
	struct said *said = must_alloc(j->node[i].n * sizeof *said);
	for (uint32_t k = i + 1; n < j->node[i].n; k = j->node[k + 1].next) {
		struct str s = raw_of(j, k);
		if (j->node[k].escaped) {
			s = (struct str){to, json_text_undo(to, s)};
			to += s.n;
		}
		said[n++] = (struct said){s, k};
	}
	qsort(said, n, sizeof *said, order);
	for (uint32_t m = 1; m < n && !twice; m++)
		if (str_eq(said[m - 1].text, said[m].text)) twice = said[m].key;
	free(said);
	free(text);
	return twice;
}

static uint32_t table(struct json *j, uint32_t i)
{
	uint32_t n = j->node[i].n, size = 32, left = 8 * n;
	while (size < 2 * n) size *= 2;
	struct slot *slot = scratch(j, size);
	memset(slot, 0, size * sizeof *slot);
	for (uint32_t k = i + 1, m = 0; m < n; m++, k = j->node[k + 1].next) {
		uint32_t hash = hash_of(j, k), at = hash & (size - 1);
		for (; slot[at].key; at = (at + 1) & (size - 1)) {
			if (slot[at].hash == hash && same(j, slot[at].key, k)) return k;
			if (!left--) return sorted(j, i);
		}
		slot[at] = (struct slot){hash, k};
	}
	return 0;
}

// A bit for each name, by its length, its first eight and its last eight bytes: names that all have a bit to themselves differ.
enum { BIT_WORDS = 64, BITS = BIT_WORDS * 64, BITS_MOST = 64 }; // of more names some two meet

static bool bits_differ(const struct json *j, uint32_t i)
{
	uint64_t bits[BIT_WORDS] = {0};
	const char *end = j->text.p + j->text.n;
	const struct json_node *node = j->node;
	for (uint32_t k = i + 1, last = node[i].next; k < last; k = node[k + 1].next) {
		const char *p = j->text.p + node[k].at;
		size_t n = node[k].len;
		uint64_t head, tail = 0;
		if (node[k].escaped || end - p < 8) return false;
		memcpy(&head, p, sizeof head);
		head = le64toh(head);
		if (n < 8) head &= ~(~UINT64_C(0) << 8 * n);
		else memcpy(&tail, p + n - 8, sizeof tail);
		uint64_t bit = (head * 31 + tail + n) * UINT64_C(0x9e3779b97f4a7c15) >> 52;
		if (bits[bit / 64] >> bit % 64 & 1) return false;
		bits[bit / 64] |= UINT64_C(1) << bit % 64;
	}
	return true;
}

uint32_t json_name_twice(struct json *j, uint32_t i)
{
	_Static_assert(BITS == 1 << (64 - 52), "the hash is as wide as the bits are many");
	if (j->node[i].n <= BITS_MOST && bits_differ(j, i)) return 0;
	return j->node[i].n <= PAIRS ? pairs(j, i) : table(j, i);
}
