// What must hold of stock: balances, chains of movements, reservations, and reference data against the log.
#include "fsck_stock.h"
#include "event_store.h"
#include "json.h"
#include "reference.h"

struct look { const struct fsck_stock *f; struct err *e; struct arena arena; };

static void wrong(struct look *l, struct str sku, struct str warehouse, const char *what)
{
	struct str about = str_of(arena_printf(&l->arena, STR_FMT " in " STR_FMT, STR_ARG(sku), STR_ARG(warehouse)));
	l->f->wrong(l->f->ctx, about, "stock", what);
}

// A statement whose rows are faults: SKU, warehouse, and figures that say words about.
static int each_fault(struct look *l, enum sql sql, const char *(*words)(struct look *l, struct rows *r))
{
	struct rows *r = db_query(l->f->db, l->e, sql, END);
	int more = -1;
	while (r && (more = rows_next(r, l->e)) > 0) {
		struct arena_mark mark = arena_mark(&l->arena);
		wrong(l, row_str(r, 0), row_str(r, 1), words(l, r));
		arena_reset(&l->arena, mark);
	}
	return more;
}

static long long cell(struct rows *r, int i)
{
	int64_t v = row_int(r, i);
	return v == INT64_MIN ? 0 : (long long)v;
}

static const char *newest(struct look *l, struct rows *r)
{
	return arena_printf(&l->arena, "the balance is not what its newest movement %lld left: on hand %lld and %lld, held %lld and %lld, allocated %lld and %lld, backordered %lld and %lld",
		cell(r, 2), cell(r, 3), cell(r, 7), cell(r, 4), cell(r, 8), cell(r, 5), cell(r, 9), cell(r, 6), cell(r, 10));
}

static const char *reserved(struct look *l, struct rows *r)
{
	return arena_printf(&l->arena, "orders hold %lld and wait for %lld, the balance has %lld allocated and %lld backordered", cell(r, 2), cell(r, 3), cell(r, 4), cell(r, 5));
}

static const char *sums(struct look *l, struct rows *r)
{
	return arena_printf(&l->arena, "the balance is not the sum of its movements: on hand %lld and %lld, held %lld and %lld, allocated %lld and %lld, backordered %lld and %lld",
		cell(r, 2), cell(r, 6), cell(r, 3), cell(r, 7), cell(r, 4), cell(r, 8), cell(r, 5), cell(r, 9));
}

static const char *chain(struct look *l, struct rows *r)
{
	return arena_printf(&l->arena, "movement %lld does not go on from movement %lld, which it names as the one before", cell(r, 2), cell(r, 3));
}

static const char *forked(struct look *l, struct rows *r)
{
	return arena_printf(&l->arena, "%lld movements name %lld as the one before", cell(r, 2), cell(r, 3));
}

static const char *eventless(struct look *l, struct rows *r)
{
	return arena_printf(&l->arena, "movement %lld is of event %lld, which is not in the log", cell(r, 2), cell(r, 3));
}

static const char *loose(struct look *l, struct rows *r) { return arena_printf(&l->arena, "%lld movements, and no balance", cell(r, 2)); }

// --- reference data: each row is what its event of that revision said -----------------------------------------------------------

static void wrong_reference(struct look *l, struct str kind, struct str id, const char *what)
{
	l->f->wrong(l->f->ctx, str_of(arena_printf(&l->arena, STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(id))), "reference", what);
}

static int check_reference(struct look *l, struct str kind, struct str id, int64_t revision, struct str body)
{
	unsigned char key[16];
	struct str line = {0}, name = str_of(arena_printf(&l->arena, "reference:" STR_FMT ":" STR_FMT ":%lld", STR_ARG(kind), STR_ARG(id), (long long)revision));
	struct json j = {0};
	struct json_error bad;
	event_key(S("oms"), name, key);
	struct rows *r = db_query(l->f->db, l->e, SQL_EVENT_BY_KEY, B(key, sizeof key));
	int more = r ? rows_next(r, l->e) : -1;
	if (more < 0) return -1;
	if (!more) return wrong_reference(l, kind, id, arena_printf(&l->arena, "no event in the log says revision %lld of it", (long long)revision)), 0;
	struct err why = {0};
	int unread = codec_unpack(l->f->codec, &why, &l->arena, row_int(r, 0), row_int(r, 1), row_str(r, 2), &line);
	rows_end(r);
	if (!unread && json_parse(&j, line, &bad)) {
		uint32_t record = json_getz(&j, json_getz(&j, 0, "body"), "record");
		if (!record || !str_eq(json_raw(&j, record), body)) wrong_reference(l, kind, id, "the log says something else of it");
	} else wrong_reference(l, kind, id, "its event is damaged");
	json_free(&j);
	return 0;
}

static int check_references(struct look *l)
{
	struct rows *r = db_query(l->f->db, l->e, SQL_FSCK_REFERENCES, END);
	int more = -1, bad = 0;
	while (r && !bad && (more = rows_next(r, l->e)) > 0) {
		struct arena_mark mark = arena_mark(&l->arena);
		struct str kind = row_str(r, 0), id = row_str(r, 1), body = row_str(r, 3);
		if (reference_named(kind) < 0) wrong_reference(l, kind, id, "it is of no kind that is known");
		else bad = check_reference(l, kind, id, row_int(r, 2), body);
		arena_reset(&l->arena, mark);
	}
	if (bad) rows_end(r);
	return bad || more < 0 ? -1 : 0;
}

// Nothing that was said is lost: as many events as revisions, and for each that was booked a movement.
static int check_events(struct look *l)
{
	struct rows *r = db_query(l->f->db, l->e, SQL_FSCK_OWN_EVENTS, I(EV_REFERENCE_SET), I(EV_STOCK_BOOKED));
	int more = r ? rows_next(r, l->e) : -1;
	if (more <= 0) return more;
	long long said = cell(r, 0), kept = cell(r, 1), booked = cell(r, 2), moved = cell(r, 3);
	rows_end(r);
	if (said != kept) l->f->wrong(l->f->ctx, S("reference data"), "reference", arena_printf(&l->arena, "the log sets %lld revisions, and there are %lld", said, kept));
	if (booked != moved) l->f->wrong(l->f->ctx, S("stock"), "stock", arena_printf(&l->arena, "the log books %lld movements of stock, and the ledger has those of %lld", booked, moved));
	return 0;
}

int fsck_stock(const struct fsck_stock *f, struct err *e)
{
	struct look l = {.f = f, .e = e};
	int bad = each_fault(&l, SQL_FSCK_STOCK_NEWEST, newest) || each_fault(&l, SQL_FSCK_STOCK_RESERVED, reserved) || each_fault(&l, SQL_FSCK_RESERVED_NOWHERE, reserved) ? -1 : 0;
	if (!bad && f->deep)
		bad = each_fault(&l, SQL_FSCK_STOCK_SUMS, sums) || each_fault(&l, SQL_FSCK_MOVEMENT_CHAIN, chain) || each_fault(&l, SQL_FSCK_MOVEMENT_FORK, forked)
			|| each_fault(&l, SQL_FSCK_MOVEMENT_EVENT, eventless) || each_fault(&l, SQL_FSCK_MOVEMENT_LOOSE, loose) || check_references(&l) || check_events(&l) ? -1 : 0;
	arena_free(&l.arena);
	return bad;
}
