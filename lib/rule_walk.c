// One walk over an event: members found, types judged, nodes kept.
#include "rule_walk.h"

static unsigned add_place(struct places *p, enum shape shape, unsigned parent, unsigned member, bool list)
{
	unsigned at = p->n++;
	p->v[at] = (struct place){.shape = shape, .parent = (uint8_t)parent, .member = (uint16_t)member, .list = list};
	const struct keys *k = &p->keys;
	for (unsigned i = 0; i < k->size[shape]; i++) {
		const struct member *m = &contract[k->first[shape] + i];
		if (m->of == shape_none) continue;
		unsigned child = add_place(p, (enum shape)m->of, at, k->first[shape] + i, m->kind == KIND_OBJECTS);
		p->v[at].child[i] = (uint8_t)child;
	}
	return at;
}

void places_init(struct places *p)
{
	*p = (struct places){.n = PLACE_EVENT};
	keys_init(&p->keys);
	add_place(p, shape_event, PLACE_NONE, 0, false);
	uint8_t of[SHAPE_COUNT + 1] = {0};
	for (int t = 0; t < EV_COUNT; t++) {
		enum shape s = shape_body((enum event_type)t);
		if (!of[s]) of[s] = (uint8_t)add_place(p, s, PLACE_EVENT, at_event_body, false);
		p->body[t] = of[s];
	}
}

// Takes the next word off a pattern "/a/*/b".
static struct str word_off(struct str *pattern)
{
	if (!pattern->n || pattern->p[0] != '/') return (struct str){0};
	size_t end = 1;
	while (end < pattern->n && pattern->p[end] != '/') end++;
	struct str word = str_cut(*pattern, 1, end);
	*pattern = str_cut(*pattern, end, pattern->n);
	return word;
}

struct finder { const struct places *p; struct target *to; size_t n, room; };

static void find_in(struct finder *f, unsigned place, struct str pattern)
{
	struct str word = word_off(&pattern);
	int id = word.p ? keys_find_slowly(&f->p->keys, f->p->v[place].shape, word) : -1;
	if (id < 0) return;
	if (!pattern.n) {
		if (f->n < f->room) f->to[f->n++] = (struct target){(uint8_t)place, (uint16_t)id};
		return;
	}
	if (id == at_event_body) {
		for (unsigned b = 1; b < f->p->n; b++)
			if (f->p->v[b].parent == PLACE_EVENT && f->p->v[b].member == at_event_body) find_in(f, b, pattern);
		return;
	}
	unsigned child = f->p->v[place].child[id - f->p->keys.first[f->p->v[place].shape]];
	if (!child) return;
	if (f->p->v[child].list && !str_is(word_off(&pattern), "*")) return;
	find_in(f, child, pattern);
}

size_t places_find(const struct places *p, struct str pattern, struct target *to, size_t room)
{
	struct finder f = {.p = p, .to = to, .room = room};
	find_in(&f, PLACE_EVENT, pattern);
	return f.n;
}

static __attribute__((noinline)) void note(struct walk *w, struct note n) { *VEC_PUSH(w->a, &w->notes) = n; }

static __attribute__((noinline)) void note_value(struct walk *w, enum note_kind k, uint32_t inst, int member, uint32_t node)
{
	note(w, (struct note){.kind = k, .inst = inst, .node = node, .member = member});
}

static bool whole_number(struct str s, int64_t *value)
{
	int64_t v = 0;
	size_t i = s.n && s.p[0] == '-';
	bool minus = i;
	if (i == s.n || s.n - i > 18) return str_int(s, value);
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9') return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*value = minus ? -v : v;
	return true;
}

static struct str slice(const struct walk *w, uint32_t node) { return (struct str){w->j->text.p + w->j->node[node].at, w->j->node[node].len}; }

// Control characters stand in JSON as escapes; only C1 and DEL may stand as themselves. Line ends and tabs are text.
static bool has_control(const struct walk *w, uint32_t node)
{
	struct str s = slice(w, node);
	bool escaped = w->j->node[node].escaped;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i], d = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
		if (c == 0x7f || (c == 0xc2 && d >= 0x80 && d < 0xa0)) return true;
		if (c != '\\' || !escaped) continue;
		if (d == 'b' || d == 'f') return true;
		if (d == 'u' && i + 5 < s.n && s.p[i + 2] == '0' && s.p[i + 3] == '0') {
			char high = s.p[i + 4], low = (char)(s.p[i + 5] | 0x20);
			if (high == '8' || high == '9' || (high == '7' && low == 'f')) return true;
			if ((high == '0' && low != '9' && low != 'a' && low != 'd') || high == '1') return true;
		}
		i++;
	}
	return false;
}

static bool odd_text(const struct walk *w, uint32_t node) { return (w->rare || w->j->node[node].escaped) && has_control(w, node); }

// The JSON types a kind may have, as bits.
static const uint8_t allowed[] = {
	[KIND_TEXT] = 1 << JSON_STRING, [KIND_MONEY] = 1 << JSON_STRING, [KIND_TIME] = 1 << JSON_STRING, [KIND_DECIMAL] = 1 << JSON_STRING,
	[KIND_INT] = 1 << JSON_NUMBER, [KIND_BOOL] = 1 << JSON_TRUE | 1 << JSON_FALSE, [KIND_TEXTS] = 1 << JSON_ARRAY,
	[KIND_OBJECTS] = 1 << JSON_ARRAY, [KIND_OBJECT] = 1 << JSON_OBJECT,
};

static uint32_t walk_object(struct walk *w, uint32_t node, unsigned place, uint32_t parent, uint32_t index);

static void take_elements(struct walk *w, uint32_t inst, int member, uint32_t node, unsigned place)
{
	uint32_t index = 0, end = w->j->node[node].next;
	for (uint32_t v = node + 1; v < end; v = w->j->node[v].next, index++) {
		enum json_type t = json_type(w->j, v);
		if (place && t == JSON_OBJECT) walk_object(w, v, place, inst, index);
		else if (place || t != JSON_STRING) note(w, (struct note){.kind = NOTE_TYPE, .inst = inst, .node = v, .member = member, .item = index + 1});
		else if (odd_text(w, v)) note(w, (struct note){.kind = NOTE_CONTROL, .inst = inst, .node = v, .member = member, .item = index + 1});
	}
}

static void take_inside(struct walk *w, uint32_t inst, int id, uint32_t node)
{
	const struct inst *in = &w->inst.v[inst];
	unsigned child = w->places->v[in->place].child[id - in->first_member];
	if (contract[id].kind != KIND_OBJECT) take_elements(w, inst, id, node, child);
	else if (child) walk_object(w, node, child, inst, 0);
}

// A member of its right type: what its kind asks for beyond that.
static void take_value(struct walk *w, uint32_t inst, int id, uint32_t node, struct cell *c)
{
	struct decimal d;
	switch (w->places->keys.kind[id]) {
	case KIND_TEXT:
		if (odd_text(w, node)) note_value(w, NOTE_CONTROL, inst, id, node);
		break;
	case KIND_INT:
		c->has = whole_number(slice(w, node), &c->value);
		if (!c->has) note_value(w, NOTE_TYPE, inst, id, node);
		break;
	case KIND_TIME:
		if (event_time(slice(w, node)) == DATE_NONE) note_value(w, NOTE_TIME, inst, id, node);
		break;
	case KIND_DECIMAL:
		if (!decimal_parse(slice(w, node), &d)) note_value(w, NOTE_AMOUNT, inst, id, node);
		break;
	case KIND_MONEY:
		*VEC_PUSH(w->a, &w->money) = (struct amount){c, inst, id};
		break;
	case KIND_TEXTS: case KIND_OBJECTS: case KIND_OBJECT:
		take_inside(w, inst, id, node);
		break;
	default:
		break;
	}
}

static uint32_t add_inst(struct walk *w, uint32_t node, unsigned place, uint32_t parent, uint32_t index)
{
	const struct keys *k = &w->places->keys;
	enum shape shape = w->places->v[place].shape;
	*VEC_PUSH(w->a, &w->inst) = (struct inst){.node = node, .parent = parent, .index = index, .place = (uint8_t)place,
		.cells = NEW_N(w->a, struct cell, k->size[shape]), .first_member = k->first[shape]};
	uint32_t at = (uint32_t)w->inst.n - 1;
	if (w->last[place]) w->inst.v[w->last[place]].next = at;
	else w->first[place] = at;
	w->last[place] = at;
	return at;
}

static uint32_t walk_object(struct walk *w, uint32_t node, unsigned place, uint32_t parent, uint32_t index)
{
	const struct json_node *nodes = w->j->node;
	enum shape shape = w->places->v[place].shape;
	uint32_t inst = add_inst(w, node, place, parent, index), end = nodes[node].next;
	struct cell *cells = w->inst.v[inst].cells;
	const char *text_end = w->j->text.p + w->j->text.n;
	const struct keys *keys = &w->places->keys;
	for (uint32_t key = node + 1, value; key < end; key = nodes[value].next) {
		value = key + 1;
		struct str name = slice(w, key);
		int id;
		if (nodes[key].escaped) id = keys_find_slowly(keys, shape, json_str(w->j, key, w->a));
		else id = text_end - name.p >= 8 ? keys_find(keys, shape, name) : keys_find_slowly(keys, shape, name);
		if (id < 0) {
			note(w, (struct note){.kind = NOTE_UNKNOWN, .inst = inst, .node = value, .key = key, .member = -1});
			continue;
		}
		struct cell *c = &cells[id - keys->first[shape]];
		c->node = value;
		c->good = allowed[keys->kind[id]] >> nodes[value].type & 1;
		if (c->good) take_value(w, inst, id, value, c);
		else note(w, (struct note){.kind = NOTE_TYPE, .inst = inst, .node = value, .member = id});
	}
	return inst;
}

static void read_currency(struct walk *w)
{
	static const uint16_t member[SHAPE_COUNT] = {[shape_order] = at_order_currency, [shape_payment] = at_payment_currency,
		[shape_refund] = at_refund_currency, [shape_dispute] = at_dispute_currency};
	uint16_t id = member[shape_body(w->type)];
	w->digits = id ? currency_digits(walk_text(w, w->body, id)) : -1;
}

// Amounts are read last: the currency may stand behind them.
static void read_money(struct walk *w)
{
	for (size_t i = 0; i < w->money.n; i++) {
		const struct amount *m = &w->money.v[i];
		enum money_status s = money_parse(slice(w, m->cell->node), w->digits < 0 ? 4 : w->digits, &m->cell->value);
		m->cell->has = s == MONEY_OK && w->digits >= 0;
		if (s == MONEY_SYNTAX || (w->digits >= 0 && s != MONEY_OK))
			note(w, (struct note){.kind = NOTE_AMOUNT, .inst = m->inst, .node = m->cell->node, .member = m->member});
	}
}

static bool rare_bytes(struct str s)
{
	if (memchr(s.p, 0x7f, s.n)) return true;
	for (const char *p = s.p, *end = s.p + s.n; (p = memchr(p, 0xc2, (size_t)(end - p))) && p + 1 < end; p++)
		if ((unsigned char)p[1] < 0xa0) return true;
	return false;
}

void walk_event(struct walk *w, const struct places *p, const struct json *j, struct arena *a)
{
	*w = (struct walk){.places = p, .j = j, .a = a, .type = EV_UNKNOWN, .digits = -1, .rare = rare_bytes(j->text)};
	w->inst.v = NEW_N(a, struct inst, w->inst.cap = 32);
	w->money.v = NEW_N(a, struct amount, w->money.cap = 64);
	w->inst.n = 1;
	if (json_type(j, 0) != JSON_OBJECT) { // nothing is there
		add_inst(w, 0, PLACE_EVENT, 0, 0);
		return;
	}
	walk_object(w, 0, PLACE_EVENT, 0, 0);
	w->type = event_type_named(walk_text(w, 1, at_event_type));
	uint32_t body = walk_node(w, 1, at_event_body);
	if (w->type == EV_UNKNOWN || !body) return;
	w->body = walk_object(w, body, p->body[w->type], 1, 0);
	read_currency(w);
	read_money(w);
}

uint32_t walk_node(const struct walk *w, uint32_t inst, enum member_id id)
{
	const struct cell *c = walk_cell(w, inst, id);
	if (!c->node || !c->good) return 0;
	if (json_type(w->j, c->node) != JSON_STRING) return c->node;
	struct str s = slice(w, c->node);
	if (!s.n) return 0;
	return s.p[0] > ' ' || str_trim(s).n ? c->node : 0;
}

struct str walk_text(const struct walk *w, uint32_t inst, enum member_id id)
{
	uint32_t node = walk_node(w, inst, id);
	if (!node || json_type(w->j, node) != JSON_STRING) return (struct str){0};
	return w->j->node[node].escaped ? json_str(w->j, node, w->a) : slice(w, node);
}

bool walk_true(const struct walk *w, uint32_t inst, enum member_id id)
{
	uint32_t node = walk_node(w, inst, id);
	return node && json_type(w->j, node) == JSON_TRUE;
}

static void add_word(struct buf *b, struct str word)
{
	buf_c(b, '/');
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '~') buf_cstr(b, "~0");
		else if (word.p[i] == '/') buf_cstr(b, "~1");
		else buf_c(b, word.p[i]);
	}
}

static void add_path(const struct walk *w, uint32_t inst, struct buf *b)
{
	const struct inst *i = &w->inst.v[inst];
	if (!i->parent) return;
	add_path(w, i->parent, b);
	add_word(b, contract[w->places->v[i->place].member].name);
	if (w->places->v[i->place].list) buf_printf(b, "/%u", i->index);
}

static struct str kept(const struct walk *w, struct buf *b)
{
	struct str s = {arena_copy(w->a, b->p, b->n), b->n};
	buf_free(b);
	return s;
}

struct str walk_path(const struct walk *w, uint32_t inst, int id)
{
	struct buf b = {0};
	add_path(w, inst, &b);
	if (id >= 0) add_word(&b, contract[id].name);
	return kept(w, &b);
}

struct str walk_note_path(const struct walk *w, const struct note *n)
{
	struct buf b = {0};
	add_path(w, n->inst, &b);
	if (n->member >= 0) add_word(&b, contract[n->member].name);
	else add_word(&b, json_str(w->j, n->key, w->a));
	if (n->item) buf_printf(&b, "/%u", n->item - 1);
	return kept(w, &b);
}
