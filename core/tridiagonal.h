/*
 * Eigenvalues of symmetric matrices side by side, one a lane: Householder
 * reflections to tridiagonal form (Golub & Van Loan 8.3.1), half the work of a
 * bidiagonal one for matrices that are squares already, then QR.
 */
#ifndef CORE_TRIDIAGONAL_H
#define CORE_TRIDIAGONAL_H

#include <stddef.h>

enum { TRIDIAGONAL_LANES_MAX = 8, TRIDIAGONAL_GROUPS = 2 };

/* Doubles of scratch for order n. */
size_t tridiagonal_room(size_t lanes, size_t n);

/* `lanes` matrices of order n >= 1, entries of order 1 at the largest: entry
 * (r, c), c <= r, of matrix w at a[(r (r + 1) / 2 + c) * lanes + w]; destroyed.
 * Entry k of the diagonal of matrix w goes to diagonal[k * lanes + w], and what
 * stands between k and k + 1 to beside[k * lanes + w] (the last is 0). A
 * smaller matrix has zeros behind it. All 64-byte aligned. */
void tridiagonal_reduce(double *diagonal, double *beside, double *a, size_t n,
	size_t lanes, double *room);

/* Eigenvalues of GROUPS such batches, descending, in place of the diagonals, to
 * a few eps of the largest: QR without roots (Pal, Walker & Kahan). The second
 * batch stands (n + 1) * lanes behind the first, in diagonal and in beside, of
 * which nothing is left. Returns a mask of the matrices, bit g * lanes + w for
 * matrix w of batch g, that did not converge. */
unsigned tridiagonal_values(double *diagonal, double *beside, size_t n,
	size_t lanes);

#endif
