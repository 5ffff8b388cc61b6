/*
 * Pixels into cells. A look has one of four ways to show a level, all of them
 * ordered in lightness or ink, none in hue alone:
 *
 *	half blocks	256 colours, Unicode: two pixels a cell
 *	solid		256 colours, ASCII: a blank on the level's colour
 *	dithered	16 colours, Unicode: shades of one of four colours
 *			over the one before
 *	shaded		otherwise: a glyph with more ink for more
 *
 * Values of two sides are shown by their own colours, or by glyphs alone.
 * With digits a cell is one pixel, and holds a digit over its colour.
 *
 * A bounded pixel's colour takes only part of its place (a checkered cell, or
 * a quarter of it beside another pixel), or its glyph is of another set.
 */
#include "ui/heatmap.h"

#include <math.h>
#include <stdio.h>

#include "ui/glyph.h"
#include "ui/plot.h"

enum style { STYLE_HALF, STYLE_SOLID, STYLE_DITHERED, STYLE_SHADED };

/* Pixels without a level. */
enum {
	LEVEL_PENDING = -1, LEVEL_NODATA = -2,
	LEVEL_OUTSIDE = -3,     /* of what is shown */
	LEVEL_BEYOND = -4,      /* of the map */
};

/* Counts up to here are told step by step in a legend, if that leaves room for
 * what else it holds. */
enum { STEPPED_MOST = 999, STEPPED_REST = 36 };

/* Added to the level of a pixel that is only bounded. */
enum { LEVEL_BOUNDED = 1024 };

/* 0 of two sides: the levels around it are of these. */
enum { LEVEL_SIDES = 4096, LEVEL_SIDES_LEAST = LEVEL_SIDES - 1024 };

static enum style
look_style(const struct look *look)
{
	if (look->mode >= COLOUR_256)
		return look->unicode && !look->digits && !look->low
			? STYLE_HALF : STYLE_SOLID;
	if (look->mode == COLOUR_16 && look->unicode)
		return STYLE_DITHERED;
	return STYLE_SHADED;
}

static int
pixels_per_cell(const struct look *look)
{
	return look_style(look) == STYLE_HALF ? 2 : 1;
}

int
heatmap_rows(const struct look *look, int cell_rows)
{
	return cell_rows * pixels_per_cell(look);
}

static double
place_of(const struct heatmap *map, double value)
{
	struct colour_scale scale = { .low = map->low, .high = map->high,
		.spacing = map->spacing, .from = map->from };

	return colour_scale_place(&scale, value);
}

static int
pixel_level(const struct look *look, const struct heatmap *map, int row,
	int column)
{
	const struct pixel *pixel;
	int bounded;

	if (row >= map->rows)
		return LEVEL_BEYOND;
	pixel = &map->pixels[(size_t)row * (size_t)map->columns
		+ (size_t)column];
	if (pixel->kind == PIXEL_PENDING)
		return LEVEL_PENDING;
	if (pixel->kind == PIXEL_OUTSIDE)
		return LEVEL_OUTSIDE;
	if (pixel->kind == PIXEL_NODATA || isnan(pixel->value))
		return LEVEL_NODATA;
	if (map->sides)
		return LEVEL_SIDES + look_side(look, pixel->value / map->high);
	bounded = pixel->kind == PIXEL_BOUNDED ? LEVEL_BOUNDED : 0;
	return bounded + look_level(look, place_of(map, pixel->value));
}

static bool
is_bounded(int level)
{
	return level >= LEVEL_BOUNDED && level < LEVEL_SIDES_LEAST;
}

static bool
has_side(int level)
{
	return level >= LEVEL_SIDES_LEAST;
}

static colour
level_colour(int level)
{
	switch (level) {
	case LEVEL_PENDING:
		return COLOUR_PENDING_FILL;
	case LEVEL_NODATA:
	case LEVEL_OUTSIDE:
		return COLOUR_NODATA_FILL;
	case LEVEL_BEYOND:
		return COLOUR_DEFAULT;
	default:
		return has_side(level) ? colour_side(level - LEVEL_SIDES)
			: colour_level(level % LEVEL_BOUNDED);
	}
}

/* Two pixels of which one at least is bounded. */
static struct cell
cell_of_bounded(const struct look *look, int upper, int lower)
{
	enum glyph glyph = GLYPH_TWO_BOUNDED;
	struct cell cell = { .fg = level_colour(upper),
		.bg = level_colour(lower) };

	if (upper == lower) {
		/* Its own colour behind: beside blanks of the same level that
		 * costs no change of colours. */
		glyph = GLYPH_BOUNDED;
		cell.fg = COLOUR_PENDING_FILL;
	} else if (!is_bounded(upper)) {
		glyph = GLYPH_LOWER_BOUNDED;
	} else if (!is_bounded(lower)) {
		glyph = GLYPH_UPPER_BOUNDED;
		cell.fg = level_colour(lower);
		cell.bg = level_colour(upper);
	}
	cell.glyph = glyph_get(glyph, look->unicode);
	return cell;
}

/* Two pixels, or one where they are equal, in their own colours. */
static struct cell
cell_of_colours(const struct look *look, int upper, int lower)
{
	struct cell cell = { .glyph = L' ', .bg = level_colour(lower) };

	if (is_bounded(upper) || is_bounded(lower))
		return cell_of_bounded(look, upper, lower);
	if (upper != lower) {
		cell.glyph = glyph_get(GLYPH_HALF_UPPER, true);
		cell.fg = level_colour(upper);
	}
	return cell;
}

static struct cell
cell_of_dither(int level)
{
	int anchor = level / COLOUR_ANCHOR_STEP, shade = level
		% COLOUR_ANCHOR_STEP;
	struct cell cell = { .glyph = glyph_shade(shade, true) };

	cell.bg = colour_level(anchor * COLOUR_ANCHOR_STEP);
	if (shade)
		cell.fg = colour_level((anchor + 1) * COLOUR_ANCHOR_STEP);
	return cell;
}

static struct cell
cell_of_shade(const struct look *look, int level)
{
	struct cell cell = { .glyph = glyph_shade(level, look->unicode) };

	return cell;
}

static struct cell
cell_of_side(int side)
{
	return (struct cell){ .glyph = glyph_side(side),
		.fg = side ? colour_side(side) : COLOUR_DEFAULT };
}

/* The colour below or the one above, whichever is nearer. */
static struct cell
cell_of_bounded_shade(const struct look *look, int level)
{
	struct cell cell = { .fg = COLOUR_DIM };
	int anchor = (level + COLOUR_ANCHOR_STEP / 2) / COLOUR_ANCHOR_STEP;
	int top = look->levels - 1, shades = glyph_shades(look->unicode) - 1;

	if (look_style(look) == STYLE_DITHERED && anchor > 0)
		cell.fg = colour_level(anchor * COLOUR_ANCHOR_STEP);
	cell.glyph = glyph_shade_bounded(look_style(look) == STYLE_DITHERED
		? (level * shades + top / 2) / top : level, look->unicode);
	return cell;
}

/* One pixel alone in a cell (or two alike). */
static struct cell
cell_of_level(const struct look *look, int level)
{
	enum style style = look_style(look);
	struct cell cell = { .fg = COLOUR_DIM };

	if (style == STYLE_HALF || style == STYLE_SOLID)
		return cell_of_colours(look, level, level);
	if (level == LEVEL_BEYOND)
		return cell_of_shade(look, 0);
	if (level < 0) {
		cell.glyph = glyph_get(level == LEVEL_PENDING ? GLYPH_PENDING
			: level == LEVEL_OUTSIDE ? GLYPH_OUTSIDE
			: GLYPH_NODATA, look->unicode);
		return cell;
	}
	if (has_side(level))
		return cell_of_side(level - LEVEL_SIDES);
	if (is_bounded(level))
		return cell_of_bounded_shade(look, level - LEVEL_BOUNDED);
	return style == STYLE_DITHERED ? cell_of_dither(level)
		: cell_of_shade(look, level);
}

char
heatmap_digit(const struct heatmap *map, double value)
{
	static const char signs[] = "0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ+";
	double n;

	if (map->sides) {
		n = value == 0 ? 0 : fmin(1 + floor(9 * fabs(value)
			/ map->high), 9);
		return (char)((value < 0 ? 'a' - 1 : '0') + (int)n);
	}
	n = map->counts ? rint(value)
		: fmin(floor(10 * place_of(map, value)), 9);
	if (!(n > 0))
		return signs[0];
	return signs[n < sizeof signs - 2 ? (size_t)n : sizeof signs - 2];
}

/* A digit over what is nearest to the level's colour; a bounded one has none
 * of its own. */
static void
add_digit(struct cell *cell, const struct look *look,
	const struct heatmap *map, int row, int column)
{
	int level = pixel_level(look, map, row, column);
	double value;

	if (level < 0)
		return;
	value = map->pixels[(size_t)row * (size_t)map->columns
		+ (size_t)column].value;
	cell->glyph = is_bounded(level) ? L'~'
		: (wchar_t)heatmap_digit(map, value);
	if (has_side(level)) {
		cell->bg = look->mode < COLOUR_256 ? COLOUR_DEFAULT
			: level_colour(level);
		cell->fg = cell->bg == COLOUR_DEFAULT ? level_colour(level)
			: colour_ink(look, cell->bg);
		return;
	}
	level %= LEVEL_BOUNDED;
	if (look_style(look) == STYLE_DITHERED)
		level = (level + COLOUR_ANCHOR_STEP / 2) / COLOUR_ANCHOR_STEP
			* COLOUR_ANCHOR_STEP;
	cell->bg = look_style(look) == STYLE_SHADED ? COLOUR_DEFAULT
		: colour_level(level);
	cell->fg = colour_ink(look, cell->bg);
}

/* Pending pixels on a fill of their own have a sprinkle of dots as well, so
 * that no one needs the colour to know them; few, for they cost bytes. */
static bool
has_dot(int row, int column)
{
	return row % 2 == 0 && (column + row * 2) % 8 == 0;
}

static struct cell
map_cell(const struct look *look, const struct heatmap *map, int row,
	int column, bool dot)
{
	int step = pixels_per_cell(look);
	int upper = pixel_level(look, map, row * step, column);
	int lower = pixel_level(look, map, row * step + step - 1, column);
	struct cell cell;

	if (upper != lower)
		return cell_of_colours(look, upper, lower);
	cell = cell_of_level(look, upper);
	if (look->digits)
		add_digit(&cell, look, map, row * step, column);
	if (upper == LEVEL_PENDING && cell.glyph == L' ' && dot) {
		cell.glyph = glyph_get(GLYPH_PENDING, look->unicode);
		cell.fg = COLOUR_DIM;
	}
	return cell;
}

static void
cell_store(struct canvas *canvas, int row, int column, struct cell cell)
{
	struct cell *target;

	canvas_put(canvas, row, column, cell.glyph, cell.fg, cell.bg);
	target = canvas_cell(canvas, row, column);
	if (target)
		target->attributes = cell.attributes;
}

/* A mark over the cursor pixel's colour; with two pixels to the cell it points
 * to its own. */
static void
cursor_over(struct canvas *canvas, int row, int column,
	const struct heatmap *map)
{
	const struct look *look = &canvas->look;
	enum glyph mark = GLYPH_CROSS;
	struct cell cell = { 0 };

	if (look_style(look) == STYLE_HALF)
		mark = map->cursor_row % 2 ? GLYPH_MARK_DOWN : GLYPH_MARK_UP;
	cell.glyph = glyph_get(mark, look->unicode);
	cell.bg = level_colour(pixel_level(look, map, map->cursor_row,
		map->cursor_column));
	cell.fg = colour_ink(look, cell.bg);
	cell_store(canvas, row, column, cell);
}

/* Where the glyph is the value, the mark goes on both sides of it. */
static void
cursor_beside(struct canvas *canvas, int row, int column, struct rect cells)
{
	bool unicode = canvas->look.unicode;
	struct cell cell = { .attributes = CELL_REVERSE | CELL_BOLD };

	if (column > cells.column) {
		cell.glyph = glyph_get(GLYPH_MARK, unicode);
		cell_store(canvas, row, column - 1, cell);
	}
	if (column + 1 < cells.column + cells.columns) {
		cell.glyph = glyph_get(GLYPH_MARK_LEFT, unicode);
		cell_store(canvas, row, column + 1, cell);
	}
}

/* cells: the part of the rect that the map covers. */
static void
cursor_draw(struct canvas *canvas, struct rect rect, struct rect cells,
	const struct heatmap *map)
{
	enum style style = look_style(&canvas->look);
	bool unicode = canvas->look.unicode;
	int row = map->cursor_row / pixels_per_cell(&canvas->look);
	int column = map->cursor_column;

	if (map->cursor_row < 0 || row >= cells.rows
		|| map->cursor_row >= map->rows
		|| column < 0 || column >= cells.columns)
		return;
	row += rect.row;
	column += rect.column;
	if (!canvas->look.digits
	    && (style == STYLE_HALF || style == STYLE_SOLID))
		cursor_over(canvas, row, column, map);
	else
		cursor_beside(canvas, row, column, cells);
	if (rect.rows > cells.rows)
		canvas_put(canvas, cells.row + cells.rows, column,
			glyph_get(GLYPH_MARK_UP, unicode), COLOUR_ACCENT,
			COLOUR_DEFAULT);
	if (rect.columns > cells.columns)
		canvas_put(canvas, row, cells.column + cells.columns,
			glyph_get(GLYPH_MARK_LEFT, unicode), COLOUR_ACCENT,
			COLOUR_DEFAULT);
}

void
heatmap_draw(struct canvas *canvas, struct rect rect,
	const struct heatmap *map)
{
	int step = pixels_per_cell(&canvas->look);
	struct rect cells = rect;

	if (cells.rows > (map->rows + step - 1) / step)
		cells.rows = (map->rows + step - 1) / step;
	if (cells.columns > map->columns)
		cells.columns = map->columns;
	for (int i = 0; i < cells.rows; i++)
		for (int j = 0; j < cells.columns; j++) {
			int row = rect.row + i, column = rect.column + j;

			cell_store(canvas, row, column, map_cell(&canvas->look,
				map, i, j, has_dot(row, column)));
		}
	cursor_draw(canvas, rect, cells, map);
}

void
heatmap_sample(struct canvas *canvas, int row, int column,
	enum pixel_kind kind)
{
	const struct look *look = &canvas->look;
	int middle = look->levels / 2;
	struct cell cell = cell_of_level(look, kind == PIXEL_PENDING
		? LEVEL_PENDING : kind == PIXEL_NODATA ? LEVEL_NODATA
		: kind == PIXEL_BOUNDED ? LEVEL_BOUNDED + middle : middle);

	cell_store(canvas, row, column, cell);
}

/* Draws `steps` >= 2 cells: nothing, then levels of something up to the top;
 * of two sides, from the least to the most. */
static void
ramp_draw(struct canvas *canvas, int row, int column, int steps, bool sides)
{
	const struct look *look = &canvas->look;

	for (int i = 0; i < steps; i++) {
		double fraction = (double)i / (steps - 1);
		int level = sides ? LEVEL_SIDES + look_side(look,
			2 * fraction - 1) : look_level(look, fraction);

		cell_store(canvas, row, column + i, cell_of_level(look,
			level));
	}
}

/* A mark takes a cell even where there is none: the ramp does not move. */
static void
cut_draw(struct canvas *canvas, int row, int column, bool cut,
	enum glyph glyph)
{
	if (cut)
		canvas_put(canvas, row, column,
			glyph_get(glyph, canvas->look.unicode), COLOUR_ACCENT,
			COLOUR_DEFAULT);
}

static int
count_level(const struct look *look, const struct colour_bar *bar, int n)
{
	struct colour_scale scale = { .high = bar->high,
		.spacing = bar->spacing, .from = bar->from };

	return look_level(look, colour_scale_place(&scale, n));
}

/* The last count from n on of n's level. */
static int
step_end(const struct look *look, const struct colour_bar *bar, int n)
{
	int level = count_level(look, bar, n), end = n;

	while (end < bar->high && count_level(look, bar, end + 1) == level)
		end++;
	return end;
}

/* Returns the cells of " 0 :1-4 -5-8"; draws them where canvas is not NULL. */
static int
steps_draw(struct canvas *canvas, const struct look *look, int row,
	int column, const struct colour_bar *bar)
{
	int used = 0;

	for (int n = 0, end; n <= bar->high; n = end + 1) {
		char text[32];

		end = step_end(look, bar, n);
		snprintf(text, sizeof text, end > n ? "%d-%d" : "%d", n, end);
		if (canvas) {
			cell_store(canvas, row, column + used,
				cell_of_level(look, count_level(look, bar,
				n)));
			canvas_text(canvas, row, column + used + 1,
				text_width(text), COLOUR_DEFAULT,
				COLOUR_DEFAULT, 0, text);
		}
		used += 2 + text_width(text);
	}
	return used - 1;
}

/* 0 where the ramp is too long for that, or the room too little. */
static int
stepped_bar(struct canvas *canvas, int row, int column, int columns,
	struct colour_bar bar)
{
	const struct look *look = &canvas->look;
	int high = bar.high <= STEPPED_MOST ? (int)bar.high : 0, used;

	if (!bar.counts || bar.low != 0 || high < 1 || bar.high != high
	    || look_style(look) != STYLE_SHADED)
		return 0;
	used = steps_draw(NULL, look, row, column, &bar);
	if (bar.unit)
		used += 1 + text_width(bar.unit);
	if (used + STEPPED_REST > columns)
		return 0;
	used = steps_draw(canvas, look, row, column, &bar);
	return bar.unit ? used + canvas_format(canvas, row, column + used,
		columns - used, COLOUR_DEFAULT, COLOUR_DEFAULT, 0, " %s",
		bar.unit) : used;
}

int
heatmap_colour_bar(struct canvas *canvas, int row, int column,
	int columns, struct colour_bar bar)
{
	char from[PLOT_NUMBER], to[PLOT_NUMBER];
	int steps = bar.sides ? 2 * look_sides(&canvas->look) + 1
		: canvas->look.levels - canvas->look.least + 1, rest;
	int used = stepped_bar(canvas, row, column, columns, bar);

	if (used)
		return used;
	plot_number(from, bar.low);
	plot_number(to, bar.high);
	used = text_width(from) + 1;
	rest = columns - used - 1 - text_width(to);
	if (bar.unit && rest - 1 - text_width(bar.unit) < 2 + bar.sides)
		bar.unit = NULL;
	if (rest < 2 + bar.sides)
		return 0;
	if (bar.unit)
		rest -= 1 + text_width(bar.unit);
	if (steps > rest)       /* of two sides the middle stays one */
		steps = bar.sides ? (rest - 1) / 2 * 2 + 1 : rest;
	canvas_text(canvas, row, column, used, COLOUR_DEFAULT, COLOUR_DEFAULT,
		0, from);
	cut_draw(canvas, row, column + used - 1, bar.cut_low, GLYPH_CUT_LOW);
	ramp_draw(canvas, row, column + used, steps, bar.sides);
	used += steps;
	cut_draw(canvas, row, column + used, bar.cut_high, GLYPH_CUT_HIGH);
	used++;
	return used + canvas_format(canvas, row, column + used, columns - used,
		COLOUR_DEFAULT, COLOUR_DEFAULT, 0, "%s%s%s", to,
		bar.unit ? " " : "", bar.unit ? bar.unit : "");
}
