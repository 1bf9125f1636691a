// Events: what is read, what is refused and how it is said, the total order, and the one form of each reference.
#include "fold_help.h"

static struct arena a;
static struct err e;

static int read_text(const char *text, struct event *ev)
{
	struct json *j = NEW(&a, struct json);
	struct json_error je;
	assert_true(json_parse(j, str_of(text), &je));
	int r = event_read(ev, j, &a, &e);
	return r;
}

static void whole(void **state)
{
	(void)state;
	struct event ev;
	assert_int_equal(read_text("{\"schema\":\"oms.event/1\",\"id\":\"order:7:x\",\"type\":\"order.updated\",\"source\":\"shopify\",\"order\":\"7\","
		"\"refs\":[{\"kind\":\"number\",\"value\":\"#1001A\"},{\"kind\":\"tracking\",\"value\":\"1z 999 aa\"}],"
		"\"occurred_at\":\"2026-11-02T10:00:00.000Z\",\"seq\":12,\"actor\":\"kim\",\"test\":true,\"map\":\"shopify/1\","
		"\"payload\":\"ab\",\"body\":{\"note\":\"x\"}}", &ev), 0);
	assert_int_equal(ev.type, EV_ORDER_UPDATED);
	assert_str(ev.id, "order:7:x");
	assert_str(ev.source, "shopify");
	assert_str(ev.order, "7");
	assert_int_equal(ev.refs, 2);
	assert_int_equal(ev.ref[0].kind, REF_NUMBER);
	assert_str(ev.ref[0].value, "1001a");
	assert_str(ev.ref[1].value, "1Z999AA");
	assert_int_equal(ev.occurred_at, 1793613600000);
	assert_int_equal(ev.sort_at, 1793613600000);
	assert_int_equal(ev.seq, 12);
	assert_str(ev.actor, "kim");
	assert_true(ev.test);
	assert_str(ev.map, "shopify/1");
	assert_str(json_str(ev.j, json_getz(ev.j, ev.body, "note"), &a), "x");
}

static void refused(void **state)
{
	(void)state;
	static const struct { const char *text, *said; } bad[] = {
		{"[]", "object"}, {"{\"type\":\"order.updated\",\"source\":\"s\",\"body\":{}}", "no id"},
		{"{\"id\":\"1\",\"type\":\"order.exploded\",\"source\":\"s\",\"body\":{}}", "order.exploded"},
		{"{\"id\":\"1\",\"type\":\"order.updated\",\"body\":{}}", "no source"},
		{"{\"id\":\"1\",\"type\":\"order.updated\",\"source\":\"s\"}", "no body"},
		{"{\"id\":\"1\",\"type\":\"order.updated\",\"source\":\"s\",\"body\":[]}", "not an object"},
		{"{\"id\":\"1\",\"type\":\"order.updated\",\"source\":\"s\",\"occurred_at\":\"yesterday\",\"body\":{}}", "occurred_at"},
		{"{\"schema\":\"oms.event/9\",\"id\":\"1\",\"type\":\"order.updated\",\"source\":\"s\",\"body\":{}}", "schema"},
		{"{\"id\":\"1\",\"type\":\"order.updated\",\"source\":\"s\",\"seq\":1.5,\"body\":{}}", "seq"},
		{"{\"id\":\"1\",\"type\":\"order.updated\",\"source\":\"s\",\"refs\":[{\"kind\":\"colour\",\"value\":\"red\"}],\"body\":{}}", "colour"},
		{"{\"id\":\"1\",\"type\":\"order.updated\",\"source\":\"s\",\"refs\":[{\"kind\":\"email\"}],\"body\":{}}", "without a value"},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct event ev;
		assert_int_equal(read_text(bad[i].text, &ev), -1);
		assert_int_equal(e.code, E_DATA);
		if (!strstr(e.text, bad[i].said)) fail_msg("%s: %s", bad[i].text, e.text);
	}
}

static void times(void **state)
{
	(void)state;
	assert_int_equal(event_time(S("2026-11-02T10:00:00.000Z")), 1793613600000);
	assert_int_equal(event_time(S("2024-02-29T23:59:59.999Z")), 1709251199999);
	assert_int_equal(event_time(S("1969-12-31T23:59:59.999Z")), -1);
	assert_int_equal(event_time(S("2026-11-02T11:00:00+01:00")), 1793613600000); // any RFC 3339 is understood
	assert_true(event_time(S("2026-02-29T00:00:00.000Z")) == DATE_NONE);
	assert_true(event_time(S("2026-13-01T00:00:00.000Z")) == DATE_NONE);
	assert_true(event_time(S("")) == DATE_NONE);
	assert_true(event_time((struct str){0}) == DATE_NONE);
}

// No occurred_at: a time of the body, else 0, and never the arrival: the order of events may not depend on it.
static void sorting(void **state)
{
	(void)state;
	struct event x, y;
	assert_int_equal(read_text("{\"id\":\"1\",\"type\":\"order.updated\",\"source\":\"s\",\"body\":{\"placed_at\":\"2026-11-02T10:00:00.000Z\"}}", &x), 0);
	assert_true(x.occurred_at == DATE_NONE);
	assert_int_equal(x.sort_at, 1793613600000);
	assert_int_equal(read_text("{\"id\":\"2\",\"type\":\"order.updated\",\"source\":\"s\",\"body\":{}}", &y), 0);
	assert_int_equal(y.sort_at, 0);
	x.recorded_at = 5;
	y.recorded_at = 9;
	assert_true(event_cmp(&x, &y) > 0);
	y = x;
	y.seq = 1;
	assert_true(event_cmp(&x, &y) < 0); // then the source's own sequence
	y.seq = 0;
	y.source = S("t");
	assert_true(event_cmp(&x, &y) < 0); // then the source
	y.source = x.source;
	y.id = S("10");
	assert_true(event_cmp(&x, &y) < 0); // then the key
	assert_int_equal(event_cmp(&x, &x), 0);
}

static void normal(void **state)
{
	(void)state;
	static const struct { enum ref_kind kind; const char *from, *to; } all[] = {
		{REF_NUMBER, " #SO-1001 ", "so-1001"}, {REF_NUMBER, "##", "(absent)"}, {REF_TRACKING, "jd 0146 ab", "JD0146AB"},
		{REF_PHONE, "+49 (30) 12-34", "43210394"}, {REF_PHONE, "0049 30 1234", "43210394"}, {REF_PHONE, "030 1234", "432103"}, {REF_PHONE, "0000123", "(absent)"}, {REF_EMAIL, " Kim@Example.COM", "kim@example.com"},
		{REF_NAME, "Ada   LOVELACE ", "ada lovelace"}, {REF_NUMBER_TAIL, "#SO-1042", "2401"}, {REF_TICKET, "#35436", "35436"},
		{REF_PSP, "ch_1AbC", "ch_1AbC"}, {REF_EXTERNAL, "450789469", "450789469"}, {REF_PHONE, "none", "(absent)"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		assert_str(ref_normal(&a, all[i].kind, str_of(all[i].from)), all[i].to);
	assert_int_equal(ref_kind_named(S("psp_ref")), REF_PSP);
	assert_int_equal(ref_kind_named(S("dispute_id")), REF_DISPUTE);
	assert_int_equal(ref_kind_named(S("colour")), REF_NONE);
	assert_string_equal(ref_kind_word(REF_NUMBER_TAIL), "number_tail");
}

static void words(void **state)
{
	(void)state;
	for (int t = 0; t < EV_COUNT; t++) assert_int_equal(event_type_named(str_of(event_type_word((enum event_type)t))), t);
	assert_int_equal(event_type_named(S("order")), EV_UNKNOWN);
	assert_true(event_type_makes(EV_ORDER_CREATED) && event_type_makes(EV_ORDER_UPDATED) && !event_type_makes(EV_PAYMENT_UPDATED));
	assert_int_equal(event_type_class(EV_NOTE_ADDED), 'i');
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(whole), cmocka_unit_test(refused), cmocka_unit_test(times),
		cmocka_unit_test(sorting), cmocka_unit_test(normal), cmocka_unit_test(words)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
