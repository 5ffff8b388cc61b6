/*
 * softmax attention: row i of T is the softmax of its logits over the keys
 * that i sees, s_ij = scale q_i . k_j with j <= i and j > i - window.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"

enum { SOFTMAX_Q, SOFTMAX_K, SOFTMAX_SCALE, SOFTMAX_WINDOW };

static const struct factor_rule rules[] = {
	[SOFTMAX_Q] = { "q", "HLN", .required = true, .leads = true },
	[SOFTMAX_K] = { "k", "GLN", .required = true },
	[SOFTMAX_SCALE] = { "scale", "" },
	[SOFTMAX_WINDOW] = { "window", "" },
	{ .name = NULL },
};

struct operator_softmax {
	struct operator op;
	double scale;
	size_t window;          /* positions seen, SIZE_MAX: all */
	size_t n;
	double *queries, *keys; /* L x N */
};

static bool
infer(const struct layer *layer)
{
	return layer_has(layer, "q") && layer_has(layer, "k");
}

static enum status
settle(struct layer *layer)
{
	double window;
	enum status status;

	status = layer_number(&window, layer, "window", INFINITY);
	if (status != STATUS_OK)
		return status;
	if (!(window >= 1))
		return status_set(STATUS_FORMAT,
			"window is %g; expected at least 1", window);
	layer->tss_rule = TSS_WINDOW;
	layer->state_size = window < 9e15 ? (size_t)window - 1 : SIZE_MAX;
	return STATUS_OK;
}

/* All rows of a factor as doubles, for free(). */
static enum status
read_rows(double **out, const struct slice *slice, const char *name)
{
	size_t rows = slice->shape[0], n = slice->shape[1];
	void *values;
	enum status status = util_alloc(&values, rows * n, sizeof(double), name);

	if (status != STATUS_OK)
		return status;
	*out = values;
	for (size_t t = 0; t < rows; t++)
		slice_row(*out + t * n, slice, t);
	return STATUS_OK;
}

static enum status
open_softmax(struct operator *op)
{
	struct operator_softmax *self = (struct operator_softmax *)op;
	double window;
	enum status status;

	self->n = op->slices[SOFTMAX_K].shape[1];
	status = layer_number(&self->scale, op->layer, "scale",
		1 / sqrt((double)self->n));
	if (status == STATUS_OK)
		status = layer_number(&window, op->layer, "window", INFINITY);
	if (status != STATUS_OK)
		return status;
	self->window = window < 9e15 ? (size_t)window : SIZE_MAX;
	status = read_rows(&self->queries, &op->slices[SOFTMAX_Q], "q");
	if (status == STATUS_OK)
		status = read_rows(&self->keys, &op->slices[SOFTMAX_K], "k");
	return status;
}

static void
close_softmax(struct operator *op)
{
	struct operator_softmax *self = (struct operator_softmax *)op;

	free(self->queries);
	free(self->keys);
}

static double
dot(const double *restrict x, const double *restrict y, size_t n)
{
	double sum = 0;

	for (size_t k = 0; k < n; k++)
		sum += x[k] * y[k];
	return sum;
}

static void
row(const struct operator *op, size_t i, double *out)
{
	const struct operator_softmax *self
		= (const struct operator_softmax *)op;
	size_t first = i + 1 > self->window ? i + 1 - self->window : 0;
	const double *query = self->queries + i * self->n;
	double largest = -INFINITY, total = 0;

	for (size_t j = 0; j < first; j++)
		out[j] = 0;
	for (size_t j = first; j <= i; j++) {
		out[j] = self->scale
			* dot(query, self->keys + j * self->n, self->n);
		largest = fmax(largest, out[j]);
	}
	for (size_t j = first; j <= i; j++) {
		out[j] = exp(out[j] - largest);
		total += out[j];
	}
	for (size_t j = first; j <= i; j++)
		out[j] /= total;
}

const struct operator_kind operator_softmax = {
	.name = "softmax",
	.formula = "T[i][j] = softmax over j <= i, j > i - window, "
		"of scale q_i . k_j",
	.meta_keys = "scale window",
	.rules = rules,
	.infer = infer,
	.settle = settle,
	.size = sizeof(struct operator_softmax),
	.open = open_softmax,
	.close = close_softmax,
	.row = row,
};
