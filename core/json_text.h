/*
 * JSON of a form known beforehand (RFC 8259), read in place: for headers of
 * many megabytes, which as a tree would take forty times their size. A cursor
 * never leaves its text. Sentences name the byte.
 */
#ifndef CORE_JSON_TEXT_H
#define CORE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct json_cursor {
	const char *start, *p, *end;
};

/* Passes blanks. Is the next character the wanted one? It is passed then. */
bool scan_take(struct json_cursor *c, char wanted);

/* Has all but blanks been read? */
bool scan_at_end(struct json_cursor *c);

/* STATUS_FORMAT: something else was expected here. */
enum status scan_fail(const struct json_cursor *c, const char *expected);

/* The wanted character, or a failure. */
enum status scan_need(struct json_cursor *c, char wanted);

/* A string, its escapes undone, as UTF-8 with a NUL behind its *size bytes;
 * malloc'd. */
enum status scan_string(char **out, size_t *size, struct json_cursor *c);

/* A number that counts something: no sign, no fraction, no exponent. */
enum status scan_size(size_t *out, struct json_cursor *c);

#endif
