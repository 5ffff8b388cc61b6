/*
 * The measure over positions: the cursor's channel as a line of blocks, over
 * the band of all channels (extremes, and quartiles in a darker shade), the
 * mean over channels and the ceiling as thin lines, and below it the text the
 * operator has read. A channel alone has bars. Each has a glyph of its own: no
 * colour is needed to tell them apart. Positions line up with those of the map
 * above.
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
#include "ui/layer_band.h"
#include "ui/layer_stats.h"
#include "ui/map_picture.h"
#include "ui/measure_table.h"
#include "ui/plot.h"
#include "ui/position_axis.h"
#include "ui/text_ring.h"

/* Of a frame, for the channel's pixels. */
static const double row_seconds = 3e-3;

/* From here on the title names the layer. */
enum { WHOSE_COLUMNS = 70, NAME_CELLS = 24 };

struct profile {
	const struct model *model;
	struct rect area;
	struct axis axis;
	struct bins positions;
};

/* Log measures come as log10, also the ends of the scale. */
static double
of_axis(const struct profile *profile, double value)
{
	return profile->model->measure->log ? pow(10, value) : value;
}

static struct profile
profile_new(const struct model *model, struct rect rect, struct rect area)
{
	struct profile profile = { .model = model, .area = area,
		.positions = view_positions(model, rect) };
	struct colour_scale scale = colour_scale_whole(model_scale(model));

	profile.axis = (struct axis){ of_axis(&profile, scale.low),
		of_axis(&profile, scale.high), model->measure->log };
	return profile;
}

/* The shades of the band, which no stroke or bar uses. */
enum { SHADE_EXTREMES = 1, SHADE_QUARTILES = 2 };

/* The row of a value, from the area's last upwards. */
static int
height_of(const struct profile *profile, double value)
{
	int height = (int)(axis_fraction(&profile->axis,
		of_axis(profile, value)) * profile->area.rows + 1e-9);

	return height < profile->area.rows ? height : profile->area.rows - 1;
}

static void
draw_shade(struct canvas *canvas, const struct profile *profile, int x,
	double low, double high, int shade)
{
	int from = height_of(profile, low), to = height_of(profile, high);

	for (int height = from; height <= to; height++)
		canvas_put(canvas, profile->area.row + profile->area.rows - 1
			- height, profile->area.column + x, glyph_shade(shade,
			canvas->look.unicode), COLOUR_DIM, COLOUR_DEFAULT);
}

static void
draw_band(struct canvas *canvas, const struct profile *profile)
{
	const struct bins *bins = &profile->positions;
	struct band band;

	for (int x = 0; x < bins->pixels; x++) {
		if (!layer_band_get(&band, profile->model, bins, x))
			continue;
		draw_shade(canvas, profile, x, band.least, band.most,
			SHADE_EXTREMES);
		draw_shade(canvas, profile, x, band.lower, band.upper,
			SHADE_QUARTILES);
	}
}

/* The cell a bar would end in, with what of it the bar would fill. */
static void
draw_line(struct canvas *canvas, const struct profile *profile, int x,
	double value)
{
	double rows = axis_fraction(&profile->axis, value)
		* profile->area.rows;
	int eighths = (int)lround(rows * 8);
	int height = eighths > 0 ? (eighths - 1) / 8 : 0;

	canvas_put(canvas, profile->area.row + profile->area.rows - 1 - height,
		profile->area.column + x, glyph_eighth(eighths > 0
		? eighths - height * 8 : 1, canvas->look.unicode),
		COLOUR_COUNTED, COLOUR_DEFAULT);
}

/* The same channel of the dump compared with. */
static void
draw_beside(struct canvas *canvas, const struct profile *profile)
{
	const struct model *model = profile->model;
	const struct bins *bins = &profile->positions;
	struct layer *match = comparison_layer(model);
	struct pixel *pixels;
	struct model other;

	if (!match || model->channel >= match->channels)
		return;
	other = comparison_other(model, match);
	pixels = xcalloc((size_t)bins->pixels, sizeof *pixels);
	map_picture_row(pixels, model->beside_picture, &other,
		model_channel_place(&other, other.channel), bins);
	for (int x = 0; x < bins->pixels; x++)
		if (bins_begin(bins, x) < match->length
		    && (pixels[x].kind == PIXEL_VALUE
			|| pixels[x].kind == PIXEL_BOUNDED))
			plot_mark(canvas, profile->area, &profile->axis, x,
				of_axis(profile, pixels[x].value),
				glyph_get(GLYPH_TIMES, canvas->look.unicode),
				COLOUR_ACCENT);
	free(pixels);
}

static void
draw_channel(struct canvas *canvas, const struct profile *profile)
{
	bool alone = model_layer(profile->model)->channels < 2;
	struct model plain = comparison_alone(profile->model);
	const struct model *model = &plain;
	const struct bins *bins = &profile->positions;
	struct pixel *pixels = xcalloc((size_t)bins->pixels, sizeof *pixels);
	struct rect area = profile->area;
	size_t place = model_channel_place(model, model->channel);

	map_picture_row(pixels, model->channel_picture, model, place, bins);
	for (int x = 0; x < bins->pixels; x++) {
		if (pixels[x].kind == PIXEL_VALUE && !alone)
			draw_line(canvas, profile, x,
				of_axis(profile, pixels[x].value));
		else if (pixels[x].kind == PIXEL_VALUE)
			plot_bar(canvas, area, &profile->axis, x,
				of_axis(profile, pixels[x].value),
				COLOUR_BAND);
		else if (pixels[x].kind == PIXEL_BOUNDED)
			plot_mark(canvas, area, &profile->axis, x,
				of_axis(profile, pixels[x].value),
				glyph_get(GLYPH_DOT, canvas->look.unicode),
				COLOUR_PENDING);
		else
			canvas_put(canvas, area.row + area.rows - 1,
				area.column + x, glyph_get(
				pixels[x].kind == PIXEL_PENDING
				? GLYPH_PENDING : GLYPH_NODATA,
				canvas->look.unicode), COLOUR_PENDING,
				COLOUR_DEFAULT);
	}
	free(pixels);
}

static void
draw_mark(struct canvas *canvas, const struct profile *profile, int x,
	double value, enum glyph glyph, colour fg)
{
	plot_stroke(canvas, profile->area, &profile->axis, x, value,
		glyph_get(glyph, canvas->look.unicode), fg);
}

/* The top of the cursor's bar is lit: more would cost a column of cells
 * whenever the cursor moves. */
static void
draw_cursor(struct canvas *canvas, const struct profile *profile)
{
	int x = bins_pixel(&profile->positions, profile->model->position);

	for (int r = 0; x >= 0 && r < profile->area.rows; r++) {
		struct cell *cell = canvas_cell(canvas, profile->area.row + r,
			profile->area.column + x);

		if (!cell || (cell->fg != COLOUR_BAND
		    && cell->fg != COLOUR_COUNTED))
			continue;
		cell->fg = COLOUR_DEFAULT;
		break;
	}
}

static void
draw_ceiling(struct canvas *canvas, const struct profile *profile)
{
	const struct layer *layer = model_layer(profile->model);
	const struct measure_kind *measure = profile->model->measure;
	const struct bins *bins = &profile->positions;

	if (measure->log)
		return;
	for (int x = 0; x < bins->pixels; x++) {
		size_t begin = bins_begin(bins, x), end = bins_end(bins, x);
		double ceiling = (double)size_max(layer_ceiling(layer, begin),
			layer_ceiling(layer, end - 1));

		draw_mark(canvas, profile, x,
			measure->fraction ? 1 : ceiling, GLYPH_LINE_DASH,
			COLOUR_CEILING);
	}
}

/* Not the ceiling's stroke, in ASCII either. */
static enum glyph
mean_glyph(const struct canvas *canvas)
{
	return canvas->look.unicode ? GLYPH_RULE_H : GLYPH_DOT;
}

static void
draw_mean(struct canvas *canvas, const struct profile *profile)
{
	const struct model *model = profile->model;
	const struct bins *bins = &profile->positions;

	if (model_layer(model)->channels < 2)
		return;
	for (int x = 0; x < bins->pixels; x++) {
		double mean = layer_stats_mean(model->stats[model->layer],
			bins_begin(bins, x), bins_end(bins, x));

		if (!isnan(mean))
			draw_mark(canvas, profile, x, mean,
				mean_glyph(canvas), COLOUR_MEAN);
	}
}

static void
legend(struct canvas *canvas, struct rect *at, wchar_t glyph, colour fg,
	const char *text)
{
	int width = text_width(text) + 4;

	if (at->columns < width)
		return;
	canvas_format(canvas, at->row, at->column, width, COLOUR_DIM,
		COLOUR_DEFAULT, 0, "   %s ", text);
	canvas_put(canvas, at->row, at->column + 1, glyph, fg,
		COLOUR_DEFAULT);
	at->column += width;
	at->columns -= width;
}

/* As many as have room, the longer words where all of those do. */
static void
draw_legend(struct canvas *canvas, struct rect at, const struct model *model)
{
	bool unicode = canvas->look.unicode;
	bool wide = at.columns >= 64;
	char beside[64];

	if (comparison_on(model)) {
		snprintf(beside, sizeof beside, "%c",
			comparison_theirs(model));
		legend(canvas, &at, glyph_get(GLYPH_TIMES, unicode),
			COLOUR_ACCENT, beside);
	}
	if (model_layer(model)->channels > 1) {
		legend(canvas, &at, glyph_get(mean_glyph(canvas), unicode),
			COLOUR_MEAN, wide ? "mean over channels" : "mean");
		legend(canvas, &at, glyph_shade(SHADE_QUARTILES, unicode),
			COLOUR_DIM, wide ? "25-75 % of them" : "25-75%");
		legend(canvas, &at, glyph_shade(SHADE_EXTREMES, unicode),
			COLOUR_DIM, "min-max");
	}
	if (!model->measure->log)
		legend(canvas, &at, glyph_get(GLYPH_LINE_DASH, unicode),
			COLOUR_CEILING, "ceiling");
}

static void
draw_title(struct canvas *canvas, struct rect rect, const struct model *model)
{
	struct rect at = rect;
	char text[240], whose[128] = "", own[4] = "", *name;
	int used;

	if (rect.columns >= WHOSE_COLUMNS) {
		name = view_layer_name(model, NAME_CELLS);
		snprintf(whose, sizeof whose, "%s  ", name);
		free(name);
	}
	if (comparison_on(model))
		snprintf(own, sizeof own, "%c ", comparison_own(model));
	snprintf(text, sizeof text, "%s%s%s  ch %zu", whose, own,
		model->measure->title, model->channel);
	view_title(canvas, rect, model, PANE_PROFILE, text);
	used = 1 + text_width("PROFILE") + 2 + text_width(text);
	at.column += used;
	at.columns -= used;
	draw_legend(canvas, at, model);
}

/* Rows for the text: all of it in half of the pane, for then it never moves;
 * else more of it where there is room. */
static int
text_rows(const struct model *model, int rows, int columns)
{
	int whole;

	if (!layer_token(model_layer(model), 0) || rows < 4)
		return 0;
	whole = text_ring_rows(model, rows / 2, columns);
	return whole ? whole : rows < 12 ? 1 : rows < 18 ? 3 : 5;
}

/* The last rows of the pane. */
static struct rect
text_rect(const struct model *model, struct rect rect)
{
	int rows = text_rows(model, rect.rows - 1, rect.columns - 1);

	return (struct rect){ rect.row + rect.rows - rows, rect.column + 1,
		rows, rect.columns - 1 };
}

static void
draw(struct canvas *canvas, struct rect rect, const struct model *model)
{
	struct rect area = view_body(rect), labels, text;
	struct profile profile;
	int rows = area.rows;

	if (!model_ready(model)) {
		view_title(canvas, rect, model, PANE_PROFILE, "");
		return;
	}
	text = text_rect(model, rect);
	area.rows -= text.rows + (rows > 3);
	area.column += VIEW_GUTTER;
	area.columns -= VIEW_GUTTER;
	profile = profile_new(model, rect, area);
	if (profile.positions.pixels == 0)
		return;
	draw_title(canvas, rect, model);
	labels = view_body(rect);
	labels.rows = area.rows;
	labels.columns = VIEW_GUTTER - 1;
	plot_axis_labels(canvas, labels, &profile.axis);
	draw_band(canvas, &profile);
	if (model_layer(model)->channels > 1) {
		draw_ceiling(canvas, &profile);
		draw_mean(canvas, &profile);
		draw_channel(canvas, &profile);
		draw_cursor(canvas, &profile);
	} else {
		draw_channel(canvas, &profile);
		draw_cursor(canvas, &profile);
		draw_ceiling(canvas, &profile);
	}
	draw_beside(canvas, &profile);
	/* Below the map its numbers would only be said, and sent, twice. */
	if (rows > 3)
		position_axis_draw(canvas, (struct rect){ area.row + area.rows,
			area.column, 1, area.columns }, model,
			&profile.positions, rect.row <= 1);
	text_ring_draw(canvas, text, model);
}

static void
look(struct model *model, struct rect rect)
{
	struct bins positions = view_positions(model, rect);
	struct model plain = comparison_alone(model);
	struct layer *match = comparison_layer(model);
	struct bins channel;

	if (!rect.rows || !model_ready(model))
		return;
	channel = bins_new(model_channel_place(model, model->channel), 1, 1);
	model->map_more |= map_picture_update(model->channel_picture, &plain,
		&channel, &positions, match ? row_seconds / 2 : row_seconds);
	model->map_behind |= map_picture_behind(model->channel_picture);
	text_ring_look(model, text_rect(model, rect));
	if (!match || model->channel >= match->channels)
		return;
	/* An order is of one layer: of the other it has another place. */
	plain = comparison_other(model, match);
	channel = bins_new(model_channel_place(&plain, plain.channel), 1, 1);
	model->map_more |= map_picture_update(model->beside_picture, &plain,
		&channel, &positions, row_seconds / 2);
}

static void
click(struct model *model, struct rect rect, int row, int column)
{
	struct bins bins = view_positions(model, rect);
	struct rect text = { 0 };
	int x = column - VIEW_GUTTER;
	size_t token;

	if (model_ready(model))
		text = text_rect(model, rect);
	if (model->grab == GRAB_NONE && rect.row + row >= text.row
	    && text.rows > 0) {
		/* The text may move: what is held would slip. */
		model->grab = GRAB_TEXT;
		if (text_ring_pick(&token, text, model, rect.row + row,
			rect.column + column))
			model_set_position(model, token);
	} else if (bins.pixels && x >= 0 && x < bins.pixels) {
		model_set_position(model, bins_begin(&bins, x));
	}
}

static void
wheel(struct model *model, struct rect rect, int steps)
{
	(void)rect;
	model_move_position(model, steps);
}

static const struct view_hint hints[] = {
	{ { "left", "right" }, "position", "pos", false },
	{ { "jump-left", "jump-right" }, "jump", NULL, false },
	{ { "tolerance-down", "tolerance-up", "tolerance" }, "tolerance",
		"tol", false },
	{ { "full" }, "full", NULL, false },
	{ { "next-pane" }, "pane", NULL, false },
	{ { "find" }, "find", NULL, false },
	{ { "zoom-in", "zoom-out" }, "zoom", NULL, true },
	{ { NULL }, NULL, NULL, false },
};

const struct view_kind view_profile = {
	.name = "profile",
	.title = "PROFILE",
	.hints = hints,
	.rows_min = 4,
	.columns_min = 24,
	.look = look,
	.draw = draw,
	.click = click,
	.wheel = wheel,
	.figure = &figure_profile,
};
