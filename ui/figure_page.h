/*
 * A page for a paper: a title, a view's figure, and below it what was
 * measured, how it is defined, of what and by what.
 */
#ifndef UI_FIGURE_PAGE_H
#define UI_FIGURE_PAGE_H

#include "ui/figure.h"
#include "ui/view.h"

/* How a view is drawn on paper. */
struct view_figure {
	char *(*title)(const struct model *model);      /* for free() */
	double (*height)(const struct model *model);    /* points */
	void (*draw)(struct figure *figure, struct box box,
		const struct model *model);
	/* What the caption defines, for free(); NULL: the measure. */
	char *(*definition)(const struct model *model);
	/* What else the caption must say, for free(); NULL: nothing. */
	char *(*remark)(const struct model *model);
};

extern const struct view_figure figure_layers, figure_map, figure_spectrum,
	figure_profile, figure_operator, figure_text_pane;

/* What a picture of that pane defines, for free(). */
char *figure_definition(const struct model *model, enum pane pane);

/* STATUS_MISSING where the view has no figure. */
enum status figure_page(const struct figure_backend *backend, FILE *stream,
	const struct model *model, enum pane pane);

/* Of what is between title and caption, the same for all. */
double figure_body_width(void);

/* "layers.2 (decay)", for free(). */
char *figure_layer_title(const struct model *model, const char *before);

/* The same and ", head 3", the selected channel; for free(). */
char *figure_channel_title(const struct model *model, const char *before);

/* Positions of the window, one pixel each or, where they are too many,
 * several. */
enum { FIGURE_COLUMNS = 1200, FIGURE_ROWS = 512 };
struct bins figure_positions(const struct model *model);

/* Numbers below a frame of positions, or their tokens where each has room,
 * with marks at delimiters; and the height all of that takes. */
struct plot_frame;
void figure_position_axis(const struct plot_frame *frame,
	const struct model *model);
double figure_position_height(const struct model *model, double width);

#endif
