// A stream of records out of a file, whatever its form: JSON Lines, one document pretty-printed or not, several behind each
// other, an array, CSV and TSV. Told apart by looking, or said. Memory is bounded by the largest record.
#ifndef INPUT_H
#define INPUT_H
#include "err.h"
#include "str.h"

enum input_form { INPUT_AUTO, INPUT_JSON, INPUT_CSV, INPUT_TSV };
struct input_options {
	enum input_form form;
	char delimiter;         // CSV: 0 = look (',', ';', TAB, '|')
	const char *group;      // CSV: header of the column whose equal neighbours make one record; several names with | between: the first there is. NULL: a row a record
	const char *const *header; // CSV: names that must stand in a line for it to be the header; NULL: the first line is
};
struct record {
	struct str raw;      // the bytes as read (an array's element, a line, the CSV rows of a group with their line ends)
	struct str json;     // what to parse: raw for JSON; for CSV {"col":"cell",…}, or grouped {"rows":[{…},…]}; where rows of
	                     // that group stood further up, with others between: {"rows":[…],"rows_before":N}
	struct str header;   // CSV: the header's bytes with its line end, without which raw cannot be read again
	uint64_t line, number, at, end; // 1-based line of its start; 1-based count; byte offsets [at, end) in the input
	const char *broken;  // NULL, or a stable code: "csv_quote", "csv_cells", "csv_group", "json_truncated", "too_large" …
	const char *why;     // a sentence for broken
};
struct input;
// path "-" is standard input. o may be NULL. NULL with E_NOINPUT said; input_name and the records are valid until input_close.
struct input *input_open(struct err *e, const char *path, const struct input_options *o);
// f is called whenever the next read would block: the moment to let go of what is held back.
void input_before_wait(struct input *in, void (*f)(void *), void *arg);
// While waiting for more, asks whether to stop (a signal came): input_next then gives 0, and no half record.
void input_stop_when(struct input *in, bool (*stop)(void));
// 1 a record (valid until the next call), 0 the end, -1 failed (E_IO, or E_DATA: not readable as any form at all).
int input_next(struct input *in, struct record *r, struct err *e);
// Skips to behind the record `number` that ended at byte `end` (a resume); only for a regular file, before any input_next.
// E_DATA where no such record ends there. Lines, groups and arrays go on as if all had been read.
int input_seek(struct input *in, uint64_t end, uint64_t line, uint64_t number, struct err *e);
bool input_form_named(const char *word, enum input_form *form); // "json" "csv" "tsv"
enum input_form input_form(const struct input *in);
const char *input_name(const struct input *in);
bool input_regular(const struct input *in);
uint64_t input_size(const struct input *in); // bytes of a regular file, else 0
int input_fd(const struct input *in);
void input_close(struct input *in);
#endif
