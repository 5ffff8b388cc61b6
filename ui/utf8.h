/*
 * UTF-8, decoded and encoded here and not by the locale, so that the same
 * bytes mean the same characters under LANG=C.
 */
#ifndef UI_UTF8_H
#define UI_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { UTF8_MAX = 4 };

#define UTF8_INVALID UINT32_MAX

/* The code point at text, which is not at its end; returns its bytes. A byte
 * that starts no valid sequence (overlong forms and surrogates included) is
 * UTF8_INVALID and one byte long. Never reads past the NUL. */
size_t utf8_decode(uint32_t *out, const char *text);

/* Bytes a sequence starting with `lead` has: 1 to 4, 0 where none can. */
size_t utf8_length(unsigned char lead);

/* Writes code (U+FFFD where it is none) without a NUL; returns the bytes. */
size_t utf8_encode(char out[UTF8_MAX], uint32_t code);

#endif
