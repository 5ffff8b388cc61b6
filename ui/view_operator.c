/*
 * The operator: rows of T are outputs, columns inputs, and H_i = T[i:, :i] is
 * the block below and left of the corner that is outlined.
 */
#include "ui/view.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/glyph.h"
#include "ui/heatmap.h"
#include "ui/position_axis.h"

enum { READOUT_ROWS = 2, PIXEL_ROWS_MIN = 2, LINE_TEXT = 240, NAME_MIN = 8 };

/* Where the parts are; a part with no rows is left out. */
struct parts {
	struct rect pixels, axis, readout;
};

static struct parts
parts_new(struct rect rect)
{
	struct rect body = view_body(rect);
	struct parts parts = { body, body, body };
	int left = body.rows;

	parts.readout.rows = left > READOUT_ROWS ? READOUT_ROWS : 0;
	left -= parts.readout.rows;
	parts.axis.rows = left > PIXEL_ROWS_MIN ? 1 : 0;
	left -= parts.axis.rows;
	parts.pixels.rows = left;
	parts.pixels.column += VIEW_GUTTER;
	parts.pixels.columns -= VIEW_GUTTER;
	parts.axis.row = body.row + left;
	parts.axis.column = parts.pixels.column;
	parts.axis.columns = parts.pixels.columns;
	parts.readout.row = parts.axis.row + parts.axis.rows;
	return parts;
}

static void
draw_title(struct canvas *canvas, struct rect rect, const struct model *model,
	const struct bins *rows, const struct bins *columns)
{
	const struct layer *layer = model_layer(model);
	int room = rect.columns - 3 - text_width(view_operator.title);
	char text[LINE_TEXT], *name, *title;

	if (!model_ready(model)) {
		view_title(canvas, rect, model, PANE_OPERATOR,
			layer ? layer->label : "");
		return;
	}
	snprintf(text, sizeof text, " ch %zu  T[%zu:%zu, %zu:%zu]",
		model->channel, rows->begin, rows->begin + rows->count,
		columns->begin, columns->begin + columns->count);
	room -= text_width(text);
	name = view_layer_name(model, room > NAME_MIN ? room : NAME_MIN);
	title = xasprintf("%s%s", name, text);
	view_title(canvas, rect, model, PANE_OPERATOR, title);
	free(title);
	free(name);
}

/* Pixels wholly above the diagonal have no data. */
static void
draw_pixels(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct bins *rows,
	const struct bins *columns)
{
	size_t count = (size_t)rows->pixels * (size_t)columns->pixels;
	struct pixel *pixels = xcalloc(count, sizeof *pixels);
	struct operator_cursor entry = model_entry(model);
	struct heatmap map = {
		.rows = rows->pixels,
		.columns = columns->pixels,
		.pixels = pixels,
		.high = 1,
		.cursor_row = bins_pixel(rows, entry.row),
		.cursor_column = bins_pixel(columns, entry.column),
	};

	for (int r = 0; r < rows->pixels; r++)
		for (int c = 0; c < columns->pixels; c++)
			pixels[r * columns->pixels + c].kind =
				bins_begin(columns, c) < bins_end(rows, r)
				? PIXEL_PENDING : PIXEL_NODATA;
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
	const struct model *model, const struct bins *rows,
	const struct bins *columns)
{
	size_t i = model->position;
	int per_cell = heatmap_rows(&canvas->look, 1);
	int top = bins_pixel(rows, i), right = bins_pixel(columns, i - 1);
	int cells = (rows->pixels + per_cell - 1) / per_cell;

	if (i >= rows->begin + rows->count || i <= columns->begin)
		return;
	if (top >= 0)
		for (int c = 0; c < columns->pixels && (right < 0
			|| c <= right); c++)
			stroke(canvas, rect.row + top / per_cell,
				rect.column + c, GLYPH_RULE_H);
	if (right >= 0)
		for (int r = top < 0 ? 0 : top / per_cell; r < cells; r++)
			stroke(canvas, rect.row + r, rect.column + right,
				GLYPH_RULE_V);
	if (top >= 0 && right >= 0)
		stroke(canvas, rect.row + top / per_cell, rect.column + right,
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

static void
draw_readout(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	const struct layer *layer = model_layer(model);
	struct operator_cursor entry = model_entry(model);
	struct rect line = rect;
	char token[POSITION_TOKEN];

	view_field(canvas, &line, COLOUR_DEFAULT, 0, "row %zu  column %zu",
		entry.row, entry.column);
	if (layer_token(layer, entry.column))
		view_field(canvas, &line, COLOUR_DEFAULT, 0,
			"what output %zu takes from %s", entry.row,
			position_token(token, layer, entry.column));
	rect.row++;
	view_field(canvas, &rect, COLOUR_DEFAULT, 0,
		"H_%zu = T[%zu:, :%zu], %zu x %zu", model->position,
		model->position, model->position,
		layer->length - model->position, model->position);
}

static void
draw(struct canvas *canvas, struct rect rect, const struct model *model)
{
	struct parts parts = parts_new(rect);
	struct bins rows = model_row_bins(model,
		heatmap_rows(&model->look, parts.pixels.rows));
	struct bins columns = model_column_bins(model, parts.pixels.columns);

	draw_title(canvas, rect, model, &rows, &columns);
	if (!model_ready(model)) {
		view_explain(canvas, view_body(rect), model);
		return;
	}
	if (rows.pixels == 0 || columns.pixels == 0)
		return;
	draw_row_labels(canvas, parts.pixels, model, &rows);
	draw_pixels(canvas, parts.pixels, model, &rows, &columns);
	draw_outline(canvas, parts.pixels, model, &rows, &columns);
	if (parts.axis.rows)
		position_axis_numbers(canvas, parts.axis, &columns,
			model_entry(model).column);
	if (parts.readout.rows)
		draw_readout(canvas, parts.readout, model);
}

static void
click(struct model *model, struct rect rect, int row, int column)
{
	struct parts parts = parts_new(rect);
	struct bins rows = model_row_bins(model,
		heatmap_rows(&model->look, parts.pixels.rows));
	struct bins columns = model_column_bins(model, parts.pixels.columns);
	int r = (rect.row + row - parts.pixels.row)
		* heatmap_rows(&model->look, 1);
	int c = rect.column + column - parts.pixels.column;

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
	{ { "next-layer", "previous-layer" }, "layer", NULL, true },
	{ { NULL }, NULL, NULL, false },
};

const struct view_kind view_operator = {
	.name = "operator",
	.title = "OPERATOR",
	.hints = hints,
	.rows_min = 5,
	.columns_min = 24,
	.draw = draw,
	.click = click,
	.wheel = wheel,
};
