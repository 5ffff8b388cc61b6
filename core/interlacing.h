/*
 * What spectra at known positions a < p < b of a channel say of the spectrum
 * at p, which is not known: bounds on its counts and on s1, certain ones.
 *
 * From i to i+1, H loses the row T[i, :i] and gains the column T[i+1:, i].
 * Either way every singular value stays between its old neighbours (Cauchy
 * interlacing; Horn and Johnson, Matrix Analysis, 7.3), and the squares move
 * by at most the squared norm of what came or went (Weyl). What is said here
 * is of what the engine would compute at p, its rounding included.
 */
#ifndef CORE_INTERLACING_H
#define CORE_INTERLACING_H

#include <stddef.h>

#include "core/measure.h"
#include "core/operator.h"
#include "core/spectrum.h"

struct workspace;

/* Squared norms of what H loses and gains, as sums from the start: any step's
 * is a difference. Immutable once made. */
struct step_norms {
	size_t length;          /* L */
	double *rows;           /* rows[i]: sum of ||T[r, :r]||^2 over r < i */
	double *columns;        /* columns[i]: of ||T[r+1:, r]||^2 over r < i */
};

/* Reads all of T, which stays in the workspace where it is kept. */
enum status step_norms_new(struct step_norms **out, struct workspace *work,
	const struct operator *op);
void step_norms_free(struct step_norms *norms);

/* The nearest known spectra; NULL where there is none, or no norms. */
struct neighbours {
	const struct layer *layer;
	const struct spectrum *before, *after;
	const struct step_norms *norms;
};

/* Between two known positions: what neighbours point to. Not to be copied. */
struct gap {
	struct neighbours known;
	struct spectrum before, after;
};

/* Least and most. Two that are equal leave nothing open. */
struct count_bounds {
	size_t low, high;
};

struct value_bounds {
	double low, high;
};

/* tolerance-ESS at p, before->position < p < after->position. */
struct count_bounds interlacing_count(const struct neighbours *known, size_t p,
	struct tolerance tol);

/* s1 at p; high is INFINITY without norms. */
struct value_bounds interlacing_largest(const struct neighbours *known,
	size_t p);

#endif
