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
#include "core/util.h"
#include "ui/glyph.h"
#include "ui/plot.h"

enum {
	DECADES_MIN = 3, DECADES_MAX = 16,
	BAR_WIDTH_MAX = 5, WHOLE_ROWS = 24,
	LINE_TEXT = 240,
	WHOSE_COLUMNS = 70, NAME_CELLS = 24,
};

/* What is drawn, in units of the axis: s, or s / s1. */
struct spectrum_plot {
	const struct spectrum *spectrum;
	double unit;                    /* s of 1 on the axis */
	double tau, floor;
	size_t ess;
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
	double below = plot->area.rows < 12 ? 2 : plot->area.rows < 24 ? 3 : 4;
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
	plot.axis = axis_new(&plot);
	plot.bars = bars_new(model, spectrum, area.columns);
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
	int unit = area->rows < WHOLE_ROWS ? 1 : 2;
	int halves = unit * (int)lround(2 * area->rows / unit
		* axis_fraction(&plot->axis, value));

	if (row_of(plot, value) >= line)
		canvas_put(canvas, row_of(plot, value), area->column + x,
			glyph_get(GLYPH_DOT, unicode), COLOUR_DEFAULT,
			COLOUR_DEFAULT);
	halves -= 2 * (bottom - line);
	for (int row = line - 1; halves > 0; row--, halves -= 2)
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

/* "7 above; the next is 0.712 tol": how far it is from being counted. In
 * fewer words where there is no room, and as wide for each value. */
static void
line_text(char out[LINE_TEXT], const struct spectrum_plot *plot)
{
	const struct spectrum *s = plot->spectrum;
	double next;

	if (plot->ess >= s->count || !(plot->tau > 0)) {
		snprintf(out, LINE_TEXT, s->unlisted
			? " %zu above, the rest below the floor "
			: " %zu above, none below ", plot->ess);
		return;
	}
	/* Rounded down: what is not counted is not said to be at the line. */
	next = floor(1e3 * s->values[plot->ess] / plot->unit / plot->tau) / 1e3;
	snprintf(out, LINE_TEXT, " %zu above; the next is %.3f tol ",
		plot->ess, next);
	if (text_width(out) > plot->area.columns)
		snprintf(out, LINE_TEXT, " %zu above; next %.3f ", plot->ess,
			next);
}

static void
draw_tolerance(struct canvas *canvas, const struct spectrum_plot *plot)
{
	const struct rect *area = &plot->area;
	int row = row_of(plot, plot->tau), width;
	char text[LINE_TEXT];

	/* Solid as far as values are counted. */
	for (int x = 0; x < area->columns; x++)
		plot_mark(canvas, *area, &plot->axis, x, plot->tau,
			glyph_get(value_of(plot, x) < plot->ess
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

/* "3.27e-2": as wide for each value, so that little changes on the screen. */
static void
tolerance_text(char out[PLOT_NUMBER], double value)
{
	double exponent = value > 0 ? floor(log10(value)) : 0;

	if (value > 0)
		snprintf(out, PLOT_NUMBER, "%.2fe%.0f",
			value / pow(10, exponent), exponent);
	else
		snprintf(out, PLOT_NUMBER, "0");
}

/* Over which tolerances the count stays what it is: [s_{k+1}, s_k). That they
 * are noise comes first. */
static void
draw_foot(struct canvas *canvas, struct rect rect,
	const struct spectrum_plot *plot)
{
	const struct spectrum *s = plot->spectrum;
	char low[PLOT_NUMBER], high[PLOT_NUMBER], least[PLOT_NUMBER];
	bool flagged = plot->tau < plot->floor;

	plot_number(least, plot->floor);
	if (flagged)
		(void)(view_field(canvas, &rect, COLOUR_WARNING, CELL_BOLD,
			"tol below floor %s: noise", least)
		|| view_field(canvas, &rect, COLOUR_WARNING, CELL_BOLD,
			"tol below floor %s", least));
	/* What is not listed may be as large as the floor. */
	tolerance_text(low, plot->ess < s->count
		? s->values[plot->ess] / plot->unit
		: s->unlisted ? plot->floor : 0);
	tolerance_text(high, plot->ess
		? s->values[plot->ess - 1] / plot->unit : 0);
	if (plot->ess)
		view_field(canvas, &rect, COLOUR_DEFAULT, 0,
			"the same for tol %s..%s", low, high);
	else
		view_field(canvas, &rect, COLOUR_DEFAULT, 0,
			"the same for tol %s and up", low);
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
	size_t ratio = bins_ratio(&plot->bars);

	if (ratio > 1)
		snprintf(grouped, sizeof grouped, "  %zu a bar", ratio);
	/* Alone on the screen it has to say whose it is. */
	if (rect.columns >= WHOSE_COLUMNS) {
		name = view_layer_name(model, NAME_CELLS);
		snprintf(whose, sizeof whose, "%s  ch %zu  pos %zu  ", name,
			model->channel, model->position);
		free(name);
	}
	snprintf(text, sizeof text, "%s%s%s", whose,
		model->tolerance.kind == TOLERANCE_RELATIVE ? "s/s1" : "s",
		grouped);
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

static void
draw(struct canvas *canvas, struct rect rect, const struct model *model)
{
	struct rect body = view_body(rect), labels, foot;
	struct spectrum spectrum;
	struct spectrum_plot plot;

	if (draw_nothing(canvas, rect, model)
	    || !model_spectrum(&spectrum, model))
		return;
	foot = body;
	if (body.rows >= 5)
		body.rows--;
	foot.row = body.row + body.rows;
	labels = body;
	labels.columns = VIEW_GUTTER - 1;
	body.column += VIEW_GUTTER;
	body.columns -= VIEW_GUTTER;
	plot = plot_new(model, &spectrum, body);
	draw_title(canvas, rect, model, &plot);
	plot_axis_labels(canvas, labels, &plot.axis);
	draw_floor(canvas, &plot);
	draw_values(canvas, &plot);
	draw_tolerance(canvas, &plot);
	if (foot.row < rect.row + rect.rows)
		draw_foot(canvas, foot, &plot);
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
	{ { "absolute" }, "abs/rel", NULL, false },
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
};
