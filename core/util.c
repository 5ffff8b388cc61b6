#include "core/util.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static _Noreturn void
die_of_memory(void)
{
	fputs("esscope: not enough memory\n", stderr);
	exit(EXIT_FAILURE);
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		die_of_memory();
	return p;
}

void *
xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		die_of_memory();
	return p;
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
	void *p = reallocarray(old, count ? count : 1, size ? size : 1);

	if (!p)
		die_of_memory();
	return p;
}

char *
xstrdup(const char *text)
{
	return xstrndup(text, strlen(text));
}

char *
xstrndup(const char *text, size_t size)
{
	char *p = xmalloc(size + 1);

	memcpy(p, text, size);
	p[size] = '\0';
	return p;
}

char *
xasprintf(const char *fmt, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		die_of_memory();
	return text;
}

enum { HUGE_BYTES = 4 << 20 };

/* Large pages for a large block, where the system has them: faulting in 4 KiB
 * at a time costs more than reading a stored member. */
static void
advise_huge(void *p, size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t skip = (page - (size_t)p % page) % page;

	if (bytes >= HUGE_BYTES)
		madvise((char *)p + skip, bytes - skip, MADV_HUGEPAGE);
}

enum status
util_alloc(void **out, size_t count, size_t size, const char *what)
{
	size_t bytes;
	void *p;

	if (!size_mul(&bytes, count, size) || !size_add(&bytes, bytes, 63))
		return status_set(STATUS_MEMORY, "%s: %zu x %zu bytes is more "
			"than this machine can address", what, count, size);
	bytes = size_max(bytes & ~(size_t)63, 64);
	p = aligned_alloc(64, bytes);
	if (!p)
		return status_set(STATUS_MEMORY,
			"%s: no memory for %zu bytes", what, bytes);
	advise_huge(p, bytes);
	*out = p;
	return STATUS_OK;
}

bool
size_mul(size_t *out, size_t a, size_t b)
{
	size_t product;

	if (__builtin_mul_overflow(a, b, &product))
		return false;
	*out = product;
	return true;
}

bool
size_add(size_t *out, size_t a, size_t b)
{
	size_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*out = sum;
	return true;
}

int
double_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The run of digits at *p without leading zeros; *p moves behind it. */
static const char *
digits(const char **p, size_t *length)
{
	const char *start;

	while (**p == '0')
		(*p)++;
	start = *p;
	while (isdigit((unsigned char)**p))
		(*p)++;
	*length = (size_t)(*p - start);
	return start;
}

int
natural_compare(const char *a, const char *b)
{
	const char *p = a, *q = b;

	while (*p && *q) {
		if (isdigit((unsigned char)*p) && isdigit((unsigned char)*q)) {
			size_t m, n;
			const char *x = digits(&p, &m), *y = digits(&q, &n);
			int order = m != n ? (m < n ? -1 : 1) : memcmp(x, y, m);

			if (order)
				return order;
		} else {
			if (*p != *q)
				return (unsigned char)*p < (unsigned char)*q
					? -1 : 1;
			p++;
			q++;
		}
	}
	if (*p || *q)
		return *p ? 1 : -1;
	return strcmp(a, b);
}
