/*
 * The map on paper: a cell of the image for each channel and position of the
 * window, as far as there is room; else what the reducer makes of several.
 */
#include "ui/figure_page.h"

#include <math.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/caption.h"
#include "ui/colour.h"
#include "ui/comparison.h"
#include "ui/figure_bar.h"
#include "ui/figure_colour.h"
#include "ui/figure_plot.h"
#include "ui/heatmap.h"
#include "ui/map_rows.h"
#include "ui/measure_table.h"

/* Points. */
enum { GUTTER = 34, LABEL = 4, HEIGHT_MIN = 44, HEIGHT_MAX = 250 };

static char *
map_title(const struct model *model)
{
	char *before, *title, what[COMPARISON_TITLE];

	comparison_title(what, model);
	if (model->layer_rows)
		return xasprintf("%s of %zu layers", what,
			map_row_bins(model, 1).count);
	before = xasprintf("%s of ", what);
	title = figure_layer_title(model, before);
	free(before);
	return title;
}

static struct bins
channel_bins(const struct model *model)
{
	size_t count = map_row_bins(model, 1).count;

	return map_row_bins(model, (int)size_min(count, FIGURE_ROWS));
}

/* A few channels get broad rows, many get thin ones. */
static double
image_height(const struct model *model)
{
	double count = (double)channel_bins(model).count;

	return fmin(fmax(HEIGHT_MIN, count * fmin(16, 24 + 160 / count)),
		HEIGHT_MAX);
}

static double
image_width(double width)
{
	return width - GUTTER - FIGURE_BAR_ROOM;
}

static double
map_height(const struct model *model)
{
	return image_height(model)
		+ figure_position_height(model, image_width(figure_body_width()));
}

/* Returns whether there are pixels without data. */
static bool
draw_image(const struct plot_frame *frame, const struct model *model,
	const struct bins *channels, const struct bins *positions)
{
	size_t width = (size_t)positions->pixels;
	struct colour_scale scale = map_scale(model);
	struct pixel *row = xcalloc(width, sizeof *row);
	uint32_t *rgb = xcalloc(width * (size_t)channels->pixels, sizeof *rgb);
	bool failed = false;

	for (int r = 0; r < channels->pixels; r++) {
		map_row_reduce(row, model, bins_begin(channels, r),
			bins_end(channels, r), positions);
		for (size_t p = 0; p < width; p++) {
			bool value = row[p].kind == PIXEL_VALUE;

			failed |= !value;
			rgb[(size_t)r * width + p] = !value ? INK_NODATA
				: comparison_differs(model)
				? colour_true_side(row[p].value / scale.high)
				: colour_true(model->look.palette,
				colour_scale_place(&scale, row[p].value));
		}
	}
	figure_part(frame->figure, "cells");
	figure_cells(frame->figure, frame->box, positions->pixels,
		channels->pixels, rgb);
	free(rgb);
	free(row);
	return failed;
}

/* Names of rows: each where they have room, else every so often. */
static void
draw_channels(const struct plot_frame *frame, const struct model *model,
	const struct bins *channels)
{
	const struct layer *layer = model_layer(model);
	struct type type = { .size = PLOT_TYPE, .rgb = INK_TEXT, .anchor = 1 };
	double row = frame->box.height / (double)channels->count;
	double step = plot_round_up(fmax(1, 1.3 * PLOT_TYPE / row));
	size_t end = channels->begin + channels->count;
	char *text;

	figure_part(frame->figure, "channels");
	for (size_t c = channels->begin; c < end; c++) {
		double y = frame->box.y + row
			* ((double)(c - channels->begin) + 0.5);

		if (fmod((double)c, step) != 0)
			continue;
		text = map_row_label(model, c, model->layer_rows ? LABEL : 1);
		figure_segment(frame->figure, (struct point){ frame->box.x, y },
			(struct point){ frame->box.x - 2.5, y },
			(struct ink){ INK_AXIS, 0.5, false });
		figure_text(frame->figure, (struct point){ frame->box.x - 4.5,
			y + 0.35 * PLOT_TYPE }, type, text);
		free(text);
	}
	plot_title_left(frame, GUTTER, model->layer_rows ? "layer"
		: caption_channel(layer));
}

static void
draw_colour_bar(const struct plot_frame *map, const struct model *model,
	bool failed)
{
	struct colour_scale scale = map_scale(model);
	char *title = figure_bar_title(model, &scale);
	struct figure_bar bar = { .title = title,
		.lacking = failed ? comparison_differs(model) ? "none"
			: "failed" : NULL,
		.sides = comparison_differs(model) };

	figure_bar_scale(&bar, model, &scale);
	figure_bar_draw(map->figure, map->box, bar);
	free(title);
}

static void
map_draw(struct figure *figure, struct box box, const struct model *model)
{
	struct bins channels = channel_bins(model);
	struct bins positions = figure_positions(model);
	struct plot_frame frame = { .figure = figure, .box = { box.x + GUTTER,
		box.y, image_width(box.width), image_height(model) } };
	bool failed;

	/* A cell is as wide as its position, which is in its middle. */
	frame.x = (struct span_scale){ (double)positions.begin - 0.5,
		(double)(positions.begin + positions.count) - 0.5, false };
	failed = draw_image(&frame, model, &channels, &positions);
	figure_part(figure, "frame");
	figure_frame(figure, frame.box, (struct ink){ INK_AXIS, 0.5, false });
	draw_channels(&frame, model, &channels);
	draw_colour_bar(&frame, model, failed);
	figure_position_axis(&frame, model);
}

static char *
pixel_remark(const struct model *model)
{
	struct bins channels = channel_bins(model);
	struct bins positions = figure_positions(model);
	size_t c = bins_ratio(&channels), p = bins_ratio(&positions);

	if (model->layer_rows)
		return xasprintf("A pixel is the %s over all channels of %zu "
			"layer%s x %zu position%s.",
			reducer_names[model->reducer], c, c == 1 ? "" : "s",
			p, p == 1 ? "" : "s");
	if (c * p == 1)
		return NULL;
	return xasprintf("A pixel is the %s of %zu %s%s x %zu position%s.",
		reducer_names[model->reducer], c,
		caption_channel(model_layer(model)), c == 1 ? "" : "s", p,
		p == 1 ? "" : "s");
}

/* What the sides are, and what a pixel is. */
static char *
difference_remark(const struct model *model)
{
	static const char *const words[REDUCER_COUNT] = {
		[REDUCER_MAX] = "largest in size", [REDUCER_MEAN] = "mean",
		[REDUCER_MIN] = "smallest in size",
	};
	struct bins channels = channel_bins(model);
	struct bins positions = figure_positions(model);
	size_t cells = bins_ratio(&channels) * bins_ratio(&positions);
	char *pixel = model->layer_rows ? xasprintf(" A row is the %s over "
		"the channels of each.", reducer_names[model->reducer])
		: cells == 1 ? xstrdup("")
		: xasprintf(" A pixel is the %s of %zu cells.",
		words[model->reducer], cells);
	char *remark = xasprintf("A \xe2\x88\x92 B, %s%s: purple where A is "
		"larger, orange where B is.%s", model->layer_rows
		? "of what each row is" : "cell by cell", model->measure->log
		? ", of log10" : "", pixel);

	free(pixel);
	return remark;
}

static char *
map_remark(const struct model *model)
{
	struct colour_scale scale = map_scale(model);
	char *pixel = comparison_differs(model) ? difference_remark(model)
		: pixel_remark(model);
	char *remark = figure_bar_remark(pixel, model, &scale);

	free(pixel);
	return remark;
}

const struct view_figure figure_map = {
	.title = map_title,
	.height = map_height,
	.draw = map_draw,
	.remark = map_remark,
};
