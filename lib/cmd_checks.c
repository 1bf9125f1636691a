// The checks of an order, as words that an option takes.
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
