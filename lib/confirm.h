// An order confirmed: all checks, its stock taken, its event and what others must hear of it, in the caller's transaction.
#ifndef CONFIRM_H
#define CONFIRM_H
#include "check.h"
#include "own.h"

struct confirm_options {
	const struct policy *policy;
	int64_t now;
	unsigned overrides;       // bits of the policy's checks
	const char *reason;       // for the overrides; NULL
	const char *expect;       // a digest, or eight and more of its first digits: refused where what is seen is not that; NULL
	bool evidence;            // in the result, of the checks that pass too
};
struct confirmed { struct str id; struct check check; bool changed; const char *code; }; // code: why not, or already_confirmed
// 0: confirmed, or already so (changed says which). -1: E_REFUSED where a check blocks or the digest differs (to->check holds all of
// it, and nothing was written); E_NOTFOUND, E_AMBIGUOUS; or what ends it all.
int confirm_order(struct own *w, struct db *d, struct err *e, const char *operand, const struct confirm_options *o, struct confirmed *to);
// The same look without the taking: for oms-check, in a reading transaction.
int confirm_look(struct own *w, struct db *d, struct err *e, const char *operand, const struct confirm_options *o, struct confirmed *to);
bool confirm_expected(const struct check *c, const char *expect); // what was seen is what was expected
#endif
