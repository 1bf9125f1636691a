// What the sections of the screen are made of. A brief says the closed section's line into the value in hand, exceptions
// first of all, and returns true where it has one; a detail puts what stands below that line once the section is open.
#ifndef VIEW_SECTION_H
#define VIEW_SECTION_H
#include "order.h"
#include "view_page.h"

bool lines_brief(struct page *p, const struct order *o);
bool money_brief(struct page *p, const struct order *o);
bool logistics_brief(struct page *p, const struct order *o);
bool tickets_brief(struct page *p, const struct order *o);
bool holds_brief(struct page *p, const struct order *o);
bool history_brief(struct page *p, const struct order *o);

void lines_detail(struct page *p, const struct order *o);
void money_detail(struct page *p, const struct order *o);
void logistics_detail(struct page *p, const struct order *o);
void tickets_detail(struct page *p, const struct order *o);
void holds_detail(struct page *p, const struct order *o);
void history_detail(struct page *p, const struct order *o);

// The parts they share.
void say_count(struct page *p, size_t n, const char *one, const char *many);
void say_word(struct page *p, enum axis a, int value); // ", word"
void fact_str(struct page *p, const char *label, struct str s);  // nothing where absent
void fact_at(struct page *p, const char *label, int64_t at);     // nothing where absent
void money_row(struct page *p, const char *label, int64_t minor, int digits, enum style style); // nothing for MONEY_NONE
void tax_row(struct page *p, size_t indent, const struct tax *t, int digits);
// The order's totals as a ladder that adds up, with each tax, and a row for what does not.
void totals_rows(struct page *p, const struct order *o);
// Paid, refunded and what is left to pay, which follows the total.
void position_rows(struct page *p, const struct order *o);
int64_t totals_difference(const struct order *o); // what the total has beyond its parts; 0 where a part is not known
// One a jurisdiction, name, rate and kind, in the order they first occur; and one for what they leave of the tax there is.
size_t order_taxes(const struct order *o, struct arena *a, struct tax **to);
struct position { const char *label; int64_t amount; bool off; }; // "balance due", "overpaid", "to be refunded"
struct position order_position(const struct order *o);
int64_t shipment_late(const struct order *o, const struct shipment *s, int64_t now); // ms behind the promise, or 0
#endif
