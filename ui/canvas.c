/*
 * The grid and what is written into it. Every write keeps the grid whole: a
 * wide glyph is always followed by its right half (glyph 0), and a cell never
 * holds a control character.
 */
#include "ui/canvas.h"

#include <stdarg.h>
#include <stdlib.h>

#include "core/util.h"
#include "ui/utf8.h"

static const struct cell blank = { .glyph = L' ' };

struct canvas *
canvas_new(struct look look)
{
	struct canvas *canvas = xcalloc(1, sizeof *canvas);

	canvas->look = look;
	return canvas;
}

void
canvas_free(struct canvas *canvas)
{
	if (!canvas)
		return;
	free(canvas->cells);
	free(canvas);
}

void
canvas_reset(struct canvas *canvas, int rows, int columns)
{
	size_t count;

	if (rows < 0 || columns < 0)
		rows = columns = 0;
	count = (size_t)rows * (size_t)columns;
	if (rows != canvas->rows || columns != canvas->columns)
		canvas->cells = xreallocarray(canvas->cells, count,
			sizeof *canvas->cells);
	canvas->rows = rows;
	canvas->columns = columns;
	for (size_t i = 0; i < count; i++)
		canvas->cells[i] = blank;
}

struct cell *
canvas_cell(struct canvas *canvas, int row, int column)
{
	if (row < 0 || row >= canvas->rows
		|| column < 0 || column >= canvas->columns)
		return NULL;
	return &canvas->cells[(size_t)row * (size_t)canvas->columns
		+ (size_t)column];
}

static void
cell_blank(struct cell *cell)
{
	cell->glyph = L' ';
	cell->combining[0] = 0;
}

/* The cell, about to be overwritten: the other half of a wide glyph it was
 * part of becomes a blank. */
static struct cell *
cell_take(struct canvas *canvas, int row, int column)
{
	struct cell *cell = canvas_cell(canvas, row, column);
	struct cell *next = canvas_cell(canvas, row, column + 1);

	if (!cell)
		return NULL;
	if (cell->glyph == 0 && column > 0)
		cell_blank(&cell[-1]);
	if (cell->glyph != 0 && next && next->glyph == 0)
		cell_blank(next);
	return cell;
}

static bool
is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/* Characters without a picture of their own, whose effect terminals disagree
 * on: joiners, variation selectors, bidi controls, tags. */
static bool
is_format(uint32_t code)
{
	return (code >= 0x200b && code <= 0x200f)
		|| (code >= 0x2028 && code <= 0x202e)
		|| (code >= 0x2060 && code <= 0x206f)
		|| (code >= 0xfe00 && code <= 0xfe0f)
		|| (code >= 0xfff9 && code <= 0xfffb)
		|| (code >= 0xe0000 && code <= 0xe0fff)
		|| code == 0x061c || code == 0x180e || code == 0xfeff;
}

/* A decoded character: its cells (0, 1 or 2), and in *out what to draw there,
 * or 0: nothing. Without Unicode each of its cells becomes '?'. */
static int
character_width(wchar_t *out, const struct look *look, uint32_t code)
{
	int width;

	*out = L'?';
	if (code == UTF8_INVALID || is_control(code))
		return 1;
	if (is_format(code)) {
		*out = 0;
		return 0;
	}
	width = wcwidth((wchar_t)code);
	if (width < 0)
		return 1;
	if (code < 0x80 || (look && look->unicode))
		*out = (wchar_t)code;
	else if (width == 0)
		*out = 0;
	return width;
}

static void
cell_combine(struct cell *cell, wchar_t mark)
{
	for (int i = 0; i < CELL_COMBINING; i++)
		if (!cell->combining[i]) {
			cell->combining[i] = mark;
			return;
		}
}

/* Puts one character of `width` cells at (row, column). A '?' for a wide one
 * fills both its cells. */
static void
character_put(struct canvas *canvas, int row, int column, int width,
	struct cell cell)
{
	for (int i = 0; i < width; i++) {
		struct cell *target = cell_take(canvas, row, column + i);

		if (!target)
			continue;
		*target = cell;
		if (i == 1 && cell.glyph != L'?' && cell.glyph != L' ')
			target->glyph = 0;
	}
}

/* canvas_text with everything but the text's look in one struct. */
static int
text_put(struct canvas *canvas, struct rect at, struct cell pen,
	const char *text)
{
	struct cell *last = NULL;
	int used = 0;

	while (*text) {
		uint32_t code;
		int width;

		text += utf8_decode(&code, text);
		width = character_width(&pen.glyph, &canvas->look, code);
		if (width == 0) {
			if (last && pen.glyph)
				cell_combine(last, pen.glyph);
			continue;
		}
		if (used >= at.columns || at.column + used >= canvas->columns)
			break;
		if (used + width > at.columns
			|| at.column + used + width > canvas->columns) {
			pen.glyph = L' ';
			width = 1;
		}
		/* Left of the grid: a half that shows is a blank. */
		if (at.column + used < 0)
			pen.glyph = L' ';
		character_put(canvas, at.row, at.column + used, width, pen);
		last = canvas_cell(canvas, at.row, at.column + used);
		used += width;
	}
	return used;
}

int
canvas_text(struct canvas *canvas, int row, int column, int columns,
	colour fg, colour bg, unsigned attributes, const char *text)
{
	struct rect at = { row, column, 1, columns };
	struct cell pen = { .fg = fg, .bg = bg,
		.attributes = (uint8_t)attributes };

	return text_put(canvas, at, pen, text);
}

int
canvas_format(struct canvas *canvas, int row, int column, int columns,
	colour fg, colour bg, unsigned attributes, const char *fmt, ...)
{
	va_list ap, again;
	size_t size;
	char *text;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	size = n < 0 ? 1 : (size_t)n + 1;
	text = xmalloc(size);
	vsnprintf(text, size, fmt, again);
	va_end(again);
	n = canvas_text(canvas, row, column, columns, fg, bg, attributes, text);
	free(text);
	return n;
}

/* A program's own glyph: one cell, and one the target has. */
static wchar_t
glyph_checked(const struct canvas *canvas, wchar_t glyph)
{
	uint32_t code = (uint32_t)glyph;

	if (is_control(code) || (code >= 0x80 && !canvas->look.unicode)
		|| wcwidth(glyph) == 2)
		return L'?';
	return glyph;
}

void
canvas_put(struct canvas *canvas, int row, int column, wchar_t glyph,
	colour fg, colour bg)
{
	struct cell *cell = cell_take(canvas, row, column);

	if (cell)
		*cell = (struct cell){ .glyph = glyph_checked(canvas, glyph),
			.fg = fg, .bg = bg };
}

void
canvas_fill(struct canvas *canvas, struct rect rect, wchar_t glyph,
	colour fg, colour bg)
{
	int top = rect.row < 0 ? 0 : rect.row;
	int left = rect.column < 0 ? 0 : rect.column;

	for (int row = top; row < canvas->rows
		&& row - rect.row < rect.rows; row++)
		for (int column = left; column < canvas->columns
			&& column - rect.column < rect.columns; column++)
			canvas_put(canvas, row, column, glyph, fg, bg);
}

int
text_width(const char *text)
{
	int width = 0;

	while (*text) {
		uint32_t code;
		wchar_t glyph;

		/* Nearly all of a text of a million tokens. */
		if (*text >= ' ' && *text <= '~') {
			text++;
			width++;
			continue;
		}
		text += utf8_decode(&code, text);
		width += character_width(&glyph, NULL, code);
	}
	return width;
}
