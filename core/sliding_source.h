/*
 * What the sliding factor asks of an operator: parts of T, scaled so that
 * squares neither overflow nor vanish, and how large each H_i is.
 */
#ifndef CORE_SLIDING_SOURCE_H
#define CORE_SLIDING_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/operator.h"
#include "core/status.h"

struct workspace;

/* Immutable once made; several threads may read it. */
struct sliding_source {
	const struct operator *op;
	size_t length;          /* L */
	double *whole;          /* T, row-major L x L; NULL: asked of the kind */
	double scale;           /* a power of 2: parts are T times it */
	double *norm;           /* L: Frobenius norm of each H_i, scaled; NAN
				 * where its squares were lost to underflow */
	double *noise;          /* L: what the rounding of a stored T adds to
				 * singular values, scaled; NULL: it is exact */
	bool usable;            /* T is finite, and of a kind with rows */
	bool zero;              /* T is 0, all of it */
};

enum status sliding_source_new(struct sliding_source **out,
	struct workspace *work, const struct operator *op);
void sliding_source_free(struct sliding_source *source);   /* NULL is fine */

/* T[i][first .. first + count - 1], within the lower triangle. row: L doubles
 * of scratch. */
void sliding_source_read(const struct sliding_source *source, size_t i,
	size_t first, size_t count, double *out, double *row);

#endif
