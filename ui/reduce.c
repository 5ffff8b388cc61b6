#include "ui/reduce.h"

#include <math.h>
#include <stdlib.h>

#include "core/summary.h"
#include "core/util.h"
#include "ui/measure_table.h"
#include "ui/model.h"

/* Adds a channel's known cells to the pixels they belong to. */
static void
add_channel(struct summary *sums, const struct model *model,
	const struct spectrum *const *strip, const struct bins *positions)
{
	struct measured cell = { .layer = model_layer(model),
		.tolerance = model->tolerance };

	for (int p = 0; p < positions->pixels; p++) {
		size_t end = bins_end(positions, p);

		for (size_t i = bins_begin(positions, p); i < end; i++) {
			if (!strip[i])
				continue;
			cell.spectrum = strip[i];
			summary_add(&sums[p], model->measure->value(&cell));
		}
	}
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
	size_t begin, size_t end, struct neighbours *known)
{
	size_t step = (end - begin + SAMPLES - 1) / SAMPLES;
	struct unmeasured cell = { known, 0, model->tolerance };
	struct value_bounds bounds;

	pixel->open |= step > 1;
	for (size_t i = begin + step / 2; i < end && !pixel->none; i += step) {
		session_neighbours(model->session, known, model_layer(model),
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

static double
reduced(const struct model *model, const struct summary *sum)
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
	pixel.value = (reduced(model, &bounds->low)
		+ reduced(model, &bounds->high)) / 2;
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

	for (size_t c = begin; c < end; c++) {
		struct neighbours known = { 0 };

		if (session_failure(model->session, layer, c))
			continue;
		for (int p = 0; p < positions->pixels; p++)
			if (out[p].kind == PIXEL_PENDING)
				add_bounds(&bounds[p], model, c,
					bins_begin(positions, p),
					bins_end(positions, p), &known);
	}
	for (int p = 0; p < positions->pixels; p++)
		if (out[p].kind == PIXEL_PENDING)
			out[p] = bounded_pixel(model, &bounds[p]);
	free(bounds);
}

void
reduce_row(struct pixel *out, const struct model *model, size_t begin,
	size_t end, const struct bins *positions)
{
	const struct layer *layer = model_layer(model);
	struct summary *sums = xcalloc((size_t)positions->pixels, sizeof *sums);
	enum pixel_kind without = PIXEL_NODATA;
	bool known = false;

	for (size_t c = begin; c < end; c++) {
		const struct spectrum *const *strip;

		if (session_failure(model->session, layer, c))
			continue;
		without = PIXEL_PENDING;
		strip = session_strip(model->session, layer, c);
		known |= strip != NULL;
		if (strip)
			add_channel(sums, model, strip, positions);
	}
	for (int p = 0; p < positions->pixels; p++)
		out[p] = sums[p].count
			? (struct pixel){ PIXEL_VALUE, reduced(model, &sums[p]) }
			: (struct pixel){ without, 0 };
	if (known && model->measure->bounds)
		reduce_bounds(out, model, begin, end, positions);
	free(sums);
}
