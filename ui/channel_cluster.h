/*
 * Rows of numbers put next to those that are like them: in the order of their
 * projection on the first principal component, divided where that leaves the
 * least variance within the parts, and each part again (after principal
 * direction divisive partitioning, Boley 1998). Deterministic; O(rows columns
 * log rows).
 */
#ifndef UI_CHANNEL_CLUSTER_H
#define UI_CHANNEL_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>

/* items: the rows' indices, in any order in, alike beside alike out. rows is
 * row-major, `columns` numbers each. Both are borrowed until it is freed. */
struct clustering;
struct clustering *clustering_new(size_t *items, size_t count,
	const double *rows, size_t columns);
void clustering_free(struct clustering *clustering);

/* Step by step until this thread's CPU clock is at so many seconds;
 * true: all of them are done. */
bool clustering_go_on(struct clustering *clustering, double until);

#endif
