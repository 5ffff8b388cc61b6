/* ESS against the tolerance on paper, for one spectrum. */
#ifndef UI_FIGURE_CURVE_H
#define UI_FIGURE_CURVE_H

#include "ui/figure_plot.h"

struct model;
struct spectrum;

double figure_curve_height(void);

/* Tolerances run along the scale that singular values have, in units of
 * `unit`. The spectrum has a value > 0. */
void figure_curve_draw(struct figure *figure, struct box box,
	const struct model *model, const struct spectrum *s,
	struct span_scale scale, double unit);

#endif
