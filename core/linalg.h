/*
 * The only caller of BLAS and LAPACK. A workspace belongs to one thread and
 * grows to what that thread needs; nothing else is allocated per call.
 */
#ifndef CORE_LINALG_H
#define CORE_LINALG_H

#include <stddef.h>

#include "core/status.h"

struct workspace;

/* BLAS to one thread inside our own threads, for pthread and OpenMP builds of
 * OpenBLAS alike (OpenBLAS FAQ; issue 5806). Call once at start. */
void linalg_start(void);

struct workspace *workspace_new(void);
void workspace_free(struct workspace *work);

/* Singular values, descending, of the m x n column-major A (leading dimension
 * m), which is destroyed. s: min(m, n) doubles. LAPACK dgesdd, values only. */
enum status linalg_singular_values(struct workspace *work, double *a,
	size_t m, size_t n, double *s);

/* C = A * B' for upper-triangular n x n column-major A and B: dtrmm. */
void linalg_upper_times_upper_transposed(double *c, const double *a,
	const double *b, size_t n);

#endif
