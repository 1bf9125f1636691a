// The columns of a register: their heads, and how wide each is, so that a page holds them all.
#include "export_registry.h"

enum { NARROWEST = 2600, READABLE = 7000, SMALLEST = 500, SMALLEST_WHOLE = 600 }; // of texts that are broken: their width; of letters: their size

static const char *label_of(struct arena *a, const char *name)
{
	static const char *const own[][2] = {{"id", "Order"}, {"order", "Order"}, {"sku", "SKU"}, {"psp", "Provider"}, {"psp_ref", "Reference"}, {"placed_on", "Placed"},
		{"paid_on", "Paid"}, {"line_no", "Line"}, {"quantity", "Qty"}, {"payment_status", "Payment"}, {"fulfilment_status", "Fulfilment"}, {"customer_name", "Customer"},
		{"ship_country", "Ship to"}, {"discount_total", "Discount"}, {"shipping_total", "Shipping"}, {"fee_total", "Fees"}, {"tax_total", "Tax"}, {"last4", "Card"}};
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (!strcmp(own[i][0], name)) return own[i][1];
	char *s = arena_strdup(a, name);
	if (*s >= 'a' && *s <= 'z') *s = (char)(*s - 'a' + 'A');
	for (char *c = s; *c; c++)
		if (*c == '_') *c = ' ';
	return s;
}

static bool is_figure(enum export_kind k) { return k == X_INT || k == X_MONEY || k == X_MINOR; }
static bool is_day(enum export_kind k) { return k == X_AT || k == X_ON; }

// A head breaks at blanks, figures nowhere.
static int widest_word(struct pdf *p, struct str s, struct pdf_style st)
{
	int most = 0;
	for (size_t end; s.n; s = str_cut(s, end + 1, s.n)) {
		const char *blank = memchr(s.p, ' ', s.n);
		end = blank ? (size_t)(blank - s.p) : s.n;
		int w = pdf_measure(p, str_cut(s, 0, end), st);
		if (w > most) most = w;
	}
	return most;
}

// At the largest size; at others it is in proportion.
static int natural_width(struct registry *r, size_t i)
{
	struct pdf *p = r->paper.flow.pdf;
	const struct pdf_style st = {PDF_PLAIN, REGISTRY_SIZE, 0};
	int most = widest_word(p, str_of(r->column[i].head), (struct pdf_style){PDF_BOLD, REGISTRY_SIZE, 0});
	for (size_t k = 0; k < r->held.n; k++) {
		int w = pdf_measure(p, r->held.v[k].cell[i], st);
		if (w > most) most = w;
	}
	return r->whole[i] ? most + REGISTRY_SIZE / 2 : most; // a digit more, further down
}

// The widest that texts may be, so that all columns together fill the page.
static int text_limit(const struct registry *r, const int *natural, int room)
{
	int low = 0, high = room;
	while (low < high) {
		int mid = low + (high - low + 1) / 2, sum = 0;
		for (size_t i = 0; i < r->table.n; i++) sum += r->whole[i] || natural[i] < mid ? natural[i] : mid;
		if (sum <= room) low = mid;
		else high = mid - 1;
	}
	return low;
}

static void spread(struct registry *r, const int *natural, int limit, int room)
{
	size_t texts = 0;
	for (size_t i = 0; i < r->table.n; i++) {
		r->column[i].width = r->whole[i] || natural[i] < limit ? natural[i] : limit;
		room -= r->column[i].width;
		texts += !r->column[i].right;
	}
	int each = texts ? room / (int)texts : room / (int)r->table.n;
	if (each > 4000) each = 4000; // a few narrow columns stay together
	for (size_t i = 0; i < r->table.n; i++)
		if (!texts || !r->column[i].right) r->column[i].width += each;
}

// narrowest: that a text which is broken may be.
static bool fits(struct registry *r, const int *at_largest, int size, int narrowest)
{
	int natural[EXPORT_WIDEST], room = r->paper.flow.right - r->paper.flow.left, sum = 0;
	for (size_t i = 0; i < r->table.n; i++)
		natural[i] = (at_largest[i] * size + REGISTRY_SIZE - 1) / REGISTRY_SIZE + r->column[i].indent + 2 * GRID_PAD + 10;
	int limit = text_limit(r, natural, room);
	for (size_t i = 0; i < r->table.n; i++) {
		bool cut = !r->whole[i] && natural[i] > limit;
		if (cut && limit < narrowest) return false;
		sum += cut ? limit : natural[i];
	}
	if (sum > room) return false;
	r->table.size = size;
	spread(r, natural, limit, room);
	return true;
}

// The widest of the texts that were to stay whole may be broken from now on; false: there is none.
static bool give_way(struct registry *r, const int *at_largest)
{
	size_t widest = r->table.n;
	for (size_t i = 0; i < r->table.n; i++)
		if (r->whole[i] && !r->column[i].right && (widest == r->table.n || at_largest[i] > at_largest[widest])) widest = i;
	if (widest == r->table.n) return false;
	r->whole[widest] = false;
	return true;
}

static bool fits_down_to(struct registry *r, const int *at_largest, int smallest, int narrowest)
{
	for (int size = REGISTRY_SIZE; size >= smallest; size -= 50)
		if (fits(r, at_largest, size, narrowest)) return true;
	return false;
}

// Ids and days stay whole, other texts give way to them: at the largest size that leaves those readable, or else at the smallest.
// Where that is not enough an id is broken, the widest first.
int registry_fit(struct registry *r)
{
	int natural[EXPORT_WIDEST];
	for (size_t i = 0; i < r->table.n; i++) natural[i] = natural_width(r, i);
	do {
		if (fits_down_to(r, natural, SMALLEST_WHOLE, READABLE) || fits(r, natural, SMALLEST_WHOLE, NARROWEST)) return 0;
	} while (give_way(r, natural));
	if (fits_down_to(r, natural, SMALLEST, NARROWEST)) return 0;
	fail(r->paper.e, E_USAGE, "%zu columns do not fit on a page", r->table.n);
	return hint(r->paper.e, "choose fewer with --fields");
}

static bool is_id(const struct export *x, const char *name)
{
	for (size_t i = 0; i < x->set->n; i++)
		if (!strcmp(x->set->column[i].name, name)) return export_column_id(x->o.grain, i);
	return false;
}

void registry_columns(struct registry *r)
{
	const struct export *x = r->x;
	for (size_t i = 0; i < x->writer.n; i++) {
		bool figure = is_figure(x->column[i].kind), behind = i && r->column[i - 1].right && !figure; // words do not run into figures
		r->column[i] = (struct pdf_column){.head = label_of(x->arena, x->column[i].name), .field = x->column[i].name, .right = figure, .indent = behind ? 600 : 0};
		r->whole[i] = figure || is_day(x->column[i].kind) || is_id(x, x->column[i].name);
	}
	r->table = (struct pdf_grid){.flow = &r->paper.flow, .column = r->column, .n = x->writer.n};
}
