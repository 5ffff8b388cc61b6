/*
 * Plateaus against a scan of tolerances: the count is constant over each, and
 * no run of the scan is longer than the widest.
 */
#include "core/plateau.h"

#include <math.h>
#include <stdint.h>

#include "tests/tap.h"

enum { VALUES = 24, PER_DECADE = 400 };

static double
random_unit(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(*state >> 11) / (double)(1ull << 53);
}

static struct spectrum
random_spectrum(double values[VALUES], uint64_t *state)
{
	double at = 2 * random_unit(state) - 1;

	for (int k = 0; k < VALUES; k++) {
		values[k] = pow(10, at);
		at -= random_unit(state) * random_unit(state);
	}
	return (struct spectrum){ .count = VALUES, .values = values,
		.floor = 1e-4 * values[0] };
}

/* Decades of the longest run of one count < ceiling above the floor. */
static double
scan(const struct spectrum *s, size_t ceiling, size_t *ess)
{
	size_t run = 0, longest = 0, before = 0;

	for (int n = 0; ; n++) {
		struct tolerance tol = { TOLERANCE_ABSOLUTE, s->floor
			* pow(10, (n + 0.5) / PER_DECADE) };
		size_t now = ess_tolerance(s, tol);

		run = now == before ? run + 1 : 1;
		before = now;
		if (now == 0)
			break;
		if (now < ceiling && run > longest) {
			longest = run;
			*ess = now;
		}
	}
	return (double)longest / PER_DECADE;
}

static void
test_widest(void)
{
	uint64_t state = 7;
	int right = 0, runs = 0;

	for (int n = 0; n < 200; n++) {
		double values[VALUES], width;
		struct spectrum s = random_spectrum(values, &state);
		struct plateau found, here;
		size_t ceiling = n % 2 ? SIZE_MAX : 5, ess = 0;
		struct tolerance middle;

		width = scan(&s, ceiling, &ess);
		if (!plateau_widest(&found, &s, ceiling))
			continue;
		runs++;
		middle = plateau_middle(&found, &s, n % 3 ? TOLERANCE_RELATIVE
			: TOLERANCE_ABSOLUTE);
		here = plateau_at(&s, middle);
		right += fabs(plateau_decades(&found) - width)
			<= 2.0 / PER_DECADE && here.ess == found.ess
			&& ess_tolerance(&s, middle) == found.ess
			&& here.high == found.high && here.low <= found.low;
	}
	ok(runs == 200 && right == runs, "the widest is that of a scan, and "
		"its middle lies on it");
}

static void
test_ends(void)
{
	static const double values[] = { 1, 0.1, 1e-6 };
	struct spectrum s = { .count = 3, .values = values, .floor = 1e-14 };
	struct tolerance tol = { TOLERANCE_RELATIVE, 0.1 };
	struct plateau at = plateau_at(&s, tol), widest;

	ok(at.ess == 1 && at.high == 1 && at.low == 0.1,
		"a value at the tolerance is not counted");
	tol.value = 1;
	at = plateau_at(&s, tol);
	ok(at.ess == 0 && isinf(plateau_decades(&at)), "nothing above s1");
	ok(plateau_widest(&widest, &s, 3) && widest.ess == 2,
		"below the last value the structure ends it: no plateau");
	ok(plateau_widest(&widest, &s, 4) && widest.ess == 3
		&& widest.low == 1e-14, "unless more were possible");
	s.count = 2;
	s.unlisted = 5;
	s.floor = 1e-8;
	tol.value = 1e-4;
	at = plateau_at(&s, tol);
	ok(plateau_widest(&widest, &s, 7) && widest.ess == 2
		&& widest.low == 1e-8 && at.low == 1e-8,
		"what is not listed is below the floor");
	s.floor = 2;
	ok(!plateau_widest(&widest, &s, 7), "nothing above the floor: none");
	s.count = 0;
	s.floor = 0;
	ok(!plateau_widest(&widest, &s, 7), "nothing at all: none");
	s.count = 1;
	ok(plateau_widest(&widest, &s, 1) && widest.ess == 1,
		"the ceiling's, where there is no other");
}

int
main(void)
{
	test_widest();
	test_ends();
	return done();
}
