/*
 * How firm a count is: the range of tolerances over which tolerance-ESS stays
 * what it is. ESS against the tolerance is a staircase that steps at every
 * singular value, so ESS k holds for s_{k+1} <= tau < s_k; a plateau is such a
 * range, and its width log10(s_k / s_{k+1}) is in decades. A count that sits
 * on a wide one does not hang on the choice of the tolerance.
 *
 * Below the floor nothing is resolved: a plateau ends there at the latest.
 * Thresholds are absolute, in units of s. Any thread.
 */
#ifndef CORE_PLATEAU_H
#define CORE_PLATEAU_H

#include <stdbool.h>
#include <stddef.h>

#include "core/measure.h"
#include "core/spectrum.h"

struct plateau {
	size_t ess;             /* the count for low <= tau < high */
	double low, high;       /* high INFINITY where ESS is 0 */
};

/* In decades; INFINITY where either end is open. */
double plateau_decades(const struct plateau *plateau);

/* The one that holds the tolerance. Below the floor it is not cut off: low is
 * then what is listed, 0 where nothing is below. */
struct plateau plateau_at(const struct spectrum *s, struct tolerance tol);

/* The widest above the floor with ESS >= 1. ESS = ceiling (and above) only
 * counts where there is no other: there the structure ends the staircase, and
 * it is as wide as the arithmetic is good. False where nothing is above the
 * floor. */
bool plateau_widest(struct plateau *out, const struct spectrum *s,
	size_t ceiling);

/* The tolerance of that kind at its geometric middle, with as few digits as
 * stay within it. */
struct tolerance plateau_middle(const struct plateau *plateau,
	const struct spectrum *s, enum tolerance_kind kind);

#endif
