/*
 * Eigenvalues of symmetric matrices side by side, against the singular values
 * of LAPACK, which are the same where none is negative, or against what they
 * are made of; and that a lane does not depend on its neighbours. Every width
 * of registers this machine has is run.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/lanes.h"
#include "core/linalg.h"
#include "core/tridiagonal.h"
#include "core/util.h"
#include "tests/core/doubles.h"
#include "tests/tap.h"

enum { LANES = TRIDIAGONAL_GROUPS * TRIDIAGONAL_LANES_MAX };

enum shape { RANDOM, LOW_RANK, GRADED, EQUAL, ZERO, ONE_ENTRY, TINY, SHAPES };

/* B of B B'. */
static double
element(enum shape shape, size_t r, size_t k, size_t m)
{
	switch (shape) {
	case LOW_RANK:
		return k > m / 4 ? 0 : uniform();
	case GRADED:
		return uniform() * exp(-20 * (double)k / (double)m);
	case EQUAL:
		return r == k;
	case ZERO:
		return 0;
	case ONE_ENTRY:
		return r == m / 2 && k == m / 2;
	case TINY:
		return uniform() * (r > m / 2 ? 1e-150 : 1);
	default:
		return uniform();
	}
}

/* A of order m and trace 1, or 0, m x m. */
static double *
make(enum shape shape, size_t m)
{
	double *b = doubles(m * m), *a = doubles(m * m), trace = 0;

	for (size_t k = 0; k < m * m; k++)
		b[k] = element(shape, k / m, k % m, m);
	for (size_t r = 0; r < m; r++)
		for (size_t c = 0; c < m; c++)
			for (size_t k = 0; k < m; k++)
				a[r * m + c] += b[r * m + k] * b[c * m + k];
	for (size_t r = 0; r < m; r++)
		trace += a[r * m + r];
	for (size_t k = 0; k < m * m && trace > 0; k++)
		a[k] /= trace;
	free(b);
	return a;
}

struct batch {
	size_t n, lanes, matrices;
	double *found;          /* matrix w, value k: [w * n + k] */
	unsigned failed;
};

/* All of the matrices, of orders m[w] <= n. */
static struct batch
run(double *const *matrices, const size_t *m, size_t n, size_t lanes)
{
	struct batch batch = { n, lanes, TRIDIAGONAL_GROUPS * lanes,
		doubles(LANES * n), 0 };
	double *a = doubles(n * (n + 1) / 2 * lanes);
	double *room = doubles(tridiagonal_room(lanes, n));
	double *diagonal = doubles(batch.matrices * (n + 1));
	double *beside = doubles(batch.matrices * (n + 1));

	for (size_t first = 0; first < batch.matrices; first += lanes) {
		memset(a, 0, n * (n + 1) / 2 * lanes * sizeof *a);
		for (size_t w = 0; w < lanes; w++)
			for (size_t r = 0; r < m[first + w]; r++)
				for (size_t c = 0; c <= r; c++)
					a[(r * (r + 1) / 2 + c) * lanes + w]
						= matrices[first + w][r
						* m[first + w] + c];
		tridiagonal_reduce(diagonal + first * (n + 1),
			beside + first * (n + 1), a, n, lanes, room);
	}
	batch.failed = tridiagonal_values(diagonal, beside, n, lanes);
	for (size_t w = 0; w < batch.matrices; w++)
		for (size_t k = 0; k < n; k++)
			batch.found[w * n + k] = diagonal[w / lanes * lanes
				* (n + 1) + k * lanes + w % lanes];
	free(a);
	free(room);
	free(diagonal);
	free(beside);
	return batch;
}

/* The larger error; NaN is one. */
static double
further(double worst, double found, double want)
{
	double off = fabs(found - want);

	return off <= worst ? worst : isnan(off) ? INFINITY : off;
}

static void
test_shape(struct workspace *work, size_t lanes, enum shape shape, size_t n)
{
	double *matrices[LANES] = { NULL }, *want = doubles(n), worst = 0;
	size_t m[LANES] = { 0 };
	struct batch batch;

	for (size_t w = 0; w < LANES; w++) {
		m[w] = n - w % 4 * (n > 4);
		matrices[w] = make((enum shape)((shape + w) % SHAPES), m[w]);
	}
	batch = run(matrices, m, n, lanes);
	for (size_t w = 0; w < batch.matrices; w++) {
		if (linalg_singular_values(want, work, matrices[w], m[w], m[w])
			!= STATUS_OK)
			abort();
		for (size_t k = 0; k < m[w]; k++)
			worst = further(worst, batch.found[w * n + k],
				want[k]);
	}
	ok(!batch.failed && worst < 2e-15, "%zu lanes, shape %d, order %zu: "
		"error %.1e of the trace", lanes, (int)shape, n, worst);
	free(batch.found);
	free(want);
	for (size_t w = 0; w < LANES; w++)
		free(matrices[w]);
}

/* Couplings of 1/2 alone: cos(k pi / (n + 1)). */
static void
test_signs(size_t lanes)
{
	enum { N = 31 };
	double *matrices[LANES] = { NULL }, worst = 0, pi = acos(-1);
	size_t m[LANES] = { 0 };
	struct batch batch;

	for (size_t w = 0; w < LANES; w++) {
		m[w] = N;
		matrices[w] = doubles(N * N);
		for (size_t r = 1; r < N; r++)
			matrices[w][r * N + r - 1] = 0.5;
	}
	batch = run(matrices, m, N, lanes);
	for (size_t k = 0; k < N; k++)
		worst = further(worst, batch.found[k],
			cos((double)(k + 1) * pi / (N + 1)));
	ok(!batch.failed && worst < 2e-15, "%zu lanes: values of both signs "
		"(%.1e)", lanes, worst);
	free(batch.found);
	for (size_t w = 0; w < LANES; w++)
		free(matrices[w]);
}

/* The first matrix beside others. */
static void
test_independence(size_t lanes)
{
	enum { N = 24, M = 20 };
	double *matrices[LANES] = { NULL }, *alone;
	size_t m[LANES] = { 0 };
	struct batch batch;

	for (size_t w = 0; w < LANES; w++) {
		m[w] = M;
		matrices[w] = make(w ? ZERO : RANDOM, M);
	}
	batch = run(matrices, m, N, lanes);
	alone = batch.found;
	for (size_t w = 1; w < LANES; w++) {
		free(matrices[w]);
		m[w] = N;
		matrices[w] = make(RANDOM, N);
	}
	batch = run(matrices, m, N, lanes);
	ok(!memcmp(alone, batch.found, M * sizeof *alone),
		"%zu lanes: a lane's bits do not depend on the others", lanes);
	free(alone);
	free(batch.found);
	for (size_t w = 0; w < LANES; w++)
		free(matrices[w]);
}

int
main(void)
{
	static const size_t orders[] = { 1, 2, 3, 4, 7, 18, 80 };
	struct workspace *work = workspace_new();

	srand48(5);
	linalg_start();
	for (size_t lanes = 2; lanes <= lanes_width(); lanes *= 2) {
		for (int shape = 0; shape < SHAPES; shape++)
			for (size_t k = 0; k < LENGTH(orders); k++)
				test_shape(work, lanes, (enum shape)shape,
					orders[k]);
		test_signs(lanes);
		test_independence(lanes);
	}
	workspace_free(work);
	return done();
}
