/*
 * A - B of the measure, cell by cell (comparison.h): of channel c and position
 * i of the selected layer, and of the layer of that name in the other dump. Of
 * log measures it is the difference of log10, so decades.
 */
#ifndef UI_DIFFERENCE_H
#define UI_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

struct model;
struct summary;

/* a[i - begin] and b[i - begin], the measure itself of the model's own dump and
 * of the other, for positions begin .. end - 1 of a channel; NaN where it is
 * not known, or the layer has no such cell. */
void difference_values(double *a, double *b, const struct model *model,
	size_t channel, size_t begin, size_t end);

/* Of two such values; NaN where one of them is. */
double difference_of(const struct model *model, double a, double b);

/* One cell; false: not known. */
bool difference_get(double *out, const struct model *model, size_t channel,
	size_t position);

/* The differences of a channel at positions begin .. end - 1, for free(). */
double *difference_cells(const struct model *model, size_t channel,
	size_t begin, size_t end);

/* Adds those of a channel that are known. */
void difference_add(struct summary *sum, const struct model *model,
	size_t channel, size_t begin, size_t end);

/* What stands for several in one pixel: the largest in size, the mean, or the
 * smallest in size. */
double difference_reduced(const struct model *model,
	const struct summary *sum);

#endif
