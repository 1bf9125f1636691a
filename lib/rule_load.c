// Rule files read and made ready: every name resolved once, so that a mistake in a file is said before any record is read.
#include "rule_checks.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

enum { TARGETS = 128 };
struct loader { struct rules *r; struct arena *a; struct err *e; const char *file; VEC(struct rule) all; VEC(struct conf *) files; };

static int wrong(struct loader *l, const struct rule *r, const char *what, const char *which)
{
	return fail(l->e, E_CONFIG, "%s: rule %s: %s%s%s", l->file, r->id ? r->id : "without id", what, which ? ": " : "", which ? which : "");
}

static int word_of(struct loader *l, struct rule *r, const char *key, const char **to)
{
	const char *text = conf_text(conf_get(r->record, key));
	if (!text || !*text) return wrong(l, r, "missing or no text", key);
	*to = arena_strdup(l->a, text);
	return 0;
}

static int read_severity(struct loader *l, struct rule *r)
{
	const char *word = NULL;
	if (word_of(l, r, "severity", &word)) return -1;
	for (int s = SEV_INFO; s <= SEV_REJECT; s++)
		if (strcmp(word, severity_word((enum severity)s)) == 0) {
			r->severity = (enum severity)s;
			return 0;
		}
	return wrong(l, r, "severity is none of info warn hold park reject", word);
}

const char *rule_owner(size_t i)
{
	static const char *const owners[] = {"channel-ops", "finance", "logistics", "catalog", "customer-care", "compliance"};
	return i < sizeof owners / sizeof *owners ? owners[i] : NULL;
}

static int read_owner(struct loader *l, struct rule *r)
{
	if (word_of(l, r, "owner", &r->owner)) return -1;
	for (size_t i = 0; rule_owner(i); i++)
		if (strcmp(r->owner, rule_owner(i)) == 0) return 0;
	return wrong(l, r, "no such owner", r->owner);
}

static int read_check(struct loader *l, struct rule *r)
{
	const char *name = NULL, *target = NULL;
	if (word_of(l, r, "check", &name) || word_of(l, r, "target", &target)) return -1;
	r->check = check_named(str_of(name));
	if (!r->check) return wrong(l, r, "no such check", name);
	bool order = strcmp(target, "order") == 0;
	if (!order && strcmp(target, "event") != 0) return wrong(l, r, "target is neither event nor order", target);
	if (order != (r->check->order != NULL)) return wrong(l, r, order ? "the check works on events" : "the check works on orders", name);
	if (order && r->severity > SEV_HOLD) return wrong(l, r, "an order that exists can be held, not rejected or parked", NULL);
	if (!order && r->severity == SEV_HOLD) return wrong(l, r, "a hold needs a folded order: target order", NULL);
	if (r->severity == SEV_HOLD) return word_of(l, r, "hold", &r->hold);
	return 0;
}

// "types": globs over event types; none: every event, also one of an unknown type.
static int read_types(struct loader *l, struct rule *r)
{
	const struct conf *list = conf_get(r->record, "types");
	r->types = list ? 0 : ~0u;
	for (size_t i = 0; i < conf_size(list); i++) {
		const char *glob = conf_text(conf_item(list, i));
		unsigned before = r->types;
		for (int t = 0; glob && t < EV_COUNT; t++)
			if (glob_match(glob, event_type_word((enum event_type)t))) r->types |= 1u << t;
		if (!glob || (r->types == before && !before)) return wrong(l, r, "types names no event type", glob);
	}
	return list && !r->types ? wrong(l, r, "types is empty", NULL) : 0;
}

static int one_path(struct loader *l, struct rule *r, const char *path, struct target *to, size_t *n)
{
	if (!path) return wrong(l, r, "path is no text", NULL);
	if (!r->path) r->path = arena_strdup(l->a, path);
	if (!(r->check->params & PARAM_PATHS)) return 0;
	size_t more = places_find(&l->r->places, str_of(path), to + *n, TARGETS - *n);
	if (!more) return wrong(l, r, "the contract has no such member", path);
	*n += more;
	return *n == TARGETS ? wrong(l, r, "too many paths", NULL) : 0;
}

static int by_place(const void *a, const void *b)
{
	const struct target *x = a, *y = b;
	return x->place != y->place ? x->place - y->place : x->member - y->member;
}

static int read_paths(struct loader *l, struct rule *r)
{
	struct target found_[TARGETS];
	size_t n = 0;
	const struct conf *path = conf_get(r->record, "path");
	if (conf_type(path) == CONF_ARRAY) {
		for (size_t i = 0; i < conf_size(path); i++)
			if (one_path(l, r, conf_text(conf_item(path, i)), found_, &n)) return -1;
	} else if (path && one_path(l, r, conf_text(path), found_, &n)) return -1;
	if ((r->check->params & PARAM_PATHS) && !n) return wrong(l, r, "the check needs a path", r->check->name);
	if (r->check->order && !r->path) return wrong(l, r, "a rule on orders needs a path to point at", NULL);
	r->targets = NEW_N(l->a, struct target, n + 1);
	r->n_targets = n;
	if (n) memcpy(r->targets, found_, n * sizeof *found_);
	qsort(r->targets, n, sizeof *r->targets, by_place);
	return 0;
}

static int axis_words(struct loader *l, struct rule *r, const char *name)
{
	static const struct { const char *name; enum axis axis; } axes[] = {
		{"status", AXIS_STATUS}, {"payment", AXIS_PAYMENT}, {"fulfilment", AXIS_FULFILMENT}, {"shipment", AXIS_SHIPMENT},
		{"refund", AXIS_REFUND}, {"dispute", AXIS_DISPUTE}, {"ticket", AXIS_TICKET}, {"track", AXIS_TRACK}};
	for (size_t i = 0; i < sizeof axes / sizeof *axes; i++) {
		if (strcmp(name, axes[i].name) != 0) continue;
		r->n_words = (size_t)axis_size(axes[i].axis);
		r->words = NEW_N(l->a, struct str, r->n_words);
		for (size_t k = 0; k < r->n_words; k++) r->words[k] = str_of(axis_word(axes[i].axis, (int)k));
		return 0;
	}
	static const char *const refs[] = {
#define X(code, n, word) word,
		REF_KINDS(X)
#undef X
	};
	if (strcmp(name, "ref") != 0) return wrong(l, r, "no such axis", name);
	r->n_words = sizeof refs / sizeof *refs;
	r->words = NEW_N(l->a, struct str, r->n_words);
	for (size_t k = 0; k < r->n_words; k++) r->words[k] = str_of(refs[k]);
	return 0;
}

static int list_words(struct loader *l, struct rule *r, const struct conf *list)
{
	r->n_words = conf_size(list);
	r->words = NEW_N(l->a, struct str, r->n_words + 1);
	for (size_t i = 0; i < r->n_words; i++) {
		const char *word = conf_text(conf_item(list, i));
		if (!word) return wrong(l, r, "words holds something that is no text", NULL);
		r->words[i] = str_of(arena_strdup(l->a, word));
	}
	return r->n_words ? 0 : wrong(l, r, "words is empty", NULL);
}

static int read_unless(struct loader *l, struct rule *r, const struct conf *list)
{
	static const char *const facts[] = {
#define X(code, word) word,
		FACTS(X)
#undef X
	};
	for (size_t i = 0; i < conf_size(list); i++) {
		const char *word = conf_text(conf_item(list, i));
		unsigned before = r->unless;
		for (size_t k = 0; word && k < sizeof facts / sizeof *facts; k++)
			if (strcmp(word, facts[k]) == 0) r->unless |= 1u << k;
		if (r->unless == before) return wrong(l, r, "unless names nothing that is known of an order, or twice", word);
	}
	return 0;
}

static int read_param(struct loader *l, struct rule *r, const char *key, const struct conf *v)
{
	static const struct { const char *name; enum param bit; } names[] = {{"min", PARAM_MIN}, {"max", PARAM_MAX}, {"words", PARAM_WORDS},
		{"axis", PARAM_AXIS}, {"tolerance", PARAM_TOLERANCE}, {"share", PARAM_SHARE}, {"unless", PARAM_UNLESS}};
	unsigned bit = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(key, names[i].name) == 0) bit = names[i].bit;
	if (!(bit & r->check->params)) return wrong(l, r, "the check has no such parameter", key);
	enum conf_type wants = bit & (PARAM_MIN | PARAM_MAX | PARAM_SHARE) ? CONF_NUMBER : bit & (PARAM_WORDS | PARAM_UNLESS) ? CONF_ARRAY : CONF_STRING;
	if (conf_type(v) != wants) return wrong(l, r, "parameter of the wrong type", key);
	struct decimal d;
	switch (bit) {
	case PARAM_MIN: r->has_min = true; r->min = conf_int(v, 0); return 0;
	case PARAM_MAX: r->has_max = true; r->max = conf_int(v, 0); return 0;
	case PARAM_SHARE: r->share = conf_int(v, 0); return 0;
	case PARAM_WORDS: return list_words(l, r, v);
	case PARAM_UNLESS: return read_unless(l, r, v);
	case PARAM_AXIS: return axis_words(l, r, conf_text(v));
	default:
		r->tolerance = str_of(arena_strdup(l->a, conf_text(v)));
		return decimal_parse(r->tolerance, &d) ? 0 : wrong(l, r, "tolerance is no amount", r->tolerance.p);
	}
}

static int read_params(struct loader *l, struct rule *r)
{
	const struct conf *params = conf_get(r->record, "params");
	for (size_t i = 0; i < conf_size(params); i++)
		if (read_param(l, r, conf_key(params, i), conf_item(params, i))) return -1;
	unsigned p = r->check->params;
	if ((p & PARAM_MAX) && (p & PARAM_PATHS) && !r->has_min && !r->has_max) return wrong(l, r, "the check needs min or max", NULL);
	if ((p & PARAM_WORDS) && !r->n_words) return wrong(l, r, "the check needs words", NULL);
	if ((p & PARAM_TOLERANCE) && !r->tolerance.p) return wrong(l, r, "the check needs tolerance", NULL);
	return 0;
}

static int read_rule(struct loader *l, const struct conf *record)
{
	struct rule r = {.record = record};
	if (word_of(l, &r, "id", &r.id)) return -1;
	for (size_t i = 0; i < l->all.n; i++)
		if (strcmp(l->all.v[i].id, r.id) == 0) return wrong(l, &r, "a second rule of this id", NULL);
	if (word_of(l, &r, "layer", &r.layer) || word_of(l, &r, "code", &r.code) || word_of(l, &r, "message", &r.message) ||
	    word_of(l, &r, "fix", &r.fix) || word_of(l, &r, "since", &r.since)) return -1;
	r.version = (int)conf_int(conf_get(record, "version"), 0);
	if (r.version < 1) return wrong(l, &r, "version is no whole number from 1", NULL);
	if (read_severity(l, &r) || read_owner(l, &r) || read_check(l, &r) || read_types(l, &r) || read_paths(l, &r) || read_params(l, &r)) return -1;
	*VEC_PUSH(l->a, &l->all) = r;
	return 0;
}

static int read_file(struct loader *l, const char *path)
{
	struct conf *root = conf_load(l->e, path);
	if (!root) return -1;
	*VEC_PUSH(l->a, &l->files) = root;
	l->file = path;
	const struct conf *list = conf_get(root, "rules");
	if (conf_type(list) != CONF_ARRAY) return fail(l->e, E_CONFIG, "%s: no array \"rules\"", path);
	for (size_t i = 0; i < conf_size(list); i++)
		if (read_rule(l, conf_item(list, i))) return -1;
	return 0;
}

static int is_json(const struct dirent *d)
{
	size_t n = strlen(d->d_name);
	return n > 5 && d->d_name[0] != '.' && strcmp(d->d_name + n - 5, ".json") == 0;
}

static int read_folder(struct loader *l, const char *folder)
{
	struct dirent **list;
	int n = scandir(folder, &list, is_json, alphasort), bad = 0;
	if (n < 0) return fail(l->e, E_CONFIG, "%s: the rules cannot be read: %s", folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (!bad) bad = read_file(l, arena_printf(l->a, "%s/%s", folder, list[i]->d_name));
		free(list[i]);
	}
	free(list);
	if (!bad && !l->all.n) return fail(l->e, E_CONFIG, "%s: no rules there", folder);
	return bad;
}

static int by_id(const void *a, const void *b) { return strcmp(((const struct rule *)a)->id, ((const struct rule *)b)->id); }

static void sort_out(struct rules *r, struct arena *a)
{
	for (int t = 0; t <= EV_COUNT; t++) {
		r->event[t] = NEW_N(a, const struct rule *, r->n + 1);
		for (size_t i = 0; i < r->n; i++)
			if (r->all[i].check->event && (t == EV_COUNT ? r->all[i].types == ~0u : r->all[i].types >> t & 1)) r->event[t][r->n_event[t]++] = &r->all[i];
	}
	r->order = NEW_N(a, const struct rule *, r->n + 1);
	for (size_t i = 0; i < r->n; i++)
		if (r->all[i].check->order) r->order[r->n_order++] = &r->all[i];
}

struct rules *rules_load(struct arena *a, struct err *e, const char *folder)
{
	struct loader l = {.r = NEW(a, struct rules), .a = a, .e = e};
	struct buf path = {0};
	l.r->a = a;
	places_init(&l.r->places);
	if (folder) buf_cstr(&path, folder);
	else share_path(&path, "rules", "", "");
	l.r->folder = arena_copy(a, path.p, path.n);
	buf_free(&path);
	int bad = read_folder(&l, l.r->folder);
	l.r->files = l.files.v;
	l.r->n_files = l.files.n;
	if (bad) {
		rules_close(l.r);
		return NULL;
	}
	l.r->all = l.all.v;
	l.r->n = l.all.n;
	qsort(l.r->all, l.r->n, sizeof *l.r->all, by_id);
	sort_out(l.r, a);
	return l.r;
}

struct conf *rules_examples(const struct rules *r, struct err *e, const char *layer)
{
	struct buf path = {0};
	buf_printf(&path, "%s/examples/%s.json", r->folder, layer);
	buf_c(&path, 0);
	struct conf *c = conf_load(e, path.p);
	buf_free(&path);
	return c;
}

void rules_close(struct rules *r)
{
	if (!r) return;
	for (size_t i = 0; i < r->n_files; i++) conf_close(r->files[i]);
	r->n_files = 0;
}
