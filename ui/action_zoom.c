/*
 * A pixel a cell, as near as halving the window comes to it.
 */
#include "ui/action.h"

#include "core/util.h"
#include "ui/model.h"

static size_t
positions_count(const struct model *model)
{
	return model_position_bins(model, 1).count;
}

static size_t
channels_count(const struct model *model)
{
	return model_channel_bins(model, 1).count;
}

static size_t
entries_count(const struct model *model)
{
	return model_row_bins(model, 1).count;
}

/* The most cells that have a pixel each. */
static void
fit(struct model *model, size_t pixels,
	size_t (*count)(const struct model *model),
	void (*zoom)(struct model *model, int steps))
{
	size_t last = 0;

	while (count(model) > pixels && count(model) != last) {
		last = count(model);
		zoom(model, 1);
	}
	last = 0;
	while (2 * count(model) <= pixels && count(model) != last) {
		last = count(model);
		zoom(model, -1);
	}
}

enum status
action_zoom_one(struct model *model, const char *argument)
{
	size_t rows = (size_t)model->pixel_rows;
	size_t columns = (size_t)model->pixel_columns;

	(void)argument;
	if (!model_ready(model) || !rows || !columns)
		return STATUS_OK;
	if (model_centre(model) == PANE_OPERATOR) {
		fit(model, size_min(rows, columns), entries_count,
			model_zoom_entry);
		return STATUS_OK;
	}
	fit(model, columns, positions_count, model_zoom_positions);
	if (!model->layer_rows)
		fit(model, rows, channels_count, model_zoom_channels);
	return STATUS_OK;
}
