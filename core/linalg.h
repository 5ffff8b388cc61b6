/*
 * The only caller of BLAS and LAPACK. A workspace belongs to one thread and
 * grows to what that thread needs; nothing is allocated per call.
 */
#ifndef CORE_LINALG_H
#define CORE_LINALG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct workspace;

/* BLAS to one thread inside our own threads (OpenBLAS FAQ). Call once, before
 * the first worker starts. */
void linalg_start(void);

struct workspace *workspace_new(void);
void workspace_free(struct workspace *work);     /* NULL is fine */

/* STATUS_MEMORY where BLAS would not find the memory it takes for itself. What
 * follows here and returns a status has asked. */
enum status linalg_ready(const struct workspace *work);

/* What a thread keeps between calls; each grows to the largest wanted. */
enum buffer {
	BUFFER_MATRIX,          /* H_i, destroyed by its factorisation */
	BUFFER_OPERATOR,        /* a whole T: see workspace_owner */
	BUFFER_ROW,
	BUFFER_STATE,           /* triangular factors */
	BUFFER_VALUES,          /* singular values, and what small_svd needs */
	BUFFER_COUNT,
};

/* count doubles, contents kept only while the buffer does not grow. */
enum status workspace_buffer(double **out, struct workspace *work,
	enum buffer which, size_t count);

/* Whose T is in BUFFER_OPERATOR: the layer's serial and the channel. */
void workspace_own(struct workspace *work, unsigned long serial,
	size_t channel);
bool workspace_owned_by(const struct workspace *work, unsigned long serial,
	size_t channel);

/* Singular values, descending, of the m x n column-major A (leading dimension
 * m), which is destroyed. s: min(m, n) doubles. LAPACK dgesdd, values only. */
enum status linalg_singular_values(double *s, struct workspace *work,
	double *a, size_t m, size_t n);

/* The same of a complex A. LAPACK zgesdd. */
enum status linalg_complex_singular_values(double *s, struct workspace *work,
	double _Complex *a, size_t m, size_t n);

/* C = A B' for n x n upper-triangular A and B, all row-major; zeros below the
 * diagonals of A and B are not read in B. BLAS dtrmm. */
void linalg_upper_times_transpose(double *c, const double *a, const double *b,
	size_t n);

/* The same with the conjugate transpose of a complex B. BLAS ztrmm. */
void linalg_complex_upper_times_transpose(double _Complex *c,
	const double _Complex *a, const double _Complex *b, size_t n);

#endif
