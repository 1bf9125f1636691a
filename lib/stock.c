// Balances of stock, and the words of their movements.
#include "stock.h"

const char *stock_kind_word(enum stock_kind k)
{
	static const char *const words[] = {
#define X(code, word) word,
		STOCK_KINDS(X)
#undef X
	};
	return k < STOCK_KIND_COUNT ? words[k] : "unknown";
}

bool balance_add(struct balance *b, const struct balance *by)
{
	struct balance to;
	if (__builtin_add_overflow(b->on_hand, by->on_hand, &to.on_hand) || __builtin_add_overflow(b->held, by->held, &to.held)
		|| __builtin_add_overflow(b->allocated, by->allocated, &to.allocated) || __builtin_add_overflow(b->backordered, by->backordered, &to.backordered))
		return false;
	if (to.held < 0 || to.held > to.on_hand || to.allocated < 0 || to.backordered < 0) return false;
	*b = to;
	return true;
}

bool balance_same(const struct balance *a, const struct balance *b)
{
	return a->on_hand == b->on_hand && a->held == b->held && a->allocated == b->allocated && a->backordered == b->backordered;
}
