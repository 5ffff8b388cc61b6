/*
 * Under the bars of the spectrum: what each value adds to the entropy-ESS,
 * -p ln p with p = s / sum(s), and the share of sum(s) up to it.
 */
#ifndef UI_SPECTRUM_WEIGHTS_H
#define UI_SPECTRUM_WEIGHTS_H

#include "ui/canvas.h"

struct bins;
struct spectrum;

enum { SPECTRUM_WEIGHTS_ROWS = 2 };

/* Its columns are those of the bars, which begin at rect.column +
 * VIEW_GUTTER. */
void spectrum_weights_draw(struct canvas *canvas, struct rect rect,
	const struct spectrum *spectrum, const struct bins *bars);

#endif
