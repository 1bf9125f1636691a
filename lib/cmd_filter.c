// The filters that choose orders, as options.
#include "cmd_filter.h"
#include "source_store.h"
#include "text.h"

enum { KEY_STATUS = 0x2000, KEY_PAYMENT, KEY_FULFILMENT, KEY_SEGMENT, KEY_SOURCE, KEY_SKU, KEY_ATTENTION, KEY_HELD, KEY_LATE, KEY_SCAN };
static const struct argp_option options[] = {
	{NULL, 0, NULL, 0, "Filters (all must hold):", 1},
	{"status", KEY_STATUS, "WORD[,WORD]", 0, "Order status: new, confirmed, closed, cancelled", 1},
	{"payment", KEY_PAYMENT, "WORD[,WORD]", 0, "Payment status: unpaid, authorized, captured, part_refunded, refunded …", 1},
	{"fulfilment", KEY_FULFILMENT, "WORD[,WORD]", 0, "Fulfilment status: none, part_shipped, shipped, delivered …", 1},
	{"segment", KEY_SEGMENT, "SEGMENT[,SEGMENT]", 0, "Customer segment: consumer, b2b, vip, guest …", 1},
	{"source", KEY_SOURCE, "SOURCE[,SOURCE]", 0, "Source the order came from", 1},
	{"sku", KEY_SKU, "SKU", 0, "Orders with a line of this SKU", 1},
	{"attention", KEY_ATTENTION, "WORD[,WORD]", 0, "Flags, all of them: held, disputed, recon, over_captured, ticket_open, delivery_exception, test; late_to_ship, late_in_transit, stalled list as --late does", 1},
	{"held", KEY_HELD, NULL, 0, "Orders with an open hold", 1},
	{"late", KEY_LATE, NULL, 0, "Orders past their ship-by or promised date, most overdue first; -S and -U then bound that date", 1},
	{"scan", KEY_SCAN, NULL, 0, "Allow a combination that no index leads", 1},
	{0}
};

static const struct { const char *option; enum axis axis; } axes[] = {
	{"status", AXIS_STATUS}, {"payment", AXIS_PAYMENT}, {"fulfilment", AXIS_FULFILMENT}, {"attention", AXIS_ATTENTION},
};

void filter_words(struct oms *oms)
{
	for (size_t k = 0; k < sizeof axes / sizeof *axes; k++)
		for (int i = 0; i < axis_size(axes[k].axis); i++) cmd_word(oms, axes[k].option, axis_word(axes[k].axis, i), NULL);
}

static unsigned words(struct argp_state *st, enum axis axis, const char *what, const char *list)
{
	unsigned set = 0;
	for (size_t n; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		int v = axis_value(axis, (struct str){list, n});
		if (v >= 0) {
			set |= 1u << v;
			continue;
		}
		char all[512] = "";
		for (int i = 0; i < axis_size(axis); i++) snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? ", " : "", axis_word(axis, i));
		char bad[64];
		text_copy(bad, sizeof bad, (struct str){list, n});
		argp_error(st, "--%s: no such word: %s (one of %s)", what, bad, all);
	}
	return set;
}

static error_t parse(int key, char *arg, struct argp_state *st)
{
	struct find_filter *f = ((struct oms *)st->input)->opt;
	switch (key) {
	case KEY_STATUS: f->status |= words(st, AXIS_STATUS, "status", arg); return 0;
	case KEY_PAYMENT: f->payment |= words(st, AXIS_PAYMENT, "payment", arg); return 0;
	case KEY_FULFILMENT: f->fulfilment |= words(st, AXIS_FULFILMENT, "fulfilment", arg); return 0;
	case KEY_ATTENTION: f->attention |= words(st, AXIS_ATTENTION, "attention", arg); return 0;
	case KEY_SEGMENT: f->segment = arg; return 0;
	case KEY_SOURCE: f->source = arg; return 0;
	case KEY_SKU: f->sku = arg; return 0;
	case KEY_HELD: f->attention |= 1u << ATT_HELD; return 0;
	case KEY_LATE: f->late = true; return 0;
	case KEY_SCAN: f->scan = true; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

const struct argp filter_argp = {options, parse, NULL, NULL, NULL, NULL, NULL};

// A source that is not there is a mistake, not an empty answer.
static int check_sources(struct oms *oms, const char *list)
{
	struct source s;
	for (size_t n; list && *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		char *name = arena_copy(&oms->arena, list, n);
		if (source_get(oms->db, &oms->err, &oms->arena, name, &s)) return because(&oms->err, "--source=%s", name);
	}
	return 0;
}

int filter_settle(struct oms *oms)
{
	struct find_filter *f = oms->opt;
	f->now = oms->now;
	f->since = oms->since;
	f->until = oms->until;
	f->late |= (f->attention & ATTENTION_CLOCK) != 0; // the list, its window and its pages are then those of --late
	return check_sources(oms, f->source);
}
