/*
 * The line at the bottom while something is typed there, and above it what
 * Tab offers.
 */
#ifndef UI_PROMPT_LINE_H
#define UI_PROMPT_LINE_H

#include "ui/canvas.h"

struct model;

/* rect: the last line. What Tab offers covers some lines above it. */
void prompt_draw(struct canvas *canvas, struct rect rect,
	const struct model *model);

#endif
