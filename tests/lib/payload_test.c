// Bodies packed and unpacked: with and without a dictionary, after a rollback, damaged.
#include "payload.h"
#include "store_help.h"

static int64_t source(struct fixture *f)
{
	OK(f, db_run(f->db, &f->err, SQL_SOURCE_INSERT, Z("shop"), Z("shopify"), N(), Z("UTC"), N(), I(5)));
	return db_last_id(f->db);
}

static struct str sample(struct fixture *f, int i)
{
	struct buf b = {0};
	buf_printf(&b, "{\"id\":%d,\"currency\":\"EUR\",\"financial_status\":\"paid\",\"customer\":{\"email\":\"c%d@example.com\",\"first_name\":\"Ann\"},\"line_items\":[", i * 7919, i % 97);
	for (int k = 0; k < 6; k++)
		buf_printf(&b, "%s{\"id\":%d,\"sku\":\"SKU-%d\",\"price\":\"%d.99\",\"quantity\":%d,\"fulfillment_service\":\"manual\",\"requires_shipping\":true,\"taxable\":true}", k ? "," : "",
			i * 31 + k, (i * 13 + k) % 50, i % 90, k + 1);
	buf_cstr(&b, "]}");
	struct str s = {arena_copy(&f->arena, b.p, b.n), b.n};
	buf_free(&b);
	return s;
}

struct kept { struct str packed; int64_t dict, size; };

static struct kept pack(struct fixture *f, struct codec *c, int64_t of, struct str plain)
{
	struct kept k = {.size = (int64_t)plain.n};
	struct str packed;
	OK(f, codec_pack(c, &f->err, CODEC_PAYLOAD, of, plain, &packed, &k.dict));
	k.packed = (struct str){arena_copy(&f->arena, packed.p, packed.n), packed.n};
	return k;
}

static void assert_unpacks(struct fixture *f, struct codec *c, const struct kept *k, struct str plain)
{
	struct str back;
	OK(f, codec_unpack(c, &f->err, &f->arena, k->dict, k->size, k->packed, &back));
	assert_int_equal(back.n, plain.n);
	assert_memory_equal(back.p, plain.p, plain.n);
}

enum { MANY = 600 };

static void a_dictionary_is_made_once_and_pays(void **state)
{
	struct fixture *f = *state;
	struct codec *c = codec_open(f->db);
	struct kept k[MANY];
	size_t without = 0, with = 0, n_with = 0;
	BEGIN(f);
	int64_t of = source(f);
	for (int i = 0; i < MANY; i++) {
		k[i] = pack(f, c, of, sample(f, i));
		if (k[i].dict == INT64_MIN) without = k[i].packed.n;
		else with = k[i].packed.n, n_with++;
	}
	COMMIT(f);
	assert_in_range(n_with, 1, MANY - 300);
	assert_true(with * 2 < without);
	assert_string_equal(ask(f, "SELECT count(*) || kind || (length(body) <= 32768) FROM dictionary"), "1payload1");
	codec_close(c);
	c = codec_open(f->db); // another process: the dictionary comes from the store
	for (int i = 0; i < MANY; i += 7) assert_unpacks(f, c, &k[i], sample(f, i));
	BEGIN(f);
	assert_int_equal(pack(f, c, of, sample(f, 1)).dict, 1);
	COMMIT(f);
	codec_close(c);
}

static void a_dictionary_rolled_back_is_forgotten(void **state)
{
	struct fixture *f = *state;
	struct codec *c = codec_open(f->db);
	BEGIN(f);
	int64_t of = source(f);
	COMMIT(f);
	BEGIN(f);
	for (int i = 0; i < MANY; i++) pack(f, c, of, sample(f, i));
	db_rollback(f->db);
	BEGIN(f);
	struct kept k = pack(f, c, of, sample(f, 1));
	COMMIT(f);
	assert_true(k.dict == INT64_MIN);
	assert_string_equal(ask(f, "SELECT count(*) FROM dictionary"), "0");
	assert_unpacks(f, c, &k, sample(f, 1));
	codec_close(c);
}

static void any_bytes_come_back(void **state)
{
	struct fixture *f = *state;
	struct codec *c = codec_open(f->db);
	char noise[5000];
	uint32_t x = 1;
	for (size_t i = 0; i < sizeof noise; i++) noise[i] = (char)((x = x * 1664525u + 1013904223u) >> 24);
	const struct str all[] = {S(""), S("x"), S("a\0b"), {noise, sizeof noise}};
	for (size_t i = 0; i < 4; i++) {
		struct kept k = pack(f, c, 1, all[i]);
		assert_unpacks(f, c, &k, all[i]);
	}
	codec_close(c);
}

static void damage_is_said(void **state)
{
	struct fixture *f = *state;
	struct codec *c = codec_open(f->db);
	struct str plain = sample(f, 3), back;
	struct kept k = pack(f, c, 1, plain);
	assert_int_equal(codec_unpack(c, &f->err, &f->arena, k.dict, k.size + 1, k.packed, &back), -1);
	assert_int_equal(f->err.code, E_BUG);
	assert_int_equal(codec_unpack(c, &f->err, &f->arena, k.dict, k.size, str_cut(k.packed, 0, k.packed.n - 3), &back), -1);
	assert_int_equal(codec_unpack(c, &f->err, &f->arena, k.dict, -5, k.packed, &back), -1);
	assert_int_equal(codec_unpack(c, &f->err, &f->arena, k.dict, INT64_MAX, k.packed, &back), -1);
	assert_int_equal(codec_unpack(c, &f->err, &f->arena, 12, k.size, k.packed, &back), -1);
	assert_non_null(strstr(f->err.text, "dictionary 12"));
	codec_close(c);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
	const struct CMUnitTest tests[] = {TEST(a_dictionary_is_made_once_and_pays), TEST(a_dictionary_rolled_back_is_forgotten), TEST(any_bytes_come_back), TEST(damage_is_said)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
