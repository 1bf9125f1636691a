// Where JSON records start and end in a stream: lines, documents behind each other, elements of an array.
#ifndef INPUT_JSON_H
#define INPUT_JSON_H
#include "input_bytes.h"
#include "json.h"

enum input_array { ARRAY_NONE, ARRAY_FIRST, ARRAY_COMMA, ARRAY_ELEMENT, ARRAY_RESYNC }; // what was read last in an array
struct input_json {
	struct bytes *s;
	uint64_t line, line_at;      // of s->pos: its number; where it starts in the input
	size_t indent;               // blanks before the first byte of the line
	bool fresh;                  // no byte of the line was seen but blanks
	enum input_array array;
	uint64_t array_line;         // where its [ stands
	size_t array_indent;
	bool one_line;               // its broken element started in that line
	bool lines;                  // every record so far stood in one line: JSON Lines
	uint64_t count;
	// of the record at hand
	size_t at;                   // bytes of it behind s->pos that were looked at
	uint32_t depth;
	uint64_t objects;            // a bit a level: is it an object?
	char last;                   // the last byte that was no blank; a string counts as "
	bool string, escape, large;
	struct buf head;             // of a record too large to hold
	struct json json;
};
void input_json_start(struct input_json *x, struct bytes *s);
// 1, 0 at the end, -1 failed. A piece that is not broken may still be refused by the parser, which has the last word.
int input_json_next(struct input_json *x, struct piece *p);
void input_json_free(struct input_json *x);
#endif
