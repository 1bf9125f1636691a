// Orders: the words and their numbers, axes from quantities and amounts, lateness, references, and what must hold.
#include "fold_help.h"

static void words(void **state)
{
	(void)state;
	for (int a = AXIS_STATUS; a <= AXIS_TRACK; a++)
		for (int v = 0; v < axis_size((enum axis)a); v++)
			assert_int_equal(axis_value((enum axis)a, str_of(axis_word((enum axis)a, v))), v);
	assert_int_equal(axis_value(AXIS_STATUS, S("shipped")), -1);
	assert_string_equal(axis_word(AXIS_PAYMENT, PAY_OVER_CAPTURED), "over_captured");
	assert_int_equal(TICKET_CLOSED, 5); // stored as numbers: these may never move
	assert_int_equal(FUL_DELIVERED, 7);
	assert_int_equal(PAY_VOIDED, 8);
	// domain: 10 < 20 < 30 < 35 < 36 < 37 < 40 < 50 < 60, expired and unknown without
	static const enum track_code up[] = {TRACK_PRE_TRANSIT, TRACK_IN_TRANSIT, TRACK_OUT_FOR_DELIVERY, TRACK_AVAILABLE_FOR_PICKUP,
		TRACK_ATTEMPT_FAILED, TRACK_EXCEPTION, TRACK_DELIVERED, TRACK_RETURN_TO_SENDER, TRACK_RETURNED};
	for (size_t i = 1; i < sizeof up / sizeof *up; i++) assert_true(track_rank(up[i - 1]) < track_rank(up[i]));
	assert_int_equal(track_rank(TRACK_EXPIRED), 0);
}

static void fulfilment(void **state)
{
	(void)state;
	static const struct { struct line l[2]; enum fulfilment_status told, is; } all[] = {
		{{{.quantity = 2}, {.quantity = 1}}, FUL_NONE, FUL_NONE},
		{{{.quantity = 2, .allocated = 1}, {.quantity = 1}}, FUL_NONE, FUL_PART_ALLOCATED},
		{{{.quantity = 2, .allocated = 1, .picked = 1}, {.quantity = 1, .allocated = 1}}, FUL_NONE, FUL_ALLOCATED},
		{{{.quantity = 2, .backordered = 2}, {.quantity = 1}}, FUL_NONE, FUL_BACKORDERED},
		{{{.quantity = 2, .shipped = 2}, {.quantity = 1, .allocated = 1}}, FUL_NONE, FUL_PART_SHIPPED},
		{{{.quantity = 2, .shipped = 1, .cancelled = 1}, {.quantity = 1, .shipped = 1}}, FUL_NONE, FUL_SHIPPED},
		{{{.quantity = 2, .shipped = 2, .delivered = 2}, {.quantity = 1, .shipped = 1}}, FUL_NONE, FUL_PART_DELIVERED},
		{{{.quantity = 2, .shipped = 2, .delivered = 2}, {.quantity = 1, .shipped = 1, .delivered = 1}}, FUL_NONE, FUL_DELIVERED},
		{{{.quantity = 2, .shipped = 2, .delivered = 2, .returned = 1}, {.quantity = 1, .shipped = 1, .delivered = 1}}, FUL_DELIVERED, FUL_PART_RETURNED},
		{{{.quantity = 2, .shipped = 2, .returned = 2}, {.quantity = 1, .shipped = 1, .returned = 1}}, FUL_NONE, FUL_RETURNED},
		{{{.quantity = 2}, {.quantity = 1}}, FUL_PART_SHIPPED, FUL_PART_SHIPPED}, // the channel's word, where no units are known
		{{{.quantity = 2, .shipped = 2}, {.quantity = 1, .gift_card = true}}, FUL_NONE, FUL_SHIPPED},
		{{{.quantity = 2, .digital = true}, {.quantity = 1, .gift_card = true, .shipped = 1}}, FUL_NONE, FUL_PART_SHIPPED},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct line l[2];
		memcpy(l, all[i].l, sizeof l);
		struct order o = {.lines = l, .n_lines = 2, .fulfilment_status = all[i].told, .total = MONEY_NONE};
		order_derive(&o);
		if (o.fulfilment_status != all[i].is) fail_msg("case %zu: %s", i, axis_word(AXIS_FULFILMENT, (int)o.fulfilment_status));
		order_derive(&o);
		assert_int_equal(o.fulfilment_status, all[i].is); // a second time changes nothing
	}
}

// No payment events: the channel's word, sharpened by refunds; derived again it stays.
static void as_told(void **state)
{
	(void)state;
	static const struct { enum payment_status told; int64_t total, refunded; enum payment_status is; } all[] = {
		{PAY_UNPAID, 1000, 0, PAY_UNPAID}, {PAY_UNPAID, 0, 0, PAY_CAPTURED}, {PAY_UNPAID, 0, 200, PAY_REFUNDED},
		{PAY_CAPTURED, 1000, 200, PAY_PART_REFUNDED}, {PAY_PART_REFUNDED, 1000, 1000, PAY_REFUNDED},
		{PAY_CAPTURED, MONEY_NONE, 200, PAY_PART_REFUNDED}, {PAY_REFUNDED, 1000, 0, PAY_REFUNDED}, {PAY_VOIDED, 1000, 0, PAY_VOIDED},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct order o = {.payment_status = all[i].told, .total = all[i].total, .refunded = all[i].refunded};
		order_derive(&o);
		assert_int_equal(o.payment_status, all[i].is);
		order_derive(&o);
		assert_int_equal(o.payment_status, all[i].is);
	}
}

static void held_until(void **state)
{
	(void)state;
	struct hold h[2] = {{.status = HOLD_OPEN, .type = S("MANUAL"), .until_at = 1000}, {.status = HOLD_RELEASED, .until_at = DATE_NONE}};
	struct order o = {.holds = h, .n_holds = 2, .total = MONEY_NONE, .ship_by = DATE_NONE, .promised_at = DATE_NONE};
	order_derive(&o);
	assert_int_equal(o.attention, 1u << ATT_HELD);
	assert_int_equal(order_late(&o, 1000), 1u << ATT_HELD);
	assert_int_equal(order_late(&o, 1001), 0); // seen when read; what is stored stays
	o.attention |= 1u << ATT_TEST;
	order_derive(&o);
	assert_int_equal(o.attention, 1u << ATT_HELD | 1u << ATT_TEST);
}

static void has(const struct event_ref *r, size_t n, enum ref_kind k, const char *value)
{
	size_t found = 0;
	for (size_t i = 0; i < n; i++) found += r[i].kind == k && str_is(r[i].value, value);
	if (found != 1) fail_msg("%s %s: %zu times", ref_kind_word(k), value, found);
}

static void refs(void **state)
{
	(void)state;
	struct arena a = {0};
	struct payment p = {.psp_ref = S("ch_1")};
	struct refund rf = {.psp_ref = S("re_1"), .payment_ref = S("ch_1")};
	struct dispute d = {.id = S("dp_1"), .payment_ref = S("ch_1")};
	struct shipment sh = {.id = S("255"), .tracking_number = S("1Z 9, jd01")};
	struct ticket t = {.id = S("#35436")};
	struct event_ref also = {REF_PSP, S("pi_1")}, *r;
	struct order o = {.external_id = S("450789469"), .number = S("#SO-1042"), .customer = {.email = S("Ada@Example.com"), .name = S("Ada  Lovelace"),
		.phone = S("12345"), .company = S("Engines Ltd")}, .shipping = {.present = true, .name = S("ADA LOVELACE"), .phone = S("+49 30 123456")},
		.payments = &p, .n_payments = 1, .refunds = &rf, .n_refunds = 1, .disputes = &d, .n_disputes = 1, .shipments = &sh, .n_shipments = 1,
		.tickets = &t, .n_tickets = 1, .more = &also, .n_more = 1};
	size_t n = order_refs(&o, &a, &r);
	has(r, n, REF_EXTERNAL, "450789469");
	has(r, n, REF_NUMBER, "so-1042");
	has(r, n, REF_NUMBER_TAIL, "2401");
	has(r, n, REF_EMAIL, "ada@example.com");
	has(r, n, REF_NAME, "ada lovelace");
	has(r, n, REF_NAME, "engines ltd");
	has(r, n, REF_PHONE, "6543210394");
	has(r, n, REF_PSP, "ch_1");
	has(r, n, REF_PSP, "re_1");
	has(r, n, REF_PSP, "pi_1");
	has(r, n, REF_DISPUTE, "dp_1");
	has(r, n, REF_TRACKING, "1Z9");
	has(r, n, REF_TRACKING, "JD01");
	has(r, n, REF_SHIPMENT, "255");
	has(r, n, REF_TICKET, "35436");
	for (size_t i = 0; i < n; i++) assert_false(r[i].kind == REF_PHONE && str_is(r[i].value, "54321")); // too few digits to look for
	arena_free(&a);
}

static void breach(const struct order *o, const char *said)
{
	struct buf b = {0};
	assert_int_equal(order_breaches(o, &b), 1);
	assert_str(buf_view(&b), said);
	buf_free(&b);
}

static void must_hold(void **state)
{
	(void)state;
	struct line l = {.id = S("1"), .quantity = 5, .unit_price = 100, .subtotal = 500, .discount = 0, .tax = 0, .total = 500, .cancelled = 1,
		.shipped = 3, .delivered = 1, .lost = 1, .returned = 1, .refunded = 1};
	struct order o = {.lines = &l, .n_lines = 1, .digits = 2, .price_mode = 'g', .complete = true, .subtotal = 500, .total = 500};
	struct buf b = {0};
	assert_int_equal(order_breaches(&o, &b), 0);
	buf_free(&b);
	l.cancelled = 3;
	breach(&o, "line 1: cancelled 3 + shipped 3 + allocated 0 + picked 0 + backordered 0 is more than 5 ordered");
	l.cancelled = 1;
	l.delivered = 3;
	breach(&o, "line 1: delivered 3 + lost 1 is more than 3 shipped");
	l.delivered = 1;
	l.returned = 4;
	breach(&o, "line 1: 4 returned, but only 3 shipped");
	l.returned = 0;
	l.picked = -1;
	breach(&o, "line 1: picked is negative: -1");
	l.picked = 0;
	l.tax = 80; // inside a gross price: no part of the total, but of the order's tax
	breach(&o, "order: tax_total 0.00 is not the sum of line and charge taxes = 0.80");
	o.tax_total = 80;
	o.subtotal = 600;
	o.total = 600;
	breach(&o, "order: subtotal 6.00 is not the sum of the lines' subtotals = 5.00");
	o.subtotal = o.total = 500;
	struct payment p = {.psp_ref = S("ch"), .digits = 2, .authorized = 500, .captured = 500, .refunded = 700};
	o.payments = &p;
	o.n_payments = 1;
	o.captured = 500;
	o.refunded = 700;
	breach(&o, "payment ch: refunded 7.00 is more than captured 5.00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(words), cmocka_unit_test(fulfilment), cmocka_unit_test(as_told), cmocka_unit_test(held_until),
		cmocka_unit_test(refs), cmocka_unit_test(must_hold)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
