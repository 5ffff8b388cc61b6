/*
 * Triangular factors against what their products should be, R'R and R v, in
 * every version this processor can run; NaNs below the diagonal stay there.
 */
#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/complex_value.h"
#include "core/triangular.h"
#include "core/triangular_complex.h"
#include "core/util.h"
#include "tests/core/doubles.h"
#include "tests/tap.h"

enum { MOST = 40 };

struct square {
	double x[MOST * MOST];
};

/* Upper-triangular with NaNs below; rows shrink as those of real factors do. */
static struct square
random_factor(size_t n)
{
	struct square r;

	for (size_t k = 0; k < n; k++)
		for (size_t j = 0; j < n; j++)
			r.x[k * n + j] = j < k ? NAN
				: uniform() * exp(-0.3 * (double)k);
	return r;
}

/* R'R */
static struct square
gram(const struct square *r, size_t n)
{
	struct square g;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = 0;

			for (size_t k = 0; k <= i && k <= j; k++)
				sum += r->x[k * n + i] * r->x[k * n + j];
			g.x[i * n + j] = sum;
		}
	return g;
}

/* (R + u v')'(R + u v') */
static struct square
gram_rank_one(const struct square *r, const double *u, const double *v,
	size_t n)
{
	struct square a, g;

	for (size_t k = 0; k < n; k++)
		for (size_t j = 0; j < n; j++)
			a.x[k * n + j] = (j < k ? 0 : r->x[k * n + j])
				+ u[k] * v[j];
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			g.x[i * n + j] = 0;
			for (size_t k = 0; k < n; k++)
				g.x[i * n + j] += a.x[k * n + i]
					* a.x[k * n + j];
		}
	return g;
}

static double
distance(const struct square *x, const struct square *y, size_t n)
{
	double worst = 0;

	for (size_t k = 0; k < n * n; k++) {
		double d = fabs(x->x[k] - y->x[k]);

		worst = d <= worst ? worst : d;
		if (isnan(d))
			return INFINITY;
	}
	return worst;
}

static double
row_error(const struct triangular_version *version, size_t n)
{
	struct square r = random_factor(n), want = gram(&r, n), got;
	double v[MOST];

	for (size_t j = 0; j < n; j++)
		v[j] = j == 1 ? 0 : uniform();
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			want.x[i * n + j] += v[i] * v[j];
	version->add_row(r.x, v, n);
	got = gram(&r, n);
	return distance(&want, &got, n);
}

/* Several rows at once; in one of the columns their squares underflow. */
static double
rows_error(const struct triangular_version *version, size_t n, size_t rows)
{
	struct square r = random_factor(n), want = gram(&r, n), got;
	double v[TRIANGULAR_ROWS * MOST];

	for (size_t k = 0; k < rows * n; k++)
		v[k] = uniform() * (k % n == n / 2 ? 1e-170 : 1);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			for (size_t k = 0; k < rows; k++)
				want.x[i * n + j] += v[k * n + i] * v[k * n + j];
	version->add_rows(r.x, v, rows, n);
	got = gram(&r, n);
	return distance(&want, &got, n);
}

static double
rank_one_error(const struct triangular_version *version, size_t n)
{
	struct square r = random_factor(n), want, got;
	double u[MOST], v[MOST];

	for (size_t j = 0; j < n; j++) {
		u[j] = j == 2 ? 0 : uniform();
		v[j] = uniform();
	}
	want = gram_rank_one(&r, u, v, n);
	version->add_rank_one(r.x, u, v, n);
	got = gram(&r, n);
	return distance(&want, &got, n);
}

static double
linear_error(const struct triangular_version *version, size_t n)
{
	struct square r = random_factor(n);
	double a[MOST], ones[MOST], u[MOST], got[MOST], worst = 0;

	for (size_t j = 0; j < n; j++) {
		a[j] = uniform();
		ones[j] = 1;
	}
	version->times_vector(u, r.x, a, n);
	version->scale_columns(r.x, a, n);
	version->times_vector(got, r.x, ones, n);
	for (size_t k = 0; k < n; k++) {
		double sum = 0;

		for (size_t j = k; j < n; j++)
			sum += r.x[k * n + j];
		worst = fmax(worst, fabs(u[k] - sum) + fabs(got[k] - sum));
		if (isnan(u[k] + got[k]))
			return INFINITY;
	}
	return worst;
}

/* All of the above in turn, from one seed. */
static struct square
walk(const struct triangular_version *version, size_t n)
{
	struct square r;
	double u[MOST], v[MOST], a[MOST], many[3 * MOST];

	memset(&r, 0, sizeof r);
	srand48(7);
	for (int step = 0; step < 60; step++) {
		for (size_t j = 0; j < n; j++) {
			u[j] = uniform();
			v[j] = uniform();
			a[j] = uniform() * exp(-(double)j);
		}
		for (size_t j = 0; j < 3 * n; j++)
			many[j] = uniform();
		version->add_row(r.x, v, n);
		version->times_vector(u, r.x, a, n);
		version->scale_columns(r.x, a, n);
		version->add_rows(r.x, many, 3, n);
		version->add_rank_one(r.x, u, a, n);
	}
	for (size_t k = 0; k < n; k++)
		for (size_t j = 0; j < k; j++)
			r.x[k * n + j] = 0;
	return r;
}

static void
test_version(const struct triangular_version *version)
{
	double row = 0, rows = 0, rank_one = 0, linear = 0;
	bool same = true;

	srand48(1);
	for (size_t n = 1; n <= MOST; n++) {
		struct square best = walk(triangular_version(0), n);
		struct square ours = walk(version, n);

		same &= !memcmp(best.x, ours.x, n * n * sizeof *ours.x);
		row = fmax(row, row_error(version, n));
		rows = fmax(rows, rows_error(version, n,
			1 + n % TRIANGULAR_ROWS));
		rank_one = fmax(rank_one, rank_one_error(version, n));
		linear = fmax(linear, linear_error(version, n));
	}
	ok(row < 1e-13, "%s: a row folded in (%.1e)", version->name, row);
	ok(rows < 1e-12, "%s: some rows at once (%.1e)", version->name, rows);
	ok(rank_one < 1e-12, "%s: a rank-one term (%.1e)", version->name,
		rank_one);
	ok(linear < 1e-13, "%s: columns scaled, R v (%.1e)", version->name,
		linear);
	ok(same, "%s: the same bits as %s", version->name,
		triangular_version(0)->name);
}

/* Squares that leave the range of doubles. */
static void
test_range(void)
{
	double r[4] = { 3e-200, 0, 0, 1 }, v[2] = { 4e-200, 0 };
	double large[4] = { 3e200, 0, 0, 1 }, w[2] = { 4e200, 0 };

	triangular_add_row(r, v, 2);
	triangular_add_row(large, w, 2);
	ok(fabs(r[0] / 5e-200 - 1) < 1e-15, "tiny entries keep their length");
	ok(fabs(large[0] / 5e200 - 1) < 1e-15,
		"huge entries keep their length");
}

/* Factor, rows and u with every third column down to 10^-low. Rotations by
 * subnormal entries have to be rotations, or they change the columns beside. */
static double
tiny_error(const struct triangular_version *version, size_t n, int low)
{
	struct square r = random_factor(n), sum, want, got;
	double u[MOST], v[TRIANGULAR_ROWS * MOST], scale[MOST];
	double least = pow(10, -low / 2) * pow(10, -(low - low / 2)), worst;

	for (size_t j = 0; j < n; j++)
		scale[j] = j % 3 ? 1 : least;
	for (size_t j = 0; j < n; j++)
		for (size_t k = 0; k < n; k++)
			r.x[k * n + j] *= scale[j];
	sum = want = gram(&r, n);
	for (size_t k = 0; k < TRIANGULAR_ROWS * n; k++)
		v[k] = uniform() * scale[k % n];
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			want.x[i * n + j] += v[i] * v[j];
			for (size_t k = 0; k < TRIANGULAR_ROWS; k++)
				sum.x[i * n + j] += v[k * n + i] * v[k * n + j];
		}
	got = r;
	memcpy(u, v, n * sizeof *u);
	version->add_row(got.x, u, n);
	got = gram(&got, n);
	worst = distance(&want, &got, n);
	for (size_t k = 0; k < n; k++)
		u[k] = uniform() * least;
	want = gram_rank_one(&r, u, v, n);
	got = r;
	version->add_rank_one(got.x, u, v, n);
	got = gram(&got, n);
	worst = fmax(worst, distance(&want, &got, n));
	version->add_rows(r.x, v, TRIANGULAR_ROWS, n);
	got = gram(&r, n);
	return fmax(worst, distance(&sum, &got, n));
}

static void
test_tiny(const struct triangular_version *version)
{
	double worst = 0;

	for (int low = 130; low <= 323; low++)
		for (size_t n = 1; n < 16; n++)
			worst = fmax(worst, tiny_error(version, n, low));
	ok(worst < 1e-12, "%s: columns of 1e-130 .. 1e-323 leave the others "
		"alone (%.1e)", version->name, worst);
}

/* The same of a complex row: lengths of the other columns. */
static void
test_tiny_complex(void)
{
	enum { N = 6 };
	double worst = 0;

	for (int low = 130; low <= 323; low++) {
		double _Complex r[N * N] = { 0 }, v[N];
		double least = pow(10, -low / 2) * pow(10, -(low - low / 2));
		double want[N] = { 0 }, got[N] = { 0 };

		for (size_t k = 0; k < N; k++)
			for (size_t j = k; j <= N; j++) {
				double _Complex x = CMPLX(uniform(), uniform());

				x *= (j < N ? j : k) % 3 ? 1 : least;
				*(j < N ? &r[k * N + j] : &v[k]) = x;
			}
		for (size_t k = 0; k < (size_t)N * N; k++)
			want[k % N] += pow(cabs(r[k]), 2);
		for (size_t j = 0; j < N; j++)
			want[j] += pow(cabs(v[j]), 2);
		triangular_complex_add_row(r, v, N);
		for (size_t k = 0; k < (size_t)N * N; k++)
			if (k % N >= k / N)
				got[k % N] += pow(cabs(r[k]), 2);
		for (size_t j = 0; j < N; j++)
			worst = fmax(worst, fabs(got[j] - want[j]));
	}
	ok(worst < 1e-13, "complex: columns of 1e-130 .. 1e-323 leave the "
		"others alone (%.1e)", worst);
}

/* sum_j |column j of A| |column j of B|, more columns than it takes at once. */
static void
test_size(void)
{
	enum { N = 70 };
	static double a[N * N], b[N * N];
	double want = 0;

	for (size_t k = 0; k < (size_t)N * N; k++) {
		bool below = k % N < k / N;

		a[k] = below ? NAN : uniform();
		b[k] = below ? NAN : uniform();
	}
	for (size_t j = 0; j < N; j++) {
		double x = 0, y = 0;

		for (size_t r = 0; r <= j; r++) {
			x += a[r * N + j] * a[r * N + j];
			y += b[r * N + j] * b[r * N + j];
		}
		want += sqrt(x * y);
	}
	ok(fabs(triangular_product_size(a, b, N) / want - 1) < 1e-14,
		"the size of a product");
}

int
main(void)
{
	const struct triangular_version *version;

	for (size_t v = 0; (version = triangular_version(v)); v++)
		test_version(version);
	for (size_t v = 0; (version = triangular_version(v)); v++)
		test_tiny(version);
	test_tiny_complex();
	test_range();
	test_size();
	return done();
}
