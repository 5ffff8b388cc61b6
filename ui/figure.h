/*
 * Drawing for paper: rectangles, lines, text and cells of an image, on a page
 * measured in points (1/72 inch) from its upper left corner. What they become
 * is a backend's: one const table and one file (figure_svg.c, figure_cairo.c).
 * Nothing here knows what is drawn.
 */
#ifndef UI_FIGURE_H
#define UI_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/status.h"

struct figure;

struct point {
	double x, y;
};

struct box {
	double x, y, width, height;
};

struct ink {
	uint32_t rgb;
	double width;
	bool dashed;
};

/* How a text stands at its point: the point is on the base line, at `anchor`
 * of the text's width (0 its beginning, 1 its end). */
struct type {
	double size;
	uint32_t rgb;
	double anchor;
	bool bold;
	bool mono;
	bool upright;                   /* turned, to be read from the right */
};

/* A figure as a picture of pixels has `dpi` of them to the inch. */
struct figure_size {
	double width, height, dpi;
};

struct figure_backend {
	const char *name;               /* "svg": the format */
	const char *lacks;              /* why it cannot be used; NULL: it can */
	enum status (*open)(struct figure **out, FILE *stream,
		struct figure_size size);
	void (*rect)(struct figure *figure, struct box box, uint32_t rgb);
	void (*line)(struct figure *figure, const struct point *points,
		size_t count, struct ink ink);
	void (*area)(struct figure *figure, const struct point *points,
		size_t count, uint32_t rgb);
	void (*text)(struct figure *figure, struct point at, struct type type,
		const char *text);
	void (*cells)(struct figure *figure, struct box box, int columns,
		int rows, const uint32_t *rgb);
	/* What follows belongs to a part of that name, until the next; NULL:
	 * to none. */
	void (*part)(struct figure *figure, const char *name);
	enum status (*close)(struct figure *figure);    /* frees */
};

/* Backends begin with this. */
struct figure {
	const struct figure_backend *backend;
	FILE *stream;
	struct figure_size size;
};

extern const struct figure_backend figure_svg, figure_pdf, figure_png;

/* STATUS_MISSING with a sentence where the backend was not built in. What
 * cannot be written to the stream is its owner's to find out. */
enum status figure_open(struct figure **out,
	const struct figure_backend *backend, FILE *stream,
	struct figure_size size);
enum status figure_close(struct figure *figure);

void figure_rect(struct figure *figure, struct box box, uint32_t rgb);

/* Through `count` points. */
void figure_line(struct figure *figure, const struct point *points,
	size_t count, struct ink ink);
void figure_segment(struct figure *figure, struct point from, struct point to,
	struct ink ink);
void figure_frame(struct figure *figure, struct box box, struct ink ink);

/* What `count` points enclose, filled. */
void figure_area(struct figure *figure, const struct point *points,
	size_t count, uint32_t rgb);

/* UTF-8 of one line, already free of control characters. */
void figure_text(struct figure *figure, struct point at, struct type type,
	const char *text);

/* Equal cells over the box, row by row, nothing between them. */
void figure_cells(struct figure *figure, struct box box, int columns, int rows,
	const uint32_t *rgb);

void figure_part(struct figure *figure, const char *name);

/* The character at a text that has not ended, and its bytes: at least 1, for
 * one that is no UTF-8, which is U+FFFD. */
size_t figure_character(uint32_t *code, const char *text);

/* About as wide as a text will be, in the fonts that are likely. */
double figure_width(struct type type, const char *text);

/* The text, or as much of its beginning as fits with an ellipsis; for
 * free(). */
char *figure_clip(struct type type, const char *text, double width);

/* Text over several lines of that width from the base line `at` down; returns
 * how many. Without a figure, only counts. */
int figure_paragraph(struct figure *figure, struct point at, struct type type,
	double width, double leading, const char *text);

#endif
