/*
 * What a map can show of a spectrum: one row a measure. The numbers come from
 * core/measure.h; here they get names, formulas and the bound of their scale.
 */
#ifndef UI_MEASURE_TABLE_H
#define UI_MEASURE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/interlacing.h"
#include "core/measure.h"

struct layer;

/* What measures draw on. Those by the count alone need no more than the first
 * three, and session_count gives those for many cells at once. */
struct measured {
	const struct layer *layer;
	size_t position;
	double tolerance_ess;
	double entropy_ess;
	double largest;         /* s1 */
	double decay;           /* decades a value, down to the floor */
};

struct measured measured_cell(const struct layer *layer,
	const struct spectrum *spectrum, struct tolerance tol);

/* A cell that is not computed, between two that are. */
struct unmeasured {
	const struct neighbours *known;
	size_t position;
	struct tolerance tolerance;
};

struct measure_kind {
	const char *name;       /* as typed after :measure */
	const char *title;
	const char *unit;       /* after the colour bar's numbers */
	const char *formula;    /* for the help screen */
	bool log;               /* shown on a log10 axis */
	bool tolerated;         /* moves with the tolerance, */
	bool by_count;          /* and by what it counts alone */
	bool fraction;          /* always on the scale 0 .. 1 */
	bool own_scale;         /* no count: ends at what is seen */
	double (*value)(const struct measured *cell);
	/* Certain bounds of a cell that is not computed, equal where nothing
	 * is open; false where they say next to nothing. NULL: it has none. */
	bool (*bounds)(struct value_bounds *out, const struct unmeasured *cell);
	double (*ess)(const struct measured *cell);  /* the ESS it rests on, */
	const char *ess_title;                  /* in the layer list */
};

/* Its unit in this layer: where TSS grows with the position the ceiling stands
 * for it (layer_capacity). */
const char *measure_unit(const struct measure_kind *measure,
	const struct layer *layer);

/* A number of something, from 0. */
bool measure_counts(const struct measure_kind *measure);

extern const struct measure_kind measure_kinds[];
extern const size_t measure_kind_count;

/* By name or an unambiguous beginning of it; NULL: none. */
const struct measure_kind *measure_kind_find(const char *name);

/* "tolerance, entropy, ...": for messages; out holds size bytes. */
void measure_kind_names(char *out, size_t size);

#endif
