// Reference data as rows, and the catalog: the same in memory, for who asks for it order after order.
#ifndef REFERENCE_STORE_H
#define REFERENCE_STORE_H
#include "db.h"
#include "reference.h"

struct reference_row { struct str id, body; int64_t revision, changed_at; };
int reference_get(struct db *d, struct err *e, struct arena *a, enum reference_kind k, struct str id, struct reference_row *to); // 1, 0 none, -1
int reference_put(struct db *d, struct err *e, enum reference_kind k, const struct reference_row *r);
int reference_page(struct db *d, struct err *e, struct arena *a, enum reference_kind k, struct str after_id, size_t most, struct reference_row **list, size_t *n);

// The catalog: kept until another process commits, or until reference_put here. NULL and e untouched: there is none.
const struct sku_ref *catalog_sku(struct db *d, struct err *e, struct str sku);
// Zones, warehouses and services, in the order of (priority, id); zones by id.
int catalog_zones(struct db *d, struct err *e, const struct zone_ref **list, size_t *n);
int catalog_warehouses(struct db *d, struct err *e, const struct warehouse_ref **list, size_t *n);
int catalog_services(struct db *d, struct err *e, const struct service_ref **list, size_t *n);
// The most specific rule wins: (sku, warehouse, channel), (sku, warehouse), (category, warehouse), (sku), (category), else 0.
// *by: the rule's id, "" where none is set. 0 or -1.
int catalog_safety(struct db *d, struct err *e, struct str sku, struct str category, struct str warehouse, struct str channel, int64_t *quantity, struct str *by);
void catalog_trim(struct db *d); // between orders: forgets where it has grown large
#endif
