/*
 * Each neighbour bounds the unknown spectrum by itself, and what is left is
 * where all bounds overlap. For a neighbour m steps away, with R the squared
 * norm of the rows and columns lost on the way to p and G of those gained:
 *
 *	s_{k+m}(known) <= s_k(p)	s_k(known)^2 - R <= s_k(p)^2
 *	s_{k+m}(p) <= s_k(known)	s_k(p)^2 <= s_k(known)^2 + G
 *
 * because T[b:, :a] with the rows (columns) between added is either matrix.
 * A threshold relative to s1 lies between tau times the bounds of s1.
 */
#include "core/interlacing.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/hankel.h"
#include "core/operator_rows.h"
#include "core/util.h"

/* One known spectrum as seen from p. */
struct side {
	const struct spectrum *spectrum;
	size_t steps;                   /* m */
	double lost, gained;            /* R, G; INFINITY without norms */
};

void
step_norms_free(struct step_norms *norms)
{
	if (!norms)
		return;
	free(norms->rows);
	free(norms);
}

enum status
step_norms_new(struct step_norms **out, struct workspace *work,
	const struct operator *op)
{
	struct step_norms *norms = xcalloc(1, sizeof *norms);
	size_t L = op->length, parts = operator_parts(op);
	void *sums = NULL;
	struct operator_rows t;
	enum status status = operator_rows_open(&t, work, op);

	if (status == STATUS_OK)
		status = util_alloc(&sums, L + 1, 2 * sizeof(double),
			"norms of rows and columns");
	if (status != STATUS_OK) {
		free(norms);
		return status;
	}
	norms->length = L;
	norms->rows = sums;
	norms->columns = norms->rows + L + 1;
	for (size_t i = 0; i < 2 * (L + 1); i++)
		norms->rows[i] = 0;
	for (size_t i = 0; i < L; i++) {
		const double *row = operator_rows_get(&t, i);

		for (size_t k = 0; k < i * parts; k++) {
			norms->rows[i + 1] += row[k] * row[k];
			norms->columns[k / parts + 1] += row[k] * row[k];
		}
	}
	for (size_t i = 0; i < L; i++) {
		norms->rows[i + 1] += norms->rows[i];
		norms->columns[i + 1] += norms->columns[i];
	}
	*out = norms;
	return STATUS_OK;
}

/* sums[end] - sums[begin], and what rounding may have taken from it. */
static double
between(const double *sums, size_t begin, size_t end, size_t length)
{
	return sums[end] - sums[begin]
		+ 4 * DBL_EPSILON * (double)length * sums[length];
}

static struct side
side_new(const struct neighbours *known, const struct spectrum *spectrum,
	size_t p)
{
	const struct step_norms *norms = known->norms;
	size_t at = spectrum->position, begin = size_min(at, p);
	size_t end = size_max(at, p);
	struct side side = { spectrum, end - begin, INFINITY, INFINITY };
	double rows, columns;

	if (!norms)
		return side;
	rows = between(norms->rows, begin, end, norms->length);
	columns = between(norms->columns, begin, end, norms->length);
	/* Towards the end rows go and columns come. */
	side.lost = at < p ? rows : columns;
	side.gained = at < p ? columns : rows;
	return side;
}

/* At most two; returns how many. */
static size_t
sides_new(struct side sides[2], const struct neighbours *known, size_t p)
{
	size_t count = 0;

	if (known->before)
		sides[count++] = side_new(known, known->before, p);
	if (known->after)
		sides[count++] = side_new(known, known->after, p);
	return count;
}

/* Values of the neighbour above a threshold; it may be below 0. */
static size_t
above(const struct spectrum *spectrum, double threshold)
{
	struct tolerance tol = { TOLERANCE_ABSOLUTE, threshold };

	return ess_tolerance(spectrum, tol);
}

/* s_k of the neighbour, k from 1. */
static double
value(const struct spectrum *spectrum, size_t k)
{
	return k <= spectrum->count ? spectrum->values[k - 1] : 0;
}

static double
square(double x)
{
	return x * x;
}

struct value_bounds
interlacing_largest(const struct neighbours *known, size_t p)
{
	struct value_bounds s1 = { 0, INFINITY };
	struct side sides[2];
	size_t count = sides_new(sides, known, p);

	for (size_t k = 0; k < count; k++) {
		const struct side *side = &sides[k];
		double error = side->spectrum->error;
		double first = value(side->spectrum, 1);
		double kept = square(fmax(first - error, 0)) - side->lost;

		s1.low = fmax(s1.low, value(side->spectrum, side->steps + 1)
			- error);
		if (kept > 0)
			s1.low = fmax(s1.low, sqrt(kept));
		s1.high = fmin(s1.high, sqrt(square(first + error)
			+ side->gained));
	}
	return s1;
}

/* How far what is computed at p may be from exact, as at the neighbour, in
 * proportion to s1. */
static double
error_at(const struct side *side, struct value_bounds s1)
{
	double first = value(side->spectrum, 1);

	if (!(first > 0) || isinf(s1.high))
		return side->spectrum->error;
	return side->spectrum->error * fmax(1, s1.high / first);
}

/* At least so many values at p are above the threshold. */
static size_t
count_low(const struct side *side, double threshold, double error)
{
	const struct spectrum *spectrum = side->spectrum;
	double own = threshold + error;
	size_t kept = above(spectrum, own + spectrum->error);
	size_t weyl = above(spectrum, sqrt(square(own) + side->lost)
		+ spectrum->error);

	kept = kept > side->steps ? kept - side->steps : 0;
	return size_max(kept, weyl);
}

/* And at most so many. A threshold that the neighbour does not resolve says
 * nothing. */
static size_t
count_high(const struct side *side, double threshold, double error)
{
	const struct spectrum *spectrum = side->spectrum;
	double own = threshold - error, rest = square(own) - side->gained;
	size_t most = SIZE_MAX;

	double least = fmax(spectrum->floor, spectrum->tail);

	if (own - spectrum->error > least)
		most = above(spectrum, own - spectrum->error) + side->steps;
	if (own > 0 && rest > square(least + spectrum->error))
		most = size_min(most, above(spectrum, sqrt(rest)
			- spectrum->error));
	return most;
}

/* What can be other than 0 by structure. */
static size_t
count_most(const struct layer *layer, size_t p)
{
	size_t rows, columns;

	hankel_block(layer, p, &rows, &columns);
	return size_min(size_min(rows, columns), hankel_count(layer, p));
}

struct count_bounds
interlacing_count(const struct neighbours *known, size_t p,
	struct tolerance tol)
{
	struct value_bounds s1 = interlacing_largest(known, p);
	struct count_bounds bounds = { 0, count_most(known->layer, p) };
	struct value_bounds threshold = { tol.value, tol.value };
	struct side sides[2];
	size_t count = sides_new(sides, known, p);

	if (tol.kind == TOLERANCE_RELATIVE) {
		threshold.low *= s1.low;
		threshold.high *= s1.high;
		if (tol.value >= 1)
			bounds.high = 0;
		else if (s1.low > 0)
			bounds.low = 1;
	}
	for (size_t k = 0; k < count; k++) {
		double error = error_at(&sides[k], s1);

		if (threshold.high < INFINITY)
			bounds.low = size_max(bounds.low, count_low(&sides[k],
				threshold.high, error));
		bounds.high = size_min(bounds.high, count_high(&sides[k],
			threshold.low, error));
	}
	bounds.low = size_min(bounds.low, bounds.high);
	return bounds;
}
