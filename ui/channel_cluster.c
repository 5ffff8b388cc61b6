#include "ui/channel_cluster.h"

#include <math.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/util.h"

/* Power iterations: the sign of a projection needs no more. */
enum { ITERATIONS = 16, DEPTH_MOST = 24 };

struct cluster {
	const double *rows;
	size_t columns;
	double *mean, *axis, *next;     /* a column each */
};

struct part {
	size_t begin, count;
	int depth;
};

/* Numbers looked at between two looks at the clock. */
enum { NUMBERS_A_LOOK = 1 << 17 };

struct clustering {
	struct cluster cluster;
	size_t *items;
	struct part *parts;             /* to be divided, the last one next */
	size_t left;                    /* of these */
	int step;                       /* of that one: 0 begins it, and each
					 * that follows iterates once */
};

struct projected {
	double at;
	size_t item;
};

static void
find_mean(struct cluster *cluster, const size_t *items, size_t count)
{
	for (size_t c = 0; c < cluster->columns; c++) {
		cluster->mean[c] = 0;
		for (size_t k = 0; k < count; k++)
			cluster->mean[c] += cluster->rows[items[k]
				* cluster->columns + c];
		cluster->mean[c] /= (double)count;
	}
}

static double
project(const struct cluster *cluster, size_t item)
{
	const double *row = cluster->rows + item * cluster->columns;
	double sum = 0;

	for (size_t c = 0; c < cluster->columns; c++)
		sum += (row[c] - cluster->mean[c]) * cluster->axis[c];
	return sum;
}

/* axis = X'X axis, to length 1; false where nothing is left of it. */
static bool
iterate(struct cluster *cluster, const size_t *items, size_t count)
{
	double norm = 0;

	for (size_t c = 0; c < cluster->columns; c++)
		cluster->next[c] = 0;
	for (size_t k = 0; k < count; k++) {
		const double *row = cluster->rows + items[k]
			* cluster->columns;
		double at = project(cluster, items[k]);

		for (size_t c = 0; c < cluster->columns; c++)
			cluster->next[c] += at * (row[c] - cluster->mean[c]);
	}
	for (size_t c = 0; c < cluster->columns; c++)
		norm += cluster->next[c] * cluster->next[c];
	norm = sqrt(norm);
	for (size_t c = 0; c < cluster->columns; c++)
		cluster->axis[c] = norm > 0 ? cluster->next[c] / norm : 0;
	return norm > 0;
}

/* Starts from the row that is farthest from the mean, the first of such: what
 * it spans is never orthogonal to all of them. False where all are alike. */
static bool
begin_axis(struct cluster *cluster, const size_t *items, size_t count)
{
	double farthest = 0;
	size_t start = 0;

	for (size_t k = 0; k < count; k++) {
		const double *row = cluster->rows + items[k]
			* cluster->columns;
		double distance = 0;

		for (size_t c = 0; c < cluster->columns; c++)
			distance += (row[c] - cluster->mean[c])
				* (row[c] - cluster->mean[c]);
		if (distance > farthest) {
			farthest = distance;
			start = k;
		}
	}
	for (size_t c = 0; c < cluster->columns; c++)
		cluster->axis[c] = cluster->rows[items[start]
			* cluster->columns + c] - cluster->mean[c];
	return farthest > 0;
}

/* The axis points to more. */
static void
turn_axis(struct cluster *cluster)
{
	double sum = 0;

	for (size_t c = 0; c < cluster->columns; c++)
		sum += cluster->axis[c];
	for (size_t c = 0; c < cluster->columns && sum < 0; c++)
		cluster->axis[c] = -cluster->axis[c];
}

/* The most along the axis first; equals by number. */
static int
compare(const void *a, const void *b)
{
	const struct projected *x = a, *y = b;

	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

static int
compare_items(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The best place to cut a sorted line in two: sum of squares within both parts
 * least, so that of the parts' own sums, each by its count, is largest. */
static size_t
best_cut(const struct projected *order, size_t count)
{
	double all = 0, left = 0, best = -1;
	size_t cut = 1;

	for (size_t k = 0; k < count; k++)
		all += order[k].at;
	for (size_t k = 1; k < count; k++) {
		double right, between;

		left += order[k - 1].at;
		right = all - left;
		between = left * left / (double)k
			+ right * right / (double)(count - k);
		if (between > best) {
			best = between;
			cut = k;
		}
	}
	return cut;
}

/* False where all items are alike. */
static bool
begin_division(struct cluster *cluster, size_t *items, size_t count)
{
	/* Sums come out the same whatever the order was. */
	qsort(items, count, sizeof *items, compare_items);
	find_mean(cluster, items, count);
	return begin_axis(cluster, items, count);
}

/* The items along the axis; returns where to cut. */
static size_t
end_division(struct cluster *cluster, size_t *items, size_t count)
{
	struct projected *order = xcalloc(count, sizeof *order);
	size_t cut;

	turn_axis(cluster);
	for (size_t k = 0; k < count; k++)
		order[k] = (struct projected){ project(cluster, items[k]),
			items[k] };
	qsort(order, count, sizeof *order, compare);
	for (size_t k = 0; k < count; k++)
		items[k] = order[k].item;
	cut = best_cut(order, count);
	free(order);
	return cut;
}

struct clustering *
clustering_new(size_t *items, size_t count, const double *rows, size_t columns)
{
	struct clustering *clustering = xcalloc(1, sizeof *clustering);
	struct cluster *cluster = &clustering->cluster;

	cluster->rows = rows;
	cluster->columns = columns;
	cluster->mean = xcalloc(3 * columns, sizeof(double));
	cluster->axis = cluster->mean + columns;
	cluster->next = cluster->axis + columns;
	clustering->items = items;
	clustering->parts = xcalloc(count + 1, sizeof *clustering->parts);
	if (count > 1)
		clustering->parts[clustering->left++]
			= (struct part){ 0, count, 0 };
	return clustering;
}

void
clustering_free(struct clustering *clustering)
{
	if (!clustering)
		return;
	free(clustering->cluster.mean);
	free(clustering->parts);
	free(clustering);
}

/* In place of a part, those of its parts that can be divided further. */
static void
cut_part(struct clustering *all, struct part part, size_t cut)
{
	struct part first = { part.begin, cut, part.depth + 1 };
	struct part second = { part.begin + cut, part.count - cut,
		part.depth + 1 };

	/* Single rows cut off one by one cost too much. */
	if (part.depth >= DEPTH_MOST)
		return;
	if (first.count > 2)
		all->parts[all->left++] = first;
	if (second.count > 2)
		all->parts[all->left++] = second;
}

/* A step of dividing the last part; returns the numbers looked at. */
static size_t
step_on(struct clustering *all)
{
	struct cluster *cluster = &all->cluster;
	struct part part = all->parts[all->left - 1];
	size_t *items = all->items + part.begin;
	bool alike;

	alike = all->step == 0 ? !begin_division(cluster, items, part.count)
		: all->step <= ITERATIONS && !iterate(cluster, items,
			part.count);
	if (!alike && all->step <= ITERATIONS) {
		all->step++;
		return part.count * cluster->columns;
	}
	all->step = 0;
	all->left--;
	if (!alike)
		cut_part(all, part, end_division(cluster, items, part.count));
	return part.count * cluster->columns;
}

bool
clustering_go_on(struct clustering *clustering, double until)
{
	size_t numbers = 0;

	while (clustering->left) {
		numbers += step_on(clustering);
		if (numbers < NUMBERS_A_LOOK)
			continue;
		numbers = 0;
		if (clock_seconds(CLOCK_THREAD_CPUTIME_ID) >= until)
			break;
	}
	return !clustering->left;
}
