// What a rule finds: its words, and findings as JSON.
#include "rule.h"

const char *severity_word(enum severity s)
{
	static const char *const words[] = {"info", "warn", "hold", "park", "reject"};
	return s <= SEV_REJECT ? words[s] : "reject";
}

enum severity findings_worst(const findings *f)
{
	enum severity worst = SEV_INFO;
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].severity > worst) worst = f->v[i].severity;
	return worst;
}

static struct str kept(struct str s, struct arena *a) { return s.p ? (struct str){arena_copy(a, s.p, s.n), s.n} : s; }

void findings_keep(findings *to, const findings *from, struct arena *a)
{
	for (size_t i = 0; i < from->n; i++) {
		struct finding f = from->v[i];
		f.path = kept(f.path, a);
		f.value = kept(f.value, a);
		f.message = f.message ? arena_strdup(a, f.message) : NULL;
		*VEC_PUSH(a, to) = f;
	}
}

static void member(struct buf *b, const char *name, struct str value)
{
	if (!value.p) return;
	if (b->p[b->n - 1] != '{') buf_c(b, ',');
	buf_c(b, '"');
	buf_cstr(b, name);
	buf_cstr(b, "\":");
	buf_json(b, value);
}

void finding_json(struct buf *b, const struct finding *f)
{
	buf_c(b, '{');
	member(b, "rule", str_of(f->rule));
	member(b, "code", str_of(f->code));
	member(b, "severity", str_of(severity_word(f->severity)));
	member(b, "owner", str_of(f->owner));
	member(b, "path", f->path);
	if (f->at) {
		buf_cstr(b, ",\"at\":");
		buf_int(b, f->at);
	}
	member(b, "value", f->value);
	member(b, "message", str_of(f->message));
	member(b, "hint", str_of(f->fix));
	buf_c(b, '}');
}
