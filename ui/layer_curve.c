#include "ui/layer_curve.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/model.h"

/* Of log10 s, or log10 s / s1. */
enum { BINS_DECADE = 20, DECADE_LOW = -16, DECADE_HIGH = 12,
	BINS = BINS_DECADE * (DECADE_HIGH - DECADE_LOW) };

/* Positions asked for at a time. */
enum { POSITIONS = 64 };

struct layer_curve {
	const struct layer *layer;
	int kind;                       /* of the tolerance */
	bool running, valid;
	unsigned long results;          /* model->results when it began */
	size_t channel, position;       /* the next cell */
	size_t cells, values;           /* of this pass */
	double ceilings;                /* their sum */
	uint64_t counts[BINS];
	/* The last finished pass: means of values at or above a bin. */
	double mean[BINS];
	double ceiling;
};

void
layer_curve_free(struct layer_curve *curve)
{
	free(curve);
}

static int
bin_of(double value)
{
	double bin = floor((log10(value) - DECADE_LOW) * BINS_DECADE + 1e-9);

	return bin < 0 ? 0 : bin >= BINS ? BINS - 1 : (int)bin;
}

static double
bin_low(int bin)
{
	return pow(10, DECADE_LOW + (double)bin / BINS_DECADE);
}

static void
take(void *payload, const struct spectrum *spectrum)
{
	struct layer_curve *curve = payload;
	double unit = curve->kind == TOLERANCE_RELATIVE && spectrum->count
		? spectrum->values[0] : 1;

	curve->cells++;
	curve->values += spectrum->count + 1;
	curve->ceilings += (double)layer_ceiling(curve->layer,
		spectrum->position);
	for (size_t k = 0; k < spectrum->count; k++) {
		double value = spectrum->values[k] / unit;

		if (!(value >= bin_low(0)))
			break;
		curve->counts[bin_of(value)]++;
	}
}

static void
pass_begin(struct layer_curve *curve, const struct model *model)
{
	curve->running = true;
	curve->results = model->results;
	curve->channel = curve->cells = curve->values = 0;
	curve->position = 1;
	curve->ceilings = 0;
	for (int b = 0; b < BINS; b++)
		curve->counts[b] = 0;
}

static void
pass_end(struct layer_curve *curve)
{
	uint64_t above = 0;

	curve->running = false;
	curve->valid = curve->cells > 0;
	if (!curve->valid)
		return;
	for (int b = BINS; b-- > 0;) {
		above += curve->counts[b];
		curve->mean[b] = (double)above / (double)curve->cells;
	}
	curve->ceiling = curve->ceilings / (double)curve->cells;
}

static void
pass_cells(struct layer_curve *curve, const struct model *model)
{
	size_t end = size_min(curve->position + POSITIONS,
		curve->layer->length);

	if (curve->position == 1 && session_known(model->session,
		curve->layer, curve->channel) == 0)
		end = curve->layer->length;
	else
		session_each(model->session, curve->layer, curve->channel,
			curve->position, end, (struct hankel_sink){ take,
				curve });
	curve->values++;
	curve->position = end;
	if (end == curve->layer->length) {
		curve->position = 1;
		curve->channel++;
	}
}

bool
layer_curve_work(struct model *model, size_t values)
{
	struct layer_curve *curve = model->curve;
	size_t until;

	if (!model_ready(model))
		return false;
	if (!curve || curve->layer != model_layer(model)
	    || curve->kind != (int)model->tolerance.kind) {
		free(curve);
		curve = model->curve = xcalloc(1, sizeof *curve);
		curve->layer = model_layer(model);
		curve->kind = (int)model->tolerance.kind;
		curve->results = model->results - 1;
	}
	if (!curve->running && curve->results == model->results)
		return false;
	if (!curve->running)
		pass_begin(curve, model);
	until = curve->values + values;
	while (curve->values < until && curve->channel < curve->layer->channels)
		pass_cells(curve, model);
	if (curve->channel < curve->layer->channels)
		return true;
	pass_end(curve);
	return curve->results != model->results;
}

/* NULL where there is none of what is selected. */
static const struct layer_curve *
curve_of(const struct model *model)
{
	const struct layer_curve *curve = model->curve;

	if (!curve || !curve->valid || curve->layer != model_layer(model)
	    || curve->kind != (int)model->tolerance.kind)
		return NULL;
	return curve;
}

double
layer_curve_mean(const struct model *model, double tau)
{
	const struct layer_curve *curve = curve_of(model);

	if (!curve || !(tau >= 0))
		return NAN;
	return curve->mean[tau > 0 ? bin_of(tau) : 0];
}

bool
layer_curve_plateau(double *low, double *high, const struct model *model,
	double floor)
{
	const struct layer_curve *curve = curve_of(model);
	int best = 0, begin;

	if (!curve)
		return false;
	begin = floor > 0 ? bin_of(floor) + 1 : 0;
	/* Begin and end move up together: the mean only falls. */
	for (int end = begin; end < BINS && curve->mean[end] >= 1; end++) {
		while (curve->mean[begin] > 1.05 * curve->mean[end]
		    || curve->mean[begin] >= 0.95 * curve->ceiling) {
			if (begin == end)
				break;
			begin++;
		}
		if (curve->mean[begin] >= 0.95 * curve->ceiling
		    || end - begin <= best)
			continue;
		best = end - begin;
		*low = bin_low(begin);
		*high = bin_low(end);
	}
	return best > 0;
}
