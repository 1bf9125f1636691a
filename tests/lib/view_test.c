// An order as oms.order/1 and as a screen: what is shown, that it fits, and that nothing from outside reaches a terminal.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "json.h"
#include "text.h"
#include "view.h"
#include <cmocka.h> // behind ours: it has a macro fail

#define COUNT(v) (sizeof(v) / sizeof *(v))
#define Q(lit) {"" lit, sizeof(lit) - 1} // S() for what is static
#define NONE MONEY_NONE
#define HOUR (3600 * INT64_C(1000))
#define NOW INT64_C(1795168800000) // 2026-11-20T10:00:00Z
static int64_t ago(int64_t hours) { return NOW - hours * HOUR; }

// --- an order that has everything, and names that try to reach the terminal
#define ESC "\033[31mred\033[0m"
#define RLO "\xe2\x80\xae" // U+202E, right-to-left override
static struct tax vat[] = {{Q("VAT"), Q("DE"), Q("0.19"), 1613, false}};
static struct tax reduced[] = {{Q("VAT"), Q("DE"), Q("0.07"), 140, false}};
static struct tax delivery[] = {{Q("VAT"), Q("DE"), Q("0.190"), 93, false}};
static struct discount summer[] = {{Q("SUMMER15"), Q("15 % off everything that is blue"), 1499}};
static struct line lines[] = {
	{.id = Q("11"), .sku = Q("B-77"), .name = Q("青いガラスの蓋 " ESC), .variant = Q("L / blue"), .quantity = 2, .unit_price = 4995,
	 .subtotal = 9990, .discount = 1499, .tax = 1613, .total = 10104, .taxes = vat, .n_taxes = 1, .discounts = summer, .n_discounts = 1,
	 .shipped = 2, .delivered = 1},
	{.id = Q("12"), .sku = Q("A-VERY-LONG-SKU-THAT-NOBODY-WOULD-CUT-0000000000000000000000000000000000000042"),
	 .name = Q("قفل صغير" RLO "evil"), .quantity = 1, .unit_price = 2000, .subtotal = 2000, .tax = 140, .total = 2140,
	 .taxes = reduced, .n_taxes = 1, .backordered = 1},
};
static struct charge charges[] = {{'s', Q("s1"), Q("DHL Paket"), Q("dhl"), 490, 0, 93, delivery, 1}, {.kind = 'f', .name = Q("gift wrap"), .price = 300}};
static struct payment payments[] = {
	{.psp = Q("stripe"), .psp_ref = Q("ch_1"), .method = Q("card"), .brand = Q("visa"), .last4 = Q("4242"), .status = PAY_CAPTURED,
	 .currency = Q("EUR"), .digits = 2, .amount = 13128, .authorized = 13128, .captured = 13128, .refunded = 1000, .fee = 217, .at = NOW - 400 * HOUR},
	{.psp = Q("stripe"), .psp_ref = Q("ch_0"), .method = Q("card"), .status = PAY_FAILED, .currency = Q("EUR"), .digits = 2, .amount = 13128,
	 .at = DATE_NONE, .error = Q("card_declined")},
};
static struct refund_line refund_lines[] = {{Q("11"), 1, 840, 160, Q("quarantine")}};
static struct refund refunds[] = {
	{.id = Q("R-88"), .payment_ref = Q("ch_1"), .reason = Q("damaged"), .note = Q("broken lid, photo attached"), .status = REFUND_SUCCEEDED,
	 .amount = 1000, .at = NOW - 30 * HOUR, .lines = refund_lines, .n_lines = 1},
	{.id = Q("R-89"), .payment_ref = Q("ch_1"), .status = REFUND_PENDING, .amount = 500, .at = DATE_NONE},
};
static struct dispute disputes[] = {{Q("dp_1"), Q("stripe"), Q("ch_1"), Q("product_not_received"), DISPUTE_NEEDS_RESPONSE, Q("EUR"), 2, 10104,
	NOW - 50 * HOUR, NOW + 144 * HOUR}};
static struct track scans[] = {
	{NOW - 100 * HOUR, TRACK_PRE_TRANSIT, Q("10"), Q("Label made"), {0}},
	{NOW - 79 * HOUR, TRACK_IN_TRANSIT, Q("21"), Q("DEPARTED\nhub \xc2\x9b"), Q("Leipzig")},
};
static struct track arrived[] = {{NOW - 90 * HOUR, TRACK_DELIVERED, Q("40"), Q("Signed M.K."), Q("Berlin")}};
static struct shipment_line parcel1[] = {{Q("11"), 1}}, parcel2[] = {{Q("11"), 1}};
static struct shipment shipments[] = {
	{.id = Q("S-1"), .carrier = Q("DHL"), .tracking_number = Q("00340434161094042557"), .status = SHIP_DELIVERED, .progress = TRACK_DELIVERED,
	 .shipped_at = NOW - 120 * HOUR, .delivered_at = NOW - 90 * HOUR, .promised_at = NOW - 72 * HOUR, .eta_at = DATE_NONE,
	 .last_event_at = NOW - 90 * HOUR, .lines = parcel1, .n_lines = 1, .events = arrived, .n_events = 1},
	{.id = Q("S-2"), .carrier = Q("DHL"), .service = Q("express"), .tracking_number = Q("00340434161094042564"),
	 .tracking_url = Q("https://tracking.example/very/long/path/that/does/not/fit/into/sixty/columns/00340434161094042564"), .location = Q("Leipzig"),
	 .status = SHIP_SHIPPED, .progress = TRACK_IN_TRANSIT, .shipped_at = NOW - 100 * HOUR, .delivered_at = DATE_NONE,
	 .promised_at = NOW - 73 * HOUR, .eta_at = DATE_NONE, .last_event_at = NOW - 79 * HOUR,
	 .lines = parcel2, .n_lines = 1, .events = scans, .n_events = 2},
};
static struct str blocks[] = {Q("confirm"), Q("release")};
static struct hold holds[] = {
	{.id = Q("H-1"), .type = Q("ADDRESS"), .reason = Q("no house number"), .owner = Q("logistics"), .source = Q("rule"), .rule = Q("C02"),
	 .blocks = blocks, .n_blocks = 2, .status = HOLD_OPEN, .opened_at = NOW - 40 * HOUR, .closed_at = DATE_NONE, .until_at = DATE_NONE, .opened_by = Q("oms")},
	{.id = Q("H-0"), .type = Q("MANUAL"), .status = HOLD_RELEASED, .opened_at = NOW - 60 * HOUR, .closed_at = NOW - 50 * HOUR,
	 .until_at = DATE_NONE, .closed_by = Q("jana"), .resolution = Q("called the customer")},
};
static struct message messages[] = {
	{Q("m1"), Q("Anna"), Q("customer"), Q("email"), Q("The lid is broken.\r\nIt arrived like that and I would like to have a part of my money back, please, "
		"because a pot without a lid is only half a pot.\n\n" ESC RLO "bye"), true, NOW - 35 * HOUR},
	{Q("m2"), Q("jana"), Q("agent"), {0}, Q("photo checked"), false, NOW - 34 * HOUR},
};
static struct str ticket_tags[] = {Q("damage")};
static struct ticket tickets[] = {
	{.id = Q("T-552"), .subject = Q("broken lid"), .channel = Q("email"), .priority = Q("high"), .requester = Q("Anna"), .requester_email = Q("anna@example.org"),
	 .status = TICKET_OPEN, .tags = ticket_tags, .n_tags = 1, .created_at = NOW - 35 * HOUR, .updated_at = NOW - 34 * HOUR, .solved_at = DATE_NONE,
	 .messages = messages, .n_messages = 2},
	{.id = Q("T-400"), .subject = Q("where is it"), .status = TICKET_CLOSED, .created_at = DATE_NONE, .updated_at = DATE_NONE, .solved_at = DATE_NONE},
};
static struct moment timeline[] = {
	{NOW - 500 * HOUR, EV_ORDER_CREATED, Q("order:1:a"), Q("shop"), {0}, Q("order placed, EUR 131.29"), false},
	{NOW - 480 * HOUR, EV_ORDER_UPDATED, Q("order:1:b"), Q("shop"), {0}, Q("address " ESC), true},
	{NOW - 79 * HOUR, EV_TRACKING_UPDATED, Q("track:2"), Q("dhl"), Q("poller"), Q("in_transit Leipzig"), false},
};
static struct str tags[] = {Q("gift"), Q("blue")};

static struct order rich(void)
{
	return (struct order){
		.id = S("shop:450789469"), .source = S("shop"), .external_id = S("450789469"), .number = S("#1001"), .status = ORDER_CONFIRMED,
		.payment_status = PAY_PART_REFUNDED, .fulfilment_status = FUL_PART_DELIVERED, .attention = 1u << ATT_HELD | 1u << ATT_DISPUTED | 1u << ATT_TICKET_OPEN,
		.complete = true, .channel_status = S("open"), .channel_payment = S("partially_refunded"),
		.placed_at = ago(500), .updated_at = ago(34), .confirmed_at = DATE_NONE, .cancelled_at = DATE_NONE, .closed_at = DATE_NONE, .ship_by = ago(300), .promised_at = DATE_NONE,
		.customer = {S("c7"), S("Anna Müller " RLO), S("anna@example.org"), S("+49 30 1234"), {0}, {0}, S("consumer")},
		.currency = S("EUR"), .digits = 2, .price_mode = 'n',
		// 119.90 - 14.99 + 4.90 + 3.00 + 18.46 = 131.27; the channel says 131.28
		.subtotal = 11990, .discount_total = 1499, .shipping_total = 490, .fee_total = 300, .tax_total = 1846, .total = 13128,
		.authorized = 13128, .captured = 13128, .refunded = 1000, .disputed = 10104,
		.shipping = {true, S("Anna Müller"), {0}, S("Hauptstraße"), {0}, {0}, S("Berlin"), {0}, {0}, S("10115"), S("DE"), {0}},
		.lines = lines, .n_lines = COUNT(lines), .charges = charges, .n_charges = COUNT(charges), .payments = payments, .n_payments = COUNT(payments),
		.refunds = refunds, .n_refunds = COUNT(refunds), .disputes = disputes, .n_disputes = COUNT(disputes), .shipments = shipments, .n_shipments = COUNT(shipments),
		.holds = holds, .n_holds = COUNT(holds), .tickets = tickets, .n_tickets = COUNT(tickets), .timeline = timeline, .n_timeline = COUNT(timeline),
		.tags = tags, .n_tags = COUNT(tags), .note = S("leave at the door"),
	};
}

static struct order bare(void)
{
	return (struct order){.id = S("shop:1"), .source = S("shop"), .external_id = S("1"), .placed_at = NOW, .updated_at = DATE_NONE, .confirmed_at = DATE_NONE, .cancelled_at = DATE_NONE,
		.closed_at = DATE_NONE, .ship_by = DATE_NONE, .promised_at = DATE_NONE, .digits = 2, .price_mode = 'g', .subtotal = NONE, .discount_total = NONE,
		.shipping_total = NONE, .fee_total = NONE, .tax_total = NONE, .total = NONE};
}

static char *json_of(const struct order *o)
{
	struct buf b = {0};
	order_json(&b, o, NOW);
	buf_c(&b, 0);
	return b.p;
}

static const unsigned ALL = (1u << SECTIONS) - 1;

static char *screen_of(const struct order *o, size_t width, unsigned open, bool only)
{
	struct buf b = {0};
	order_screen(&b, o, &(struct screen){.width = width, .open = open, .only = only, .zone = "Europe/Berlin", .now = NOW});
	buf_c(&b, 0);
	return b.p;
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part)) fail_msg("\"%s\" is missing in:\n%s", part, text);
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part)) fail_msg("\"%s\" should not be in:\n%s", part, text);
}

// --- oms.order/1

static void bare_json(void **state)
{
	(void)state;
	struct order o = bare();
	char *got = json_of(&o);
	assert_string_equal(got, "{\"schema\":\"oms.order/1\",\"id\":\"shop:1\",\"source\":\"shop\",\"external_id\":\"1\",\"status\":\"new\","
		"\"payment_status\":\"unpaid\",\"fulfilment_status\":\"none\",\"attention\":[],\"complete\":false,\"placed_at\":\"2026-11-20T10:00:00.000Z\","
		"\"customer\":{},\"price_mode\":\"gross\",\"authorized\":\"0.00\",\"captured\":\"0.00\",\"refunded\":\"0.00\",\"disputed\":\"0.00\","
		"\"lines\":[],\"charges\":[],\"taxes\":[],\"discounts\":[],\"addresses\":{},\"payments\":[],\"refunds\":[],\"disputes\":[],\"shipments\":[],"
		"\"holds\":[],\"tickets\":[],\"tags\":[],\"timeline\":[]}");
	free(got);
}

static void json_parts(void **state)
{
	(void)state;
	struct order o = rich();
	char *got = json_of(&o);
	has(got, "\"attention\":[\"held\",\"disputed\",\"stalled\",\"late_in_transit\",\"ticket_open\"]");
	has(got, "\"channel\":{\"status\":\"open\",\"payment\":\"partially_refunded\"}");
	has(got, "\"subtotal\":\"119.90\",\"discount_total\":\"14.99\",\"shipping_total\":\"4.90\",\"fee_total\":\"3.00\",\"tax_total\":\"18.46\",\"total\":\"131.28\"");
	has(got, "\"taxes\":[{\"name\":\"VAT\",\"jurisdiction\":\"DE\",\"rate\":\"0.19\",\"amount\":\"16.13\",\"included\":false}]");
	has(got, "\"quantities\":{\"cancelled\":0,\"unshipped\":0,\"backordered\":0,\"open\":0,\"allocated\":0,\"picked\":0,\"shipped\":2,\"in_transit\":1,"
		"\"delivered\":1,\"lost\":0,\"returned\":0,\"refunded\":0}");
	has(got, "\"charges\":[{\"kind\":\"shipping\",\"id\":\"s1\",\"name\":\"DHL Paket\",\"code\":\"dhl\",\"price\":\"4.90\"");
	has(got, "\"lines\":[{\"line\":\"11\",\"quantity\":1,\"amount\":\"8.40\",\"tax\":\"1.60\",\"restock\":\"quarantine\"}]");
	has(got, "{\"at\":\"2026-10-31T10:00:00.000Z\",\"type\":\"order.updated\",\"id\":\"order:1:b\",\"source\":\"shop\",\"summary\":\"address \\u001b[31mred\\u001b[0m\",\"superseded\":true}");
	has_not(got, "recorded_at");
	has_not(got, "null");
	has_not(got, "\033");
	has_not(got, RLO);
	struct json j = {0};
	struct json_error je;
	assert_true(json_parse(&j, str_of(got), &je));
	json_free(&j);
	free(got);
}

// The members the design lists, in its order: a reader may stream them.
static void json_order(void **state)
{
	(void)state;
	static const char *const names[] = {"schema", "id", "source", "external_id", "number", "status", "payment_status", "fulfilment_status", "attention",
		"placed_at", "updated_at", "customer", "currency", "subtotal", "discount_total", "shipping_total", "tax_total", "total", "lines", "addresses",
		"payments", "refunds", "disputes", "shipments", "holds", "tickets", "timeline"};
	struct order o = rich();
	char *got = json_of(&o);
	struct json j = {0};
	struct json_error je;
	assert_true(json_parse(&j, str_of(got), &je));
	uint32_t before = 0;
	for (size_t i = 0; i < COUNT(names); i++) {
		uint32_t at = json_getz(&j, 0, names[i]);
		if (at <= before) fail_msg("%s is missing or out of order", names[i]);
		before = at;
	}
	json_free(&j);
	free(got);
}

static void json_schema(void **state)
{
	(void)state;
	const char *src = getenv("SRC");
	char name[] = "/tmp/view_test.XXXXXX", command[4096];
	int fd = mkstemp(name);
	assert_true(fd >= 0);
	FILE *f = fdopen(fd, "w");
	struct order o[] = {rich(), bare()};
	for (size_t i = 0; i < COUNT(o); i++) {
		char *got = json_of(&o[i]);
		fprintf(f, "%s\n", got);
		free(got);
	}
	fclose(f);
	snprintf(command, sizeof command, "python3 '%s/tests/schema.py' %s", src ? src : ".", name);
	int status = system(command);
	unlink(name);
	assert_int_equal(status, 0);
}

// --- the screen

// Every line within the width, and no byte that a terminal would act on.
static void fits(const char *text, size_t width)
{
	for (const char *line = text; *line;) {
		const char *end = strchr(line, '\n');
		assert_non_null(end);
		struct str s = {line, (size_t)(end - line)};
		if (text_width(s) > width) fail_msg("%zu columns, not %zu: " STR_FMT, text_width(s), width, STR_ARG(s));
		if (s.n && s.p[s.n - 1] == ' ') fail_msg("blanks at the end: " STR_FMT, STR_ARG(s));
		struct buf safe = {0};
		text_safe(&safe, s);
		assert_true(str_eq(buf_view(&safe), s)); // nothing is left to escape
		buf_free(&safe);
		line = end + 1;
	}
}

static void widths(void **state)
{
	(void)state;
	static const size_t width[] = {40, 60, 80, 120, 200};
	struct order o[] = {rich(), bare()};
	for (size_t k = 0; k < COUNT(o); k++)
		for (size_t i = 0; i < COUNT(width); i++)
			for (unsigned open = 0; open <= ALL; open = open == 0 ? 1 : open < ALL && open != 64 ? open << 1 : open == 64 ? ALL : ALL + 1) {
				for (int only = 0; only < 2; only++) {
					char *got = screen_of(&o[k], width[i], open, only);
					fits(got, width[i]);
					free(got);
				}
			}
}

// A closed section never hides what is wrong in it.
static void closed(void **state)
{
	(void)state;
	struct order o = rich();
	char *got = screen_of(&o, 200, 0, false);
	has(got, "order       shop:450789469  number #1001\n");
	has(got, "state       confirmed, payment part_refunded, fulfilment part_delivered\n");
	has(got, "attention   held, disputed, stalled, late_in_transit, ticket_open\n");
	has(got, "customer    Anna Müller \\u202e, consumer, anna@example.org, +49 30 1234\n");
	has(got, "placed      2026-10-30 15:00:00 +01:00\n");
	has(got, "total EUR     131.28\ncaptured      131.28\nrefunded       10.00\nbalance due     0.00\ndisputed      101.04\n");
	has(got, "lines       2 lines, 3 units, 1 backordered\n");
	has(got, "financials  EUR 131.28, 2 payments (1 failed or expired), 2 refunds, 1 waiting, sums differ by 0.01; disputed 101.04 needs_response by 2026-11-26 11:00:00 +01:00\n");
	has(got, "logistics   2 parcels, 1 late 3 d, 1 delivered, stalled; last: in_transit, Leipzig 2026-11-17 04:00:00 +01:00\n");
	has(got, "tickets     1 closed, 1 open: T-552 broken lid\n");
	has(got, "holds       1 closed, 1 open: ADDRESS (logistics)\n");
	has(got, "history     3 events, 1 superseded; last: tracking.updated 2026-11-17 04:00:00 +01:00\n");
	size_t lines_shown = 0;
	for (const char *p = got; *p; p++) lines_shown += *p == '\n';
	assert_in_range(lines_shown, 10, 24); // one screen
	free(got);
}

static void bare_screen(void **state)
{
	(void)state;
	struct order o = bare();
	char *got = screen_of(&o, 80, ALL, false);
	has(got, "customer    unknown\n");
	has(got, "total: unknown\n");
	has(got, "lines       none yet: no order document was seen\n");
	has(got, "logistics   0 parcels\n");
	has(got, "tickets     none\n");
	has(got, "history     0 events\n");
	free(got);
}

static void lines_section(void **state)
{
	(void)state;
	struct order o = rich();
	char *got = screen_of(&o, 200, 1u << SEC_LINES, true);
	has(got, "item, amounts in EUR without tax");
	has(got, "QTY   UNIT  AMOUNT\n");
	has(got, "  2  49.95   99.90\n");
	has(got, "discount SUMMER15 15 % off everything that is blue");
	has(got, " -14.99\n");
	has(got, "      tax DE VAT 19 %");
	has(got, "units: 1 in transit, 1 delivered\n");
	has(got, "A-VERY-LONG-SKU-THAT-NOBODY-WOULD-CUT-0000000000000000000000000000000000000042");
	has(got, "  shipping  DHL Paket");
	has_not(got, "balance due");
	free(got);
}

// Broken over lines where it must be, the long id is still there whole.
static void ids_never_cut(void **state)
{
	(void)state;
	struct order o = rich();
	char *got = screen_of(&o, 60, ALL, false), *to = got;
	for (const char *p = got; *p; p++)
		if (*p != ' ' && *p != '\n') *to++ = *p;
	*to = 0;
	has(got, "A-VERY-LONG-SKU-THAT-NOBODY-WOULD-CUT-");
	has(got, "https://tracking.example/very/long/path/that/does/not/fit/into/sixty/columns/00340434161094042564");
	has_not(got, "…");
	free(got);
}

// 119.90 - 14.99 + 4.90 + 3.00 + 17.06 + 1.40 + 0.01 = 131.28: what is printed adds up.
static void totals(void **state)
{
	(void)state;
	struct order o = rich();
	char *got = screen_of(&o, 80, 1u << SEC_FINANCIALS, true);
	has(got, "    subtotal                119.90\n"
		 "    discounts               -14.99\n"
		 "    shipping                  4.90\n"
		 "    fees                      3.00\n"
		 "    tax DE VAT 19 %          17.06\n"
		 "    tax DE VAT 7 %            1.40\n"
		 "    rounding or difference    0.01\n"
		 "    total                   131.28\n"
		 "    captured                131.28\n"
		 "    refunded                 10.00\n"
		 "    balance due               0.00\n"
		 "    disputed                101.04\n");
	free(got);
}

// Captured 131.28, refunded 10.00, one refund of 5.00 on its way, 101.04 with the bank: 15.24 may still be refunded.
static void instruments(void **state)
{
	(void)state;
	struct order o = rich();
	char *got = screen_of(&o, 80, 1u << SEC_FINANCIALS, true);
	has(got, "  payment     visa 4242, card, stripe\n    psp_ref     ch_1\n    status      captured\n");
	has(got, "    refund waiting              5.00\n");
	has(got, "    refundable                 15.24\n");
	has(got, "    status      failed, card_declined\n");
	has(got, "  refund      R-88\n");
	has(got, "1 of line 11, restock quarantine");
	has(got, "    respond by  2026-11-26 11:00:00 +01:00\n");
	free(got);
}

static void positions(void **state)
{
	(void)state;
	struct order o = rich();
	o.captured = 6000, o.refunded = 0, o.disputed = 0;
	char *got = screen_of(&o, 80, 0, false);
	has(got, "balance due    71.28\n");
	has(got, ", balance due 71.28,");
	free(got);
	o.captured = 14128;
	got = screen_of(&o, 80, 0, false);
	has(got, "overpaid       10.00\n");
	free(got);
	o.status = ORDER_CANCELLED, o.captured = 13128, o.refunded = 1000;
	got = screen_of(&o, 80, 0, false);
	has(got, "to be refunded  121.28\n");
	free(got);
}

static void logistics(void **state)
{
	(void)state;
	struct order o = rich();
	char *got = screen_of(&o, 120, 1u << SEC_LOGISTICS, true);
	has(got, "  ship to     Anna Müller\n              Hauptstraße\n              10115 Berlin\n              DE\n");
	has(got, "  parcel      2 of 2, S-2\n    status      shipped, in_transit, late 3 d\n    carrier     DHL, express\n    tracking    00340434161094042564\n");
	has(got, "    contents    1 x B-77  青いガラスの蓋 \\x1b[31mred\\x1b[0m\n");
	const char *newer = strstr(got, "      2026-11-17 04:00:00 +01:00  in_transit, DEPARTED\\x0ahub \\u009b, Leipzig (code 21)\n");
	const char *older = strstr(got, "      2026-11-16 07:00:00 +01:00  pre_transit, Label made (code 10)\n");
	assert_non_null(newer);
	assert_non_null(older);
	assert_true(newer < older);
	free(got);
}

static void care(void **state)
{
	(void)state;
	struct order o = rich();
	char *got = screen_of(&o, 80, 1u << SEC_TICKETS | 1u << SEC_HOLDS | 1u << SEC_HISTORY, true);
	has(got, "    2026-11-19 00:00:00 +01:00  customer, Anna, email\n      The lid is broken.\n      It arrived like that and I would like to have a part of my money back,\n"
		"      please, because a pot without a lid is only half a pot.\n\n      \\x1b[31mred\\x1b[0m\\u202ebye\n");
	has(got, "agent, jana, internal note\n      photo checked\n");
	has(got, "    blocks      confirm, release\n    release by  logistics\n");
	has(got, "    resolution  called the customer\n");
	has(got, "  2026-10-31 11:00:00 +01:00  order.updated, superseded, address");
	assert_true(strstr(got, "order.created,") < strstr(got, "tracking.updated, in"));
	free(got);
}

static void colour_repeats_words(void **state)
{
	(void)state;
	struct order o = rich();
	struct buf b = {0}, plain = {0};
	order_screen(&b, &o, &(struct screen){.width = 80, .color = true, .open = ALL, .zone = "UTC", .now = NOW});
	for (size_t i = 0; i < b.n; i++) {
		if (b.p[i] == '\033')
			while (b.p[i] != 'm') i++;
		else buf_c(&plain, b.p[i]);
	}
	struct buf bland = {0};
	order_screen(&bland, &o, &(struct screen){.width = 80, .open = ALL, .zone = "UTC", .now = NOW});
	assert_true(b.n > plain.n);
	assert_true(str_eq(buf_view(&plain), buf_view(&bland)));
	buf_free(&b);
	buf_free(&plain);
	buf_free(&bland);
}

// Amounts and quantities no one would sell, as a feed may bring them.
static void absurd(void **state)
{
	(void)state;
	struct order o = rich();
	struct line huge[2] = {lines[0], lines[1]};
	huge[0].quantity = huge[0].backordered = INT64_MAX, huge[0].cancelled = -5, huge[0].discount = INT64_MAX, huge[0].tax = -INT64_MAX;
	huge[1].quantity = INT64_MAX, huge[1].shipped = -INT64_MAX, huge[1].subtotal = INT64_MAX;
	o.lines = huge;
	o.subtotal = INT64_MAX, o.tax_total = INT64_MAX, o.total = -INT64_MAX, o.captured = INT64_MAX, o.refunded = -INT64_MAX;
	for (size_t width = 30; width <= 80; width += 25) {
		char *got = screen_of(&o, width, ALL, false);
		fits(got, width);
		free(got);
	}
	free(json_of(&o));
}

static void names(void **state)
{
	(void)state;
	for (int i = 0; i < SECTIONS; i++) assert_int_equal(section_named(str_of(section_word((enum section)i))), i);
	assert_int_equal(section_named(S("finance")), -1);
	assert_string_equal(section_word(SEC_LOGISTICS), "logistics");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bare_json), cmocka_unit_test(json_parts), cmocka_unit_test(json_order), cmocka_unit_test(json_schema), cmocka_unit_test(widths),
		cmocka_unit_test(closed), cmocka_unit_test(bare_screen), cmocka_unit_test(lines_section), cmocka_unit_test(ids_never_cut), cmocka_unit_test(totals),
		cmocka_unit_test(instruments), cmocka_unit_test(positions), cmocka_unit_test(logistics), cmocka_unit_test(care),
		cmocka_unit_test(colour_repeats_words), cmocka_unit_test(absurd), cmocka_unit_test(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
