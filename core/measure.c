#include "core/measure.h"

#include <math.h>

bool
tolerance_equal(struct tolerance a, struct tolerance b)
{
	return a.kind == b.kind && a.value == b.value;
}

double
tolerance_threshold(struct tolerance tol, const struct spectrum *s)
{
	if (tol.kind == TOLERANCE_ABSOLUTE)
		return tol.value;
	return s->count ? tol.value * s->values[0] : 0;
}

size_t
ess_tolerance(const struct spectrum *s, struct tolerance tol)
{
	double threshold = tolerance_threshold(tol, s);
	size_t low = 0, high = s->count;

	/* Values descend: the first that is not above the threshold. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->values[middle] > threshold)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

double
ess_entropy(const double *values, size_t count)
{
	double sum = 0, entropy = 0;

	for (size_t k = count; k-- > 0;)
		sum += values[k];
	if (!(sum > 0))
		return 0;
	for (size_t k = count; k-- > 0;) {
		double p = values[k] / sum;

		if (p > 0)
			entropy -= p * log(p);
	}
	return exp(entropy);
}
