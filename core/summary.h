/*
 * Means, extremes, totals and verdicts over cells, as DESIGN 2 defines them:
 * the mean over positions first, then the plain mean over channels; a total
 * weights each channel by its width. Order of addition is fixed by the order
 * of calls, so the same rows come out whatever the number of threads.
 */
#ifndef CORE_SUMMARY_H
#define CORE_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/operator.h"

struct summary {
	size_t count;
	double sum, min, max;
};

void summary_add(struct summary *summary, double value);
void summary_merge(struct summary *summary, const struct summary *other);
double summary_mean(const struct summary *summary);   /* 0 when empty */

/* Saturated: ESS / TSS >= high on at least half of the interior positions;
 * collapsed: <= low likewise. TSS that grows with i is replaced by the
 * ceiling. Thresholds are ours, not the paper's. */
struct verdict_rule {
	double high, low;
};

#define VERDICT_RULE_DEFAULT ((struct verdict_rule){ 0.9, 0.1 })

struct verdict {
	size_t interior;        /* positions judged; 0: no verdict */
	size_t high, low;       /* of those, at or beyond the thresholds */
};

void verdict_add(struct verdict *verdict, struct verdict_rule rule,
	const struct layer *layer, size_t position, double ess);
bool verdict_saturated(const struct verdict *verdict);
bool verdict_collapsed(const struct verdict *verdict);

#endif
