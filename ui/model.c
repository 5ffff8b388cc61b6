#include "ui/model.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/complete.h"
#include "ui/delimiters.h"
#include "ui/history.h"
#include "ui/keymap.h"
#include "ui/layer_band.h"
#include "ui/layer_curve.h"
#include "ui/layer_scale.h"
#include "ui/layer_stats.h"
#include "ui/map_picture.h"
#include "ui/measure_table.h"
#include "ui/script.h"
#include "ui/search.h"
#include "ui/text_lines.h"
#include "ui/text_ring.h"
#include "ui/seen.h"
#include "ui/spell.h"
#include "ui/trail.h"

/* As many cells as one frame may recount in a few milliseconds. Of a larger
 * layer so many channels are shown at once; positions may always be seen all.
 */
enum { CELLS_SHOWN = 1 << 19 };

/* Fewer cells than this are not zoomed into any further. */
enum { CELLS_ZOOMED = 8 };

struct dump *
model_dump(const struct model *model)
{
	if (model->dump >= session_dump_count(model->session))
		return NULL;
	return session_dump(model->session, model->dump);
}

struct layer *
model_layer(const struct model *model)
{
	struct dump *dump = model_dump(model);

	if (!dump || model->layer >= dump->layer_count)
		return NULL;
	return &dump->layers[model->layer];
}

bool
model_shows(const struct layer *layer)
{
	return layer->resolved && layer->status == STATUS_OK
		&& layer->length >= 2 && layer->channels >= 1;
}

bool
model_ready(const struct model *model)
{
	const struct layer *layer = model_layer(model);

	return layer && model_shows(layer);
}

size_t
window_count(size_t total, int zoom)
{
	size_t count = zoom < 40 ? (total + ((size_t)1 << zoom) - 1) >> zoom : 0;

	return size_max(count, size_min(total, CELLS_ZOOMED));
}

static size_t
positions_shown(const struct model *model)
{
	return window_count(model_layer(model)->length - 1, model->positions.zoom);
}

static size_t
channels_shown(const struct model *model)
{
	return window_count(model_layer(model)->channels, model->channels.zoom);
}

/* Moves the window so that cells first .. first + total - 1 fill it and it
 * shows the cursor; half a window at a time, so that walking along costs a
 * new picture seldom. */
void
window_follow(struct window *window, size_t first, size_t total, size_t count,
	size_t cursor)
{
	if (cursor < window->begin || cursor - window->begin >= count)
		window->begin = cursor > count / 2 ? cursor - count / 2 : 0;
	if (window->begin > first + total - count)
		window->begin = first + total - count;
	if (window->begin < first)
		window->begin = first;
}

static void
follow_cursor(struct model *model)
{
	const struct layer *layer = model_layer(model);

	while (channels_shown(model) > CELLS_ZOOMED
	    && channels_shown(model) > CELLS_SHOWN / positions_shown(model)
	    && model->channels.zoom < 40)
		model->channels.zoom++;
	window_follow(&model->positions, 1, layer->length - 1,
		positions_shown(model), model->position);
	window_follow(&model->channels, 0, layer->channels,
		channels_shown(model),
		model_channel_place(model, model->channel));
}

void
model_set_position(struct model *model, size_t position)
{
	if (!model_ready(model))
		return;
	position = size_max(position, 1);
	model->position = size_min(position, model_layer(model)->length - 1);
	follow_cursor(model);
}

void
model_set_channel(struct model *model, size_t channel)
{
	if (!model_ready(model))
		return;
	model->channel = size_min(channel, model_layer(model)->channels - 1);
	follow_cursor(model);
}

bool
model_span(size_t *first, size_t *count, const struct model *model)
{
	size_t anchor;

	if (!model->anchor || !model_ready(model))
		return false;
	anchor = size_min(model->anchor, model_layer(model)->length - 1);
	*first = size_min(anchor, model->position);
	*count = size_max(anchor, model->position) - *first + 1;
	return true;
}

/* from + steps, not below 0. */
static size_t
stepped(size_t from, long steps)
{
	if (steps < 0)
		return from - size_min(from, (size_t)-steps);
	return size_add(&from, from, (size_t)steps) ? from : SIZE_MAX;
}

void
model_move_position(struct model *model, long steps)
{
	model_set_position(model, stepped(model->position, steps));
}

void
model_move_channel(struct model *model, long steps)
{
	size_t place = stepped(model_channel_place(model, model->channel),
		steps);

	if (model_ready(model))
		model_set_channel(model, model_channel_at(model,
			size_min(place, model_layer(model)->channels - 1)));
}

/* Keeps the cursor where it is on the screen. */
size_t
window_zoomed(const struct window *window, size_t cursor, size_t old,
	size_t new)
{
	double at = (double)(cursor - window->begin) / (double)old;
	size_t before = (size_t)(at * (double)new);

	return cursor > before ? cursor - before : 0;
}

void
model_zoom_positions(struct model *model, int steps)
{
	size_t old;
	int zoom = model->positions.zoom + steps;

	if (!model_ready(model) || zoom < 0)
		return;
	old = positions_shown(model);
	if (steps > 0 && old <= CELLS_ZOOMED)
		return;
	model->positions.zoom = zoom;
	model->positions.begin = window_zoomed(&model->positions,
		model->position, old, positions_shown(model));
	follow_cursor(model);
}

void
model_zoom_channels(struct model *model, int steps)
{
	size_t old;
	int zoom = model->channels.zoom + steps;

	if (!model_ready(model) || zoom < 0)
		return;
	old = channels_shown(model);
	if (steps > 0 && old <= CELLS_ZOOMED)
		return;
	model->channels.zoom = zoom;
	model->channels.begin = window_zoomed(&model->channels,
		model_channel_place(model, model->channel), old,
		channels_shown(model));
	follow_cursor(model);
}

void
model_zoom_all(struct model *model)
{
	model->positions = (struct window){ 0 };
	model->channels = (struct window){ 0 };
	model->entry = (struct operator_cursor){ 0 };
	if (model_ready(model))
		follow_cursor(model);
}

/* Headers of the layer, then the cursor back into its range. */
static void
enter_layer(struct model *model)
{
	struct layer *layer = model_layer(model);

	if (layer)
		layer_resolve(layer);
	if (!model_ready(model))
		return;
	model->channel = size_min(model->channel, layer->channels - 1);
	model->position = size_max(model->position, 1);
	model->position = size_min(model->position, layer->length - 1);
	model->channels.zoom = 0;
	model->entry = (struct operator_cursor){ 0 };
	follow_cursor(model);
}

void
model_select_layer(struct model *model, size_t layer)
{
	const struct dump *dump = model_dump(model);

	if (!dump || dump->layer_count == 0)
		return;
	layer = size_min(layer, dump->layer_count - 1);
	if (layer == model->layer)
		return;
	model->layer = layer;
	enter_layer(model);
}

static void
free_stats(struct model *model)
{
	for (size_t i = 0; i < model->stats_count; i++)
		layer_stats_free(model->stats[i]);
	free(model->stats);
	search_stop(model);
	model->stats = NULL;
	model->stats_count = 0;
}

/* The colours of T stay with the layer of that name. */
static void
turn_operator_scale(struct model *model)
{
	const struct layer *before = model->operator_scale.layer;
	const struct dump *dump = model_dump(model);

	model->operator_scale.layer = before ? dump_layer(dump, before->label,
		model->layer) : NULL;
}

void
model_take_dump(struct model *model, size_t dump, size_t layer)
{
	model->dump = dump;
	turn_operator_scale(model);
	model->layer = layer;
	layer_list_update(model);
	enter_layer(model);
}

void
model_select_dump(struct model *model, size_t dump)
{
	size_t count = session_dump_count(model->session);

	if (count == 0)
		return;
	dump = size_min(dump, count - 1);
	free_stats(model);
	model->stats_count = session_dump(model->session, dump)->layer_count;
	model->stats = xcalloc(model->stats_count, sizeof *model->stats);
	model->scales = layer_scales_turn(model->scales,
		session_dump(model->session, dump));
	model_take_dump(model, dump, model->stats_count
		? size_min(model->layer, model->stats_count - 1)
		: model->layer);
}

enum status
model_select_batch(struct model *model, size_t element)
{
	struct window channels = model->channels;
	enum status status = session_batch(model->session, model->dump,
		element);

	if (status != STATUS_OK)
		return status;
	/* It has tokens of its own. */
	text_ring_forget(model->text_ring);
	delimiters_forget(model->delimiters);
	model_select_dump(model, model->dump);
	model->channels = channels;
	if (model_ready(model))
		follow_cursor(model);
	return STATUS_OK;
}

size_t
model_usable_layer(struct dump *dump)
{
	for (size_t i = 0; i < dump->layer_count; i++)
		if (layer_resolve(&dump->layers[i]) == STATUS_OK)
			return i;
	return 0;
}

struct model *
model_new(struct session *session, struct tolerance tol, struct look look)
{
	struct model *model = xcalloc(1, sizeof *model);

	model->session = session;
	spell_renew(model);
	model->keymap = keymap_new();
	model->history = history_new();
	model->trail = trail_new();
	model->seen = seen_new();
	model->map_picture = map_picture_new();
	model->channel_picture = map_picture_new();
	model->beside_picture = map_picture_new();
	model->script = script_new();
	model->text_ring = text_ring_new();
	model->delimiters = delimiters_new();
	model->help_match = -1;
	model->tolerance = tol;
	model->look = look;
	model->colours = look.mode;
	model->colours_most = look.mode == COLOUR_256 ? COLOUR_TRUE : look.mode;
	model->measure = &measure_kinds[0];
	model_focus(model, PANE_MAP);
	model->position = 1;
	model_select_dump(model, 0);
	if (model_dump(model))
		model_select_layer(model,
			model_usable_layer(model_dump(model)));
	if (model_ready(model))
		model_set_position(model, model_layer(model)->length / 2);
	trail_restart(model);
	return model;
}

enum pane
model_centre(const struct model *model)
{
	bool central = model->focus == PANE_MAP
		|| model->focus >= PANE_OPERATOR;

	return central ? model->focus : model->guest;
}

void
model_focus(struct model *model, enum pane pane)
{
	model->focus = pane;
	model->guest = model_centre(model);
	model->help = false;
}

void
model_free(struct model *model)
{
	if (!model)
		return;
	free_stats(model);
	comparison_end(model);
	layer_scales_free(model->scales);
	layer_list_done(&model->list);
	channel_order_done(&model->order);
	text_lines_free(model->text.lines);
	text_ring_free(model->text_ring);
	delimiters_free(model->delimiters);
	layer_band_free(model->band);
	layer_curve_free(model->curve);
	layer_list_done(&model->list);
	keymap_free(model->keymap);
	history_free(model->history);
	trail_free(model->trail);
	seen_free(model->seen);
	map_picture_free(model->map_picture);
	map_picture_free(model->channel_picture);
	map_picture_free(model->beside_picture);
	script_free(model->script);
	free(model->help_needle);
	for (char **theme = model->themes; theme && *theme; theme++)
		free(*theme);
	free(model->themes);
	completion_free(model->completion);
	free(model->wish.export);
	free(model->wish.marks);
	free(model->wish.copy);
	free(model->wish.asked);
	free(model->message);
	free(model->needle);
	free(model);
}

struct bins
model_position_bins(const struct model *model, int pixels)
{
	if (!model_ready(model))
		return bins_new(0, 0, 0);
	return bins_new(model->positions.begin, positions_shown(model), pixels);
}

struct bins
model_channel_bins(const struct model *model, int pixels)
{
	if (!model_ready(model))
		return bins_new(0, 0, 0);
	return bins_new(model->channels.begin, channels_shown(model), pixels);
}

bool
model_spectrum(struct spectrum *out, const struct model *model)
{
	return model_ready(model) && session_spectrum(out, model->session,
		model_layer(model), model->channel, model->position);
}

const char *
model_failure(const struct model *model)
{
	return model_ready(model) ? session_failure(model->session,
		model_layer(model), model->channel) : NULL;
}

bool
model_value(double *out, const struct model *model, size_t channel,
	size_t position)
{
	const struct layer *layer = model_layer(model);
	struct spectrum spectrum;
	struct measured cell;

	if (!session_spectrum(&spectrum, model->session, layer, channel,
		position))
		return false;
	cell = measured_cell(layer, &spectrum, model->tolerance);
	*out = model->measure->value(&cell);
	return true;
}

struct colour_scale
model_scale(const struct model *model)
{
	struct colour_scale scale = layer_scale(model, model_layer(model));

	comparison_widen(&scale, model);
	return scale;
}

void
model_look(struct model *model)
{
	/* Channels beside each other in another order are all over. */
	bool ordered = model->order.by.sort != CHANNELS_BY_NUMBER;
	struct session_focus focus;

	if (!model_ready(model))
		return;
	focus = (struct session_focus){
		.layer = model_layer(model),
		.channel_begin = ordered ? 0 : model->channels.begin,
		.channel_end = ordered ? model_layer(model)->channels
			: model->channels.begin + channels_shown(model),
		.position_begin = model->positions.begin,
		.position_end = model->positions.begin + positions_shown(model),
		.channel = model->channel,
		.position = model->position,
		.beside = comparison_layer(model),
		.counts = model->measure->by_count,
		.tolerance = model->tolerance,
	};
	session_look(model->session, &focus);
}

void
model_say(struct model *model, bool warning, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	free(model->message);
	model->message = text;
	model->warning = warning;
}

void
model_hush(struct model *model)
{
	free(model->message);
	model->message = NULL;
}
