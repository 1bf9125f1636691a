// The fold: facets of documents, amounts nobody gave, status, holds, tickets, and that the order of arrival never matters.
#include "fold_help.h"

#define T(hm) "2026-11-02T" hm ":00.000Z"
static const int64_t TEN = 1793613600000, HOUR = 3600000; // 2026-11-02T10:00:00Z

static void one_document(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"),
		"\"number\":\"#1001\",\"placed_at\":\"2026-11-02T09:59:00.000Z\",\"currency\":\"EUR\",\"price_mode\":\"gross\","
		"\"customer\":{\"id\":\"c1\",\"name\":\"Ada Lovelace\",\"email\":\"ada@example.com\"},"
		"\"addresses\":{\"shipping\":{\"name\":\"Ada\",\"city\":\"Leipzig\",\"country\":\"DE\"}},"
		"\"lines\":[{\"id\":\"L1\",\"sku\":\"A\",\"quantity\":3,\"unit_price\":\"9.99\",\"discounts\":[{\"code\":\"TEN\",\"amount\":\"2.00\"}],"
		"\"taxes\":[{\"name\":\"MwSt\",\"rate\":\"0.19\",\"amount\":\"4.47\"}]},{\"id\":\"L2\",\"sku\":\"B\",\"quantity\":1,\"unit_price\":\"5.00\"}],"
		"\"charges\":[{\"kind\":\"shipping\",\"name\":\"DHL\",\"price\":\"4.90\"},{\"kind\":\"fee\",\"name\":\"gift wrap\",\"price\":\"1.00\"}],"
		"\"tags\":[\"new\",\"web\"]");
	struct order *o = fold(&s);
	assert_str(o->id, "shop:1");
	assert_str(o->number, "#1001");
	assert_int_equal(o->placed_at, TEN - 60000);
	assert_int_equal(o->updated_at, TEN);
	assert_true(o->complete);
	assert_int_equal(o->n_lines, 2);
	// 3 x 9.99 = 29.97; - 2.00 = 27.97, tax inside
	assert_int_equal(o->lines[0].subtotal, 2997);
	assert_int_equal(o->lines[0].discount, 200);
	assert_int_equal(o->lines[0].tax, 447);
	assert_int_equal(o->lines[0].total, 2797);
	// 29.97 + 5.00; 34.97 - 2.00 + 4.90 + 1.00 = 38.87
	assert_int_equal(o->subtotal, 3497);
	assert_int_equal(o->discount_total, 200);
	assert_int_equal(o->shipping_total, 490);
	assert_int_equal(o->fee_total, 100);
	assert_int_equal(o->tax_total, 447);
	assert_int_equal(o->total, 3887);
	assert_int_equal(o->status, ORDER_NEW);
	assert_int_equal(o->payment_status, PAY_UNPAID);
	assert_int_equal(o->fulfilment_status, FUL_NONE);
	assert_int_equal(o->attention, 0);
	assert_int_equal(o->parts, PART_LINES | PART_CHARGES | PART_ADDRESSES);
	assert_str(o->customer.segment, "consumer");
	assert_str(o->tags[1], "web");
	assert_true(s.used[0]);
	struct buf b = {0};
	assert_int_equal(order_breaches(o, &b), 0);
	buf_free(&b);
	done(&s);
}

// Net prices, digits of the currency, nothing left to pay.
static void money_modes(void **state)
{
	(void)state;
	static const struct { const char *body; int64_t subtotal, total; int digits; } all[] = {
		// 2 x 10.00 - 1.00 + 3.61 tax
		{"\"currency\":\"EUR\",\"price_mode\":\"net\",\"lines\":[{\"id\":\"1\",\"quantity\":2,\"unit_price\":\"10.00\",\"discount\":\"1.00\",\"tax\":\"3.61\"}]", 2000, 2261, 2},
		{"\"currency\":\"JPY\",\"price_mode\":\"gross\",\"lines\":[{\"id\":\"1\",\"quantity\":3,\"unit_price\":\"500\"}]", 1500, 1500, 0},
		{"\"currency\":\"KWD\",\"price_mode\":\"net\",\"lines\":[{\"id\":\"1\",\"quantity\":2,\"unit_price\":\"1.125\",\"tax\":\"0.005\"}]", 2250, 2255, 3},
		// all of it off: exactly nothing is left
		{"\"currency\":\"EUR\",\"price_mode\":\"gross\",\"lines\":[{\"id\":\"1\",\"quantity\":3,\"unit_price\":\"3.33\",\"discount\":\"9.99\"}]", 999, 0, 2},
		// a unit price finer than the currency: the line says what it comes to
		{"\"currency\":\"EUR\",\"price_mode\":\"gross\",\"lines\":[{\"id\":\"1\",\"quantity\":1000,\"unit_price\":\"0.0075\",\"subtotal\":\"7.50\"}]", 750, 750, 2},
		// only the order knows its tax
		{"\"currency\":\"EUR\",\"price_mode\":\"net\",\"lines\":[{\"id\":\"1\",\"quantity\":1,\"unit_price\":\"10.00\"}],\"taxes\":[{\"name\":\"VAT\",\"amount\":\"1.90\"}]", 1000, 1190, 2},
		// only the total of a line is known: what it cost without tax is 11.90 - 1.90
		{"\"currency\":\"EUR\",\"price_mode\":\"net\",\"lines\":[{\"id\":\"1\",\"quantity\":2,\"total\":\"11.90\",\"tax\":\"1.90\"}]", 1000, 1190, 2},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct set s = {0};
		add(&s, "order.created", T("10:00"), all[i].body);
		struct order *o = fold(&s);
		struct buf b = {0};
		if (o->subtotal != all[i].subtotal || o->total != all[i].total || o->digits != all[i].digits)
			fail_msg("%s: %ld, %ld", all[i].body, (long)o->subtotal, (long)o->total);
		if (order_breaches(o, &b)) fail_msg("%s: " STR_FMT, all[i].body, STR_ARG(buf_view(&b)));
		if (o->total == 0) assert_int_equal(o->payment_status, PAY_CAPTURED); // nothing is due
		buf_free(&b);
		done(&s);
	}
}

static void unknown_amounts(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.updated", T("10:00"), "\"currency\":\"EUR\",\"note\":\"no lines here\"");
	struct order *o = fold(&s);
	assert_false(o->complete);
	assert_true(o->total == MONEY_NONE && o->subtotal == MONEY_NONE);
	done(&s);
	struct set t = {0}; // 9e16 x 1000 does not fit
	add(&t, "order.created", T("10:00"), "\"currency\":\"EUR\",\"lines\":[{\"id\":\"1\",\"quantity\":1000,\"unit_price\":\"90000000000000000.00\"}]");
	o = fold(&t);
	assert_true(o->total == MONEY_NONE && o->lines[0].subtotal == MONEY_NONE);
	assert_non_null(hold_named(o, "RECON:amount_overflow"));
	assert_true(o->attention & 1u << ATT_RECON);
	done(&t);
}

static void partial_never_erases(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"),
		"\"number\":\"7\",\"currency\":\"EUR\",\"note\":\"ring twice\",\"total\":\"12.00\",\"customer\":{\"name\":\"Ada\",\"email\":\"a@x.example\"},"
		"\"addresses\":{\"shipping\":{\"name\":\"Ada\",\"city\":\"Ulm\"},\"billing\":{\"name\":\"Bill\"}},\"tags\":[\"a\"],"
		"\"lines\":[{\"id\":\"1\",\"sku\":\"A\",\"name\":\"Cup\",\"quantity\":1,\"unit_price\":\"5.00\"},{\"id\":\"2\",\"sku\":\"B\",\"quantity\":1,\"unit_price\":\"7.00\"}]");
	add(&s, "order.updated", T("11:00"), "\"customer\":{\"phone\":\"030 123456\"},\"lines\":[{\"id\":\"2\",\"quantity\":1},{\"id\":\"1\",\"name\":\"Mug\"}]");
	struct order *o = fold(&s);
	assert_str(o->note, "ring twice");
	assert_str(o->customer.name, "Ada");
	assert_str(o->customer.phone, "030 123456");
	assert_str(o->shipping.city, "Ulm");
	assert_str(o->lines[0].id, "2"); // the order of the newest complete list
	assert_str(o->lines[0].sku, "B");
	assert_str(o->lines[1].name, "Mug");
	assert_str(o->lines[1].sku, "A");
	assert_int_equal(o->lines[1].unit_price, 500);
	assert_int_equal(o->total, 1200);
	assert_true(s.used[0] && s.used[1]);
	// what is known to be empty erases
	add(&s, "order.updated", T("12:00"), "\"customer\":{},\"addresses\":{\"shipping\":{}},\"tags\":[],\"lines\":[{\"id\":\"1\"}]");
	o = fold(&s);
	assert_null(o->customer.name.p);
	assert_false(o->shipping.present);
	assert_true(o->billing.present);
	assert_int_equal(o->n_tags, 0);
	assert_int_equal(o->n_lines, 1);
	assert_str(o->lines[0].name, "Mug");
	done(&s);
}

static void line_updates(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.updated", T("09:00"), "\"line_updates\":[{\"id\":\"0\",\"sku\":\"gone\"}]"); // older than the list: not a line any more
	add(&s, "order.created", T("10:00"), "\"currency\":\"EUR\",\"lines\":[{\"id\":\"2\",\"sku\":\"B\",\"quantity\":2},{\"id\":\"1\",\"sku\":\"A\",\"quantity\":1}]");
	add(&s, "order.updated", T("11:00"), "\"line_updates\":[{\"id\":\"9\",\"sku\":\"N\",\"quantity\":1},{\"id\":\"2\",\"cancelled\":1},{\"id\":\"8\",\"sku\":\"M\",\"quantity\":1}]");
	struct order *o = fold(&s);
	assert_int_equal(o->n_lines, 4);
	assert_str(o->lines[0].id, "2");
	assert_int_equal(o->lines[0].cancelled, 1);
	assert_str(o->lines[1].id, "1");
	assert_str(o->lines[2].id, "8");
	assert_str(o->lines[3].id, "9");
	assert_false(s.used[0]);
	done(&s);
}

static void stale(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.updated", T("12:00"), "\"note\":\"new\",\"total\":\"2.00\",\"currency\":\"EUR\"");
	add(&s, "order.updated", T("11:00"), "\"note\":\"old\",\"total\":\"1.00\"");
	struct order *o = fold(&s);
	assert_str(o->note, "new");
	assert_int_equal(o->total, 200);
	assert_false(s.used[0]); // sorted: the older one first
	assert_true(s.used[1]);
	assert_true(o->timeline[0].superseded);
	assert_false(o->timeline[1].superseded);
	done(&s);
}

static void until(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"), "\"note\":\"a\"");
	add(&s, "order.updated", T("12:00"), "\"note\":\"b\"");
	assert_int_equal(fold_order(&s.o, s.ev.v, 2, TEN + HOUR, s.used, &s.a, &s.e), 0);
	assert_str(s.o.note, "a");
	assert_int_equal(s.o.n_timeline, 1);
	assert_true(s.used[0] && !s.used[1]);
	s.ev.v[1].type = EV_UNKNOWN;
	assert_int_equal(fold_order(&s.o, s.ev.v, 2, DATE_NONE, NULL, &s.a, &s.e), -1);
	assert_int_equal(s.e.code, E_DATA);
	done(&s);
}

// --- status and contradictions --------------------------------------------------------------------------------------

static const char lines2[] = "\"currency\":\"EUR\",\"total\":\"10.00\",\"lines\":[{\"id\":\"1\",\"quantity\":2,\"unit_price\":\"5.00\"}]";

static void cancelled(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"), lines2);
	add(&s, "order.cancelled", T("11:00"), "\"at\":\"" T("11:00") "\",\"reason\":\"changed mind\"");
	add(&s, "order.updated", T("12:00"), "\"status\":\"confirmed\"");
	struct order *o = fold(&s);
	assert_int_equal(o->status, ORDER_CANCELLED); // final
	assert_str(o->cancel_reason, "changed mind");
	assert_int_equal(o->cancelled_at, TEN + HOUR);
	assert_int_equal(o->lines[0].cancelled, 2);
	assert_int_equal(o->n_holds, 0);
	// a late shipment is recorded, nothing more
	add(&s, "shipment.updated", T("13:00"), "\"id\":\"s1\",\"status\":\"shipped\",\"shipped_at\":\"" T("13:00") "\",\"lines\":[{\"line\":\"1\",\"quantity\":1}]");
	o = fold(&s);
	assert_int_equal(o->status, ORDER_CANCELLED);
	assert_int_equal(o->lines[0].shipped, 1);
	const struct hold *h = hold_named(o, "RECON:shipped_after_cancel");
	assert_non_null(h);
	assert_str(h->owner, "logistics");
	assert_int_equal(h->opened_at, TEN + 3 * HOUR);
	assert_int_equal(o->attention, 1u << ATT_HELD | 1u << ATT_RECON);
	// a person looks at it, and it stays released
	add(&s, "hold.released", T("14:00"), "\"id\":\"RECON:shipped_after_cancel\",\"resolution\":\"parcel recalled\"");
	o = fold(&s);
	h = hold_named(o, "RECON:shipped_after_cancel");
	assert_int_equal(h->status, HOLD_RELEASED);
	assert_str(h->resolution, "parcel recalled");
	assert_int_equal(o->attention, 0);
	done(&s);
}

static void cancelled_too_late(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"), lines2);
	add(&s, "shipment.updated", T("11:00"), "\"id\":\"s1\",\"status\":\"shipped\",\"shipped_at\":\"" T("11:00") "\"");
	add(&s, "order.updated", T("12:00"), "\"status\":\"cancelled\",\"cancelled_at\":\"" T("12:00") "\"");
	struct order *o = fold(&s);
	assert_int_equal(o->status, ORDER_CONFIRMED);
	assert_int_equal(o->cancelled_at, TEN + 2 * HOUR);
	assert_non_null(hold_named(o, "RECON:cancelled_after_ship"));
	assert_int_equal(o->fulfilment_status, FUL_SHIPPED);
	done(&s);
}

static void captured_too_late(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"), lines2);
	add(&s, "order.cancelled", T("11:00"), "\"at\":\"" T("11:00") "\"");
	add(&s, "payment.updated", T("12:00"), "\"psp_ref\":\"ch_1\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\",\"currency\":\"EUR\"");
	struct order *o = fold(&s);
	const struct hold *h = hold_named(o, "RECON:captured_after_cancel");
	assert_int_equal(o->status, ORDER_CANCELLED);
	assert_int_equal(o->payment_status, PAY_CAPTURED);
	assert_non_null(h);
	assert_str(h->owner, "finance");
	done(&s);
}

static void channel_facts(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"), lines2);
	add(&s, "order.updated", T("11:00"), "\"channel_fulfilled\":true,\"fulfilment_status\":\"shipped\",\"payment_status\":\"captured\"");
	struct order *o = fold(&s);
	assert_int_equal(o->status, ORDER_CONFIRMED);
	assert_int_equal(o->payment_status, PAY_CAPTURED);
	assert_int_equal(o->fulfilment_status, FUL_SHIPPED);
	assert_int_equal(o->lines[0].shipped, 2);
	assert_int_equal(o->n_holds, 0);
	add(&s, "order.updated", T("12:00"), "\"fulfilment_status\":\"delivered\",\"status\":\"closed\"");
	o = fold(&s);
	assert_int_equal(o->status, ORDER_CLOSED);
	assert_int_equal(o->fulfilment_status, FUL_DELIVERED);
	assert_int_equal(o->lines[0].delivered, 2);
	struct order again = *o; // derived twice is the same
	order_derive(&again);
	assert_int_equal(again.payment_status, o->payment_status);
	assert_int_equal(again.fulfilment_status, o->fulfilment_status);
	done(&s);
}

static void other_currency(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"), "\"currency\":\"EUR\",\"total\":\"10.00\"");
	add(&s, "order.updated", T("09:00"), "\"currency\":\"USD\",\"total\":\"12.00\",\"fee_total\":\"1.00\"");
	struct order *o = fold(&s);
	assert_int_equal(o->total, 1000);
	assert_true(o->fee_total == MONEY_NONE); // dollars do not stand beside euros
	done(&s);
}

// --- holds and tickets ----------------------------------------------------------------------------------------------

static void holds(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"), lines2);
	add_from(&s, "riskco", "hold.opened", T("11:00"), "\"id\":\"h1\",\"type\":\"FRAUD\",\"reason\":\"score 91\",\"owner\":\"risk\"");
	add_from(&s, "shop", "hold.released", T("12:00"), "\"id\":\"h1\",\"resolution\":\"fine by us\"");
	add_from(&s, "shop", "hold.released", T("12:00"), "\"id\":\"nothing\",\"resolution\":\"?\"");
	struct order *o = fold(&s);
	assert_int_equal(o->n_holds, 1);
	assert_int_equal(o->holds[0].status, HOLD_OPEN); // one source does not close another's
	assert_int_equal(o->holds[0].n_blocks, 3);
	assert_str(o->holds[0].blocks[1], "ship");
	assert_int_equal(o->attention, 1u << ATT_HELD);
	assert_false(s.used[2] || s.used[3]);
	add_from(&s, "riskco", "hold.released", T("13:00"), "\"id\":\"h1\",\"resolution\":\"approved\"");
	add_from(&s, "riskco", "hold.opened", T("14:00"), "\"id\":\"h1\",\"type\":\"FRAUD\",\"reason\":\"again\"");
	o = fold(&s);
	assert_int_equal(o->holds[0].status, HOLD_RELEASED);
	assert_str(o->holds[0].reason, "score 91"); // never used again after it was closed
	assert_int_equal(o->holds[0].closed_at, TEN + 3 * HOUR);
	assert_int_equal(o->n_holds, 2); // opened again, it has a row of its own
	assert_str(o->holds[1].id, "h1#2");
	assert_str(o->holds[1].reason, "again");
	assert_int_equal(o->attention, 1u << ATT_HELD);
	add_from(&s, "riskco", "hold.released", T("15:00"), "\"id\":\"h1\"");
	o = fold(&s);
	assert_int_equal(o->holds[1].status, HOLD_RELEASED);
	assert_int_equal(o->attention, 0);
	done(&s);
}

static void tickets(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"), lines2);
	add(&s, "ticket.updated", T("11:00"), "\"id\":\"T5\",\"subject\":\"broken lid\",\"status\":\"pending\",\"created_at\":\"" T("10:30") "\",\"requester\":{\"name\":\"Ada\",\"email\":\"ada@example.com\"}");
	add(&s, "ticket.message", T("12:00"), "\"ticket\":\"T5\",\"id\":\"m2\",\"role\":\"customer\",\"author\":\"Ada\",\"text\":\"any news?\",\"at\":\"" T("12:00") "\"");
	add(&s, "ticket.message", T("10:30"), "\"ticket\":\"T5\",\"id\":\"m1\",\"role\":\"customer\",\"public\":false,\"text\":\"it is broken\",\"at\":\"" T("10:30") "\"");
	struct order *o = fold(&s);
	assert_int_equal(o->n_tickets, 1);
	assert_int_equal(o->tickets[0].status, TICKET_OPEN); // the customer wrote after the desk waited for them
	assert_int_equal(o->tickets[0].n_messages, 2);
	assert_str(o->tickets[0].messages[0].id, "m1");
	assert_false(o->tickets[0].messages[0].public_);
	assert_true(o->tickets[0].messages[1].public_);
	assert_str(o->tickets[0].requester_email, "ada@example.com");
	assert_int_equal(o->attention, 1u << ATT_TICKET_OPEN);
	add(&s, "ticket.updated", T("13:00"), "\"id\":\"T5\",\"status\":\"closed\"");
	add(&s, "ticket.message", T("14:00"), "\"ticket\":\"T5\",\"id\":\"m3\",\"role\":\"customer\",\"text\":\"thanks\"");
	o = fold(&s);
	assert_int_equal(o->tickets[0].status, TICKET_CLOSED);
	assert_str(o->tickets[0].subject, "broken lid");
	assert_int_equal(o->attention, 0);
	done(&s);
}

static void sentences(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("10:00"), lines2);
	add(&s, "payment.updated", T("10:01"), "\"psp\":\"stripe\",\"psp_ref\":\"ch_1\",\"kind\":\"capture\",\"status\":\"succeeded\",\"amount\":\"29.35\",\"currency\":\"EUR\",\"brand\":\"visa\",\"last4\":\"4242\"");
	add(&s, "tracking.updated", T("10:02"), "\"tracking_number\":\"1Z\",\"code\":\"in_transit\",\"message\":\"departed Leipzig\"");
	add(&s, "ticket.updated", T("10:03"), "\"id\":\"T-5\",\"status\":\"new\",\"subject\":\"broken lid\"");
	add(&s, "payment.updated", T("10:04"), "\"psp_ref\":\"ch_2\",\"kind\":\"sale\",\"status\":\"failed\",\"amount\":\"1.00\",\"error\":\"card_declined\"");
	struct order *o = fold(&s);
	assert_str(o->timeline[0].summary, "order placed, 1 line, total 10.00 EUR");
	assert_str(o->timeline[1].summary, "captured 29.35 EUR on visa 4242 (ch_1)");
	assert_str(o->timeline[2].summary, "in transit: departed Leipzig");
	assert_str(o->timeline[3].summary, "ticket T-5 opened: broken lid");
	assert_str(o->timeline[4].summary, "capture 1.00 EUR failed (ch_2): card_declined");
	done(&s);
}

// --- any order of arrival -------------------------------------------------------------------------------------------

static void rich(struct set *s)
{
	add(s, "order.created", T("10:00"), "\"number\":\"1001\",\"currency\":\"EUR\",\"customer\":{\"name\":\"Ada\"},\"lines\":[{\"id\":\"2\",\"sku\":\"B\",\"quantity\":2,\"unit_price\":\"5.00\"},{\"id\":\"1\",\"sku\":\"A\",\"quantity\":1,\"unit_price\":\"7.00\"}],\"tags\":[\"x\"]");
	add(s, "order.updated", T("10:30"), "\"customer\":{\"email\":\"ada@example.com\"},\"addresses\":{\"shipping\":{\"name\":\"Ada\",\"city\":\"Ulm\"}},\"line_updates\":[{\"id\":\"3\",\"sku\":\"C\",\"quantity\":1,\"unit_price\":\"1.00\"}]");
	add(s, "order.updated", T("10:30"), "\"note\":\"same time\",\"customer\":{\"phone\":\"030123456\"}");
	add(s, "order.updated", T("10:30"), "\"note\":\"same time, too\",\"addresses\":{\"billing\":{\"name\":\"Bill\"}}");
	add(s, "order.updated", T("15:00"), "\"lines\":[{\"id\":\"1\",\"quantity\":1},{\"id\":\"2\",\"fulfilled\":1}],\"channel_payment\":\"paid\"");
	add(s, "payment.updated", T("10:05"), "\"psp\":\"shop\",\"psp_ref\":\"a1\",\"kind\":\"authorization\",\"status\":\"pending\",\"amount\":\"17.00\",\"currency\":\"EUR\",\"brand\":\"visa\"");
	add(s, "payment.updated", T("10:06"), "\"psp_ref\":\"a1\",\"kind\":\"authorization\",\"status\":\"succeeded\",\"amount\":\"17.00\",\"currency\":\"EUR\",\"last4\":\"4242\"");
	add(s, "payment.updated", T("11:00"), "\"psp_ref\":\"c1\",\"parent_ref\":\"a1\",\"kind\":\"capture\",\"status\":\"succeeded\",\"amount\":\"10.00\",\"currency\":\"EUR\"");
	add(s, "payment.updated", T("11:30"), "\"psp_ref\":\"c2\",\"parent_ref\":\"a1\",\"kind\":\"capture\",\"status\":\"failed\",\"amount\":\"7.00\",\"currency\":\"EUR\"");
	add_from(s, "stripe", "payment.updated", T("11:10"), "\"psp\":\"stripe\",\"psp_ref\":\"ch_9\",\"intent\":\"pi_9\",\"kind\":\"snapshot\",\"status\":\"succeeded\",\"amount\":\"3.00\",\"captured\":\"3.00\",\"currency\":\"EUR\"");
	add_from(s, "stripe", "payment.updated", T("11:11"), "\"psp\":\"stripe\",\"psp_ref\":\"pi_9\",\"kind\":\"snapshot\",\"status\":\"succeeded\",\"amount\":\"3.00\",\"captured\":\"3.00\",\"currency\":\"EUR\"");
	add(s, "refund.updated", T("16:00"), "\"id\":\"r1\",\"payment_ref\":\"c1\",\"status\":\"pending\",\"amount\":\"2.00\",\"currency\":\"EUR\",\"lines\":[{\"line\":\"2\",\"quantity\":1,\"amount\":\"2.00\",\"restock\":\"return\"}]");
	add(s, "refund.updated", T("16:10"), "\"id\":\"r1\",\"status\":\"succeeded\",\"psp_ref\":\"re_1\"");
	add_from(s, "stripe", "refund.updated", T("16:09"), "\"id\":\"re_1\",\"payment_ref\":\"c1\",\"status\":\"succeeded\",\"amount\":\"2.00\",\"currency\":\"EUR\"");
	add_from(s, "stripe", "dispute.updated", T("17:00"), "\"id\":\"dp_1\",\"payment_ref\":\"ch_9\",\"status\":\"needs_response\",\"amount\":\"3.00\",\"currency\":\"EUR\",\"reason\":\"fraudulent\"");
	add_from(s, "stripe", "dispute.updated", T("18:00"), "\"id\":\"dp_1\",\"status\":\"lost\"");
	add(s, "shipment.updated", T("12:00"), "\"id\":\"s1\",\"status\":\"packed\",\"carrier\":\"UPS\",\"tracking_numbers\":[\"1Z 1\",\"1Z 2\"],\"lines\":[{\"line\":\"1\",\"quantity\":1}]");
	add(s, "shipment.updated", T("12:30"), "\"id\":\"s1\",\"status\":\"shipped\",\"eta_at\":\"2026-11-04T10:00:00.000Z\"");
	add(s, "shipment.updated", T("12:40"), "\"id\":\"s2\",\"status\":\"shipped\",\"tracking_numbers\":[\"1Z2\"],\"lines\":[{\"line\":\"2\",\"quantity\":1}]");
	add_from(s, "easypost", "tracking.updated", T("13:00"), "\"tracking_number\":\"1z2\",\"code\":\"in_transit\",\"raw_code\":\"D\",\"at\":\"" T("13:00") "\",\"eta_at\":\"2026-11-05T10:00:00.000Z\"");
	add_from(s, "easypost", "tracking.updated", T("13:00"), "\"tracking_number\":\"1z2\",\"code\":\"delivered\",\"raw_code\":\"Z\",\"at\":\"" T("14:00") "\"");
	add_from(s, "ups", "tracking.updated", T("13:05"), "\"tracking_number\":\"1Z1\",\"code\":\"out_for_delivery\",\"raw_code\":\"O\",\"at\":\"" T("13:30") "\"");
	add_from(s, "ups", "tracking.updated", T("13:06"), "\"tracking_number\":\"1Z1\",\"code\":\"out_for_delivery\",\"raw_code\":\"O\",\"message\":\"told again\",\"at\":\"" T("13:30") "\"");
	add_from(s, "ups", "tracking.updated", T("13:07"), "\"tracking_number\":\"1Z7\",\"code\":\"exception\",\"at\":\"" T("13:31") "\"");
	add_from(s, "desk", "ticket.updated", T("14:00"), "\"id\":\"T1\",\"status\":\"open\",\"subject\":\"where\",\"tags\":[\"late\"]");
	add_from(s, "desk", "ticket.message", T("14:00"), "\"ticket\":\"T1\",\"id\":\"m1\",\"role\":\"customer\",\"text\":\"where is it\"");
	add_from(s, "desk", "ticket.message", T("14:01"), "\"ticket\":\"T1\",\"id\":\"m1\",\"role\":\"customer\",\"text\":\"where is it?\"");
	add_from(s, "desk", "ticket.updated", T("14:00"), "\"id\":\"T1\",\"priority\":\"high\"");
	add(s, "hold.opened", T("10:10"), "\"id\":\"h1\",\"type\":\"ADDRESS\",\"reason\":\"no street\",\"until_at\":\"2026-11-03T10:00:00.000Z\"");
	add(s, "hold.opened", T("10:11"), "\"id\":\"h1\",\"type\":\"ADDRESS\",\"reason\":\"no street or house\"");
	add(s, "hold.released", T("10:40"), "\"id\":\"h1\",\"resolution\":\"corrected\"");
	add(s, "order.cancelled", T("19:00"), "\"at\":\"" T("19:00") "\",\"reason\":\"late\"");
	add(s, "customer.updated", T("18:30"), "\"customer\":{\"company\":\"Engines Ltd\",\"segment\":\"b2b\"}");
	add(s, "note.added", T("18:31"), "\"text\":\"called\",\"author\":\"kim\"");
}

static void any_arrival(void **state)
{
	(void)state;
	struct set s = {0};
	rich(&s);
	struct order *o = fold(&s);
	struct buf want = {0}, is = {0};
	bool used[256];
	dump(&want, o);
	memcpy(used, s.used, sizeof used);
	uint32_t seed = 20261102;
	for (int round = 0; round < 200; round++) {
		struct arena_mark m = arena_mark(&s.a);
		for (size_t i = s.ev.n; i > 1; i--) {
			seed = seed * 1664525u + 1013904223u;
			size_t k = (seed >> 8) % i;
			struct event x = s.ev.v[k];
			s.ev.v[k] = s.ev.v[i - 1];
			s.ev.v[i - 1] = x;
		}
		o = fold(&s);
		buf_clear(&is);
		dump(&is, o);
		if (!str_eq(buf_view(&want), buf_view(&is))) fail_msg("round %d:\n" STR_FMT "\nis not\n" STR_FMT, round, STR_ARG(buf_view(&is)), STR_ARG(buf_view(&want)));
		assert_memory_equal(used, s.used, s.ev.n);
		arena_reset(&s.a, m);
	}
	buf_free(&want);
	buf_free(&is);
	done(&s);
}

// What the rich set comes to, counted by hand.
static void rich_figures(void **state)
{
	(void)state;
	struct set s = {0};
	rich(&s);
	struct order *o = fold(&s);
	assert_int_equal(o->n_lines, 2); // line 3 was added before the list without it
	assert_int_equal(o->subtotal, 700 + 1000);
	assert_int_equal(o->n_payments, 2);
	assert_str(o->payments[0].psp_ref, "a1");
	assert_int_equal(o->payments[0].authorized, 1700);
	assert_int_equal(o->payments[0].captured, 1000);
	assert_int_equal(o->payments[0].refunded, 200);
	assert_str(o->payments[0].brand, "visa");
	assert_str(o->payments[0].last4, "4242");
	assert_str(o->payments[1].psp_ref, "ch_9");
	assert_int_equal(o->payments[1].captured, 300);
	assert_int_equal(o->captured, 1300);
	assert_int_equal(o->refunded, 200);
	assert_int_equal(o->n_refunds, 1);
	assert_int_equal(o->disputed, 300);
	assert_int_equal(o->payment_status, PAY_PART_REFUNDED);
	assert_int_equal(o->n_shipments, 3);
	assert_str(o->shipments[0].id, "s1"); // both have 1Z2: its scans are of the lower id; what has no time comes last
	assert_str(o->shipments[1].id, "1Z7");
	assert_int_equal(o->status, ORDER_CONFIRMED);
	assert_non_null(hold_named(o, "RECON:cancelled_after_ship"));
	assert_int_equal(hold_named(o, "DISPUTE:dp_1")->status, HOLD_OPEN);
	assert_str(hold_named(o, "h1")->reason, "no street or house");
	assert_str(o->note, "same time, too"); // same instant: the later key
	done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(one_document), cmocka_unit_test(money_modes), cmocka_unit_test(unknown_amounts),
		cmocka_unit_test(partial_never_erases), cmocka_unit_test(line_updates), cmocka_unit_test(stale), cmocka_unit_test(until),
		cmocka_unit_test(cancelled), cmocka_unit_test(cancelled_too_late), cmocka_unit_test(captured_too_late),
		cmocka_unit_test(channel_facts), cmocka_unit_test(other_currency), cmocka_unit_test(holds), cmocka_unit_test(tickets),
		cmocka_unit_test(sentences), cmocka_unit_test(any_arrival), cmocka_unit_test(rich_figures)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
