// What the parts of a sheet share: the order on its way onto paper. Each section leaves itself out where it has nothing to say.
#ifndef EXPORT_SHEET_H
#define EXPORT_SHEET_H
#include "export_paper.h"
#include "order.h"

struct sheet {
	struct paper paper; // first
	struct arena arena;
	const struct order *o;
	const char *zone;
	struct str title;   // "Order #2003"
};
extern const struct pdf_style sheet_plain, sheet_small, sheet_strong;
struct str sheet_say(struct sheet *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str sheet_money(struct sheet *s, int64_t minor, int digits); // empty for MONEY_NONE
struct str sheet_at(struct sheet *s, int64_t at);                   // empty for DATE_NONE
struct str sheet_word(struct sheet *s, enum axis axis, int value);
struct str sheet_join(struct sheet *s, const char *between, const struct str *part, size_t n); // those that are not empty
int sheet_heading(struct sheet *s, const char *text);

int sheet_lines(struct sheet *s);
int sheet_totals(struct sheet *s);
int sheet_taxes(struct sheet *s);
int sheet_payments(struct sheet *s);
int sheet_refunds(struct sheet *s);
int sheet_disputes(struct sheet *s);
int sheet_shipments(struct sheet *s);
#endif
