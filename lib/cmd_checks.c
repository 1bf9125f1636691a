// The checks of an order and the digest of what they saw, as options take them.
#include "cmd_checks.h"
#include "check.h"

void checks_words(struct oms *oms)
{
	struct err none = {0};
	struct policy *p = policy_load(&oms->arena, &none);
	for (size_t i = 0; p && i < policy_size(p); i++) {
		struct policy_check c = policy_check_at(p, i);
		if (c.override) cmd_word(oms, "CHECK", c.id, arena_printf(&oms->arena, "%s: %s", c.name, c.about));
	}
	policy_close(p);
}

int checks_expect(struct err *e, const char *digest)
{
	enum { FEWEST = 8 };
	size_t n = digest ? strlen(digest) : FEWEST;
	if (n >= FEWEST && n <= CHECK_DIGEST_HEX && (!digest || strspn(digest, "0123456789abcdefABCDEF") == n)) return 0;
	fail(e, E_USAGE, "--expect=%s is no digest", digest);
	return hint(e, "oms-check prints it: all of it, or eight and more of its first digits");
}
