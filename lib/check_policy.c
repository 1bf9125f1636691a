// The checks as data: share/checks/confirm.json, each row held against the functions there are.
#include "check_part.h"

enum { MOST = 32 }; // each has a bit
struct row { const char *id, *name, *about, *override; const struct conf *params; };
struct policy { struct conf *file; VEC(struct row) rows; };

static const char *text(const struct conf *c, const char *key) { return conf_text(conf_get(c, key)); }

static int read_row(struct policy *p, struct arena *a, struct err *e, const struct conf *c)
{
	struct row r = {text(c, "id"), text(c, "name"), text(c, "about"), text(c, "override"), conf_get(c, "params")};
	if (!r.id || !r.name || !r.about) return fail(e, E_CONFIG, "checks/confirm.json: a check needs id, name and about");
	if (!check_known(r.name)) return fail(e, E_CONFIG, "checks/confirm.json: %s: there is no check called %s", r.id, r.name);
	if (p->rows.n == MOST) return fail(e, E_CONFIG, "checks/confirm.json: over %d checks", MOST);
	for (size_t i = 0; i < p->rows.n; i++)
		if (!strcmp(p->rows.v[i].id, r.id)) return fail(e, E_CONFIG, "checks/confirm.json: a second check is called %s", r.id);
	*VEC_PUSH(a, &p->rows) = r;
	return 0;
}

// Without these two what is not there could be sold, or be sold twice.
static int guards_stock(const struct policy *p, struct err *e)
{
	static const char *const needed[] = {"state", "availability"};
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (policy_check_named(p, str_of(needed[i])) < 0) return fail(e, E_CONFIG, "checks/confirm.json: the check %s is missing: stock is not taken without it", needed[i]);
	return 0;
}

struct policy *policy_load(struct arena *a, struct err *e)
{
	struct buf path = {0};
	struct policy *p = NEW(a, struct policy);
	share_path(&path, "checks", "confirm", ".json");
	p->file = conf_load(e, path.p);
	buf_free(&path);
	const struct conf *list = p->file ? conf_get(p->file, "checks") : NULL;
	if (!p->file) return NULL;
	int bad = conf_size(list) ? 0 : fail(e, E_CONFIG, "checks/confirm.json: there is no list of checks");
	for (size_t i = 0; !bad && i < conf_size(list); i++) bad = read_row(p, a, e, conf_item(list, i));
	if (bad || guards_stock(p, e)) return policy_close(p), NULL;
	return p;
}

void policy_close(struct policy *p)
{
	if (p) conf_close(p->file);
}

size_t policy_size(const struct policy *p) { return p->rows.n; }
struct policy_check policy_check_at(const struct policy *p, size_t i) { return (struct policy_check){p->rows.v[i].id, p->rows.v[i].name, p->rows.v[i].about, p->rows.v[i].override}; }
const struct conf *policy_params(const struct policy *p, size_t i) { return p->rows.v[i].params; }

int policy_check_named(const struct policy *p, struct str id)
{
	for (size_t i = 0; i < p->rows.n; i++)
		if (str_eq_nocase(id, str_of(p->rows.v[i].id)) || str_is(id, p->rows.v[i].name)) return (int)i;
	return -1;
}

int policy_overrides(const struct policy *p, struct err *e, const char *list, unsigned *bits)
{
	for (size_t n; list && *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		int at = policy_check_named(p, (struct str){list, n});
		if (at < 0) return fail(e, E_USAGE, "--override: there is no check %.*s (oms-check --checks lists them)", (int)(n < 64 ? n : 64), list);
		if (!p->rows.v[at].override) return fail(e, E_USAGE, "--override: nobody may pass over %s %s", p->rows.v[at].id, p->rows.v[at].name);
		*bits |= 1u << at;
	}
	return 0;
}
