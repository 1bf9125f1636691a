// One order as a document to send: its head, and the sections below it one by one.
#include "country.h"
#include "digest.h"
#include "export_sheet.h"
#include <stdarg.h>
#include <stdio.h>

const struct pdf_style sheet_plain = {PDF_PLAIN, 900, 0}, sheet_small = {PDF_PLAIN, 800, PAPER_GRAY}, sheet_strong = {PDF_BOLD, 900, 0};

struct str sheet_say(struct sheet *s, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	const char *text = arena_vprintf(&s->arena, fmt, ap);
	va_end(ap);
	return str_of(text);
}

struct str sheet_money(struct sheet *s, int64_t minor, int digits)
{
	struct buf b = {0};
	if (minor == MONEY_NONE) return S("");
	money_text(&b, minor, digits);
	struct str text = str_of(str_c(&s->arena, buf_view(&b)));
	buf_free(&b);
	return text;
}

struct str sheet_at(struct sheet *s, int64_t at)
{
	struct buf b = {0};
	if (at == DATE_NONE) return S("");
	date_local(&b, at, s->zone); // 2026-11-03 10:15:00 +01:00, and the zone stands at the head
	struct str text = str_of(str_c(&s->arena, str_cut(buf_view(&b), 0, 16)));
	buf_free(&b);
	return text;
}

struct str sheet_word(struct sheet *s, enum axis axis, int value)
{
	char *word = arena_strdup(&s->arena, axis_word(axis, value));
	for (char *c = word; *c; c++)
		if (*c == '_') *c = ' ';
	return str_of(word);
}

struct str sheet_join(struct sheet *s, const char *between, const struct str *part, size_t n)
{
	struct buf b = {0};
	for (size_t i = 0; i < n; i++) {
		if (!part[i].n) continue;
		if (b.n) buf_cstr(&b, between);
		buf_str(&b, part[i]);
	}
	struct str text = str_of(str_c(&s->arena, buf_view(&b)));
	buf_free(&b);
	return text;
}

// A heading never stands alone at the foot of a page.
int sheet_heading(struct sheet *s, const char *text)
{
	struct pdf_flow *f = &s->paper.flow;
	f->y += 1200;
	if (flow_need(f, 6000)) return -1;
	f->y = flow_put(f, NULL, str_of(text), (struct pdf_style){PDF_BOLD, 1050, 0}, f->left, f->y, f->right - f->left) + 200;
	return 0;
}

// --- head --------------------------------------------------------------------------------------------------------------

static int turn(struct pdf_flow *f)
{
	struct sheet *s = f->ctx;
	struct str head[] = {s->title, s->o->id};
	if (pdf_pages(f->pdf) == EXPORT_PAGES_MOST || pdf_held(f->pdf) > EXPORT_HELD_MOST) {
		fail(s->paper.e, E_REFUSED, "%s: is more than a document holds", s->paper.order);
		return hint(s->paper.e, "csv and jsonl take orders of any length");
	}
	pdf_page(f->pdf);
	flow_most(f, NULL, sheet_join(s, "  \xc2\xb7  ", head, 2), sheet_small, PAPER_MARGIN, PAPER_MARGIN, f->right - PAPER_MARGIN, 1);
	f->y = PAPER_MARGIN + 2000;
	return 0;
}

static int put_facts(struct sheet *s)
{
	const struct order *o = s->o;
	struct pdf_flow *f = &s->paper.flow;
	struct str when[] = {
		sheet_say(s, "Placed "STR_FMT, STR_ARG(sheet_at(s, o->placed_at))), o->cancelled_at == DATE_NONE ? S("") : sheet_say(s, "cancelled "STR_FMT, STR_ARG(sheet_at(s, o->cancelled_at))),
		sheet_say(s, "times of %s", s->zone), o->price_mode == 'n' ? S("prices without tax") : S("prices with tax"),
		o->currency.n ? sheet_say(s, "amounts in "STR_FMT, STR_ARG(o->currency)) : S("currency unknown"),
	};
	struct str states[] = {
		sheet_say(s, "Order "STR_FMT, STR_ARG(sheet_word(s, AXIS_STATUS, (int)o->status))), sheet_say(s, "payment "STR_FMT, STR_ARG(sheet_word(s, AXIS_PAYMENT, (int)o->payment_status))),
		sheet_say(s, "fulfilment "STR_FMT, STR_ARG(sheet_word(s, AXIS_FULFILMENT, (int)o->fulfilment_status))), o->cancel_reason.n ? sheet_say(s, "cancelled: "STR_FMT, STR_ARG(o->cancel_reason)) : S(""),
	};
	if (flow_text(f, "placed_at", sheet_join(s, "  \xc2\xb7  ", when, 5), sheet_small)) return -1;
	f->y += 300;
	return flow_text(f, "cancel_reason", sheet_join(s, "  \xc2\xb7  ", states, 4), sheet_strong);
}

// A number or an id that is a whole text is set as one, so that it runs on where a page ends.
static int put_long_head(struct sheet *s)
{
	struct pdf_flow *f = &s->paper.flow;
	f->y = PAPER_MARGIN;
	return flow_text(f, "number", s->title, sheet_strong) || flow_text(f, "id", s->o->id, sheet_small) || put_facts(s) ? -1 : 0;
}

static int put_head(struct sheet *s)
{
	const struct pdf_style large = {PDF_BOLD, 1900, 0};
	struct pdf_flow *f = &s->paper.flow;
	int wide = f->right - f->left, half = wide * 3 / 5;
	pdf_page(f->pdf);
	if (pdf_measure(f->pdf, s->title, large) > half || pdf_measure(f->pdf, s->o->id, sheet_small) > wide - half - 1000) return put_long_head(s);
	f->y = flow_put(f, "number", s->title, large, f->left, PAPER_MARGIN, wide) + 300;
	flow_right(f, "id", s->o->id, sheet_small, f->right, PAPER_MARGIN + 800);
	return put_facts(s);
}

// --- who and where -----------------------------------------------------------------------------------------------------

enum { PARTIES = 3, MOST_LINES = 20, MOST_PARTS = 10 };
struct party { const char *label, *field; struct str part[MOST_PARTS]; size_t n; }; // each part is a text of its own: a long one takes no place of others

static void add_part(struct party *to, struct str part)
{
	if (part.n) to->part[to->n++] = part;
}

static struct party party_of(struct sheet *s, const struct customer *c)
{
	struct party to = {.label = "Customer", .field = "customer"};
	const struct str who[] = {c->name, c->company, c->email, c->phone, c->tax_id.n ? sheet_say(s, "Tax ID "STR_FMT, STR_ARG(c->tax_id)) : S("")};
	for (size_t i = 0; i < sizeof who / sizeof *who; i++) add_part(&to, who[i]);
	return to;
}

static struct party party_at(struct sheet *s, const char *label, const char *field, const struct address *a)
{
	struct party to = {.label = label, .field = field};
	const struct str town[] = {a->postcode, a->city, a->region.n ? a->region : a->region_code};
	const char *country = country_name(a->country); // as a letter has it
	struct str line = sheet_join(s, " ", town, 3);
	const struct str above[] = {a->name, a->company, a->line1, a->line2, a->line3}, below[] = {country ? str_of(country) : a->country, a->phone};
	if (!a->present) return to;
	for (size_t i = 0; i < 5; i++) add_part(&to, above[i]);
	for (size_t i = 0; i < 3; i++) add_part(&to, line.n > PDF_CUT_AT ? town[i] : i ? S("") : line);
	for (size_t i = 0; i < 2; i++) add_part(&to, below[i]);
	return to;
}

static int put_beside(struct sheet *s, const struct party *of)
{
	struct pdf_flow *f = &s->paper.flow;
	int wide = (f->right - f->left) / PARTIES, below = f->y;
	for (int i = 0; i < PARTIES; i++) {
		if (!of[i].n) continue;
		int x = f->left + i * wide, y = flow_put(f, NULL, str_of(of[i].label), sheet_small, x, f->y, wide) + 150;
		for (size_t k = 0; k < of[i].n; k++) y = flow_put(f, of[i].field, of[i].part[k], sheet_plain, x, y, wide - 1000);
		if (y > below) below = y;
	}
	f->y = below;
	return 0;
}

static int put_below(struct sheet *s, const struct party *of)
{
	struct pdf_flow *f = &s->paper.flow;
	for (int i = 0; i < PARTIES; i++) {
		if (of[i].n && flow_text(f, NULL, str_of(of[i].label), sheet_small)) return -1;
		for (size_t k = 0; k < of[i].n; k++)
			if (flow_text(f, of[i].field, of[i].part[k], sheet_plain)) return -1;
	}
	return 0;
}

// Side by side, as on a letter; below each other where one would run off the page.
static int put_parties(struct sheet *s)
{
	const struct order *o = s->o;
	struct pdf_flow *f = &s->paper.flow;
	const struct party of[PARTIES] = {party_of(s, &o->customer), party_at(s, "Bill to", "addresses.billing", &o->billing), party_at(s, "Ship to", "addresses.shipping", &o->shipping)};
	bool high = f->y > 20000;
	for (int i = 0; i < PARTIES; i++) {
		size_t lines = 0;
		for (size_t k = 0; k < of[i].n; k++) {
			lines += pdf_set(f->pdf, &f->arena, NULL, of[i].part[k], sheet_plain, (f->right - f->left) / PARTIES - 1000).n;
			arena_reset(&f->arena, (struct arena_mark){0});
		}
		high |= lines > MOST_LINES;
	}
	f->y += 1200;
	return high ? put_below(s, of) : put_beside(s, of);
}

static int put_note(struct sheet *s)
{
	if (!s->o->note.n) return 0;
	return sheet_heading(s, "Note") ? -1 : flow_text(&s->paper.flow, "note", s->o->note, sheet_plain);
}

// -----------------------------------------------------------------------------------------------------------------------

static int put_all(struct sheet *s)
{
	if (put_head(s) || put_parties(s) || sheet_lines(s) || sheet_totals(s) || sheet_taxes(s) || sheet_payments(s) || sheet_refunds(s)) return -1;
	return sheet_disputes(s) || sheet_shipments(s) || put_note(s) ? -1 : 0;
}

int export_sheet(struct db *d, struct err *e, const char *zone, int64_t key, const struct export_sink *to)
{
	struct arena a = {0};
	struct order o = {0};
	if (order_load(d, e, &a, key, &o)) return arena_free(&a), -1;
	struct sheet s = {.paper = {.to = to, .e = e, .order = str_c(&a, o.id)}, .o = &o, .zone = zone ? zone : "UTC"};
	s.title = o.number.n ? sheet_say(&s, "Order "STR_FMT, STR_ARG(o.number)) : S("Order");
	const struct str foot[] = {s.title, o.id};
	s.paper.foot = str_c(&s.arena, sheet_join(&s, "  \xc2\xb7  ", foot, 2));
	paper_open(&s.paper, &(struct pdf_options){0}, str_c(&s.arena, sheet_say(&s, "Order "STR_FMT, STR_ARG(o.id))));
	s.paper.flow.turn = turn;
	int r = put_all(&s);
	if (r == 0 && s.paper.refused) r = -1;
	if (r == 0) r = paper_finish(&s.paper, 1, true, o.updated_at);
	paper_close(&s.paper);
	arena_free(&s.arena);
	arena_free(&a);
	return r;
}

static bool as_it_is(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; }

// Letters, digits, point and hyphen stay and the first colon becomes _. Where more than that had to become _, or the name is
// long, so much of the id's digest follows that no two orders share a name.
const char *export_sheet_name(struct arena *a, struct str id)
{
	enum { LONGEST = 120 };
	struct buf b = {0};
	bool other = id.n > LONGEST, colon = false;
	unsigned char key[DIGEST_KEY];
	for (size_t i = 0; i < id.n && i < LONGEST; i++) {
		bool fits = as_it_is(id.p[i]) && (i || id.p[i] != '.'), first = id.p[i] == ':' && !colon;
		buf_c(&b, fits ? id.p[i] : '_');
		other |= !fits && !first;
		colon |= first;
	}
	if (other) {
		digest_key(id, key);
		buf_c(&b, '-');
		digest_hex(&b, key, 8);
	}
	buf_cstr(&b, ".pdf");
	const char *name = str_c(a, buf_view(&b));
	buf_free(&b);
	return name;
}
