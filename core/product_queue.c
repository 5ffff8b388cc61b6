#include "core/product_queue.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/linalg.h"
#include "core/triangular.h"

enum { BATCH = SMALL_SVD_BATCH };

enum status
product_queue_start(struct product_queue *queue, struct workspace *work,
	size_t n, struct hankel_sink sink)
{
	size_t square = n * n, lanes = 0;
	double *p;
	enum status status;

	if (n <= SMALL_SVD_MAX)
		lanes = (3 * square + n + 1) * BATCH + small_svd_scratch(n);
	/* The vectors of small_svd start at 64 bytes. */
	status = workspace_buffer(&p, work, BUFFER_VALUES,
		lanes + square + n);
	if (status != STATUS_OK)
		return status;
	*queue = (struct product_queue){ .work = work, .sink = sink, .n = n };
	queue->observe = p;
	queue->control = queue->observe + square * BATCH;
	queue->batch = queue->control + square * BATCH;
	queue->values = queue->batch + square * BATCH;
	queue->sizes = queue->values + n * BATCH;
	queue->scratch = queue->sizes + BATCH;
	queue->product = p + lanes;
	queue->one = queue->product + square;
	/* What no product has filled yet is as good as any other. */
	memset(p, 0, lanes * sizeof *p);
	return STATUS_OK;
}

/* values into the sink; size: of the product, see triangular_product_size. */
static enum status
hand_on(struct product_queue *queue, struct spectrum *spectrum, double size)
{
	spectrum->error = (double)(queue->n + 16) * DBL_EPSILON * size;
	spectrum->floor = spectrum->error;
	spectrum->values = queue->one;
	spectrum_finish(spectrum);
	queue->sink.take(queue->sink.payload, spectrum);
	return STATUS_OK;
}

static enum status
overflows(const struct spectrum *spectrum)
{
	return status_set(STATUS_VALUE, "T overflows at position %zu",
		spectrum->position);
}

/* The values of queue->product, one by one. */
static enum status
by_lapack(struct product_queue *queue, struct spectrum *spectrum, double size)
{
	enum status status = linalg_singular_values(queue->one, queue->work,
		queue->product, queue->n, queue->n);

	return status == STATUS_OK ? hand_on(queue, spectrum, size) : status;
}

/* Values of matrix m of the batch; LAPACK's where dqds did not end. */
static enum status
take_lane(struct product_queue *queue, size_t m, bool failed)
{
	struct spectrum *spectrum = &queue->spectra[m];
	size_t n = queue->n;

	if (!isfinite(queue->sizes[m]))
		return overflows(spectrum);
	if (failed) {
		for (size_t k = 0; k < n * n; k++)
			queue->product[k] = queue->batch[k * BATCH + m];
		return by_lapack(queue, spectrum, queue->sizes[m]);
	}
	for (size_t k = 0; k < n; k++)
		queue->one[k] = queue->values[k * BATCH + m];
	return hand_on(queue, spectrum, queue->sizes[m]);
}

enum status
product_queue_flush(struct product_queue *queue)
{
	size_t count = queue->waiting;
	enum status status = STATUS_OK;
	unsigned failed;

	if (!count)
		return STATUS_OK;
	small_svd_product(queue->batch, queue->sizes, queue->observe,
		queue->control, queue->n);
	failed = small_svd(queue->values, queue->batch, queue->n,
		queue->scratch);
	for (size_t m = 0; m < count && status == STATUS_OK; m++)
		status = take_lane(queue, m, failed >> m & 1);
	queue->waiting = 0;
	return status;
}

/* The upper triangle of R into lane m. */
static void
fill_lane(double *restrict lanes, const double *restrict r, size_t n,
	size_t m)
{
	for (size_t k = 0; k < n; k++)
		for (size_t j = k; j < n; j++)
			lanes[(k * n + j) * BATCH + m] = r[k * n + j];
}

/* Too large for lanes. */
static enum status
push_large(struct product_queue *queue, const double *observe,
	const double *control, struct spectrum *spectrum)
{
	double size = triangular_product_size(observe, control, queue->n);

	if (!isfinite(size))
		return overflows(spectrum);
	linalg_upper_times_transpose(queue->product, observe, control,
		queue->n);
	return by_lapack(queue, spectrum, size);
}

enum status
product_queue_push(struct product_queue *queue, const double *observe,
	const double *control, const struct spectrum *spectrum)
{
	size_t m = queue->waiting;

	queue->spectra[m] = *spectrum;
	if (queue->n > SMALL_SVD_MAX)
		return push_large(queue, observe, control, &queue->spectra[m]);
	fill_lane(queue->observe, observe, queue->n, m);
	fill_lane(queue->control, control, queue->n, m);
	queue->waiting++;
	return queue->waiting == BATCH ? product_queue_flush(queue)
		: STATUS_OK;
}
