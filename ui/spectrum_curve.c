#include "ui/spectrum_curve.h"

#include <math.h>
#include <stdio.h>

#include "core/operator.h"
#include "core/plateau.h"
#include "core/util.h"
#include "ui/glyph.h"
#include "ui/layer_curve.h"
#include "ui/model.h"
#include "ui/plot.h"
#include "ui/view.h"

/* The tolerances shown: the slider's track, or less where the floor is high. */
enum { DECADES = 12, DECADES_MIN = 4 };

struct curve {
	const struct model *model;
	const struct spectrum *spectrum;
	double unit;                    /* s of 1 on the axis */
	int low, high;                  /* decades of the tolerance */
	struct rect area;
	struct axis axis;               /* of ESS */
	bool has_plateau;
	struct plateau plateau;
};

static double
tau_at(const struct curve *curve, double column)
{
	return pow(10, curve->low + (curve->high - curve->low) * column
		/ curve->area.columns);
}

static int
column_of(const struct curve *curve, double tau)
{
	return (int)floor((log10(tau) - curve->low) * curve->area.columns
		/ (curve->high - curve->low) + 1e-9);
}

static size_t
count_at(const struct curve *curve, double tau)
{
	return ess_tolerance(curve->spectrum, (struct tolerance){
		TOLERANCE_ABSOLUTE, tau * curve->unit });
}

/* The least of 1, 2, 3, 4, 6, 8, 12, 16, ... that is not below n: the axis
 * changes seldom. */
static size_t
round_up(size_t n)
{
	size_t power = 1;

	while (2 * power < n)
		power *= 2;
	return n <= power ? power : 2 * n <= 3 * power ? power + power / 2
		: 2 * power;
}

static struct curve
curve_new(const struct model *model, const struct spectrum *s,
	struct rect area)
{
	const struct layer *layer = model_layer(model);
	struct curve curve = { .model = model, .spectrum = s, .area = area,
		.unit = 1 };
	size_t most = layer_ceiling(layer, layer->length / 2), top;

	if (model->tolerance.kind == TOLERANCE_RELATIVE)
		curve.unit = s->values[0];
	else
		curve.high = (int)ceil(log10(s->values[0]) - 1e-9);
	curve.low = curve.high - DECADES;
	if (s->floor > 0)
		curve.low = (int)fmax(curve.low, floor(log10(s->floor
			/ curve.unit)) - 1);
	if (curve.low > curve.high - DECADES_MIN)
		curve.low = curve.high - DECADES_MIN;
	top = round_up(count_at(&curve, pow(10, curve.low)));
	if (!layer_unbounded(layer) || top < most)
		top = size_max(size_min(most, layer_tss(layer,
			layer->length / 2)), size_min(top, most));
	curve.axis = (struct axis){ 0, (double)size_max(top, 1), false };
	curve.has_plateau = plateau_widest(&curve.plateau, s,
		layer_ceiling(layer, s->position));
	return curve;
}

/* To half rows: in eighths nearly every bar would change with every step of
 * the cursor. */
static double
halves(const struct curve *curve, size_t count)
{
	double unit = curve->axis.high / (2 * curve->area.rows);

	return count ? unit * fmax(1, round((double)count / unit)) : 0;
}

static void
draw_bars(struct canvas *canvas, const struct curve *curve)
{
	for (int x = 0; x < curve->area.columns; x++) {
		double tau = tau_at(curve, x + 0.5);
		struct rect column = { curve->area.row, curve->area.column + x,
			curve->area.rows, 1 };

		/* What is below the floor counts noise: hatched. */
		if (tau * curve->unit < curve->spectrum->floor)
			canvas_fill(canvas, column, glyph_shade(1,
				canvas->look.unicode), COLOUR_DIM,
				COLOUR_DEFAULT);
		else
			plot_bar(canvas, curve->area, &curve->axis, x,
				halves(curve, count_at(curve, tau)),
				COLOUR_BAND);
	}
}

static void
draw_mean(struct canvas *canvas, const struct curve *curve)
{
	bool unicode = canvas->look.unicode;
	enum glyph glyph = unicode ? GLYPH_RULE_H : GLYPH_DOT;

	for (int x = 0; x < curve->area.columns; x++) {
		double mean = layer_curve_mean(curve->model,
			tau_at(curve, x + 0.5));

		if (!isnan(mean))
			plot_stroke(canvas, curve->area, &curve->axis, x, mean,
				glyph_get(glyph, unicode), COLOUR_MEAN);
	}
}

/* A line down the column of the tolerance. */
static void
draw_tolerance(struct canvas *canvas, const struct curve *curve)
{
	double tau = tolerance_threshold(curve->model->tolerance,
		curve->spectrum) / curve->unit;
	int x = tau > 0 ? column_of(curve, tau) : -1;

	if (x >= curve->area.columns)
		x = curve->area.columns - 1;
	for (int row = 0; x >= 0 && row < curve->area.rows; row++)
		canvas_put(canvas, curve->area.row + row,
			curve->area.column + x, glyph_get(GLYPH_RULE_V,
			canvas->look.unicode), COLOUR_TOLERANCE,
			COLOUR_DEFAULT);
}

/* |--- 7, 1.8 decades ---| under the columns from .. to, or |-| 7, 0.2 decades
 * beside it. */
static void
draw_bracket(struct canvas *canvas, const struct curve *curve, int row,
	int from, int to)
{
	const struct rect *area = &curve->area;
	bool unicode = canvas->look.unicode;
	char text[64];
	int width = snprintf(text, sizeof text, " %zu, %.1f decades ",
		curve->plateau.ess, plateau_decades(&curve->plateau));

	canvas_fill(canvas, (struct rect){ row, area->column + from, 1,
		to - from + 1 }, glyph_get(GLYPH_RULE_H, unicode),
		COLOUR_COUNTED, COLOUR_DEFAULT);
	canvas_put(canvas, row, area->column + from,
		glyph_get(GLYPH_TEE_RIGHT, unicode), COLOUR_COUNTED,
		COLOUR_DEFAULT);
	canvas_put(canvas, row, area->column + to, glyph_get(from < to
		? GLYPH_TEE_LEFT : GLYPH_MARK_UP, unicode), COLOUR_COUNTED,
		COLOUR_DEFAULT);
	if (width <= to - from - 1)
		from += (to - from + 1 - width) / 2;
	else if (width <= from)
		from -= width;
	else
		from = to + 1;
	if (from + width <= area->columns + 1)
		canvas_text(canvas, row, area->column + from, width,
			COLOUR_DEFAULT, COLOUR_DEFAULT, 0, text);
}

static void
draw_plateau(struct canvas *canvas, const struct curve *curve, int row)
{
	int from, to;

	if (!curve->has_plateau)
		return;
	from = column_of(curve, curve->plateau.low / curve->unit);
	to = column_of(curve, curve->plateau.high / curve->unit) - 1;
	from = from < 0 ? 0 : from;
	to = to < from ? from : to >= curve->area.columns
		? curve->area.columns - 1 : to;
	if (from <= to)
		draw_bracket(canvas, curve, row, from, to);
}

/* As many decades as have room, the last one always. */
static void
draw_decades(struct canvas *canvas, const struct curve *curve, int row)
{
	int span = curve->high - curve->low;
	int step = (span * 7 + curve->area.columns - 1) / curve->area.columns;

	step = step < 1 ? 1 : step;
	for (int d = curve->high; d >= curve->low; d -= step) {
		char text[PLOT_NUMBER];
		int width = snprintf(text, sizeof text, "1e%d", d);
		int x = (d - curve->low) * curve->area.columns / span;

		if (x + width > curve->area.columns)
			x = curve->area.columns - width;
		canvas_text(canvas, row, curve->area.column + x, width,
			COLOUR_DIM, COLOUR_DEFAULT, 0, text);
	}
}

static void
draw_caption(struct canvas *canvas, struct rect rect,
	const struct curve *curve)
{
	bool unicode = canvas->look.unicode;
	struct rect at = { rect.row, rect.column, 1, rect.columns };

	if (!view_field(canvas, &at, COLOUR_TITLE, 0, "ESS against tol"))
		return;
	if (!isnan(layer_curve_mean(curve->model, 1))
	    && view_field(canvas, &at, COLOUR_DIM, 0, "  mean of the layer"))
		canvas_put(canvas, at.row, at.column - 20, glyph_get(unicode
			? GLYPH_RULE_H : GLYPH_DOT, unicode), COLOUR_MEAN,
			COLOUR_DEFAULT);
}

void
spectrum_curve_draw(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct spectrum *spectrum,
	bool caption)
{
	struct rect area = rect, labels;
	struct curve curve;

	area.row += caption;
	area.rows -= caption + 2;
	area.column += VIEW_GUTTER;
	area.columns -= VIEW_GUTTER;
	if (area.rows < 1 || area.columns < 1)
		return;
	curve = curve_new(model, spectrum, area);
	labels = area;
	labels.column = rect.column;
	labels.columns = VIEW_GUTTER - 1;
	if (caption)
		draw_caption(canvas, rect, &curve);
	plot_axis_labels(canvas, labels, &curve.axis);
	draw_bars(canvas, &curve);
	draw_mean(canvas, &curve);
	draw_tolerance(canvas, &curve);
	draw_plateau(canvas, &curve, area.row + area.rows);
	draw_decades(canvas, &curve, area.row + area.rows + 1);
}
