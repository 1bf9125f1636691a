// What there is of reference data, as records: what is known of a kind, the kinds, and their fields; and the columns of a table of them.
#ifndef LOAD_LIST_H
#define LOAD_LIST_H
#include "out.h"
#include "reference_store.h"

int load_row_json(struct buf *b, struct err *e, enum reference_kind k, const struct reference_row *row); // oms.reference/1; E_BUG
void load_kind_json(struct buf *b, enum reference_kind k);                                       // oms.kind/1
void load_field_json(struct buf *b, enum reference_kind k, const struct reference_field *f);     // oms.field/1
const struct out_column *load_columns(enum reference_kind k, size_t *n); // of rows; they stand until the next call
#endif
