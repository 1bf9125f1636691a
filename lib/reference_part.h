// What the parts of reference share: where each field of a record lies, and a record that says nothing yet.
#ifndef REFERENCE_PART_H
#define REFERENCE_PART_H
#include "reference.h"

struct reference_place { size_t at, n_at; }; // bytes into struct reference; n_at: of a list, where its length lies
struct reference_place reference_place(enum reference_kind k, const char *field);
// A record of that kind with nothing said: all at their defaults.
struct reference reference_none(enum reference_kind k);
// One fault more; past the first hundred they are one too many to read, and are left out.
void reference_fault(reference_faults *to, struct arena *a, const char *field, const char *code, const char *message, const char *what);
// What must hold of a record as a whole, once each of its fields is good.
void reference_check(const struct reference *r, struct arena *a, reference_faults *to);
#endif
