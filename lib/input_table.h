// Rows of a table as JSON records: a row each, or the neighbours that share a cell.
#ifndef INPUT_TABLE_H
#define INPUT_TABLE_H
#include "csv.h"
#include "input_bytes.h"

struct input_table {
	struct bytes *s;
	struct csv_reader *csv;
	struct arena arena;
	struct str *name;          // of the columns, each as `"name":`
	size_t n;
	size_t group;              // the column that groups, or SIZE_MAX
	struct csv_row row;        // read, not used yet where held
	bool held, doubt;          // doubt: the row before was broken, and may have belonged to what comes now
	struct buf raw, json, key, why;
	struct seen_group { uint64_t hash, rows; } *seen; // the groups so far; hash 0 is free
	size_t seen_n, seen_cap, rows, in_group;
	struct str header;         // its bytes
};
// Reads to the header: the first line, or the first that holds all the names of `header`. 0 or -1.
int input_table_start(struct input_table *t, struct bytes *s, char delimiter, const char *group, const char *const *header, struct err *e);
int input_table_next(struct input_table *t, struct piece *p); // 1, 0, -1
void input_table_free(struct input_table *t);
#endif
