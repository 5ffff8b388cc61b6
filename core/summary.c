#include "core/summary.h"

void
summary_add(struct summary *summary, double value)
{
	if (!summary->count || value < summary->min)
		summary->min = value;
	if (!summary->count || value > summary->max)
		summary->max = value;
	summary->sum += value;
	summary->count++;
}

void
summary_merge(struct summary *summary, const struct summary *other)
{
	if (!other->count)
		return;
	if (!summary->count || other->min < summary->min)
		summary->min = other->min;
	if (!summary->count || other->max > summary->max)
		summary->max = other->max;
	summary->sum += other->sum;
	summary->count += other->count;
}

double
summary_mean(const struct summary *summary)
{
	return summary->count ? summary->sum / (double)summary->count : 0;
}

void
verdict_add(struct verdict *verdict, struct verdict_rule rule,
	const struct layer *layer, size_t position, double ess)
{
	double size;

	if (!layer_interior(layer, position))
		return;
	size = (double)layer_capacity(layer, position);
	verdict->interior++;
	verdict->high += ess >= rule.high * size;
	verdict->low += ess <= rule.low * size;
}

bool
verdict_saturated(const struct verdict *verdict)
{
	return verdict->interior && 2 * verdict->high >= verdict->interior;
}

bool
verdict_collapsed(const struct verdict *verdict)
{
	return verdict->interior && 2 * verdict->low >= verdict->interior;
}
