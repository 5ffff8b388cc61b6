/*
 * ESS against the tolerance, of the spectrum at the cursor and in the mean
 * over the layer, with the widest plateau (core/plateau.h) marked.
 */
#ifndef UI_SPECTRUM_CURVE_H
#define UI_SPECTRUM_CURVE_H

#include "ui/canvas.h"

struct model;
struct spectrum;

enum { SPECTRUM_CURVE_ROWS = 5, SPECTRUM_CURVE_COLUMNS = 24 };

/* A caption where there is room; the spectrum has values > 0. */
void spectrum_curve_draw(struct canvas *canvas, struct rect rect,
	const struct model *model, const struct spectrum *spectrum,
	bool caption);

#endif
