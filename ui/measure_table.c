#include "ui/measure_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/hankel.h"
#include "core/operator.h"
#include "core/util.h"

static double
tolerance_value(const struct measured *cell)
{
	return cell->tolerance_ess;
}

static double
entropy_value(const struct measured *cell)
{
	return cell->entropy_ess;
}

static double
share(const struct measured *cell, size_t whole)
{
	return whole ? tolerance_value(cell) / (double)whole : 0;
}

static double
utilisation_value(const struct measured *cell)
{
	return share(cell, layer_capacity(cell->layer, cell->position));
}

static double
ceiling_value(const struct measured *cell)
{
	return share(cell, layer_ceiling(cell->layer, cell->position));
}

static double
largest_value(const struct measured *cell)
{
	return cell->largest;
}

/* Of the two definitions, in directions. */
static double
disagreement_value(const struct measured *cell)
{
	return fabs(cell->tolerance_ess - cell->entropy_ess);
}

static double
decay_value(const struct measured *cell)
{
	return cell->decay;
}

/* Values that stand above the floor, and above 0. */
static size_t
resolved_count(const struct spectrum *spectrum)
{
	size_t low = 0, high = spectrum->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (spectrum->values[middle] > spectrum->floor
		    && spectrum->values[middle] > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The mean fall from one value to the next, in decades; 0 of a single one. */
static double
decay_of(const struct spectrum *spectrum)
{
	size_t count = resolved_count(spectrum);

	return count < 2 ? 0 : log10(spectrum->values[0]
		/ spectrum->values[count - 1]) / (double)(count - 1);
}

struct measured
measured_cell(const struct layer *layer, const struct spectrum *spectrum,
	struct tolerance tol)
{
	return (struct measured){
		.layer = layer,
		.position = spectrum->position,
		.tolerance_ess = (double)ess_tolerance(spectrum, tol),
		.entropy_ess = spectrum->entropy,
		.largest = spectrum->count ? spectrum->values[0] : 0,
		.decay = decay_of(spectrum),
	};
}

/* Without neighbours there is only structure; and bounds that leave more than
 * half of it open say next to nothing. */
static bool
tolerance_bounds(struct value_bounds *out, const struct unmeasured *cell)
{
	const struct neighbours *known = cell->known;
	struct count_bounds bounds;

	if ((!known->before && !known->after)
	    || (cell->tolerance.kind == TOLERANCE_RELATIVE && !known->norms))
		return false;
	bounds = interlacing_count(known, cell->position, cell->tolerance);
	*out = (struct value_bounds){ (double)bounds.low,
		(double)bounds.high };
	return 2 * (bounds.high - bounds.low)
		<= hankel_count(known->layer, cell->position);
}

static bool
share_bounds(struct value_bounds *out, const struct unmeasured *cell,
	size_t whole)
{
	if (!whole || !tolerance_bounds(out, cell))
		return false;
	out->low /= (double)whole;
	out->high /= (double)whole;
	return true;
}

static bool
utilisation_bounds(struct value_bounds *out, const struct unmeasured *cell)
{
	return share_bounds(out, cell, layer_capacity(cell->known->layer,
		cell->position));
}

static bool
ceiling_bounds(struct value_bounds *out, const struct unmeasured *cell)
{
	return share_bounds(out, cell, layer_ceiling(cell->known->layer,
		cell->position));
}

/* Within a decade: the map has a logarithmic scale. */
static bool
largest_bounds(struct value_bounds *out, const struct unmeasured *cell)
{
	if (!cell->known->norms)
		return false;
	*out = interlacing_largest(cell->known, cell->position);
	return out->low > 0 && out->high <= 10 * out->low;
}

const struct measure_kind measure_kinds[] = {
	{
		.name = "tolerance",
		.title = "tolerance-ESS",
		.unit = "",
		.formula = "#{s > tau} (abs) or #{s > tau s1} (rel): how many "
			"singular values of H_i stand above the tolerance",
		.tolerated = true,
		.by_count = true,
		.value = tolerance_value,
		.bounds = tolerance_bounds,
		.ess = tolerance_value,
		.ess_title = "ESS",
	},
	{
		.name = "entropy",
		.title = "entropy-ESS",
		.unit = "",
		.formula = "exp(-sum p ln p), p = s / sum(s): the same question "
			"without a tolerance",
		.value = entropy_value,
		.ess = entropy_value,
		.ess_title = "entropy",
	},
	{
		.name = "utilisation",
		.title = "utilisation",
		.unit = "of TSS",
		.formula = "tolerance-ESS / TSS; where TSS grows with i, / "
			"ceiling",
		.tolerated = true,
		.by_count = true,
		.fraction = true,
		.value = utilisation_value,
		.bounds = utilisation_bounds,
		.ess = tolerance_value,
		.ess_title = "ESS",
	},
	{
		.name = "ceiling",
		.title = "share of the ceiling",
		.unit = "of ceiling",
		.formula = "tolerance-ESS / min(i, L-i, TSS)",
		.tolerated = true,
		.by_count = true,
		.fraction = true,
		.value = ceiling_value,
		.bounds = ceiling_bounds,
		.ess = tolerance_value,
		.ess_title = "ESS",
	},
	{
		.name = "s1",
		.title = "largest singular value",
		.unit = "log10 s1",
		.formula = "s1, the largest singular value of H_i",
		.log = true,
		.value = largest_value,
		.bounds = largest_bounds,
		.ess = tolerance_value,
		.ess_title = "ESS",
	},
	{
		.name = "disagreement",
		.title = "|tolerance - entropy|",
		.unit = "",
		.formula = "|tolerance-ESS - entropy-ESS|: where the two "
			"definitions tell different stories",
		.tolerated = true,
		.value = disagreement_value,
		.ess = tolerance_value,
		.ess_title = "ESS",
	},
	{
		.name = "decay",
		.title = "decay of the spectrum",
		.unit = "decades a value",
		.formula = "log10(s1 / sm) / (m - 1) over the m values above "
			"the floor: how fast they fall, with no tolerance",
		.value = decay_value,
		.ess = tolerance_value,
		.ess_title = "ESS",
		.own_scale = true,
	},
};

const size_t measure_kind_count = LENGTH(measure_kinds);

const char *
measure_unit(const struct measure_kind *measure, const struct layer *layer)
{
	bool ceiling = measure->value == utilisation_value
		&& layer_unbounded(layer);

	return ceiling ? "of ceiling" : measure->unit;
}

bool
measure_counts(const struct measure_kind *measure)
{
	return !measure->fraction && !measure->log && !measure->own_scale;
}

const struct measure_kind *
measure_kind_find(const char *name)
{
	const struct measure_kind *found = NULL;
	size_t n = strlen(name);

	for (size_t i = 0; n && i < measure_kind_count; i++) {
		if (strncmp(measure_kinds[i].name, name, n) != 0)
			continue;
		if (found)
			return NULL;
		found = &measure_kinds[i];
	}
	return found;
}

void
measure_kind_names(char *out, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < measure_kind_count && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s",
			i ? ", " : "", measure_kinds[i].name);
}
