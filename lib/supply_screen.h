// What may be promised of a SKU, and why, as lines for people.
#ifndef SUPPLY_SCREEN_H
#define SUPPLY_SCREEN_H
#include "supply.h"
#include "view_page.h"

void supply_screen_head(struct page *p, const struct supply *s);
void supply_screen_row(struct page *p, const struct supply_row *r, const struct supply_why *w); // one warehouse, behind a blank line
void supply_screen_end(struct page *p, const struct supply *s, const struct supply_why *w);     // the SKU as a whole: w of no row
#endif
