// Members of JSON records (RFC 8259), written one behind the other: each says only its name and value, the commas come by
// themselves, and a value that is absent is no member at all.
//
//	member_record(b, "oms.found/1");            {"schema":"oms.found/1"
//	member_text(b, "id", o->id);                ,"id":"shop:7"
//	member_open(b, "lines", '[');               ,"lines":[
//	for (…) { member_item(b, '{'); …; buf_c(b, '}'); }
//	buf_cstr(b, "]}");
//
// The comma is decided by the byte before it: never first in the buffer, never behind an opening bracket. So b must hold
// nothing but JSON since that bracket; names are written as they are, and must need no escape.
#ifndef MEMBER_H
#define MEMBER_H
#include "date.h"
#include "money.h"
#include "str.h"

void member_record(struct buf *b, const char *schema);              // begins an object of that kind: oms.order/1
void member_key(struct buf *b, const char *name);                   // the caller writes the value
void member_open(struct buf *b, const char *name, char bracket);    // a value of many; the caller closes it
void member_item(struct buf *b, char bracket);                      // the next of a list: '{' or '[', or 0 for a plain value
void member_text(struct buf *b, const char *name, struct str s);    // absent: no member
void member_word(struct buf *b, const char *name, const char *s);   // NULL: no member
void member_texts(struct buf *b, const char *name, const struct str *v, size_t n); // [] where there are none
void member_whole(struct buf *b, const char *name, int64_t v);
void member_id(struct buf *b, const char *name, int64_t id);          // a number that names something: ids are texts
void member_flag(struct buf *b, const char *name, bool v);
void member_money(struct buf *b, const char *name, int64_t minor, int digits); // a decimal string; MONEY_NONE: no member
void member_instant(struct buf *b, const char *name, int64_t at);   // RFC 3339, UTC; DATE_NONE: no member
#endif
