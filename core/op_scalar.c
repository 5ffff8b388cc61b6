/*
 * scalar states h_t = a_t h_{t-1} + b_t u_t, y_t = c_t h_t: HGRN, minGRU,
 * RG-LRU, the cell of an LSTM given its gates. Rank 1 by construction: s1 is
 * what there is to see.
 */
#include "core/operator.h"

enum { SCALAR_A, SCALAR_B, SCALAR_C };

static const struct factor_rule rules[] = {
	[SCALAR_A] = { "a", "DL", .required = true, .or_complex = true,
		.leads = true, .range = RANGE_GATE,
		.cause = "these are logarithms of gates, store their exp; if "
			"negative poles are meant, say \"growth\": true in "
			"the layer's meta",
		.low = -1, .high = 1, .doubt = "a gate is in (0, 1), after its "
			"sigmoid; beyond 1 the state grows" },
	[SCALAR_B] = { "b", "DL", .or_complex = true },
	[SCALAR_C] = { "c", "DL", .or_complex = true },
	{ .name = NULL },
};

static bool
infer(const struct layer *layer)
{
	return layer_has(layer, "a") && !layer_has(layer, "q");
}

static enum status
settle(struct layer *layer)
{
	layer->tss_rule = TSS_STATE;
	layer->state_size = layer_state(layer);
	return STATUS_OK;
}

static enum status
open_scalar(struct operator *op)
{
	(void)op;
	return STATUS_OK;
}

static double
value_or_one(const struct slice *slice, size_t t)
{
	return slice->data ? slice_get(slice, t) : 1;
}

static void
step(const struct operator *op, size_t t, double *a, double *b, double *c)
{
	if (a)
		*a = slice_get(&op->slices[SCALAR_A], t);
	if (b)
		*b = value_or_one(&op->slices[SCALAR_B], t);
	if (c)
		*c = value_or_one(&op->slices[SCALAR_C], t);
}

static double _Complex
complex_or_one(const struct slice *slice, size_t t)
{
	return slice->data ? slice_get_complex(slice, t) : 1;
}

static void
complex_step(const struct operator *op, size_t t, double _Complex *a,
	double _Complex *b, double _Complex *c)
{
	if (a)
		*a = slice_get_complex(&op->slices[SCALAR_A], t);
	if (b)
		*b = complex_or_one(&op->slices[SCALAR_B], t);
	if (c)
		*c = complex_or_one(&op->slices[SCALAR_C], t);
}

const struct operator_kind operator_scalar = {
	.name = "scalar",
	.formula = "T[i][j] = c_i (prod_{s=j+1..i} a_s) b_j",
	.meta_keys = "",
	.rules = rules,
	.infer = infer,
	.settle = settle,
	.size = sizeof(struct operator),
	.open = open_scalar,
	.row = operator_state_row,
	.complex_row = operator_complex_state_row,
	.step = step,
	.complex_step = complex_step,
};
