#include "ui/channel_sorting.h"

#include <math.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/summary.h"
#include "core/util.h"
#include "ui/channel_cluster.h"
#include "ui/measure_table.h"
#include "ui/model.h"

/* Positions whose values make two channels alike; cells at a time, and between
 * two looks at the clock. */
enum { SAMPLES = 24, CELLS = 512, CELLS_A_LOOK = 2048 };

struct channel_sorting {
	struct channel_criterion by;
	const struct layer *layer;
	size_t known;
	size_t next;                    /* channel to be looked at, */
	size_t position;                /* and cell of it, where all are */
	struct summary sum;             /* of those before */
	size_t columns;                 /* numbers of one */
	double *rows;
	size_t *channels;               /* at each place; NULL: taken */
	struct clustering *clustering;  /* or NULL */
};

struct key {
	double value;                   /* NaN: last */
	size_t channel;
};

size_t
channel_cells_known(const struct model *model, size_t *all)
{
	const struct layer *layer = model_layer(model);
	size_t known = 0;

	*all = 0;
	for (size_t c = 0; c < layer->channels; c++) {
		known += session_known(model->session, layer, c);
		if (!session_failure(model->session, layer, c))
			*all += layer->length - 1;
	}
	return known;
}

size_t
channel_sorting_position(const struct channel_criterion *by,
	const struct model *model)
{
	return size_min(by->position, model_layer(model)->length - 1);
}

struct channel_sorting *
channel_sorting_new(const struct model *model)
{
	const struct channel_order *order = &model->order;
	struct channel_sorting *sorting = xcalloc(1, sizeof *sorting);
	size_t count = model_layer(model)->channels, all;

	sorting->by = order->by;
	sorting->layer = model_layer(model);
	sorting->position = 1;
	sorting->known = channel_cells_known(model, &all);
	sorting->columns = order->by.sort == CHANNELS_BY_LIKENESS ? SAMPLES : 1;
	sorting->rows = xcalloc(count * sorting->columns,
		sizeof *sorting->rows);
	sorting->channels = xcalloc(count, sizeof *sorting->channels);
	for (size_t c = 0; c < count; c++)
		sorting->channels[c] = c;
	return sorting;
}

void
channel_sorting_free(struct channel_sorting *sorting)
{
	if (!sorting)
		return;
	clustering_free(sorting->clustering);
	free(sorting->rows);
	free(sorting->channels);
	free(sorting);
}

bool
channel_sorting_fits(const struct channel_sorting *sorting,
	const struct model *model)
{
	return sorting->layer == model_layer(model)
		&& channel_criterion_equal(&sorting->by, &model->order.by);
}

/* NaN where it is not computed. */
static double
value_at(const struct channel_sorting *sorting, const struct model *model,
	size_t channel, size_t position)
{
	const struct channel_criterion *by = &sorting->by;
	struct spectrum spectrum;
	struct measured cell;

	if (!session_spectrum(&spectrum, model->session, sorting->layer,
		channel, position))
		return NAN;
	cell = measured_cell(sorting->layer, &spectrum, by->tolerance);
	return by->measure->value(&cell);
}

/* A channel's values at positions spread evenly; of one that is not computed
 * there, 0. */
static void
sample(double *row, const struct channel_sorting *sorting,
	const struct model *model, size_t channel)
{
	size_t cells = sorting->layer->length - 1;

	for (size_t k = 0; k < SAMPLES; k++) {
		row[k] = value_at(sorting, model, channel,
			1 + (2 * k + 1) * cells / (2 * SAMPLES));
		if (isnan(row[k]))
			row[k] = 0;
	}
}

static void
add_spectrum(void *payload, const struct spectrum *spectrum)
{
	struct channel_sorting *sorting = payload;
	struct measured cell = measured_cell(sorting->layer, spectrum,
		sorting->by.tolerance);

	summary_add(&sorting->sum, sorting->by.measure->value(&cell));
}

static void
add_counts(struct channel_sorting *sorting, const struct model *model,
	size_t end)
{
	struct measured cell = { .layer = sorting->layer };
	uint32_t counts[CELLS];

	if (!session_count(counts, model->session, cell.layer, sorting->next,
		sorting->position, end, sorting->by.tolerance))
		return;
	for (size_t i = sorting->position; i < end; i++) {
		cell.position = i;
		cell.tolerance_ess = counts[i - sorting->position];
		if (counts[i - sorting->position] != ESS_UNKNOWN)
			summary_add(&sorting->sum,
				sorting->by.measure->value(&cell));
	}
}

/* Some cells of the next channel, of which the last make its mean; returns how
 * many. */
static size_t
add_cells(struct channel_sorting *sorting, const struct model *model)
{
	size_t length = sorting->layer->length, begin = sorting->position;
	size_t end = size_min(begin + CELLS, length);

	if (!session_known(model->session, sorting->layer, sorting->next))
		end = length;
	else if (sorting->by.measure->by_count)
		add_counts(sorting, model, end);
	else
		session_each(model->session, sorting->layer, sorting->next,
			begin, end, (struct hankel_sink){ add_spectrum,
				sorting });
	sorting->position = end;
	if (end == length) {
		sorting->rows[sorting->next++] = sorting->sum.count
			? summary_mean(&sorting->sum) : NAN;
		sorting->position = 1;
		sorting->sum = (struct summary){ 0 };
	}
	return size_min(end - begin, CELLS);
}

/* At the next channel, or some of it; returns the cells it took. */
static size_t
look_at_next(struct channel_sorting *sorting, const struct model *model)
{
	size_t channel = sorting->next;
	double *row = sorting->rows + channel * sorting->columns;

	if (sorting->by.sort == CHANNELS_BY_MEAN)
		return add_cells(sorting, model);
	sorting->next++;
	if (sorting->by.sort == CHANNELS_BY_LIKENESS)
		sample(row, sorting, model, channel);
	else
		*row = value_at(sorting, model, channel,
			channel_sorting_position(&sorting->by, model));
	/* They are found one by one. */
	return SAMPLES;
}

static int
compare(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (isnan(x->value) != isnan(y->value))
		return isnan(x->value) ? 1 : -1;
	if (!isnan(x->value) && x->value != y->value)
		return x->value > y->value ? -1 : 1;
	return (x->channel > y->channel) - (x->channel < y->channel);
}

static void
sort_values(struct channel_sorting *sorting)
{
	size_t count = sorting->layer->channels;
	struct key *keys = xcalloc(count, sizeof *keys);

	for (size_t c = 0; c < count; c++)
		keys[c] = (struct key){ sorting->rows[c], c };
	qsort(keys, count, sizeof *keys, compare);
	for (size_t k = 0; k < count; k++)
		sorting->channels[k] = keys[k].channel;
	free(keys);
}

bool
channel_sorting_go_on(struct channel_sorting *sorting,
	const struct model *model, struct spell spell)
{
	size_t count = sorting->layer->channels, cells = 0;

	while (sorting->next < count) {
		cells += look_at_next(sorting, model);
		if (cells < CELLS_A_LOOK)
			continue;
		if (spell_over(spell))
			return false;
		cells = 0;
	}
	if (sorting->by.sort != CHANNELS_BY_LIKENESS) {
		sort_values(sorting);
		return true;
	}
	if (!sorting->clustering)
		sorting->clustering = clustering_new(sorting->channels, count,
			sorting->rows, sorting->columns);
	return clustering_go_on(sorting->clustering, spell.until);
}

size_t *
channel_sorting_take(struct channel_sorting *sorting)
{
	size_t *channels = sorting->channels;

	sorting->channels = NULL;
	return channels;
}

size_t
channel_sorting_known(const struct channel_sorting *sorting)
{
	return sorting->known;
}
