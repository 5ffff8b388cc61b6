#include "ui/map_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/summary.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/layer_scale.h"
#include "ui/layer_stats.h"
#include "ui/measure_table.h"
#include "ui/reduce.h"
#include "ui/shorten.h"

struct bins
map_row_bins(const struct model *model, int pixels)
{
	if (!model->layer_rows)
		return model_channel_bins(model, pixels);
	return bins_new(0, model_ready(model) ? model->list.count : 0, pixels);
}

size_t
map_row_cursor(const struct model *model)
{
	return model->layer_rows ? layer_list_place(model)
		: model_channel_place(model, model->channel);
}

void
map_row_select(struct model *model, size_t row)
{
	if (model->layer_rows)
		model_select_layer(model, layer_list_at(model, row));
	else
		model_set_channel(model, model_channel_at(model, row));
}

void
map_row_step(struct model *model, long steps)
{
	if (model->layer_rows)
		layer_list_step(model, steps);
	else
		model_move_channel(model, steps);
}

char *
map_row_label(const struct model *model, size_t row, int width)
{
	const struct dump *dump = model_dump(model);

	if (!model->layer_rows)
		return xasprintf("%*zu", width, model_channel_at(model, row));
	return shorten_name(shorten_new(dump),
		dump->layers[layer_list_at(model, row)].label, width,
		model->look.unicode);
}

static struct layer *
layer_at(const struct model *model, size_t row)
{
	return &model_dump(model)->layers[layer_list_at(model, row)];
}

static bool
is_sound(const struct layer *layer)
{
	return layer->resolved && layer->status == STATUS_OK
		&& layer->length >= 2;
}

/* What a row shows: a layer of the list or, beside it, of the other dump. */
struct shown {
	const struct layer *layer;      /* NULL: there is none */
	const struct layer_stats *stats;
};

static struct shown
shown_at(const struct model *model, size_t row, bool beside)
{
	struct layer *layer = layer_at(model, row);

	if (!beside)
		return (struct shown){ layer,
			model->stats[layer_list_at(model, row)] };
	layer = comparison_match(model, layer);
	return (struct shown){ layer, comparison_stats(model, layer) };
}

/* Those of rows begin .. end - 1, for free(): once for all pixels of them. */
static struct shown *
shown_of(const struct model *model, size_t begin, size_t end, bool beside)
{
	struct shown *shown = xcalloc(end - begin, sizeof *shown);

	for (size_t row = begin; row < end; row++)
		shown[row - begin] = shown_at(model, row, beside);
	return shown;
}

/* Positions beyond the end of a layer are outside of it. */
static struct pixel
pixel_of(const struct model *model, const struct shown *rows, size_t count,
	const struct bins *positions, int p)
{
	struct pixel pixel = { PIXEL_OUTSIDE, 0 };
	size_t from = bins_begin(positions, p), to = bins_end(positions, p);
	struct summary sum = { 0 };

	for (size_t row = 0; row < count; row++) {
		const struct layer *layer = rows[row].layer;

		if (!layer)
			continue;
		if (layer->resolved && !is_sound(layer)) {
			if (pixel.kind == PIXEL_OUTSIDE)
				pixel.kind = PIXEL_NODATA;
		} else if (!layer->resolved || from < layer->length) {
			pixel.kind = PIXEL_PENDING;
			if (layer->resolved)
				layer_stats_range(&sum, rows[row].stats,
					from, size_min(to, layer->length));
		}
	}
	if (sum.count)
		pixel = (struct pixel){ PIXEL_VALUE,
			reduce_summary(model, &sum) };
	return pixel;
}

/* Of A - B: both have been reduced before. */
static struct pixel
less(struct pixel a, struct pixel b)
{
	if (a.kind != PIXEL_VALUE)
		return a;
	if (b.kind != PIXEL_VALUE)
		return b;
	a.value = a.value == b.value ? 0 : a.value - b.value;
	return a;
}

void
map_row_reduce(struct pixel *out, const struct model *model, size_t begin,
	size_t end, const struct bins *positions)
{
	bool differs = comparison_differs(model);
	struct shown *ours, *theirs;

	if (!model->layer_rows) {
		reduce_row(out, model, begin, end, positions);
		return;
	}
	ours = shown_of(model, begin, end, false);
	theirs = differs ? shown_of(model, begin, end, true) : NULL;
	for (int p = 0; p < positions->pixels; p++) {
		out[p] = pixel_of(model, ours, end - begin, positions, p);
		if (differs)
			out[p] = less(out[p], pixel_of(model, theirs,
				end - begin, positions, p));
	}
	free(ours);
	free(theirs);
}

struct colour_scale
map_scale(const struct model *model)
{
	struct colour_scale all = model_scale(model);

	if (comparison_differs(model))
		return comparison_scale(model);
	for (size_t row = 0; model->layer_rows && row < model->list.count; row++) {
		struct colour_scale one;

		if (!is_sound(layer_at(model, row)))
			continue;
		one = layer_scale(model, layer_at(model, row));
		all.low = fmin(all.low, one.low);
		all.high = fmax(all.high, one.high);
		all.least = fmin(all.least, one.least);
		all.most = fmax(all.most, one.most);
	}
	if (model->layer_rows && all.basis[0])
		snprintf(all.basis, sizeof all.basis, "of all layers");
	colour_scale_adjust(&all, model);
	return all;
}
