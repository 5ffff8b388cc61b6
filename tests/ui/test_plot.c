#include <locale.h>
#include <math.h>
#include <string.h>

#include "core/util.h"
#include "tests/ui/screen.h"
#include "ui/canvas.h"
#include "ui/plot.h"

static struct canvas *
canvas_of(bool unicode, int rows, int columns)
{
	struct canvas *canvas = canvas_new(look_new(COLOUR_MONO, unicode,
		false, 0));

	canvas_reset(canvas, rows, columns);
	return canvas;
}

static void
test_number(void)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0, "0" }, { -0.0, "0" }, { 16, "16" }, { 5.314, "5.314" },
		{ 5.30001, "5.3" }, { 0.25, "0.25" }, { 999.96, "1000" },
		{ 12345, "12345" }, { 1e-3, "1e-3" }, { 1.25e-5, "1.25e-5" },
		{ 1.2e-5, "1.2e-5" }, { 3e100, "3e100" }, { 1e5, "1e5" },
		{ -1e-7, "-1e-7" }, { -1.234e-308, "-1.23e-308" },
		{ 1e10, "1e10" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char text[PLOT_NUMBER];

		plot_number(text, cases[i].value);
		ok(!strcmp(text, cases[i].text), "%g is %s", cases[i].value,
			text);
	}
}

static void
test_fraction(void)
{
	struct axis linear = { 0, 16, false }, log = { 1e-4, 1, true };
	struct axis empty = { 3, 3, false }, wrong = { 0, 1, true };

	ok(axis_fraction(&linear, 4) == 0.25 && axis_fraction(&linear, -1) == 0
		&& axis_fraction(&linear, 99) == 1
		&& axis_fraction(&linear, INFINITY) == 1
		&& axis_fraction(&linear, NAN) == 0, "linear");
	ok(fabs(axis_fraction(&log, 1e-3) - 0.25) < 1e-12
		&& axis_fraction(&log, 0) == 0 && axis_fraction(&log, -1) == 0
		&& axis_fraction(&log, NAN) == 0
		&& axis_fraction(&log, 2) == 1, "log10");
	ok(axis_fraction(&empty, 3) == 0 && axis_fraction(&empty, 4) == 1
		&& axis_fraction(&wrong, 0.5) == 0, "axes without a range");
}

static void
test_labels(void)
{
	struct canvas *canvas = canvas_of(true, 7, 6);
	struct rect rect = { 0, 0, 7, 5 };
	struct axis log = { 1e-6, 1, true }, linear = { 0, 16, false };
	struct axis narrow = { 0.2, 0.5, true };

	plot_axis_labels(canvas, rect, &log);
	screen_is(canvas, "  1e0\n 1e-1\n 1e-2\n 1e-3\n 1e-4\n 1e-5\n 1e-6\n",
		"a decade a row");
	canvas_reset(canvas, 4, 6);
	rect.rows = 4;
	plot_axis_labels(canvas, rect, &log);
	screen_is(canvas, "  1e0\n 1e-2\n 1e-4\n 1e-6\n",
		"every second where there are fewer rows");
	canvas_reset(canvas, 4, 6);
	plot_axis_labels(canvas, rect, &narrow);
	screen_is(canvas, "  0.5\n\n\n  0.2\n", "no decade: both ends");
	canvas_reset(canvas, 8, 6);
	rect.rows = 8;
	plot_axis_labels(canvas, rect, &linear);
	screen_is(canvas, "   16\n\n   10\n\n\n\n\n    0\n",
		"linear: both ends and round values with room");
	canvas_reset(canvas, 2, 6);
	rect.rows = 1;
	plot_axis_labels(canvas, rect, &linear);
	plot_axis_labels(canvas, (struct rect){ 1, 0, 1, 3 }, &log);
	plot_axis_labels(canvas, (struct rect){ 0, 0, 0, 3 }, &log);
	screen_is(canvas, "   16\n1e0\n", "a single row");
	canvas_free(canvas);
}

/* Degenerate axes end, and draw inside their rectangle. */
static void
test_strange_axes(void)
{
	static const struct axis axes[] = {
		{ NAN, NAN, false }, { 0, INFINITY, false },
		{ -INFINITY, INFINITY, false }, { 1, 1, true },
		{ 5, 5, false }, { 5, 1, false }, { 0, 1, true },
		{ 1e-308, 1e308, true }, { NAN, 1, true },
		{ 1e-308, INFINITY, true }, { 1e300, 1.0000001e300, false },
		{ 1e16, 1e16 + 2, false },
	};
	struct canvas *canvas = canvas_of(true, 6, 12);
	bool inside = true;

	for (size_t i = 0; i < LENGTH(axes); i++) {
		struct rect rect = { 1, 1, 4, 10 };

		canvas_reset(canvas, 6, 12);
		plot_axis_labels(canvas, rect, &axes[i]);
		for (int j = -1; j <= 10; j++) {
			plot_bar(canvas, rect, &axes[i], j, 1, COLOUR_DEFAULT);
			plot_mark(canvas, rect, &axes[i], j, 1, L'-',
				COLOUR_DEFAULT);
		}
		for (int j = 0; j < 12; j++)
			inside &= canvas_cell(canvas, 0, j)->glyph == L' '
				&& canvas_cell(canvas, 5, j)->glyph == L' ';
		for (int j = 0; j < 6; j++)
			inside &= canvas_cell(canvas, j, 0)->glyph == L' '
				&& canvas_cell(canvas, j, 11)->glyph == L' ';
	}
	ok(inside, "axes without sense stay inside their rectangle");
	canvas_free(canvas);
}

static void
test_bars(void)
{
	struct canvas *canvas = canvas_of(true, 2, 8);
	struct rect rect = { 0, 1, 2, 7 };
	struct axis axis = { 0, 16, false };
	static const double values[] = { 0, 1e-9, 4, 8, 9, 16, 99 };

	for (int i = 0; i < 7; i++)
		plot_bar(canvas, rect, &axis, i, values[i], COLOUR_COUNTED);
	screen_is(canvas,
		"     \u2581\u2588\u2588\n"
		"  \u2581\u2584\u2588\u2588\u2588\u2588\n", "eighths");
	for (int i = 0; i < 7; i++)
		plot_mark(canvas, rect, &axis, i, values[i], L'-',
			COLOUR_TOLERANCE);
	screen_is(canvas,
		"    ---\u2588\n"
		" ---\u2588\u2588\u2588\u2588\n",
		"a mark is in the row of the bar's top; none outside the axis");
	canvas_free(canvas);

	canvas = canvas_of(false, 1, 9);
	for (int i = 0; i < 9; i++)
		plot_bar(canvas, (struct rect){ 0, 0, 1, 9 }, &axis, i, i * 2,
			COLOUR_COUNTED);
	screen_is(canvas, " _..::||#\n", "ASCII bars");
	canvas_free(canvas);
}

static void
test_sparkline(void)
{
	static const double values[] = { 0, 0.01, 8, 16, NAN, 20, -1 };
	struct canvas *canvas = canvas_of(true, 1, 9);

	plot_sparkline(canvas, 0, 1, 7, values, 16, COLOUR_MEAN);
	screen_is(canvas, " \u2581\u2582\u2585\u2588 \u2588\u2581\n",
		"0 is the lowest bar, unknown is blank");
	plot_sparkline(canvas, 0, 5, 7, values, 16, COLOUR_MEAN);
	ok(canvas_cell(canvas, 0, 8)->glyph == 0x2588,
		"a sparkline ends with the grid");
	canvas_free(canvas);
}

int
main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return printf("1..0 # SKIP no C.UTF-8 locale\n"), 0;
	test_number();
	test_fraction();
	test_labels();
	test_strange_axes();
	test_bars();
	test_sparkline();
	return done();
}
