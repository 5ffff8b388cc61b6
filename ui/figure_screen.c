/*
 * A canvas on paper: what a terminal shows, each cell at its place. Blocks and
 * rules are drawn, since fonts differ in how they join.
 */
#include "ui/figure_screen.h"

#include <stdlib.h>

#include "core/util.h"
#include "ui/figure.h"
#include "ui/utf8.h"

/* A cell of the font DejaVu Sans Mono at 10 points, and where its base line
 * is. */
static const double cell_width = 6.02, cell_height = 11.6, base = 8.9;
static const double font_size = 10, margin = 6, dpi = 144;

/* The page of a terminal, dark or light. */
static const uint32_t pages[] = { 0x15181c, 0xffffff };
static const uint32_t inks[] = { 0xd6d9dc, 0x202326 };

enum { FULL_BLOCK = 0x2588 };

/* A cell in true colours. */
struct shown {
	uint32_t fg, bg;
	bool bold, underline;
};

static uint32_t
half_way(uint32_t a, uint32_t b)
{
	return ((a & 0xfefefe) >> 1) + ((b & 0xfefefe) >> 1);
}

static struct shown
cell_shown(const struct look *look, const struct cell *cell)
{
	unsigned attributes = cell->attributes;
	int fg = colour_terminal(look, cell->fg, false, &attributes);
	int bg = colour_terminal(look, cell->bg, true, &attributes);
	struct shown shown = {
		.fg = fg < 0 ? inks[look->light] : colour_rgb(fg),
		.bg = bg < 0 ? pages[look->light] : colour_rgb(bg),
		.bold = attributes & CELL_BOLD,
		.underline = attributes & CELL_UNDERLINE,
	};

	if (attributes & CELL_DIM)
		shown.fg = half_way(shown.fg, shown.bg);
	if (attributes & CELL_REVERSE) {
		uint32_t swap = shown.fg;

		shown.fg = shown.bg;
		shown.bg = swap;
	}
	return shown;
}

/* A part of a cell, in its eighths, from the left and the top. */
static void
put_part(struct figure *figure, struct point at, int x, int y, int width,
	int height, uint32_t rgb)
{
	figure_rect(figure, (struct box){ at.x + x * cell_width / 8,
		at.y + y * cell_height / 8, width * cell_width / 8,
		height * cell_height / 8 }, rgb);
}

/* The share of ink in a shade: U+2591 and on. */
static uint32_t
mixed(uint32_t fg, uint32_t bg, int quarters)
{
	uint32_t half = half_way(fg, bg);

	return quarters == 2 ? half : half_way(half, quarters < 2 ? bg : fg);
}

/* A block or rule; false: it is neither. */
static bool
put_block(struct figure *figure, struct point at, wchar_t glyph,
	struct shown shown)
{
	if (glyph == 0x2580) {
		put_part(figure, at, 0, 0, 8, 4, shown.fg);
	} else if (glyph > 0x2580 && glyph < FULL_BLOCK) {
		int n = glyph - 0x2580;

		put_part(figure, at, 0, 8 - n, 8, n, shown.fg);
	} else if (glyph >= 0x2591 && glyph <= 0x2593) {
		put_part(figure, at, 0, 0, 8, 8, mixed(shown.fg, shown.bg,
			glyph - 0x2590));
	} else if (glyph == 0x2500 || glyph == 0x2501) {
		double thick = glyph == 0x2500 ? 0.8 : 1.8;

		figure_rect(figure, (struct box){ at.x, at.y
			+ (cell_height - thick) / 2, cell_width, thick },
			shown.fg);
	} else if (glyph == 0x2502) {
		figure_rect(figure, (struct box){ at.x + cell_width / 2 - 0.4,
			at.y, 0.8, cell_height }, shown.fg);
	} else {
		return false;
	}
	return true;
}

static void
put_glyph(struct figure *figure, struct point at, const struct cell *cell,
	struct shown shown)
{
	char text[(1 + CELL_COMBINING) * UTF8_MAX + 1];
	size_t n = utf8_encode(text, (uint32_t)cell->glyph);

	for (int k = 0; k < CELL_COMBINING && cell->combining[k]; k++)
		n += utf8_encode(text + n, (uint32_t)cell->combining[k]);
	text[n] = '\0';
	figure_text(figure, (struct point){ at.x, at.y + base },
		(struct type){ .size = font_size, .rgb = shown.fg,
		.bold = shown.bold, .mono = true }, text);
}

static struct point
place(int row, int column)
{
	return (struct point){ margin + column * cell_width,
		margin + row * cell_height };
}

/* Backgrounds first: a glyph may hang over its cell. */
static void
put_backgrounds(struct figure *figure, const struct canvas *canvas)
{
	size_t count = (size_t)canvas->rows * (size_t)canvas->columns;
	uint32_t *rgb = xcalloc(count, sizeof *rgb);

	for (size_t k = 0; k < count; k++) {
		const struct cell *cell = &canvas->cells[k];
		struct shown shown = cell_shown(&canvas->look, cell);

		rgb[k] = cell->glyph == FULL_BLOCK ? shown.fg : shown.bg;
	}
	figure_cells(figure, (struct box){ margin, margin, canvas->columns
		* cell_width, canvas->rows * cell_height }, canvas->columns,
		canvas->rows, rgb);
	free(rgb);
}

static void
put_row(struct figure *figure, const struct canvas *canvas, int row)
{
	const struct cell *cells = canvas->cells + (size_t)row
		* (size_t)canvas->columns;

	for (int c = 0; c < canvas->columns; c++) {
		struct shown shown = cell_shown(&canvas->look, &cells[c]);
		struct point at = place(row, c);

		if (shown.underline)
			figure_rect(figure, (struct box){ at.x, at.y + base
				+ 1.2, cell_width, 0.8 }, shown.fg);
		if (cells[c].glyph != 0 && cells[c].glyph != L' '
		    && cells[c].glyph != FULL_BLOCK
		    && !put_block(figure, at, cells[c].glyph, shown))
			put_glyph(figure, at, &cells[c], shown);
	}
}

enum status
figure_screen(const struct figure_backend *backend, FILE *stream,
	const struct canvas *canvas)
{
	struct figure *figure;
	struct figure_size size = {
		2 * margin + canvas->columns * cell_width,
		2 * margin + canvas->rows * cell_height, dpi,
	};
	enum status status = figure_open(&figure, backend, stream, size);

	if (status)
		return status;
	figure_part(figure, "page");
	figure_rect(figure, (struct box){ 0, 0, size.width + 1,
		size.height + 1 },
		pages[canvas->look.light]);
	figure_part(figure, "cells");
	put_backgrounds(figure, canvas);
	figure_part(figure, "text");
	for (int row = 0; row < canvas->rows; row++)
		put_row(figure, canvas, row);
	return figure_close(figure);
}
