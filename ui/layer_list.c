#include "ui/layer_list.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/operator.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/layer_stats.h"
#include "ui/model.h"

/* Headers read a frame. */
enum { RESOLVES = 8 };

const char *const layer_sort_names[LAYER_SORTS] = {
	[LAYERS_BY_NAME] = "name", [LAYERS_BY_ESS] = "ess",
	[LAYERS_BY_USE] = "use", [LAYERS_BY_CHANGE] = "change",
	[LAYERS_BY_KIND] = "kind",
};

void
layer_list_done(struct layer_list *list)
{
	free(list->filter);
	free(list->items);
	*list = (struct layer_list){ 0 };
}

/* What a layer is sorted by: the text, then the number. */
struct key {
	size_t layer;
	const char *text;
	double number;                  /* NaN: last */
};

static bool
averages_of(struct layer_averages *out, const struct model *model,
	size_t layer)
{
	return layer < model->stats_count
		&& layer_stats_get(out, model->stats[layer], model);
}

/* Of what is known; NaN: nothing. */
static double
ess_of(const struct model *model, size_t layer)
{
	struct layer_averages averages;

	return averages_of(&averages, model, layer) ? averages.ess : NAN;
}

double
layer_list_change(const struct model *model, size_t layer)
{
	const struct layer *layers = model_dump(model)->layers;
	double ess = ess_of(model, layer);

	if (comparison_on(model))
		return comparison_change(model, layer);
	for (size_t k = layer; k-- > 0;)
		if (layers[k].resolved && layers[k].status == STATUS_OK
		    && layers[k].kind == layers[layer].kind)
			return fabs(ess - ess_of(model, k));
	return NAN;
}

static struct key
key_of(const struct model *model, size_t index)
{
	const struct layer *layer = &model_dump(model)->layers[index];
	bool sound = layer->resolved && layer->status == STATUS_OK;
	struct key key = { index, "", NAN };
	struct layer_averages averages;

	switch (model->list.sort) {
	case LAYERS_BY_ESS:
		key.number = ess_of(model, index);
		break;
	case LAYERS_BY_USE:
		if (averages_of(&averages, model, index))
			key.number = averages.share;
		break;
	case LAYERS_BY_CHANGE:
		if (sound)
			key.number = fabs(layer_list_change(model, index));
		break;
	case LAYERS_BY_KIND:
		/* Behind all names of kinds. */
		key.text = sound ? layer->kind->name : "~";
		break;
	default:
		break;
	}
	return key;
}

/* The layers of a dump are in natural order: equals stay in it. */
static int
compare(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	if (order)
		return order;
	if (!isnan(x->number) && !isnan(y->number)
	    && x->number != y->number)
		return x->number > y->number ? -1 : 1;
	if (isnan(x->number) != isnan(y->number))
		return isnan(x->number) ? 1 : -1;
	return (x->layer > y->layer) - (x->layer < y->layer);
}

static bool
lets_through(const struct layer_list *list, const struct layer *layer)
{
	return !list->filter || fnmatch(list->filter, layer->label, 0) == 0;
}

bool
layer_list_averages(const struct model *model)
{
	return model->layer_rows || (model->list.sort != LAYERS_BY_NAME
		&& model->list.sort != LAYERS_BY_KIND);
}

/* True: some are left. */
static bool
resolve_some(struct dump *dump)
{
	int left = RESOLVES;

	for (size_t i = 0; i < dump->layer_count; i++) {
		if (dump->layers[i].resolved)
			continue;
		if (left-- == 0)
			return true;
		layer_resolve(&dump->layers[i]);
	}
	return false;
}

bool
layer_list_update(struct model *model)
{
	struct layer_list *list = &model->list;
	struct dump *dump = model_dump(model);
	size_t all = dump ? dump->layer_count : 0;
	struct key *keys = xcalloc(all, sizeof *keys);
	bool more = dump && (list->sort != LAYERS_BY_NAME || model->layer_rows)
		&& resolve_some(dump);

	list->count = 0;
	for (size_t i = 0; i < all; i++)
		if (lets_through(list, &dump->layers[i]))
			keys[list->count++] = key_of(model, i);
	qsort(keys, list->count, sizeof *keys, compare);
	free(list->items);
	list->items = xcalloc(list->count, sizeof *list->items);
	for (size_t k = 0; k < list->count; k++)
		list->items[k] = keys[k].layer;
	free(keys);
	return more;
}

size_t
layer_list_place(const struct model *model)
{
	const struct layer_list *list = &model->list;
	size_t next = list->count;

	for (size_t k = 0; k < list->count; k++) {
		if (list->items[k] == model->layer)
			return k;
		if (list->items[k] > model->layer && (next == list->count
			|| list->items[k] < list->items[next]))
			next = k;
	}
	return next < list->count ? next : list->count ? list->count - 1 : 0;
}

size_t
layer_list_at(const struct model *model, size_t place)
{
	return place < model->list.count ? model->list.items[place]
		: model->layer;
}

void
layer_list_step(struct model *model, long steps)
{
	const struct layer_list *list = &model->list;
	size_t place = layer_list_place(model);

	if (!list->count)
		return;
	if (steps < 0)
		place -= size_min(place, (size_t)-steps);
	else
		place = size_min(place + (size_t)steps, list->count - 1);
	model_select_layer(model, list->items[place]);
}
