/*
 * The only caller of BLAS and LAPACK. A workspace belongs to one thread and
 * grows to what that thread needs; nothing is allocated per call.
 */
#ifndef CORE_LINALG_H
#define CORE_LINALG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct workspace;

/* BLAS to one thread inside our own threads (OpenBLAS FAQ). Call once, before
 * the first worker starts. */
void linalg_start(void);

/* What the large buffers of all workspaces together may take, 64 MiB and more
 * each; beyond that workspace_buffer fails. linalg_start sets three quarters of
 * the machine's memory. */
void linalg_limit(size_t bytes);

struct workspace *workspace_new(void);
void workspace_free(struct workspace *work);     /* NULL is fine */

/* Frees what it has grown to, so that the next channel does not find the
 * memory gone that was too little for the last. */
void workspace_shed(struct workspace *work);

/* What is done with it may be cancelled, until NULL takes its place: long walks
 * over T ask now and then, and end with STATUS_CANCELLED. */
void workspace_heed(struct workspace *work, const atomic_bool *cancel);
enum status workspace_cancelled(const struct workspace *work);

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
	BUFFER_BORDER,          /* a batch of bordered.h */
	BUFFER_BIDIAGONAL,      /* a batch of bidiagonal.h */
	BUFFER_CHAIN,           /* a chain of block_chain.h, */
	BUFFER_CHAIN_TURNED,    /* that of T turned about, */
	BUFFER_CHAIN_ROWS,      /* and what it takes in */
	BUFFER_BLOCK,           /* the sliding factor's: a block of T, */
	BUFFER_COMBINATIONS,    /* random combinations of its columns, */
	BUFFER_SKETCH,          /* a basis of them, */
	BUFFER_PIVOTS,          /* what finding that takes, */
	BUFFER_RESIDUAL,        /* what a basis leaves of it, */
	BUFFER_LEAF,            /* H_i of neighbouring positions, */
	BUFFER_LEAF_VALUES,     /* and their values */
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

/* A = Q R for m x n column-major A, m >= n: A becomes R, zeros below it. LAPACK
 * dgeqrf. */
enum status linalg_triangular_factor(struct workspace *work, double *a,
	size_t m, size_t n);

/* A = Q R of the n x n upper triangle R (leading dimension lda) over `rows` more
 * rows, column-major and destroyed: R becomes the new one. LAPACK dtpqrt. */
enum status linalg_triangular_append(struct workspace *work, double *r,
	size_t lda, size_t n, double *more, size_t rows);

/* Upper band form A = U B V' of the n x n A (column-major, leading dimension
 * lda): the diagonal of B and `width` more above it take the place of A's, the
 * rest of A is destroyed. left becomes U' left, right V' right: n x k each,
 * leading dimensions as given. By panels, QR of columns and LQ of rows in turn
 * (Grosser & Lang 1999). LAPACK dgeqrt3, dlarfb. */
struct linalg_vectors {
	double *x;
	size_t leading, count;
};

enum status linalg_band(struct workspace *work, double *a, size_t lda,
	size_t n, size_t width, struct linalg_vectors left,
	struct linalg_vectors right);

/* A factor of a product: a column-major matrix of that leading dimension, or
 * its transpose. */
struct linalg_factor {
	const double *data;
	size_t stride;
	bool transposed;
};

/* C = C * keep + A B * weight, m x n with k terms, column-major with leading
 * dimension stride. keep = 0: C is not read. BLAS dgemm. */
struct linalg_shape {
	size_t m, n, k, stride;
};
enum status linalg_multiply(double *c, const struct workspace *work,
	struct linalg_shape shape, struct linalg_factor a,
	struct linalg_factor b, double weight, double keep);

/* Q's first n columns, of n reflections below the diagonal of the m x n A, in
 * their place (column-major, leading dimension lda). LAPACK dorgqr. */
enum status linalg_orthogonal(struct workspace *work, double *a, size_t lda,
	size_t m, size_t n, const double *tau);

/* C = A B' for n x n upper-triangular A and B, all row-major; what stands below
 * their diagonals is not read. BLAS dtrmm. */
void linalg_upper_times_transpose(double *c, const double *a, const double *b,
	size_t n);

/* The same with the conjugate transpose of a complex B. BLAS ztrmm. */
void linalg_complex_upper_times_transpose(double _Complex *c,
	const double _Complex *a, const double _Complex *b, size_t n);

#endif
