/*
 * s6, the selective scan of Mamba (state-spaces/mamba, selective_scan_ref):
 * one operator a channel, A fixed, dt, B and C of the input.
 *
 *   T[i][j] = sum_n C_in exp(A_n sum_{s=j+1..i} dt_s) dt_j B_jn
 *
 * dt comes after softplus, or as softplus(dt_low dt_w' + dt_bias).
 */
#include <math.h>
#include <stdlib.h>

#include "core/complex_value.h"
#include "core/operator.h"
#include "core/util.h"

enum { S6_DT, S6_LOW, S6_W, S6_BIAS, S6_A, S6_B, S6_C };

static const struct factor_rule rules[] = {
	[S6_DT] = { "dt", "DL", .leads = true, .range = RANGE_NOT_NEGATIVE,
		.cause = "dt is >= 0; this one was stored before softplus",
		.high = 20, .doubt = "dt is seldom above 20; it should be "
			"after softplus, and not yet multiplied by A" },
	[S6_LOW] = { "dt_low", "LX", .leads = true },
	[S6_W] = { "dt_w", "DX" },
	[S6_BIAS] = { "dt_bias", "D" },
	[S6_A] = { "A", "DN|D", .required = true, .or_complex = true,
		.range = RANGE_NOT_POSITIVE,
		.cause = "A is <= 0; if this is A_log, store -exp(A_log)" },
	[S6_B] = { "B", "LN|GLN", .required = true, .or_complex = true },
	[S6_C] = { "C", "LN|GLN", .required = true, .or_complex = true },
	{ .name = NULL },
};

struct operator_s6 {
	struct operator op;
	double *dt;             /* L */
	double *a;              /* n, of complex modes their real part, */
	double *turn;           /* and their imaginary part */
	size_t n;
};

static bool
infer(const struct layer *layer)
{
	return layer_has(layer, "dt") || layer_has(layer, "dt_low");
}

static enum status
settle(struct layer *layer)
{
	bool whole = layer->bindings[S6_DT].factor;
	bool low = layer->bindings[S6_LOW].factor
		&& layer->bindings[S6_W].factor;

	if (!whole && !low)
		return status_set(STATUS_FORMAT,
			"dt is missing; expected dt (D,L), or dt_low (L,X) "
			"with dt_w (D,X)");
	for (size_t k = S6_LOW; whole && k <= S6_BIAS; k++)
		layer_drop(layer, k, "dt is there, and comes first");
	layer->tss_rule = TSS_STATE;
	layer->state_size = layer_state(layer);
	return STATUS_OK;
}

static double
softplus(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* dt_t = softplus(sum_x dt_low[t][x] dt_w[x] + dt_bias) */
static void
expand_dt(struct operator_s6 *self)
{
	const struct slice *low = &self->op.slices[S6_LOW];
	struct slice bias = self->op.slices[S6_BIAS];
	size_t rank = low->shape[1];
	double *w = xcalloc(2 * rank, sizeof *w), *row = w + rank, shift = 0;

	slice_read(w, &self->op.slices[S6_W], 0, rank);
	if (bias.data)
		shift = slice_scalar(bias);
	for (size_t t = 0; t < self->op.length; t++) {
		double sum = shift;

		slice_row(row, low, t);
		for (size_t x = 0; x < rank; x++)
			sum += row[x] * w[x];
		self->dt[t] = softplus(sum);
	}
	free(w);
}

/* A, one for all modes or one each. */
static void
read_rates(struct operator_s6 *self)
{
	struct slice rates = self->op.slices[S6_A], part;

	if (rates.rank == 0) {
		rates.rank = 1;
		rates.stride[0] = 0;
	}
	rates.shape[0] = self->n;
	self->a = xcalloc(2 * self->n, sizeof *self->a);
	self->turn = self->a + self->n;
	part = slice_part(rates, PART_REAL);
	slice_read(self->a, &part, 0, self->n);
	part = slice_part(rates, PART_IMAGINARY);
	if (dtype_is_complex(rates.dtype))
		slice_read(self->turn, &part, 0, self->n);
}

static enum status
open_s6(struct operator *op)
{
	struct operator_s6 *self = (struct operator_s6 *)op;
	void *dt;
	enum status status;

	status = util_alloc(&dt, op->length, sizeof(double), "dt");
	if (status != STATUS_OK)
		return status;
	self->dt = dt;
	self->n = layer_modes(op->layer);
	if (op->slices[S6_DT].data)
		slice_read(self->dt, &op->slices[S6_DT], 0, op->length);
	else
		expand_dt(self);
	read_rates(self);
	return STATUS_OK;
}

static void
close_s6(struct operator *op)
{
	struct operator_s6 *self = (struct operator_s6 *)op;

	free(self->dt);
	free(self->a);
}

static void
step(const struct operator *op, size_t t, double *a, double *b, double *c)
{
	const struct operator_s6 *self = (const struct operator_s6 *)op;
	double dt = self->dt[t];

	if (a)
		for (size_t k = 0; k < self->n; k++)
			a[k] = exp(self->a[k] * dt);
	if (b) {
		slice_row(b, &op->slices[S6_B], t);
		for (size_t k = 0; k < self->n; k++)
			b[k] *= dt;
	}
	if (c)
		slice_row(c, &op->slices[S6_C], t);
}

static void
complex_step(const struct operator *op, size_t t, double _Complex *a,
	double _Complex *b, double _Complex *c)
{
	const struct operator_s6 *self = (const struct operator_s6 *)op;
	double dt = self->dt[t];

	if (a)
		for (size_t k = 0; k < self->n; k++)
			a[k] = cexp(CMPLX(self->a[k] * dt, self->turn[k] * dt));
	if (b) {
		slice_row_complex(b, &op->slices[S6_B], t);
		for (size_t k = 0; k < self->n; k++)
			b[k] *= dt;
	}
	if (c)
		slice_row_complex(c, &op->slices[S6_C], t);
}

const struct operator_kind operator_s6 = {
	.name = "s6",
	.formula = "T[i][j] = sum_n C_in exp(A_n sum_{s=j+1..i} dt_s) "
		"dt_j B_jn",
	.meta_keys = "",
	.rules = rules,
	.infer = infer,
	.settle = settle,
	.size = sizeof(struct operator_s6),
	.open = open_s6,
	.close = close_s6,
	.row = operator_state_row,
	.complex_row = operator_complex_state_row,
	.step = step,
	.complex_step = complex_step,
};
