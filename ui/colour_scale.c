#include "ui/colour_scale.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/util.h"
#include "ui/comparison.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/plot.h"

/* Of what is no count, so many times less than the high end. */
static const double log_span = 1e3;

const char *const spacing_names[SPACING_COUNT] = {
	[SPACING_LINEAR] = "linear", [SPACING_LOG] = "log",
	[SPACING_SQRT] = "sqrt",
};

double
colour_scale_round(double x)
{
	static const double steps[] = { 1, 2, 3, 4, 5, 6, 8 };
	double power = pow(10, floor(log10(x))), rest = x / power;

	/* The smallest and the largest of all numbers have none above. */
	if (!(power > 0) || !isfinite(10 * power))
		return x;
	for (size_t k = 0; k < LENGTH(steps); k++)
		if (rest <= steps[k])
			return power * steps[k];
	return 10 * power;
}

double
colour_scale_place(const struct colour_scale *scale, double value)
{
	double span = scale->high - scale->low;
	double part = span > 0 ? (value - scale->low) / span
		: value > scale->low;

	if (!(part > 0) || !(span > 0))
		return part;
	if (scale->spacing == SPACING_SQRT)
		return sqrt(part);
	/* More than 0 is more than nothing. */
	if (scale->spacing == SPACING_LOG)
		return fmax(log(value / scale->from)
			/ log(scale->high / scale->from), 1e-9);
	return part;
}

bool
colour_scale_below(const struct colour_scale *scale, double value)
{
	if (scale->spacing == SPACING_LOG)
		return value > 0 && value < scale->from;
	return value < scale->low && isfinite(value) && value != 0;
}

bool
colour_limits_hold(const struct model *model)
{
	return model->limits.measure == model->measure;
}

static void
limit(struct colour_scale *scale, const struct model *model)
{
	bool log = model->measure->log;

	scale->low = log ? log10(model->limits.low) : model->limits.low;
	scale->high = log ? log10(model->limits.high) : model->limits.high;
	scale->limited = true;
	snprintf(scale->basis, sizeof scale->basis, "as set");
}

void
colour_scale_adjust(struct colour_scale *scale, const struct model *model)
{
	if (colour_limits_hold(model))
		limit(scale, model);
	if (model->measure->log || model->spacing == SPACING_LINEAR)
		return;
	scale->spacing = model->spacing;
	scale->from = scale->low > 0 ? scale->low
		: measure_counts(model->measure) && scale->high > 1 ? 1
		: scale->high / log_span;
}

void
colour_scale_words(char out[SCALE_WORDS], const struct colour_scale *scale,
	const struct model *model)
{
	const char *unit = measure_unit(model->measure, model_layer(model));
	/* Where a share ends goes without saying. */
	const char *basis = model->measure->fraction && !scale->limited
		&& !comparison_differs(model) ? "" : scale->basis;
	char from[PLOT_NUMBER], spread[PLOT_NUMBER + 16] = "";

	plot_number(from, scale->from);
	if (scale->spacing == SPACING_LOG)
		snprintf(spread, sizeof spread, ", log from %s on", from);
	else if (scale->spacing == SPACING_SQRT)
		snprintf(spread, sizeof spread, ", sqrt");
	snprintf(out, SCALE_WORDS, "%s%s%s%s", unit, unit[0] && basis[0]
		? ", " : "", basis, spread);
}

struct colour_scale
colour_scale_of(const struct model *model)
{
	struct colour_scale scale = model_scale(model);

	colour_scale_adjust(&scale, model);
	return scale;
}

struct colour_scale
colour_scale_whole(struct colour_scale scale)
{
	scale.low = fmin(scale.low, scale.least);
	scale.high = fmax(scale.high, scale.most);
	return scale;
}

bool
colour_limits_read(struct colour_limits *out, const char *text,
	const struct measure_kind *measure)
{
	struct colour_limits limits = { measure, 0, 0 };
	char *end;

	limits.low = strtod(text, &end);
	if (end == text || (*end != ',' && *end != ' '))
		return false;
	text = end + 1;
	limits.high = strtod(text, &end);
	if (end == text || *end || !isfinite(limits.high)
	    || !(limits.low >= 0 && limits.low < limits.high)
	    || (measure->log && limits.low == 0))
		return false;
	*out = limits;
	return true;
}
