#include "ui/channel_order.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/channel_sorting.h"
#include "ui/layer_stats.h"
#include "ui/model.h"
#include "ui/spell.h"

/* Seconds of CPU in a frame. */
static const double sort_seconds = 4e-3;

const char *const channel_sort_names[CHANNEL_SORTS] = {
	[CHANNELS_BY_NUMBER] = "number", [CHANNELS_BY_VALUE] = "value",
	[CHANNELS_BY_MEAN] = "mean", [CHANNELS_BY_LIKENESS] = "cluster",
};

void
channel_order_done(struct channel_order *order)
{
	channel_sorting_free(order->sorting);
	free(order->channels);
	free(order->places);
	order->sorting = NULL;
	order->channels = order->places = NULL;
	order->layer = NULL;
}

void
channel_order_keep_window(struct model *model, size_t begin)
{
	model->order.begin_asked = begin;
	model->order.begin_left = model->channels.begin;
}

/* The window shows the cursor's new place, from where it was asked to be
 * unless it was moved since. */
static void
show_cursor(struct model *model)
{
	struct channel_order *order = &model->order;

	if (model->channels.begin != order->begin_left)
		order->begin_asked = model->channels.begin;
	model->channels.begin = order->begin_asked;
	model_set_channel(model, model->channel);
	order->begin_left = model->channels.begin;
}

static void
take_over(struct model *model, struct channel_sorting *sorting)
{
	struct channel_order *order = &model->order;
	const struct layer *layer = model_layer(model);
	size_t known = channel_sorting_known(sorting);
	size_t *channels = channel_sorting_take(sorting);

	channel_order_done(order);
	order->channels = channels;
	order->places = xcalloc(layer->channels, sizeof *order->places);
	for (size_t k = 0; k < layer->channels; k++)
		order->places[channels[k]] = k;
	order->known = known;
	order->layer = layer;
	show_cursor(model);
}

void
channel_order_choose(struct model *model, enum channel_sort sort)
{
	channel_order_done(&model->order);
	model->order.sort = sort;
	model->order.position = model->position;
	if (!model_ready(model))
		return;
	if (sort == CHANNELS_BY_NUMBER)
		model_set_channel(model, model->channel);
	else
		channel_order_update(model);
}

/* A quarter more, or all: rows are not to jump about. */
static bool
is_wanted(const struct model *model)
{
	const struct channel_order *order = &model->order;
	const struct layer *layer = model_layer(model);
	size_t known;

	if (order->layer != layer)
		return true;
	known = channel_cells_known(model);
	return known != order->known && (known >= order->known
		+ order->known / 4
		|| known == layer->channels * (layer->length - 1));
}

/* Means are known once a pass at this tolerance is over. */
static bool
is_known(struct model *model)
{
	struct layer_averages averages;

	if (model->order.sort != CHANNELS_BY_MEAN)
		return true;
	layer_stats_finish(model);
	return layer_stats_get(&averages, model->stats[model->layer], model)
		&& !averages.stale;
}

bool
channel_order_due(const struct model *model)
{
	return model->order.sort == CHANNELS_BY_MEAN && model_ready(model)
		&& is_wanted(model);
}

bool
channel_order_update(struct model *model)
{
	struct channel_order *order = &model->order;
	struct spell spell;
	bool done;

	if (order->sort == CHANNELS_BY_NUMBER || !model_ready(model))
		return false;
	order->position = size_min(order->position,
		model_layer(model)->length - 1);
	if (order->sorting && !channel_sorting_fits(order->sorting, model)) {
		channel_sorting_free(order->sorting);
		order->sorting = NULL;
	}
	if (!order->sorting) {
		if (!is_wanted(model))
			return false;
		if (!is_known(model))
			return true;
		order->sorting = channel_sorting_new(model);
	}
	spell = spell_begin(model, sort_seconds);
	done = channel_sorting_go_on(order->sorting, model, spell);
	spell_end(model, spell);
	if (!done)
		return true;
	take_over(model, order->sorting);
	return false;
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
