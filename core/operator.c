/*
 * The table of kinds, what is common to them, and one channel's operator.
 */
#include "core/operator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator_check.h"
#include "core/util.h"

extern const struct operator_kind operator_dense, operator_softmax,
	operator_decay, operator_delta, operator_s6, operator_scalar,
	operator_toeplitz;

/* Kinds are inferred in this order when a dump does not declare them. */
const struct operator_kind *const operator_kinds[] = {
	&operator_dense,
	&operator_toeplitz,
	&operator_s6,
	&operator_delta,
	&operator_scalar,
	&operator_decay,
	&operator_softmax,
	NULL,
};

size_t
layer_tss(const struct layer *layer, size_t i)
{
	switch ((enum tss_rule)layer->tss_rule) {
	case TSS_WINDOW:
		return size_min(i, layer->state_size);
	case TSS_RANK:
		return size_min(i, layer->length - i);
	case TSS_STATE:
		break;
	}
	return layer->state_size;
}

size_t
layer_ceiling(const struct layer *layer, size_t i)
{
	return size_min(layer_tss(layer, i),
		size_min(i, layer->length - i));
}

/* TSS keeps growing with i: dense, softmax without a window, and kernels so
 * long that no position lies clear of both ends. */
bool
layer_unbounded(const struct layer *layer)
{
	size_t L = layer->length, n = layer->state_size;

	if (layer->tss_rule == TSS_WINDOW)
		return n >= L - 1
			|| (layer->kind->long_unbounded && n > L / 2);
	return layer->tss_rule == TSS_RANK;
}

size_t
layer_capacity(const struct layer *layer, size_t i)
{
	return layer_unbounded(layer) ? layer_ceiling(layer, i)
		: layer_tss(layer, i);
}

bool
layer_interior(const struct layer *layer, size_t i)
{
	size_t L = layer->length, n = layer->state_size;

	if (layer_unbounded(layer))
		return 4 * i >= L && 4 * i < 3 * L;
	return i >= n && L - i >= n;
}

bool
layer_has(const struct layer *layer, const char *factor)
{
	for (size_t k = 0; k < layer->factor_count; k++)
		if (!strcmp(layer->factors[k].name, factor))
			return true;
	return false;
}

enum status
layer_number(double *out, const struct layer *layer, const char *key,
	double fallback)
{
	const struct factor_rule *rule = layer->kind->rules;
	struct tensor *tensor;
	struct slice slice;
	size_t k = 0;
	enum status status = layer_meta_number(out, layer, key, NAN);

	if (status != STATUS_OK || !isnan(*out))
		return status;
	*out = fallback;
	while (rule[k].name && strcmp(rule[k].name, key))
		k++;
	if (!rule[k].name || !layer->bindings[k].factor)
		return STATUS_OK;
	status = factor_load(&tensor, layer, layer->bindings[k].factor);
	if (status != STATUS_OK)
		return status;
	slice = binding_slice(&layer->bindings[k], tensor);
	*out = slice_scalar(slice);
	tensor_unref(tensor);
	return STATUS_OK;
}

/* w = A_j' w, A_j = diag(a) + p q'. */
static void
walk_back(const struct operator *op, size_t j, double *w, const double *a,
	double *p, double *q)
{
	size_t n = op->state;
	double along = 0;

	if (op->kind->rank_one) {
		op->kind->rank_one(op, j, p, q);
		for (size_t k = 0; k < n; k++)
			along += w[k] * p[k];
	}
	for (size_t k = 0; k < n; k++)
		w[k] = w[k] * a[k] + (op->kind->rank_one ? along * q[k] : 0);
}

void
operator_state_row(const struct operator *op, size_t i, double *out)
{
	size_t n = op->state;
	double *w, *a, *b;
	size_t j = i + 1;

	if (op->complex_modes) {
		operator_real_part_row(op, i, out);
		return;
	}
	w = xcalloc(5 * n, sizeof *w);
	a = w + n;
	b = a + n;
	op->kind->step(op, i, NULL, NULL, w);
	if (op->reads_before)
		out[--j] = 0;
	while (j-- > 0) {
		double sum = 0;

		op->kind->step(op, j, a, b, NULL);
		for (size_t k = 0; k < n; k++)
			sum += w[k] * b[k];
		walk_back(op, j, w, a, b + n, b + 2 * n);
		out[j] = sum;
	}
	free(w);
}

/* Fixes axis `which` of a slice at index. */
static struct slice
slice_fix(struct slice slice, int which, size_t index)
{
	slice.data += index * slice.stride[which];
	slice.rank--;
	for (int k = which; k < slice.rank; k++) {
		slice.shape[k] = slice.shape[k + 1];
		slice.stride[k] = slice.stride[k + 1];
	}
	return slice;
}

/* This channel's part of a factor: head h of H, its group, its channel. */
enum status
operator_load_factor(struct operator *op, size_t which)
{
	const struct binding *binding = &op->layer->bindings[which];
	struct tensor **tensor = &op->tensors[which];
	struct slice *slice = &op->slices[which];
	int axis;
	size_t first = 0;
	size_t index = binding_index(&axis, op->layer, binding, op->channel);
	enum status status;

	if (axis < 0)
		status = factor_load(tensor, op->layer, binding->factor);
	else
		status = factor_load_channel(tensor, &first, op->layer,
			binding, axis, index);
	if (status != STATUS_OK)
		return status;
	*slice = binding_slice(binding, *tensor);
	if (axis >= 0)
		*slice = slice_fix(*slice, axis, index - first);
	return STATUS_OK;
}

static enum status
load_factors(struct operator *op)
{
	const struct layer *layer = op->layer;
	const struct factor_rule *rule = op->kind->rules;

	for (size_t k = 0; rule[k].name; k++) {
		enum status status;

		if (!layer->bindings[k].factor)
			continue;
		status = operator_load_factor(op, k);
		if (status != STATUS_OK)
			return status;
		status = operator_check(op, &rule[k], op->slices[k]);
		if (status != STATUS_OK)
			return status_at(status, "%s: %s", layer->dump->label,
				layer->label);
	}
	return STATUS_OK;
}

enum status
operator_open(struct operator **out, const struct layer *layer,
	size_t channel)
{
	struct operator *op = xcalloc(1, layer->kind->size);
	enum status status;

	op->kind = layer->kind;
	op->layer = layer;
	op->channel = channel;
	op->length = layer->length;
	op->state = op->kind->step ? layer_state(layer) : 0;
	op->is_complex = layer_is_complex(layer);
	op->complex_modes = layer->is_complex && op->kind->complex_step;
	op->memo = xcalloc(1, sizeof *op->memo);
	atomic_init(op->memo, NULL);
	status = load_factors(op);
	if (status == STATUS_OK) {
		status = op->kind->open(op);
		status_at(status, "%s: %s", layer->dump->label, layer->label);
	}
	if (status == STATUS_OK)
		*out = op;
	else
		operator_close(op);
	return status;
}

void
operator_close(struct operator *op)
{
	struct operator_memo *memo;

	if (!op)
		return;
	memo = atomic_load(op->memo);
	if (memo)
		memo->free(memo);
	free(op->memo);
	if (op->kind->close)
		op->kind->close(op);
	for (size_t k = 0; k < LAYER_BINDINGS; k++)
		tensor_unref(op->tensors[k]);
	free(op->doubt);
	free(op);
}
