/*
 * Counting values above a threshold in many cells: what a move of the
 * tolerance costs. What takes time is to bring the values in, 8 bytes each, so
 * a key of 16 bits of each is kept beside them. Doubles that are not negative
 * are in the order of their bits, and so are keys, if not strictly: a value
 * whose key is above the threshold's is above it, and one whose key is below
 * is not. Only where a key is the threshold's own are the values looked at, so
 * that the count is exactly #{s > threshold}.
 */
#include <string.h>

#include "core/packed.h"

#define INLINE static inline __attribute__((always_inline))

/* Of longer spectra only the stretch of this many where the count falls. */
enum { STRETCH = 64, LANES = 16 };

typedef int16_t lanes __attribute__((vector_size(LANES * sizeof(int16_t))));
typedef uint64_t words __attribute__((vector_size(LANES * sizeof(int16_t))));

/* What all doubles of a key have in common: sign, exponent and 10 bits. */
enum { REST_BITS = 52 - 10 };

INLINE int64_t
upper_bits(double value)
{
	int64_t bits;

	memcpy(&bits, &value, sizeof bits);
	return bits >> REST_BITS;
}

/* The block's largest value has the largest key; 64 octaves below it all have
 * the least. */
INLINE int16_t
key_of(double value, int64_t most)
{
	int64_t key = upper_bits(value) - most + INT16_MAX;

	key = key < INT16_MIN ? INT16_MIN : key;
	return (int16_t)(key > INT16_MAX ? INT16_MAX : key);
}

void
packed_index(struct packed *packed)
{
	double most = 0;

	for (size_t k = 0; k < packed->count; k++) {
		const struct packed_place *place = &packed->places[k];

		packed->largest[k] = place->count
			? packed->values[place->first] : 0;
		most = packed->largest[k] > most ? packed->largest[k] : most;
	}
	packed->most = upper_bits(most);
	for (size_t k = 0; k < packed->value_count; k++)
		packed->keys[k] = key_of(packed->values[k], packed->most);
}

/* Of all lanes, none of which is above STRETCH / LANES: four in each word,
 * which a product adds up in its upper 16 bits. */
INLINE size_t
sum_of(lanes found)
{
	words four = (words)found;

	return (four[0] + four[1] + four[2] + four[3]) * 0x0001000100010001u
		>> 48;
}

/* Keys, which descend, above another. */
INLINE size_t
keys_above(const int16_t *keys, size_t count, int16_t key)
{
	size_t low = 0, k = 0, sum = 0;
	lanes found = { 0 };

	while (count - low > STRETCH) {
		size_t half = (count - low) / 2;

		if (keys[low + half] > key)
			low += half;
		else
			count = low + half;
	}
	keys += low;
	for (; k + LANES <= count - low; k += LANES) {
		lanes some;

		memcpy(&some, keys + k, sizeof some);
		found -= some > key;
	}
	for (; k < count - low; k++)
		sum += keys[k] > key;
	return low + sum + sum_of(found);
}

/* Values, which descend, above a threshold. */
static size_t
above(const double *values, size_t count, double threshold)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;

		if (values[middle] > threshold)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* Cells k .. last - 1. */
INLINE void
count_cells(uint32_t *restrict out, const struct packed *packed, size_t begin,
	size_t k, size_t last, struct tolerance tol)
{
	bool relative = tol.kind == TOLERANCE_RELATIVE;
	const int16_t *all_keys = packed->keys;
	int64_t most = packed->most;

	for (; k < last; k++) {
		struct packed_place place = packed->places[k];
		const int16_t *keys = all_keys + place.first;
		/* + 0: never -0, whose bits are not in the order of values. */
		double threshold = tol.value
			* (relative ? packed->largest[k] : 1) + 0.0;
		int16_t key = key_of(threshold, most);
		size_t sum = keys_above(keys, place.count, key);

		if (sum < place.count && keys[sum] == key)
			sum += above(packed->values + place.first + sum,
				place.count - sum, threshold);
		out[place.position - begin] = (uint32_t)sum;
	}
}

#if defined __x86_64__

__attribute__((target("avx2"))) static void
count_avx2(uint32_t *restrict out, const struct packed *packed, size_t begin, size_t k,
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
