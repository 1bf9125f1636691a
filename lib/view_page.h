// Lines of text that never pass a width and never carry a control byte: labelled facts, paragraphs, and rows with figures.
#ifndef VIEW_PAGE_H
#define VIEW_PAGE_H
#include "money.h"
#include "order.h"
#include "text.h"

enum style { PLAIN, STRONG, ALERT };
enum { PAGE_CELLS = 3, PAGE_LABEL = 12 };

struct page_row { size_t indent; struct str left, cell[PAGE_CELLS]; enum style style; };
struct page {
	struct buf *to;     // where the lines go
	struct buf v;       // what is being said: safe already; a newline in it is ours
	struct arena arena; // rows held back until their widths are known
	VEC(struct page_row) rows;
	size_t width, indent;
	bool color, tty;
	const char *zone;
	int64_t now;
};
void page_open(struct page *p, struct buf *to, size_t width);
void page_close(struct page *p);

// Saying: each adds to the value in hand.
void say(struct page *p, const char *fmt, ...) __attribute__((format(printf, 2, 3))); // our own words only
void say_str(struct page *p, struct str s);    // text from outside, one line
void say_lines(struct page *p, struct str s);  // text from outside that may have several
void say_part(struct page *p, struct str s);   // ", " before it where something was said already; nothing where absent
void say_next(struct page *p, const char *separator); // the separator, unless nothing was said yet
void say_money(struct page *p, int64_t minor, int digits); // "unknown" for MONEY_NONE
void say_at(struct page *p, int64_t at);       // with zone; on a terminal also how long ago
void say_span(struct page *p, int64_t ms);     // "3 d", "5 h", "20 min"
void say_rate(struct page *p, struct str rate); // 0.19 -> 19 %

// Putting: each ends the value in hand.
void page_fact(struct page *p, const char *label, enum style style); // label, and the value wrapped beside it
void page_text(struct page *p, enum style style); // the value as paragraphs
void page_entry(struct page *p, int64_t at, enum style style); // an instant, and the value wrapped below or beside it
void page_blank(struct page *p);
// A row of the table in hand: the value to the left, figures (may be absent) right-aligned in their columns.
void page_row(struct page *p, size_t indent, enum style style, struct str a, struct str b, struct str c);
void page_rows(struct page *p, size_t least); // ends the table; least: columns its left side takes at least
struct str page_money(struct page *p, int64_t minor, int digits); // as figures for a row; absent for MONEY_NONE
struct str page_int(struct page *p, int64_t v);
#endif
