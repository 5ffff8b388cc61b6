/*
 * What spectra cost, in seconds of one core: counts of operations times
 * constants measured on 2020s cores. Right in proportion where one stage
 * dominates; how far off they are on this machine the session learns while it
 * runs (meter.h, pace.h).
 */
#include "core/hankel.h"

#include "core/meter.h"
#include "core/operator_rows.h"
#include "core/small_svd.h"
#include "core/util.h"

/* dgesdd values-only: about 8/3 m n^2 flops, and iterations that are
 * quadratic in n. Constants measured on 2020s cores. */
double
hankel_direct_cost(size_t rows, size_t columns)
{
	double small = (double)size_min(rows, columns);
	double large = (double)size_max(rows, columns);

	return 1.5e-10 * large * small * small + 4e-8 * small * small + 1e-6;
}

double
hankel_try_cost(const struct layer *layer, size_t positions)
{
	double L = (double)layer->length;

	return 3e-8 * L * L + 5e-5 * (double)positions;
}

double
hankel_leaf_cost(const struct layer *layer)
{
	return 1e-8 * (double)layer->length + 1e-5;
}

/* The spectrum of an n x n product: in lanes, or by LAPACK. */
static double
product_cost(double n)
{
	double cube = n <= SMALL_SVD_MAX ? 9e-11 : 4.5e-10;

	return cube * n * n * n + 2.2e-9 * n * n + 2e-7;
}

double
hankel_cost_at(const struct layer *layer, size_t position)
{
	double n = (double)layer_state(layer);
	double work = layer->is_complex ? 4 : 1;
	size_t rows, columns;

	if (hankel_method(layer) == METHOD_STATE)
		return work * product_cost(n);
	if (hankel_method(layer) == METHOD_BLOCK
		&& hankel_block_holds(layer->length, position))
		return hankel_block_cost(layer->length, position, false);
	hankel_block(layer, position, &rows, &columns);
	return work * hankel_direct_cost(rows, columns);
}

double
hankel_cost(const struct layer *layer, const size_t *positions, size_t count)
{
	double L = (double)layer->length, n = (double)layer_state(layer);
	double seconds;

	/* Its positions cost the same; there may be millions. */
	if (hankel_method(layer) == METHOD_STATE)
		return L * (1.2e-9 * n * n + 6e-7)
			* (layer->is_complex ? 4 : 1)
			+ (double)count * hankel_cost_at(layer, 1);
	seconds = hankel_method(layer) == METHOD_DIRECT
		&& operator_rows_narrow(layer) ? 0
		: (2e-10 * n + 5e-9) * L * L;
	for (size_t k = 0; k < count; k++)
		seconds += hankel_cost_at(layer, positions ? positions[k]
			: 1 + k * (layer->length - 1) / count);
	return seconds;
}

/* Of a sweep the last third goes with the products, from position to
 * position. */
static void
expect_state(double expected[METER_STAGES], const struct layer *layer,
	size_t position)
{
	double share = hankel_cost(layer, NULL, 0)
		/ (double)(layer->length - 1);

	expected[METER_SWEEP] += share * 2 / 3;
	expected[METER_PRODUCT] += hankel_cost_at(layer, position) + share / 3;
}

void
hankel_expect(double expected[METER_STAGES], const struct layer *layer,
	size_t position, int choice)
{
	size_t rows, columns;

	if (choice == CHOICE_ONLY + METHOD_DIRECT) {
		hankel_block(layer, position, &rows, &columns);
		expected[METER_DIRECT] += hankel_direct_cost(rows, columns)
			* (layer->is_complex ? 4 : 1);
	} else if (hankel_method(layer) == METHOD_STATE) {
		expect_state(expected, layer, position);
	} else if (hankel_method(layer) == METHOD_BLOCK
		&& hankel_block_holds(layer->length, position)) {
		expected[METER_CORE] += hankel_block_core_cost(layer->length,
			position, false);
		expected[METER_STEP] += hankel_block_step_cost(layer->length,
			position, false);
	} else {
		expected[METER_DIRECT] += hankel_cost_at(layer, position);
	}
}
