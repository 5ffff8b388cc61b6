#include "src/warnings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/measure.h"
#include "core/operator.h"
#include "core/util.h"
#include "src/cells.h"
#include "src/options.h"
#include "src/report.h"

/* Cells of the layer under way, of one tolerance. */
struct tally {
	size_t above;           /* the ceiling */
	size_t unresolved;      /* threshold below the floor; */
	double floor;           /* the largest such */
};

struct warnings {
	const struct tolerance_list *tolerances;
	struct tally *tallies;  /* by tolerance */
	const struct layer *layer;
	size_t cells;           /* with s1 > 0 */
};

struct warnings *
warnings_new(const struct tolerance_list *tolerances)
{
	struct warnings *warnings = xcalloc(1, sizeof *warnings);

	warnings->tolerances = tolerances;
	warnings->tallies = xcalloc(tolerances->count,
		sizeof *warnings->tallies);
	return warnings;
}

void
warnings_free(struct warnings *warnings)
{
	if (!warnings)
		return;
	free(warnings->tallies);
	free(warnings);
}

static void
add_cell(struct warnings *warnings, const struct reading *reading,
	const size_t *counts, size_t ceiling)
{
	/* As much of the spectrum as a threshold depends on. */
	const struct spectrum largest = {
		.count = 1, .values = &reading->sigma_max,
	};

	for (size_t k = 0; k < warnings->tolerances->count; k++) {
		struct tally *tally = &warnings->tallies[k];

		tally->above += counts[k] > ceiling;
		if (tolerance_threshold(warnings->tolerances->items[k],
		    &largest) >= reading->floor)
			continue;
		tally->unresolved++;
		tally->floor = fmax(tally->floor, reading->floor);
	}
	warnings->cells++;
}

void
warnings_add(struct warnings *warnings, const struct channel_cells *cells)
{
	const struct target *target = cells->target;
	size_t tolerances = warnings->tolerances->count;

	warnings->layer = target->layer;
	for (size_t k = 0; k < target->positions.count; k++) {
		if (cells->readings[k].sigma_max > 0)
			add_cell(warnings, &cells->readings[k],
				&cells->counts[k * tolerances],
				layer_ceiling(target->layer, positions_at(
				&target->positions, k)));
	}
}

static void
warn(const struct warnings *warnings, size_t k)
{
	const struct layer *layer = warnings->layer;
	const struct tally *tally = &warnings->tallies[k];
	char *name = tolerance_name(warnings->tolerances, k);

	if (tally->above)
		report("%s: %s: %s is above the ceiling in %zu of %zu cells: "
			"noise, or a metadata tss that is too small",
			layer->dump->label, layer->label, name, tally->above,
			warnings->cells);
	if (tally->unresolved)
		report("%s: %s: %s has its tolerance below the numerical "
			"floor (up to %.2g) in %zu of %zu cells: it counts "
			"noise there", layer->dump->label, layer->label, name,
			tally->floor, tally->unresolved, warnings->cells);
	free(name);
}

void
warnings_end_layer(struct warnings *warnings)
{
	for (size_t k = 0; k < warnings->tolerances->count; k++)
		warn(warnings, k);
	memset(warnings->tallies, 0,
		warnings->tolerances->count * sizeof *warnings->tallies);
	warnings->cells = 0;
}
