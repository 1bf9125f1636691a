// What a confirmed order holds of stock: as it was planned, less what left, was cancelled, was let go or came back.
#include "fold_help.h"
#include "view.h"

#define T(hm) "2026-11-02T" hm ":00.000Z"
#define PAID "\"currency\":\"EUR\",\"price_mode\":\"gross\",\"payment_status\":\"captured\","

// A document with one line of so many mugs, of which the channel has cancelled so many.
static void document(struct set *s, const char *at, int quantity, int cancelled)
{
	add(s, "order.updated", at, arena_printf(&s->a, PAID "\"lines\":[{\"id\":\"1\",\"sku\":\"MUG\",\"quantity\":%d,\"cancelled\":%d,\"unit_price\":\"1.00\"}]", quantity, cancelled));
}

// Six mugs: three from LEJ, two from HAM, and one that HAM has not got yet.
static const char six[] = "\"lines\":[{\"line\":\"1\",\"sku\":\"MUG\",\"quantity\":6,\"allocations\":[{\"warehouse\":\"LEJ\",\"units\":3},{\"warehouse\":\"HAM\",\"units\":2,\"backordered\":1}],"
	"\"components\":[{\"sku\":\"MUG\",\"quantity\":1}]}],\"service\":\"STD\",\"carrier\":\"DHL\"";

static void confirmed(struct set *s)
{
	document(s, T("10:00"), 6, 0);
	add(s, "order.confirmed", T("11:00"), six);
}

static void parcel(struct set *s, const char *at, const char *id, const char *from, int units)
{
	add(s, "shipment.updated", at, arena_printf(&s->a, "\"id\":\"%s\",\"status\":\"shipped\",\"shipped_at\":\"%s\",%s%s%s\"lines\":[{\"line\":\"1\",\"quantity\":%d}]", id, at,
		*from ? "\"location\":\"" : "", from, *from ? "\"," : "", units));
}

static void cancel_units(struct set *s, const char *at, int units)
{
	add(s, "units.cancelled", at, arena_printf(&s->a, "\"lines\":[{\"line\":\"1\",\"quantity\":%d}],\"reason\":\"fewer\"", units));
}

static void refund(struct set *s, const char *at, const char *id, const char *status, int units, const char *restock)
{
	add(s, "refund.updated", at, arena_printf(&s->a, "\"id\":\"%s\",\"status\":\"%s\",\"amount\":\"%d.00\",\"lines\":[{\"line\":\"1\",\"quantity\":%d,\"amount\":\"%d.00\",\"restock\":\"%s\"}]",
		id, status, units, units, units, restock));
}

// "1 LEJ MUG 3/0/1/0": allocated, backordered, shipped, returned of each reservation, as they stand.
static const char *held(struct set *s)
{
	struct buf b = {0};
	for (size_t i = 0; i < s->o.n_reservations; i++) {
		const struct reservation *r = &s->o.reservations[i];
		buf_printf(&b, "%s" STR_FMT " " STR_FMT " " STR_FMT " %lld/%lld/%lld/%lld", i ? ", " : "", STR_ARG(r->line), STR_ARG(r->warehouse), STR_ARG(r->sku), (long long)r->allocated,
			(long long)r->backordered, (long long)r->shipped, (long long)r->returned);
	}
	const char *t = arena_printf(&s->a, STR_FMT, STR_ARG(buf_view(&b)));
	buf_free(&b);
	return t;
}
#define assert_held(s, should) do { fold(s); assert_balanced(&(s)->o); assert_string_equal(held(s), should); } while (0)

// ordered = cancelled + backordered + open + allocated + picked + shipped, none below zero; and what lines hold, stock does.
static void assert_balanced(const struct order *o)
{
	int64_t units = 0, of_stock = 0;
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct line *l = &o->lines[i];
		int64_t open = l->quantity - l->cancelled - l->shipped - l->backordered - l->allocated - l->picked;
		assert_true(l->cancelled >= 0 && l->shipped >= 0 && l->backordered >= 0 && l->allocated >= 0 && l->picked >= 0);
		if (l->shipped <= l->quantity - l->cancelled) assert_true(open >= 0);
		else assert_int_equal(l->allocated + l->backordered + l->picked, 0);
		units += l->allocated + l->picked + l->backordered;
	}
	for (size_t i = 0; i < o->n_reservations; i++) {
		const struct reservation *r = &o->reservations[i];
		assert_true(r->allocated >= 0 && r->backordered >= 0 && r->shipped >= 0 && r->returned >= 0 && r->returned <= r->shipped);
		of_stock += r->allocated + r->backordered;
	}
	assert_int_equal(units, of_stock);
}

static void as_planned(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	assert_held(&s, "1 HAM MUG 2/1/0/0, 1 LEJ MUG 3/0/0/0");
	assert_int_equal(s.o.status, ORDER_CONFIRMED);
	assert_int_equal(s.o.lines[0].allocated, 5);
	assert_int_equal(s.o.lines[0].backordered, 1);
	assert_str(s.o.service, "STD");
	assert_str(s.o.carrier, "DHL");
	assert_null(hold_named(&s.o, "CHANGED:lines"));
	done(&s);
}

static void not_confirmed(void **state)
{
	(void)state;
	struct set s = {0};
	document(&s, T("10:00"), 6, 0);
	parcel(&s, T("12:00"), "S1", "LEJ", 2);
	assert_held(&s, "");
	done(&s);
}

// A parcel that names its warehouse takes from there, one that does not as it was planned.
static void shipped_in_parts(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	parcel(&s, T("12:00"), "S1", "HAM", 2);
	assert_held(&s, "1 HAM MUG 0/1/2/0, 1 LEJ MUG 3/0/0/0");
	parcel(&s, T("13:00"), "S2", "", 1);
	assert_held(&s, "1 HAM MUG 0/1/2/0, 1 LEJ MUG 2/0/1/0");
	parcel(&s, T("14:00"), "S3", "", 3);
	assert_held(&s, "1 HAM MUG 0/0/3/0, 1 LEJ MUG 0/0/3/0");
	assert_int_equal(s.o.lines[0].shipped, 6);
	parcel(&s, T("15:00"), "S4", "", 2); // more than was ordered left all the same
	assert_held(&s, "1 HAM MUG 0/0/3/0, 1 LEJ MUG 0/0/5/0");
	done(&s);
}

// A parcel that turns out not to have left gives its units back to what is held.
static void not_shipped_after_all(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	parcel(&s, T("12:00"), "S1", "LEJ", 3);
	add(&s, "shipment.updated", T("13:00"), "\"id\":\"S1\",\"status\":\"cancelled\"");
	assert_held(&s, "1 HAM MUG 2/1/0/0, 1 LEJ MUG 3/0/0/0");
	done(&s);
}

// What waits goes first, then what the last warehouse of the plan has.
static void units_cancelled(void **state)
{
	(void)state;
	static const struct { int units; const char *held; } all[] = {
		{1, "1 HAM MUG 2/0/0/0, 1 LEJ MUG 3/0/0/0"}, {2, "1 HAM MUG 1/0/0/0, 1 LEJ MUG 3/0/0/0"}, {3, "1 LEJ MUG 3/0/0/0"}, {5, "1 LEJ MUG 1/0/0/0"}, {6, ""}, {60, ""}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct set s = {0};
		confirmed(&s);
		cancel_units(&s, T("12:00"), all[i].units);
		assert_held(&s, all[i].held);
		assert_int_equal(s.o.lines[0].cancelled, all[i].units < 6 ? all[i].units : 6);
		assert_int_equal(s.o.status, ORDER_CONFIRMED);
		done(&s);
	}
}

static void cancelled_by_and_by(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	cancel_units(&s, T("12:00"), 2);
	cancel_units(&s, T("12:01"), 1); // ours are summed
	assert_int_equal(fold(&s)->lines[0].cancelled, 3);
	document(&s, T("12:02"), 6, 2);  // the channel's count has ours in it, as far as it was told
	assert_int_equal(fold(&s)->lines[0].cancelled, 3);
	document(&s, T("12:03"), 6, 4);
	assert_held(&s, "1 LEJ MUG 2/0/0/0");
	assert_int_equal(s.o.lines[0].cancelled, 4);
	refund(&s, T("12:04"), "R1", "succeeded", 1, "cancel"); // a refund before shipping is a cancellation of its own
	assert_held(&s, "1 LEJ MUG 1/0/0/0");
	done(&s);
}

// The same units told of by us and by a refund of the channel are cancelled once.
static void told_twice(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	cancel_units(&s, T("12:00"), 3);
	refund(&s, T("12:01"), "R1", "succeeded", 3, "cancel");
	assert_held(&s, "1 LEJ MUG 3/0/0/0");
	assert_int_equal(s.o.lines[0].cancelled, 3);
	done(&s);
}

static void order_cancelled(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	add(&s, "order.cancelled", T("12:00"), "\"at\":\"" T("12:00") "\"");
	assert_held(&s, "");
	assert_int_equal(s.o.status, ORDER_CANCELLED);
	assert_int_equal(s.o.lines[0].cancelled, 6);
	parcel(&s, T("13:00"), "S1", "LEJ", 2); // it left all the same: nothing else does
	assert_held(&s, "1 LEJ MUG 0/0/2/0");
	assert_int_equal(s.o.status, ORDER_CANCELLED);
	done(&s);
}

// What had left cannot be cancelled any more; a person is asked.
static void cancelled_after_shipping(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	parcel(&s, T("11:30"), "S1", "LEJ", 3);
	add(&s, "order.cancelled", T("12:00"), "\"at\":\"" T("12:00") "\"");
	assert_held(&s, "1 HAM MUG 2/1/0/0, 1 LEJ MUG 0/0/3/0");
	assert_int_equal(s.o.status, ORDER_CONFIRMED);
	assert_non_null(hold_named(&s.o, "RECON:cancelled_after_ship"));
	done(&s);
}

static void picked(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	add(&s, "shipment.updated", T("12:00"), "\"id\":\"S1\",\"status\":\"picked\",\"lines\":[{\"line\":\"1\",\"quantity\":2}]");
	assert_held(&s, "1 HAM MUG 2/1/0/0, 1 LEJ MUG 3/0/0/0"); // it has not left
	assert_int_equal(s.o.lines[0].allocated, 3);
	assert_int_equal(s.o.lines[0].picked, 2);
	done(&s);
}

// A cancellation that happened first is final, whatever was confirmed after it.
static void cancelled_before(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	add(&s, "order.cancelled", T("10:30"), "\"at\":\"" T("10:30") "\"");
	assert_held(&s, "");
	assert_int_equal(s.o.status, ORDER_CANCELLED);
	done(&s);
}

// Only what a refund says was put back into stock is there again, and never more than had left.
static void returned(void **state)
{
	(void)state;
	static const struct { const char *status, *restock; int units; const char *held; } all[] = {
		{"succeeded", "return", 2, "1 HAM MUG 1/1/1/0, 1 LEJ MUG 0/0/3/2"},
		{"succeeded", "return", 4, "1 HAM MUG 1/1/1/1, 1 LEJ MUG 0/0/3/3"},
		{"succeeded", "return", 9, "1 HAM MUG 1/1/1/1, 1 LEJ MUG 0/0/3/3"},
		{"succeeded", "no_restock", 2, "1 HAM MUG 1/1/1/0, 1 LEJ MUG 0/0/3/0"},
		{"pending", "return", 2, "1 HAM MUG 1/1/1/0, 1 LEJ MUG 0/0/3/0"},
		{"failed", "return", 2, "1 HAM MUG 1/1/1/0, 1 LEJ MUG 0/0/3/0"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct set s = {0};
		confirmed(&s);
		parcel(&s, T("12:00"), "S1", "", 4);
		refund(&s, T("13:00"), "R1", all[i].status, all[i].units, all[i].restock);
		assert_held(&s, all[i].held);
		done(&s);
	}
}

static void given_back(struct set *s, const char *at, const char *warehouse, int units, int waiting)
{
	add(s, "units.released", at, arena_printf(&s->a, "\"lines\":[{\"line\":\"1\",\"warehouse\":\"%s\",\"sku\":\"MUG\",\"quantity\":%d,\"backordered\":%d}]", warehouse, units, waiting));
}

// --- the channel changes the lines -----------------------------------------------------------------------------------------------

static int64_t instant_of(const char *at)
{
	int64_t t;
	assert_true(date_parse(str_of(at), "rfc3339", "UTC", &t));
	return t;
}

static void reopened(struct set *s, const char *should, int64_t at)
{
	assert_held(s, should);
	assert_null(hold_named(&s->o, "CHANGED:lines"));
	const struct hold *h = hold_named(&s->o, "CHANGED:open");
	assert_non_null(h);
	assert_int_equal(h->status, HOLD_OPEN);
	assert_int_equal(h->opened_at, at);
}

static void lines_changed(void **state)
{
	(void)state;
	static const struct { const char *lines, *held; } all[] = {
		{"{\"id\":\"1\",\"sku\":\"MUG\",\"quantity\":2}", "1 LEJ MUG 2/0/0/0"},
		{"{\"id\":\"1\",\"sku\":\"MUG\",\"quantity\":9}", "1 HAM MUG 2/1/0/0, 1 LEJ MUG 3/0/0/0"}, // more is not taken without a check
		{"{\"id\":\"1\",\"sku\":\"CUP\",\"quantity\":6}", "1 HAM MUG 2/1/0/0, 1 LEJ MUG 3/0/0/0"}, // a person looks what it is now
		{"{\"id\":\"1\",\"sku\":\"MUG\",\"quantity\":6},{\"id\":\"2\",\"sku\":\"LID\",\"quantity\":1}", "1 HAM MUG 2/1/0/0, 1 LEJ MUG 3/0/0/0"},
		{"{\"id\":\"2\",\"sku\":\"LID\",\"quantity\":1}", ""},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct set s = {0};
		confirmed(&s);
		add(&s, "order.updated", T("12:00"), arena_printf(&s.a, PAID "\"lines\":[%s]", all[i].lines));
		assert_held(&s, all[i].held);
		assert_non_null(hold_named(&s.o, "CHANGED:lines"));
		done(&s);
	}
}

static void told_again(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	document(&s, T("12:00"), 6, 0);
	assert_held(&s, "1 HAM MUG 2/1/0/0, 1 LEJ MUG 3/0/0/0");
	assert_null(hold_named(&s.o, "CHANGED:lines"));
	done(&s);
}

// Units given back may be another order's by now: a later document does not take them back without a check.
static void let_go_stays_let_go(void **state)
{
	(void)state;
	struct set s = {0};
	confirmed(&s);
	document(&s, T("12:00"), 6, 4);
	assert_held(&s, "1 LEJ MUG 2/0/0/0");
	given_back(&s, T("12:00"), "LEJ", 1, 0);
	given_back(&s, T("12:00"), "HAM", 2, 1);
	assert_held(&s, "1 LEJ MUG 2/0/0/0");
	assert_null(hold_named(&s.o, "CHANGED:lines"));
	document(&s, T("12:01"), 6, 0);
	reopened(&s, "1 LEJ MUG 2/0/0/0", instant_of(T("12:00")));
	assert_int_equal(s.o.lines[0].cancelled, 0);
	done(&s);

	struct set twice = {0}; // by and by, and what left is not given back
	confirmed(&twice);
	given_back(&twice, T("12:00"), "LEJ", 1, 0);
	parcel(&twice, T("12:10"), "S1", "LEJ", 1);
	given_back(&twice, T("12:20"), "LEJ", 1, 0);
	reopened(&twice, "1 HAM MUG 2/1/0/0, 1 LEJ MUG 0/0/1/0", instant_of(T("12:20")));
	add(&twice, "shipment.updated", T("12:30"), "\"id\":\"S1\",\"status\":\"cancelled\"");
	reopened(&twice, "1 HAM MUG 2/1/0/0, 1 LEJ MUG 1/0/0/0", instant_of(T("12:20")));
	given_back(&twice, T("12:40"), "LEJ", 9, 0); // more than there was
	reopened(&twice, "1 HAM MUG 2/1/0/0", instant_of(T("12:40")));
	done(&twice);
}

// What a document said before it was confirmed is no letting go: the confirmation saw it.
static void before_it_was_confirmed(void **state)
{
	(void)state;
	struct set s = {0};
	document(&s, T("09:00"), 2, 1);
	confirmed(&s);
	assert_held(&s, "1 HAM MUG 2/1/0/0, 1 LEJ MUG 3/0/0/0");
	assert_null(hold_named(&s.o, "CHANGED:lines"));
	done(&s);
}

// Two of six were in a parcel when the other four were confirmed: they are none of the plan, unless that parcel did not leave.
static void left_before(void **state)
{
	(void)state;
	static const char four[] = "\"lines\":[{\"line\":\"1\",\"sku\":\"MUG\",\"quantity\":6,\"shipped\":2,\"allocations\":[{\"warehouse\":\"LEJ\",\"units\":4}],"
		"\"components\":[{\"sku\":\"MUG\",\"quantity\":1}]}],\"service\":\"STD\",\"carrier\":\"DHL\"";
	struct set s = {0};
	document(&s, T("10:00"), 6, 0);
	parcel(&s, T("10:30"), "S1", "", 2);
	add(&s, "order.confirmed", T("11:00"), four);
	assert_held(&s, "1 LEJ MUG 4/0/0/0");
	add(&s, "shipment.updated", T("11:30"), "\"id\":\"S1\",\"status\":\"cancelled\"");
	reopened(&s, "1 LEJ MUG 4/0/0/0", instant_of(T("11:00")));
	parcel(&s, T("12:00"), "S2", "", 6);
	assert_held(&s, "1 LEJ MUG 0/0/6/0"); // all six are ours
	assert_null(hold_named(&s.o, "CHANGED:open"));
	parcel(&s, T("10:40"), "S1", "", 2); // told of late, and no longer true
	assert_held(&s, "1 LEJ MUG 0/0/6/0");
	done(&s);
}

// --- bundles ---------------------------------------------------------------------------------------------------------------------

// Of a bundle its components are held, all of a unit in one place; the line counts its own units.
static void bundle(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"), PAID "\"lines\":[{\"id\":\"1\",\"sku\":\"SET\",\"quantity\":3,\"unit_price\":\"5.00\"}]");
	add(&s, "order.confirmed", T("11:00"), "\"lines\":[{\"line\":\"1\",\"sku\":\"SET\",\"quantity\":3,\"allocations\":[{\"warehouse\":\"LEJ\",\"units\":2,\"backordered\":1}],"
		"\"components\":[{\"sku\":\"MUG\",\"quantity\":2},{\"sku\":\"LID\",\"quantity\":1}]}]");
	fold(&s);
	assert_string_equal(held(&s), "1 LEJ LID 2/1/0/0, 1 LEJ MUG 4/2/0/0");
	assert_int_equal(s.o.lines[0].allocated, 2);
	assert_int_equal(s.o.lines[0].backordered, 1);
	parcel(&s, T("12:00"), "S1", "LEJ", 1);
	refund(&s, T("13:00"), "R1", "succeeded", 1, "return");
	cancel_units(&s, T("12:30"), 1);
	fold(&s);
	assert_string_equal(held(&s), "1 LEJ LID 1/0/1/1, 1 LEJ MUG 2/0/2/2");
	assert_int_equal(s.o.lines[0].allocated, 1);
	done(&s);
}

// --- any order of arrival ----------------------------------------------------------------------------------------------------------

static void rich(struct set *s)
{
	confirmed(s);
	parcel(s, T("12:00"), "S1", "HAM", 1);
	cancel_units(s, T("12:10"), 1);
	document(s, T("12:20"), 6, 3);
	given_back(s, T("12:25"), "LEJ", 1, 0);
	given_back(s, T("12:26"), "HAM", 1, 1);
	document(s, T("12:30"), 6, 0);
	parcel(s, T("12:40"), "S2", "", 1);
	refund(s, T("12:50"), "R1", "succeeded", 1, "return");
	refund(s, T("12:55"), "R2", "pending", 1, "cancel");
	cancel_units(s, T("12:57"), 1);
	add(s, "hold.released", T("13:00"), "\"id\":\"CHANGED:lines\"");
	add(s, "shipment.updated", T("13:10"), "\"id\":\"S2\",\"status\":\"cancelled\"");
}

static void all_of_it(struct buf *b, struct set *s)
{
	buf_clear(b);
	dump(b, &s->o);
	order_json(b, &s->o, 0);
	buf_cstr(b, held(s));
}

static unsigned next(unsigned *seed) { return (*seed = *seed * 1103515245u + 12345u) >> 8; }

static void shuffle(struct set *s, unsigned *seed)
{
	for (size_t i = s->ev.n; i > 1; i--) {
		size_t k = next(seed) % i;
		struct event x = s->ev.v[k];
		s->ev.v[k] = s->ev.v[i - 1];
		s->ev.v[i - 1] = x;
	}
}

static void any_arrival(void **state)
{
	(void)state;
	struct set s = {0};
	struct buf want = {0}, is = {0};
	unsigned seed = 7;
	rich(&s);
	// two of ours are cancelled, one left HAM, one of LEJ was given back when three were cancelled
	assert_held(&s, "1 HAM MUG 0/0/1/1, 1 LEJ MUG 2/0/0/0");
	all_of_it(&want, &s);
	for (int round = 0; round < 500; round++) {
		struct arena_mark m = arena_mark(&s.a);
		shuffle(&s, &seed);
		fold(&s);
		all_of_it(&is, &s);
		if (!str_eq(buf_view(&want), buf_view(&is))) fail_msg("round %d:\n" STR_FMT "\nis not\n" STR_FMT, round, STR_ARG(buf_view(&is)), STR_ARG(buf_view(&want)));
		arena_reset(&s.a, m);
	}
	buf_free(&want);
	buf_free(&is);
	done(&s);
}

// Whatever happens, and whatever of it has arrived: the units of each line add up, and stock holds what lines do.
static void always_balanced(void **state)
{
	(void)state;
	unsigned seed = 11;
	for (int round = 0; round < 400; round++) {
		struct set s = {0};
		confirmed(&s);
		for (unsigned n = next(&seed) % 12; n; n--) {
			const char *at = arena_printf(&s.a, "2026-11-02T%02u:%02u:00.000Z", 10 + next(&seed) % 5, next(&seed) % 60);
			int units = (int)(next(&seed) % 5);
			static const char *const restock[] = {"return", "cancel", "no_restock"}, *const status[] = {"succeeded", "pending", "failed"}, *const place[] = {"LEJ", "HAM", "", "BER"};
			const char *id = arena_printf(&s.a, "X%u", next(&seed) % 3);
			switch (next(&seed) % 6) {
			case 0: parcel(&s, at, id, place[next(&seed) % 4], units + 1); break;
			case 1: cancel_units(&s, at, units + 1); break;
			case 2: document(&s, at, units + 3, units); break;
			case 3: refund(&s, at, id, status[next(&seed) % 3], units + 1, restock[next(&seed) % 3]); break;
			case 4: add(&s, "shipment.updated", at, arena_printf(&s.a, "\"id\":\"%s\",\"status\":\"%s\"", id, units % 2 ? "cancelled" : "picked")); break;
			default: if (next(&seed) % 4 == 0) add(&s, "order.cancelled", at, "\"reason\":\"x\"");
			}
		}
		fold(&s);
		assert_balanced(&s.o);
		done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(as_planned), cmocka_unit_test(not_confirmed), cmocka_unit_test(shipped_in_parts), cmocka_unit_test(not_shipped_after_all),
		cmocka_unit_test(units_cancelled), cmocka_unit_test(cancelled_by_and_by), cmocka_unit_test(told_twice), cmocka_unit_test(order_cancelled),
		cmocka_unit_test(cancelled_after_shipping), cmocka_unit_test(picked), cmocka_unit_test(cancelled_before), cmocka_unit_test(returned), cmocka_unit_test(lines_changed), cmocka_unit_test(told_again), cmocka_unit_test(let_go_stays_let_go),
		cmocka_unit_test(before_it_was_confirmed), cmocka_unit_test(left_before), cmocka_unit_test(bundle), cmocka_unit_test(any_arrival), cmocka_unit_test(always_balanced)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
