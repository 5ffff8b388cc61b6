/*
 * The left of the first line: the program, and the dump on the screen or both
 * that are compared.
 */
#ifndef UI_TITLE_LINE_H
#define UI_TITLE_LINE_H

#include "ui/canvas.h"

struct model;

void title_line_draw(struct canvas *canvas, struct rect rect,
	const struct model *model);

#endif
