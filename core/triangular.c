/*
 * The loops are in triangular_turns.inc, compiled for some instruction sets
 * and chosen at run time.
 */
#include "core/triangular.h"

#include <math.h>
#include <stdbool.h>

/* Each operation rounded on its own: the same bits everywhere. */
#if defined __clang__
#pragma STDC FP_CONTRACT OFF
#endif

/* Eight doubles at any address. */
typedef double eight __attribute__((vector_size(64), aligned(8), may_alias));

/* The rotation (c, s) that turns (x, y) into (h, 0); returns h. The larger is
 * factored out where squares would leave the range of doubles, and c and s come
 * before it is put back: a subnormal h has too few bits to divide by. */
static inline double
rotation(double *c, double *s, double x, double y)
{
	double sum = x * x + y * y, most = 1, h;

	if (!(sum > 1e-290 && sum < 1e290)) {
		most = fmax(fabs(x), fabs(y));
		x /= most;
		y /= most;
		sum = x * x + y * y;
	}
	h = sqrt(sum);
	*c = x / h;
	*s = y / h;
	return most * h;
}

#define INLINE static inline __attribute__((always_inline))
#define VERSION static
#define NAME(name) name##_portable
#define TITLE "portable"
#include "core/triangular_turns.inc"

#if defined __x86_64__

#define INLINE static inline __attribute__((always_inline, target("avx2")))
#define VERSION __attribute__((target("avx2"))) static
#define NAME(name) name##_avx2
#define TITLE "AVX2"
#include "core/triangular_turns.inc"

#define INLINE static inline __attribute__((always_inline, target("avx512f")))
#define VERSION __attribute__((target("avx512f"))) static
#define NAME(name) name##_avx512
#define TITLE "AVX-512"
#include "core/triangular_turns.inc"

static bool
has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

static bool
has_avx512(void)
{
	return __builtin_cpu_supports("avx512f");
}

#endif

static bool
always(void)
{
	return true;
}

static const struct {
	bool (*runs)(void);
	const struct triangular_version *version;
} versions[] = {
#if defined __x86_64__
	{ has_avx512, &version_avx512 },
	{ has_avx2, &version_avx2 },
#endif
	{ always, &version_portable },
};

const struct triangular_version *
triangular_version(size_t k)
{
	for (size_t v = 0; v < sizeof versions / sizeof *versions; v++)
		if (versions[v].runs() && k-- == 0)
			return versions[v].version;
	return NULL;
}

void
triangular_add_row(double *r, double *v, size_t n)
{
	triangular_version(0)->add_row(r, v, n);
}

void
triangular_add_rows(double *r, double *v, size_t rows, size_t n)
{
	triangular_version(0)->add_rows(r, v, rows, n);
}

void
triangular_scale_columns(double *r, const double *a, size_t n)
{
	triangular_version(0)->scale_columns(r, a, n);
}

void
triangular_times_vector(double *u, const double *r, const double *v,
	size_t n)
{
	triangular_version(0)->times_vector(u, r, v, n);
}

void
triangular_add_rank_one(double *r, double *u, const double *v, size_t n)
{
	triangular_version(0)->add_rank_one(r, u, v, n);
}

/* Row by row, for some columns at a time. */
double
triangular_product_size(const double *a, const double *b, size_t n)
{
	enum { COLUMNS = 64 };
	double total = 0;

	for (size_t from = 0; from < n; from += COLUMNS) {
		size_t end = from + COLUMNS < n ? from + COLUMNS : n;
		double x[COLUMNS] = { 0 }, y[COLUMNS] = { 0 };

		for (size_t r = 0; r < end; r++)
			for (size_t j = r > from ? r : from; j < end; j++) {
				double u = a[r * n + j], v = b[r * n + j];

				x[j - from] += u * u;
				y[j - from] += v * v;
			}
		for (size_t j = 0; j < end - from; j++)
			total += sqrt(x[j]) * sqrt(y[j]);
	}
	return total;
}
