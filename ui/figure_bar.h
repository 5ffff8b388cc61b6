/* The colour bar beside an image, with what each colour stands for. */
#ifndef UI_FIGURE_BAR_H
#define UI_FIGURE_BAR_H

#include "ui/colour_scale.h"
#include "ui/figure_plot.h"

/* Points right of the image that it takes. */
enum { FIGURE_BAR_ROOM = 65 };

struct figure_bar {
	int palette;
	struct span_scale scale;
	bool root;                      /* colours by square root */
	const char *title;              /* left out where it has not room */
	bool sides;                     /* scale is one of two, from 0 on */
	const char *lacking;            /* what INK_NODATA means; or NULL */
};

/* The ends of that scale, and how it is spread. */
void figure_bar_scale(struct figure_bar *bar, const struct model *model,
	const struct colour_scale *scale);

/* The measure, and whether there is more; and behind another remark (or NULL)
 * what was set by hand of the scale; NULL: nothing to say. For free(). */
char *figure_bar_title(const struct model *model,
	const struct colour_scale *scale);
char *figure_bar_remark(const char *before, const struct model *model,
	const struct colour_scale *scale);

void figure_bar_draw(struct figure *figure, struct box image,
	struct figure_bar bar);

#endif
