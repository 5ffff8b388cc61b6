/*
 * The part of T that a block of positions start .. start + size - 1 >= L/2
 * looks at, rows counted from the last: M = L - start of them. T may be turned
 * about its antidiagonal: it is causal again, and its H_{L-i} has the singular
 * values of H_i.
 */
#ifndef CORE_BLOCK_PANEL_H
#define CORE_BLOCK_PANEL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/linalg.h"
#include "core/operator.h"

struct block_panel {
	size_t start, M, size;
	double *across;         /* T[.., :start]', start x M column-major */
	double *beside;         /* T[.., start:start + size - 1], M x (size - 1)
				 * column-major; 0 above the diagonal of T */
	size_t count;           /* of both, one behind the other */
	double scale;           /* the panel holds T / scale: a power of two,
				 * largest entry of order 1 */
};

/* In that buffer of the workspace. */
enum status block_panel_new(struct block_panel *out, struct workspace *work,
	enum buffer which, size_t L, size_t start, size_t size);

/* STATUS_VALUE where T is not finite. */
enum status block_panel_form(struct block_panel *panel,
	struct workspace *work, const struct operator *op, bool turned);

/* floors[k]: what rounding of a stored T, u relative to each entry, adds to
 * singular values of position start + k (DESIGN 2): 0.4 u (largest row norm +
 * largest column norm of H_i); scaled as the panel. */
enum status block_panel_floors(double *floors,
	const struct block_panel *panel, struct workspace *work, double u);

#endif
