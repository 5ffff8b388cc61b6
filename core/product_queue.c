#include "core/product_queue.h"

#include <math.h>
#include <string.h>

#include "core/linalg.h"

enum status
product_queue_start(struct product_queue *queue, struct workspace *work,
	size_t n, size_t parts, struct hankel_sink sink)
{
	size_t square = n * n, small = 0;
	double *p;
	enum status status;

	if (n <= SMALL_SVD_MAX && parts == 1)
		small = (square + n) * SMALL_SVD_BATCH + small_svd_scratch(n);
	/* The vectors of small_svd start at 64 bytes. */
	status = workspace_buffer(&p, work, BUFFER_VALUES,
		small + square * parts + n);
	if (status == STATUS_OK)
		status = linalg_ready(work);
	if (status != STATUS_OK)
		return status;
	*queue = (struct product_queue){ .work = work, .sink = sink, .n = n };
	queue->batch = p;
	queue->values = p + square * SMALL_SVD_BATCH;
	queue->scratch = queue->values + n * SMALL_SVD_BATCH;
	queue->product = p + small;
	queue->one = queue->product + square * parts;
	return STATUS_OK;
}

static void
take(struct product_queue *queue, struct spectrum *spectrum)
{
	spectrum->values = queue->one;
	spectrum_finish(spectrum);
	queue->sink.take(queue->sink.payload, spectrum);
}

static enum status
by_lapack(struct product_queue *queue, struct spectrum *spectrum)
{
	enum status status = linalg_singular_values(queue->one, queue->work,
		queue->product, queue->n, queue->n);

	if (status == STATUS_OK)
		take(queue, spectrum);
	return status;
}

/* Values of matrix m of the batch; LAPACK's where dqds did not end. */
static enum status
hand_on(struct product_queue *queue, size_t m, bool failed)
{
	struct spectrum *spectrum = &queue->spectra[m];
	size_t n = queue->n;

	if (failed) {
		for (size_t k = 0; k < n * n; k++)
			queue->product[k]
				= queue->batch[k * SMALL_SVD_BATCH + m];
		return by_lapack(queue, spectrum);
	}
	for (size_t k = 0; k < n; k++)
		queue->one[k] = queue->values[k * SMALL_SVD_BATCH + m];
	take(queue, spectrum);
	return STATUS_OK;
}

enum status
product_queue_flush(struct product_queue *queue)
{
	size_t square = queue->n * queue->n, count = queue->waiting;
	enum status status = STATUS_OK;
	unsigned failed;

	if (!count)
		return STATUS_OK;
	for (size_t m = count; m < SMALL_SVD_BATCH; m++)
		for (size_t k = 0; k < square; k++)
			queue->batch[k * SMALL_SVD_BATCH + m] = 0;
	failed = small_svd(queue->values, queue->batch, queue->n,
		queue->scratch);
	for (size_t m = 0; m < count && status == STATUS_OK; m++)
		status = hand_on(queue, m, failed >> m & 1);
	queue->waiting = 0;
	return status;
}

static enum status
fail_overflow(const struct spectrum *spectrum)
{
	return status_set(STATUS_VALUE, "T overflows at position %zu",
		spectrum->position);
}

enum status
product_queue_push(struct product_queue *queue, const double *observe,
	const double *control, const struct spectrum *spectrum)
{
	size_t square = queue->n * queue->n, m = queue->waiting;

	if (!isfinite(spectrum->error))
		return fail_overflow(spectrum);
	linalg_upper_times_transpose(queue->product, observe, control,
		queue->n);
	queue->spectra[m] = *spectrum;
	if (queue->n > SMALL_SVD_MAX)
		return by_lapack(queue, &queue->spectra[m]);
	for (size_t k = 0; k < square; k++)
		queue->batch[k * SMALL_SVD_BATCH + m] = queue->product[k];
	queue->waiting++;
	return queue->waiting == SMALL_SVD_BATCH ? product_queue_flush(queue)
		: STATUS_OK;
}

enum status
product_queue_push_complex(struct product_queue *queue,
	const double _Complex *observe, const double _Complex *control,
	const struct spectrum *spectrum)
{
	double _Complex *product = (double _Complex *)queue->product;
	struct spectrum done = *spectrum;
	enum status status;

	if (!isfinite(spectrum->error))
		return fail_overflow(spectrum);
	linalg_complex_upper_times_transpose(product, observe, control,
		queue->n);
	status = linalg_complex_singular_values(queue->one, queue->work,
		product, queue->n, queue->n);
	if (status == STATUS_OK)
		take(queue, &done);
	return status;
}
