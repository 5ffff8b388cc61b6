/* Headers of the selected layers are read here; no factor is. */
#include "src/target.h"

#include <stdlib.h>

#include "core/dump.h"
#include "core/hankel.h"
#include "core/util.h"
#include "src/cells.h"
#include "src/options.h"

static enum status
select_layer(struct target *out, const struct selection *selection,
	struct layer *layer)
{
	enum status status = layer_resolve(layer);

	if (status)
		return status_set(status, "%s", layer->error);
	status = selection_channels(selection, layer);
	if (!status)
		status = selection_positions(&out->positions, selection,
			layer);
	out->layer = layer;
	out->channels = layer->channels;
	return status_at(status, "%s: %s", layer->dump->label, layer->label);
}

static void
complain_of_none(const struct layer *layer, target_complaint *complain,
	void *payload)
{
	char *sentence = xasprintf("%s: %s: left out: no interior position is "
		"selected of its length %zu", layer->dump->label, layer->label,
		layer->length);

	complain(payload, false, sentence);
	free(sentence);
}

enum status
target_open(struct dump_list *out, const char *path,
	const struct options *options)
{
	struct dump_list list;
	enum status status = dump_open(&list, path, COMMAND_MEMORY);

	if (status)
		return status;
	status = dump_list_batch(&list, options->batch);
	if (status)
		dump_list_close(&list);
	else
		*out = list;
	return status;
}

enum status
target_open_one(struct dump_list *out, const char *path,
	const struct options *options)
{
	struct dump_list list;
	enum status status = target_open(&list, path, options);

	if (status)
		return status;
	if (list.count != 1) {
		status = status_set(STATUS_USAGE, "%s: holds %zu dumps; name "
			"one of its files", path, list.count);
		dump_list_close(&list);
		return status;
	}
	*out = list;
	return STATUS_OK;
}

struct target_list
target_select(struct dump *dump, const struct selection *selection,
	target_complaint *complain, void *payload)
{
	bool *chosen = xcalloc(dump->layer_count, sizeof *chosen);
	struct target_list list = {
		xcalloc(dump->layer_count, sizeof *list.items), 0,
	};
	enum status status = selection_layers(chosen, selection, dump);

	if (status_at(status, "%s", dump->label))
		complain(payload, true, status_text());
	for (size_t k = 0; k < dump->layer_count && !status; k++) {
		struct target *target = &list.items[list.count];

		if (!chosen[k])
			continue;
		if (select_layer(target, selection, &dump->layers[k]))
			complain(payload, true, status_text());
		else if (!target->positions.count)
			complain_of_none(target->layer, complain, payload);
		else
			list.count++;
	}
	free(chosen);
	return list;
}

double
target_cost(const struct target *target, const struct options *options)
{
	const struct positions *positions = &target->positions;
	double seconds = hankel_cost(target->layer, NULL, 0);

	if (hankel_tries(target->layer, options->choice))
		seconds = hankel_try_cost(target->layer, positions->count);
	else
		for (size_t k = 0; k < positions->count; k++)
			seconds += hankel_cost_at(target->layer,
				positions_at(positions, k));
	return (seconds + channel_seconds) * (double)channel_list_size(
		&options->selection.channels, target->channels);
}
