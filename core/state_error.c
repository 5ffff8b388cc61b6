/*
 * What rounding can do to the values of a recurrence. Steps that are rounded
 * each in its own way add up as independent errors do, by the root of their
 * number (Higham & Mary 2019). A decay that is the same at every step is
 * rounded the same way at every step: such errors add up by their number, but
 * no further back than the state remembers.
 */
#include "core/state_factors.h"

#include <complex.h>
#include <float.h>
#include <math.h>

#include "core/util.h"

/* The stretches that a sequence is looked at in, and steps of each. */
enum { STRETCHES = 64, STRETCH_MIN = 64, SAMPLES = 8 };

/* sums[k] -= log|a_k| of step t. A decay of 1 is not rounded at all. */
static void
add_decays(const struct state_factors *f, size_t t, double *sums)
{
	const double _Complex *complexes = (const double _Complex *)f->a;

	if (f->op->complex_modes)
		operator_complex_step(f->op, t, (double _Complex *)f->a, NULL,
			NULL);
	else
		f->op->kind->step(f->op, t, f->a, NULL, NULL);
	for (size_t k = 0; k < f->n; k++)
		sums[k] -= log(f->op->complex_modes ? cabs(complexes[k])
			: fabs(f->a[k]));
}

/* Steps after which the slowest state of some stretch has forgotten. */
double
state_memory(const struct state_factors *f)
{
	size_t L = f->op->length, count = size_max(1, size_min(STRETCHES,
		L / STRETCH_MIN));
	double most = 0, *sums = f->row;

	for (size_t s = 0; s < count; s++) {
		size_t begin = L / count * s;

		for (size_t k = 0; k < f->n; k++)
			sums[k] = 0;
		for (size_t m = 0; m < SAMPLES; m++)
			add_decays(f, begin + L / count * m / SAMPLES, sums);
		for (size_t k = 0; k < f->n; k++)
			if (sums[k] != 0)
				most = fmax(most, sums[k] > 0
					? SAMPLES / sums[k] : (double)L);
	}
	return most;
}

double
state_error(const struct state_factors *f, size_t i)
{
	double before = (double)i, after = (double)(f->op->length - i);
	double apart = sqrt(before) + sqrt(after);
	/* Half a unit in the last place each. */
	double alike = 0.5 * (fmin(before, f->memory)
		+ fmin(after, f->memory));

	return ((double)(f->n + 16) + fmax(apart, alike)) * DBL_EPSILON;
}
