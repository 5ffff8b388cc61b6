#include "ui/difference.h"

#include <math.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/summary.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/measure_table.h"
#include "ui/model.h"

/* Values of one channel as they come in. */
struct values {
	const struct model *model;
	const struct layer *layer;
	size_t begin;
	double *out;
};

static void
put(struct values *values, const struct measured *cell)
{
	values->out[cell->position - values->begin]
		= values->model->measure->value(cell);
}

static void
take_spectrum(void *payload, const struct spectrum *spectrum)
{
	struct values *values = payload;
	struct measured cell = measured_cell(values->layer, spectrum,
		values->model->tolerance);

	put(values, &cell);
}

/* By counts alone where the measure rests on no more. */
static void
take_counts(struct values *values, size_t channel, size_t end)
{
	struct measured cell = { .layer = values->layer };
	uint32_t *counts = xcalloc(end - values->begin, sizeof *counts);

	if (session_count(counts, values->model->session, values->layer,
		channel, values->begin, end, values->model->tolerance))
		for (size_t i = values->begin; i < end; i++) {
			if (counts[i - values->begin] == ESS_UNKNOWN)
				continue;
			cell.position = i;
			cell.tolerance_ess = counts[i - values->begin];
			put(values, &cell);
		}
	free(counts);
}

static void
values_of(double *out, const struct model *model, const struct layer *layer,
	size_t channel, size_t begin, size_t end)
{
	struct values values = { model, layer, begin, out };

	for (size_t k = 0; k < end - begin; k++)
		out[k] = NAN;
	if (!layer || channel >= layer->channels || begin >= layer->length)
		return;
	end = size_min(end, layer->length);
	if (model->measure->by_count)
		take_counts(&values, channel, end);
	else
		session_each(model->session, layer, channel, begin, end,
			(struct hankel_sink){ take_spectrum, &values });
}

void
difference_values(double *a, double *b, const struct model *model,
	size_t channel, size_t begin, size_t end)
{
	values_of(a, model, model_layer(model), channel, begin, end);
	values_of(b, model, comparison_layer(model), channel, begin, end);
}

/* Nothing less nothing is nothing, on a log scale too. */
double
difference_of(const struct model *model, double a, double b)
{
	if (!model->measure->log || isnan(a) || isnan(b))
		return a - b;
	return a == b ? 0 : log10(a) - log10(b);
}

double *
difference_cells(const struct model *model, size_t channel, size_t begin, size_t end)
{
	double *a = xcalloc(end - begin, sizeof *a);
	double *b = xcalloc(end - begin, sizeof *b);

	difference_values(a, b, model, channel, begin, end);
	for (size_t k = 0; k < end - begin; k++)
		a[k] = difference_of(model, a[k], b[k]);
	free(b);
	return a;
}

bool
difference_get(double *out, const struct model *model, size_t channel,
	size_t position)
{
	double *row = difference_cells(model, channel, position, position + 1);

	*out = *row;
	free(row);
	return !isnan(*out);
}

void
difference_add(struct summary *sum, const struct model *model, size_t channel,
	size_t begin, size_t end)
{
	double *values = difference_cells(model, channel, begin, end);

	for (size_t k = 0; k < end - begin; k++)
		if (!isnan(values[k]))
			summary_add(sum, values[k]);
	free(values);
}

double
difference_reduced(const struct model *model, const struct summary *sum)
{
	if (model->reducer == REDUCER_MEAN)
		return summary_mean(sum);
	if (model->reducer == REDUCER_MAX)
		return fabs(sum->min) > fabs(sum->max) ? sum->min : sum->max;
	return sum->min > 0 ? sum->min : sum->max < 0 ? sum->max : 0;
}
