#include "ui/operator_legend.h"

#include <math.h>
#include <stdio.h>

#include "core/util.h"
#include "ui/canvas.h"
#include "ui/heatmap.h"
#include "ui/operator_picture.h"
#include "ui/overview.h"
#include "ui/pan.h"
#include "ui/plot.h"
#include "ui/view.h"

/* What a ramp and the numbers of its ends need. */
enum { RAMP = 20, UNIT = PLOT_NUMBER + 60 };

/* Is any of it beyond the colours? 0 is not: it has one of its own. */
static void
find_cut(struct colour_bar *bar, const struct pooled *block,
	const struct operator_scale *scale)
{
	size_t count = block ? block->request.rows * block->request.columns : 0;
	double low = pow(10, scale->low), high = pow(10, scale->high);

	for (size_t k = 0; k < count; k++) {
		const struct pooled_group *group = &block->groups[k];
		bool cut = group->count && group->max > high;

		if (bar->sides) {
			bar->cut_high |= cut && group->extreme > 0;
			bar->cut_low |= cut && group->extreme < 0;
			continue;
		}
		bar->cut_high |= cut;
		bar->cut_low |= group->count && group->min > 0
			&& group->min < low;
	}
}

static struct overview
overview_new(const struct model *model)
{
	struct bins rows = model_row_bins(model, 1);
	struct bins columns = model_column_bins(model, 1);
	size_t length = model_layer(model)->length;

	return (struct overview){
		{ "col", columns.begin, columns.count, length },
		{ "row", rows.begin, rows.count, length },
	};
}

/* As much of what the sides are as there is room for beside the ramp. */
static void
name_sides(char unit[UNIT], const struct model *model,
	const struct operator_scale *scale, int room)
{
	const char *digits = model->look.digits ? "a-i < 0, " : "";
	const char *spread = signs_names[model->signs];
	char least[PLOT_NUMBER], from[PLOT_NUMBER + 16] = "";

	plot_number(least, pow(10, scale->low));
	if (model->signs == SIGNS_LOG)
		snprintf(from, sizeof from, " from %s on", least);
	snprintf(unit, UNIT, "T, %s%s%s", digits, spread, from);
	if (text_width(unit) + RAMP > room)
		snprintf(unit, UNIT, "T, %s%s", digits, spread);
	if (text_width(unit) + RAMP > room)
		snprintf(unit, UNIT, "T, %s", spread);
}

void
operator_legend_draw(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct operator_picture *picture)
{
	struct operator_scale scale = operator_picture_scale(model);
	const struct pooled *block = picture->block;
	struct overview overview = overview_new(model);
	struct colour_bar bar = { .low = scale.low, .high = scale.high,
		.unit = "log10 |T|" };
	struct rect at = rect;
	char unit[UNIT];
	int used;

	at.column += VIEW_GUTTER;
	at.columns -= VIEW_GUTTER + overview_draw(canvas, overview_rect(rect),
		&overview);
	if (operator_picture_signed(model, block)) {
		bar.sides = true;
		bar.high = pow(10, scale.high);
		bar.low = -bar.high;
		name_sides(unit, model, &scale, at.columns);
		bar.unit = unit;
	}
	find_cut(&bar, block, &scale);
	used = 1 + heatmap_colour_bar(canvas, at.row, at.column, at.columns,
		bar);
	at.column += used;
	at.columns -= used;
	if (model->signs && !bar.sides)
		view_field(canvas, &at, COLOUR_DIM, 0, "complex: no sign");
	if (block && block->bad)
		view_field(canvas, &at, COLOUR_WARNING, 0,
			"%zu not finite", block->bad);
	if (!block || block->left)
		view_field(canvas, &at, COLOUR_DIM, 0, "forming T");
}

bool
operator_legend_click(struct model *model, struct rect rect, int row,
	int column)
{
	struct overview overview = overview_new(model);
	struct operator_cursor entry = model_entry(model);
	struct bins rows = model_row_bins(model, 1);
	struct bins columns = model_column_bins(model, 1);
	struct pan_axis axis = { 0, model_layer(model)->length };
	size_t row_at, column_at;
	double at;

	if (!overview_grab(&at, model, overview_rect(rect), &overview, row,
		column))
		return false;
	row_at = entry.row;
	column_at = entry.column;
	if (model->grab == GRAB_OVERVIEW_ACROSS)
		column_at = pan_to(&entry.columns, &columns, axis, column_at,
			at);
	else
		row_at = pan_to(&entry.rows, &rows, axis, row_at, at);
	model->entry = entry;
	model_set_entry(model, row_at, column_at);
	return true;
}
