#include "ui/layout.h"

#include "ui/view.h"

/* Below this the panes stand above each other. */
enum { NAME_FROM = 32, TWO_COLUMNS = 76, LEFT_MIN = 31, LEFT_MAX = 64 };

static int
clamp(int value, int low, int high)
{
	if (value > high)
		value = high;
	return value < low ? low : value;
}

static bool
fits(enum pane pane, struct rect rect)
{
	return rect.rows >= views[pane]->rows_min
		&& rect.columns >= views[pane]->columns_min;
}

/* Splits the rect: `top` rows for one pane, the rest for another. What is too
 * small for the second goes to the first. */
static void
stack(struct layout *layout, struct rect rect, int top, enum pane first,
	enum pane second)
{
	struct rect above = rect, below = rect;

	above.rows = clamp(top, 0, rect.rows);
	below.row += above.rows;
	below.rows -= above.rows;
	if (!fits(second, below)) {
		above = rect;
		below.rows = 0;
	}
	if (!fits(first, above))
		above.rows = 0;
	layout->panes[first] = above;
	layout->panes[second] = below;
}

/* A map of few channels leaves room to the profile; a guest takes all. */
static int
centre_rows(const struct model *model, int most)
{
	return model_centre(model) == PANE_MAP ? view_map_rows(model, most)
		: most;
}

/* Layers above the spectrum, the map above the profile. */
static void
two_columns(struct layout *layout, const struct model *model)
{
	const struct dump *dump = model_dump(model);
	struct rect left = layout->body, right = layout->body;
	int rows = left.rows, list = rows * 3 / 5;

	left.columns = clamp(left.columns * 37 / 100, LEFT_MIN, LEFT_MAX);
	layout->rule = (struct rect){ left.row, left.columns, rows, 1 };
	right.column = left.columns + 1;
	right.columns -= right.column;
	if (dump && dump->layer_count < (size_t)list)
		list = clamp((int)dump->layer_count + 2, 4, list);
	stack(layout, left, list, PANE_LAYERS, PANE_SPECTRUM);
	stack(layout, right, centre_rows(model, clamp(rows * 3 / 5, 14,
		rows)), model_centre(model), PANE_PROFILE);
}

static void
one_column(struct layout *layout, const struct model *model)
{
	const struct dump *dump = model_dump(model);
	struct rect rest = layout->body;
	int rows = rest.rows;

	if (rows >= 26) {
		struct rect list = rest;

		list.rows = clamp(rows / 5, 4, 10);
		if (dump && dump->layer_count < (size_t)list.rows)
			list.rows = clamp((int)dump->layer_count + 1, 3,
				list.rows);
		layout->panes[PANE_LAYERS] = list;
		rest.row += list.rows;
		rest.rows -= list.rows;
	}
	if (rows >= 34) {
		struct rect spectrum = rest;

		spectrum.rows = rows / 4;
		rest.rows -= spectrum.rows;
		spectrum.row = rest.row + rest.rows;
		layout->panes[PANE_SPECTRUM] = spectrum;
	}
	stack(layout, rest, centre_rows(model,
		clamp(rest.rows * 3 / 5, 9, rest.rows)), model_centre(model),
		PANE_PROFILE);
}

/* One pane over all of the body. */
static void
alone(struct layout *layout, enum pane pane)
{
	for (int i = 0; i < PANE_COUNT; i++)
		layout->panes[i].rows = 0;
	layout->panes[pane] = layout->body;
	layout->rule.rows = 0;
}

struct layout
layout_new(const struct model *model, int rows, int columns)
{
	struct layout layout = { 0 };
	int slider = columns < NAME_FROM ? columns
		: clamp(columns * 11 / 20, 22, 80);

	if (rows < LAYOUT_ROWS_MIN || columns < LAYOUT_COLUMNS_MIN) {
		layout.small = true;
		return layout;
	}
	layout.name = (struct rect){ 0, 0, slider < columns,
		columns - slider - 1 };
	layout.slider = (struct rect){ 0, columns - slider, 1, slider };
	layout.body = (struct rect){ 1, 0, rows - 2, columns };
	layout.status = (struct rect){ rows - 1, 0, 1, columns };
	if (columns >= TWO_COLUMNS)
		two_columns(&layout, model);
	else
		one_column(&layout, model);
	if (model->full || layout.panes[model->focus].rows == 0)
		alone(&layout, model->focus);
	return layout;
}

enum pane
layout_pane(const struct layout *layout, int row, int column)
{
	for (int i = 0; i < PANE_COUNT; i++) {
		const struct rect *rect = &layout->panes[i];

		if (row >= rect->row && row < rect->row + rect->rows
		    && column >= rect->column
		    && column < rect->column + rect->columns)
			return (enum pane)i;
	}
	return PANE_COUNT;
}
