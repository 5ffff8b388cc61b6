/*
 * The colours of the map: where they end, and how they are spread between.
 */
#include "ui/action.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/caption.h"
#include "ui/colour_scale.h"
#include "ui/comparison.h"
#include "ui/layer_scale.h"
#include "ui/layer_stats.h"
#include "ui/map_picture.h"
#include "ui/map_rows.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/view.h"

/* What is beyond on either side where colours are clipped. */
static const double clipped = 0.005;

enum status
action_scale(struct model *model, const char *argument)
{
	static const char *const words[SCALE_COUNT] = {
		[SCALE_AUTO] = ("auto: the ceiling; what was seen, where TSS "
			"is not bounded"),
		[SCALE_CEILING] = "the ceiling",
		[SCALE_SEEN] = "what is seen in this layer now, and stay",
	};
	size_t now = model->basis;
	enum status status;

	if (!argument && model->focus == PANE_OPERATOR) {
		model->operator_scale.layer = NULL;
		model_say(model, false, "colours of T: from what is seen now");
		return STATUS_OK;
	}
	if (!argument && comparison_differs(model)) {
		model->comparison.scale.layer = NULL;
		model_say(model, false, "colours of A - B: from what is seen "
			"now");
		return STATUS_OK;
	}
	status = action_choose(&now, scale_names, SCALE_COUNT, argument,
		"scale");
	if (status != STATUS_OK)
		return status;
	model->basis = (enum scale_basis)now;
	model->limits.measure = NULL;
	layer_stats_rescale(model);
	model_say(model, false, "colours end at %s", words[now]);
	return STATUS_OK;
}

enum status
action_seen(struct model *model, const char *argument)
{
	return layer_scale_read(model, argument);
}

/* Of T with its sign; of |T| there is one. */
static enum status
space_signs(struct model *model)
{
	if (model->signs)
		return action_signed(model, signs_names[model->signs
			== SIGNS_LOG ? SIGNS_LINEAR : SIGNS_LOG]);
	return status_set(STATUS_USAGE, "|T| is on a log scale; with its sign "
		"(signed) T can be on a linear one");
}

enum status
action_spacing(struct model *model, const char *argument)
{
	size_t now = model->spacing;
	enum status status;

	if (!argument && model->focus == PANE_OPERATOR)
		return space_signs(model);
	status = action_choose(&now, spacing_names, SPACING_COUNT, argument,
		"spacing");
	if (status != STATUS_OK)
		return status;
	model->spacing = (enum spacing)now;
	if (model->measure->log)
		model_say(model, false, "%s: but %s is on a log scale always",
			spacing_names[now], model->measure->title);
	else
		model_say(model, false, "colours of the map are spread %s",
			now == SPACING_LINEAR ? "evenly" : now == SPACING_LOG
			? "by the logarithm" : "by the square root");
	return STATUS_OK;
}

/* In the measure's own unit. */
static double
unlog(const struct model *model, double value)
{
	return model->measure->log ? pow(10, value) : value;
}

/* The values among the pixels that the map shows, in order. */
static size_t
values_shown(double **out, const struct model *model)
{
	struct bins rows = map_row_bins(model, model->pixel_rows);
	struct bins positions = model_position_bins(model,
		model->pixel_columns);
	size_t all = (size_t)rows.pixels * (size_t)positions.pixels;
	size_t count = 0;
	struct pixel *pixels = xcalloc(all, sizeof *pixels);

	*out = xcalloc(all, sizeof **out);
	map_picture_fill(pixels, model, &rows, &positions);
	for (size_t k = 0; k < all; k++)
		if (pixels[k].kind == PIXEL_VALUE && isfinite(pixels[k].value))
			(*out)[count++] = pixels[k].value;
	free(pixels);
	qsort(*out, count, sizeof **out, double_compare);
	return count;
}

/* To three digits: nobody chose the others. */
static double
rounded(double value)
{
	char text[32];

	snprintf(text, sizeof text, "%.3g", value);
	return strtod(text, NULL);
}

static enum status
clip(struct colour_limits *out, const struct model *model)
{
	double *values;
	size_t count = values_shown(&values, model), beyond;

	beyond = (size_t)(clipped * (double)count);
	if (count) {
		out->low = rounded(unlog(model, values[beyond]));
		out->high = rounded(unlog(model,
			values[count - 1 - beyond]));
	}
	free(values);
	return count && out->low < out->high ? STATUS_OK
		: status_set(STATUS_MISSING, "no two values in the map");
}

/* As they are. */
static void
hold(struct colour_limits *out, const struct model *model)
{
	struct colour_scale scale = map_scale(model);

	out->low = unlog(model, scale.low);
	out->high = unlog(model, scale.high);
}

static void
let_go(struct model *model, bool held)
{
	char low[CAPTION_NUMBER], high[CAPTION_NUMBER];

	if (held)
		model_say(model, false, "colours of the map end where each "
			"layer has it, no more at %s and %s; u brings those back",
			caption_number(low, model->limits.low),
			caption_number(high, model->limits.high));
	else
		model_say(model, false, "colours of the map end where each "
			"layer has it");
	model->limits.measure = NULL;
}

enum status
action_limits(struct model *model, const char *argument)
{
	struct colour_limits limits = { .measure = model->measure };
	bool held = colour_limits_hold(model);
	char low[CAPTION_NUMBER], high[CAPTION_NUMBER];
	enum status status = STATUS_OK;

	if (!argument && comparison_differs(model))
		return status_set(STATUS_USAGE, "A - B has colours of its own; "
			"s makes them end at what is seen now");
	if (argument ? !strcmp(argument, "auto") : held) {
		let_go(model, held);
		return STATUS_OK;
	}
	if (!model_ready(model) && (!argument || !strcmp(argument, "clip")))
		status = status_set(STATUS_MISSING, "no layer to show");
	else if (!argument)
		hold(&limits, model);
	else if (!strcmp(argument, "clip"))
		status = clip(&limits, model);
	else if (!colour_limits_read(&limits, argument, model->measure))
		status = status_set(STATUS_USAGE, "\"%s\" are no limits of %s; "
			"try %s, clip or auto", argument, model->measure->title,
			model->measure->log ? "1e-3,10" : "2,14");
	if (status != STATUS_OK)
		return status;
	model->limits = limits;
	model_say(model, false, "colours of the map from %s to %s, in all layers, "
		"until A lets go", caption_number(low, limits.low),
		caption_number(high, limits.high));
	return STATUS_OK;
}
