/*
 * The singular values of H_i, and blocks of them as a job computes them.
 * A block has one owner; packed.h is what is kept and shared.
 */
#ifndef CORE_SPECTRUM_H
#define CORE_SPECTRUM_H

#include <stddef.h>

#include "core/status.h"

/* How the values were found, and what they can resolve. */
#define METHOD_INFO(_) \
	_(DIRECT, "direct", "LAPACK gesdd on H_i in float64") \
	_(BLOCK, "block", "a core in common with the positions around, in float64") \
	_(STATE, "state", "triangular state factors; their product in float64") \
	_(SLIDING, "sliding", "factors of low rank shared by neighbours")

enum method {
#define METHOD_ENUM(name, text, help) METHOD_##name,
	METHOD_INFO(METHOD_ENUM)
#undef METHOD_ENUM
	METHOD_COUNT
};

const char *method_name(enum method method);

struct spectrum {
	size_t position;        /* i */
	size_t count;
	const double *values;   /* count of them, descending */
	double sum;
	double entropy;         /* entropy-ESS: no tolerance in it */
	double error;           /* bound on |computed - exact| of each value */
	double floor;           /* values below are not resolved (DESIGN 2) */
	size_t unlisted;        /* values of H_i that are small and not among */
	double tail;            /* these, and a bound on the sum of them */
	double entropy_error;   /* bound on |computed - exact| of entropy */
	enum method method;
};

struct spectra {
	size_t count;
	struct spectrum *items; /* ascending positions */
	double *values;         /* what the items point into */
};

/* Room for count spectra of at most total_values values. */
enum status spectra_new(struct spectra **out, size_t count,
	size_t total_values);
void spectra_free(struct spectra *spectra);        /* NULL is fine */

/* Fills sum, entropy and entropy_error from the rest. STATUS_VALUE where they
 * are beyond float64. */
enum status spectrum_finish(struct spectrum *spectrum);

#endif
