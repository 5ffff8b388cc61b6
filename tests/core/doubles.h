/*
 * Doubles for tests: random ones, and room for them.
 */
#ifndef TESTS_CORE_DOUBLES_H
#define TESTS_CORE_DOUBLES_H

#include <stdlib.h>
#include <string.h>

#include "core/util.h"

/* In -1 .. 1, of srand48's seed. */
static inline double
uniform(void)
{
	return 2 * drand48() - 1;
}

/* count zeros, for free(). */
static inline double *
doubles(size_t count)
{
	void *p = NULL;

	if (util_alloc(&p, count, sizeof(double), "test") != STATUS_OK)
		abort();
	memset(p, 0, count * sizeof(double));
	return p;
}

#endif
