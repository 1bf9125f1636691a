// The ledger: balances move only to where they may, chains lead back to the first movement, and time does not go back.
#include "stock_store.h"
#include "store_help.h"

static struct movement moved(const char *warehouse, enum stock_kind kind, struct balance by, int64_t at)
{
	return (struct movement){.sku = S("MUG"), .warehouse = str_of(warehouse), .kind = kind, .by = by, .at = at, .event_id = 1};
}

static struct movement book(struct fixture *f, struct movement m)
{
	OK(f, stock_move(f->db, &f->err, &m));
	return m;
}

static void a_balance_moves_and_its_chain_leads_back(void **state)
{
	struct fixture *f = *state;
	struct movement m;
	struct balance b;
	BEGIN(f);
	assert_int_equal(stock_get(f->db, &f->err, S("MUG"), S("LEJ"), &b), 0);
	assert_true(balance_same(&b, &(struct balance){0}));
	book(f, moved("LEJ", STOCK_RECEIVE, (struct balance){.on_hand = 10}, 100));
	book(f, moved("HAM", STOCK_RECEIVE, (struct balance){.on_hand = 1}, 110));
	book(f, moved("LEJ", STOCK_ALLOCATE, (struct balance){.allocated = 12}, 120)); // more than there is: short, not impossible
	m = book(f, moved("LEJ", STOCK_COUNT, (struct balance){.on_hand = -3, .held = 2}, 130));
	COMMIT(f);
	assert_int_equal(m.before.on_hand, 10);
	assert_int_equal(m.after.on_hand, 7);
	assert_int_equal(m.before_id, 3);
	assert_int_equal(stock_get(f->db, &f->err, S("MUG"), S("LEJ"), &b), 1);
	assert_true(balance_same(&b, &(struct balance){7, 2, 12, 0}));
	assert_int_equal(balance_available(&b), -7);
	int64_t id, sum = 0;
	assert_int_equal(stock_newest(f->db, &f->err, S("MUG"), S("LEJ"), &id), 1);
	for (size_t n = 0; id; n++) {
		OK(f, stock_movement(f->db, &f->err, &f->arena, id, &m));
		assert_true(str_is(m.warehouse, "LEJ") && m.before_id < id && n < 3);
		sum += m.by.on_hand;
		id = m.before_id;
	}
	assert_int_equal(sum, 7);
	assert_int_equal(stock_movement(f->db, &f->err, &f->arena, 99, &m), -1);
	assert_int_equal(f->err.code, E_NOTFOUND);
}

static void what_cannot_be_is_refused(void **state)
{
	struct fixture *f = *state;
	static const struct balance bad[] = {{.on_hand = -11}, {.held = -1}, {.held = 11}, {.allocated = -1}, {.backordered = -1}, {.on_hand = INT64_MAX}, {.on_hand = -5, .held = 6}};
	struct balance b;
	BEGIN(f);
	book(f, moved("LEJ", STOCK_RECEIVE, (struct balance){.on_hand = 10}, 100));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct movement m = moved("LEJ", STOCK_COUNT, bad[i], 110);
		err_clear(&f->err);
		assert_int_equal(stock_move(f->db, &f->err, &m), -1);
		assert_int_equal(f->err.code, E_REFUSED);
		assert_non_null(strstr(f->err.text, "MUG"));
	}
	OK(f, stock_get(f->db, &f->err, S("MUG"), S("LEJ"), &b));
	assert_int_equal(b.on_hand, 10);
	assert_int_equal(stock_last_movement(f->db, &f->err), 1);
	COMMIT(f);
}

static void time_does_not_go_back_along_a_chain(void **state)
{
	struct fixture *f = *state;
	BEGIN(f);
	book(f, moved("LEJ", STOCK_RECEIVE, (struct balance){.on_hand = 1}, 200));
	assert_int_equal(book(f, moved("LEJ", STOCK_RECEIVE, (struct balance){.on_hand = 1}, 150)).at, 200);
	assert_int_equal(book(f, moved("HAM", STOCK_RECEIVE, (struct balance){.on_hand = 1}, 150)).at, 150);
	assert_int_equal(book(f, moved("LEJ", STOCK_RECEIVE, (struct balance){.on_hand = 1}, 201)).at, 201);
	COMMIT(f);
}

static void lists_by_sku_by_page_and_behind_an_id(void **state)
{
	struct fixture *f = *state;
	struct stock_row *row;
	struct movement *m, other = moved("LEJ", STOCK_RECEIVE, (struct balance){.on_hand = 4}, 100);
	struct str sku;
	size_t n;
	BEGIN(f);
	assert_int_equal(stock_last_movement(f->db, &f->err), 0);
	assert_int_equal(stock_next_sku(f->db, &f->err, &f->arena, S(""), &sku), 0);
	book(f, moved("LEJ", STOCK_RECEIVE, (struct balance){.on_hand = 1}, 100));
	book(f, moved("HAM", STOCK_RECEIVE, (struct balance){.on_hand = 2}, 100));
	other.sku = S("LID");
	other.order_key = 7;
	other.line = S("1");
	book(f, other);
	COMMIT(f);
	OK(f, stock_list(f->db, &f->err, &f->arena, S("MUG"), &row, &n));
	assert_int_equal(n, 2);
	assert_true(str_is(row[0].warehouse, "HAM") && row[0].balance.on_hand == 2 && row[0].movement_id == 2);
	OK(f, stock_page(f->db, &f->err, &f->arena, S(""), S(""), 2, &row, &n));
	assert_int_equal(n, 2);
	assert_true(str_is(row[0].sku, "LID"));
	OK(f, stock_page(f->db, &f->err, &f->arena, row[1].sku, row[1].warehouse, 2, &row, &n));
	assert_int_equal(n, 1);
	assert_int_equal(stock_next_sku(f->db, &f->err, &f->arena, S(""), &sku), 1);
	assert_true(str_is(sku, "LID"));
	assert_int_equal(stock_next_sku(f->db, &f->err, &f->arena, sku, &sku), 1);
	assert_true(str_is(sku, "MUG"));
	assert_int_equal(stock_next_sku(f->db, &f->err, &f->arena, sku, &sku), 0);
	OK(f, stock_moves_after(f->db, &f->err, &f->arena, 1, 10, &m, &n));
	assert_int_equal(n, 2);
	assert_true(m[0].movement_id == 2 && m[0].order_key == 0 && !m[0].line.p && m[0].after.on_hand == 2 && m[0].before.on_hand == 0);
	assert_true(m[1].order_key == 7 && str_is(m[1].line, "1"));
	OK(f, stock_moves_before(f->db, &f->err, &f->arena, 3, 10, &m, &n));
	assert_true(n == 2 && m[0].movement_id == 2 && m[1].movement_id == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T_(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
		T_(a_balance_moves_and_its_chain_leads_back), T_(what_cannot_be_is_refused), T_(time_does_not_go_back_along_a_chain), T_(lists_by_sku_by_page_and_behind_an_id),
	};
	return cmocka_run_group_tests_name("stock_store", tests, NULL, NULL);
}
