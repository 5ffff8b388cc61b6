/*
 * Counting values above a threshold in many cells: what a move of the
 * tolerance costs. Values descend, so a binary search would do, but 16 of them
 * are two cache lines: what takes time is to bring those in, and comparing
 * them all, without a branch to mispredict, is done meanwhile. Compared as
 * double, so that the count is exactly #{s > threshold}.
 */
#include <string.h>

#include "core/packed.h"

#define INLINE static inline __attribute__((always_inline))

/* Of longer spectra only the stretch of this many where the count falls. */
enum { STRETCH = 32, LANES = 4 };

typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t marks __attribute__((vector_size(LANES * sizeof(double))));

INLINE size_t
above(const double *values, size_t count, double threshold)
{
	size_t low = 0, k = 0, sum = 0;
	marks found = { 0 };

	while (count - low > STRETCH) {
		size_t half = (count - low) / 2;

		if (values[low + half] > threshold)
			low += half;
		else
			count = low + half;
	}
	values += low;
	for (; k + LANES <= count - low; k += LANES) {
		lanes some;

		memcpy(&some, values + k, sizeof some);
		found -= some > threshold;
	}
	for (; k < count - low; k++)
		sum += values[k] > threshold;
	return low + sum + (size_t)(found[0] + found[1] + found[2] + found[3]);
}

/* Cells k .. last - 1. */
INLINE void
count_cells(uint32_t *out, const struct packed *packed, size_t begin, size_t k,
	size_t last, struct tolerance tol)
{
	bool relative = tol.kind == TOLERANCE_RELATIVE;

	for (; k < last; k++) {
		const struct packed_place *place = &packed->places[k];
		const double *values = packed->values + place->first;
		double threshold = tol.value;

		if (relative)
			threshold *= place->count ? values[0] : 0;
		out[place->position - begin] = (uint32_t)above(values,
			place->count, threshold);
	}
}

#if defined __x86_64__

__attribute__((target("avx2"))) static void
count_avx2(uint32_t *out, const struct packed *packed, size_t begin, size_t k,
	size_t last, struct tolerance tol)
{
	count_cells(out, packed, begin, k, last, tol);
}

#endif

void
packed_count(uint32_t *out, const struct packed *packed, size_t begin,
	size_t end, struct tolerance tol)
{
	size_t first = packed_find(packed, begin);
	size_t last = packed_find(packed, end);

#if defined __x86_64__
	if (__builtin_cpu_supports("avx2")) {
		count_avx2(out, packed, begin, first, last, tol);
		return;
	}
#endif
	count_cells(out, packed, begin, first, last, tol);
}
