/*
 * The orders of the layer list and of the channels, and the filter.
 */
#include "ui/action.h"

#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/model.h"

static const char *const words[LAYER_SORTS] = {
	[LAYERS_BY_NAME] = "by name",
	[LAYERS_BY_ESS] = "by average ESS, the largest first",
	[LAYERS_BY_USE] = "by use, the largest first",
	[LAYERS_BY_CHANGE] = ("by change: how far the average ESS is from that "
		"of the layer before it of the same kind or, compared, in "
		"the other dump"),
	[LAYERS_BY_KIND] = "by kind",
};

static const char *const channel_words[CHANNEL_SORTS] = {
	[CHANNELS_BY_NUMBER] = "by number",
	[CHANNELS_BY_VALUE] = "by the value at the cursor, the largest first",
	[CHANNELS_BY_MEAN] = "by their mean over positions, the largest first",
	[CHANNELS_BY_LIKENESS] = "beside those that are like them",
};

static bool
is_one_of(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static enum status
sort_layers(struct model *model, const char *argument)
{
	size_t now = model->list.sort;
	enum status status = action_choose(&now, layer_sort_names,
		LAYER_SORTS, argument, "order of layers");

	if (status != STATUS_OK)
		return status;
	model->list.sort = (enum layer_sort)now;
	layer_list_update(model);
	model_say(model, false, "layers %s", words[now]);
	return STATUS_OK;
}

/* How is what stands behind the sort, or NULL. */
static enum status
sort_channels(struct model *model, const char *argument, const char *how)
{
	size_t now = model->order.by.sort;
	enum status status = action_choose(&now, channel_sort_names,
		CHANNEL_SORTS, argument, "order of channels");
	struct channel_criterion by = channel_criterion_now(model,
		(enum channel_sort)now);
	char text[CHANNEL_ORDER_TEXT];

	if (status == STATUS_OK && how)
		status = channel_criterion_read(&by, how);
	if (status != STATUS_OK)
		return status;
	channel_order_choose(model, by);
	if (how)
		model_say(model, false, "channels %s", channel_order_text(text,
			model));
	else
		model_say(model, false, "channels %s", channel_words[now]);
	return STATUS_OK;
}

/* Of what has the focus, unless the name is one of the other's orders. */
enum status
action_sort(struct model *model, const char *argument)
{
	bool list = model->focus == PANE_LAYERS;
	char *name = argument ? xstrndup(argument, strcspn(argument, " "))
		: NULL;
	const char *how = NULL;
	enum status status;

	if (name && argument[strlen(name)])
		how = argument + strlen(name) + 1;
	if (name && is_one_of(layer_sort_names, LAYER_SORTS, name))
		list = true;
	else if (name && is_one_of(channel_sort_names, CHANNEL_SORTS, name))
		list = false;
	status = list ? sort_layers(model, argument)
		: sort_channels(model, name, how);
	free(name);
	return status;
}

/* What is no pattern is to be found anywhere in a name. */
static char *
pattern_of(const char *text)
{
	return text[strcspn(text, "*?[")] ? xstrdup(text)
		: xasprintf("*%s*", text);
}

enum status
action_filter(struct model *model, const char *argument)
{
	struct layer_list *list = &model->list;
	char *before = list->filter;

	list->filter = strcmp(argument, "*") ? pattern_of(argument) : NULL;
	layer_list_update(model);
	if (!list->count && list->filter) {
		status_set(STATUS_MISSING, "no layer has a name like \"%s\"",
			argument);
		free(list->filter);
		list->filter = before;
		layer_list_update(model);
		return STATUS_MISSING;
	}
	free(before);
	layer_list_step(model, 0);
	model_say(model, false, list->filter
		? "%zu of %zu layers; Esc shows all" : "all %zu layers",
		list->count, model_dump(model)->layer_count);
	return STATUS_OK;
}
