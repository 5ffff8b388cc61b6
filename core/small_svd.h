/*
 * Singular values of many small matrices at once: one matrix a SIMD lane.
 * LAPACK spends its time on such matrices in calls and in chains of divisions;
 * lanes share the first and hide the second.
 */
#ifndef CORE_SMALL_SVD_H
#define CORE_SMALL_SVD_H

#include <stddef.h>

enum {
	SMALL_SVD_BATCH = 16,   /* matrices a call */
	SMALL_SVD_MAX = 128,    /* largest order; beyond it they fill caches */
};

/* Doubles of scratch a call wants for order n. */
size_t small_svd_scratch(size_t n);

/* BATCH matrices of order n <= SMALL_SVD_MAX; entry (r, c) of matrix m at
 * a[(r * n + c) * BATCH + m], finite. values[k * BATCH + m]: the k-th largest
 * of matrix m. Pointers are 64-byte aligned. Matrices do not influence each
 * other: the values of one are the same bits in whatever company.
 *
 * Householder bidiagonalisation (Golub & Van Loan 5.4.8), then dqds (Fernando
 * & Parlett 1994): absolute errors of a few n eps s1, as LAPACK's. Returns a
 * mask of the matrices that did not converge (bit m), whose values mean
 * nothing. */
unsigned small_svd(double *values, const double *a, size_t n,
	double *scratch);

/* a = X Y' for upper-triangular X and Y, all laid out as above; entries below
 * the diagonals of X and Y are not read. sizes[m] = sum_j |column j of X|
 * |column j of Y|: times eps, a bound on the rounding of the product that does
 * not change when columns are rescaled. */
void small_svd_product(double *a, double *sizes, const double *x,
	const double *y, size_t n);

/* The two above for one instruction set; all give the same bits. */
struct small_svd_version {
	const char *name;
	unsigned (*values)(double *values, const double *a, size_t n,
		double *scratch);
	void (*product)(double *a, double *sizes, const double *x,
		const double *y, size_t n);
};

/* The versions this processor can run, fastest first: the first is what
 * small_svd takes, the others are for tests. NULL beyond the last. */
const struct small_svd_version *small_svd_version(size_t k);

#endif
