/*
 * Products R_O R_K' whose singular values are wanted: small ones wait for
 * company and go through small_svd a batch at a time, larger ones straight to
 * LAPACK. Either way spectra leave in the order they came, with the same bits
 * whatever came beside them.
 */
#ifndef CORE_PRODUCT_QUEUE_H
#define CORE_PRODUCT_QUEUE_H

#include <stddef.h>

#include "core/hankel.h"
#include "core/small_svd.h"
#include "core/status.h"

struct product_queue {
	struct workspace *work;
	struct hankel_sink sink;
	size_t n;
	size_t waiting;
	struct spectrum spectra[SMALL_SVD_BATCH];
	/* In the workspace: */
	double *product;        /* n x n row-major */
	double *one;            /* n values of one product */
	double *rows;           /* what waits: BATCH matrices, or 2 BATCH */
	/* As small_svd takes them, n x n x BATCH: */
	double *observe, *control, *batch;
	double *sizes;          /* BATCH */
	double *values;         /* n x BATCH */
	double *scratch;
};

/* parts: doubles an entry. */
enum status product_queue_start(struct product_queue *queue,
	struct workspace *work, size_t n, size_t parts,
	struct hankel_sink sink);

/* The product of two upper-triangular factors, which are copied; spectrum
 * holds position, the count of values wanted, its method and as error that of a
 * product of size 1 (triangular_product_size). */
enum status product_queue_push(struct product_queue *queue,
	const double *observe, const double *control,
	const struct spectrum *spectrum);

/* The same of complex factors, A B*: straight to LAPACK. Not both in one
 * queue. */
enum status product_queue_push_complex(struct product_queue *queue,
	const double _Complex *observe, const double _Complex *control,
	const struct spectrum *spectrum);

/* Sends on what waits: at the end, and before the sink is asked about. */
enum status product_queue_flush(struct product_queue *queue);

#endif
