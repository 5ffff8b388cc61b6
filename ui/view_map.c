/*
 * The map: channels by positions in the colours of the measure, with what
 * the cursor points at spelled out below. The numbers below are exact; only
 * the picture is reduced, and says how.
 */
#include "ui/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/summary.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/figure_page.h"
#include "ui/glyph.h"
#include "ui/heatmap.h"
#include "ui/map_picture.h"
#include "ui/map_rows.h"
#include "ui/measure_table.h"
#include "ui/overview.h"
#include "ui/pan.h"
#include "ui/plot.h"
#include "ui/position_axis.h"
#include "ui/readout.h"
#include "ui/reduce.h"

/* Of a frame, for the pixels; where two dumps are compared half of it, as the
 * other has pixels and statistics of its own. */
static const double picture_seconds = 5e-3;

enum {
	PIXEL_ROWS_MIN = 2,
	WORDS_ROWS = 9,         /* of the body: from here on they have a row */
	NAME_MIN = 8,
	LINE_TEXT = 240,
};

/* Where the parts are; a part with no rows is left out. */
struct parts {
	struct rect pixels, axis, legend, readout;
};

/* In so few rows the numbers say more than a title. */
static bool
titled(struct rect rect)
{
	return rect.rows >= 1 + PIXEL_ROWS_MIN + READOUT_ROWS;
}

static struct parts
parts_new(struct rect rect)
{
	struct rect body = titled(rect) ? view_body(rect) : rect;
	int left = body.rows, row;
	struct parts parts = { .pixels = body };

	parts.axis = parts.legend = parts.readout = body;
	parts.readout.rows = left >= WORDS_ROWS ? READOUT_ROWS_WORDS
		: left > READOUT_ROWS ? READOUT_ROWS : 0;
	left -= parts.readout.rows;
	parts.axis.rows = left > PIXEL_ROWS_MIN ? 1 : 0;
	left -= parts.axis.rows;
	parts.legend.rows = left > PIXEL_ROWS_MIN ? 1 : 0;
	left -= parts.legend.rows;
	parts.pixels.rows = left;
	row = body.row + left;
	parts.axis.row = row;
	row += parts.axis.rows;
	parts.legend.row = row;
	parts.readout.row = row + parts.legend.rows;
	parts.pixels.column += VIEW_GUTTER;
	parts.pixels.columns -= VIEW_GUTTER;
	parts.axis.column = parts.pixels.column;
	parts.axis.columns = parts.pixels.columns;
	return parts;
}

int
view_map_rows(const struct model *model, int most)
{
	const int others = 1 + READOUT_ROWS_WORDS + 2;
	size_t rows = map_row_bins(model, 1).count;
	int per_cell = heatmap_rows(&model->look, 1), pixels, each, used;

	pixels = (most - others) * per_cell;
	if (!model_ready(model) || pixels <= 0 || !rows
	    || rows > (size_t)pixels)
		return most;
	/* As many whole pixels a row as fit, up to four cells. */
	each = pixels / (int)rows;
	if (each > 4 * per_cell)
		each = 4 * per_cell;
	used = (each * (int)rows + per_cell - 1) / per_cell;
	return others + (used < PIXEL_ROWS_MIN ? PIXEL_ROWS_MIN : used);
}

static struct bins
channel_bins(const struct model *model, struct rect pixels)
{
	return map_row_bins(model,
		heatmap_rows(&model->look, pixels.rows));
}

/* Of layers, each of all its channels. */
static void
draw_layers_title(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct bins *rows,
	const struct bins *positions)
{
	size_t r = bins_ratio(rows), p = bins_ratio(positions);
	char text[LINE_TEXT], what[COMPARISON_TITLE];

	snprintf(text, sizeof text, "%zu layers  %s  x %zu pos  %s of ch",
		rows->count, comparison_title(what, model), positions->count,
		reducer_names[model->reducer]);
	if (r > 1 || p > 1)
		snprintf(text + strlen(text), sizeof text - strlen(text),
			" x %zux%zu", r, p);
	view_title(canvas, rect, model, PANE_MAP, text);
}

static void
draw_title(struct canvas *canvas, struct rect rect, const struct model *model,
	const struct bins *channels, const struct bins *positions)
{
	const struct layer *layer = model_layer(model);
	size_t c = bins_ratio(channels), p = bins_ratio(positions);
	char text[LINE_TEXT + CHANNEL_ORDER_TEXT], ratio[64] = "", shape[96];
	char order[CHANNEL_ORDER_TEXT], brief[64], what[COMPARISON_TITLE];
	int room = rect.columns - 3 - text_width(views[PANE_MAP]->title);
	char *name, *title;

	if (!model_ready(model)) {
		view_title(canvas, rect, model, PANE_MAP,
			layer ? layer->label : "");
		return;
	}
	if (c > 1 || p > 1)
		snprintf(ratio, sizeof ratio, "  %s %zux%zu",
			reducer_names[model->reducer], c, p);
	channel_order_text(order, model);
	if (model->layer_rows) {
		draw_layers_title(canvas, rect, model, channels, positions);
		return;
	}
	if (channels->count < layer->channels) {
		snprintf(shape, sizeof shape, "%s %zu-%zu of %zu",
			order[0] ? "rows" : "ch", channels->begin,
			channels->begin + channels->count - 1,
			layer->channels);
		snprintf(brief, sizeof brief, "%zu/%zu", channels->count,
			layer->channels);
	} else {
		snprintf(shape, sizeof shape, "%zu ch", layer->channels);
		snprintf(brief, sizeof brief, "%zu", layer->channels);
	}
	snprintf(text, sizeof text, "  %s  %s%s%s x %zu pos%s",
		comparison_title(what, model), shape, order[0] ? " " : "", order,
		positions->count, ratio);
	if (text_width(layer->label) + text_width(text) > room)
		snprintf(text, sizeof text, " %s %sx%zu%s%s%s",
			comparison_title(what, model), brief, positions->count,
			order[0] ? " " : "", order,
			ratio + (ratio[0] != '\0'));
	room -= text_width(text);
	name = view_layer_name(model, room > NAME_MIN ? room : NAME_MIN);
	title = xasprintf("%s%s", name, text);
	view_title(canvas, rect, model, PANE_MAP, title);
	free(title);
	free(name);
}

static void
draw_label(struct canvas *canvas, struct rect rect, const struct model *model,
	size_t row, bool cursor)
{
	char *label = map_row_label(model, row, rect.columns);

	canvas_text(canvas, rect.row, rect.column, rect.columns, cursor
		? COLOUR_ACCENT : COLOUR_DIM, COLOUR_DEFAULT, cursor
		? CELL_BOLD : 0, label);
	free(label);
}

/* A row of several pixels is named where it begins, others every so often;
 * the cursor's always. */
static void
draw_channel_labels(struct canvas *canvas, struct rect pixels,
	const struct model *model, const struct bins *channels)
{
	int per_cell = heatmap_rows(&model->look, 1);
	size_t place = map_row_cursor(model);
	int cursor = bins_pixel(channels, place) / per_cell;
	int left = pixels.column - VIEW_GUTTER, width = VIEW_GUTTER - 2;

	for (int row = 0; row * per_cell < channels->pixels; row++) {
		size_t c = bins_begin(channels, row * per_cell);
		bool named = row % 4 == 0;

		if (channels->width > 1)
			named = row == 0 || c != bins_begin(channels,
				(row - 1) * per_cell);
		if (named && row != cursor && c != place)
			draw_label(canvas, (struct rect){ pixels.row + row,
				left, 1, width }, model, c, false);
	}
	draw_label(canvas, (struct rect){ pixels.row + cursor, left, 1, width },
		model, place, true);
	canvas_put(canvas, pixels.row + cursor, left + width,
		glyph_get(GLYPH_MARK, canvas->look.unicode), COLOUR_ACCENT,
		COLOUR_DEFAULT);
}

/* What there is among the pixels. */
struct found {
	unsigned kinds;         /* bits */
	bool below, above;      /* of the ends of the colours */
};

static void
find(struct found *found, const struct pixel *pixel,
	const struct colour_scale *scale)
{
	found->kinds |= 1u << pixel->kind;
	if (pixel->kind != PIXEL_VALUE)
		return;
	found->below |= colour_scale_below(scale, pixel->value)
		|| (scale->low < 0 && pixel->value < scale->low);
	found->above |= pixel->value > scale->high;
}

static struct found
fill(struct pixel *pixels, const struct model *model,
	const struct bins *channels, const struct bins *positions)
{
	size_t width = (size_t)positions->pixels;
	struct colour_scale scale = map_scale(model);
	struct found found = { 0 };

	map_picture_fill(pixels, model, channels, positions);
	for (size_t k = 0; k < width * (size_t)channels->pixels; k++)
		find(&found, &pixels[k], &scale);
	return found;
}

/* The window on its axes. */
static struct overview
overview_new(const struct model *model)
{
	struct bins rows = map_row_bins(model, 1);
	struct bins positions = model_position_bins(model, 1);

	return (struct overview){
		{ "pos", positions.begin - 1, positions.count,
			model_layer(model)->length - 1 },
		{ model->layer_rows ? "layer" : "ch", rows.begin, rows.count,
			model->layer_rows ? model->list.count
			: model_layer(model)->channels },
	};
}

/* What the cursor's pixel stands for, where that is more than one cell; the
 * map of layers has means in its pixels. */
static void
draw_range(struct canvas *canvas, struct rect at, const struct model *model,
	const struct bins *rows, const struct bins *positions)
{
	struct summary cells = { 0 };
	char least[PLOT_NUMBER], most[PLOT_NUMBER], text[4 * PLOT_NUMBER];
	int digits = measure_counts(model->measure)
		? view_digits(model_layer(model))
			+ comparison_differs(model) : 0;

	if (model->layer_rows || (bins_ratio(rows) < 2
		&& bins_ratio(positions) < 2))
		return;
	reduce_range(&cells, model, rows, positions);
	if (cells.count < 2)
		return;
	plot_number(least, cells.min);
	plot_number(most, cells.max);
	if (cells.min < cells.max)
		snprintf(text, sizeof text, "%*s..%-*s of %zu", digits, least,
			digits, most, cells.count);
	else
		snprintf(text, sizeof text, "%*s in all %zu", digits, least,
			cells.count);
	(void)(view_field(canvas, &at, COLOUR_DEFAULT, 0, "its pixel: %s",
		text)
	|| view_field(canvas, &at, COLOUR_DEFAULT, 0, "pixel: %s", text)
	|| view_field(canvas, &at, COLOUR_DEFAULT, 0, "pixel %s..%s", least, most));
}

/* Returns the column behind it; *behind is where the overview begins. */
static int
draw_legend(struct canvas *canvas, struct rect rect,
	const struct model *model, struct found found, int *behind)
{
	bool unicode = canvas->look.unicode;
	struct colour_scale scale = map_scale(model);
	bool sides = comparison_differs(model);
	bool more = scale.most > scale.high && !sides;
	unsigned kinds = found.kinds;
	char unit[SCALE_WORDS + 16];
	struct overview overview = overview_new(model);
	int used, end = rect.column + rect.columns
		- overview_draw(canvas, overview_rect(rect), &overview);

	colour_scale_words(unit, &scale, model);
	if (more && !scale.limited)
		snprintf(unit + strlen(unit), sizeof unit - strlen(unit),
			", more above");
	used = heatmap_colour_bar(canvas, rect.row, rect.column + VIEW_GUTTER,
		end - rect.column - VIEW_GUTTER, (struct colour_bar){
			.low = scale.low,
			.high = scale.high,
			.cut_high = scale.limited || sides ? found.above : more,
			.spacing = scale.spacing,
			.from = scale.from,
			.cut_low = found.below,
			.unit = unit,
			.counts = measure_counts(model->measure) && !sides,
			.sides = sides,
		});
	used += rect.column + VIEW_GUTTER + 2;
	if (model->look.digits && end - used > 16)
		used += 2 + canvas_text(canvas, rect.row, used, end - used,
			COLOUR_DIM, COLOUR_DEFAULT, 0,
			sides ? "1-9 > 0, a-i < 0: ninths"
			: measure_counts(model->measure) ? "a = 10, A = 36"
			: "digits: tenths");
	if (kinds & 1u << PIXEL_BOUNDED && end - used > 14) {
		heatmap_sample(canvas, rect.row, used, PIXEL_BOUNDED);
		used += 2 + canvas_text(canvas, rect.row, used + 1,
			end - used - 1, COLOUR_DIM, COLOUR_DEFAULT, 0,
			" bounded");
		used++;
	}
	if (kinds & 1u << PIXEL_PENDING && end - used > 18) {
		canvas_put(canvas, rect.row, used,
			glyph_get(GLYPH_PENDING, unicode), COLOUR_PENDING,
			COLOUR_PENDING_FILL);
		used += 2 + canvas_text(canvas, rect.row, used + 1,
			end - used - 1, COLOUR_DIM, COLOUR_DEFAULT, 0,
			session_progress(model->session).busy ? " computing"
			: " not computed");
	}
	if (kinds & 1u << PIXEL_NODATA && end - used > 10) {
		canvas_put(canvas, rect.row, used,
			glyph_get(GLYPH_NODATA, unicode), COLOUR_NODATA,
			COLOUR_NODATA_FILL);
		used += 2 + canvas_text(canvas, rect.row, used + 1,
			end - used - 1, COLOUR_DIM, COLOUR_DEFAULT, 0,
			" failed");
	}
	*behind = end;
	return used;
}

static void
draw_pixels(struct canvas *canvas, const struct parts *parts,
	const struct model *model, const struct bins *channels,
	const struct bins *positions)
{
	size_t count = (size_t)channels->pixels * (size_t)positions->pixels;
	struct pixel *pixels = xcalloc(count, sizeof *pixels);
	struct colour_scale scale = map_scale(model);
	struct heatmap map = {
		.rows = channels->pixels,
		.columns = positions->pixels,
		.pixels = pixels,
		.counts = measure_counts(model->measure),
		.sides = comparison_differs(model),
		.cursor_row = bins_pixel(channels, map_row_cursor(model)),
		.cursor_column = bins_pixel(positions, model->position),
	};
	struct found found = fill(pixels, model, channels, positions);

	map.low = scale.low;
	map.high = scale.high;
	map.spacing = scale.spacing;
	map.from = scale.from;
	heatmap_draw(canvas, parts->pixels, &map);
	if (parts->legend.rows) {
		int end, used = draw_legend(canvas, parts->legend, model,
			found, &end);

		draw_range(canvas, (struct rect){ parts->legend.row, used, 1,
			end - used }, model, channels, positions);
	}
	free(pixels);
}

static void
draw(struct canvas *canvas, struct rect rect, const struct model *model)
{
	struct parts parts = parts_new(rect);
	struct bins positions = view_positions(model, rect);
	struct bins channels = channel_bins(model, parts.pixels);

	if (titled(rect))
		draw_title(canvas, rect, model, &channels, &positions);
	if (!model_ready(model)) {
		view_explain(canvas, titled(rect) ? view_body(rect) : rect,
			model);
		return;
	}
	if (channels.pixels == 0 || positions.pixels == 0)
		return;
	draw_channel_labels(canvas, parts.pixels, model, &channels);
	draw_pixels(canvas, &parts, model, &channels, &positions);
	if (parts.axis.rows)
		position_axis_draw(canvas, parts.axis, model, &positions,
			true);
	if (parts.readout.rows)
		readout_draw(canvas, parts.readout, model);
}

/* The scale of A - B is made of what there is of it. */
static void
see(struct model *model, const struct bins *rows,
	const struct bins *positions)
{
	size_t count = (size_t)rows->pixels * (size_t)positions->pixels;
	struct pixel *pixels;
	bool whole = !session_progress(model->session).busy
		&& !model->map_more && !model->map_behind;

	if (!comparison_sees(model) || !count)
		return;
	/* Once they are, there is another frame. */
	if (model->layer_rows && !comparison_fresh(model, &whole)) {
		model->map_more = true;
		return;
	}
	pixels = xcalloc(count, sizeof *pixels);
	map_picture_fill(pixels, model, rows, positions);
	comparison_see(model, pixels, count, whole);
	free(pixels);
}

static void
look(struct model *model, struct rect rect)
{
	struct parts parts = parts_new(rect);
	struct bins channels, positions;

	if (!rect.rows)
		return;
	model->pixel_rows = heatmap_rows(&model->look, parts.pixels.rows);
	model->pixel_columns = parts.pixels.columns;
	channels = channel_bins(model, parts.pixels);
	positions = view_positions(model, rect);
	if (model->layer_rows) {
		see(model, &channels, &positions);
		return;
	}
	model->map_more |= map_picture_update(model->map_picture, model,
		&channels, &positions, comparison_on(model)
		? picture_seconds / 2 : picture_seconds);
	model->map_behind |= map_picture_behind(model->map_picture);
	see(model, &channels, &positions);
}

/* Dragged, where the window shows a part: it moves, and the cursor stays
 * under the mouse. */
static bool
pan(struct model *model, const struct bins *channels,
	const struct bins *positions, int row, int column)
{
	const struct layer *layer = model_layer(model);
	struct pan_axis across = { 1, layer->length - 1 };
	struct pan_axis down = { 0, layer->channels };
	bool rows = !model->layer_rows && pan_is_part(channels, down);

	if (!rows && !pan_is_part(positions, across))
		return false;
	pan_window(&model->positions, positions, across, model->position,
		column);
	if (rows)
		pan_window(&model->channels, channels, down,
			map_row_cursor(model), row);
	return true;
}

/* Pressed on or dragged along the overview: the window goes there, the cursor
 * with it. False: it is not. */
static bool
click_overview(struct model *model, struct rect rect, int row, int column)
{
	struct overview overview = overview_new(model);
	struct bins positions = model_position_bins(model, 1);
	struct bins channels = map_row_bins(model, 1);
	size_t rows = overview.down.total;
	double at;

	if (!overview_grab(&at, model, overview_rect(rect), &overview, row,
		column))
		return false;
	if (model->grab == GRAB_OVERVIEW_ACROSS)
		model_set_position(model, pan_to(&model->positions, &positions,
			(struct pan_axis){ 1, overview.across.total },
			model->position, at));
	else if (model->layer_rows)
		map_row_select(model, (size_t)(at * (double)rows));
	else
		map_row_select(model, pan_to(&model->channels, &channels,
			(struct pan_axis){ 0, rows }, map_row_cursor(model),
			at));
	return true;
}

static void
click(struct model *model, struct rect rect, int row, int column)
{
	struct parts parts = parts_new(rect);
	struct bins positions = view_positions(model, rect);
	struct bins channels = channel_bins(model, parts.pixels);
	int per_cell = heatmap_rows(&model->look, 1), p, c;

	p = rect.column + column - parts.pixels.column;
	c = (rect.row + row - parts.pixels.row) * per_cell;
	if (model_ready(model) && click_overview(model, parts.legend,
		rect.row + row, rect.column + column))
		return;
	if (model->grab == GRAB_PANE && model_ready(model)
	    && pan(model, &channels, &positions, c, p))
		return;
	if (positions.pixels && p >= 0 && p < positions.pixels)
		model_set_position(model, bins_begin(&positions, p));
	if (channels.pixels && c >= 0 && c < channels.pixels)
		map_row_select(model, bins_begin(&channels, c));
}

static void
wheel(struct model *model, struct rect rect, int steps)
{
	(void)rect;
	map_row_step(model, steps);
}

static const struct view_hint hints[] = {
	{ { "left", "right" }, "position", "pos", false },
	{ { "down", "up" }, "channel", "ch", false },
	{ { "previous-layer", "next-layer" }, "layer", NULL, false },
	{ { "tolerance-down", "tolerance-up", "tolerance" }, "tolerance",
		"tol", false },
	{ { "full" }, "full", NULL, false },
	{ { "next-pane" }, "pane", NULL, false },
	{ { "find" }, "find", NULL, false },
	{ { "next-measure" }, "measure", NULL, true },
	{ { "zoom-in", "zoom-out" }, "zoom", NULL, true },
	{ { "absolute" }, "abs/rel", NULL, true },
	{ { "scale" }, "scale", NULL, true },
	{ { "sort" }, "sort", NULL, true },
	{ { "next-extreme" }, "saturated", NULL, true },
	{ { "next-collapsed" }, "collapsed", NULL, true },
	{ { "rows" }, "layers", NULL, true },
	{ { "digits" }, "digits", NULL, true },
	{ { "palette" }, "palette", NULL, true },
	{ { NULL }, NULL, NULL, false },
};

const struct view_kind view_map = {
	.name = "map",
	.title = "MAP",
	.hints = hints,
	.rows_min = 5,
	.columns_min = 24,
	.rests = RESTS_WINDOW,
	.draw = draw,
	.look = look,
	.click = click,
	.wheel = wheel,
	.figure = &figure_map,
};
