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

enum status product_queue_start(struct product_queue *queue,
	struct workspace *work, size_t n, struct hankel_sink sink);

/* The product of two upper-triangular factors, which are copied; spectrum
 * holds position, the count of values wanted and its method. Error and floor
 * are the queue's: the rounding of the product (triangular_product_size) and
 * of the steps that made its factors. */
enum status product_queue_push(struct product_queue *queue,
	const double *observe, const double *control,
	const struct spectrum *spectrum);

/* Sends on what waits: at the end, and before the sink is asked about. */
enum status product_queue_flush(struct product_queue *queue);

#endif
