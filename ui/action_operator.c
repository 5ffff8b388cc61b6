/*
 * What is shown of T itself: with its sign or not, where its cursor and its
 * window are, and where its colours end.
 */
#include "ui/action.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/colour.h"
#include "ui/model.h"
#include "ui/operator_picture.h"

enum status
action_signed(struct model *model, const char *argument)
{
	const struct pooled *block = session_picture(model->session,
		SESSION_BLOCK);
	size_t now = model->signs;
	enum status status = action_choose(&now, signs_names, SIGNS_COUNT,
		argument && !strcmp(argument, "on") ? signs_names[SIGNS_LOG]
		: argument, "scale of T");

	if (status != STATUS_OK)
		return status;
	model->signs = (enum signs)now;
	if (!now)
		model_say(model, false, "the operator view (o) shows |T|");
	else if (block && block->request.layer == model_layer(model)
	    && !operator_picture_signed(model, block))
		model_say(model, false, "a complex T has no sign: |T| is shown");
	else
		model_say(model, false, "the operator view (o) shows T, %s: %s",
			now == SIGNS_LINEAR ? "evenly" : "by log10 |T|",
			model->look.mode >= COLOUR_256
			? "orange below 0, purple above"
			: "- ~ = below 0, + * # above");
	return STATUS_OK;
}

/* "40 7 2@16,0": half as many rows and columns so often, from those on. */
enum status
action_entry(struct model *model, const char *argument)
{
	struct operator_cursor entry = { .position = model->position };
	int read, end = 0, all = 0;

	read = sscanf(argument, "%zu %zu%n %d@%zu,%zu%n", &entry.row,
		&entry.column, &end, &entry.rows.zoom, &entry.rows.begin,
		&entry.columns.begin, &all);
	if (read < 2 || argument[all ? all : end] || entry.rows.zoom < 0
	    || entry.rows.zoom > WINDOW_ZOOM_MAX)
		return status_set(STATUS_USAGE, "\"%s\" is no entry of T; try "
			"40 7 or 40 7 2@16,0", argument);
	entry.columns.zoom = entry.rows.zoom;
	if (model_ready(model))
		model_put_entry(model, entry);
	return STATUS_OK;
}

/* They are of a layer, in log10; a tenth is as near as they are chosen. */
static double
size_log(double size)
{
	return round(1e9 * log10(size)) / 1e9;
}

enum status
action_operator_limits(struct model *model, const char *argument)
{
	struct operator_scale scale = { model_layer(model), 0, 0 };
	double low, high;
	int end = 0;

	if (sscanf(argument, "%lf,%lf%n", &low, &high, &end) != 2
	    || argument[end] || !(low > 0 && low < high) || !isfinite(high))
		return status_set(STATUS_USAGE, "\"%s\" are no limits of |T|; "
			"try 1e-4,2", argument);
	scale.low = size_log(low);
	scale.high = size_log(high);
	model->operator_scale = scale;
	return STATUS_OK;
}
