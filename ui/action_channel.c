/*
 * Steps through the channels of a layer by what they are: saturated or
 * collapsed, or where the two definitions of ESS disagree (disagreement.h);
 * and how the map shows them.
 */
#include <stdlib.h>

#include "core/operator.h"
#include "core/summary.h"
#include "core/util.h"
#include "ui/action.h"
#include "ui/disagreement.h"
#include "ui/layer_list.h"
#include "ui/layer_stats.h"
#include "ui/missing.h"
#include "ui/model.h"

static void
say_verdict(struct model *model, const char *place,
	const struct layer_channel *channel)
{
	bool saturated = channel->saturated;

	model_say(model, false, "%sch %zu is %s: ESS %s of %s at %zu of %zu "
		"interior positions%s", place, model->channel, saturated
		? "saturated" : "collapsed", saturated ? ">= 90%" : "<= 10%",
		layer_unbounded(model_layer(model)) ? "the ceiling" : "TSS",
		saturated ? channel->verdict.high : channel->verdict.low,
		channel->verdict.interior, channel->complete ? ""
		: " computed so far");
}

/* "; 5 channels failed and are not judged", or nothing. */
enum { FAILED_WORDS = 80 };

static void
failed_words(char out[FAILED_WORDS], size_t failed)
{
	out[0] = '\0';
	if (failed)
		snprintf(out, FAILED_WORDS, "; %zu channel%s failed and %s not "
			"judged", failed, failed == 1 ? "" : "s",
			failed == 1 ? "is" : "are");
}

/* Through the places of the map, round its ends. */
static enum status
step_verdict(struct model *model, size_t direction)
{
	struct layer_averages averages;
	char failed[FAILED_WORDS];
	size_t count, place;

	if (!model_ready(model))
		return STATUS_OK;
	layer_stats_finish(model);
	if (!layer_stats_get(&averages, model->stats[model->layer], model)
	    || averages.stale)
		return status_set(STATUS_MISSING, "the channels of %s are "
			"still counted at this tolerance: once more in a "
			"moment", model_layer(model)->label);
	count = model_layer(model)->channels;
	place = model_channel_place(model, model->channel);
	for (size_t n = 0; n < count; n++) {
		struct layer_channel channel;
		size_t c;

		place = (place + direction) % count;
		c = model_channel_at(model, place);
		channel = layer_stats_channel(model->stats[model->layer], c);
		if (!channel.saturated && !channel.collapsed)
			continue;
		model_set_channel(model, c);
		say_verdict(model, "", &channel);
		return STATUS_OK;
	}
	failed_words(failed, averages.failed);
	return status_set(STATUS_MISSING, "no channel of %s is saturated or "
		"collapsed at this tolerance%s%s", model_layer(model)->label,
		averages.known < averages.wanted ? ", as far as it is computed"
		: "", failed);
}

enum status
action_next_extreme(struct model *model, const char *argument)
{
	(void)argument;
	return step_verdict(model, 1);
}

enum status
action_previous_extreme(struct model *model, const char *argument)
{
	(void)argument;
	return step_verdict(model, model_ready(model)
		? model_layer(model)->channels - 1 : 0);
}

/* Among the places begin .. end - 1 of a layer of the list: the first that is
 * collapsed, or end. Other layers than the selected one have no order. */
static size_t
find_collapsed(const struct model *model, size_t layer, size_t begin,
	size_t end)
{
	bool selected = layer == model->layer;

	while (begin < end && !layer_stats_channel(model->stats[layer],
		selected ? model_channel_at(model, begin) : begin).collapsed)
		begin++;
	return begin;
}

/* What of the list is not judged at this tolerance. */
struct unjudged {
	size_t layers;                  /* not all known */
	size_t failed;                  /* channels */
	size_t known, wanted;           /* cells */
};

static struct unjudged
find_unjudged(const struct model *model)
{
	struct unjudged out = { 0 };

	for (size_t k = 0; k < model->list.count; k++) {
		size_t at = layer_list_at(model, k);
		const struct layer *layer = &model_dump(model)->layers[at];
		struct layer_averages known;

		if (layer->status != STATUS_OK)
			continue;
		if (!layer_stats_get(&known, model->stats[at], model))
			known = (struct layer_averages){ .wanted
				= layer->channels * layer->length };
		out.layers += known.stale || known.known < known.wanted;
		out.failed += known.failed;
		out.known += known.known;
		out.wanted += known.wanted;
	}
	return out;
}

static enum status
none_collapsed(const struct model *model)
{
	struct unjudged left = find_unjudged(model);
	char failed[FAILED_WORDS], size[MISSING_MEMORY];
	size_t bytes = session_short_of(model->session, left.known,
		left.wanted);

	missing_memory(size, bytes);
	failed_words(failed, left.failed);
	if (!left.layers)
		return status_set(STATUS_MISSING, "no channel of any layer "
			"is collapsed at this tolerance%s", failed);
	if (bytes)
		return status_set(STATUS_MISSING, "no collapsed channel in "
			"what memory holds: %s%s", size, failed);
	return status_set(STATUS_MISSING, "no collapsed channel so far; "
		"%zu layer%s not all computed%s", left.layers, left.layers == 1
		? " is" : "s are", failed);
}

static void
go_to_collapsed(struct model *model, size_t layer, size_t place)
{
	struct layer_channel channel;
	char *name;

	if (layer != model->layer)
		model_select_layer(model, layer);
	else
		place = model_channel_at(model, place);
	model_set_channel(model, place);
	channel = layer_stats_channel(model->stats[layer], place);
	name = xasprintf("%s ", model_layer(model)->label);
	say_verdict(model, name, &channel);
	free(name);
}

/* From the cursor through the rest of the layer, those after it in the list,
 * from its start again, and back to the cursor. */
enum status
action_next_collapsed(struct model *model, const char *argument)
{
	size_t count = model->list.count, here;

	(void)argument;
	if (!model_ready(model))
		return STATUS_OK;
	layer_stats_finish_list(model);
	here = model_channel_place(model, model->channel) + 1;
	for (size_t k = 0; count && k <= count; k++) {
		size_t layer = layer_list_at(model,
			(layer_list_place(model) + k) % count);
		bool selected = layer == model->layer;
		size_t end = selected && k == count ? here
			: model_dump(model)->layers[layer].channels;
		size_t place = find_collapsed(model, layer,
			selected && k == 0 ? here : 0, end);

		if (place < end) {
			go_to_collapsed(model, layer, place);
			return STATUS_OK;
		}
	}
	return none_collapsed(model);
}

enum status
action_disagreement(struct model *model, const char *argument)
{
	(void)argument;
	return model_ready(model) ? disagreement_start(model) : STATUS_OK;
}

enum status
action_rows(struct model *model, const char *argument)
{
	static const char *const names[] = { "channels", "layers" };
	size_t now = model->layer_rows;
	enum status status = action_choose(&now, names, 2, argument, "rows");

	if (status != STATUS_OK)
		return status;
	model->layer_rows = now;
	layer_list_update(model);
	model_say(model, false, "rows of the map: %s", now
		? "layers, reduced over their channels" : "channels");
	return STATUS_OK;
}

enum status
action_digits(struct model *model, const char *argument)
{
	enum status status = action_switch(&model->look.digits, argument,
		"digits");

	if (status == STATUS_OK)
		model_say(model, false, "digits in the cells: %s",
			model->look.digits ? "on" : "off");
	return status;
}
