/*
 * Upper-triangular factors R, n x n row-major, changed in place by Givens
 * rotations, O(n^2) each. What is below the diagonal means nothing: it is
 * written over and does not reach what is above.
 */
#ifndef CORE_TRIANGULAR_H
#define CORE_TRIANGULAR_H

#include <stddef.h>

/* R'R += v v'; v (n) is destroyed. */
void triangular_add_row(double *r, double *v, size_t n);

enum { TRIANGULAR_ROWS = 16 };

/* R'R += V'V, V rows x n row-major and destroyed, rows <= TRIANGULAR_ROWS: one
 * Householder reflection a column in place of `rows` rotations. */
void triangular_add_rows(double *r, double *v, size_t rows, size_t n);

/* R diag(a) */
void triangular_scale_columns(double *r, const double *a, size_t n);

/* u = R v */
void triangular_times_vector(double *u, const double *r, const double *v,
	size_t n);

/* R + u v', triangular again up to a rotation from the left (Golub & Van Loan,
 * 6.5.1); u is destroyed. */
void triangular_add_rank_one(double *r, double *u, const double *v, size_t n);

/* sum_j |column j of A| |column j of B|: times eps, a bound on the rounding of
 * the product A B' that does not change when columns are rescaled. */
double triangular_product_size(const double *a, const double *b, size_t n);

/* The first five for one instruction set; all give the same bits. */
struct triangular_version {
	const char *name;
	void (*add_row)(double *r, double *v, size_t n);
	void (*add_rows)(double *r, double *v, size_t rows, size_t n);
	void (*scale_columns)(double *r, const double *a, size_t n);
	void (*times_vector)(double *u, const double *r, const double *v,
		size_t n);
	void (*add_rank_one)(double *r, double *u, const double *v, size_t n);
};

/* The versions this processor can run, fastest first: the first is what the
 * functions above take, the others are for tests. NULL beyond the last. */
const struct triangular_version *triangular_version(size_t k);

#endif
