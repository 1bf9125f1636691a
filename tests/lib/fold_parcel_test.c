// Parcels out of the fold: progress by rank, the return leg, and how many units of a line have left and arrived.
#include "fold_help.h"

#define T(hm) "2026-11-02T" hm ":00.000Z"
static const int64_t TEN = 1793613600000, HOUR = 3600000;

// One parcel with scans "HH:MM code", all on 2 November.
static const struct shipment *parcel(struct set *s, const char *const *scans)
{
	*s = (struct set){0};
	add(s, "order.created", T("08:00"), "\"currency\":\"EUR\",\"lines\":[{\"id\":\"1\",\"quantity\":2,\"unit_price\":\"5.00\"}]");
	for (; *scans; scans++)
		add(s, "tracking.updated", arena_printf(&s->a, "2026-11-02T%.5s:00.000Z", *scans), arena_printf(&s->a,
			"\"tracking_number\":\"JD 1\",\"carrier\":\"dhl\",\"code\":\"%s\",\"at\":\"2026-11-02T%.5s:00.000Z\"", *scans + 6, *scans));
	struct order *o = fold(s);
	assert_int_equal(o->n_shipments, 1);
	return o->shipments;
}

static void ranks(void **state)
{
	(void)state;
	static const struct { const char *scans[6]; enum track_code progress; enum shipment_status status; bool trouble; } all[] = {
		{{"10:00 pre_transit"}, TRACK_PRE_TRANSIT, SHIP_PLANNED, false},
		{{"10:00 pre_transit", "11:00 in_transit"}, TRACK_IN_TRANSIT, SHIP_SHIPPED, false},
		{{"10:00 in_transit", "12:00 delivered", "12:30 out_for_delivery"}, TRACK_DELIVERED, SHIP_DELIVERED, false},
		{{"10:00 delivered", "11:00 in_transit"}, TRACK_DELIVERED, SHIP_DELIVERED, false}, // a scan at the depot, late
		{{"10:00 in_transit", "11:00 exception"}, TRACK_IN_TRANSIT, SHIP_SHIPPED, true},
		{{"10:00 in_transit", "11:00 exception", "12:00 out_for_delivery"}, TRACK_OUT_FOR_DELIVERY, SHIP_SHIPPED, false},
		{{"10:00 delivered", "11:00 exception"}, TRACK_DELIVERED, SHIP_DELIVERED, true},
		{{"10:00 exception", "11:00 delivered"}, TRACK_DELIVERED, SHIP_DELIVERED, false},
		{{"10:00 delivered", "10:00 exception"}, TRACK_DELIVERED, SHIP_DELIVERED, false}, // at the same instant the higher rank is last
		{{"10:00 out_for_delivery", "11:00 attempt_failed"}, TRACK_ATTEMPT_FAILED, SHIP_SHIPPED, true},
		{{"10:00 in_transit", "11:00 return_to_sender", "12:00 in_transit"}, TRACK_RETURN_TO_SENDER, SHIP_RETURNING, false},
		{{"10:00 in_transit", "11:00 return_to_sender"}, TRACK_RETURN_TO_SENDER, SHIP_RETURNING, true},
		{{"10:00 in_transit", "11:00 return_to_sender", "12:00 delivered"}, TRACK_RETURNED, SHIP_RETURNED, false}, // to the sender
		{{"10:00 delivered", "11:00 return_to_sender", "12:00 returned"}, TRACK_RETURNED, SHIP_RETURNED, false},
		{{"10:00 in_transit", "11:00 expired"}, TRACK_IN_TRANSIT, SHIP_SHIPPED, false},
		{{"10:00 expired"}, TRACK_EXPIRED, SHIP_PLANNED, false},
		{{"10:00 exception"}, TRACK_EXCEPTION, SHIP_PLANNED, true},
		{{"10:00 unknown"}, TRACK_UNKNOWN, SHIP_PLANNED, false},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct set s;
		const struct shipment *p = parcel(&s, all[i].scans);
		bool trouble = s.o.attention & 1u << ATT_DELIVERY_EXCEPTION;
		if (p->progress != all[i].progress || p->status != all[i].status || trouble != all[i].trouble)
			fail_msg("case %zu: %s, %s, %d", i, axis_word(AXIS_TRACK, (int)p->progress), axis_word(AXIS_SHIPMENT, (int)p->status), trouble);
		done(&s);
	}
}

static void times(void **state)
{
	(void)state;
	struct set s;
	const struct shipment *p = parcel(&s, (const char *[]){"10:00 pre_transit", "13:00 delivered", "11:00 in_transit", "14:00 in_transit", NULL});
	assert_str(p->id, "JD1");
	assert_str(p->tracking_number, "JD1");
	assert_str(p->carrier, "dhl");
	assert_int_equal(p->shipped_at, TEN + HOUR);
	assert_int_equal(p->delivered_at, TEN + 3 * HOUR);
	assert_int_equal(p->last_event_at, TEN + 4 * HOUR);
	assert_int_equal(p->n_events, 4);
	assert_int_equal(p->events[2].code, TRACK_DELIVERED);
	assert_int_equal(s.o.fulfilment_status, FUL_DELIVERED); // no line is named: the parcel is the order
	assert_int_equal(s.o.lines[0].delivered, 2);
	assert_int_equal(s.o.status, ORDER_CONFIRMED);
	done(&s);
}

static void attached(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("08:00"), "\"currency\":\"EUR\",\"lines\":[{\"id\":\"1\",\"quantity\":2},{\"id\":\"2\",\"quantity\":1}]");
	add(&s, "tracking.updated", T("09:00"), "\"tracking_number\":\"1z 22\",\"code\":\"in_transit\",\"message\":\"left\""); // before its shipment is known
	add(&s, "shipment.updated", T("10:00"), "\"id\":\"s1\",\"status\":\"packed\",\"tracking_numbers\":[\"1Z11\",\"1Z22\"],\"lines\":[{\"line\":\"1\",\"quantity\":1}]");
	add(&s, "tracking.updated", T("11:00"), "\"shipment\":\"s1\",\"code\":\"delivered\"");
	add(&s, "shipment.updated", T("12:00"), "\"id\":\"s2\",\"status\":\"picked\",\"lines\":[{\"line\":\"1\",\"quantity\":1}]");
	struct order *o = fold(&s);
	assert_int_equal(o->n_shipments, 2);
	assert_str(o->shipments[0].id, "s1");
	assert_str(o->shipments[0].tracking_number, "1Z11, 1Z22");
	assert_int_equal(o->shipments[0].n_events, 2);
	assert_int_equal(o->shipments[0].status, SHIP_DELIVERED);
	assert_int_equal(o->lines[0].shipped, 1);
	assert_int_equal(o->lines[0].delivered, 1);
	assert_int_equal(o->lines[0].picked, 1);
	assert_int_equal(o->lines[1].shipped, 0);
	assert_int_equal(o->fulfilment_status, FUL_PART_DELIVERED);
	struct event_ref *r;
	size_t n = order_refs(o, &s.a, &r), numbers = 0;
	for (size_t i = 0; i < n; i++) numbers += r[i].kind == REF_TRACKING;
	assert_int_equal(numbers, 2);
	done(&s);
}

static void twice_told(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("08:00"), "\"note\":\"x\"");
	add(&s, "tracking.updated", T("09:00"), "\"tracking_number\":\"1\",\"code\":\"in_transit\",\"raw_code\":\"IT\",\"at\":\"" T("09:00") "\"");
	add(&s, "tracking.updated", T("09:05"), "\"tracking_number\":\"1\",\"code\":\"in_transit\",\"raw_code\":\"IT\",\"message\":\"left\",\"at\":\"" T("09:00") "\"");
	struct order *o = fold(&s);
	assert_int_equal(o->shipments[0].n_events, 1);
	assert_str(o->shipments[0].events[0].message, "left");
	assert_false(s.used[1]);
	assert_true(s.used[2]);
	assert_int_equal(o->fulfilment_status, FUL_SHIPPED); // no lines known: parcels count
	done(&s);
}

static void too_many(void **state)
{
	(void)state;
	struct set s = {0};
	struct buf b = {0};
	add(&s, "order.created", T("08:00"), "\"currency\":\"EUR\",\"lines\":[{\"id\":\"1\",\"quantity\":2,\"unit_price\":\"1.00\"}]");
	add(&s, "shipment.updated", T("10:00"), "\"id\":\"a\",\"status\":\"shipped\",\"shipped_at\":\"" T("10:00") "\",\"lines\":[{\"line\":\"1\",\"quantity\":2}]");
	add(&s, "shipment.updated", T("11:00"), "\"id\":\"b\",\"status\":\"shipped\",\"shipped_at\":\"" T("11:00") "\",\"lines\":[{\"line\":\"1\",\"quantity\":1}]");
	struct order *o = fold(&s);
	assert_int_equal(o->lines[0].shipped, 3); // recorded as it is
	const struct hold *h = hold_named(o, "RECON:shipped_exceeds_ordered");
	assert_non_null(h);
	assert_int_equal(h->opened_at, TEN + HOUR);
	assert_int_equal(order_breaches(o, &b), 1);
	assert_str(buf_view(&b), "line 1: 3 shipped, but only 2 ordered (T07)");
	buf_free(&b);
	done(&s);
}

static void cancelled_too_late(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("08:00"), "\"currency\":\"EUR\",\"lines\":[{\"id\":\"1\",\"quantity\":4,\"unit_price\":\"1.00\"}]");
	add(&s, "shipment.updated", T("10:00"), "\"id\":\"a\",\"status\":\"shipped\",\"shipped_at\":\"" T("10:00") "\",\"lines\":[{\"line\":\"1\",\"quantity\":3}]");
	add(&s, "order.updated", T("11:00"), "\"line_updates\":[{\"id\":\"1\",\"cancelled\":1}]");
	assert_null(hold_named(fold(&s), "RECON:cancelled_of_shipped"));
	add(&s, "order.updated", T("12:00"), "\"line_updates\":[{\"id\":\"1\",\"cancelled\":2}]");
	assert_non_null(hold_named(fold(&s), "RECON:cancelled_of_shipped"));
	done(&s);
}

static void channel_counts(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("08:00"), "\"currency\":\"EUR\",\"lines\":[{\"id\":\"1\",\"quantity\":3,\"fulfilled\":2},{\"id\":\"2\",\"quantity\":1,\"digital\":true}]");
	struct order *o = fold(&s);
	assert_int_equal(o->lines[0].shipped, 2);
	assert_int_equal(o->fulfilment_status, FUL_PART_SHIPPED);
	add(&s, "order.updated", T("09:00"), "\"line_updates\":[{\"id\":\"1\",\"cancelled\":1}]");
	o = fold(&s);
	assert_int_equal(o->fulfilment_status, FUL_SHIPPED); // what is digital needs no parcel
	add(&s, "order.updated", T("10:00"), "\"line_updates\":[{\"id\":\"1\",\"returned\":1}]");
	o = fold(&s);
	assert_int_equal(o->fulfilment_status, FUL_PART_RETURNED);
	done(&s);
}

static void late(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("08:00"), "\"currency\":\"EUR\",\"ship_by\":\"" T("12:00") "\",\"promised_at\":\"2026-11-04T10:00:00.000Z\",\"lines\":[{\"id\":\"1\",\"quantity\":1}]");
	struct order *o = fold(&s);
	assert_int_equal(order_due_at(o), TEN + 2 * HOUR);
	assert_int_equal(order_late(o, TEN + 2 * HOUR), 0);
	assert_int_equal(order_late(o, TEN + 2 * HOUR + 1), 1u << ATT_LATE_TO_SHIP);
	add(&s, "tracking.updated", T("11:00"), "\"tracking_number\":\"1\",\"code\":\"in_transit\",\"at\":\"" T("11:00") "\"");
	o = fold(&s);
	assert_int_equal(order_due_at(o), TEN + 48 * HOUR); // the promise; stalled would be 11:00 + 72 h
	assert_int_equal(order_late(o, TEN + 48 * HOUR), 0);
	assert_int_equal(order_late(o, TEN + 48 * HOUR + 1), 1u << ATT_LATE_IN_TRANSIT);
	assert_int_equal(order_late(o, TEN + 73 * HOUR + 1), 1u << ATT_LATE_IN_TRANSIT | 1u << ATT_STALLED);
	// the carrier itself expects it behind the promise: late at once
	add(&s, "tracking.updated", T("12:00"), "\"tracking_number\":\"1\",\"code\":\"in_transit\",\"at\":\"" T("12:00") "\",\"eta_at\":\"2026-11-05T10:00:00.000Z\"");
	o = fold(&s);
	assert_int_equal(order_late(o, TEN + 3 * HOUR), 1u << ATT_LATE_IN_TRANSIT);
	assert_int_equal(order_due_at(o), TEN + 2 * HOUR);
	add(&s, "tracking.updated", T("13:00"), "\"tracking_number\":\"1\",\"code\":\"delivered\",\"at\":\"" T("13:00") "\"");
	o = fold(&s);
	assert_true(order_due_at(o) == DATE_NONE);
	assert_int_equal(order_late(o, TEN + 1000 * HOUR), 0);
	done(&s);
}

// Nobody scans what has no number: a letter, or a fulfilment booked by hand, is not stalled ever after.
static void silent(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("08:00"), "\"currency\":\"EUR\",\"lines\":[{\"id\":\"1\",\"quantity\":1}]");
	add(&s, "shipment.updated", T("09:00"), "\"id\":\"s\",\"status\":\"shipped\",\"shipped_at\":\"" T("09:00") "\"");
	struct order *o = fold(&s);
	assert_true(order_due_at(o) == DATE_NONE);
	assert_int_equal(order_late(o, TEN + 1000 * HOUR), 0);
	add(&s, "shipment.updated", T("10:00"), "\"id\":\"s\",\"tracking_numbers\":[\"1\"]");
	o = fold(&s);
	assert_int_equal(order_due_at(o), TEN + 71 * HOUR);
	assert_int_equal(order_late(o, TEN + 71 * HOUR + 1), 1u << ATT_STALLED);
	done(&s);
}

// The channel's fulfilment and the carrier's shipment with one number are one parcel; two that name lines stay two.
static void told_by_two(void **state)
{
	(void)state;
	struct set s = {0};
	add(&s, "order.created", T("08:00"), "\"currency\":\"EUR\",\"lines\":[{\"id\":\"1\",\"quantity\":2,\"unit_price\":\"5.00\"}]");
	add(&s, "shipment.updated", T("09:00"), "\"id\":\"F1\",\"status\":\"shipped\",\"tracking_numbers\":[\"JD 1\"],\"lines\":[{\"line\":\"1\",\"quantity\":2}]");
	add_from(&s, "carrier", "shipment.updated", T("10:00"), "\"id\":\"shp_9\",\"status\":\"released\",\"carrier\":\"DHL\",\"tracking_numbers\":[\"jd1\"]");
	add_from(&s, "carrier", "tracking.updated", T("11:00"), "\"tracking_number\":\"JD1\",\"shipment\":\"shp_9\",\"code\":\"in_transit\",\"at\":\"" T("11:00") "\"");
	struct order *o = fold(&s);
	assert_int_equal(o->n_shipments, 1);
	assert_str(o->shipments[0].id, "F1");
	assert_str(o->shipments[0].carrier, "DHL");
	assert_int_equal(o->shipments[0].n_events, 1);
	assert_int_equal(o->lines[0].shipped, 2);
	add(&s, "shipment.updated", T("12:00"), "\"id\":\"F2\",\"status\":\"shipped\",\"tracking_numbers\":[\"JD1\"],\"lines\":[{\"line\":\"1\",\"quantity\":1}]");
	assert_int_equal(fold(&s)->n_shipments, 2);
	done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(told_by_two), cmocka_unit_test(ranks), cmocka_unit_test(times), cmocka_unit_test(attached), cmocka_unit_test(twice_told),
		cmocka_unit_test(too_many), cmocka_unit_test(cancelled_too_late), cmocka_unit_test(channel_counts), cmocka_unit_test(late), cmocka_unit_test(silent)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
