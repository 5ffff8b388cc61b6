#include "ui/readout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/operator.h"
#include "core/summary.h"
#include "core/util.h"
#include "ui/caption.h"
#include "ui/comparison.h"
#include "ui/measure_table.h"
#include "ui/plot.h"
#include "ui/position_axis.h"
#include "ui/reduce.h"
#include "ui/view.h"

/* Positions of a span: their sum is made in each frame. */
enum { SPAN_MOST = 1 << 16 };

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

/* What the map shows where that is none of the numbers that are always there.
 * False: it has no room. */
static bool
draw_measure(struct canvas *canvas, struct rect *at,
	const struct model *model, const struct spectrum *spectrum)
{
	const struct measure_kind *measure = model->measure;
	struct measured cell = measured_cell(model_layer(model), spectrum,
		model->tolerance);
	double value = measure->value(&cell);

	if (measure->value == measure->ess || measure->log)
		return true;
	return measure->fraction ? view_field(canvas, at, COLOUR_DEFAULT, 0,
		"%-6.4g %s", value, measure_unit(measure, model_layer(model)))
		: view_field(canvas, at, COLOUR_DEFAULT, 0, "%s %-7.4g",
			measure->name, value);
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
	    || !draw_measure(canvas, at, model, spectrum)
	    || !view_field(canvas, at, COLOUR_DEFAULT, 0,
		"entropy-ESS %-*s", digits + 5, entropy)
	    || !view_field(canvas, at, COLOUR_DEFAULT, 0, "s1 %.4g",
		spectrum->count ? spectrum->values[0] : 0))
		return;
	if (tss != ceiling && !layer_unbounded(layer))
		view_field(canvas, at, COLOUR_DEFAULT, 0, "TSS %zu", tss);
}

/* A number of A and of B. */
struct pair {
	const char *name;
	double a, b;
	bool counts;
};

/* "ESS A 39  B 72  A-B -33"; of counts in as many digits as they may have. */
static bool
draw_pair(struct canvas *canvas, struct rect *at, const struct model *model,
	const struct pair *pair)
{
	int digits = view_digits(model_layer(model));

	if (pair->counts)
		return view_field(canvas, at, COLOUR_ACCENT, 0,
			"%s A %*.0f  B %*.0f  A-B %+*.0f", pair->name, digits,
			pair->a, digits, pair->b, digits + 1,
			pair->a - pair->b);
	return view_field(canvas, at, COLOUR_ACCENT, 0,
		"%s A %.4g  B %.4g  A-B %+.4g", pair->name, pair->a, pair->b,
		pair->a - pair->b);
}

/* The measure of the map first, then what else there is room for. */
static void
draw_pairs(struct canvas *canvas, struct rect *at, const struct model *model,
	const struct measured *a, const struct measured *b)
{
	const struct measure_kind *measure = model->measure;
	const struct pair pairs[] = {
		{ measure->name, measure->value(a), measure->value(b), false },
		{ "ESS", a->tolerance_ess, b->tolerance_ess, true },
		{ "entropy", a->entropy_ess, b->entropy_ess, false },
		{ "s1", a->largest, b->largest, false },
	};
	size_t first = measure == &measure_kinds[0] ? 1 : 0;

	for (size_t k = 2; k < LENGTH(pairs); k++)
		if (!strcmp(measure->name, pairs[k].name))
			first = k;
	if (!draw_pair(canvas, at, model, &pairs[first]))
		return;
	for (size_t k = 1; k < LENGTH(pairs); k++)
		if (k != first && !draw_pair(canvas, at, model, &pairs[k]))
			return;
}

/* Why one of them cannot be had; NULL: it can. */
static const char *
failure_of(const struct model *model, const struct layer *match)
{
	const char *why = session_failure(model->session, model_layer(model),
		model->channel);

	return why || model->channel >= match->channels ? why
		: session_failure(model->session, match, model->channel);
}

static void
draw_both(struct canvas *canvas, struct rect *at, const struct model *model,
	const struct spectrum *ours, const struct spectrum *theirs,
	const struct layer *match)
{
	struct measured own = measured_cell(model_layer(model), ours,
		model->tolerance);
	struct measured other = measured_cell(match, theirs, model->tolerance);
	bool swapped = comparison_own(model) == 'B';

	draw_pairs(canvas, at, model, swapped ? &other : &own,
		swapped ? &own : &other);
}

/* What A and B are at the cursor. False: nothing is compared. */
static bool
draw_compared(struct canvas *canvas, struct rect *at,
	const struct model *model)
{
	struct layer *match = comparison_layer(model);
	struct spectrum ours, theirs;
	struct model other;
	const char *why;

	if (!comparison_on(model))
		return false;
	if (!match) {
		view_field(canvas, at, COLOUR_WARNING, 0,
			"not in the other dump (:unmatched)");
		return true;
	}
	other = comparison_other(model, match);
	why = failure_of(model, match);
	if (why)
		canvas_text(canvas, at->row, at->column + 1, at->columns - 1,
			COLOUR_WARNING, COLOUR_DEFAULT, 0,
			view_reason(why, match));
	else if (model->channel >= match->channels
	    || model->position >= match->length)
		view_field(canvas, at, COLOUR_WARNING, 0,
			"the other has %zu ch x %zu pos (:unmatched)",
			match->channels, match->length - 1);
	else if (!model_spectrum(&ours, model)
	    || !model_spectrum(&theirs, &other))
		view_field(canvas, at, COLOUR_DIM, 0, "not computed yet");
	else
		draw_both(canvas, at, model, &ours, &theirs, match);
	return true;
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

/* "span 100..140: tolerance-ESS mean 12.3, 8 to 16"; of a part of it: "span
 * 100..140 (9 of 41): ...". False: there is none. */
static bool
draw_span(struct canvas *canvas, struct rect at, const struct model *model)
{
	struct summary cells = { 0 };
	char low[PLOT_NUMBER], high[PLOT_NUMBER], part[64] = "";
	const char *title = model->measure->title;
	size_t first, count, last;

	if (!model_span(&first, &count, model))
		return false;
	last = first + count - 1;
	if (count > SPAN_MOST)
		return view_field(canvas, &at, COLOUR_ACCENT, 0,
			"span %zu..%zu: too long, %d at most", first, last,
			SPAN_MOST);
	reduce_span(&cells, model, first, last + 1);
	plot_number(low, cells.min);
	plot_number(high, cells.max);
	if (cells.count < count)
		snprintf(part, sizeof part, " (%zu of %zu)", cells.count,
			count);
	if (!cells.count)
		return view_field(canvas, &at, COLOUR_ACCENT, 0,
			"span %zu..%zu: not computed yet", first, last);
	(void)(view_field(canvas, &at, COLOUR_ACCENT, 0,
		"span %zu..%zu%s: %s mean %.4g, %s to %s", first, last, part,
		title, summary_mean(&cells), low, high)
	|| view_field(canvas, &at, COLOUR_ACCENT, 0,
		"span %zu..%zu%s: mean %.4g, %s to %s", first, last, part,
		summary_mean(&cells), low, high));
	return true;
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
	bool wide = rect.rows > READOUT_ROWS, span;
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
	/* In two rows a span takes the first: the axis has the place. */
	span = draw_span(canvas, wide ? below(next) : rect, model);
	if (wide || !span) {
		if (spectrum)
			draw_warnings(canvas, &line, model, spectrum);
		if (!draw_place(canvas, &line, model))
			draw_place(canvas, &next, model);
	}
	if (draw_compared(canvas, &next, model))
		return;
	if (!spectrum) {
		draw_bounds(canvas, &next, model);
		return;
	}
	draw_numbers(canvas, &next, model, spectrum);
	if (wide && !span)
		draw_words(canvas, below(below(rect)), model, spectrum);
}
