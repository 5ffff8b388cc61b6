/* The colour bar beside an image, with what each colour stands for. */
#ifndef UI_FIGURE_BAR_H
#define UI_FIGURE_BAR_H

#include "ui/figure_plot.h"

/* Points right of the image that it takes. */
enum { FIGURE_BAR_ROOM = 65 };

struct figure_bar {
	int palette;
	struct span_scale scale;
	const char *title;              /* left out where it has not room */
	bool sides;                     /* scale is one of two, from 0 on */
	const char *lacking;            /* what INK_NODATA means; or NULL */
};

void figure_bar_draw(struct figure *figure, struct box image,
	struct figure_bar bar);

#endif
