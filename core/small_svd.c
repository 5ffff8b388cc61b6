/*
 * The widths of registers small_svd is compiled for, and the choice among
 * them at run time; the mathematics is in small_svd_lanes.inc.
 */
#include "core/small_svd.h"

#include <float.h>
#include <math.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

/* dqds takes about four sweeps a value; this many mean that it never ends. */
enum { TURNS_PER_VALUE = 40 };

#define WIDTH 2
#define NAME(name) name##_2
#include "core/small_svd_lanes.inc"

static unsigned
run_portable(double *values, const double *a, size_t n, double *scratch)
{
	return run_2(values, a, n, scratch);
}

#if defined __x86_64__

#define WIDTH 4
#define NAME(name) name##_4
#include "core/small_svd_lanes.inc"

__attribute__((target("avx2,fma"))) static unsigned
run_avx2(double *values, const double *a, size_t n, double *scratch)
{
	return run_4(values, a, n, scratch);
}

#endif

size_t
small_svd_scratch(size_t n)
{
	return (6 * n + n * n) * SMALL_SVD_BATCH;
}

unsigned
small_svd(double *values, const double *a, size_t n, double *scratch)
{
#if defined __x86_64__
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return run_avx2(values, a, n, scratch);
#endif
	return run_portable(values, a, n, scratch);
}
