/*
 * Spectra at rest: one allocation for the cells of one channel that came
 * together, in the layout the disk cache writes, and behind it what makes a
 * recount fast. Nothing is rounded and nothing left out: values below the
 * floor are drawn by the spectrum view and counted by a tolerance set that
 * low. Immutable once filled, and shared by reference count; any thread.
 */
#ifndef CORE_PACKED_H
#define CORE_PACKED_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "core/hankel.h"
#include "core/measure.h"
#include "core/spectrum.h"
#include "core/status.h"

/* What finds a cell's values; apart from the rest, as a recount reads it. */
/* What the fields below hold. */
enum { PACKED_COUNT_MAX = 0xffffff };
#define PACKED_FIRST_MAX (((uint64_t)1 << 40) - 1)

struct packed_place {
	uint32_t position;
	uint32_t count : 24, method : 8;
	uint64_t first : 40, unlisted : 24;     /* first of its values */
};

/* The numbers of struct spectrum. */
struct packed_numbers {
	double sum, entropy, error, floor, tail, entropy_error;
};

struct packed {
	atomic_uint references;
	size_t count, value_count;
	struct packed_place *places;    /* ascending positions; into `block` */
	struct packed_numbers *numbers;
	double *values;
	/* For packed_count alone: the largest value of each cell, 16 bits of
	 * each value that are in the order of values, and what the largest of
	 * all has in them. */
	double *largest;
	int16_t *keys;
	int64_t most;
	void *block;
};

/* Room for so many cells and values; both counts stand, nothing is filled.
 * Who fills places and values ends with packed_index. */
enum status packed_new(struct packed **out, size_t count, size_t value_count);
void packed_index(struct packed *packed);
enum status packed_of(struct packed **out, const struct spectra *spectra);
/* The cells of several, which have no position in common; of one, a reference
 * to the same. */
enum status packed_merge(struct packed **out, struct packed *const *parts,
	size_t part_count);
/* Every 2nd, 4th, ... cell in its place, so that it takes no more than so many
 * bytes; as far as there is memory for that. */
void packed_thin(struct packed **packed, size_t most);
/* Those whose position has no bit in `held`; where that is all of them, a
 * reference to the same. */
enum status packed_without(struct packed **out, struct packed *packed,
	const uint64_t *held);
/* Those that another has not; where that is all of them, a reference to the
 * same. STATUS_MISSING, without a sentence: what both have is not equal to the
 * bit. */
enum status packed_spare(struct packed **out, struct packed *packed,
	const struct packed *other);
struct packed *packed_ref(struct packed *packed);
void packed_unref(struct packed *packed);
size_t packed_bytes(size_t count, size_t value_count);

/* The first cell at or behind a position; count where there is none. */
size_t packed_find(const struct packed *packed, size_t position);

/* Cell k, its values borrowed. */
struct spectrum packed_spectrum(const struct packed *packed, size_t k);

/* Cells at positions begin .. end - 1, ascending. */
void packed_each(const struct packed *packed, size_t begin, size_t end,
	struct hankel_sink sink);

/* out[position - begin] = ess_tolerance, for the same cells. */
void packed_count(uint32_t *out, const struct packed *packed, size_t begin,
	size_t end, struct tolerance tol);

#endif
