/*
 * Upper-triangular complex factors R, n x n row-major, changed in place by
 * Givens rotations: core/triangular.h in complex numbers.
 */
#ifndef CORE_TRIANGULAR_COMPLEX_H
#define CORE_TRIANGULAR_COMPLEX_H

#include <stddef.h>

/* R*R += v* v, v a row (n), destroyed. */
void triangular_complex_add_row(double _Complex *r, double _Complex *v,
	size_t n);

/* R diag(a) */
void triangular_complex_scale_columns(double _Complex *r,
	const double _Complex *a, size_t n);

/* sum_j |column j of A| |column j of B| */
double triangular_complex_product_size(const double _Complex *a,
	const double _Complex *b, size_t n);

#endif
