#include "ui/channel_order.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/channel_sorting.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/slider.h"
#include "ui/spell.h"

/* Seconds of CPU in a frame. */
static const double sort_seconds = 4e-3;

void
channel_order_done(struct channel_order *order)
{
	channel_sorting_free(order->sorting);
	free(order->channels);
	free(order->places);
	order->sorting = NULL;
	order->channels = order->places = NULL;
	order->layer = NULL;
	order->serial++;
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
channel_order_choose(struct model *model, struct channel_criterion by)
{
	channel_order_done(&model->order);
	model->order.by = by;
	if (!model_ready(model))
		return;
	if (by.sort == CHANNELS_BY_NUMBER)
		model_set_channel(model, model->channel);
	else
		channel_order_update(model);
}

/* A quarter more, or all: rows are not to jump about. */
static bool
is_wanted(const struct model *model)
{
	const struct channel_order *order = &model->order;
	size_t known, all;

	if (order->layer != model_layer(model))
		return true;
	known = channel_cells_known(model, &all);
	return known != order->known && (known >= order->known
		+ order->known / 4 || known == all);
}

bool
channel_order_update(struct model *model)
{
	struct channel_order *order = &model->order;
	struct spell spell;
	bool done;

	if (order->by.sort == CHANNELS_BY_NUMBER || !model_ready(model))
		return false;
	if (order->sorting && !channel_sorting_fits(order->sorting, model)) {
		channel_sorting_free(order->sorting);
		order->sorting = NULL;
	}
	if (!order->sorting && !is_wanted(model))
		return false;
	if (!order->sorting)
		order->sorting = channel_sorting_new(model);
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
	const struct channel_criterion *by = &model->order.by;
	struct channel_criterion now = channel_criterion_now(model, by->sort);
	char at[32] = "", tolerance[SLIDER_TEXT] = "";
	bool other;

	out[0] = '\0';
	if (by->sort == CHANNELS_BY_NUMBER)
		return out;
	now.position = by->position;
	other = !channel_criterion_equal(by, &now);
	if (by->sort == CHANNELS_BY_VALUE)
		snprintf(at, sizeof at, " at %zu", channel_sorting_position(
			by, model));
	if (other && by->measure->tolerated)
		slider_text(tolerance, by->tolerance);
	snprintf(out, CHANNEL_ORDER_TEXT, "by %s%s%s%s%s%s",
		channel_sort_names[by->sort], at, other ? " of " : "",
		other ? by->measure->name : "", tolerance[0] ? " " : "",
		tolerance);
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
