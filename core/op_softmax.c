/*
 * softmax attention: row i of T is the softmax of its logits over the keys
 * that i sees,
 *
 *   s_ij = cap(scale q_i . k_j) + slope (j - i) + sum_{s=j+1..i} la_s
 *
 * with j <= i, j > i - window and mask_j; cap(x) = c tanh(x / c) with a
 * softcap c, slopes of ALiBi, la of forgetting attention. A sink is one more
 * logit in the denominator. A row that sees no key is zero.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"

enum {
	SOFTMAX_Q, SOFTMAX_K, SOFTMAX_LA, SOFTMAX_SLOPES, SOFTMAX_SINK,
	SOFTMAX_MASK, SOFTMAX_SCALE, SOFTMAX_WINDOW, SOFTMAX_CAP,
};

static const struct factor_rule rules[] = {
	[SOFTMAX_Q] = { "q", "HLN", .required = true, .leads = true },
	[SOFTMAX_K] = { "k", "GLN", .required = true },
	[SOFTMAX_LA] = { "la", "HL", .range = RANGE_LOG_DECAY },
	[SOFTMAX_SLOPES] = { "slopes", "H" },
	[SOFTMAX_SINK] = { "sink", "H", .range = RANGE_BELOW_INFINITY },
	[SOFTMAX_MASK] = { "mask", "L", .range = RANGE_NOT_NEGATIVE,
		.cause = "mask is 1 where a key takes part and 0 where not; "
			"this one is added to logits: store 1 where "
			"it is 0, and 0 elsewhere" },
	[SOFTMAX_SCALE] = { "scale", "" },
	[SOFTMAX_WINDOW] = { "window", "" },
	[SOFTMAX_CAP] = { "softcap", "" },
	{ .name = NULL },
};

struct softmax_options {
	double scale;
	double softcap;         /* 0: none */
	size_t window;          /* positions seen, SIZE_MAX: all */
};

struct operator_softmax {
	struct operator op;
	struct softmax_options options;
	double slope;           /* 0: none */
	double sink;            /* -INFINITY: none */
	size_t n;
	double *queries, *keys; /* L x N */
	double *forget, *mask;  /* L, or NULL */
};

static bool
infer(const struct layer *layer)
{
	return layer_has(layer, "q") && layer_has(layer, "k");
}

static enum status
read_options(struct softmax_options *out, const struct layer *layer)
{
	double n = (double)layer_state(layer), window;
	enum status status;

	status = layer_number(&out->scale, layer, "scale", 1 / sqrt(n));
	if (status == STATUS_OK)
		status = layer_number(&out->softcap, layer, "softcap", 0);
	if (status == STATUS_OK)
		status = layer_number(&window, layer, "window", INFINITY);
	if (status != STATUS_OK)
		return status;
	if (!(window >= 1) || window != floor(window))
		return status_set(STATUS_FORMAT, "window is %g; expected a "
			"whole number of positions, 1 or more", window);
	if (!(out->softcap >= 0))
		return status_set(STATUS_FORMAT,
			"softcap is %g; expected 0 or more", out->softcap);
	out->window = window < 9e15 ? (size_t)window : SIZE_MAX;
	return STATUS_OK;
}

static enum status
settle(struct layer *layer)
{
	struct softmax_options options;
	enum status status = read_options(&options, layer);

	if (status != STATUS_OK)
		return status;
	layer->tss_rule = TSS_WINDOW;
	layer->state_size = options.window - 1;
	layer->band = options.window < layer->length ? options.window : 0;
	return STATUS_OK;
}

/* All of a rank-1 or rank-2 factor as doubles, for free(); NULL if absent. */
static enum status
read_factor(double **out, const struct operator *op, int which)
{
	const struct slice *slice = &op->slices[which];
	size_t rows = slice->shape[0], n = slice->rank == 2
		? slice->shape[1] : 1;
	void *values;
	enum status status;

	if (!slice->data)
		return STATUS_OK;
	status = util_alloc(&values, rows * n, sizeof(double),
		op->kind->rules[which].name);
	if (status != STATUS_OK)
		return status;
	*out = values;
	if (slice->rank == 1)
		slice_read(*out, slice, 0, rows);
	else
		for (size_t t = 0; t < rows; t++)
			slice_row(*out + t * n, slice, t);
	return STATUS_OK;
}

/* This head's one value of a factor (H). */
static double
head_value(const struct operator *op, int which, double fallback)
{
	return op->slices[which].data ? slice_scalar(op->slices[which])
		: fallback;
}

static enum status
open_softmax(struct operator *op)
{
	struct operator_softmax *self = (struct operator_softmax *)op;
	enum status status;

	self->n = op->slices[SOFTMAX_K].shape[1];
	self->slope = head_value(op, SOFTMAX_SLOPES, 0);
	self->sink = head_value(op, SOFTMAX_SINK, -INFINITY);
	status = read_options(&self->options, op->layer);
	if (status == STATUS_OK)
		status = read_factor(&self->queries, op, SOFTMAX_Q);
	if (status == STATUS_OK)
		status = read_factor(&self->keys, op, SOFTMAX_K);
	if (status == STATUS_OK)
		status = read_factor(&self->forget, op, SOFTMAX_LA);
	if (status == STATUS_OK)
		status = read_factor(&self->mask, op, SOFTMAX_MASK);
	return status;
}

static void
close_softmax(struct operator *op)
{
	struct operator_softmax *self = (struct operator_softmax *)op;

	free(self->queries);
	free(self->keys);
	free(self->forget);
	free(self->mask);
}

static double
dot(const double *restrict x, const double *restrict y, size_t n)
{
	double sum = 0;

	for (size_t k = 0; k < n; k++)
		sum += x[k] * y[k];
	return sum;
}

static double
cap(double x, double most)
{
	return most > 0 ? most * tanh(x / most) : x;
}

/* Logits s_ij of row i for first <= j <= i, -INFINITY where masked; returns
 * the largest. */
static double
logits(const struct operator_softmax *self, size_t i, size_t first,
	double *out)
{
	const double *query = self->queries + i * self->n;
	double largest = -INFINITY, forgotten = 0;

	for (size_t j = i + 1; j-- > first;) {
		double s = self->options.scale
			* dot(query, self->keys + j * self->n, self->n);

		s = cap(s, self->options.softcap);
		s += self->slope * ((double)j - (double)i) + forgotten;
		if (self->forget)
			forgotten += self->forget[j];
		out[j] = self->mask && self->mask[j] == 0 ? -INFINITY : s;
		largest = fmax(largest, out[j]);
	}
	return largest;
}

static void
row(const struct operator *op, size_t i, double *out)
{
	const struct operator_softmax *self
		= (const struct operator_softmax *)op;
	size_t window = self->options.window;
	size_t first = i + 1 > window ? i + 1 - window : 0;
	double largest = fmax(logits(self, i, first, out), self->sink);
	double total = 0;

	for (size_t j = 0; j < first; j++)
		out[j] = 0;
	if (largest == -INFINITY)
		largest = 0;
	total = exp(self->sink - largest);
	for (size_t j = first; j <= i; j++) {
		out[j] = exp(out[j] - largest);
		total += out[j];
	}
	for (size_t j = first; j <= i && total > 0; j++)
		out[j] /= total;
}

const struct operator_kind operator_softmax = {
	.name = "softmax",
	.formula = "T[i][j] = softmax over j <= i, j > i - window, "
		"of scale q_i . k_j + bias",
	.meta_keys = "scale window softcap",
	.rules = rules,
	.infer = infer,
	.settle = settle,
	.size = sizeof(struct operator_softmax),
	.open = open_softmax,
	.close = close_softmax,
	.row = row,
};
