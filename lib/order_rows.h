// What the parts of order_store share: rows of the part tables, and the JSON columns.
#ifndef ORDER_ROWS_H
#define ORDER_ROWS_H
#include "order_store.h"

enum { PARTS_ALL = PART_RESERVATIONS * 2 - 1, LINE_MOST = INT32_MAX }; // line_no: > 0 a line, 0 the order, < 0 a charge

unsigned order_parts(const struct order *o); // bits of the parts that are not empty
unsigned parts_same(const struct order *a, const struct order *b, unsigned parts); // those of parts that are alike, field by field
bool units_same(const struct line *a, const struct line *b); // the counts of where their units are, which parts_same leaves aside
int units_update(struct db *d, struct err *e, int64_t key, const struct order *was, const struct order *is); // of the lines where they differ
int parts_delete(struct db *d, struct err *e, int64_t key, unsigned parts);
int parts_insert(struct db *d, struct err *e, int64_t key, const struct order *o, unsigned parts);
// The orders row and those parts of it: 1, 0 no such order, -1.
int order_read(struct db *d, struct err *e, struct arena *a, int64_t key, unsigned parts, struct order *to);

// JSON columns. Writers add nothing for what is absent or empty; a list of nothing is an empty text, which is stored as NULL.
void extra_write(struct buf *b, const struct order *o); // b is emptied first
int extra_read(struct order *o, struct str json, struct arena *a, struct err *e);
void strs_write(struct buf *b, const struct str *list, size_t n);
int strs_read(struct str **list, size_t *n, struct str json, struct arena *a, struct err *e);
void shipment_lines_write(struct buf *b, const struct shipment *s);
int shipment_lines_read(struct shipment *s, struct str json, struct arena *a, struct err *e);
void refund_lines_write(struct buf *b, const struct refund *r);
int refund_lines_read(struct refund *r, struct str json, struct arena *a, struct err *e);

// A text cell in the arena.
static inline struct str cell(struct rows *r, int i, struct arena *a)
{
	struct str s = row_str(r, i);
	if (s.p) s.p = arena_copy(a, s.p, s.n);
	return s;
}
#endif
