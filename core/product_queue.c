#include "core/product_queue.h"

#include <math.h>
#include <string.h>

#include "core/linalg.h"
#include "core/triangular.h"
#include "core/triangular_complex.h"

enum {
	BATCH = SMALL_SVD_BATCH,
	/* Up to here products are best made in lanes, beyond it by BLAS. */
	LANE_PRODUCT_MAX = 32,
};

enum status
product_queue_start(struct product_queue *queue, struct workspace *work,
	size_t n, size_t parts, struct hankel_sink sink)
{
	size_t cube = n * n * BATCH, factors = n <= LANE_PRODUCT_MAX ? 2 : 0;
	size_t lanes = 0;
	double *p;
	enum status status;

	if (n <= SMALL_SVD_MAX && parts == 1)
		lanes = (2 * factors + (factors ? 1 : 2)) * cube
			+ (n + 1) * BATCH + small_svd_scratch(n);
	/* The vectors of small_svd start at 64 bytes. */
	status = workspace_buffer(&p, work, BUFFER_VALUES,
		lanes + n * n * parts + n);
	/* Lanes need no BLAS; LAPACK asks where one of them fails. */
	if (status == STATUS_OK && (n > LANE_PRODUCT_MAX || parts > 1))
		status = linalg_ready(work);
	if (status != STATUS_OK)
		return status;
	*queue = (struct product_queue){ .work = work, .sink = sink, .n = n };
	queue->batch = p;
	queue->observe = queue->batch + cube;
	queue->control = queue->observe + (factors ? cube : 0);
	queue->rows = queue->control + (factors ? cube : 0);
	queue->values = queue->rows + (factors ? factors : 1) * cube;
	queue->sizes = queue->values + n * BATCH;
	queue->scratch = queue->sizes + BATCH;
	queue->product = p + lanes;
	queue->one = queue->product + n * n * parts;
	/* What no product has filled yet is as good as any other. */
	memset(p, 0, lanes * sizeof *p);
	return STATUS_OK;
}

/* values into the sink; size: of the product, see triangular_product_size. */
static enum status
hand_on(struct product_queue *queue, struct spectrum *spectrum, double size)
{
	enum status status;

	spectrum->error *= size;
	spectrum->floor = spectrum->error;
	spectrum->values = queue->one;
	status = spectrum_finish(spectrum);
	if (status == STATUS_OK)
		queue->sink.take(queue->sink.payload, spectrum);
	return status;
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

/* BATCH row-major matrices into lanes, eight entries of each at a time: from
 * the diagonal on, or all of them. */
static void
into_lanes(double *restrict lanes, const double *restrict rows, size_t n,
	bool upper)
{
	for (size_t r = 0; r < n; r++)
		for (size_t c = upper ? r : 0; c < n; c += 8) {
			size_t many = n - c < 8 ? n - c : 8;
			double *to = lanes + (r * n + c) * BATCH;

			for (size_t m = 0; m < BATCH; m++) {
				const double *x = rows + (m * n + r) * n + c;

				for (size_t k = 0; k < many; k++)
					to[k * BATCH + m] = x[k];
			}
		}
}

enum status
product_queue_flush(struct product_queue *queue)
{
	size_t count = queue->waiting, n = queue->n;
	enum status status = STATUS_OK;
	unsigned failed;

	if (!count)
		return STATUS_OK;
	if (n <= LANE_PRODUCT_MAX) {
		into_lanes(queue->observe, queue->rows, n, true);
		into_lanes(queue->control, queue->rows + BATCH * n * n, n,
			true);
		small_svd_product(queue->batch, queue->sizes, queue->observe,
			queue->control, n);
	} else {
		into_lanes(queue->batch, queue->rows, n, false);
	}
	failed = small_svd(queue->values, queue->batch, n, queue->scratch);
	for (size_t m = 0; m < count && status == STATUS_OK; m++)
		status = take_lane(queue, m, failed >> m & 1);
	queue->waiting = 0;
	return status;
}

/* Too large for lanes. */
static enum status
push_alone(struct product_queue *queue, const double *observe,
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
	size_t m = queue->waiting, square = queue->n * queue->n;
	double *slot = queue->rows + m * square;

	queue->spectra[m] = *spectrum;
	if (queue->n > SMALL_SVD_MAX)
		return push_alone(queue, observe, control, &queue->spectra[m]);
	if (queue->n <= LANE_PRODUCT_MAX) {
		memcpy(slot, observe, square * sizeof *slot);
		memcpy(slot + BATCH * square, control, square * sizeof *slot);
	} else {
		linalg_upper_times_transpose(slot, observe, control,
			queue->n);
		queue->sizes[m] = triangular_product_size(observe, control,
			queue->n);
	}
	queue->waiting++;
	return queue->waiting == BATCH ? product_queue_flush(queue)
		: STATUS_OK;
}

enum status
product_queue_push_complex(struct product_queue *queue,
	const double _Complex *observe, const double _Complex *control,
	const struct spectrum *spectrum)
{
	double _Complex *product = (double _Complex *)queue->product;
	double size = triangular_complex_product_size(observe, control,
		queue->n);
	struct spectrum done = *spectrum;
	enum status status;

	if (!isfinite(size))
		return overflows(spectrum);
	linalg_complex_upper_times_transpose(product, observe, control,
		queue->n);
	status = linalg_complex_singular_values(queue->one, queue->work,
		product, queue->n, queue->n);
	return status == STATUS_OK ? hand_on(queue, &done, size) : status;
}
