// Payments, refunds and disputes out of the fold: one object is one payment, and no money counts twice.
#include "fold_help.h"

#define T(hm) "2026-11-02T" hm ":00.000Z"
static const int64_t TEN = 1793613600000, HOUR = 3600000;

static void order_of(struct set *s, const char *total)
{
	add(s, "order.created", T("09:00"), arena_printf(&s->a, "\"currency\":\"EUR\",\"total\":\"%s\"", total));
}

static int minute;
static void pay(struct set *s, const char *body)
{
	add(s, "payment.updated", arena_printf(&s->a, "2026-11-02T10:%02d:00.000Z", minute++), arena_printf(&s->a, "\"currency\":\"EUR\",%s", body));
}

static void starts(struct set *s, const char *total)
{
	*s = (struct set){0};
	minute = 0;
	order_of(s, total);
}

static void is(struct set *s, size_t payments, enum payment_status status, int64_t authorized, int64_t captured, int64_t refunded)
{
	struct order *o = fold(s);
	if (o->n_payments != payments || o->payment_status != status || o->authorized != authorized || o->captured != captured || o->refunded != refunded)
		fail_msg("%zu payments, %s, authorized %ld captured %ld refunded %ld", o->n_payments, axis_word(AXIS_PAYMENT, (int)o->payment_status),
			(long)o->authorized, (long)o->captured, (long)o->refunded);
}

static void card(void **state)
{
	(void)state;
	struct set s;
	starts(&s, "10.00");
	is(&s, 0, PAY_UNPAID, 0, 0, 0);
	pay(&s, "\"psp_ref\":\"a\",\"kind\":\"authorization\",\"amount\":\"10.00\""); // a request without a result
	is(&s, 1, PAY_PENDING, 0, 0, 0);
	pay(&s, "\"psp_ref\":\"a\",\"kind\":\"authorization\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
	is(&s, 1, PAY_AUTHORIZED, 1000, 0, 0);
	pay(&s, "\"psp_ref\":\"a\",\"kind\":\"authorization\",\"status\":\"pending\",\"amount\":\"10.00\""); // takes no success back
	is(&s, 1, PAY_AUTHORIZED, 1000, 0, 0);
	pay(&s, "\"psp_ref\":\"b\",\"parent_ref\":\"a\",\"kind\":\"capture\",\"status\":\"succeeded\",\"amount\":\"4.00\"");
	is(&s, 1, PAY_PART_CAPTURED, 1000, 400, 0);
	pay(&s, "\"psp_ref\":\"b\",\"parent_ref\":\"a\",\"kind\":\"capture\",\"status\":\"succeeded\",\"amount\":\"4.00\""); // the same reference
	is(&s, 1, PAY_PART_CAPTURED, 1000, 400, 0);
	pay(&s, "\"psp_ref\":\"c\",\"parent_ref\":\"a\",\"kind\":\"capture\",\"status\":\"succeeded\",\"amount\":\"6.00\"");
	is(&s, 1, PAY_CAPTURED, 1000, 1000, 0);
	assert_str(s.o.payments[0].psp_ref, "a");
	assert_int_equal(s.o.payments[0].amount, 1000);
	assert_int_equal(s.o.attention, 0);
	pay(&s, "\"psp_ref\":\"d\",\"parent_ref\":\"a\",\"kind\":\"capture\",\"status\":\"succeeded\",\"amount\":\"6.00\""); // real money, too much
	is(&s, 1, PAY_OVER_CAPTURED, 1000, 1600, 0);
	assert_int_equal(s.o.attention, 1u << ATT_OVER_CAPTURED);
	pay(&s, "\"psp_ref\":\"d\",\"parent_ref\":\"a\",\"kind\":\"capture\",\"status\":\"failed\",\"amount\":\"6.00\""); // a later failure of it
	is(&s, 1, PAY_CAPTURED, 1000, 1000, 0);
	done(&s);
}

static void twice(void **state) // two charges for one order; one given back leaves it paid
{
	(void)state;
	struct set s;
	starts(&s, "10.00");
	pay(&s, "\"psp_ref\":\"x\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
	pay(&s, "\"psp_ref\":\"y\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
	is(&s, 2, PAY_OVER_CAPTURED, 2000, 2000, 0);
	add(&s, "refund.updated", T("11:00"), "\"id\":\"r\",\"payment_ref\":\"y\",\"status\":\"succeeded\",\"amount\":\"10.00\",\"currency\":\"EUR\"");
	is(&s, 2, PAY_CAPTURED, 2000, 2000, 1000);
	add(&s, "refund.updated", T("11:01"), "\"id\":\"q\",\"payment_ref\":\"x\",\"status\":\"succeeded\",\"amount\":\"1.00\",\"currency\":\"EUR\"");
	is(&s, 2, PAY_PART_REFUNDED, 2000, 2000, 1100);
	done(&s);
}

static void ends(void **state)
{
	(void)state;
	struct set s;
	starts(&s, "10.00");
	pay(&s, "\"psp_ref\":\"a\",\"kind\":\"authorization\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
	pay(&s, "\"psp_ref\":\"v\",\"parent_ref\":\"a\",\"kind\":\"void\",\"status\":\"succeeded\"");
	is(&s, 1, PAY_VOIDED, 0, 0, 0);
	assert_int_equal(s.o.payments[0].voided, 1000);
	done(&s);
	starts(&s, "10.00");
	pay(&s, "\"psp_ref\":\"a\",\"kind\":\"authorization\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
	pay(&s, "\"psp_ref\":\"a\",\"kind\":\"authorization\",\"status\":\"expired\",\"amount\":\"10.00\"");
	is(&s, 1, PAY_EXPIRED, 0, 0, 0);
	done(&s);
	starts(&s, "10.00");
	pay(&s, "\"psp_ref\":\"a\",\"kind\":\"sale\",\"status\":\"failed\",\"amount\":\"10.00\",\"error\":\"do_not_honor\"");
	is(&s, 1, PAY_FAILED, 0, 0, 0);
	assert_str(s.o.payments[0].error, "do_not_honor");
	pay(&s, "\"psp_ref\":\"b\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\""); // tried again
	is(&s, 2, PAY_CAPTURED, 1000, 1000, 0);
	done(&s);
}

static void snapshots(void **state)
{
	(void)state;
	struct set s;
	starts(&s, "10.00");
	pay(&s, "\"psp_ref\":\"ch\",\"kind\":\"snapshot\",\"status\":\"succeeded\",\"amount\":\"10.00\",\"authorized\":\"10.00\",\"captured\":\"0.00\"");
	is(&s, 1, PAY_AUTHORIZED, 1000, 0, 0);
	pay(&s, "\"psp_ref\":\"cap\",\"parent_ref\":\"ch\",\"kind\":\"capture\",\"status\":\"succeeded\",\"amount\":\"10.00\""); // a step not in the snapshot yet
	is(&s, 1, PAY_CAPTURED, 1000, 1000, 0);
	pay(&s, "\"psp_ref\":\"ch\",\"kind\":\"snapshot\",\"status\":\"succeeded\",\"amount\":\"10.00\",\"captured\":\"10.00\""); // now it is
	is(&s, 1, PAY_CAPTURED, 1000, 1000, 0);
	pay(&s, "\"psp_ref\":\"ch\",\"kind\":\"snapshot\",\"status\":\"succeeded\",\"refunded\":\"4.00\"");
	is(&s, 1, PAY_PART_REFUNDED, 1000, 1000, 400);
	// the refund as its own event is the same money; a second one, not in the snapshot yet, is more
	add(&s, "refund.updated", T("11:00"), "\"id\":\"r\",\"payment_ref\":\"cap\",\"status\":\"succeeded\",\"amount\":\"4.00\",\"currency\":\"EUR\"");
	is(&s, 1, PAY_PART_REFUNDED, 1000, 1000, 400);
	add(&s, "refund.updated", T("11:01"), "\"id\":\"r2\",\"status\":\"succeeded\",\"amount\":\"6.00\",\"currency\":\"EUR\"");
	is(&s, 1, PAY_REFUNDED, 1000, 1000, 1000);
	assert_int_equal(s.o.n_holds, 0);
	done(&s);
}

static void one_object_many_names(void **state)
{
	(void)state;
	struct set s;
	starts(&s, "10.00"); // a failed charge, a good one and the intent that holds both
	pay(&s, "\"psp_ref\":\"ch_1\",\"intent\":\"pi\",\"kind\":\"snapshot\",\"status\":\"failed\",\"amount\":\"10.00\",\"captured\":\"0.00\"");
	pay(&s, "\"psp_ref\":\"ch_2\",\"intent\":\"pi\",\"kind\":\"snapshot\",\"status\":\"succeeded\",\"amount\":\"10.00\",\"captured\":\"10.00\"");
	pay(&s, "\"psp_ref\":\"pi\",\"kind\":\"snapshot\",\"status\":\"succeeded\",\"amount\":\"10.00\",\"captured\":\"10.00\"");
	is(&s, 1, PAY_CAPTURED, 1000, 1000, 0);
	assert_str(s.o.payments[0].psp_ref, "ch_2");
	struct event_ref *r;
	size_t n = order_refs(&s.o, &s.a, &r), found = 0;
	for (size_t i = 0; i < n; i++) found += r[i].kind == REF_PSP;
	assert_int_equal(found, 3); // it answers to all three
	done(&s);
	starts(&s, "10.00"); // a channel's transaction and the charge behind it
	*VEC_PUSH(&s.a, &s.ev) = event_of(&s, "{\"id\":\"p1\",\"type\":\"payment.updated\",\"source\":\"shop\",\"occurred_at\":\"" T("10:00") "\","
		"\"refs\":[{\"kind\":\"psp_ref\",\"value\":\"389\"},{\"kind\":\"psp_ref\",\"value\":\"ch_7\"}],"
		"\"body\":{\"psp_ref\":\"389\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\",\"currency\":\"EUR\"}}");
	pay(&s, "\"psp_ref\":\"ch_7\",\"kind\":\"snapshot\",\"status\":\"succeeded\",\"amount\":\"10.00\",\"captured\":\"10.00\"");
	is(&s, 1, PAY_CAPTURED, 1000, 1000, 0);
	done(&s);
}

static void refunds(void **state)
{
	(void)state;
	struct set s;
	starts(&s, "10.00");
	pay(&s, "\"psp_ref\":\"ch\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
	add(&s, "refund.updated", T("11:00"), "\"id\":\"r1\",\"status\":\"pending\",\"amount\":\"3.00\",\"currency\":\"EUR\",\"reason\":\"lid\"");
	is(&s, 1, PAY_CAPTURED, 1000, 1000, 0); // it only reserves
	assert_int_equal(s.o.refunds[0].status, REFUND_PENDING);
	add(&s, "refund.updated", T("12:00"), "\"id\":\"r1\",\"status\":\"succeeded\"");
	add(&s, "refund.updated", T("12:30"), "\"id\":\"r1\",\"status\":\"pending\"");
	is(&s, 1, PAY_PART_REFUNDED, 1000, 1000, 300);
	assert_str(s.o.refunds[0].reason, "lid");
	add(&s, "refund.updated", T("13:00"), "\"id\":\"r1\",\"status\":\"failed\""); // it came back: it does not count
	is(&s, 1, PAY_CAPTURED, 1000, 1000, 0);
	add(&s, "refund.updated", T("14:00"), "\"id\":\"r2\",\"status\":\"succeeded\",\"amount\":\"12.00\",\"currency\":\"EUR\"");
	is(&s, 1, PAY_REFUNDED, 1000, 1000, 1200); // recorded as it is, and somebody is asked
	assert_non_null(hold_named(&s.o, "RECON:refund_exceeds_captured"));
	assert_int_equal(hold_named(&s.o, "RECON:refund_exceeds_captured")->opened_at, TEN + 4 * HOUR);
	done(&s);
	starts(&s, "10.00"); // without payments the channel's word counts, sharpened by refunds
	add(&s, "order.updated", T("10:00"), "\"payment_status\":\"captured\"");
	add(&s, "refund.updated", T("11:00"), "\"id\":\"r\",\"status\":\"succeeded\",\"amount\":\"2.50\",\"currency\":\"EUR\"");
	is(&s, 0, PAY_PART_REFUNDED, 0, 0, 250);
	done(&s);
}

// The shop's refund names none of the payment service's: of the same amount they are one, whichever comes first.
static void refund_twice_told(void **state)
{
	(void)state;
	struct set s;
	starts(&s, "10.00");
	pay(&s, "\"psp_ref\":\"ch\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
	add_from(&s, "psp", "refund.updated", T("11:00"), "\"id\":\"re_1\",\"psp_ref\":\"re_1\",\"payment_ref\":\"ch\",\"status\":\"succeeded\",\"amount\":\"3.00\",\"currency\":\"EUR\"");
	add(&s, "refund.updated", T("11:05"), "\"id\":\"61\",\"status\":\"succeeded\",\"amount\":\"3.00\",\"reason\":\"late\"");
	is(&s, 1, PAY_PART_REFUNDED, 1000, 1000, 300);
	assert_int_equal(s.o.n_refunds, 1);
	assert_str(s.o.refunds[0].id, "61");
	assert_str(s.o.refunds[0].psp_ref, "re_1");
	assert_str(s.o.refunds[0].payment_ref, "ch");
	// one that only the shop knows, of another amount, is more; so is a second of the same amount
	add(&s, "refund.updated", T("12:00"), "\"id\":\"62\",\"status\":\"succeeded\",\"amount\":\"2.00\"");
	is(&s, 1, PAY_PART_REFUNDED, 1000, 1000, 500);
	add(&s, "refund.updated", T("13:00"), "\"id\":\"63\",\"status\":\"succeeded\",\"amount\":\"3.00\"");
	is(&s, 1, PAY_PART_REFUNDED, 1000, 1000, 800);
	assert_int_equal(s.o.n_refunds, 3);
	done(&s);
}

static void refund_lines(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("09:00"), "\"currency\":\"EUR\",\"price_mode\":\"net\",\"lines\":[{\"id\":\"1\",\"quantity\":3,\"unit_price\":\"5.00\"},{\"id\":\"2\",\"quantity\":2,\"unit_price\":\"1.00\"}]");
	add(&s, "refund.updated", T("11:00"), "\"id\":\"r\",\"status\":\"succeeded\",\"currency\":\"EUR\",\"shipping\":\"0.50\",\"lines\":["
		"{\"line\":\"1\",\"quantity\":2,\"amount\":\"10.00\",\"tax\":\"1.90\",\"restock\":\"cancel\"},{\"line\":\"2\",\"quantity\":1,\"amount\":\"1.00\",\"tax\":\"0.00\",\"restock\":\"return\"}]");
	struct order *o = fold(&s);
	assert_int_equal(o->refunds[0].amount, 1000 + 190 + 100 + 50);
	assert_int_equal(o->lines[0].refunded, 2);
	assert_int_equal(o->lines[0].cancelled, 2); // they had not left
	assert_int_equal(o->lines[1].refunded, 1);
	assert_int_equal(o->lines[1].returned, 1);
	done(&s);
}

static void disputes(void **state)
{
	(void)state;
	struct set s;
	starts(&s, "10.00");
	pay(&s, "\"psp_ref\":\"ch\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
	add(&s, "dispute.updated", T("11:00"), "\"id\":\"d\",\"payment_ref\":\"ch\",\"status\":\"warning_needs_response\",\"amount\":\"10.00\",\"currency\":\"EUR\"");
	struct order *o = fold(&s);
	assert_int_equal(o->n_holds, 0); // an inquiry moves no money and blocks nothing
	assert_int_equal(o->disputed, 0);
	add(&s, "dispute.updated", T("12:00"), "\"id\":\"d\",\"status\":\"needs_response\",\"due_at\":\"2026-11-09T12:00:00.000Z\"");
	add(&s, "dispute.updated", T("13:00"), "\"id\":\"d\",\"status\":\"under_review\"");
	add(&s, "dispute.updated", T("14:00"), "\"id\":\"d\",\"status\":\"lost\",\"amount\":\"15.00\",\"currency\":\"EUR\"");
	o = fold(&s);
	const struct hold *h = hold_named(o, "DISPUTE:d");
	assert_int_equal(h->status, HOLD_OPEN);
	assert_str(h->blocks[0], "refund");
	assert_int_equal(h->opened_at, TEN + 2 * HOUR);
	assert_int_equal(o->disputed, 1500); // its own amount, here more than the charge; never a refund
	assert_int_equal(o->refunded, 0);
	assert_int_equal(o->payment_status, PAY_CAPTURED);
	assert_int_equal(o->attention, 1u << ATT_HELD | 1u << ATT_DISPUTED);
	add(&s, "dispute.updated", T("15:00"), "\"id\":\"d\",\"status\":\"won\""); // lost, then won: refunds are allowed again
	o = fold(&s);
	h = hold_named(o, "DISPUTE:d");
	assert_int_equal(h->status, HOLD_RELEASED);
	assert_int_equal(h->closed_at, TEN + 5 * HOUR);
	assert_int_equal(o->disputed, 0);
	assert_int_equal(o->attention, 0);
	done(&s);
}

static void currencies(void **state)
{
	(void)state;
	struct set s;
	starts(&s, "10.00"); // paid in yen: nothing of it is an amount in euros
	add(&s, "payment.updated", T("10:00"), "\"psp_ref\":\"ch\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"1600\",\"currency\":\"JPY\"");
	is(&s, 1, PAY_PENDING, 0, 0, 0);
	assert_int_equal(s.o.payments[0].status, PAY_CAPTURED);
	assert_int_equal(s.o.payments[0].captured, 1600);
	assert_int_equal(s.o.payments[0].digits, 0);
	const struct hold *h = hold_named(&s.o, "RECON:payment_other_currency");
	assert_non_null(h);
	assert_str(h->owner, "finance");
	assert_int_equal(h->opened_at, TEN);
	assert_true(s.o.attention & 1u << ATT_RECON);
	order_derive(&s.o); // as a check of the rows does: it stays what it is
	assert_int_equal(s.o.payment_status, PAY_PENDING);
	add(&s, "refund.updated", T("11:00"), "\"id\":\"r\",\"payment_ref\":\"ch\",\"status\":\"succeeded\",\"amount\":\"600\",\"currency\":\"JPY\"");
	is(&s, 1, PAY_PENDING, 0, 0, 0);
	assert_int_equal(s.o.payments[0].refunded, 600);
	assert_true(s.o.refunds[0].amount == MONEY_NONE);
	add(&s, "refund.updated", T("12:00"), "\"id\":\"r2\",\"payment_ref\":\"ch\",\"status\":\"succeeded\",\"amount\":\"1000\",\"currency\":\"JPY\"");
	is(&s, 1, PAY_VOIDED, 0, 0, 0); // all of it was given back
	assert_null(hold_named(&s.o, "RECON:payment_other_currency"));
	done(&s);
	starts(&s, "10.00"); // beside one of its own, only that one counts
	pay(&s, "\"psp_ref\":\"a\",\"kind\":\"sale\",\"status\":\"failed\",\"amount\":\"10.00\"");
	add(&s, "payment.updated", T("10:30"), "\"psp_ref\":\"b\",\"kind\":\"authorization\",\"status\":\"succeeded\",\"amount\":\"10.00\",\"currency\":\"USD\"");
	is(&s, 2, PAY_PENDING, 0, 0, 0);
	pay(&s, "\"psp_ref\":\"c\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
	is(&s, 3, PAY_CAPTURED, 1000, 1000, 0);
	assert_non_null(hold_named(&s.o, "RECON:payment_other_currency"));
	done(&s);
	starts(&s, "10.00"); // the channel's own word on the order stands
	add(&s, "order.updated", T("09:30"), "\"payment_status\":\"captured\"");
	add(&s, "payment.updated", T("10:30"), "\"psp_ref\":\"ch\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"11.00\",\"currency\":\"USD\"");
	is(&s, 1, PAY_CAPTURED, 0, 0, 0);
	assert_non_null(hold_named(&s.o, "RECON:payment_other_currency"));
	done(&s);
}

// The shop tells what came in its own currency, the payment service what the buyer paid in his: one payment, counted once.
static void told_in_two_currencies(void **state)
{
	(void)state;
	struct set s;
	for (int turn = 0; turn < 2; turn++) {
		starts(&s, "10.00");
		if (turn) pay(&s, "\"psp_ref\":\"ch\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
		add(&s, "payment.updated", T("10:00"), "\"psp_ref\":\"ch\",\"parent_ref\":\"pi\",\"kind\":\"snapshot\",\"status\":\"succeeded\",\"amount\":\"11.50\",\"captured\":\"11.50\",\"currency\":\"USD\",\"brand\":\"visa\"");
		add(&s, "payment.updated", T("10:00"), "\"psp_ref\":\"pi\",\"kind\":\"snapshot\",\"status\":\"succeeded\",\"amount\":\"11.50\",\"captured\":\"11.50\",\"currency\":\"USD\"");
		if (!turn) pay(&s, "\"psp_ref\":\"ch\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"10.00\"");
		is(&s, 1, PAY_CAPTURED, 1000, 1000, 0);
		assert_str(s.o.payments[0].currency, "EUR");
		assert_str(s.o.payments[0].brand, "visa");
		assert_int_equal(s.o.n_holds, 0);
		done(&s);
	}
}

static void breaches(void **state)
{
	(void)state;
	struct set s = {0};
	struct buf b = {0};
	add(&s, "order.created", T("09:00"), "\"currency\":\"EUR\",\"price_mode\":\"net\",\"total\":\"99.00\","
		"\"lines\":[{\"id\":\"7\",\"quantity\":3,\"unit_price\":\"9.99\",\"subtotal\":\"30.00\",\"discount\":\"1.00\",\"tax\":\"5.00\"}]");
	struct order *o = fold(&s);
	assert_int_equal(order_breaches(o, &b), 2);
	assert_str(buf_view(&b), "line 7: subtotal 30.00 is not unit_price x quantity = 29.97\n"
		"order: total 99.00 is not subtotal - discount_total + shipping_total + fee_total + tax_total = 34.00");
	buf_free(&b);
	done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(card), cmocka_unit_test(twice), cmocka_unit_test(ends), cmocka_unit_test(snapshots),
		cmocka_unit_test(one_object_many_names), cmocka_unit_test(refunds), cmocka_unit_test(refund_twice_told), cmocka_unit_test(refund_lines), cmocka_unit_test(disputes),
		cmocka_unit_test(currencies), cmocka_unit_test(told_in_two_currencies), cmocka_unit_test(breaches)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
