/*
 * The choice among the widths of registers at run time. The mathematics is in
 * tridiagonal_lanes.inc.
 */
#include "core/tridiagonal.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/lanes.h"

/* Registers side by side in a QR iteration, which waits for its divisions. */
enum { GROUPS = TRIDIAGONAL_GROUPS };

/* Less than two sweeps a value are usual; this many mean that it never ends. */
enum { TURNS_PER_VALUE = 30 };

/* The square of a coupling beside entries of order 1 that moves no eigenvalue
 * by more than 1e-17. */
static const double negligible = 1e-34;

#define LANES_BODY "core/tridiagonal_lanes.inc"
#include "core/lanes_widths.inc"

size_t
tridiagonal_room(size_t lanes, size_t n)
{
	return 4 * n * lanes;
}

void
tridiagonal_reduce(double *diagonal, double *beside, double *a, size_t n,
	size_t lanes, double *room)
{
	LANES_OF(reduce, lanes)(diagonal, beside, a, n, room);
}

unsigned
tridiagonal_values(double *diagonal, double *beside, size_t n, size_t lanes)
{
	return LANES_OF(values, lanes)(diagonal, beside, n);
}
