/*
 * The page of :colortest (help_colours.c).
 */
#ifndef UI_HELP_COLOURS_H
#define UI_HELP_COLOURS_H

#include "ui/canvas.h"
#include "ui/help_page.h"

void help_colours(struct help_page *page, const struct model *model);

/* The ramp of a line, behind its label. */
void help_draw_ramp(struct canvas *canvas, struct rect at, int ramp);

#endif
