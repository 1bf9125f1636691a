// The event log: appended once, told apart from a conflict, read back whole; and the raw payloads.
#include "digest.h"
#include "event_store.h"
#include "store_help.h"

struct log { struct fixture *f; struct codec *c; int64_t source; };

static struct log open_log(struct fixture *f)
{
	struct log l = {.f = f, .c = codec_open(f->db)};
	BEGIN(f);
	OK(f, db_run(f->db, &f->err, SQL_SOURCE_INSERT, Z("shop"), Z("shopify"), N(), Z("UTC"), N(), I(5)));
	l.source = db_last_id(f->db);
	return l;
}

static struct event event(struct fixture *f, const char *json)
{
	struct event ev = {0};
	struct json *j = NEW(&f->arena, struct json);
	struct json_error bad;
	if (!json_parse(j, str_of(json), &bad)) fail_msg("%s", bad.what);
	const struct json *kept = json_keep(j, &f->arena);
	json_free(j);
	OK(f, event_read(&ev, kept, &f->arena, &f->err));
	ev.recorded_at = 1762000000000;
	return ev;
}

#define EVENT(id, rest) "{\"schema\":\"oms.event/1\",\"id\":\"" id "\",\"type\":\"order.updated\",\"source\":\"shop\",\"order\":\"1\",\"occurred_at\":\"2025-11-01T10:00:00.000Z\"" rest "}"

static int put(struct log *l, const char *json, int64_t key)
{
	struct event ev = event(l->f, json);
	int done = event_put(l->f->db, l->c, &l->f->err, &l->f->arena, &ev, key, l->source, 0);
	OK(l->f, done);
	return done;
}

static int known(struct log *l, const char *json)
{
	struct event ev = event(l->f, json);
	int done = event_known(l->f->db, l->c, &l->f->err, &l->f->arena, &ev);
	OK(l->f, done);
	return done;
}

static void the_same_once_another_body_is_a_conflict(void **state)
{
	struct log l = open_log(*state);
	const char *first = EVENT("e1", ",\"map\":\"shopify/1\",\"payload\":\"00\",\"body\":{\"note\":\"a\"}");
	assert_int_equal(known(&l, first), PUT_NEW);
	assert_int_equal(put(&l, first, 1), PUT_NEW);
	assert_int_equal(known(&l, first), PUT_SAME);
	assert_int_equal(put(&l, first, 1), PUT_SAME);
	// where it came from is not what it says
	assert_int_equal(put(&l, EVENT("e1", ",\"map\":\"shopify/2\",\"payload\":\"ff\",\"body\":{\"note\":\"a\"}"), 1), PUT_SAME);
	assert_int_equal(put(&l, EVENT("e1", ",\"body\":{\"note\":\"a\"}"), 1), PUT_SAME);
	assert_int_equal(put(&l, EVENT("e1", ",\"body\":{\"note\":\"b\"}"), 1), PUT_CONFLICT);
	assert_int_equal(known(&l, EVENT("e1", ",\"test\":true,\"body\":{\"note\":\"a\"}")), PUT_CONFLICT);
	assert_int_equal(put(&l, EVENT("e2", ",\"body\":{\"note\":\"b\"}"), 1), PUT_NEW);
	db_commit(l.f->db, &l.f->err);
	assert_string_equal(ask(l.f, "SELECT count(*) FROM event"), "2");
	codec_close(l.c);
}

static void the_log_of_one_order_comes_back(void **state)
{
	struct log l = open_log(*state);
	struct event *ev;
	size_t n;
	put(&l, EVENT("e1", ",\"body\":{\"note\":\"caf\xC3\xA9 \\\"x\\\"\"}"), 7);
	put(&l, EVENT("e2", ",\"body\":{}"), 8);
	put(&l, EVENT("e3", ",\"body\":{}"), 7);
	COMMIT(l.f);
	OK(l.f, events_of_order(l.f->db, l.c, &l.f->err, &l.f->arena, 7, &ev, &n));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		if (str_is(ev[i].id, "e1")) assert_true(str_is(json_str(ev[i].j, json_getz(ev[i].j, ev[i].body, "note"), &l.f->arena), "caf\xC3\xA9 \"x\""));
		else assert_true(str_is(ev[i].id, "e3"));
	assert_int_equal(ev[0].recorded_at, 1762000000000);
	OK(l.f, events_of_order(l.f->db, l.c, &l.f->err, &l.f->arena, 9, &ev, &n));
	assert_int_equal(n, 0);
	codec_close(l.c);
}

static void keys_do_not_run_together(void **state)
{
	(void)state;
	unsigned char a[16], b[16];
	event_key(S("ab"), S("c"), a);
	event_key(S("a"), S("bc"), b);
	assert_memory_not_equal(a, b, 16);
}

static void payloads_are_kept_byte_for_byte_once_a_source(void **state)
{
	struct log l = open_log(*state);
	struct fixture *f = l.f;
	unsigned char digest[16];
	struct str raw = S("{\"a\" : 1,\n \"b\":\"\xE2\x82\xAC\"}\r\n"), back;
	int64_t id, again;
	digest_key(raw, digest);
	assert_int_equal(payload_find(f->db, &f->err, l.source, digest), 0);
	assert_int_equal(payload_put(f->db, l.c, &f->err, l.source, digest, raw, &id), 1);
	assert_int_equal(payload_put(f->db, l.c, &f->err, l.source, digest, raw, &again), 0);
	assert_int_equal(id, again);
	assert_int_equal(payload_find(f->db, &f->err, l.source, digest), id);
	assert_int_equal(payload_find(f->db, &f->err, l.source + 1, digest), 0);
	COMMIT(f);
	OK(f, payload_get(f->db, l.c, &f->err, &f->arena, id, &back));
	assert_true(str_eq(back, raw));
	assert_int_equal(payload_get(f->db, l.c, &f->err, &f->arena, id + 1, &back), -1);
	assert_int_equal(f->err.code, E_NOTFOUND);
	codec_close(l.c);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
	const struct CMUnitTest tests[] = {TEST(the_same_once_another_body_is_a_conflict), TEST(the_log_of_one_order_comes_back), TEST(keys_do_not_run_together),
		TEST(payloads_are_kept_byte_for_byte_once_a_source)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
