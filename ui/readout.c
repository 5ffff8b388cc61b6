#include "ui/readout.h"

#include <math.h>
#include <stdio.h>

#include "core/operator.h"
#include "ui/caption.h"
#include "ui/measure_table.h"
#include "ui/plot.h"
#include "ui/position_axis.h"
#include "ui/view.h"

static void
draw_warnings(struct canvas *canvas, struct rect *at,
	const struct model *model, const struct spectrum *spectrum)
{
	size_t ceiling = layer_ceiling(model_layer(model), model->position);
	char floor[PLOT_NUMBER];

	if (ess_tolerance(spectrum, model->tolerance) > ceiling)
		(void)(view_field(canvas, at, COLOUR_WARNING, CELL_BOLD,
			"above the ceiling: noise, or TSS is wrong")
		|| view_field(canvas, at, COLOUR_WARNING, CELL_BOLD,
			"above the ceiling"));
	if (tolerance_threshold(model->tolerance, spectrum)
		>= spectrum->floor)
		return;
	plot_number(floor, spectrum->floor);
	(void)(view_field(canvas, at, COLOUR_WARNING, CELL_BOLD,
		"tolerance below the floor, s = %s: it counts noise", floor)
	|| view_field(canvas, at, COLOUR_WARNING, CELL_BOLD,
		"tolerance below the floor"));
}

static bool
draw_place(struct canvas *canvas, struct rect *at, const struct model *model)
{
	const struct layer *layer = model_layer(model);
	char before[POSITION_TOKEN], after[POSITION_TOKEN];

	if (!view_field(canvas, at, COLOUR_DEFAULT, 0, "ch %zu  pos %zu",
		model->channel, model->position))
		return false;
	if (layer_token(layer, 0))
		view_field(canvas, at, COLOUR_DEFAULT, 0, "between %s and %s",
			position_token(before, layer, model->position - 1),
			position_token(after, layer, model->position));
	return true;
}

static void
draw_numbers(struct canvas *canvas, struct rect *at,
	const struct model *model, const struct spectrum *spectrum)
{
	const struct layer *layer = model_layer(model);
	size_t ceiling = layer_ceiling(layer, model->position);
	size_t tss = layer_tss(layer, model->position);
	size_t ess = ess_tolerance(spectrum, model->tolerance);
	int digits = view_digits(layer);
	char count[64], entropy[32];

	snprintf(count, sizeof count, "%zu of %zu", ess, ceiling);
	snprintf(entropy, sizeof entropy, "%.4f", spectrum->entropy);
	if (!view_field(canvas, at, ess > ceiling ? COLOUR_WARNING
		: COLOUR_DEFAULT, 0, "ESS %-*s", 2 * digits + 4, count)
	    || !view_field(canvas, at, COLOUR_DEFAULT, 0,
		"entropy-ESS %-*s", digits + 5, entropy)
	    || !view_field(canvas, at, COLOUR_DEFAULT, 0, "s1 %.4g",
		spectrum->count ? spectrum->values[0] : 0))
		return;
	if (tss != ceiling && !layer_unbounded(layer))
		view_field(canvas, at, COLOUR_DEFAULT, 0, "TSS %zu", tss);
}

/* "head 0 uses 12 of 16 directions of the past", or less of it. */
static void
draw_words(struct canvas *canvas, struct rect at, const struct model *model,
	const struct spectrum *spectrum)
{
	const struct layer *layer = model_layer(model);
	size_t ceiling = layer_ceiling(layer, model->position);
	size_t ess = ess_tolerance(spectrum, model->tolerance);
	const char *one = caption_channel(layer);
	int digits = view_digits(layer);

	if (ess > ceiling)
		return;
	(void)(view_field(canvas, &at, COLOUR_DEFAULT, 0, "%s %zu uses %*zu of "
		"%*zu directions of the past", one,
		model->channel, digits, ess, digits, ceiling)
	|| view_field(canvas, &at, COLOUR_DEFAULT, 0,
		"%s %zu uses %*zu of %*zu directions", one, model->channel,
		digits, ess, digits, ceiling));
}

/* Of a cell that is not computed: what its neighbours say for certain. */
static void
draw_bounds(struct canvas *canvas, struct rect *at, const struct model *model)
{
	struct gap gap = { 0 };
	struct unmeasured cell = { &gap.known, model->position, model->tolerance };
	struct value_bounds bounds, s1;

	session_neighbours(model->session, &gap, model_layer(model),
		model->channel, model->position);
	if (!measure_kinds[0].bounds(&bounds, &cell)) {
		view_field(canvas, at, COLOUR_DIM, 0, "not computed yet");
		return;
	}
	if (bounds.low < bounds.high)
		view_field(canvas, at, COLOUR_DEFAULT, 0,
			"ESS %.0f..%.0f (bounded)", bounds.low, bounds.high);
	else
		view_field(canvas, at, COLOUR_DEFAULT, 0,
			"ESS %.0f (certain, not computed yet)", bounds.low);
	s1 = interlacing_largest(&gap.known, model->position);
	if (s1.high < INFINITY)
		view_field(canvas, at, COLOUR_DEFAULT, 0, "s1 %.3g..%.3g",
			s1.low, s1.high);
}

static struct rect
below(struct rect rect)
{
	rect.row++;
	rect.rows--;
	return rect;
}

void
readout_draw(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	struct rect line = rect, next = below(rect);
	struct spectrum held, *spectrum = model_spectrum(&held, model)
		? &held : NULL;

	if (rect.rows < READOUT_ROWS
	    || session_failure(model->session, model_layer(model),
		model->channel)) {
		if (rect.rows > READOUT_ROWS) {
			draw_place(canvas, &line, model);
			rect = next;
		}
		view_explain(canvas, rect, model);
		return;
	}
	if (spectrum)
		draw_warnings(canvas, &line, model, spectrum);
	if (!draw_place(canvas, &line, model))
		draw_place(canvas, &next, model);
	if (!spectrum) {
		draw_bounds(canvas, &next, model);
		return;
	}
	draw_numbers(canvas, &next, model, spectrum);
	if (rect.rows > READOUT_ROWS)
		draw_words(canvas, below(below(rect)), model, spectrum);
}
