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

static double
reduced(const struct model *model, const struct summary *sum)
{
	double value = model->reducer == REDUCER_MEAN ? summary_mean(sum)
		: model->reducer == REDUCER_MIN ? sum->min : sum->max;

	if (!model->measure->log)
		return value;
	return value > 0 ? log10(value) : -INFINITY;
}

void
reduce_row(struct pixel *out, const struct model *model, size_t begin,
	size_t end, const struct bins *positions)
{
	const struct layer *layer = model_layer(model);
	struct summary *sums = xcalloc((size_t)positions->pixels, sizeof *sums);
	enum pixel_kind without = PIXEL_NODATA;

	for (size_t c = begin; c < end; c++) {
		const struct spectrum *const *strip;

		if (session_failure(model->session, layer, c))
			continue;
		without = PIXEL_PENDING;
		strip = session_strip(model->session, layer, c);
		if (strip)
			add_channel(sums, model, strip, positions);
	}
	for (int p = 0; p < positions->pixels; p++)
		out[p] = sums[p].count
			? (struct pixel){ PIXEL_VALUE, reduced(model, &sums[p]) }
			: (struct pixel){ without, 0 };
	free(sums);
}
