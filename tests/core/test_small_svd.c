/*
 * small_svd against LAPACK on matrices that are hard in different ways, and
 * the independence of the matrices of a batch from one another: in every
 * version this processor can run.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/linalg.h"
#include "core/small_svd.h"
#include "core/util.h"
#include "tests/core/doubles.h"
#include "tests/tap.h"

enum { BATCH = SMALL_SVD_BATCH };

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

static double
backwards(size_t r, size_t c, size_t n)
{
	return uniform() * exp(1.3 * (double)(r + c) - 2.6 * (double)n);
}

static double
steep(size_t r, size_t c, size_t n)
{
	(void)n;
	return uniform() * exp(-11 * (double)(r + c));
}

static double
rank_one(size_t r, size_t c, size_t n)
{
	return 1.0 / (double)((r + 1) * (n - c));
}

/* Blocks of their own, of sizes 1, 2, 3, 4, 5 ...: e splits again and again. */
static double
blocks(size_t r, size_t c, size_t n)
{
	size_t block = 0, start = 0;

	(void)n;
	while (start + block + 1 <= r)
		start += ++block;
	return c >= start && c < start + block + 1 ? uniform() : 0;
}

static double
subnormal(size_t r, size_t c, size_t n)
{
	(void)r, (void)c, (void)n;
	return uniform() * 1e-305;
}

static double
huge(size_t r, size_t c, size_t n)
{
	(void)r, (void)c, (void)n;
	return uniform() * 1e300;
}

/* Bidiagonal: what the reduction leaves alone. */
static double
bidiagonal(size_t r, size_t c, size_t n)
{
	(void)n;
	return r == c || r + 1 == c ? uniform() : 0;
}

/* Singular values in tight clusters: glued copies of one block. */
static double
glued(size_t r, size_t c, size_t n)
{
	(void)n;
	if (r / 4 == c / 4)
		return 1.0 / (double)(1 + r % 4 + 2 * (c % 4));
	return r / 4 + 1 == c / 4 ? 1e-11 : 0;
}

/* A column whose squares underflow, some of them: 1e-150 .. 1e-165. */
static double
one_column(size_t r, size_t c, size_t n)
{
	double x = uniform();

	(void)r;
	return c ? x : x * pow(10, -150 - (double)(n % 16));
}

static double
many_columns(size_t r, size_t c, size_t n)
{
	(void)r;
	return uniform() * (c < n / 2 ? pow(10, -150 - (double)(c % 16)) : 1);
}

static double
some_rows(size_t r, size_t c, size_t n)
{
	(void)n;
	return uniform() * (r % 2 ? 1 : c % 3 ? 1e-158 : 1e-162);
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
	{ "backwards", backwards }, { "steep", steep },
	{ "rank one", rank_one }, { "blocks", blocks },
	{ "subnormal", subnormal }, { "huge", huge },
	{ "bidiagonal", bidiagonal }, { "glued", glued },
	{ "one tiny column", one_column }, { "tiny columns", many_columns },
	{ "tiny rows", some_rows },
};

/* All small orders, and those around powers of two. */
static size_t
next_order(size_t n)
{
	if (n < 24)
		return n + 1;
	return n % 32 == 31 || n % 32 == 0 ? n + 1 : (n | 31);
}

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
test_against_lapack(struct workspace *work,
	const struct small_svd_version *version, size_t which)
{
	double worst = 0, most = 0;
	unsigned failed = 0;

	for (size_t n = 1; n <= SMALL_SVD_MAX; n = next_order(n)) {
		double *a = room(n * n * BATCH), *values = room(n * BATCH);
		double *scratch = room(small_svd_scratch(n));

		for (size_t k = 0; k < n * n * BATCH; k++)
			a[k] = matrices[which].entry(k / BATCH / n,
				k / BATCH % n, n);
		failed |= version->values(values, a, n, scratch);
		worst = worst_error(work, a, values, n);
		most = fmax(most, worst / (double)n);
		free(a);
		free(values);
		free(scratch);
	}
	ok(!failed, "%s, %s: n = 1 .. %d converge", version->name,
		matrices[which].name, SMALL_SVD_MAX);
	ok(most < 20 * DBL_EPSILON,
		"%s, %s: within 20 n eps s1 of LAPACK (%.1f)", version->name,
		matrices[which].name, most / DBL_EPSILON);
}

/* The same matrix first among zeros, last among all kinds of others. */
static void
test_company(const struct small_svd_version *version)
{
	enum { N = 16 };
	double *alone = room(N * N * BATCH), *among = room(N * N * BATCH);
	double *x = room(N * BATCH), *y = room(N * BATCH);
	double *scratch = room(small_svd_scratch(N));
	bool same = true;

	for (size_t kind = 0; kind < LENGTH(matrices); kind++) {
		for (size_t k = 0; k < N * N; k++) {
			for (size_t m = 0; m < BATCH; m++)
				among[k * BATCH + m]
					= matrices[m % LENGTH(matrices)].entry(
					k / N, k % N, N);
			alone[k * BATCH] = among[k * BATCH + BATCH - 1]
				= matrices[kind].entry(k / N, k % N, N);
		}
		version->values(x, alone, N, scratch);
		version->values(y, among, N, scratch);
		for (size_t k = 0; k < N; k++)
			same &= x[k * BATCH] == y[k * BATCH + BATCH - 1];
	}
	ok(same, "%s: a matrix has the same bits in any company",
		version->name);
	free(alone);
	free(among);
	free(x);
	free(y);
	free(scratch);
}

/* Against the first version, on one of each kind. */
static void
test_same_bits(const struct small_svd_version *version)
{
	enum { N = 13 };
	double *a = room(N * N * BATCH), *x = room(N * BATCH);
	double *y = room(N * BATCH), *scratch = room(small_svd_scratch(N));
	bool same = true;

	for (size_t first = 0; first < LENGTH(matrices); first += BATCH) {
		for (size_t k = 0; k < N * N * BATCH; k++)
			a[k] = matrices[(first + k % BATCH)
				% LENGTH(matrices)].entry(k / BATCH / N,
				k / BATCH % N, N);
		small_svd_version(0)->values(x, a, N, scratch);
		version->values(y, a, N, scratch);
		same &= !memcmp(x, y, N * BATCH * sizeof *x);
	}
	ok(same, "%s: the same bits as %s", version->name,
		small_svd_version(0)->name);
	free(a);
	free(x);
	free(y);
	free(scratch);
}

/* X Y' of one matrix of the batch, entry by entry. */
static double
product_entry(const double *x, const double *y, size_t r, size_t c, size_t n,
	size_t m)
{
	double sum = 0;

	for (size_t k = r > c ? r : c; k < n; k++)
		sum += x[(r * n + k) * BATCH + m] * y[(c * n + k) * BATCH + m];
	return sum;
}

static void
test_product(const struct small_svd_version *version)
{
	double worst = 0, worst_size = 0, sizes[BATCH];

	for (size_t n = 1; n <= SMALL_SVD_MAX; n = next_order(n)) {
		double *x = room(n * n * BATCH), *y = room(n * n * BATCH);
		double *a = room(n * n * BATCH), *s = room(BATCH);

		for (size_t k = 0; k < n * n * BATCH; k++) {
			bool below = k / BATCH % n < k / BATCH / n;

			x[k] = below ? NAN : uniform();
			y[k] = below ? NAN : uniform();
		}
		version->product(a, s, x, y, n);
		for (size_t k = 0; k < n * n * BATCH; k++)
			worst = fmax(worst, fabs(a[k] - product_entry(x, y,
				k / BATCH / n, k / BATCH % n, n, k % BATCH)));
		memset(sizes, 0, sizeof sizes);
		for (size_t m = 0; m < BATCH; m++) {
			for (size_t j = 0; j < n; j++) {
				double u = 0, v = 0;

				for (size_t r = 0; r <= j; r++) {
					u += pow(x[(r * n + j) * BATCH + m], 2);
					v += pow(y[(r * n + j) * BATCH + m], 2);
				}
				sizes[m] += sqrt(u * v);
			}
			worst_size = fmax(worst_size,
				fabs(s[m] / sizes[m] - 1));
		}
		free(x);
		free(y);
		free(a);
		free(s);
	}
	ok(worst < 1e-14, "%s: products (%.1e)", version->name, worst);
	ok(worst_size < 1e-14, "%s: their sizes (%.1e)", version->name,
		worst_size);
}

int
main(void)
{
	const struct small_svd_version *version;
	struct workspace *work;

	linalg_start();
	work = workspace_new();
	for (size_t v = 0; (version = small_svd_version(v)); v++) {
		srand48(1);
		for (size_t k = 0; k < LENGTH(matrices); k++)
			test_against_lapack(work, version, k);
		test_company(version);
		test_same_bits(version);
		test_product(version);
	}
	workspace_free(work);
	return done();
}
