/* A picture of a terminal that shows a canvas. */
#ifndef UI_FIGURE_SCREEN_H
#define UI_FIGURE_SCREEN_H

#include <stdio.h>

#include "core/status.h"
#include "ui/canvas.h"

struct figure_backend;

enum status figure_screen(const struct figure_backend *backend, FILE *stream,
	const struct canvas *canvas);

#endif
