// The names of one object: is one of them there twice?
#ifndef JSON_NAME_H
#define JSON_NAME_H
#include "json.h"

// The node of a name that stood before in the object `i` (an escape says what it stands for), or 0. `i` is the last on the
// tape and has its n; the tape may be moved, for its free end is where the names are sorted.
uint32_t json_name_twice(struct json *j, uint32_t i);
#endif
