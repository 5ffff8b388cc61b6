/*
 * Widths of registers the work is compiled for, and the choice among them at
 * run time. The mathematics is in tridiagonal_lanes.inc.
 */
#include "core/tridiagonal.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#if defined __x86_64__
#include <immintrin.h>
#endif

/* Registers side by side in a QR iteration, which waits for its divisions. */
enum { GROUPS = TRIDIAGONAL_GROUPS };

/* Less than two sweeps a value are usual; this many mean that it never ends. */
enum { TURNS_PER_VALUE = 30 };

/* The square of a coupling beside entries of order 1 that moves no eigenvalue
 * by more than 1e-17. */
static const double negligible = 1e-34;

#define INLINE TARGET static inline __attribute__((always_inline))

#define TARGET
#define WIDTH 2
#define NAME(name) name##_2
#define FMA(x, y, z) ((x) * (y) + (z))
#define ROOT(x) ((lanes_2){ sqrt((x)[0]), sqrt((x)[1]) })
#include "core/tridiagonal_lanes.inc"
#undef TARGET
#undef WIDTH
#undef NAME
#undef FMA
#undef ROOT

#if defined __x86_64__

#define TARGET __attribute__((target("avx2,fma")))
#define WIDTH 4
#define NAME(name) name##_4
#define FMA(x, y, z) ((lanes_4)_mm256_fmadd_pd((__m256d)(x), (__m256d)(y), \
	(__m256d)(z)))
#define ROOT(x) ((lanes_4)_mm256_sqrt_pd((__m256d)(x)))
#include "core/tridiagonal_lanes.inc"
#undef TARGET
#undef WIDTH
#undef NAME
#undef FMA
#undef ROOT

#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl,fma")))
#define WIDTH 8
#define NAME(name) name##_8
#define FMA(x, y, z) ((lanes_8)_mm512_fmadd_pd((__m512d)(x), (__m512d)(y), \
	(__m512d)(z)))
#define ROOT(x) ((lanes_8)_mm512_sqrt_pd((__m512d)(x)))
#include "core/tridiagonal_lanes.inc"
#undef TARGET
#undef WIDTH
#undef NAME
#undef FMA
#undef ROOT

#endif

size_t
tridiagonal_lanes(void)
{
#if defined __x86_64__
	if (__builtin_cpu_supports("avx512dq")
		&& __builtin_cpu_supports("avx512vl"))
		return 8;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return 4;
#endif
	return 2;
}

size_t
tridiagonal_room(size_t lanes, size_t n)
{
	return 4 * n * lanes;
}

void
tridiagonal_reduce(double *diagonal, double *beside, double *a, size_t n,
	size_t lanes, double *room)
{
#if defined __x86_64__
	if (lanes == 8) {
		reduce_8(diagonal, beside, a, n, room);
		return;
	}
	if (lanes == 4) {
		reduce_4(diagonal, beside, a, n, room);
		return;
	}
#endif
	(void)lanes;
	reduce_2(diagonal, beside, a, n, room);
}

unsigned
tridiagonal_values(double *diagonal, double *beside, size_t n, size_t lanes)
{
#if defined __x86_64__
	if (lanes == 8)
		return values_8(diagonal, beside, n);
	if (lanes == 4)
		return values_4(diagonal, beside, n);
#endif
	(void)lanes;
	return values_2(diagonal, beside, n);
}
