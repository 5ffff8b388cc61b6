#include "ui/channel_sorting.h"

#include <math.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/channel_cluster.h"
#include "ui/layer_stats.h"
#include "ui/measure_table.h"
#include "ui/model.h"

/* Positions whose values make two channels alike; channels between two looks
 * at the clock. */
enum { SAMPLES = 24, CHANNELS_A_LOOK = 64 };

struct channel_sorting {
	enum channel_sort sort;
	size_t position;
	const struct layer *layer;
	const struct measure_kind *measure;
	struct tolerance tolerance;
	size_t known;
	size_t next;                    /* channel to be looked at */
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
channel_cells_known(const struct model *model)
{
	const struct layer *layer = model_layer(model);
	struct layer_averages averages;
	size_t known = 0;

	/* Means are those of the last finished pass. */
	if (model->order.sort == CHANNELS_BY_MEAN)
		return layer_stats_get(&averages, model->stats[model->layer],
			model) ? averages.known : 0;
	for (size_t c = 0; c < layer->channels; c++)
		known += session_known(model->session, layer, c);
	return known;
}

struct channel_sorting *
channel_sorting_new(const struct model *model)
{
	const struct channel_order *order = &model->order;
	struct channel_sorting *sorting = xcalloc(1, sizeof *sorting);
	size_t count = model_layer(model)->channels;

	sorting->sort = order->sort;
	sorting->position = order->position;
	sorting->layer = model_layer(model);
	sorting->measure = model->measure;
	sorting->tolerance = model->tolerance;
	sorting->known = channel_cells_known(model);
	sorting->columns = order->sort == CHANNELS_BY_LIKENESS ? SAMPLES : 1;
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
		&& sorting->sort == model->order.sort
		&& sorting->position == model->order.position
		&& sorting->measure == model->measure
		&& sorting->tolerance.kind == model->tolerance.kind
		&& sorting->tolerance.value == model->tolerance.value;
}

/* A channel's values at positions spread evenly; of one that is not computed
 * there, 0. */
static void
sample(double *row, const struct model *model, size_t channel)
{
	size_t cells = model_layer(model)->length - 1;

	for (size_t k = 0; k < SAMPLES; k++)
		if (!model_value(&row[k], model, channel,
			1 + (2 * k + 1) * cells / (2 * SAMPLES)))
			row[k] = 0;
}

static void
look_at(struct channel_sorting *sorting, const struct model *model,
	size_t channel)
{
	double *row = sorting->rows + channel * sorting->columns;

	if (sorting->sort == CHANNELS_BY_LIKENESS)
		sample(row, model, channel);
	else if (sorting->sort == CHANNELS_BY_MEAN)
		*row = layer_stats_channel(model->stats[model->layer],
			channel).mean;
	else if (!model_value(row, model, channel, sorting->position))
		*row = NAN;
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
	size_t count = sorting->layer->channels;

	while (sorting->next < count) {
		look_at(sorting, model, sorting->next++);
		if (sorting->next % CHANNELS_A_LOOK == 0
		    && spell_over(spell))
			return false;
	}
	if (sorting->sort != CHANNELS_BY_LIKENESS) {
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
