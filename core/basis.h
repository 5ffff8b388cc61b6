/*
 * An orthonormal basis of what the columns of a matrix span, up to a tolerance.
 */
#ifndef CORE_BASIS_H
#define CORE_BASIS_H

#include <stddef.h>

#include "core/status.h"

struct workspace;

/* Column-major; `stride`, the leading dimension, is basis_stride(m), and zeros
 * stand in rows m .. stride - 1; 64-byte aligned. */
struct basis_matrix {
	double *a;
	size_t stride, m, n;
};

size_t basis_stride(size_t m);

/* How much may lie outside: a Frobenius norm of at most tolerance; or at most
 * loose, where that makes the basis smaller by a tenth. */
struct basis_limits {
	double tolerance, loose;
};

/* The basis takes the place of the first *rank columns of a. */
enum status basis_columns(size_t *rank, struct workspace *work,
	struct basis_matrix a, struct basis_limits limits);

/* What such a basis Q keeps of A, without Q: Q'A, *rank x n column-major, into
 * image (room for min(m, n) rows), and the square of what it loses of each
 * column into lost. A is destroyed. */
enum status basis_image(double *image, double *lost, size_t *rank,
	struct workspace *work, struct basis_matrix a,
	struct basis_limits limits);

#endif
