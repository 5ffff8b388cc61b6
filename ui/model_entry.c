/*
 * The model's part about T itself: its cursor and windows.
 */
#include "core/util.h"
#include "ui/model.h"

static size_t
shown(const struct model *model, const struct operator_cursor *entry)
{
	return window_count(model_layer(model)->length, entry->rows.zoom);
}

/* Both windows show the cursor. */
static void
follow(const struct model *model, struct operator_cursor *entry)
{
	size_t length = model_layer(model)->length;
	size_t count = shown(model, entry);

	window_follow(&entry->rows, 0, length, count, entry->row);
	window_follow(&entry->columns, 0, length, count, entry->column);
}

struct operator_cursor
model_entry(const struct model *model)
{
	struct operator_cursor entry = model->entry;

	if (!model_ready(model) || entry.position == model->position)
		return entry;
	entry.position = model->position;
	entry.row = model->position;
	entry.column = model->position - 1;
	follow(model, &entry);
	return entry;
}

void
model_put_entry(struct model *model, struct operator_cursor entry)
{
	entry.row = size_min(entry.row, model_layer(model)->length - 1);
	entry.column = size_min(entry.column, entry.row);
	follow(model, &entry);
	model->entry = entry;
}

void
model_set_entry(struct model *model, size_t row, size_t column)
{
	struct operator_cursor entry = model_entry(model);

	entry.row = row;
	entry.column = column;
	if (model_ready(model))
		model_put_entry(model, entry);
}

void
model_zoom_entry(struct model *model, int steps)
{
	struct operator_cursor entry = model_entry(model), to = entry;
	size_t old, new;

	to.rows.zoom += steps;
	if (!model_ready(model) || to.rows.zoom < 0)
		return;
	old = shown(model, &entry);
	new = shown(model, &to);
	if (new == old)
		return;
	to.columns.zoom = to.rows.zoom;
	to.rows.begin = window_zoomed(&entry.rows, entry.row, old, new);
	to.columns.begin = window_zoomed(&entry.columns, entry.column, old,
		new);
	follow(model, &to);
	model->entry = to;
}

struct bins
model_row_bins(const struct model *model, int pixels)
{
	struct operator_cursor entry = model_entry(model);

	if (!model_ready(model))
		return bins_new(0, 0, 0);
	return bins_new(entry.rows.begin, shown(model, &entry), pixels);
}

struct bins
model_column_bins(const struct model *model, int pixels)
{
	struct operator_cursor entry = model_entry(model);

	if (!model_ready(model))
		return bins_new(0, 0, 0);
	return bins_new(entry.columns.begin, shown(model, &entry), pixels);
}
