#include "ui/reduce.h"

#include <math.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/summary.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/difference.h"
#include "ui/measure_table.h"
#include "ui/model.h"

/* Cells between two looks at the clock, and most of a channel at a time. */
enum { CELLS_A_LOOK = 1 << 12, CELLS_AT_ONCE = 1 << 16 };

/* Of a cell of A - B, in cells. */
enum { DIFFERENCE_COST = 4 };

/* One row on its way: its pixels' sums, and what goes into them. */
struct row {
	const struct model *model;
	const struct bins *positions;
	struct summary *sums;           /* a pixel */
	uint32_t *counts;               /* CELLS_AT_ONCE, or of one pixel */
};

struct reduction {
	struct bins positions;
	struct summary *sums;
	uint32_t *counts;
	size_t begin, end;              /* places */
	size_t place;                   /* what is next: a channel's */
	int pixel;                      /* pixels from this one on */
	int pixels_at_once;
	bool known;                     /* something of it */
	enum pixel_kind without;        /* what a pixel is where nothing is */
};

/* All pixels that show position i: several where there is room to spare. */
static void
add_cell(struct row *row, const struct measured *cell)
{
	const struct bins *positions = row->positions;
	double value = row->model->measure->value(cell);
	int p = bins_pixel(positions, cell->position);

	p -= (positions->width - 1) / 2;
	for (int w = 0; w < positions->width; w++)
		summary_add(&row->sums[p + w], value);
}

static void
take_spectrum(void *payload, const struct spectrum *spectrum)
{
	struct row *row = payload;
	struct measured cell = measured_cell(model_layer(row->model),
		spectrum, row->model->tolerance);

	add_cell(row, &cell);
}

/* Counts alone, where the measure rests on no more: this is what a move of
 * the tolerance costs. */
static void
add_counts(struct row *row, size_t channel, int from, int to)
{
	const struct model *model = row->model;
	const struct bins *positions = row->positions;
	struct measured cell = { .layer = model_layer(model) };
	size_t begin = bins_begin(positions, from);

	if (!session_count(row->counts, model->session, cell.layer, channel,
		begin, bins_end(positions, to - 1), model->tolerance))
		return;
	for (int p = from; p < to; p++) {
		size_t end = bins_end(positions, p);

		for (size_t i = bins_begin(positions, p); i < end; i++) {
			uint32_t count = row->counts[i - begin];

			if (count == ESS_UNKNOWN)
				continue;
			cell.position = i;
			cell.tolerance_ess = count;
			summary_add(&row->sums[p],
				model->measure->value(&cell));
		}
	}
}

/* Adds a channel's known cells of these pixels to them. */
static void
add_channel(struct row *row, size_t channel, int from, int to)
{
	const struct bins *positions = row->positions;

	if (row->model->measure->by_count)
		add_counts(row, channel, from, to);
	else
		session_each(row->model->session, model_layer(row->model),
			channel, bins_begin(positions, from),
			bins_end(positions, to - 1),
			(struct hankel_sink){ take_spectrum, row });
}

/* Of cells that are not computed: all that share a pixel, or a few of them. */
struct bounded {
	struct summary low, high;
	bool open;              /* not all bounds are equal, or looked at */
	bool none;              /* of one nothing is known */
};

enum { SAMPLES = 4 };

/* A channel's part of one pixel in which no cell is computed. */
static void
add_bounds(struct bounded *pixel, const struct model *model, size_t channel,
	size_t begin, size_t end, struct gap *gap)
{
	size_t step = (end - begin + SAMPLES - 1) / SAMPLES;
	struct unmeasured cell = { &gap->known, 0, model->tolerance };
	struct value_bounds bounds;

	pixel->open |= step > 1;
	for (size_t i = begin + step / 2; i < end && !pixel->none; i += step) {
		session_neighbours(model->session, gap, model_layer(model),
			channel, i);
		cell.position = i;
		if (!model->measure->bounds(&bounds, &cell)) {
			pixel->none = true;
			return;
		}
		pixel->open |= bounds.low < bounds.high;
		summary_add(&pixel->low, bounds.low);
		summary_add(&pixel->high, bounds.high);
	}
}

double
reduce_summary(const struct model *model, const struct summary *sum)
{
	double value = model->reducer == REDUCER_MEAN ? summary_mean(sum)
		: model->reducer == REDUCER_MIN ? sum->min : sum->max;

	if (!model->measure->log)
		return value;
	return value > 0 ? log10(value) : -INFINITY;
}

/* The middle of the bounds, where there are some. */
static struct pixel
bounded_pixel(const struct model *model, const struct bounded *bounds)
{
	struct pixel pixel = { PIXEL_PENDING, 0 };

	if (bounds->none || !bounds->low.count)
		return pixel;
	pixel.kind = bounds->open ? PIXEL_BOUNDED : PIXEL_VALUE;
	pixel.value = (reduce_summary(model, &bounds->low)
		+ reduce_summary(model, &bounds->high)) / 2;
	return pixel;
}

/* Pixels in which nothing is computed. */
static void
reduce_bounds(struct pixel *out, const struct model *model, size_t begin,
	size_t end, const struct bins *positions)
{
	const struct layer *layer = model_layer(model);
	struct bounded *bounds = xcalloc((size_t)positions->pixels,
		sizeof *bounds);

	for (size_t place = begin; place < end; place++) {
		size_t c = model_channel_at(model, place);
		struct gap gap = { 0 };

		if (session_failure(model->session, layer, c))
			continue;
		for (int p = 0; p < positions->pixels; p++)
			if (out[p].kind == PIXEL_PENDING)
				add_bounds(&bounds[p], model, c,
					bins_begin(positions, p),
					bins_end(positions, p), &gap);
	}
	for (int p = 0; p < positions->pixels; p++)
		if (out[p].kind == PIXEL_PENDING)
			out[p] = bounded_pixel(model, &bounds[p]);
	free(bounds);
}

struct reduction *
reduction_new(size_t begin, size_t end, const struct bins *positions)
{
	struct reduction *row = xcalloc(1, sizeof *row);
	size_t ratio = bins_ratio(positions);

	row->positions = *positions;
	row->begin = row->place = begin;
	row->end = end;
	row->without = PIXEL_NODATA;
	row->sums = xcalloc((size_t)positions->pixels, sizeof *row->sums);
	row->pixels_at_once = positions->count <= CELLS_AT_ONCE
		? positions->pixels : (int)(ratio < CELLS_AT_ONCE
			? CELLS_AT_ONCE / ratio : 1);
	row->counts = xcalloc(size_max(ratio, size_min(positions->count,
		CELLS_AT_ONCE)), sizeof *row->counts);
	return row;
}

void
reduction_free(struct reduction *row)
{
	if (!row)
		return;
	free(row->sums);
	free(row->counts);
	free(row);
}

/* Of A - B, where either is known. */
static void
add_differences(struct row *row, size_t channel, int from, int to)
{
	const struct bins *positions = row->positions;
	size_t first = bins_begin(positions, from);
	double *cells = difference_cells(row->model, channel, first,
		bins_end(positions, to - 1));

	for (int p = from; p < to; p++) {
		size_t end = bins_end(positions, p) - first;

		for (size_t k = bins_begin(positions, p) - first; k < end; k++)
			if (!isnan(cells[k]))
				summary_add(&row->sums[p], cells[k]);
	}
	free(cells);
}

/* What a pixel of that channel is before anything of it is known: what cannot
 * be, is not there, or is to come. */
static enum pixel_kind
unknown_kind(const struct model *model, const struct layer *layer,
	size_t channel)
{
	if (!layer || channel >= layer->channels)
		return PIXEL_OUTSIDE;
	return session_failure(model->session, layer, channel) ? PIXEL_NODATA
		: PIXEL_PENDING;
}

/* Is there anything to add of a channel? Says what its pixels are if not. */
static bool
begin_channel(struct reduction *row, const struct model *model, size_t c)
{
	const struct layer *layers[2] = { model_layer(model),
		comparison_differs(model) ? comparison_layer(model) : NULL };
	int count = comparison_differs(model) ? 2 : 1;
	bool known = true;

	for (int k = 0; k < count; k++) {
		enum pixel_kind kind = unknown_kind(model, layers[k], c);

		if (kind == PIXEL_OUTSIDE && row->without == PIXEL_NODATA)
			row->without = PIXEL_OUTSIDE;
		if (kind != PIXEL_PENDING)
			return false;
		known &= session_known(model->session, layers[k], c) > 0;
	}
	row->without = PIXEL_PENDING;
	return known;
}

/* Some pixels of the place that is next; returns the cells looked at. */
static size_t
reduce_some(struct reduction *row, const struct model *model)
{
	struct row sums = { model, &row->positions, row->sums, row->counts };
	size_t c = model_channel_at(model, row->place);
	int from = row->pixel, to = row->positions.pixels;

	row->pixel = 0;
	if (!begin_channel(row, model, c)) {
		row->place++;
		return 1;
	}
	row->known = true;
	if (to - from > row->pixels_at_once)
		row->pixel = to = from + row->pixels_at_once;
	else
		row->place++;
	if (comparison_differs(model))
		add_differences(&sums, c, from, to);
	else
		add_channel(&sums, c, from, to);
	return (bins_end(&row->positions, to - 1)
		- bins_begin(&row->positions, from))
		* (comparison_differs(model) ? DIFFERENCE_COST : 1);
}

bool
reduction_go_on(struct reduction *row, const struct model *model, double until)
{
	size_t cells = 0;

	while (row->place < row->end) {
		cells += reduce_some(row, model);
		if (cells < CELLS_A_LOOK)
			continue;
		cells = 0;
		if (until < INFINITY
		    && clock_seconds(CLOCK_THREAD_CPUTIME_ID) >= until)
			return row->place >= row->end;
	}
	return true;
}

static double
reduced(const struct model *model, const struct summary *sum)
{
	return comparison_differs(model) ? difference_reduced(model, sum)
		: reduce_summary(model, sum);
}

/* Where the layer compared with has no such positions. */
static void
cut_short(struct pixel *out, const struct reduction *row,
	const struct layer *beside)
{
	for (int p = 0; beside && p < row->positions.pixels; p++)
		if (bins_begin(&row->positions, p) >= beside->length)
			out[p] = (struct pixel){ PIXEL_OUTSIDE, 0 };
}

void
reduction_put(struct pixel *out, const struct reduction *row,
	const struct model *model)
{
	for (int p = 0; p < row->positions.pixels; p++)
		out[p] = row->sums[p].count
			? (struct pixel){ PIXEL_VALUE,
				reduced(model, &row->sums[p]) }
			: (struct pixel){ row->without, 0 };
	if (comparison_differs(model))
		cut_short(out, row, comparison_layer(model));
	else if (row->known && model->measure->bounds)
		reduce_bounds(out, model, row->begin, row->end,
			&row->positions);
}

void
reduce_row(struct pixel *out, const struct model *model, size_t begin,
	size_t end, const struct bins *positions)
{
	struct reduction *row = reduction_new(begin, end, positions);

	(void)reduction_go_on(row, model, INFINITY);
	reduction_put(out, row, model);
	reduction_free(row);
}

static void
take_value(void *payload, const struct spectrum *spectrum)
{
	struct row *row = payload;
	struct measured cell = measured_cell(model_layer(row->model),
		spectrum, row->model->tolerance);

	summary_add(row->sums, row->model->measure->value(&cell));
}

void
reduce_range(struct summary *out, const struct model *model,
	const struct bins *rows, const struct bins *positions)
{
	int r = bins_pixel(rows, model_channel_place(model, model->channel));
	int p = bins_pixel(positions, model->position);
	struct row row = { .model = model, .sums = out };

	if (r < 0 || p < 0)
		return;
	for (size_t place = bins_begin(rows, r); place < bins_end(rows, r);
		place++)
		if (comparison_differs(model))
			difference_add(out, model, model_channel_at(model,
				place), bins_begin(positions, p),
				bins_end(positions, p));
		else
			session_each(model->session, model_layer(model),
				model_channel_at(model, place),
				bins_begin(positions, p),
				bins_end(positions, p),
				(struct hankel_sink){ take_value, &row });
}

void
reduce_span(struct summary *out, const struct model *model, size_t begin,
	size_t end)
{
	struct row row = { .model = model, .sums = out };

	if (comparison_differs(model))
		difference_add(out, model, model->channel, begin, end);
	else
		session_each(model->session, model_layer(model),
			model->channel, begin, end,
			(struct hankel_sink){ take_value, &row });
}
