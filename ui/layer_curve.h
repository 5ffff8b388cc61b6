/*
 * Mean tolerance-ESS of a layer against the tolerance: one pass over the
 * spectra known so far sorts their values into bins of a twentieth of a
 * decade, and counting from above gives the mean for every tolerance at once.
 * A pass goes on from frame to frame; what is shown is the last finished one.
 */
#ifndef UI_LAYER_CURVE_H
#define UI_LAYER_CURVE_H

#include <stdbool.h>
#include <stddef.h>

struct layer_curve;
struct model;

void layer_curve_free(struct layer_curve *curve);       /* NULL is fine */

/* Goes on with the pass of the selected layer, over at least `values` singular
 * values if there are as many; true when something is left to do. */
bool layer_curve_work(struct model *model, size_t values);

/* Mean over the known cells of #{s >= tau} (relative: tau s1), tau rounded
 * down to a bin; NAN where nothing is known. */
double layer_curve_mean(const struct model *model, double tau);

/* The widest range of tolerances low <= tau < high above the floor, with bins
 * for ends, over which the mean changes by at most a twentieth and is neither
 * below 1 nor within a twentieth of what the structure allows at most: where
 * all is counted. False where there is none. */
bool layer_curve_plateau(double *low, double *high,
	const struct model *model, double floor);

#endif
