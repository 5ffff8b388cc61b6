/*
 * Small bookkeeping: allocations that cannot fail, sizes that cannot wrap.
 * Anything sized by a file or by the user goes through util_alloc, which
 * reports; the x-family is for our own small structures and ends the program.
 */
#ifndef CORE_UTIL_H
#define CORE_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* As malloc, calloc, realloc and strdup, but never NULL: without memory they
 * write one line and exit(1), whose handlers restore the terminal. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t size);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* count * size bytes, uninitialised, 64-byte aligned, for free(); on overflow
 * or without memory STATUS_MEMORY, naming what. *out is untouched on failure. */
enum status util_alloc(void **out, size_t count, size_t size, const char *what);

/* *out = a * b (a + b); false, and *out untouched, when it does not fit. */
bool size_mul(size_t *out, size_t a, size_t b);
bool size_add(size_t *out, size_t a, size_t b);

static inline size_t
size_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static inline size_t
size_max(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Of two doubles, for qsort; neither is NaN. */
int double_compare(const void *a, const void *b);

/* Names as people sort them: runs of digits compare by value, so layers.2
 * comes before layers.10. As strcmp; ties of value fall back to bytes. */
int natural_compare(const char *a, const char *b);

#endif
