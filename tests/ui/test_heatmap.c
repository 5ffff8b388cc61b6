#include <locale.h>
#include <math.h>

#include "core/util.h"
#include "tests/ui/screen.h"
#include "ui/canvas.h"
#include "ui/glyph.h"
#include "ui/heatmap.h"

static struct canvas *
canvas_of(enum colour_mode mode, bool unicode, int rows, int columns)
{
	struct canvas *canvas = canvas_new(look_new(mode, unicode, false, 0));

	canvas_reset(canvas, rows, columns);
	return canvas;
}

static bool
cell_is(struct canvas *canvas, int row, int column, wchar_t glyph,
	colour fg, colour bg)
{
	const struct cell *cell = canvas_cell(canvas, row, column);

	return cell->glyph == glyph && cell->bg == bg
		&& (glyph == L' ' || cell->fg == fg);
}

/* 3 x 4: a row of values, one with the other kinds, one of values. */
static const struct pixel pixels[] = {
	{ PIXEL_VALUE, 0 }, { PIXEL_VALUE, 1e-9 }, { PIXEL_VALUE, 7 },
	{ PIXEL_VALUE, 14 },
	{ PIXEL_VALUE, 0 }, { PIXEL_PENDING, 0 }, { PIXEL_NODATA, 0 },
	{ PIXEL_VALUE, NAN },
	{ PIXEL_PENDING, 0 }, { PIXEL_NODATA, 0 }, { PIXEL_VALUE, 99 },
	{ PIXEL_VALUE, -3 },
};

static struct heatmap
map_of(int cursor_row, int cursor_column)
{
	return (struct heatmap){ .rows = 3, .columns = 4, .pixels = pixels,
		.low = 0, .high = 14, .cursor_row = cursor_row,
		.cursor_column = cursor_column };
}

static void
test_half(void)
{
	struct canvas *canvas = canvas_of(COLOUR_256, true, 3, 6);
	struct heatmap map = map_of(-1, -1);
	wchar_t half = 0x2580;

	ok(heatmap_rows(&canvas->look, 10) == 20, "two pixel rows a cell row");
	heatmap_draw(canvas, (struct rect){ 0, 1, 3, 5 }, &map);
	ok(cell_is(canvas, 0, 1, L' ', 0, colour_level(0)),
		"two equal pixels are one blank");
	ok(cell_is(canvas, 0, 2, half, colour_level(2), COLOUR_PENDING_FILL),
		"something over pending");
	ok(cell_is(canvas, 0, 3, half, colour_level(8), COLOUR_NODATA_FILL),
		"half of the scale over no data");
	ok(cell_is(canvas, 0, 4, half, colour_level(15), COLOUR_NODATA_FILL),
		"the top over NaN, which is no data");
	ok(cell_is(canvas, 1, 1, half, COLOUR_PENDING_FILL, COLOUR_DEFAULT)
		&& cell_is(canvas, 1, 3, half, colour_level(15), COLOUR_DEFAULT)
		&& cell_is(canvas, 1, 4, half, colour_level(0), COLOUR_DEFAULT),
		"an odd last row is upper halves, clamped to the scale");
	ok(cell_is(canvas, 0, 0, L' ', 0, COLOUR_DEFAULT)
		&& cell_is(canvas, 0, 5, L' ', 0, COLOUR_DEFAULT)
		&& cell_is(canvas, 2, 1, L' ', 0, COLOUR_DEFAULT),
		"nothing outside the map");
	canvas_free(canvas);
}

static void
test_clip(void)
{
	struct canvas *canvas = canvas_of(COLOUR_256, true, 2, 6);
	struct heatmap map = map_of(2, 3);

	heatmap_draw(canvas, (struct rect){ 0, 0, 1, 2 }, &map);
	ok(cell_is(canvas, 0, 2, L' ', 0, COLOUR_DEFAULT)
		&& cell_is(canvas, 1, 0, L' ', 0, COLOUR_DEFAULT),
		"clipped to its rectangle, cursor and all");
	heatmap_draw(canvas, (struct rect){ 1, 4, 9, 9 }, &map);
	heatmap_draw(canvas, (struct rect){ -1, -1, 9, 9 }, &map);
	heatmap_draw(canvas, (struct rect){ 0, 0, -1, -1 }, &map);
	ok(true, "and to the grid");
	map.high = map.low = 7;
	map.cursor_row = -1;
	heatmap_draw(canvas, (struct rect){ 0, 0, 1, 4 }, &map);
	ok(cell_is(canvas, 0, 0, L' ', 0, colour_level(0))
		&& canvas_cell(canvas, 0, 3)->fg == colour_level(15),
		"on an empty scale a value is below or above it");
	canvas_free(canvas);
}

static void
test_cursor(void)
{
	struct canvas *canvas = canvas_of(COLOUR_256, true, 3, 6);
	struct heatmap map = map_of(0, 2);

	heatmap_draw(canvas, (struct rect){ 0, 0, 3, 6 }, &map);
	ok(cell_is(canvas, 0, 2, glyph_get(GLYPH_MARK_UP, true),
		colour_ink(&canvas->look, colour_level(8)), colour_level(8)),
		"the cursor is a mark over the pixel's own colour");
	ok(cell_is(canvas, 0, 4, glyph_get(GLYPH_MARK_LEFT, true),
		COLOUR_ACCENT, COLOUR_DEFAULT)
		&& cell_is(canvas, 2, 2, glyph_get(GLYPH_MARK_UP, true),
			COLOUR_ACCENT, COLOUR_DEFAULT), "ticks point at it");
	map = map_of(1, 1);
	heatmap_draw(canvas, (struct rect){ 0, 0, 2, 4 }, &map);
	ok(cell_is(canvas, 0, 1, glyph_get(GLYPH_MARK_DOWN, true),
		colour_ink(&canvas->look, COLOUR_PENDING_FILL),
		COLOUR_PENDING_FILL), "the lower pixel's mark points down");
	canvas_free(canvas);
}

static void
test_mono(void)
{
	struct canvas *canvas = canvas_of(COLOUR_MONO, true, 4, 6);
	struct heatmap map = map_of(0, 2);

	ok(heatmap_rows(&canvas->look, 10) == 10, "mono: one pixel a cell");
	heatmap_draw(canvas, (struct rect){ 0, 0, 4, 6 }, &map);
	screen_is(canvas,
		" \u25b8\u2592\u25c2\u25c2\n"
		" \u00b7\u2573\u2573\n"
		"\u00b7\u2573\u2588\n"
		"  \u25b2\n", "shades; the cursor leaves its own");
	ok(canvas_cell(canvas, 0, 1)->attributes & CELL_REVERSE,
		"its marks are reversed");
	canvas_free(canvas);

	canvas = canvas_of(COLOUR_MONO, false, 4, 6);
	map = map_of(2, 0);
	heatmap_draw(canvas, (struct rect){ 0, 0, 4, 4 }, &map);
	screen_is(canvas,
		" :+@\n"
		" .xx\n"
		".<@\n"
		"^\n", "ASCII: more ink for more, '.' and 'x' for no value");
	canvas_free(canvas);
}

static void
test_sixteen(void)
{
	struct canvas *canvas = canvas_of(COLOUR_16, true, 3, 13);
	struct pixel ramp[13];
	struct heatmap map = { .rows = 1, .columns = 13, .pixels = ramp,
		.low = 0, .high = 12, .cursor_row = -1 };
	bool ordered = true;
	double last = -1;

	for (int i = 0; i < 13; i++)
		ramp[i] = (struct pixel){ PIXEL_VALUE, i };
	heatmap_draw(canvas, (struct rect){ 0, 0, 1, 13 }, &map);
	for (int i = 0; i < 13; i++) {
		static const wchar_t shades[] = L" \u2591\u2592\u2593";
		static const int order[] = { 0, -1, -1, -1, 1, -1, 2, 3 };
		const struct cell *cell = canvas_cell(canvas, 0, i);
		double share = (double)(wcschr(shades, cell->glyph) - shades)
			/ 4;
		int under = order[colour_terminal(&canvas->look, cell->bg,
			true, NULL)];
		int over = share > 0 ? order[colour_terminal(&canvas->look,
			cell->fg, false, NULL)] : under + 1;

		ordered &= over == under + 1 && under + share > last;
		last = under + share;
	}
	ok(ordered, "16 colours: thirteen steps from one colour to the next");
	canvas_free(canvas);
}

static void
test_solid(void)
{
	struct canvas *canvas = canvas_of(COLOUR_256, false, 3, 4);
	struct heatmap map = map_of(2, 2);

	heatmap_draw(canvas, (struct rect){ 0, 0, 3, 4 }, &map);
	ok(cell_is(canvas, 0, 3, L' ', 0, colour_level(15))
		&& cell_is(canvas, 1, 3, L' ', 0, COLOUR_NODATA_FILL)
		&& cell_is(canvas, 2, 2, L'+', COLOUR_BLACK,
			colour_level(15)), "256 colours, ASCII: coloured blanks");
	canvas_free(canvas);
}

/* Bounded: low, high; beside an exact and a pending one. */
static const struct pixel bounded[] = {
	{ PIXEL_BOUNDED, 7 }, { PIXEL_BOUNDED, 14 }, { PIXEL_VALUE, 14 },
	{ PIXEL_BOUNDED, 7 },
	{ PIXEL_BOUNDED, 7 }, { PIXEL_BOUNDED, 7 }, { PIXEL_BOUNDED, 7 },
	{ PIXEL_PENDING, 0 },
};

static void
test_bounded(void)
{
	struct canvas *canvas = canvas_of(COLOUR_256, true, 2, 5);
	struct heatmap map = { .rows = 2, .columns = 4, .pixels = bounded,
		.high = 14, .cursor_row = -1 };

	heatmap_draw(canvas, (struct rect){ 0, 0, 1, 4 }, &map);
	ok(cell_is(canvas, 0, 0, 0x2592, COLOUR_PENDING_FILL, colour_level(8)),
		"bounded: half of its colour");
	ok(cell_is(canvas, 0, 1, 0x259a, colour_level(15), colour_level(8)),
		"two of them are mixed");
	ok(cell_is(canvas, 0, 2, 0x259b, colour_level(15), colour_level(8)),
		"beside an exact one it has a quarter");
	ok(cell_is(canvas, 0, 3, 0x2599, COLOUR_PENDING_FILL, colour_level(8)),
		"and beside a pending one");
	map.cursor_row = map.cursor_column = 0;
	heatmap_draw(canvas, (struct rect){ 0, 0, 1, 4 }, &map);
	ok(canvas_cell(canvas, 0, 0)->bg == colour_level(8),
		"the cursor stands on the same colour");
	canvas_free(canvas);

	canvas = canvas_of(COLOUR_256, false, 2, 4);
	map.cursor_row = -1;
	heatmap_draw(canvas, (struct rect){ 0, 0, 2, 4 }, &map);
	ok(cell_is(canvas, 0, 0, L':', COLOUR_PENDING_FILL, colour_level(8))
		&& cell_is(canvas, 0, 2, L' ', 0, colour_level(15)),
		"256 colours, ASCII: dots on it");
	canvas_free(canvas);

	canvas = canvas_of(COLOUR_MONO, true, 2, 4);
	heatmap_draw(canvas, (struct rect){ 0, 0, 2, 4 }, &map);
	screen_is(canvas, "\u281b\u28ff\u2588\u281b\n"
		"\u281b\u281b\u281b\u00b7\n", "mono: dots for shades");
	canvas_free(canvas);

	canvas = canvas_of(COLOUR_MONO, false, 2, 4);
	heatmap_draw(canvas, (struct rect){ 0, 0, 2, 4 }, &map);
	screen_is(canvas, "48@4\n444.\n", "ASCII: digits");
	canvas_free(canvas);
}

/* On 16 colours every level has a look of its own in a bounded map as well,
 * and none of an exact one. */
static void
test_bounded_sixteen(void)
{
	struct canvas *canvas = canvas_of(COLOUR_16, true, 2, 13);
	struct pixel ramp[26];
	struct heatmap map = { .rows = 2, .columns = 13, .pixels = ramp,
		.low = 0, .high = 12, .cursor_row = -1 };
	bool apart = true, ordered = true;

	for (int i = 0; i < 26; i++)
		ramp[i] = (struct pixel){ i < 13 ? PIXEL_BOUNDED : PIXEL_VALUE,
			i % 13 };
	heatmap_draw(canvas, (struct rect){ 0, 0, 2, 13 }, &map);
	for (int i = 0; i < 13; i++) {
		wchar_t glyph = canvas_cell(canvas, 0, i)->glyph;

		apart &= glyph >= 0x2800 && glyph < 0x2900;
		for (int k = 0; k < 13; k++)
			apart &= canvas_cell(canvas, 1, k)->glyph != glyph;
		ordered &= !i || glyph
			>= canvas_cell(canvas, 0, i - 1)->glyph;
	}
	ok(apart && ordered, "16 colours: dots, more for more");
	canvas_free(canvas);
}

/* A whole pending map has dots, and not many: they cost bytes. */
static void
test_pending(void)
{
	enum { ROWS = 40, COLUMNS = 80 };
	static struct pixel all[ROWS * COLUMNS];
	struct canvas *canvas = canvas_of(COLOUR_256, true, ROWS / 2, COLUMNS);
	struct heatmap map = { .rows = ROWS, .columns = COLUMNS, .pixels = all,
		.high = 1, .cursor_row = -1 };
	int dots = 0, cells = ROWS / 2 * COLUMNS;

	for (size_t i = 0; i < LENGTH(all); i++)
		all[i].kind = PIXEL_PENDING;
	heatmap_draw(canvas, (struct rect){ 0, 0, ROWS / 2, COLUMNS }, &map);
	for (int i = 0; i < cells; i++)
		dots += canvas->cells[i].glyph != L' ';
	ok(dots > cells / 40 && dots < cells / 10, "a few dots: %d", dots);
	canvas_free(canvas);
}

static int
bar(struct canvas *canvas, int row, int column, int columns, double low,
	double high, const char *unit)
{
	return heatmap_colour_bar(canvas, row, column, columns,
		(struct colour_bar){ low, high, false, false, unit });
}

static void
test_cut_bar(void)
{
	struct canvas *canvas = canvas_of(COLOUR_MONO, false, 1, 40);

	heatmap_colour_bar(canvas, 0, 0, 40, (struct colour_bar){ 0, 16, true,
		true, "ESS" });
	screen_is(canvas, "0< :-=+*#%@>16 ESS\n", "ends that cut values off");
	canvas_free(canvas);
}

static void
test_stepped_bar(void)
{
	struct canvas *canvas = canvas_of(COLOUR_MONO, false, 1, 100);
	struct colour_bar counts = { .high = 16, .unit = "ESS",
		.counts = true };

	ok(heatmap_colour_bar(canvas, 0, 0, 100, counts) == 53, "cells used");
	screen_is(canvas, " 0 :1-2 -3-4 =5-6 +7-8 *9-10 #11-12 %13-14 @15-16 "
		"ESS\n", "a few shades: what each stands for");
	canvas_reset(canvas, 1, 100);
	counts.high = 3;
	heatmap_colour_bar(canvas, 0, 0, 100, counts);
	screen_is(canvas, " 0 =1 #2 @3 ESS\n", "no shade that no count has");
	canvas_reset(canvas, 1, 100);
	counts.high = 16;
	heatmap_colour_bar(canvas, 0, 0, 80, counts);
	screen_is(canvas, "0  :-=+*#%@ 16 ESS\n", "the ramp in less room");
	canvas_free(canvas);
}

static void
test_bar(void)
{
	struct canvas *canvas = canvas_of(COLOUR_MONO, false, 1, 40);
	struct canvas *bright = canvas_of(COLOUR_256, true, 1, 40);

	ok(bar(canvas, 0, 0, 40, 0, 16, "ESS") == 18,
		"cells used");
	screen_is(canvas, "0  :-=+*#%@ 16 ESS\n", "both ends and the unit");
	canvas_reset(canvas, 1, 40);
	ok(bar(canvas, 0, 2, 14, 1e-3, 1, NULL) == 14,
		"not more than asked");
	screen_is(canvas, "  1e-3  -=+#%@ 1\n", "a shorter ramp");
	canvas_reset(canvas, 1, 40);
	ok(bar(canvas, 0, 0, 8, 0, 16, "ESS") <= 8,
		"without the unit where there is no room");
	screen_is(canvas, "0  +@ 16\n", "but with both numbers");
	canvas_reset(canvas, 1, 40);
	ok(bar(canvas, 0, 0, 6, 0, 16, "ESS") == 0
		&& bar(canvas, 0, 0, -5, 0, 16, "ESS") == 0,
		"nothing where nothing fits");
	screen_is(canvas, "\n", "really nothing");
	bar(bright, 0, 0, 40, 0, 16, NULL);
	ok(cell_is(bright, 0, 2, L' ', 0, colour_level(0))
		&& cell_is(bright, 0, 3, L' ', 0, colour_level(2))
		&& cell_is(bright, 0, 16, L' ', 0, colour_level(15))
		&& cell_is(bright, 0, 17, L' ', 0, COLOUR_DEFAULT),
		"256 colours: a cell a level");
	canvas_free(bright);
	canvas_free(canvas);
}

/* Two sides of 0: told by their glyphs where there are few colours. */
static void
test_sides(void)
{
	static const struct pixel both[] = {
		{ PIXEL_VALUE, -9 }, { PIXEL_VALUE, -4 }, { PIXEL_VALUE, -1e-9 },
		{ PIXEL_VALUE, 0 }, { PIXEL_VALUE, 1e-9 }, { PIXEL_VALUE, 4 },
		{ PIXEL_VALUE, 6 }, { PIXEL_OUTSIDE, 0 }, { PIXEL_VALUE, NAN },
	};
	struct heatmap map = { .rows = 1, .columns = LENGTH(both),
		.pixels = both, .low = -6, .high = 6, .sides = true,
		.cursor_row = -1, .cursor_column = -1 };
	struct colour_bar bar = { .low = -6, .high = 6, .sides = true,
		.unit = "T" };
	struct rect rect = { 0, 0, 1, LENGTH(both) };
	struct canvas *canvas = canvas_of(COLOUR_MONO, false, 1, 30);
	struct canvas *full = canvas_of(COLOUR_256, true, 1, 30);
	bool apart = true;

	heatmap_draw(canvas, rect, &map);
	screen_is(canvas, "=~- +*#/x\n", "strokes of a minus, of a plus");
	canvas->look.digits = true;
	canvas_reset(canvas, 1, 30);
	heatmap_draw(canvas, rect, &map);
	screen_is(canvas, "iga0179/x\n", "digits above, letters below");
	canvas_reset(canvas, 1, 30);
	heatmap_colour_bar(canvas, 0, 0, 30, bar);
	screen_is(canvas, "-6 =~- +*# 6 T\n", "a bar of both sides");
	canvas_reset(canvas, 1, 30);
	heatmap_colour_bar(canvas, 0, 0, 13, bar);
	screen_is(canvas, "-6 =~ *# 6 T\n", "0 stays in the middle");
	canvas_reset(canvas, 1, 30);
	heatmap_colour_bar(canvas, 0, 0, 9, bar);
	screen_is(canvas, "-6 = # 6\n", "without the unit");
	canvas_reset(canvas, 1, 30);
	ok(heatmap_colour_bar(canvas, 0, 0, 7, bar) == 0,
		"nothing where three do not fit");
	heatmap_draw(full, rect, &map);
	for (int k = 0; k < 7; k++)
		apart &= canvas_cell(full, 0, k)->fg == colour_side((int[]){ -7,
			-5, -1, 0, 1, 5, 7 }[k]);
	ok(apart, "256 colours: a colour for each side");
	canvas_free(full);
	canvas_free(canvas);
}

int
main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return printf("1..0 # SKIP no C.UTF-8 locale\n"), 0;
	test_half();
	test_clip();
	test_cursor();
	test_mono();
	test_sixteen();
	test_solid();
	test_bounded();
	test_bounded_sixteen();
	test_pending();
	test_bar();
	test_cut_bar();
	test_stepped_bar();
	test_sides();
	return done();
}
