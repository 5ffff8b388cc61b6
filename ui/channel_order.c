#include "ui/channel_order.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/channel_cluster.h"
#include "ui/layer_stats.h"
#include "ui/measure_table.h"
#include "ui/model.h"

/* Positions whose values make two channels alike. */
enum { SAMPLES = 24 };

const char *const channel_sort_names[CHANNEL_SORTS] = {
	[CHANNELS_BY_NUMBER] = "number", [CHANNELS_BY_VALUE] = "value",
	[CHANNELS_BY_MEAN] = "mean", [CHANNELS_BY_LIKENESS] = "cluster",
};

struct key {
	double value;                   /* NaN: last */
	size_t channel;
};

void
channel_order_done(struct channel_order *order)
{
	free(order->channels);
	free(order->places);
	order->channels = order->places = NULL;
	order->layer = NULL;
}

static size_t
known_cells(const struct model *model)
{
	const struct layer *layer = model_layer(model);
	size_t known = 0;

	for (size_t c = 0; c < layer->channels; c++)
		known += session_known(model->session, layer, c);
	return known;
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

static double
value_of(const struct model *model, size_t channel)
{
	const struct channel_order *order = &model->order;
	double value;

	if (order->sort == CHANNELS_BY_MEAN)
		return layer_stats_channel(model->stats[model->layer],
			channel).mean;
	return model_value(&value, model, channel, order->position) ? value
		: NAN;
}

static void
sort_values(struct channel_order *order, const struct model *model,
	size_t count)
{
	struct key *keys = xcalloc(count, sizeof *keys);

	for (size_t c = 0; c < count; c++)
		keys[c] = (struct key){ value_of(model, c), c };
	qsort(keys, count, sizeof *keys, compare);
	for (size_t k = 0; k < count; k++)
		order->channels[k] = keys[k].channel;
	free(keys);
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
sort_alike(struct channel_order *order, const struct model *model,
	size_t count)
{
	double *rows = xcalloc(count * SAMPLES, sizeof *rows);

	for (size_t c = 0; c < count; c++) {
		sample(rows + c * SAMPLES, model, c);
		order->channels[c] = c;
	}
	channel_cluster(order->channels, count, rows, SAMPLES);
	free(rows);
}

static void
make(struct model *model)
{
	struct channel_order *order = &model->order;
	const struct layer *layer = model_layer(model);
	size_t count = layer->channels;

	channel_order_done(order);
	order->channels = xcalloc(count, sizeof *order->channels);
	order->places = xcalloc(count, sizeof *order->places);
	if (order->sort == CHANNELS_BY_LIKENESS)
		sort_alike(order, model, count);
	else
		sort_values(order, model, count);
	for (size_t k = 0; k < count; k++)
		order->places[order->channels[k]] = k;
	order->known = known_cells(model);
	order->layer = layer;
	/* The window shows the cursor's new place. */
	model_set_channel(model, model->channel);
}

void
channel_order_choose(struct model *model, enum channel_sort sort)
{
	channel_order_done(&model->order);
	model->order.sort = sort;
	model->order.position = model->position;
	if (!model_ready(model))
		return;
	if (sort == CHANNELS_BY_MEAN)
		layer_stats_finish(model);
	if (sort == CHANNELS_BY_NUMBER)
		model_set_channel(model, model->channel);
	else
		make(model);
}

void
channel_order_update(struct model *model)
{
	struct channel_order *order = &model->order;
	const struct layer *layer = model_layer(model);
	size_t known;

	if (order->sort == CHANNELS_BY_NUMBER || !model_ready(model))
		return;
	if (order->position >= layer->length)
		order->position = layer->length - 1;
	if (order->layer == layer) {
		/* A quarter more, or all: rows are not to jump about. */
		known = known_cells(model);
		if (known == order->known || (known < order->known
			+ order->known / 4
			&& known < layer->channels * (layer->length - 1)))
			return;
	}
	if (order->sort == CHANNELS_BY_MEAN)
		layer_stats_finish(model);
	make(model);
}

char *
channel_order_text(char out[CHANNEL_ORDER_TEXT], const struct model *model)
{
	const struct channel_order *order = &model->order;

	out[0] = '\0';
	if (order->sort == CHANNELS_BY_VALUE)
		snprintf(out, CHANNEL_ORDER_TEXT, "by value at %zu",
			order->position);
	else if (order->sort != CHANNELS_BY_NUMBER)
		snprintf(out, CHANNEL_ORDER_TEXT, "by %s",
			channel_sort_names[order->sort]);
	return out;
}

size_t
model_channel_at(const struct model *model, size_t place)
{
	const struct channel_order *order = &model->order;

	return order->layer && order->layer == model_layer(model)
		&& place < order->layer->channels ? order->channels[place]
		: place;
}

size_t
model_channel_place(const struct model *model, size_t channel)
{
	const struct channel_order *order = &model->order;

	return order->layer && order->layer == model_layer(model)
		&& channel < order->layer->channels ? order->places[channel]
		: channel;
}
