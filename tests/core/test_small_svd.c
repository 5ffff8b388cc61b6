/*
 * small_svd against LAPACK on matrices that are hard in different ways, and
 * the independence of the matrices of a batch from one another.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/linalg.h"
#include "core/small_svd.h"
#include "core/util.h"
#include "tests/tap.h"

enum { BATCH = SMALL_SVD_BATCH };

static double
uniform(void)
{
	return 2 * drand48() - 1;
}

static double
random_entry(size_t r, size_t c, size_t n)
{
	(void)r, (void)c, (void)n;
	return uniform();
}

static double
graded(size_t r, size_t c, size_t n)
{
	(void)n;
	return uniform() * exp(-1.3 * (double)(r + c));
}

static double
half_rank(size_t r, size_t c, size_t n)
{
	(void)r;
	return c < n / 2 ? uniform() : 0;
}

static double
corner(size_t r, size_t c, size_t n)
{
	(void)n;
	return r < 3 && c < 2 ? uniform() : 0;
}

static double
identity(size_t r, size_t c, size_t n)
{
	(void)n;
	return r == c;
}

static double
near_identity(size_t r, size_t c, size_t n)
{
	(void)n;
	return (r == c) + 1e-9 * uniform();
}

static double
hilbert(size_t r, size_t c, size_t n)
{
	(void)n;
	return 1.0 / (double)(r + c + 1);
}

static double
steps(size_t r, size_t c, size_t n)
{
	(void)n;
	return r >= c;
}

static double
tiny(size_t r, size_t c, size_t n)
{
	(void)r, (void)c, (void)n;
	return uniform() * 1e-200;
}

static double
zero(size_t r, size_t c, size_t n)
{
	(void)r, (void)c, (void)n;
	return 0;
}

static double
two_scales(size_t r, size_t c, size_t n)
{
	return uniform() * (r < n / 2 ? 1 : 1e-12) * (c % 2 ? 1 : 1e-5);
}

static const struct {
	const char *name;
	double (*entry)(size_t r, size_t c, size_t n);
} matrices[] = {
	{ "random", random_entry }, { "graded", graded },
	{ "half rank", half_rank }, { "corner", corner },
	{ "identity", identity }, { "near identity", near_identity },
	{ "Hilbert", hilbert }, { "steps", steps }, { "tiny", tiny },
	{ "zero", zero }, { "two scales", two_scales },
};

static double *
room(size_t count)
{
	void *p = NULL;

	if (util_alloc(&p, count, sizeof(double), "test") != STATUS_OK)
		exit(1);
	memset(p, 0, count * sizeof(double));
	return p;
}

/* Largest difference over s1 between the batch and LAPACK. */
static double
worst_error(struct workspace *work, const double *a, const double *values,
	size_t n)
{
	double *one = room(n * n), *s = room(n), worst = 0;

	for (size_t m = 0; m < BATCH; m++) {
		for (size_t k = 0; k < n * n; k++)
			one[k] = a[k * BATCH + m];
		if (linalg_singular_values(s, work, one, n, n) != STATUS_OK)
			worst = INFINITY;
		for (size_t k = 0; k < n; k++)
			worst = fmax(worst, fabs(s[k] - values[k * BATCH + m])
				/ (s[0] > 0 ? s[0] : 1));
	}
	free(one);
	free(s);
	return worst;
}

static void
test_against_lapack(struct workspace *work, size_t which)
{
	double worst = 0, most = 0;
	unsigned failed = 0;

	for (size_t n = 1; n <= SMALL_SVD_MAX; n++) {
		double *a = room(n * n * BATCH), *values = room(n * BATCH);
		double *scratch = room(small_svd_scratch(n));

		for (size_t k = 0; k < n * n * BATCH; k++)
			a[k] = matrices[which].entry(k / BATCH / n,
				k / BATCH % n, n);
		failed |= small_svd(values, a, n, scratch);
		worst = worst_error(work, a, values, n);
		most = fmax(most, worst / (double)n);
		free(a);
		free(values);
		free(scratch);
	}
	ok(!failed, "%s: n = 1 .. %d converge", matrices[which].name,
		SMALL_SVD_MAX);
	ok(most < 20 * DBL_EPSILON, "%s: within 20 n eps s1 of LAPACK (%.1f)",
		matrices[which].name, most / DBL_EPSILON);
}

/* The same matrix first among zeros, last among random ones. */
static void
test_company(void)
{
	enum { N = 16 };
	double *alone = room(N * N * BATCH), *among = room(N * N * BATCH);
	double *x = room(N * BATCH), *y = room(N * BATCH);
	double *scratch = room(small_svd_scratch(N));
	bool same = true;

	for (size_t k = 0; k < N * N; k++) {
		for (size_t m = 0; m < BATCH; m++)
			among[k * BATCH + m] = uniform();
		alone[k * BATCH] = among[k * BATCH + BATCH - 1];
	}
	small_svd(x, alone, N, scratch);
	small_svd(y, among, N, scratch);
	for (size_t k = 0; k < N; k++)
		same &= x[k * BATCH] == y[k * BATCH + BATCH - 1];
	ok(same, "a matrix has the same bits in any company");
	free(alone);
	free(among);
	free(x);
	free(y);
	free(scratch);
}

int
main(void)
{
	struct workspace *work;

	linalg_start();
	srand48(1);
	work = workspace_new();
	for (size_t k = 0; k < LENGTH(matrices); k++)
		test_against_lapack(work, k);
	test_company();
	workspace_free(work);
	return done();
}
