/*
 * A frame, off screen: a grid of cells that views draw into. It knows no
 * terminal; colours are named by what they mean and resolved at the edge
 * (colour.h), so the same frame can become curses cells, a figure or a test.
 */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

#include "ui/colour.h"

enum { CELL_COMBINING = 2 };

enum cell_attribute {
	CELL_BOLD = 1, CELL_REVERSE = 2, CELL_UNDERLINE = 4, CELL_DIM = 8,
};

struct cell {
	wchar_t glyph;                  /* 0: right half of a wide one */
	wchar_t combining[CELL_COMBINING];
	colour fg, bg;
	uint8_t attributes;
};

struct canvas {
	int rows, columns;
	struct look look;               /* what the target can show */
	struct cell *cells;             /* row-major */
};

struct rect {
	int row, column, rows, columns;
};

struct canvas *canvas_new(struct look look);
void canvas_free(struct canvas *canvas);

/* Sets the size and blanks every cell. */
void canvas_reset(struct canvas *canvas, int rows, int columns);

/* NULL outside. */
struct cell *canvas_cell(struct canvas *canvas, int row, int column);

/* Draws UTF-8 text from (row, column), clipped to `columns` cells; wide and
 * combining characters take their width (wcwidth); what the target cannot
 * show becomes '?', once a cell. A wide character that would hang over the
 * end becomes a blank. Control characters never pass (text_escape's job, but
 * checked again). Returns the cells used. */
int canvas_text(struct canvas *canvas, int row, int column, int columns,
	colour fg, colour bg, unsigned attributes, const char *text);
int canvas_format(struct canvas *canvas, int row, int column, int columns,
	colour fg, colour bg, unsigned attributes, const char *fmt, ...)
	__attribute__((format(printf, 8, 9)));

void canvas_fill(struct canvas *canvas, struct rect rect, wchar_t glyph,
	colour fg, colour bg);

/* One glyph, one cell wide; out of range is ignored. */
void canvas_put(struct canvas *canvas, int row, int column, wchar_t glyph,
	colour fg, colour bg);

/* Cells a UTF-8 text takes when it is drawn without clipping. */
int text_width(const char *text);

/* The frame as UTF-8 text, a line a row, without blanks at the ends of lines;
 * with its colours and attributes as ANSI sequences, if wanted. For tests and
 * for looking at. */
void canvas_print(FILE *file, const struct canvas *canvas);
void canvas_print_ansi(FILE *file, const struct canvas *canvas);

#endif
