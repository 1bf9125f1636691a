// Dead letters: one a payload, opened again, closed, listed; parked events: found by what they wait for.
#include "dead_store.h"
#include "event_store.h"
#include "store_help.h"

static int64_t payload(struct fixture *f, int n)
{
	unsigned char digest[16] = {(unsigned char)n};
	if (n == 0) OK(f, db_run(f->db, &f->err, SQL_SOURCE_INSERT, Z("shop"), Z("shopify"), N(), Z("UTC"), N(), I(5)));
	OK(f, db_run(f->db, &f->err, SQL_PAYLOAD_INSERT, B(digest, 16), I(1), N(), I(1), B("x", 1)));
	return db_last_id(f->db);
}

static int64_t die(struct fixture *f, int64_t of, const char *code, int64_t at)
{
	int64_t id;
	struct dead dl = {.source_id = 1, .payload_id = of, .line = 3, .first_at = at, .last_at = at, .state = "open", .code = code, .owner = "channel-ops", .input = "in.jsonl",
		.map = "shopify/1", .reasons = S("[{\"code\":\"x\"}]")};
	OK(f, dead_put(f->db, &f->err, &dl, &id));
	return id;
}

static void a_second_failure_updates_the_first(void **state)
{
	struct fixture *f = *state;
	struct dead dl;
	int64_t open;
	BEGIN(f);
	int64_t of = payload(f, 0), id = die(f, of, "unknown_kind", 10);
	assert_int_equal(dead_open(f->db, &f->err, of), 1);
	assert_int_equal(die(f, of, "map_money", 20), id);
	OK(f, dead_get(f->db, &f->err, &f->arena, id, &dl));
	assert_int_equal(dl.attempts, 2);
	assert_int_equal(dl.first_at, 10);
	assert_int_equal(dl.last_at, 20);
	assert_string_equal(dl.code, "map_money");
	assert_true(str_is(dl.reasons, "[{\"code\":\"x\"}]"));
	assert_null(dl.topic);
	OK(f, dead_close(f->db, &f->err, of, "redriven", 30));
	OK(f, dead_close(f->db, &f->err, of + 5, "redriven", 30));
	assert_int_equal(dead_open(f->db, &f->err, of), 0);
	OK(f, dead_count(f->db, &f->err, &open));
	assert_int_equal(open, 0);
	die(f, of, "map_money", 40);
	OK(f, dead_count(f->db, &f->err, &open));
	assert_int_equal(open, 1);
	COMMIT(f);
	assert_int_equal(dead_get(f->db, &f->err, &f->arena, 99, &dl), -1);
	assert_int_equal(f->err.code, E_NOTFOUND);
}

static size_t listed(struct fixture *f, struct dead_filter w)
{
	struct dead *list;
	size_t n;
	OK(f, dead_list(f->db, &f->err, &f->arena, &w, &list, &n));
	for (size_t i = 1; i < n; i++) assert_true(list[i].dead_id > list[i - 1].dead_id);
	return n;
}

static void lists_are_chosen_by_every_field(void **state)
{
	struct fixture *f = *state;
	struct dead_filter all = {.since = INT64_MIN, .until = INT64_MIN, .limit = -1}, w;
	BEGIN(f);
	for (int i = 0; i < 6; i++) die(f, payload(f, i), i % 2 ? "map_time" : "map_money", i * 10);
	OK(f, dead_close(f->db, &f->err, 1, "discarded", 0));
	COMMIT(f);
	assert_int_equal(listed(f, all), 6);
	assert_int_equal(listed(f, (w = all, w.state = "open", w)), 5);
	assert_int_equal(listed(f, (w = all, w.code = "map_time", w)), 3);
	assert_int_equal(listed(f, (w = all, w.owner = "nobody", w)), 0);
	assert_int_equal(listed(f, (w = all, w.source = "shop", w)), 6);
	assert_int_equal(listed(f, (w = all, w.source = "none", w)), 0);
	assert_int_equal(listed(f, (w = all, w.since = 20, w.until = 40, w)), 2);
	assert_int_equal(listed(f, (w = all, w.after_id = 4, w)), 2);
	assert_int_equal(listed(f, (w = all, w.state = "open", w.limit = 2, w)), 2);
}

static struct event event(struct fixture *f, const char *json)
{
	struct event ev = {0};
	struct json j = {0};
	struct json_error bad;
	if (!json_parse(&j, str_of(json), &bad)) fail_msg("%s", bad.what);
	const struct json *kept = json_keep(&j, &f->arena);
	json_free(&j);
	OK(f, event_read(&ev, kept, &f->arena, &f->err));
	return ev;
}

static size_t waiting(struct fixture *f, enum ref_kind kind, const char *value)
{
	struct parked *list;
	size_t n;
	OK(f, parked_for(f->db, &f->err, &f->arena, kind, str_of(value), &list, &n));
	if (n) assert_true(str_is(list[0].reason, "no order yet"));
	return n;
}

static void parked_events_wait_for_each_name_they_carry(void **state)
{
	struct fixture *f = *state;
	struct codec *c = codec_open(f->db);
	struct event ev = event(f, "{\"schema\":\"oms.event/1\",\"id\":\"evt_1\",\"type\":\"payment.updated\",\"source\":\"shop\",\"order\":\"77\","
		"\"refs\":[{\"kind\":\"psp_ref\",\"value\":\"ch_1\"},{\"kind\":\"number\",\"value\":\"#1001\"}],\"body\":{}}");
	struct parked *list;
	size_t n;
	BEGIN(f);
	int64_t of = payload(f, 0);
	assert_int_equal(event_known(f->db, c, &f->err, &f->arena, &ev), PUT_NEW);
	OK(f, parked_put(f->db, &f->err, &ev, 1, of, 100, 200, S("no order yet")));
	OK(f, parked_put(f->db, &f->err, &ev, 1, of, 100, 200, S("again"))); // once
	assert_int_equal(event_known(f->db, c, &f->err, &f->arena, &ev), PUT_SAME);
	assert_int_equal(waiting(f, REF_PSP, "ch_1"), 1);
	assert_int_equal(waiting(f, REF_NUMBER, "1001"), 1);
	assert_int_equal(waiting(f, REF_EXTERNAL, "77"), 1);
	assert_int_equal(waiting(f, REF_PSP, "ch_2"), 0);
	OK(f, parked_list(f->db, &f->err, &f->arena, 0, 10, &list, &n));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].expires_at, 200);
	assert_int_equal(list[0].payload_id, of);
	assert_true(str_eq(list[0].json, ev.json));
	OK(f, parked_drop(f->db, &f->err, list[0].parked_id));
	assert_int_equal(event_known(f->db, c, &f->err, &f->arena, &ev), PUT_NEW);
	COMMIT(f);
	assert_string_equal(ask(f, "SELECT count(*) FROM parked_ref"), "0");
	codec_close(c);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
	const struct CMUnitTest tests[] = {TEST(a_second_failure_updates_the_first), TEST(lists_are_chosen_by_every_field), TEST(parked_events_wait_for_each_name_they_carry)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
