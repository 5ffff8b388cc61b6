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

enum status
position_sums_begin(struct position_sums *sums, const struct target *target,
	size_t measure_count)
{
	size_t cells;
	void *memory;
	enum status status;

	if (!size_mul(&cells, target->positions.count, measure_count))
		cells = (size_t)-1;
	status = util_alloc(&memory, cells, sizeof *sums->items,
		"means of one layer");
	if (status)
		return status;
	memset(memory, 0, cells * sizeof *sums->items);
	sums->items = memory;
	sums->measure_count = measure_count;
	return STATUS_OK;
}

void
position_sums_end(struct position_sums *sums)
{
	free(sums->items);
	sums->items = NULL;
}

void
position_sums_add(struct position_sums *sums,
	const struct channel_cells *cells)
{
	struct summary *to = sums->items;

	for (size_t k = 0; k < cells->target->positions.count; k++)
		for (size_t m = 0; m < sums->measure_count; m++)
			summary_add(to++, group_value(cells, k, m));
}

const struct summary *
position_sums_at(const struct position_sums *sums, size_t index)
{
	return &sums->items[index * sums->measure_count];
}

void
position_set_add(struct position_set *set, const struct positions *positions)
{
	size_t needed = positions->count
		? positions_at(positions, positions->count - 1) + 1 : 0;

	if (needed > set->size) {
		set->has = xreallocarray(set->has, needed, sizeof *set->has);
		memset(set->has + set->size, 0,
			(needed - set->size) * sizeof *set->has);
		set->size = needed;
	}
	for (size_t k = 0; k < positions->count; k++)
		set->has[positions_at(positions, k)] = true;
}

size_t
position_set_count(const struct position_set *set)
{
	size_t count = 0;

	for (size_t i = 0; i < set->size; i++)
		count += set->has[i];
	return count;
}

void
position_set_clear(struct position_set *set)
{
	free(set->has);
	*set = (struct position_set){ NULL, 0 };
}
