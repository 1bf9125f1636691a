// An order, or units of its lines, cancelled by us: what had not left gives its stock back by itself, once (apply_stock).
#ifndef CANCEL_H
#define CANCEL_H
#include "own.h"

struct cancel_units { struct str line; int64_t quantity; }; // line: its id, or its SKU where one line has it
struct cancel_options { const char *reason; const struct cancel_units *units; size_t n; int64_t now; }; // n 0: all of the order
struct cancelled { struct str id; const struct order *was, *is; bool changed; const char *code; };
// 0: done, or it was so already (changed). -1: E_REFUSED with nothing written, E_NOTFOUND, or what ends it all.
int cancel_order(struct own *w, struct err *e, const char *operand, const struct cancel_options *o, struct cancelled *to);
#endif
