// What the parts of an export share: columns, a row's cells, sums.
#ifndef EXPORT_PART_H
#define EXPORT_PART_H
#include "digest.h"
#include "export_page.h"

__extension__ typedef __int128 export_wide; // sums of 64 bits that cannot overflow

// Where a cell comes from and how it is written. P_: of the order's profile, which is kept in memory.
enum export_kind { X_TEXT, X_INT, X_MONEY, X_MINOR, X_AT, X_ON, X_FLAG, X_WORD, X_JSON, P_SOURCE, P_STATUS, P_PAYMENT, P_FULFILMENT, P_ATTENTION, P_SEGMENT };
struct export_column { const char *name; enum export_kind kind; unsigned from; enum axis axis; bool sum; };
enum { EXPORT_WIDEST = 64, EXPORT_DIGITS = 18, EXPORT_FLAWS_KEPT = 1000 }; // digits: behind the point of an amount, at most
struct export_set { const char *word, *schema; const struct export_column *column; size_t n; enum sql sql; const char *page, *screen; };
// page: what a register has of it; screen: what a narrow terminal shows of it, the most wanted first
extern const struct export_set export_sets[EXPORT_GRAINS];

struct export_cell { struct str s; int64_t i; }; // one of them, by the column's kind
struct export_profile { struct str source, segment; enum order_status status; enum payment_status payment; enum fulfilment_status fulfilment; unsigned attention; };
struct export_sum { struct str currency; int digits; export_wide total[EXPORT_WIDEST]; };
typedef VEC(struct export_sum) export_sums;

struct conf;
struct export_claim { // what a manifest says
	const struct export_set *set;
	enum export_grain grain;
	enum export_form form;
	const struct export_column *column[EXPORT_WIDEST];
	size_t n;
	bool header, closed;
	int64_t orders, rows, guarded, bytes, since, until, made_at;
	int64_t late_at;            // due before it, and the window is over due_at; else DATE_NONE
	const char *file, *zone, *sha256;
	const struct conf *sums, *documents, *filter, *flaws; // each of the shape it must have; flaws may be NULL
};
// name: of the manifest, for what is wrong with it: E_CONFIG.
int export_claim_read(struct err *e, const char *name, const struct conf *said, struct export_claim *c);

// The sums of a currency, made where there are none yet; they stay in the order of (currency, digits).
struct export_sum *export_sum_of(export_sums *sums, struct arena *a, struct str currency, int digits);
void export_wide_text(struct buf *b, export_wide v, int digits); // digits: EXPORT_DIGITS at most

struct export_writer { // rows to bytes
	enum export_form form;
	const struct export_column *column;
	size_t n;
	const char *schema, *zone;
	uint64_t guarded;
	int64_t day_slice;     // the quarter of an hour whose local date is in `day`
	char day[16];
	struct buf safe, json;
};
void export_write_head(struct export_writer *w, struct buf *b);
struct str export_safe(struct buf *b, struct str s); // as it stands in a cell of CSV, before quotes and guards: in b, or where it lies
// The cell as a page has it: local time, words with blanks, nothing quoted or made safe. In b, or where it lies.
struct str export_plain(struct export_writer *w, struct buf *b, const struct export_column *c, const struct export_cell *cell, int digits, const struct export_profile *p);
void export_write_row(struct export_writer *w, struct buf *b, const struct export_cell *cell, int digits, const struct export_profile *p);

struct export_document { uint64_t pages, rows, bytes; unsigned char sha256[32]; };

struct export {
	struct db *db;
	struct arena *arena, order; // for all of it; of the order at hand
	struct export_options o;
	const struct export_set *set;
	struct export_column column[EXPORT_WIDEST]; // those chosen
	struct export_writer writer;
	struct find *find;
	struct rows *rows;          // of the order at hand
	struct codec *codec;
	struct event *event;        // of the order at hand, in the order of the fold
	size_t events, event_next;
	int64_t order_key;
	VEC(struct export_profile) profiles; // by profile_id
	struct export_cell cell[EXPORT_WIDEST];    // of the row at hand
	int digits;
	const struct export_profile *profile;
	struct buf bytes;
	struct export_counts counted;
	bool head_told;
	struct sha256 hash;
	export_sums sums;
	struct export_sum *last;
	VEC(struct export_document) documents; // of a register
	VEC(struct export_flaw) flaws;         // the first EXPORT_FLAWS_KEPT
	uint64_t flawed;                       // fields of orders that have any
};
// The next row into cell, digits and profile; counted and, with .proof, summed up. 1, 0 at the end, -1.
int export_step(struct export *x, struct err *e);
#endif
