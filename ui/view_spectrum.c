/*
 * The spectrum at the cursor: why the ESS is what it is, and how near it is
 * to being one more or less. With a relative tolerance the axis is s / s1, so
 * that the tolerance stands still while the cursor moves.
 */
#include "ui/view.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/plateau.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/figure_page.h"
#include "ui/glyph.h"
#include "ui/plot.h"
#include "ui/spectrum_curve.h"
#include "ui/spectrum_weights.h"

enum {
	DECADES_MIN = 3, DECADES_MAX = 16,
	BAR_WIDTH_MAX = 5, WHOLE_ROWS = 24,
	LINE_TEXT = 240,
	WHOSE_COLUMNS = 70, NAME_CELLS = 24,
	/* Bars and curve side by side, or above each other. */
	BESIDE_COLUMNS = 72, ABOVE_ROWS = 18, WEIGHTS_FROM = 12,
};

/* Where they are; what has no rows is left out. */
struct parts {
	struct rect bars, weights, curve, foot;
};

/* What is drawn, in units of the axis: s, or s / s1. */
struct spectrum_plot {
	const struct spectrum *spectrum;
	double unit;                    /* s of 1 on the axis */
	double tau, floor;
	size_t ess;
	bool beside;                    /* the map, whose cursor moves it; */
	bool brief;                     /* and many values move each time */
	struct axis axis;
	struct bins bars;
	struct rect area;
};

/* From the decade above s1 to a few below the tolerance: where the count is
 * decided. It depends on s1 and the tolerance alone, so the axis stands still
 * while the cursor moves; values below it are dots. */
static struct axis
axis_new(const struct spectrum_plot *plot)
{
	double top = ceil(log10(plot->spectrum->values[0] / plot->unit) - 1e-9);
	double below = plot->area.rows < 12 ? 2 : plot->area.rows < 24 ? 3
		: plot->beside ? 8 : 4;
	double bottom = top - DECADES_MAX;

	if (plot->tau > 0)
		bottom = floor(log10(plot->tau) + 1e-9) - below;
	bottom = fmin(bottom, top - DECADES_MIN);
	bottom = fmax(bottom, top - DECADES_MAX);
	return (struct axis){ pow(10, bottom), pow(10, top), true };
}

/* Bars for as many values as any position of the layer has, so that a value
 * keeps its bar while the cursor moves. */
static struct bins
bars_new(const struct model *model, const struct spectrum *spectrum,
	int columns)
{
	const struct layer *layer = model_layer(model);
	size_t count = layer_ceiling(layer, layer->length / 2);
	struct bins bars;

	if (count < spectrum->count)    /* TSS is wrong, or said so */
		count = layer->length / 2;
	bars = bins_new(0, size_max(count, spectrum->count), columns);
	if (bars.width > BAR_WIDTH_MAX)
		bars = bins_new(0, bars.count,
			BAR_WIDTH_MAX * (int)bars.count);
	return bars;
}

static struct spectrum_plot
plot_new(const struct model *model, const struct spectrum *spectrum,
	struct rect area)
{
	bool relative = model->tolerance.kind == TOLERANCE_RELATIVE;
	struct spectrum_plot plot = { .spectrum = spectrum, .area = area };

	plot.unit = relative ? spectrum->values[0] : 1;
	plot.tau = tolerance_threshold(model->tolerance, spectrum) / plot.unit;
	plot.floor = spectrum->floor / plot.unit;
	plot.ess = ess_tolerance(spectrum, model->tolerance);
	plot.bars = bars_new(model, spectrum, area.columns);
	plot.beside = !model->full;
	plot.brief = bins_ratio(&plot.bars) > 1 && !model->full;
	plot.axis = axis_new(&plot);
	return plot;
}

static int
row_of(const struct spectrum_plot *plot, double value)
{
	int height = (int)(axis_fraction(&plot->axis, value)
		* plot->area.rows + 1e-9);

	if (height >= plot->area.rows)
		height = plot->area.rows - 1;
	return plot->area.row + plot->area.rows - 1 - height;
}

/* What the arithmetic and the data cannot resolve is hatched. */
static void
draw_floor(struct canvas *canvas, const struct spectrum_plot *plot)
{
	struct rect hatch = plot->area;
	int row = row_of(plot, plot->floor);

	if (plot->floor <= plot->axis.low)
		return;
	hatch.row = row + 1;
	hatch.rows = plot->area.row + plot->area.rows - hatch.row;
	canvas_fill(canvas, hatch, glyph_shade(1, canvas->look.unicode),
		COLOUR_DIM, COLOUR_DEFAULT);
}

/* What is counted stands on the tolerance line, in half rows, or in whole ones
 * where there are many: in eighths nearly every bar would change with every
 * step of the cursor. What is not is a dot below it, a column of cells being
 * much to send for a value that comes or goes, and a colour for each dot. */
static void
draw_value(struct canvas *canvas, const struct spectrum_plot *plot, int x,
	double value)
{
	const struct rect *area = &plot->area;
	bool unicode = canvas->look.unicode;
	int line = row_of(plot, plot->tau), bottom = area->row + area->rows;
	int row = row_of(plot, value);
	int unit = area->rows < WHOLE_ROWS ? 1 : 2;
	int halves = unit * (int)lround(2 * area->rows / unit
		* axis_fraction(&plot->axis, value));

	/* Dots move by as much as bars do. */
	if (row >= line && !plot->brief)
		canvas_put(canvas, line + (row - line) / unit * unit,
			area->column + x,
			glyph_get(GLYPH_DOT, unicode), COLOUR_DEFAULT,
			COLOUR_DEFAULT);
	halves -= 2 * (bottom - line);
	for (row = line - 1; halves > 0; row--, halves -= 2)
		canvas_put(canvas, row, area->column + x,
			glyph_eighth(halves > 1 ? 8 : 4, unicode),
			COLOUR_COUNTED, COLOUR_DEFAULT);
}

/* The singular value a column shows; the spectrum's count where none. */
static size_t
value_of(const struct spectrum_plot *plot, int x)
{
	size_t k = x < plot->bars.pixels ? bins_begin(&plot->bars, x)
		: plot->spectrum->count;

	return size_min(k, plot->spectrum->count);
}

static void
draw_values(struct canvas *canvas, const struct spectrum_plot *plot)
{
	for (int x = 0; value_of(plot, x) < plot->spectrum->count; x++) {
		double value = plot->spectrum->values[value_of(plot, x)]
			/ plot->unit;

		/* The last column of a wide bar is the gap. */
		if (plot->bars.width > 1
		    && (x + 1) % plot->bars.width == 0)
			continue;
		draw_value(canvas, plot, x, value);
	}
}

/* As wide as a count can be: what stands behind it does not move. */
static int
count_digits(const struct spectrum_plot *plot)
{
	return snprintf(NULL, 0, "%zu", plot->bars.count);
}

/* "7 above; the next is 0.712 tol": how far it is from being counted. In
 * fewer words where there is no room, and as wide for each value. */
static void
line_text(char out[LINE_TEXT], const struct spectrum_plot *plot)
{
	const struct spectrum *s = plot->spectrum;
	double next = 0;
	int digits = count_digits(plot);

	if (!(plot->tau > 0) || (plot->ess >= s->count && s->unlisted)) {
		snprintf(out, LINE_TEXT, s->unlisted
			? " %*zu above, the rest below the floor "
			: " %*zu above, none below ", digits, plot->ess);
		return;
	}
	/* Rounded down: what is not counted is not said to be at the line. */
	if (plot->ess < s->count)
		next = floor(1e3 * s->values[plot->ess] / plot->unit
			/ plot->tau) / 1e3;
	snprintf(out, LINE_TEXT, " %*zu above; the next is %.3f tol ", digits,
		plot->ess, next);
	if (text_width(out) > plot->area.columns)
		snprintf(out, LINE_TEXT, " %*zu above; next %.3f ", digits,
			plot->ess, next);
}

static void
draw_tolerance(struct canvas *canvas, const struct spectrum_plot *plot)
{
	const struct rect *area = &plot->area;
	int row = row_of(plot, plot->tau), width;
	char text[LINE_TEXT];

	/* Solid as far as values are counted; beside the map all along. */
	for (int x = 0; x < area->columns; x++)
		plot_mark(canvas, *area, &plot->axis, x, plot->tau,
			glyph_get(plot->beside || value_of(plot, x) < plot->ess
			? GLYPH_LINE_BOLD : GLYPH_LINE_DASH,
			canvas->look.unicode), COLOUR_TOLERANCE);
	line_text(text, plot);
	width = text_width(text);
	if (width > area->columns)
		width = area->columns;
	/* Below the line and at its left there is nothing to hide. */
	if (row + 1 < area->row + area->rows)
		row++;
	else if (row > area->row)
		row--;
	canvas_text(canvas, row, area->column, width,
		COLOUR_DEFAULT, COLOUR_DEFAULT, 0, text);
}

/* How firm the count is, and how many decades it is to the next; that it is
 * noise comes first. */
static void
draw_foot(struct canvas *canvas, struct rect rect,
	const struct spectrum_plot *plot, struct tolerance tol)
{
	const struct spectrum *s = plot->spectrum;
	struct plateau at = plateau_at(s, tol);
	double decades = plateau_decades(&at), tau = plot->tau * plot->unit;
	char least[PLOT_NUMBER], stable[40], more[40] = "", fewer[40] = "";
	bool flagged = plot->tau < plot->floor;
	int digits = count_digits(plot);

	plot_number(least, plot->floor);
	if (flagged)
		(void)(view_field(canvas, &rect, COLOUR_WARNING, CELL_BOLD,
			"tol below floor %s: noise", least)
		|| view_field(canvas, &rect, COLOUR_WARNING, CELL_BOLD,
			"tol below floor %s", least));
	/* In columns: what comes and goes moves nothing else. */
	if (isfinite(decades))
		snprintf(stable, sizeof stable, "stable over %.1f decades",
			decades);
	else
		snprintf(stable, sizeof stable, at.ess
			? "stable however small" : "stable however large");
	/* What is not listed has no known count. */
	if (at.low > 0 && tau > 0 && at.ess < s->count)
		snprintf(more, sizeof more, "%*zu at -%.2f", digits,
			at.ess + 1, log10(tau / at.low));
	if (at.ess && tau > 0)
		snprintf(fewer, sizeof fewer, "%*zu at +%.2f", digits,
			at.ess - 1, log10(at.high / tau));
	view_field(canvas, &rect, COLOUR_DEFAULT, 0, "%*zu, %-23s", digits,
		at.ess, stable);
	view_field(canvas, &rect, COLOUR_DEFAULT, 0, "%-*s", digits + 9, more);
	view_field(canvas, &rect, COLOUR_DEFAULT, 0, "%-*s", digits + 9,
		fewer);
	if (!flagged)
		view_field(canvas, &rect, COLOUR_DIM, 0, "floor %s", least);
	/* To the next power of ten: it says how far to trust, and seldom
	 * changes from one position to the next. */
	view_field(canvas, &rect, COLOUR_DIM, 0, "%s, error < 1e%.0f",
		method_name(s->method),
		ceil(log10(fmax(s->error, DBL_MIN) / plot->unit)));
}

static void
draw_title(struct canvas *canvas, struct rect rect, const struct model *model,
	const struct spectrum_plot *plot)
{
	char text[LINE_TEXT], grouped[48] = "", whose[160] = "", *name;
	char letters[16] = "";
	size_t ratio = plot ? bins_ratio(&plot->bars) : 1;

	if (ratio > 1)
		snprintf(grouped, sizeof grouped, "  %zu a bar", ratio);
	/* Alone on the screen it has to say whose it is. */
	if (rect.columns >= WHOSE_COLUMNS) {
		name = view_layer_name(model, NAME_CELLS);
		snprintf(whose, sizeof whose, "%s  ch %zu  pos %zu  ", name,
			model->channel, model->position);
		free(name);
	}
	if (comparison_on(model))
		snprintf(letters, sizeof letters, "  %s: %c",
			model->look.unicode ? "\xc3\x97" : "x",
			comparison_theirs(model));
	snprintf(text, sizeof text, "%s%s%s%s", whose,
		!plot ? "ESS against tol" : model->tolerance.kind
		== TOLERANCE_RELATIVE ? "s/s1" : "s", grouped, letters);
	view_title(canvas, rect, model, PANE_SPECTRUM, text);
}

/* Says why there is nothing to draw; false when there is something. */
static bool
draw_nothing(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	struct spectrum spectrum;
	struct rect body = view_body(rect);
	const char *why = NULL;

	if (!model_spectrum(&spectrum, model))
		why = "not computed yet";
	else if (spectrum.count == 0 || !(spectrum.values[0] > 0))
		why = "H_i is zero: nothing of the past reaches the future "
			"from here.";
	if (!why)
		return false;
	view_title(canvas, rect, model, PANE_SPECTRUM, "");
	if (view_explain(canvas, body, model))
		return true;
	body.column++;
	body.columns--;
	view_paragraph(canvas, body, COLOUR_DIM, why);
	return true;
}

static struct parts
parts_new(const struct model *model, struct rect rect)
{
	struct rect body = view_body(rect), none = { 0 };
	struct parts parts = { body, none, none, none };
	/* Beside the map it would change with every step of the cursor. */
	bool detail = model->full || model->curve_shown;

	if (body.rows >= 5) {
		parts.foot = body;
		parts.foot.row += --body.rows;
		parts.foot.rows = 1;
	}
	parts.bars = parts.curve = body;
	if (body.columns >= BESIDE_COLUMNS
	    && body.rows >= SPECTRUM_CURVE_ROWS) {
		parts.bars.columns = body.columns / 2;
		parts.curve.column += parts.bars.columns + 1;
		parts.curve.columns -= parts.bars.columns + 1;
	} else if (body.rows >= ABOVE_ROWS && detail) {
		parts.bars.rows = body.rows * 3 / 5;
		parts.curve.row += parts.bars.rows;
		parts.curve.rows -= parts.bars.rows;
	} else if (model->curve_shown && body.rows >= SPECTRUM_CURVE_ROWS - 1) {
		parts.bars.rows = 0;
	} else {
		parts.curve.rows = 0;
	}
	if (parts.bars.rows >= WEIGHTS_FROM && detail) {
		parts.weights = parts.bars;
		parts.bars.rows -= SPECTRUM_WEIGHTS_ROWS;
		parts.weights.row += parts.bars.rows;
		parts.weights.rows = SPECTRUM_WEIGHTS_ROWS;
	}
	return parts;
}

/* The same cell of the dump compared with, on the same axis. */
static void
draw_beside(struct canvas *canvas, const struct spectrum_plot *plot,
	const struct model *model)
{
	bool relative = model->tolerance.kind == TOLERANCE_RELATIVE;
	struct layer *match = comparison_layer(model);
	struct spectrum spectrum;
	struct model other;

	if (!match || model->channel >= match->channels
	    || model->position >= match->length)
		return;
	other = comparison_other(model, match);
	if (!model_spectrum(&spectrum, &other) || !spectrum.count
	    || !(spectrum.values[0] > 0))
		return;
	for (int x = 0; x < plot->bars.pixels; x += plot->bars.width) {
		size_t k = bins_begin(&plot->bars, x);

		if (k >= spectrum.count)
			break;
		plot_mark(canvas, plot->area, &plot->axis, x,
			spectrum.values[k] / (relative ? spectrum.values[0]
			: 1), glyph_get(GLYPH_TIMES, canvas->look.unicode),
			COLOUR_ACCENT);
	}
}

static void
draw_bars(struct canvas *canvas, struct rect rect,
	const struct spectrum_plot *plot, const struct model *model)
{
	rect.columns = VIEW_GUTTER - 1;
	plot_axis_labels(canvas, rect, &plot->axis);
	draw_floor(canvas, plot);
	draw_values(canvas, plot);
	draw_beside(canvas, plot, model);
	draw_tolerance(canvas, plot);
}

static void
draw(struct canvas *canvas, struct rect rect, const struct model *model)
{
	struct parts parts = parts_new(model, rect);
	struct rect area = parts.bars;
	struct spectrum spectrum;
	struct spectrum_plot plot;

	if (draw_nothing(canvas, rect, model)
	    || !model_spectrum(&spectrum, model))
		return;
	area.column += VIEW_GUTTER;
	area.columns -= VIEW_GUTTER;
	plot = plot_new(model, &spectrum, area);
	draw_title(canvas, rect, model, parts.bars.rows ? &plot : NULL);
	if (parts.bars.rows)
		draw_bars(canvas, parts.bars, &plot, model);
	if (parts.weights.rows)
		spectrum_weights_draw(canvas, parts.weights, &spectrum,
			&plot.bars);
	if (parts.curve.rows)
		spectrum_curve_draw(canvas, parts.curve, model, &spectrum,
			parts.bars.rows > 0);
	if (parts.foot.rows)
		draw_foot(canvas, parts.foot, &plot, model->tolerance);
}

static void
wheel(struct model *model, struct rect rect, int steps)
{
	(void)rect;
	model_move_position(model, steps);
}

static const struct view_hint hints[] = {
	{ { "tolerance-down", "tolerance-up", "tolerance" }, "tolerance",
		"tol", false },
	{ { "decade-down", "decade-up" }, "decade", NULL, false },
	{ { "plateau" }, "plateau", NULL, false },
	{ { "curve" }, "curve", NULL, false },
	{ { "absolute" }, "abs/rel", NULL, true },
	{ { "left", "right" }, "position", "pos", false },
	{ { "full" }, "full", NULL, false },
	{ { "next-pane" }, "pane", NULL, false },
	{ { NULL }, NULL, NULL, false },
};

const struct view_kind view_spectrum = {
	.name = "spectrum",
	.title = "SPECTRUM",
	.hints = hints,
	.rows_min = 5,
	.columns_min = 24,
	.rests = RESTS_CELL,
	.draw = draw,
	.wheel = wheel,
	.figure = &figure_spectrum,
};
