/*
 * The profile on paper: the cursor's channel, the mean over channels and the
 * ceiling as curves over positions, over the band of all channels: extremes
 * and, in a darker shade, quartiles.
 */
#include "ui/comparison.h"
#include "ui/figure_page.h"

#include <math.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/caption.h"
#include "ui/figure_colour.h"
#include "ui/figure_plot.h"
#include "ui/heatmap.h"
#include "ui/layer_band.h"
#include "ui/layer_stats.h"
#include "ui/measure_table.h"
#include "ui/reduce.h"

enum { GUTTER = 34, KEY_ROOM = 15, HEIGHT = 130 };

static const struct ink channel_ink = { INK_CHANNEL, 1.1, false };
static const struct ink beside_ink = { INK_COMPARED, 1.1, false };
static const struct ink mean_ink = { INK_MEAN, 1.1, false };
static const struct ink quartiles_ink = { INK_QUARTILES, 6, false };
static const struct ink extremes_ink = { INK_EXTREMES, 6, false };
static const struct ink ceiling_ink = { INK_CEILING, 0.8, true };

static char *
profile_title(const struct model *model)
{
	char *before = xasprintf("%s over positions of ",
		model->measure->title);
	char *title = figure_channel_title(model, before);

	free(before);
	return title;
}

static double
profile_height(const struct model *model)
{
	return KEY_ROOM + HEIGHT
		+ figure_position_height(model, figure_body_width() - GUTTER);
}

/* The middle of a pixel's positions. */
static double
middle(const struct bins *bins, int p)
{
	return ((double)bins_begin(bins, p) + (double)bins_end(bins, p) - 1)
		/ 2;
}

static double
of_axis(const struct model *model, double value)
{
	return model->measure->log ? pow(10, value) : value;
}

static double
ceiling_of(const struct model *model, const struct bins *bins, int p)
{
	const struct layer *layer = model_layer(model);

	if (model->measure->fraction)
		return 1;
	return (double)size_max(layer_ceiling(layer, bins_begin(bins, p)),
		layer_ceiling(layer, bins_end(bins, p) - 1));
}

static void
draw_curve(const struct plot_frame *frame, struct point *points,
	const struct bins *bins, const char *name, struct ink ink)
{
	figure_part(frame->figure, name);
	plot_curve(frame, points, (size_t)bins->pixels, ink);
}

static double
lower_end(const struct band *band, bool quartiles)
{
	return quartiles ? band->lower : band->least;
}

static double
upper_end(const struct band *band, bool quartiles)
{
	return quartiles ? band->upper : band->most;
}

/* Columns begin .. end - 1, all known: along the upper ends, and back. */
static void
draw_stretch(const struct plot_frame *frame, const struct model *model,
	const struct band *bands, const struct bins *bins, int begin, int end,
	bool quartiles)
{
	size_t count = (size_t)(end - begin);
	struct point *points = xcalloc(2 * count, sizeof *points);

	for (int p = begin; p < end; p++) {
		size_t k = (size_t)(p - begin);
		double x = plot_x(frame, middle(bins, p));

		points[k] = (struct point){ x, plot_y(frame, of_axis(model,
			upper_end(&bands[p], quartiles))) };
		points[2 * count - 1 - k] = (struct point){ x, plot_y(frame,
			of_axis(model, lower_end(&bands[p], quartiles))) };
	}
	figure_area(frame->figure, points, 2 * count, quartiles
		? INK_QUARTILES : INK_EXTREMES);
	free(points);
}

static void
draw_shade(const struct plot_frame *frame, const struct model *model,
	const struct band *bands, const struct bins *bins, bool quartiles)
{
	int begin = 0;

	figure_part(frame->figure, quartiles ? "quartiles" : "extremes");
	for (int p = 0; p <= bins->pixels; p++) {
		if (p < bins->pixels && !isnan(bands[p].least))
			continue;
		draw_stretch(frame, model, bands, bins, begin, p, quartiles);
		begin = p + 1;
	}
}

static void
draw_band(const struct plot_frame *frame, const struct model *model,
	const struct bins *bins)
{
	struct layer_band *band = layer_band_whole(model, bins);
	struct band *bands;

	if (!band)
		return;
	bands = xcalloc((size_t)bins->pixels, sizeof *bands);
	for (int p = 0; p < bins->pixels; p++)
		layer_band_at(&bands[p], band, p);
	draw_shade(frame, model, bands, bins, false);
	draw_shade(frame, model, bands, bins, true);
	free(bands);
	layer_band_free(band);
}

static void
draw_ceiling(const struct plot_frame *frame, const struct model *model,
	const struct bins *bins, struct point *points)
{
	for (int p = 0; p < bins->pixels; p++)
		points[p] = (struct point){ middle(bins, p),
			ceiling_of(model, bins, p) };
	draw_curve(frame, points, bins, "ceiling", ceiling_ink);
}

static void
draw_mean(const struct plot_frame *frame, const struct model *model,
	const struct bins *bins, struct point *points)
{
	for (int p = 0; p < bins->pixels; p++)
		points[p] = (struct point){ middle(bins, p), layer_stats_mean(
			model->stats[model->layer], bins_begin(bins, p),
			bins_end(bins, p)) };
	draw_curve(frame, points, bins, "mean", mean_ink);
}

/* Of a model in which nothing is compared. */
static void
draw_channel(const struct plot_frame *frame, const struct model *model,
	const struct bins *bins, struct point *points, const char *name,
	struct ink ink)
{
	struct pixel *pixels = xcalloc((size_t)bins->pixels, sizeof *pixels);
	size_t place = model_channel_place(model, model->channel);

	reduce_row(pixels, model, place, place + 1, bins);
	for (int p = 0; p < bins->pixels; p++)
		points[p] = (struct point){ middle(bins, p),
			pixels[p].kind == PIXEL_VALUE
			? of_axis(model, pixels[p].value) : NAN };
	free(pixels);
	draw_curve(frame, points, bins, name, ink);
}

/* The same channel of the dump compared with, if it has one. */
static void
draw_beside(const struct plot_frame *frame, const struct model *model,
	const struct bins *bins, struct point *points)
{
	struct layer *match = comparison_layer(model);
	struct model other;

	if (!match || model->channel >= match->channels)
		return;
	other = comparison_other(model, match);
	draw_channel(frame, &other, bins, points, "compared", beside_ink);
}

static void
draw_curves(const struct plot_frame *frame, const struct model *model,
	const struct bins *bins)
{
	struct point *points = xcalloc((size_t)bins->pixels, sizeof *points);
	struct model alone = comparison_alone(model);

	if (model_layer(model)->channels > 1)
		draw_mean(frame, model, bins, points);
	draw_channel(frame, &alone, bins, points, "channel", channel_ink);
	draw_beside(frame, model, bins, points);
	/* Dashed, and over all: ESS often runs along it. */
	if (!model->measure->log)
		draw_ceiling(frame, model, bins, points);
	free(points);
}

static void
draw_keys(const struct plot_frame *frame, const struct model *model)
{
	const struct layer *layer = model_layer(model);
	struct figure *figure = frame->figure;
	double x = frame->box.x, y = frame->box.y - 7;
	const char *own = !comparison_on(model) ? ""
		: comparison_own(model) == 'A' ? " of A" : " of B";
	char *whose = xasprintf("%s %zu%s", caption_channel(layer),
		model->channel, own);

	figure_part(figure, "key");
	plot_key(figure, &x, y, channel_ink, whose);
	if (comparison_layer(model))
		plot_key(figure, &x, y, beside_ink,
			comparison_theirs(model) == 'A' ? "of A" : "of B");
	if (layer->channels > 1) {
		char *all = xasprintf("mean over %zu %ss", layer->channels,
			caption_channel(layer));

		plot_key(figure, &x, y, mean_ink, all);
		free(all);
		plot_key(figure, &x, y, quartiles_ink, "25\xe2\x80\x93" "75 % of "
			"them");
		plot_key(figure, &x, y, extremes_ink, "min\xe2\x80\x93max");
	}
	if (!model->measure->log)
		plot_key(figure, &x, y, ceiling_ink, model->measure->fraction
			? "1" : comparison_on(model) ? "ceiling"
			: "ceiling min(i, L\xe2\x88\x92i, TSS)");
	free(whose);
}

static struct span_scale
value_scale(const struct model *model)
{
	struct colour_scale scale = colour_scale_whole(model_scale(model));

	if (model->measure->log)
		return (struct span_scale){ pow(10, scale.low),
			pow(10, scale.high), true };
	/* Room above a curve that runs along the top. */
	return (struct span_scale){ scale.low,
		1.04 * scale.high, false };
}

static void
profile_draw(struct figure *figure, struct box box, const struct model *model)
{
	struct bins bins = figure_positions(model);
	struct plot_frame frame = { .figure = figure, .box = { box.x + GUTTER,
		box.y + KEY_ROOM, box.width - GUTTER, HEIGHT } };

	frame.x = (struct span_scale){ (double)bins.begin - 0.5,
		(double)(bins.begin + bins.count) - 0.5, false };
	frame.y = value_scale(model);
	draw_band(&frame, model, &bins);
	figure_part(figure, "values");
	plot_ticks_left(&frame, true);
	plot_title_left(&frame, GUTTER, model->measure->title);
	draw_curves(&frame, model, &bins);
	figure_part(figure, "frame");
	figure_frame(figure, frame.box, (struct ink){ INK_AXIS, 0.5, false });
	draw_keys(&frame, model);
	figure_position_axis(&frame, model);
}

static char *
profile_remark(const struct model *model)
{
	struct bins bins = figure_positions(model);

	if (bins_ratio(&bins) == 1)
		return NULL;
	return xasprintf("A point is of %zu positions: the %s of the channel, "
		"the mean of all, and the band of all their cells.", bins_ratio(&bins),
		reducer_names[model->reducer]);
}

const struct view_figure figure_profile = {
	.title = profile_title,
	.height = profile_height,
	.draw = profile_draw,
	.remark = profile_remark,
};
