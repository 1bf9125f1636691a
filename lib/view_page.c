// Lines of text that never pass a width and never carry a control byte: labelled facts, paragraphs, and rows with figures.
#include "view_page.h"

enum { NARROWEST = 30, UNLIMITED = 1 << 20, LEFT_LEAST = 18 };

void page_open(struct page *p, struct buf *to, size_t width)
{
	*p = (struct page){.to = to, .width = width, .zone = "UTC", .now = DATE_NONE};
	if (!width) p->width = UNLIMITED;
	else if (width < NARROWEST) p->width = NARROWEST;
}

void page_close(struct page *p)
{
	buf_free(&p->v);
	arena_free(&p->arena);
}

void say(struct page *p, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	struct arena_mark m = arena_mark(&p->arena);
	buf_cstr(&p->v, arena_vprintf(&p->arena, fmt, ap));
	arena_reset(&p->arena, m);
	va_end(ap);
}

void say_str(struct page *p, struct str s) { text_safe(&p->v, s); }

void say_lines(struct page *p, struct str s)
{
	for (size_t from = 0, i = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] != '\n') continue;
		size_t end = i > from && s.p[i - 1] == '\r' ? i - 1 : i;
		if (from) buf_c(&p->v, '\n');
		say_str(p, str_cut(s, from, end));
		from = i + 1;
	}
}

void say_next(struct page *p, const char *separator)
{
	if (p->v.n) buf_cstr(&p->v, separator);
}

void say_part(struct page *p, struct str s)
{
	if (!s.n) return;
	say_next(p, ", ");
	say_str(p, s);
}

void say_money(struct page *p, int64_t minor, int digits)
{
	if (minor == MONEY_NONE) buf_cstr(&p->v, "unknown");
	else money_text(&p->v, minor, digits);
}

void say_at(struct page *p, int64_t at)
{
	if (at == DATE_NONE) {
		buf_cstr(&p->v, "unknown");
		return;
	}
	date_local(&p->v, at, p->zone);
	if (!p->tty || p->now == DATE_NONE) return;
	buf_cstr(&p->v, " (");
	date_ago(&p->v, at, p->now);
	buf_c(&p->v, ')');
}

void say_span(struct page *p, int64_t ms)
{
	int64_t minutes = ms / 60000, hours = minutes / 60;
	if (hours >= 48) say(p, "%lld d", (long long)(hours / 24));
	else if (minutes >= 120) say(p, "%lld h", (long long)hours);
	else say(p, "%lld min", (long long)minutes);
}

void say_rate(struct page *p, struct str rate)
{
	struct decimal d, percent;
	if (!decimal_parse(rate, &d) || !decimal_mul(d, (struct decimal){100, 0}, &percent)) {
		say_str(p, rate);
		return;
	}
	for (; percent.scale && percent.value % 10 == 0; percent.scale--) percent.value /= 10;
	decimal_text(&p->v, percent);
	buf_cstr(&p->v, " %");
}

static void blanks(struct buf *b, size_t n)
{
	while (n--) buf_c(b, ' ');
}

static void put_styled(struct page *p, struct str s, enum style style)
{
	bool on = p->color && style != PLAIN && s.n;
	if (on) buf_cstr(p->to, style == STRONG ? "\033[1m" : "\033[31m");
	buf_str(p->to, s);
	if (on) buf_cstr(p->to, "\033[0m");
}

static size_t char_at(struct str s, size_t i, size_t *width)
{
	if ((unsigned char)s.p[i] < 0x80) {
		*width = 1;
		return 1;
	}
	uint32_t c;
	size_t n = utf8_take(str_cut(s, i, s.n), &c);
	if (!n) n = 1;
	*width = text_width(str_cut(s, i, i + n));
	return n;
}

// Takes one line of at most room columns off *s: up to a newline, else the last blank that fits, else what fits (a word
// longer than a line is broken, never cut).
static struct str take_line(struct str *s, size_t room)
{
	size_t i = 0, used = 0, blank = 0, width;
	while (i < s->n && s->p[i] != '\n') {
		size_t n = char_at(*s, i, &width);
		if (used + width > room && i) break;
		if (s->p[i] == ' ') blank = i;
		used += width;
		i += n;
	}
	size_t end = i, next = i;
	if (i < s->n && s->p[i] == '\n') next = i + 1;
	else if (i < s->n && s->p[i] != ' ' && blank) end = next = blank;
	if (next == end) {
		while (next < s->n && s->p[next] == ' ') next++;
		if (next < s->n && s->p[next] == '\n') next++;
	}
	struct str line = str_cut(*s, 0, end);
	while (line.n && line.p[line.n - 1] == ' ') line.n--;
	*s = str_cut(*s, next, s->n);
	return line;
}

// Puts s where `from` columns of the line are taken already; further lines begin at `hang`.
static void put_wrapped(struct page *p, struct str s, size_t from, size_t hang, enum style style)
{
	size_t at = from;
	do {
		struct str line = take_line(&s, p->width - at);
		put_styled(p, line, style);
		buf_c(p->to, '\n');
		at = hang;
		if (s.n && s.p[0] != '\n') blanks(p->to, hang);
	} while (s.n);
}

void page_fact(struct page *p, const char *label, enum style style)
{
	size_t column = p->indent + PAGE_LABEL, n = strlen(label);
	blanks(p->to, p->indent);
	put_styled(p, (struct str){label, n}, STRONG);
	size_t taken = p->indent + n;
	size_t pad = taken + 2 > column ? 2 : column - taken;
	if (p->v.n) blanks(p->to, pad);
	put_wrapped(p, buf_view(&p->v), taken + pad, column, style);
	buf_clear(&p->v);
}

void page_text(struct page *p, enum style style)
{
	blanks(p->to, p->v.n && p->v.p[0] != '\n' ? p->indent : 0);
	put_wrapped(p, buf_view(&p->v), p->indent, p->indent, style);
	buf_clear(&p->v);
}

void page_entry(struct page *p, int64_t at, enum style style)
{
	struct str said = {arena_copy(&p->arena, p->v.n ? p->v.p : "", p->v.n), p->v.n};
	buf_clear(&p->v);
	say_at(p, at);
	buf_cstr(&p->v, "  ");
	buf_str(&p->v, said);
	blanks(p->to, p->indent);
	put_wrapped(p, buf_view(&p->v), p->indent, p->indent + 2, style);
	buf_clear(&p->v);
}

void page_blank(struct page *p) { buf_c(p->to, '\n'); }

void page_row(struct page *p, size_t indent, enum style style, struct str a, struct str b, struct str c)
{
	struct str left = {arena_copy(&p->arena, p->v.n ? p->v.p : "", p->v.n), p->v.n};
	*VEC_PUSH(&p->arena, &p->rows) = (struct page_row){indent, left, {a, b, c}, style};
	buf_clear(&p->v);
}

struct str page_money(struct page *p, int64_t minor, int digits)
{
	if (minor == MONEY_NONE) return (struct str){0};
	struct buf b = {0};
	money_text(&b, minor, digits);
	struct str s = {arena_copy(&p->arena, b.p, b.n), b.n};
	buf_free(&b);
	return s;
}

struct str page_int(struct page *p, int64_t v)
{
	return str_of(arena_printf(&p->arena, "%lld", (long long)v));
}

static bool has_cells(const struct page_row *r)
{
	return r->cell[0].n || r->cell[1].n || r->cell[2].n;
}

struct measure { size_t left, cell[PAGE_CELLS], right; bool stacked; };

static struct measure measure(const struct page *p, size_t least)
{
	struct measure m = {.left = least};
	for (size_t i = 0; i < p->rows.n; i++) {
		const struct page_row *r = &p->rows.v[i];
		if (!has_cells(r)) continue;
		size_t left = r->indent + text_width(r->left);
		if (left > m.left) m.left = left;
		for (int k = 0; k < PAGE_CELLS; k++)
			if (r->cell[k].n > m.cell[k]) m.cell[k] = r->cell[k].n;
	}
	for (int k = 0; k < PAGE_CELLS; k++)
		if (m.cell[k]) m.right += m.cell[k] + 2;
	size_t room = p->width - p->indent;
	m.stacked = m.left + m.right > room && m.right + LEFT_LEAST > room;
	if (!m.stacked && m.left + m.right > room) m.left = room - m.right;
	return m;
}

static void put_cells(struct page *p, const struct page_row *r, const struct measure *m)
{
	for (int k = 0; k < PAGE_CELLS; k++) {
		if (!m->cell[k]) continue;
		blanks(p->to, 2 + m->cell[k] - r->cell[k].n);
		put_styled(p, r->cell[k], r->style);
	}
	while (p->to->n && p->to->p[p->to->n - 1] == ' ') p->to->n--;
	buf_c(p->to, '\n');
}

static void put_row(struct page *p, const struct page_row *r, const struct measure *m)
{
	struct str left = r->left;
	size_t indent = p->indent + r->indent, end = p->indent + m->left;
	for (bool first = true; first || left.n; first = false) {
		struct str line = take_line(&left, end > indent ? end - indent : 1);
		blanks(p->to, indent);
		put_styled(p, line, r->style);
		if (!first) {
			buf_c(p->to, '\n');
			continue;
		}
		size_t at = indent + text_width(line);
		blanks(p->to, at < end ? end - at : 0);
		put_cells(p, r, m);
	}
}

// The figures under their words, where both do not fit beside each other.
static void put_stacked(struct page *p, const struct page_row *r)
{
	p->indent += r->indent;
	buf_str(&p->v, r->left);
	page_text(p, r->style);
	for (int k = 0; k < PAGE_CELLS; k++) {
		if (!r->cell[k].n) continue;
		say_next(p, "  ");
		buf_str(&p->v, r->cell[k]);
	}
	if (p->v.n) {
		p->indent += 2;
		page_text(p, r->style);
		p->indent -= 2;
	}
	p->indent -= r->indent;
}

void page_rows(struct page *p, size_t least)
{
	struct measure m = measure(p, least);
	for (size_t i = 0; i < p->rows.n; i++) {
		const struct page_row *r = &p->rows.v[i];
		if (m.stacked || !has_cells(r)) put_stacked(p, r);
		else put_row(p, r, &m);
	}
	p->rows.n = p->rows.cap = 0;
	p->rows.v = NULL;
	arena_reset(&p->arena, (struct arena_mark){0});
}
