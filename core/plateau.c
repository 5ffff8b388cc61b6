#include "core/plateau.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

double
plateau_decades(const struct plateau *plateau)
{
	if (!(plateau->low > 0) || isinf(plateau->high))
		return INFINITY;
	return log10(plateau->high / plateau->low);
}

/* The value that ends ESS = ess below; what is not listed may be as large as
 * the floor. */
static double
value_below(const struct spectrum *s, size_t ess)
{
	if (ess < s->count)
		return s->values[ess];
	return s->unlisted ? s->floor : 0;
}

struct plateau
plateau_at(const struct spectrum *s, struct tolerance tol)
{
	size_t ess = ess_tolerance(s, tol);

	return (struct plateau){
		.ess = ess,
		.low = value_below(s, ess),
		.high = ess ? s->values[ess - 1] : INFINITY,
	};
}

bool
plateau_widest(struct plateau *out, const struct spectrum *s, size_t ceiling)
{
	struct plateau best = { 0 }, last = { 0 };

	for (size_t k = 1; k <= s->count && s->values[k - 1] > s->floor; k++) {
		struct plateau next = { .ess = k, .high = s->values[k - 1],
			.low = fmax(value_below(s, k), s->floor) };

		if (!(next.high > next.low))
			continue;
		if (k >= ceiling)
			last = last.ess ? last : next;
		else if (!best.ess || plateau_decades(&next)
			> plateau_decades(&best))
			best = next;
	}
	if (!best.ess)
		best = last;
	if (!best.ess)
		return false;
	*out = best;
	return true;
}

struct tolerance
plateau_middle(const struct plateau *plateau, const struct spectrum *s,
	enum tolerance_kind kind)
{
	struct tolerance tol = { .kind = kind };
	double unit = kind == TOLERANCE_RELATIVE ? s->values[0] : 1;
	double low = plateau->low > 0 ? plateau->low : plateau->high / 100;
	double middle = sqrt(low) * sqrt(plateau->high) / unit;

	for (int digits = 1; digits <= 17; digits++) {
		char text[40];

		snprintf(text, sizeof text, "%.*e", digits, middle);
		tol.value = strtod(text, NULL);
		if (tolerance_threshold(tol, s) >= plateau->low
		    && tolerance_threshold(tol, s) < plateau->high)
			break;
	}
	return tol;
}
