/*
 * Text from outside: tokens, names, labels. It reaches a terminal or a table
 * only through here, so an escape sequence in a token is text, not a command.
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stddef.h>

/* A copy safe to print on one line: valid UTF-8 stays, control characters
 * (C0, DEL, C1), line and paragraph separators, bidi overrides and invalid
 * bytes become \n, \t or \xNN (one per byte), a backslash becomes \\ . For
 * tables (DESIGN 4) and messages. malloc'd. */
char *text_escape(const char *bytes, size_t size);

/* Code points (host-order UCS-4, as in numpy's <U) up to the first NUL or
 * count, as UTF-8; surrogates and values above U+10FFFF become U+FFFD. */
char *text_from_ucs4(const unsigned char *data, size_t count, int big_endian);

#endif
