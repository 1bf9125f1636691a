// What a rule finds: its words, and findings as JSON.
#include "member.h"
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

void finding_json(struct buf *b, const struct finding *f)
{
	buf_c(b, '{');
	member_word(b, "rule", f->rule);
	member_word(b, "code", f->code);
	member_word(b, "severity", severity_word(f->severity));
	member_word(b, "owner", f->owner);
	member_text(b, "path", f->path);
	if (f->at) member_whole(b, "at", f->at);
	member_text(b, "value", f->value);
	member_word(b, "message", f->message);
	member_word(b, "hint", f->fix);
	buf_c(b, '}');
}
