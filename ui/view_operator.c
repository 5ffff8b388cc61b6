/*
 * The operator: |T| on a log scale, or T with its sign; rows are outputs,
 * columns inputs; H_i = T[i:, :i] is the block below and left of the corner
 * that is outlined. The value at the cursor is exact, as are its row on the
 * bottom and its column on the right; only the picture is reduced, and says
 * how.
 */
#include "ui/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/figure_page.h"
#include "ui/glyph.h"
#include "ui/heatmap.h"
#include "ui/operator_legend.h"
#include "ui/operator_paper.h"
#include "ui/operator_picture.h"
#include "ui/pan.h"
#include "ui/plot.h"
#include "ui/position_axis.h"

enum {
	READOUT_ROWS = 3,
	ACROSS_ROWS = 3,        /* the row at the cursor, as bars */
	DOWN_COLUMNS = 10,      /* the column at the cursor */
	ACROSS_FROM = 15,       /* rows of the body: with room for the bars */
	DOWN_FROM = 50,         /* columns */
	PIXEL_ROWS_MIN = 2,
	LINE_TEXT = 240,
	NAME_MIN = 8,
};

/* Where the parts are; a part with no rows is left out. */
struct parts {
	struct rect pixels, down, across, axis, legend, readout;
};

/* So many rows from the end of *rest. */
static struct rect
cut(struct rect *rest, int rows)
{
	struct rect part = *rest;

	if (rest->rows - rows < PIXEL_ROWS_MIN)
		rows = 0;
	rest->rows -= rows;
	part.row = rest->row + rest->rows;
	part.rows = rows;
	return part;
}

static struct parts
parts_new(struct rect rect)
{
	struct rect body = view_body(rect);
	bool across = body.rows >= ACROSS_FROM;
	bool down = body.columns >= DOWN_FROM;
	struct parts parts = { .readout = cut(&body, body.rows > 8
		? READOUT_ROWS : READOUT_ROWS - 1) };

	parts.legend = cut(&body, 1);
	body.column += VIEW_GUTTER;
	body.columns -= VIEW_GUTTER;
	parts.axis = cut(&body, 1);
	parts.across = cut(&body, across ? ACROSS_ROWS : 0);
	parts.pixels = parts.down = body;
	if (down) {
		int columns = body.columns - DOWN_COLUMNS - 2;

		parts.pixels.columns = columns;
		parts.axis.columns = parts.across.columns = columns;
	} else {
		parts.down.rows = 0;
	}
	parts.down.columns = DOWN_COLUMNS;
	return parts;
}

static struct bins
row_bins(const struct model *model, const struct parts *parts)
{
	return model_row_bins(model, heatmap_rows(&model->look,
		parts->pixels.rows));
}

static struct bins
column_bins(const struct model *model, const struct parts *parts)
{
	return model_column_bins(model, parts->pixels.columns);
}

static void
look(struct model *model, struct rect rect)
{
	struct parts parts = parts_new(rect);
	struct bins rows = row_bins(model, &parts);
	struct bins columns = column_bins(model, &parts);
	const struct pooled *block;

	operator_paper_look(model);
	if (!rect.rows) {
		operator_picture_leave(model);
		return;
	}
	model->pixel_rows = heatmap_rows(&model->look, parts.pixels.rows);
	model->pixel_columns = parts.pixels.columns;
	operator_picture_look(model, &rows, &columns);
	block = session_picture(model->session, SESSION_BLOCK);
	if (block && !block->left && !block->error
	    && model->operator_scale.layer != block->request.layer)
		operator_picture_fit(&model->operator_scale, block);
}

static void
draw_title(struct canvas *canvas, struct rect rect, const struct model *model,
	const struct bins *rows, const struct bins *columns)
{
	const struct layer *layer = model_layer(model);
	int room = rect.columns - 3 - text_width(view_operator.title);
	size_t r = bins_ratio(rows), c = bins_ratio(columns);
	bool sides = operator_picture_signed(model, session_picture(
		model->session, SESSION_BLOCK));
	const char *bar = sides ? "" : "|";
	char text[LINE_TEXT], ratio[64] = "", *name, *title;

	if (!model_ready(model)) {
		view_title(canvas, rect, model, PANE_OPERATOR,
			layer ? layer->label : "");
		return;
	}
	if (r > 1 || c > 1)
		snprintf(ratio, sizeof ratio, "  %s %zux%zu", sides
			? OPERATOR_EXTREME : reducer_names[model->reducer],
			r, c);
	snprintf(text, sizeof text, " ch %zu  %sT[%zu:%zu, %zu:%zu]%s%s",
		model->channel, bar, rows->begin, rows->begin + rows->count,
		columns->begin, columns->begin + columns->count, bar, ratio);
	if (text_width(layer->label) + text_width(text) > room)
		snprintf(text, sizeof text, " ch %zu %sT%s%s", model->channel,
			bar, bar, ratio + (ratio[0] != '\0'));
	room -= text_width(text);
	name = view_layer_name(model, room > NAME_MIN ? room : NAME_MIN);
	title = xasprintf("%s%s%s", !comparison_on(model) ? ""
		: comparison_own(model) == 'A' ? "A  " : "B  ", name, text);
	view_title(canvas, rect, model, PANE_OPERATOR, title);
	free(title);
	free(name);
}

/* A pixel wholly above the diagonal is outside. Less than the scale's low end
 * is still more than 0. */
static struct pixel
pixel_of(const struct model *model, const struct operator_picture *picture,
	const struct operator_scale *scale, int row, int column)
{
	const struct pooled_group *group = operator_picture_group(picture, row,
		column);
	struct pixel pixel = { PIXEL_OUTSIDE, 0 };
	double size;

	if (operator_picture_above(picture, row, column))
		return pixel;
	pixel.kind = group ? PIXEL_VALUE : PIXEL_PENDING;
	if (!group)
		return pixel;
	if (operator_picture_signed(model, picture->block)) {
		pixel.value = operator_picture_side(scale, model->signs,
			operator_picture_extreme(group));
		return pixel;
	}
	size = operator_picture_size(group, model->reducer);
	pixel.value = isnan(size) ? size : size > 0 ? fmax(log10(size),
		scale->low + 1e-6) : -INFINITY;
	return pixel;
}

static void
draw_pixels(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct operator_picture *picture)
{
	int rows = picture->rows.pixels, columns = picture->columns.pixels;
	struct pixel *pixels = xcalloc((size_t)rows * (size_t)columns,
		sizeof *pixels);
	struct operator_scale scale = operator_picture_scale(model);
	bool sides = operator_picture_signed(model, picture->block);
	struct heatmap map = {
		.rows = rows,
		.columns = columns,
		.pixels = pixels,
		.low = sides ? -1 : scale.low,
		.high = sides ? 1 : scale.high,
		.sides = sides,
		.cursor_row = bins_pixel(&picture->rows, picture->entry.row),
		.cursor_column = bins_pixel(&picture->columns,
			picture->entry.column),
	};

	for (int r = 0; r < rows; r++)
		for (int c = 0; c < columns; c++)
			pixels[r * columns + c] = pixel_of(model, picture,
				&scale, r, c);
	heatmap_draw(canvas, rect, &map);
	free(pixels);
}

/* A line over what is there, which stays behind it. */
static void
stroke(struct canvas *canvas, int row, int column, enum glyph glyph)
{
	struct cell *cell = canvas_cell(canvas, row, column);

	if (!cell)
		return;
	cell->glyph = glyph_get(glyph, canvas->look.unicode);
	cell->fg = COLOUR_ACCENT;
}

/* The upper and the right edge of H_i: row i and column i - 1. */
static void
draw_outline(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct operator_picture *picture)
{
	const struct bins *rows = &picture->rows, *columns = &picture->columns;
	size_t i = model->position;
	int per_cell = heatmap_rows(&canvas->look, 1);
	int top = bins_pixel(rows, i), right = bins_pixel(columns, i - 1);
	int cells = (rows->pixels + per_cell - 1) / per_cell;
	int row = (top - (rows->width - 1) / 2) / per_cell;
	bool corner = picture->entry.row == i
		&& picture->entry.column == i - 1;

	if (i >= rows->begin + rows->count || i <= columns->begin)
		return;
	/* A cell of several pixels ends with the last of them. */
	if (right >= 0)
		right += columns->width / 2;
	for (int c = 0; top >= 0 && c < columns->pixels
		&& (right < 0 || c < right); c++)
		stroke(canvas, rect.row + row, rect.column + c, GLYPH_RULE_H);
	for (int r = top < 0 ? 0 : row + 1; right >= 0 && r < cells; r++)
		stroke(canvas, rect.row + r, rect.column + right,
			GLYPH_RULE_V);
	/* The cursor stays in sight. */
	if (top >= 0 && right >= 0 && !(corner && columns->width == 1))
		stroke(canvas, rect.row + row, rect.column + right,
			GLYPH_CORNER);
}

static void
draw_row_labels(struct canvas *canvas, struct rect pixels,
	const struct model *model, const struct bins *rows)
{
	int per_cell = heatmap_rows(&model->look, 1), width = VIEW_GUTTER - 2;
	int left = pixels.column - VIEW_GUTTER;
	size_t row = model_entry(model).row;
	int cursor = bins_pixel(rows, row) / per_cell;

	for (int r = 0; r * per_cell < rows->pixels; r += 4)
		if (r != cursor)
			canvas_format(canvas, pixels.row + r, left, width,
				COLOUR_DIM, COLOUR_DEFAULT, 0, "%*zu", width,
				bins_begin(rows, r * per_cell));
	canvas_format(canvas, pixels.row + cursor, left, width, COLOUR_ACCENT,
		COLOUR_DEFAULT, CELL_BOLD, "%*zu", width, row);
	canvas_put(canvas, pixels.row + cursor, left + width,
		glyph_get(GLYPH_MARK, canvas->look.unicode), COLOUR_ACCENT,
		COLOUR_DEFAULT);
}

/* The cursor's row: |T| of each column of pixels, on the colours' scale. */
static void
draw_across(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct operator_picture *picture)
{
	struct axis axis = operator_picture_axis(model, picture);
	double *sizes = xcalloc((size_t)picture->columns.pixels, sizeof *sizes);

	operator_picture_across(sizes, picture);
	for (int p = 0; p < picture->columns.pixels; p++)
		if (sizes[p] > 0)
			plot_bar(canvas, rect, &axis, p, sizes[p], COLOUR_MEAN);
	canvas_text(canvas, rect.row, rect.column - VIEW_GUTTER,
		VIEW_GUTTER - 1, COLOUR_DIM, COLOUR_DEFAULT, 0, " row");
	canvas_format(canvas, rect.row + 1, rect.column - VIEW_GUTTER,
		VIEW_GUTTER - 1, COLOUR_DIM, COLOUR_DEFAULT, 0, "%4zu",
		picture->entry.row);
	free(sizes);
}

/* The cursor's column, lying bars beside the rows of pixels. */
static void
draw_down(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct operator_picture *picture)
{
	struct axis axis = operator_picture_axis(model, picture);
	int per_cell = heatmap_rows(&canvas->look, 1);
	int pixels = picture->rows.pixels;
	double *sizes = xcalloc((size_t)pixels + 1, sizeof *sizes);
	bool exact;

	operator_picture_down(sizes, &exact, picture);
	sizes[pixels] = NAN;
	for (int p = 0; p < pixels; p += per_cell) {
		double size = fmax(sizes[p], sizes[p + per_cell - 1]);
		int cells = size > 0 ? 1 + (int)(axis_fraction(&axis, size)
			* (rect.columns - 1)) : 0;

		canvas_fill(canvas, (struct rect){ rect.row + p / per_cell,
			rect.column, 1, cells }, glyph_get(GLYPH_BAR,
			canvas->look.unicode), COLOUR_MEAN, COLOUR_DEFAULT);
	}
	canvas_format(canvas, rect.row + rect.rows, rect.column, rect.columns,
		COLOUR_DIM, COLOUR_DEFAULT, 0, "%s %zu", exact ? "column"
		: "about", picture->entry.column);
	free(sizes);
}

static void
draw_entry(struct canvas *canvas, struct rect *at,
	const struct operator_picture *picture)
{
	double re, im;

	if (!operator_picture_entry(&re, &im, picture))
		view_field(canvas, at, COLOUR_DIM, 0, "not formed yet");
	else if (im != 0)
		view_field(canvas, at, COLOUR_DEFAULT, CELL_BOLD,
			"T = %.6g %c %.6gi", re, im < 0 ? '-' : '+', fabs(im));
	else
		view_field(canvas, at, COLOUR_DEFAULT, CELL_BOLD, "T = %.6g",
			re);
}

/* What else is in the cursor's pixel. */
static void
draw_group(struct canvas *canvas, struct rect *at, const struct model *model,
	const struct operator_picture *picture)
{
	const struct pooled_group *group = operator_picture_group(picture,
		bins_pixel(&picture->rows, picture->entry.row),
		bins_pixel(&picture->columns, picture->entry.column));
	bool sides = operator_picture_signed(model, picture->block);
	char least[PLOT_NUMBER], most[PLOT_NUMBER];

	if (!group || group->count < 2)
		return;
	plot_number(least, group->min);
	plot_number(most, sides ? group->extreme : group->max);
	if (sides)
		view_field(canvas, at, COLOUR_DIM, 0, "its pixel: %s %s, "
			"|T| from %s, of %zu", OPERATOR_EXTREME, most, least,
			group->count);
	else
		view_field(canvas, at, COLOUR_DIM, 0, "its pixel: |T| %s .. "
			"%s of %zu", least, most, group->count);
}

static void
draw_readout(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct operator_picture *picture)
{
	const struct layer *layer = model_layer(model);
	size_t row = picture->entry.row, column = picture->entry.column;
	size_t i = model->position;
	struct rect line = rect;
	char to[POSITION_TOKEN], from[POSITION_TOKEN];

	view_field(canvas, &line, COLOUR_DEFAULT, 0, "row %zu col %zu", row,
		column);
	draw_entry(canvas, &line, picture);
	draw_group(canvas, &line, model, picture);
	line = (struct rect){ ++rect.row, rect.column, 1, rect.columns };
	view_field(canvas, &line, COLOUR_DEFAULT, 0,
		"H_%zu = T[%zu:, :%zu], %zu x %zu", i, i, i,
		layer->length - i, i);
	if (column < i && row >= i)
		view_field(canvas, &line, COLOUR_DIM, 0, "holds this entry");
	line = (struct rect){ ++rect.row, rect.column, 1, rect.columns };
	if (rect.rows >= READOUT_ROWS && layer_token(layer, row))
		view_field(canvas, &line, COLOUR_DEFAULT, 0,
			"what the output at %s takes from %s",
			position_token(to, layer, row),
			position_token(from, layer, column));
}

/* Why there is no picture, if so. */
static bool
draw_error(struct canvas *canvas, struct rect rect, const struct model *model)
{
	const struct pooled *block = session_picture(model->session,
		SESSION_BLOCK);

	if (view_explain(canvas, rect, model))
		return true;
	if (!block || !block->error
	    || block->request.layer != model_layer(model)
	    || block->request.channel != model->channel)
		return false;
	view_paragraph(canvas, rect, COLOUR_WARNING, block->error);
	return true;
}

static void
draw_parts(struct canvas *canvas, const struct parts *parts,
	const struct model *model, const struct operator_picture *picture)
{
	draw_row_labels(canvas, parts->pixels, model, &picture->rows);
	draw_pixels(canvas, parts->pixels, model, picture);
	draw_outline(canvas, parts->pixels, model, picture);
	if (parts->down.rows)
		draw_down(canvas, parts->down, model, picture);
	if (parts->across.rows)
		draw_across(canvas, parts->across, model, picture);
	if (parts->axis.rows)
		position_axis_numbers(canvas, parts->axis, &picture->columns,
			picture->entry.column);
	if (parts->legend.rows)
		operator_legend_draw(canvas, parts->legend, model, picture);
	if (parts->readout.rows)
		draw_readout(canvas, parts->readout, model, picture);
}

static void
draw(struct canvas *canvas, struct rect rect, const struct model *model)
{
	struct parts parts = parts_new(rect);
	struct bins rows = row_bins(model, &parts);
	struct bins columns = column_bins(model, &parts);
	struct operator_picture picture;

	draw_title(canvas, rect, model, &rows, &columns);
	if (draw_error(canvas, view_body(rect), model))
		return;
	if (rows.pixels == 0 || columns.pixels == 0)
		return;
	picture = operator_picture_get(model, &rows, &columns);
	parts.down.column = parts.pixels.column + columns.pixels + 2;
	/* Its numbers end where the other's begin. */
	if (parts.down.rows)
		parts.axis.columns = columns.pixels + 1;
	draw_parts(canvas, &parts, model, &picture);
}

static void
click(struct model *model, struct rect rect, int row, int column)
{
	struct parts parts = parts_new(rect);
	struct bins rows = row_bins(model, &parts);
	struct bins columns = column_bins(model, &parts);
	int r = (rect.row + row - parts.pixels.row)
		* heatmap_rows(&model->look, 1);
	int c = rect.column + column - parts.pixels.column;
	struct pan_axis axis = { 0, model_ready(model)
		? model_layer(model)->length : 0 };

	if (model_ready(model) && operator_legend_click(model, parts.legend,
		rect.row + row, rect.column + column))
		return;
	if (model->grab == GRAB_PANE && pan_is_part(&rows, axis)) {
		struct operator_cursor entry = model_entry(model);

		pan_window(&entry.rows, &rows, axis, entry.row, r);
		pan_window(&entry.columns, &columns, axis, entry.column, c);
		model->entry = entry;
		return;
	}
	if (r >= 0 && r < rows.pixels && c >= 0 && c < columns.pixels)
		model_set_entry(model, bins_begin(&rows, r),
			bins_begin(&columns, c));
}

static void
wheel(struct model *model, struct rect rect, int steps)
{
	struct operator_cursor entry = model_entry(model);
	size_t tenth = size_max(model_row_bins(model, rect.rows).count / 10,
		1);

	model_set_entry(model, steps < 0 ? entry.row
		- size_min(entry.row, tenth) : entry.row + tenth,
		entry.column);
}

static const struct view_hint hints[] = {
	{ { "left", "right" }, "column", "col", false },
	{ { "down", "up" }, "row", NULL, false },
	{ { "zoom-in", "zoom-out" }, "zoom", NULL, false },
	{ { "operator" }, "map", NULL, false },
	{ { "full" }, "full", NULL, false },
	{ { "next-pane" }, "pane", NULL, false },
	{ { "signed" }, "sign", NULL, true },
	{ { "next-layer", "previous-layer" }, "layer", NULL, true },
	{ { NULL }, NULL, NULL, false },
};

const struct view_kind view_operator = {
	.name = "operator",
	.title = "OPERATOR",
	.hints = hints,
	.rows_min = 5,
	.columns_min = 24,
	.rests = RESTS_PICTURE,
	.draw = draw,
	.look = look,
	.click = click,
	.wheel = wheel,
	.figure = &figure_operator,
};
