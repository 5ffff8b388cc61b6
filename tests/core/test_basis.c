/*
 * Bases by pivoted QR: orthonormal, no larger than the rank, and what they are
 * said to lose is what is lost; with every width of registers this machine has.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/basis.h"
#include "core/lanes.h"
#include "core/linalg.h"
#include "core/pivoted_qr.h"
#include "core/util.h"
#include "tests/core/doubles.h"
#include "tests/tap.h"

/* Rank r, and noise of that size an entry. */
static struct basis_matrix
matrix_new(size_t m, size_t n, size_t r, double noise)
{
	struct basis_matrix a = { .stride = basis_stride(m), .m = m, .n = n };
	double *left = doubles(m * r), *right = doubles(n * r);

	a.a = doubles(a.stride * n);
	for (size_t k = 0; k < m * r; k++)
		left[k] = uniform();
	for (size_t k = 0; k < n * r; k++)
		right[k] = uniform();
	for (size_t c = 0; c < n; c++)
		for (size_t i = 0; i < m; i++) {
			double sum = noise * uniform();

			for (size_t k = 0; k < r; k++)
				sum += left[k * m + i] * right[k * n + c];
			a.a[c * a.stride + i] = sum;
		}
	free(left);
	free(right);
	return a;
}

static struct basis_matrix
copy_of(struct basis_matrix a)
{
	struct basis_matrix b = a;

	b.a = doubles(a.stride * a.n);
	memcpy(b.a, a.a, a.stride * a.n * sizeof(double));
	return b;
}

static double
dot(const double *x, const double *y, size_t n)
{
	double sum = 0;

	for (size_t k = 0; k < n; k++)
		sum += x[k] * y[k];
	return sum;
}

/* The square of what the first `rank` columns of q leave of column x, which is
 * destroyed. */
static double
outside(const struct basis_matrix *q, size_t rank, double *x)
{
	for (size_t turn = 0; turn < 2; turn++)
		for (size_t k = 0; k < rank; k++) {
			const double *v = q->a + k * q->stride;
			double part = dot(v, x, q->m);

			for (size_t r = 0; r < q->m; r++)
				x[r] -= part * v[r];
		}
	return dot(x, x, q->m);
}

static double
not_orthonormal(const struct basis_matrix *q, size_t rank)
{
	double worst = 0;

	for (size_t k = 0; k < rank; k++)
		for (size_t l = 0; l <= k; l++)
			worst = fmax(worst, fabs(dot(q->a + k * q->stride,
				q->a + l * q->stride, q->m) - (k == l)));
	return worst;
}

static void
check(struct workspace *work, size_t m, size_t n, size_t r, double noise)
{
	struct basis_matrix a = matrix_new(m, n, r, noise), q = copy_of(a);
	struct basis_matrix b = copy_of(a), rest = copy_of(a);
	double most = noise * sqrt((double)(m * n)), sum = 0;
	double norm = dot(a.a, a.a, a.stride * n);
	double *image = doubles(n * size_min(m, n)), *lost = doubles(n);
	double worst = 0, off = 0;
	struct basis_limits limits = { most + 1e-14 * sqrt(norm),
		most + 1e-14 * sqrt(norm) };
	size_t rank = 0, again = 0;
	bool right = basis_columns(&rank, work, q, limits) == STATUS_OK
		&& basis_image(image, lost, &again, work, b, limits)
		== STATUS_OK;

	for (size_t c = 0; c < n; c++) {
		double *x = rest.a + c * a.stride, whole = dot(x, x, m), left;
		double kept = dot(image + c * rank, image + c * rank, rank);

		left = outside(&q, rank, x);
		sum += left;
		worst = fmax(worst, fabs(left - lost[c]));
		off = fmax(off, fabs(kept + lost[c] - whole));
	}
	ok(right && rank == again && rank <= size_min(size_min(m, n), r)
		&& sqrt(sum) <= 1.01 * limits.tolerance, "%zu x %zu of rank %zu: rank "
		"%zu leaves %.2g of %.2g", m, n, r, rank, sqrt(sum),
		limits.tolerance);
	ok(not_orthonormal(&q, rank) < 1e-14 && worst <= 1e-14 * norm
		&& off <= 1e-14 * norm, "orthonormal to %.0e, lost to %.0e, "
		"kept to %.0e", not_orthonormal(&q, rank), worst, off);
	free(a.a);
	free(q.a);
	free(b.a);
	free(rest.a);
	free(image);
	free(lost);
}

/* Where looser makes a tenth, fewer are taken; else not. */
static void
check_loose(struct workspace *work)
{
	static const size_t small[] = { 2, 3, 12 }, left[] = { 30, 27, 18 };

	for (size_t s = 0; s < 3; s++) {
		struct basis_matrix a = matrix_new(40, 40, 0, 0);
		size_t rank = 0;

		for (size_t k = 0; k < 30; k++)
			a.a[k * a.stride + k] = k < 30 - small[s] ? 1 : 1e-6;
		(void)basis_columns(&rank, work, a, (struct basis_limits){
			1e-7, 1e-5 });
		ok(rank == left[s], "%zu of 30 within the looser limit: %zu "
			"are left", small[s], rank);
		free(a.a);
	}
}

/* Beside one large entry what is too small to show in a column's norm, and yet
 * far above the limits. */
static void
check_beside_large(struct workspace *work, size_t n)
{
	struct basis_matrix a = matrix_new(40, n, 0, 0), q;
	struct basis_limits limits = { 1e-13, 1e-13 };
	double worst = 0;
	size_t rank = 0;

	for (size_t c = 0; c < n; c++) {
		for (size_t r = 1; r < a.m; r++)
			a.a[c * a.stride + r] = 1e-9 * uniform();
		a.a[c * a.stride] = 1;
	}
	q = copy_of(a);
	(void)basis_columns(&rank, work, q, limits);
	for (size_t c = 0; c < n; c++)
		worst = fmax(worst, outside(&q, rank, a.a + c * a.stride));
	ok(rank == n && sqrt(worst) < 1e-13, "%zu columns of 1 and 1e-9: "
		"%.1e of one is lost", n, sqrt(worst));
	free(a.a);
	free(q.a);
}

/* Steps, pivots and what is left: of every width the same, but for rounding. */
static void
check_lanes(size_t lanes)
{
	struct basis_matrix a = matrix_new(53, 41, 17, 1e-9);
	size_t n = a.n, pivot[41], steps;
	double tau[41], left[42], *room = doubles(n + a.stride), sum = 0;
	struct pivoted_qr qr = { .a = a.a, .stride = a.stride, .m = a.m,
		.n = n, .lanes = lanes, .pivot = pivot, .tau = tau,
		.left = left, .room = room };
	bool falling = true;

	steps = pivoted_qr(&qr, 1e-14);
	for (size_t c = steps; c < n; c++)
		sum += dot(a.a + c * a.stride + steps,
			a.a + c * a.stride + steps, a.m - steps);
	for (size_t k = 0; k < steps; k++) {
		double d = fabs(a.a[k * a.stride + k]);

		falling &= left[k + 1] < left[k] && d * d
			>= (1 - 1e-12) * left[k] / (double)(n - k);
	}
	ok(steps == 17 && falling && fabs(sum - left[steps]) < 1e-6 * sum,
		"%zu lanes: %zu steps, %.3g left", lanes, steps,
		sqrt(left[steps]));
	free(a.a);
	free(room);
}

int
main(void)
{
	static const size_t sizes[][3] = { { 1, 1, 1 }, { 5, 3, 2 },
		{ 3, 5, 3 }, { 8, 8, 8 }, { 64, 64, 9 }, { 100, 37, 20 },
		{ 37, 100, 37 }, { 200, 1, 1 }, { 1, 9, 1 }, { 33, 65, 0 },
		{ 130, 129, 64 } };
	struct workspace *work = workspace_new();

	linalg_start();
	srand48(5);
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		check(work, sizes[k][0], sizes[k][1], sizes[k][2], 0);
		check(work, sizes[k][0], sizes[k][1], sizes[k][2], 1e-8);
	}
	check_loose(work);
	check_beside_large(work, 1);
	check_beside_large(work, 7);
	for (size_t lanes = 2; lanes <= lanes_width(); lanes *= 2)
		check_lanes(lanes);
	workspace_free(work);
	return done();
}
