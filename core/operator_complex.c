/*
 * Complex operators: T stays complex, and so do H_i, whose singular values are
 * real; or, with re in meta, T is the real part.
 *
 * Of a recurrence the real part is one again: with h_t = a h_{t-1} + b u_t and
 * real u, Re(c h) = (c h + conj(c) conj(h)) / 2. That is the list of modes
 * closed under conjugation, 2 n of them at half the weight, whose T and H_i are
 * real: a real state of 2 n numbers.
 */
#include <complex.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"

bool
layer_is_complex(const struct layer *layer)
{
	return layer->is_complex && !layer->real_part;
}

size_t
layer_modes(const struct layer *layer)
{
	return size_max(layer->axes['N' - 'A'], 1);
}

size_t
layer_state(const struct layer *layer)
{
	bool closed = layer->is_complex && layer->real_part;

	return closed ? 2 * layer_modes(layer) : layer_modes(layer);
}

/* Behind n values their conjugates, all of them times weight. */
static void
close_list(double _Complex *x, size_t n, double weight)
{
	for (size_t k = 0; x && k < n; k++) {
		x[k] *= weight;
		x[n + k] = conj(x[k]);
	}
}

void
operator_complex_step(const struct operator *op, size_t t, double _Complex *a,
	double _Complex *b, double _Complex *c)
{
	size_t n = layer_modes(op->layer);

	op->kind->complex_step(op, t, a, b, c);
	if (op->state == n)
		return;
	close_list(a, n, 1);
	close_list(b, n, 1);
	close_list(c, n, 0.5);
}

void
operator_complex_state_row(const struct operator *op, size_t i,
	double _Complex *out)
{
	size_t n = layer_modes(op->layer), j = i + 1;
	double _Complex *w = xcalloc(3 * n, sizeof *w), *a = w + n, *b = a + n;

	op->kind->complex_step(op, i, NULL, NULL, w);
	if (op->reads_before)
		out[--j] = 0;
	while (j-- > 0) {
		double _Complex sum = 0;

		op->kind->complex_step(op, j, a, b, NULL);
		for (size_t k = 0; k < n; k++) {
			sum += w[k] * b[k];
			w[k] *= a[k];
		}
		out[j] = sum;
	}
	free(w);
}

void
operator_real_part_row(const struct operator *op, size_t i, double *out)
{
	double _Complex *row = xcalloc(i + 1, sizeof *row);

	op->kind->complex_row(op, i, row);
	for (size_t j = 0; j <= i; j++)
		out[j] = creal(row[j]);
	free(row);
}
