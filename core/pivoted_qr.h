/*
 * QR with column pivoting that ends where what is left is small: LAPACK's
 * dgeqp3 goes on to the last column.
 */
#ifndef CORE_PIVOTED_QR_H
#define CORE_PIVOTED_QR_H

#include <stddef.h>

/* Leading dimensions are multiples of this; rows up to there are zeros. */
enum { PIVOTED_QR_ROWS = 8 };

/* m x n, column-major, leading dimension `stride`, 64-byte aligned. */
struct pivoted_qr {
	double *a;
	size_t stride, m, n;
	size_t lanes;           /* lanes_width(), or fewer */
	size_t *pivot;          /* n: the column of A that c was */
	double *tau;            /* n: of the reflections, as LAPACK has them */
	double *left;           /* n + 1: squares of Frobenius norms of what is
				 * left after so many steps */
	double *room;           /* n + stride, 64-byte aligned */
};

/* A P = Q R by reflections (Businger & Golub 1965), at most min(m, n) of them,
 * until left[steps] is at most `enough`. Returns steps: R's first so many rows
 * and the reflections below them take the place of A's as in dgeqp3, and its
 * rows from there on in the other columns are what is left of these. */
size_t pivoted_qr(const struct pivoted_qr *qr, double enough);

#endif
