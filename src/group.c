/* Sums over channels, in the order in which channels come. */
#include "src/group.h"

#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/util.h"
#include "src/cells.h"

void
group_init(struct group *group, size_t measure_count)
{
	*group = (struct group){ .measure_count = measure_count };
	group->measures = xcalloc(measure_count, sizeof *group->measures);
}

void
group_done(struct group *group)
{
	free(group->measures);
}

void
group_reset(struct group *group)
{
	struct group_measure *measures = group->measures;
	size_t count = group->measure_count;

	memset(measures, 0, count * sizeof *measures);
	*group = (struct group){
		.measure_count = count, .measures = measures,
	};
}

double
group_value(const struct channel_cells *cells, size_t index, size_t m)
{
	if (m == 0)
		return cells->readings[index].entropy;
	return (double)cells->counts[index * cells->tolerances->count + m - 1];
}

static void
add_measure(struct group *group, const struct channel_cells *cells, size_t m)
{
	struct group_measure *to = &group->measures[m];
	struct summary over = { 0 };
	double mean;

	for (size_t k = 0; k < cells->target->positions.count; k++)
		summary_add(&over, group_value(cells, k, m));
	mean = summary_mean(&over);
	if (!to->means.count || over.min < to->min)
		to->min = over.min;
	if (!to->means.count || over.max > to->max)
		to->max = over.max;
	summary_add(&to->means, mean);
	to->total += cells->target->layer->width * mean;
}

/* By the first tolerance given. */
static void
judge(struct group *group, const struct channel_cells *cells)
{
	const struct target *target = cells->target;
	struct verdict verdict = { 0 };

	for (size_t k = 0; k < target->positions.count; k++)
		verdict_add(&verdict, VERDICT_RULE_DEFAULT, target->layer,
			positions_at(&target->positions, k),
			group_value(cells, k, 1));
	group->judged += verdict.interior > 0;
	group->saturated += verdict_saturated(&verdict);
	group->collapsed += verdict_collapsed(&verdict);
}

void
group_add(struct group *group, const struct channel_cells *cells)
{
	const struct target *target = cells->target;
	struct summary tss = { 0 };

	for (size_t m = 0; m < group->measure_count; m++)
		add_measure(group, cells, m);
	for (size_t k = 0; k < target->positions.count; k++)
		summary_add(&tss, (double)layer_tss(target->layer,
			positions_at(&target->positions, k)));
	summary_add(&group->tss, summary_mean(&tss));
	judge(group, cells);
	group->channels++;
}
