// An order as oms.order/1, and as a screen of collapsible sections.
#ifndef VIEW_H
#define VIEW_H
#include "order.h"

void address_json(struct buf *b, const char *name, const struct address *a); // as a member; none where there is no address
void order_json(struct buf *b, const struct order *o, int64_t now); // complete, never collapsed
enum section { SEC_SUMMARY, SEC_LINES, SEC_FINANCIALS, SEC_LOGISTICS, SEC_TICKETS, SEC_HOLDS, SEC_HISTORY, SECTIONS };
const char *section_word(enum section s);
int section_named(struct str word); // -1: no such section
struct screen { size_t width; bool color, tty; unsigned open; bool only; const char *zone; int64_t now; }; // open: 1u << SEC_…
void order_screen(struct buf *b, const struct order *o, const struct screen *s);
#endif
