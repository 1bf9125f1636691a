// Small JSON files of our own (maps, rules, settings), read whole by jansson: errors name file, line and column.
#ifndef CONF_H
#define CONF_H
#include "err.h"
#include "str.h"

struct conf; // one value of a file; lives until conf_close of its root
// Loads and checks one file (duplicate keys refused). NULL with E_NOINPUT or E_CONFIG said.
struct conf *conf_load(struct err *e, const char *path);
struct conf *conf_parse(struct err *e, struct str text, const char *name);
void conf_close(struct conf *root);

enum conf_type { CONF_NULL, CONF_BOOL, CONF_NUMBER, CONF_STRING, CONF_ARRAY, CONF_OBJECT };
enum conf_type conf_type(const struct conf *c);
const struct conf *conf_get(const struct conf *c, const char *key); // NULL: none, or c is no object (c may be NULL)
const char *conf_text(const struct conf *c);                        // NULL where no string
const char *conf_text_at(const struct conf *c, const char *key, const char *otherwise);
int64_t conf_int(const struct conf *c, int64_t otherwise);
bool conf_bool(const struct conf *c, bool otherwise);
size_t conf_size(const struct conf *c);                             // members or elements
const struct conf *conf_item(const struct conf *c, size_t i);       // element i, or member i's value, in file order
const char *conf_key(const struct conf *c, size_t i);               // member i's name
char *conf_dump(const struct conf *c);                              // compact JSON, malloc'd; for examples in tests

// The folder of installed data: $OMS_SHARE, else ../share/oms beside the program's folder, else the one built in.
const char *share_dir(void);
// share_dir()/folder/name, then suffix, into buf with a NUL behind it; the buffer is the caller's to free.
void share_path(struct buf *to, const char *folder, const char *name, const char *suffix);
#endif
