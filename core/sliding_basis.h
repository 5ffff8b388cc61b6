/*
 * What the off-diagonal block H_q of a node passes on, from a random sketch
 * (Halko, Martinsson & Tropp 2011) or, where the block is small, from itself;
 * then what that leaves out, entry by entry. The sketch decides how good a
 * basis is, never how good it is said to be.
 */
#ifndef CORE_SLIDING_BASIS_H
#define CORE_SLIDING_BASIS_H

#include "core/sliding_node.h"

/* H_q transposed is rows x columns: the past and columns begin .. q - 1 of T;
 * rows q .. end - 1 and the future. With an orthonormal V or U, of `rank`
 * columns: */
struct sliding_basis {
	size_t rows, columns;
	size_t rank;
	const double *image;    /* V' H_q' for what is behind q, H_q' U for what
				 * is before it; column-major */
	const double *lost;     /* squares of H_q' - V V' H_q' by column, or of
				 * H_q' - H_q' U U' by row */
};

/* *found: one that pays. What it points to belongs to the workspace. */
enum status sliding_basis_find(struct sliding_basis *out, bool *found,
	struct workspace *work, const struct sliding_source *source,
	const struct sliding_node *node, size_t q, enum sliding_side side,
	struct sliding_limits limits);

#endif
