/*
 * A view as a file: as text, a figure, or its numbers. A format is one line of
 * picture_formats; what is in it comes from the views themselves.
 */
#ifndef SRC_PICTURE_H
#define SRC_PICTURE_H

#include <stdio.h>

#include "core/status.h"
#include "ui/colour.h"
#include "ui/model.h"

struct figure_backend;
struct output;
struct writer;

struct picture {
	struct model *model;            /* settled */
	int view;                       /* enum pane, or SETTLE_SCREEN */
	int rows, columns;              /* of the canvas */
	struct output *output;
};

struct picture_format {
	const char *name;               /* as in --format, and behind a dot */
	bool colours;
	bool cells;                     /* those of the screen */
	/* As text; or as a figure: */
	enum status (*write)(FILE *stream, const struct picture *picture);
	const struct figure_backend *figure;
	/* Numbers in place of a picture: a table, or an array, which needs a
	 * second file (".json") to say what it holds. */
	bool numbers;
	const struct writer *writer;    /* NULL: the array */
};

extern const struct picture_format picture_formats[];   /* NULL-named end */

/* By name; NULL: none. */
const struct picture_format *picture_format_find(const char *name);

/* By what follows the last dot of a path; NULL: none. */
const struct picture_format *picture_format_of(const char *path);

/* Writes all of it; numbers in one go. */
enum status picture_write(const struct picture_format *format,
	const struct picture *picture);

/* Only notes the figure down, for figure_play and free(): its output may be
 * NULL. */
enum status picture_note(char **tape, size_t *size,
	const struct picture *picture);

/* "txt, ans": for messages; out holds size bytes. */
void picture_format_names(char *out, size_t size);

#endif
