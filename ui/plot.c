/*
 * Bars, marks and labels on one vertical axis. A bar's top and a mark of the
 * same value are in the same row. What is something never rounds to nothing.
 */
#include "ui/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ui/glyph.h"

enum { EIGHTHS = 8 };

double
axis_fraction(const struct axis *axis, double value)
{
	double low = axis->low, high = axis->high, fraction;

	if (axis->log) {
		if (!(value > 0 && low > 0 && high > 0))
			return 0;
		low = log10(low);
		high = log10(high);
		value = log10(value);
	}
	if (!(value > low))
		return 0;
	fraction = high > low ? (value - low) / (high - low) : 1;
	return fraction < 1 ? fraction : 1;
}

/* "1.20e-05" becomes "1.2e-5". */
static void
exponent_shorten(char *text)
{
	char *e = strchr(text, 'e'), *end = e, *digits;

	if (!e)
		return;
	digits = e + 2;
	while (*digits == '0' && digits[1])
		digits++;
	while (end[-1] == '0' && memchr(text, '.', (size_t)(end - text)))
		end--;
	if (end[-1] == '.')
		end--;
	*end++ = 'e';
	if (e[1] == '-')
		*end++ = '-';
	memmove(end, digits, strlen(digits) + 1);
}

void
plot_number(char text[PLOT_NUMBER], double value)
{
	double magnitude = fabs(value);

	if (magnitude == 0)
		snprintf(text, PLOT_NUMBER, "0");
	else if (magnitude >= 1e-2 && magnitude < 1e3)
		snprintf(text, PLOT_NUMBER, "%.4g", value);
	else if (magnitude >= 1e3 && magnitude < 1e5)
		snprintf(text, PLOT_NUMBER, "%.0f", value);
	else {
		snprintf(text, PLOT_NUMBER, "%.2e", value);
		exponent_shorten(text);
	}
}

/* The row of a value, counted from the rect's last one upwards. */
static int
axis_height(const struct axis *axis, int rows, double value)
{
	int height = (int)(axis_fraction(axis, value) * rows + 1e-9);

	return height < rows ? height : rows - 1;
}

static bool
axis_holds(const struct axis *axis, double value)
{
	return value >= axis->low && value <= axis->high
		&& (!axis->log || axis->low > 0);
}

static void
label_put(struct canvas *canvas, struct rect rect, int height,
	const char *text)
{
	int width = text_width(text);
	int indent = width < rect.columns ? rect.columns - width : 0;

	canvas_text(canvas, rect.row + rect.rows - 1 - height,
		rect.column + indent, rect.columns - indent, COLOUR_DIM,
		COLOUR_DEFAULT, 0, text);
}

static void
label_number(struct canvas *canvas, struct rect rect,
	const struct axis *axis, double value)
{
	char text[PLOT_NUMBER];

	plot_number(text, value);
	label_put(canvas, rect, axis_height(axis, rect.rows, value), text);
}

/* The least of 1, 2, 5, 10, 20, ... that is >= step. */
static double
round_up(double step)
{
	double decade = pow(10, floor(log10(step)));

	if (step <= decade)
		return decade;
	return decade * (step <= 2 * decade ? 2 : step <= 5 * decade ? 5 : 10);
}

/* Both ends, and round values between that keep a row's distance. */
static void
labels_linear(struct canvas *canvas, struct rect rect,
	const struct axis *axis)
{
	double range = axis->high - axis->low, step;

	label_number(canvas, rect, axis, axis->high);
	if (rect.rows < 2 || !(range > 0) || !isfinite(range))
		return;
	label_number(canvas, rect, axis, axis->low);
	step = round_up(range * 3 / rect.rows);
	if (axis->log || axis->low + step == axis->low)
		return;
	for (double k = ceil(axis->low / step); k * step < axis->high; k++) {
		int height = axis_height(axis, rect.rows, k * step);

		if (height > 1 && height < rect.rows - 2)
			label_number(canvas, rect, axis, k * step);
	}
}

/* Whole decades, every k-th where the rows do not do for all; false if the
 * axis has none. */
static bool
labels_decades(struct canvas *canvas, struct rect rect,
	const struct axis *axis)
{
	int gaps = rect.rows > 1 ? rect.rows - 1 : 1;
	int first, top, step;

	if (!(axis->low > 0 && axis->high > axis->low)
		|| !isfinite(axis->high))
		return false;
	first = (int)ceil(log10(axis->low) - 1e-9);
	top = (int)floor(log10(axis->high) + 1e-9);
	step = (int)ceil((log10(axis->high) - log10(axis->low)) / gaps - 1e-9);
	for (int decade = top; decade >= first; decade -= step) {
		char text[PLOT_NUMBER];

		snprintf(text, sizeof text, "1e%d", decade);
		label_put(canvas, rect,
			axis_height(axis, rect.rows, pow(10, decade)), text);
		if (rect.rows < 2)
			break;
	}
	return top >= first;
}

void
plot_axis_labels(struct canvas *canvas, struct rect rect,
	const struct axis *axis)
{
	if (rect.rows <= 0 || rect.columns <= 0)
		return;
	if (!axis->log || !labels_decades(canvas, rect, axis))
		labels_linear(canvas, rect, axis);
}

static bool
rect_has_column(struct rect rect, int column)
{
	return column >= 0 && column < rect.columns && rect.rows > 0;
}

void
plot_bar(struct canvas *canvas, struct rect rect,
	const struct axis *axis, int column, double value, colour fg)
{
	double fraction = axis_fraction(axis, value);
	int eighths = (int)lround(fraction * rect.rows * EIGHTHS);

	if (!rect_has_column(rect, column))
		return;
	if (fraction > 0 && eighths == 0)
		eighths = 1;
	for (int row = rect.row + rect.rows - 1; eighths > 0;
		row--, eighths -= EIGHTHS)
		canvas_put(canvas, row, rect.column + column,
			glyph_eighth(eighths, canvas->look.unicode), fg,
			COLOUR_DEFAULT);
}

void
plot_mark(struct canvas *canvas, struct rect rect,
	const struct axis *axis, int column, double value, wchar_t glyph,
	colour fg)
{
	const struct cell *cell;
	int row;

	if (!rect_has_column(rect, column) || !axis_holds(axis, value))
		return;
	row = rect.row + rect.rows - 1 - axis_height(axis, rect.rows, value);
	cell = canvas_cell(canvas, row, rect.column + column);
	if (cell)
		canvas_put(canvas, row, rect.column + column, glyph, fg,
			cell->bg);
}

void
plot_stroke(struct canvas *canvas, struct rect rect,
	const struct axis *axis, int column, double value, wchar_t glyph,
	colour fg)
{
	bool unicode = canvas->look.unicode;
	struct cell *cell;

	if (!rect_has_column(rect, column))
		return;
	cell = canvas_cell(canvas, rect.row + rect.rows - 1
		- axis_height(axis, rect.rows, value), rect.column + column);
	if (!cell)
		return;
	for (int e = 1; e < EIGHTHS; e++)
		if (cell->glyph == glyph_eighth(e, unicode)
		    && cell->glyph != glyph_eighth(EIGHTHS, unicode))
			return;
	if (cell->glyph == glyph_eighth(EIGHTHS, unicode)) {
		if (cell->fg == COLOUR_DEFAULT)
			return;
		if (unicode)
			cell->bg = cell->fg;
		fg = COLOUR_DEFAULT;
	}
	plot_mark(canvas, rect, axis, column, value, glyph, fg);
}

void
plot_sparkline(struct canvas *canvas, int row, int column, int n,
	const double *values, double high, colour fg)
{
	const struct axis axis = { .low = 0, .high = high };

	for (int i = 0; i < n; i++) {
		/* 0 keeps the lowest bar; anything above has at least two. */
		double fraction = axis_fraction(&axis, values[i]);
		int eighths = 1 + (int)ceil(fraction * (EIGHTHS - 1) - 1e-9);

		if (fraction > 0 && eighths < 2)
			eighths = 2;
		if (isnan(values[i]))
			eighths = 0;
		canvas_put(canvas, row, column + i,
			glyph_eighth(eighths, canvas->look.unicode), fg,
			COLOUR_DEFAULT);
	}
}
