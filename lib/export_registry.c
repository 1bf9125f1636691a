// The columns of a register: their heads, and how wide each is, so that a page holds them all.
#include "export_registry.h"

enum { NARROWEST = 2600, SMALLEST = 500 };

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

static int natural_width(struct registry *r, size_t i, int size)
{
	struct pdf *p = r->paper.flow.pdf;
	const struct pdf_style st = {PDF_PLAIN, size, 0};
	int most = widest_word(p, str_of(r->column[i].head), (struct pdf_style){PDF_BOLD, size, 0});
	for (size_t k = 0; k < r->held.n; k++) {
		int w = pdf_measure(p, r->held.v[k].cell[i], st);
		if (w > most) most = w;
	}
	if (r->column[i].right) most += size / 2; // a digit more, further down
	return most + r->column[i].indent + 2 * GRID_PAD + 10;
}

// The widest that texts may be, so that all columns together fill the page.
static int text_limit(const struct registry *r, const int *natural, int room)
{
	int low = 0, high = room;
	while (low < high) {
		int mid = low + (high - low + 1) / 2, sum = 0;
		for (size_t i = 0; i < r->table.n; i++) sum += r->column[i].right || natural[i] < mid ? natural[i] : mid;
		if (sum <= room) low = mid;
		else high = mid - 1;
	}
	return low;
}

static void spread(struct registry *r, const int *natural, int limit, int room)
{
	size_t texts = 0;
	for (size_t i = 0; i < r->table.n; i++) {
		r->column[i].width = r->column[i].right || natural[i] < limit ? natural[i] : limit;
		room -= r->column[i].width;
		texts += !r->column[i].right;
	}
	int each = texts ? room / (int)texts : room / (int)r->table.n;
	if (each > 4000) each = 4000; // a few narrow columns stay together
	for (size_t i = 0; i < r->table.n; i++)
		if (!texts || !r->column[i].right) r->column[i].width += each;
}

int registry_fit(struct registry *r)
{
	int natural[EXPORT_WIDEST], room = r->paper.flow.right - r->paper.flow.left;
	for (int size = REGISTRY_SIZE; size >= SMALLEST; size -= 50) {
		bool narrow = false;
		for (size_t i = 0; i < r->table.n; i++) natural[i] = natural_width(r, i, size);
		int limit = text_limit(r, natural, room);
		int sum = 0;
		for (size_t i = 0; i < r->table.n; i++) {
			sum += r->column[i].right || natural[i] < limit ? natural[i] : limit;
			narrow |= !r->column[i].right && natural[i] > limit && limit < NARROWEST;
		}
		if (narrow || sum > room) continue;
		r->table.size = size;
		spread(r, natural, limit, room);
		return 0;
	}
	fail(r->paper.e, E_USAGE, "%zu columns do not fit on a page", r->table.n);
	return hint(r->paper.e, "choose fewer with --fields");
}

void registry_columns(struct registry *r)
{
	const struct export *x = r->x;
	for (size_t i = 0; i < x->writer.n; i++) {
		bool figure = is_figure(x->column[i].kind), behind = i && r->column[i - 1].right && !figure; // words do not run into figures
		r->column[i] = (struct pdf_column){.head = label_of(x->arena, x->column[i].name), .field = x->column[i].name, .right = figure, .indent = behind ? 600 : 0};
	}
	r->table = (struct pdf_grid){.flow = &r->paper.flow, .column = r->column, .n = x->writer.n};
}
