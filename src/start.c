#include "src/start.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/session.h"
#include "core/util.h"
#include "src/options.h"
#include "ui/model.h"
#include "ui/measure_table.h"
#include "ui/view.h"

const char *
start_fault(const struct selection *selection)
{
	const struct channel_list *channels = &selection->channels;

	if (channels->count > 1 || (channels->count
	    && channels->spans[0].first != channels->spans[0].last))
		return "the screen starts at one --channel";
	if (selection->range.typed && !selection->range.single)
		return "the screen starts at one --position";
	return NULL;
}

/* The first selected layer of a dump. */
static enum status
find_layer(size_t *out, const struct selection *selection,
	const struct dump *dump)
{
	bool *chosen = xcalloc(dump->layer_count, sizeof *chosen);
	enum status status = selection_layers(chosen, selection, dump);

	for (size_t k = dump->layer_count; !status && k-- > 0;)
		if (chosen[k])
			*out = k;
	free(chosen);
	return status_at(status, "%s", dump->label);
}

/* The first dump that has the layer; else the sentence is of the last. */
static enum status
find_dump(struct start *out, const struct selection *selection,
	struct session *session)
{
	enum status status = STATUS_MISSING;
	size_t d;

	for (d = 0; d < session_dump_count(session); d++) {
		status = find_layer(&out->layer, selection,
			session_dump(session, d));
		if (!status)
			break;
	}
	out->dump = d;
	return status;
}

/* The rest, within the layer. */
static enum status
find_place(struct start *out, const struct selection *selection,
	struct layer *layer)
{
	struct positions positions;
	enum status status = layer_resolve(layer);

	if (status)
		return status_set(status, "%s", layer->error);
	status = selection_channels(selection, layer);
	if (!status)
		status = selection_positions(&positions, selection, layer);
	if (status)
		return status_at(status, "%s: %s", layer->dump->label,
			layer->label);
	if (selection->channels.count)
		out->channel = selection->channels.spans[0].first;
	if (selection->range.typed)
		out->position = positions.first;
	return STATUS_OK;
}

enum status
start_choose(struct start *out, const struct selection *selection,
	struct session *session)
{
	struct start start = { .channel = SIZE_MAX, .position = SIZE_MAX };
	enum status status = STATUS_OK;
	struct dump *dump = session_dump(session, 0);

	start.layer = model_usable_layer(dump);
	start.said = selection->layer_count > 0;
	if (selection->layer_count)
		status = find_dump(&start, selection, session);
	if (status)
		return status;
	dump = session_dump(session, start.dump);
	if (dump->layer_count && (selection->layer_count
	    || selection->channels.count || selection->range.typed))
		status = find_place(&start, selection,
			&dump->layers[start.layer]);
	if (!status)
		*out = start;
	return status;
}

/* As far as there is something left to see. */
static void
zoom(struct model *model, const struct appearance *appearance)
{
	for (size_t k = 0; k < appearance->zooms[0]; k++)
		model_zoom_positions(model, 1);
	for (size_t k = 0; k < appearance->zooms[1]; k++)
		model_zoom_channels(model, 1);
	model->positions.begin = appearance->begins[0];
	model->channels.begin = appearance->begins[1];
}

static void
appear(struct model *model, const struct appearance *appearance)
{
	enum pane pane;

	if (appearance->measure)
		model->measure = appearance->measure;
	if (appearance->reducer >= 0)
		model->reducer = (enum reducer)appearance->reducer;
	if (appearance->scale >= 0)
		model->basis = (enum scale_basis)appearance->scale;
	/* The measure may be that of a session before. */
	if (appearance->limits && !colour_limits_read(&model->limits,
		appearance->limits, model->measure))
		model_say(model, true, "--limits %s: %s is on a log scale, "
			"which has no 0", appearance->limits,
			model->measure->title);
	if (appearance->spacing >= 0)
		model->spacing = (enum spacing)appearance->spacing;
	if (appearance->palette >= 0)
		model->look = look_with_palette(&model->look,
			appearance->palette);
	if (appearance->signs)
		model->signs = SIGNS_LOG;
	if (appearance->focus && view_find(&pane, appearance->focus))
		model_focus(model, pane);
	if (appearance->view && view_find(&pane, appearance->view)) {
		model_focus(model, pane);
		model->full = true;
	} else if (appearance->view) {
		model->full = false;
	}
}

void
start_apply(const struct start *start, const struct appearance *appearance,
	struct model *model, bool resumed)
{
	if (!resumed || start->said) {
		model_select_dump(model, start->dump);
		model_select_layer(model, start->layer);
	}
	appear(model, appearance);
	if (!model_ready(model))
		return;
	if (appearance->zoomed)
		zoom(model, appearance);
	model_set_position(model, start->position != SIZE_MAX
		? start->position : resumed ? model->position
		: model_layer(model)->length / 2);
	model_set_channel(model, start->channel != SIZE_MAX
		? start->channel : model->channel);
	if (appearance->zoomed)
		channel_order_keep_window(model, appearance->begins[1]);
}
