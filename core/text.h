/*
 * Text from outside: tokens, names, labels. It reaches a terminal or a table
 * only through here, so an escape sequence in a token is text, not a command.
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A copy safe to print on one line: valid UTF-8 stays, control characters
 * (C0, DEL, C1), line and paragraph separators, bidi overrides and invalid
 * bytes become \n, \t or \xNN (one per byte), a backslash becomes \\ . For
 * tables (DESIGN 4) and messages. malloc'd. */
char *text_escape(const char *bytes, size_t size);

/* The bytes that text_escape was given, *size of them and a NUL. malloc'd. */
char *text_unescape(size_t *size, const char *escaped);

/* Bytes of the UTF-8 sequence at p (n > 0 of them left), its code point in
 * *out; 0 where it is not valid (RFC 3629: shortest form, no surrogates). */
size_t text_decode(uint32_t *out, const char *p, size_t n);

/* Does this code point move the cursor, end a line or reorder text? */
bool text_is_unsafe(uint32_t c);

/* Is all of it valid UTF-8 without such code points, a tab among them? */
bool text_is_safe(const char *bytes, size_t size);

/* Code points (UCS-4, as in numpy's <U) but for NULs at the end, as UTF-8 of
 * *size bytes (NULL: not wanted) and a NUL; surrogates and values above
 * U+10FFFF become U+FFFD. */
char *text_from_ucs4(const unsigned char *data, size_t count, int big_endian,
	size_t *size);

#endif
