#include <math.h>

#include "core/measure.h"
#include "tests/tap.h"

static struct spectrum
spectrum_of(const double *values, size_t count)
{
	struct spectrum s = { .count = count, .values = values };

	(void)spectrum_finish(&s);
	return s;
}

static void
test_tolerance(void)
{
	static const double values[] = { 8, 4, 2, 1, 0.5, 0 };
	struct spectrum s = spectrum_of(values, 6);
	struct tolerance tol = { TOLERANCE_ABSOLUTE, 2 };

	ok(ess_tolerance(&s, tol) == 2, "strictly greater: 2 is not above 2");
	tol.value = 0;
	ok(ess_tolerance(&s, tol) == 5, "0 is not above 0");
	tol = (struct tolerance){ TOLERANCE_RELATIVE, 0.25 };
	ok(ess_tolerance(&s, tol) == 2, "relative to the largest");
	tol.value = 1;
	ok(ess_tolerance(&s, tol) == 0, "nothing is above the largest");
	tol.value = 2;
	ok(ess_tolerance(&s, tol) == 0, "a tolerance above 1 counts nothing");
}

static void
test_entropy(void)
{
	static const double flat[] = { 3, 3, 3, 3 }, one[] = { 5, 0, 0 };
	static const double zero[] = { 0, 0 };
	struct spectrum s = spectrum_of(flat, 4);

	ok(fabs(s.entropy - 4) < 1e-14, "four equal values are four");
	ok(s.sum == 12, "the sum is kept");
	s = spectrum_of(one, 3);
	ok(s.entropy == 1, "one value is one");
	s = spectrum_of(zero, 2);
	ok(s.entropy == 0 && ess_tolerance(&s, TOLERANCE_DEFAULT) == 0,
		"H = 0 has no state");
	s = spectrum_of(NULL, 0);
	ok(s.entropy == 0 && ess_tolerance(&s, TOLERANCE_DEFAULT) == 0,
		"no value has no state");
}

int
main(void)
{
	test_tolerance();
	test_entropy();
	return done();
}
