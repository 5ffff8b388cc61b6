/*
 * The instruction sets small_svd is compiled for, and the choice among them at
 * run time. Each gives its registers and what they do best in its own way:
 * comparisons, blends, roots. The mathematics is in small_svd_*.inc, which are
 * included once for each.
 *
 * Every operation is rounded on its own (no fused multiply-add, which is worth
 * 5 % here), so that all of them give the same bits.
 */
#include "core/small_svd.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#if defined __clang__
#pragma STDC FP_CONTRACT OFF
#endif

/* dqds takes about four sweeps a value; this many mean that it never ends. */
enum { TURNS_PER_VALUE = 40 };

/* Doubles of the widest registers. */
enum { WIDEST = 8 };

/* From row to row of the working copy: odd, so that the entries of a column
 * do not compete for the same lines of a cache. */
#define STRIDE(n) ((n) | 1)

/* Loops over registers side by side, which are to stay registers. */
#if defined __clang__
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

/* Any processor: GCC's vectors of two doubles. */

#define INLINE static inline __attribute__((always_inline))
#define VERSION static
#define WIDTH 2
#define NAME(name) name##_portable

typedef double lanes_portable __attribute__((vector_size(16)));
typedef int64_t mask_portable __attribute__((vector_size(16)));

INLINE mask_portable
less_portable(lanes_portable x, lanes_portable y)
{
	return x < y;
}

INLINE mask_portable
at_most_portable(lanes_portable x, lanes_portable y)
{
	return x <= y;
}

INLINE mask_portable
equal_portable(lanes_portable x, lanes_portable y)
{
	return x == y;
}

INLINE mask_portable
both_portable(mask_portable x, mask_portable y)
{
	return x & y;
}

INLINE mask_portable
either_portable(mask_portable x, mask_portable y)
{
	return x | y;
}

INLINE mask_portable
but_not_portable(mask_portable x, mask_portable y)
{
	return x & ~y;
}

INLINE unsigned
bits_portable(mask_portable x)
{
	return (unsigned)(x[0] & 1) | (unsigned)(x[1] & 2);
}

INLINE lanes_portable
pick_portable(mask_portable which, lanes_portable yes, lanes_portable no)
{
	return (lanes_portable)((which & (mask_portable)yes)
		| (~which & (mask_portable)no));
}

INLINE lanes_portable
root_portable(lanes_portable x)
{
	return (lanes_portable){ __builtin_sqrt(x[0]), __builtin_sqrt(x[1]) };
}

INLINE lanes_portable
larger_portable(lanes_portable x, lanes_portable y)
{
	return pick_portable(x > y, x, y);
}

INLINE lanes_portable
smaller_portable(lanes_portable x, lanes_portable y)
{
	return pick_portable(x < y, x, y);
}

#include "core/small_svd_reduce.inc"
#include "core/small_svd_dqds.inc"
#include "core/small_svd_run.inc"
#undef INLINE
#undef VERSION
#undef WIDTH
#undef NAME

#if defined __x86_64__

#include <immintrin.h>

#define INLINE static inline \
	__attribute__((always_inline, target("avx2")))
#define VERSION __attribute__((target("avx2"))) static
#define WIDTH 4
#define NAME(name) name##_avx2

typedef __m256d lanes_avx2;
typedef __m256d mask_avx2;

INLINE mask_avx2
less_avx2(lanes_avx2 x, lanes_avx2 y)
{
	return _mm256_cmp_pd(x, y, _CMP_LT_OQ);
}

INLINE mask_avx2
at_most_avx2(lanes_avx2 x, lanes_avx2 y)
{
	return _mm256_cmp_pd(x, y, _CMP_LE_OQ);
}

INLINE mask_avx2
equal_avx2(lanes_avx2 x, lanes_avx2 y)
{
	return _mm256_cmp_pd(x, y, _CMP_EQ_OQ);
}

INLINE mask_avx2
both_avx2(mask_avx2 x, mask_avx2 y)
{
	return _mm256_and_pd(x, y);
}

INLINE mask_avx2
either_avx2(mask_avx2 x, mask_avx2 y)
{
	return _mm256_or_pd(x, y);
}

INLINE mask_avx2
but_not_avx2(mask_avx2 x, mask_avx2 y)
{
	return _mm256_andnot_pd(y, x);
}

INLINE unsigned
bits_avx2(mask_avx2 x)
{
	return (unsigned)_mm256_movemask_pd(x);
}

INLINE lanes_avx2
pick_avx2(mask_avx2 which, lanes_avx2 yes, lanes_avx2 no)
{
	return _mm256_blendv_pd(no, yes, which);
}

INLINE lanes_avx2
root_avx2(lanes_avx2 x)
{
	return _mm256_sqrt_pd(x);
}

INLINE lanes_avx2
larger_avx2(lanes_avx2 x, lanes_avx2 y)
{
	return _mm256_max_pd(x, y);
}

INLINE lanes_avx2
smaller_avx2(lanes_avx2 x, lanes_avx2 y)
{
	return _mm256_min_pd(x, y);
}

#include "core/small_svd_reduce.inc"
#include "core/small_svd_dqds.inc"
#include "core/small_svd_run.inc"
#undef INLINE
#undef VERSION
#undef WIDTH
#undef NAME

/* AVX-512: a mask is a register of bits, a blend costs nothing. */

#define INLINE static inline \
	__attribute__((always_inline, target("avx512f,avx512dq")))
#define VERSION __attribute__((target("avx512f,avx512dq"))) static
#define WIDTH 8
#define NAME(name) name##_avx512

typedef __m512d lanes_avx512;
typedef __mmask8 mask_avx512;

INLINE mask_avx512
less_avx512(lanes_avx512 x, lanes_avx512 y)
{
	return _mm512_cmp_pd_mask(x, y, _CMP_LT_OQ);
}

INLINE mask_avx512
at_most_avx512(lanes_avx512 x, lanes_avx512 y)
{
	return _mm512_cmp_pd_mask(x, y, _CMP_LE_OQ);
}

INLINE mask_avx512
equal_avx512(lanes_avx512 x, lanes_avx512 y)
{
	return _mm512_cmp_pd_mask(x, y, _CMP_EQ_OQ);
}

INLINE mask_avx512
both_avx512(mask_avx512 x, mask_avx512 y)
{
	return _kand_mask8(x, y);
}

INLINE mask_avx512
either_avx512(mask_avx512 x, mask_avx512 y)
{
	return _kor_mask8(x, y);
}

INLINE mask_avx512
but_not_avx512(mask_avx512 x, mask_avx512 y)
{
	return _kandn_mask8(y, x);
}

INLINE unsigned
bits_avx512(mask_avx512 x)
{
	return x;
}

INLINE lanes_avx512
pick_avx512(mask_avx512 which, lanes_avx512 yes, lanes_avx512 no)
{
	return _mm512_mask_blend_pd(which, no, yes);
}

INLINE lanes_avx512
root_avx512(lanes_avx512 x)
{
	return _mm512_sqrt_pd(x);
}

INLINE lanes_avx512
larger_avx512(lanes_avx512 x, lanes_avx512 y)
{
	return _mm512_max_pd(x, y);
}

INLINE lanes_avx512
smaller_avx512(lanes_avx512 x, lanes_avx512 y)
{
	return _mm512_min_pd(x, y);
}

#include "core/small_svd_reduce.inc"
#include "core/small_svd_dqds.inc"
#include "core/small_svd_run.inc"
#undef INLINE
#undef VERSION
#undef WIDTH
#undef NAME

#endif

static bool
always(void)
{
	return true;
}

#if defined __x86_64__

static bool
has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

static bool
has_avx512(void)
{
	return __builtin_cpu_supports("avx512f")
		&& __builtin_cpu_supports("avx512dq");
}

#endif

static const struct {
	bool (*runs)(void);
	struct small_svd_version version;
} versions[] = {
#if defined __x86_64__
	{ has_avx512, { "AVX-512", run_avx512, multiply_avx512 } },
	{ has_avx2, { "AVX2", run_avx2, multiply_avx2 } },
#endif
	{ always, { "portable", run_portable, multiply_portable } },
};

const struct small_svd_version *
small_svd_version(size_t k)
{
	for (size_t v = 0; v < sizeof versions / sizeof *versions; v++)
		if (versions[v].runs() && k-- == 0)
			return &versions[v].version;
	return NULL;
}

size_t
small_svd_scratch(size_t n)
{
	return 6 * n * SMALL_SVD_BATCH + (n * STRIDE(n) + 3 * n) * WIDEST;
}

unsigned
small_svd(double *values, const double *a, size_t n, double *scratch)
{
	return small_svd_version(0)->values(values, a, n, scratch);
}

void
small_svd_product(double *a, double *sizes, const double *x, const double *y,
	size_t n)
{
	small_svd_version(0)->product(a, sizes, x, y, n);
}
