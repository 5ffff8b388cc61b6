#include "ui/action.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/colour.h"
#include "ui/command.h"
#include "ui/keymap.h"
#include "ui/layer_stats.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/script.h"
#include "ui/slider.h"
#include "ui/view.h"

enum status
action_number(long *out, const char *argument, long fallback)
{
	char *end;
	long n;

	if (!argument) {
		*out = fallback;
		return STATUS_OK;
	}
	errno = 0;
	n = strtol(argument, &end, 10);
	if (end == argument || end[strspn(end, " ")] || errno || n < 0
	    || n > ACTION_NUMBER_MAX)
		return status_set(STATUS_USAGE,
			"\"%s\" is no whole number >= 0", argument);
	*out = n;
	return STATUS_OK;
}

static enum status
step_tolerance(struct model *model, const char *argument, int tenths)
{
	enum status status;
	long n;

	status = action_number(&n, argument, 1);
	if (status != STATUS_OK)
		return status;
	n = n > 1000 ? 1000 : n;
	model->tolerance = slider_step(model->tolerance, (int)n * tenths);
	return STATUS_OK;
}

enum status
action_tolerance_down(struct model *model, const char *argument)
{
	return step_tolerance(model, argument, -1);
}

enum status
action_tolerance_up(struct model *model, const char *argument)
{
	return step_tolerance(model, argument, 1);
}

enum status
action_decade_down(struct model *model, const char *argument)
{
	return step_tolerance(model, argument, -10);
}

enum status
action_decade_up(struct model *model, const char *argument)
{
	return step_tolerance(model, argument, 10);
}

/* Of a tolerance that cannot be meant. */
static void
remark(struct model *model)
{
	if (model->tolerance.kind == TOLERANCE_RELATIVE
	    && model->tolerance.value >= 1)
		model_say(model, true, "nothing is above s1, so from rel 1 on "
			"every ESS is 0");
}

enum status
action_tolerance(struct model *model, const char *argument)
{
	enum status status = slider_parse(&model->tolerance, argument,
		model->tolerance);

	if (status == STATUS_OK)
		remark(model);
	return status;
}

enum status
action_absolute(struct model *model, const char *argument)
{
	(void)argument;
	model->tolerance.kind = model->tolerance.kind == TOLERANCE_RELATIVE
		? TOLERANCE_ABSOLUTE : TOLERANCE_RELATIVE;
	remark(model);
	return STATUS_OK;
}

static enum status
move_measure(struct model *model, size_t steps)
{
	size_t at = (size_t)(model->measure - measure_kinds);

	model->measure = &measure_kinds[(at + steps) % measure_kind_count];
	return STATUS_OK;
}

enum status
action_next_measure(struct model *model, const char *argument)
{
	(void)argument;
	return move_measure(model, 1);
}

enum status
action_previous_measure(struct model *model, const char *argument)
{
	(void)argument;
	return move_measure(model, measure_kind_count - 1);
}

enum status
action_measure(struct model *model, const char *argument)
{
	const struct measure_kind *measure = measure_kind_find(argument);
	char names[200];

	if (!measure) {
		measure_kind_names(names, sizeof names);
		return status_set(STATUS_USAGE,
			"no measure \"%s\"; there are %s", argument, names);
	}
	model->measure = measure;
	return STATUS_OK;
}

/* Says so where there is nothing more to zoom. */
static enum status
zoomed(struct model *model, struct bins before, struct bins after)
{
	if (before.count == after.count)
		model_say(model, false, "no further: %zu at once",
			after.count);
	return STATUS_OK;
}

static enum status
zoom_positions(struct model *model, int steps)
{
	struct bins before = model_position_bins(model, 1);

	if (model->focus == PANE_OPERATOR) {
		before = model_row_bins(model, 1);
		model_zoom_entry(model, steps);
		return zoomed(model, before, model_row_bins(model, 1));
	}

	model_zoom_positions(model, steps);
	return zoomed(model, before, model_position_bins(model, 1));
}

static enum status
zoom_channels(struct model *model, int steps)
{
	struct bins before = model_channel_bins(model, 1);

	model_zoom_channels(model, steps);
	return zoomed(model, before, model_channel_bins(model, 1));
}

enum status
action_zoom_in(struct model *model, const char *argument)
{
	(void)argument;
	return zoom_positions(model, 1);
}

enum status
action_zoom_out(struct model *model, const char *argument)
{
	(void)argument;
	return zoom_positions(model, -1);
}

enum status
action_zoom_in_channels(struct model *model, const char *argument)
{
	(void)argument;
	return zoom_channels(model, 1);
}

enum status
action_zoom_out_channels(struct model *model, const char *argument)
{
	(void)argument;
	return zoom_channels(model, -1);
}

enum status
action_zoom_all(struct model *model, const char *argument)
{
	size_t shown, all;

	(void)argument;
	model_zoom_all(model);
	if (!model_ready(model) || model->layer_rows)
		return STATUS_OK;
	shown = model_channel_bins(model, 1).count;
	all = model_layer(model)->channels;
	if (shown < all)
		model_say(model, false, "%zu of %zu channels: no more at once",
			shown, all);
	return STATUS_OK;
}

enum status
action_choose(size_t *now, const char *const *names, size_t count,
	const char *argument, const char *what)
{
	char known[200];
	size_t used = 0;

	if (!argument) {
		*now = (*now + 1) % count;
		return STATUS_OK;
	}
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], argument) == 0) {
			*now = i;
			return STATUS_OK;
		}
	}
	for (size_t i = 0; i < count && used < sizeof known; i++)
		used += (size_t)snprintf(known + used, sizeof known - used,
			"%s%s", i ? ", " : "", names[i]);
	return status_set(STATUS_USAGE, "no %s \"%s\"; there are %s", what,
		argument, known);
}

enum status
action_switch(bool *on, const char *argument, const char *what)
{
	static const char *const names[] = { "off", "on" };
	size_t now = *on;
	enum status status = action_choose(&now, names, 2, argument, what);

	if (status == STATUS_OK)
		*on = now;
	return status;
}

enum status
action_reducer(struct model *model, const char *argument)
{
	size_t now = model->reducer;
	enum status status = action_choose(&now, reducer_names, REDUCER_COUNT,
		argument, "reducer");

	if (status != STATUS_OK)
		return status;
	model->reducer = (enum reducer)now;
	model_say(model, false, "cells that share a pixel: their %s",
		reducer_names[now]);
	return STATUS_OK;
}

enum status
action_palette(struct model *model, const char *argument)
{
	const char *names[16];
	size_t now = (size_t)model->look.palette;
	size_t count = size_min(colour_palette_count, LENGTH(names));
	enum status status;

	for (size_t i = 0; i < count; i++)
		names[i] = colour_palettes[i].name;
	status = action_choose(&now, names, count, argument, "palette");
	if (status != STATUS_OK)
		return status;
	model->look = look_with_palette(&model->look, (int)now);
	model_say(model, false, "palette %s: %s", names[now],
		colour_palettes[now].help);
	return STATUS_OK;
}

enum status
action_full(struct model *model, const char *argument)
{
	enum status status = action_switch(&model->full, argument, "state");

	if (status == STATUS_OK)
		model->help = false;
	return status;
}

enum status
action_repaint(struct model *model, const char *argument)
{
	(void)argument;
	model->repaint = true;
	return STATUS_OK;
}

/* The page over the panes, or none where it is there. */
static void
turn_page(struct model *model, enum page page)
{
	model->help = !model->help || model->page != page;
	model->page = page;
	model->help_row = 0;
	model->help_match = -1;
}

enum status
action_help(struct model *model, const char *argument)
{
	(void)argument;
	turn_page(model, PAGE_HELP);
	return STATUS_OK;
}

enum status
action_define(struct model *model, const char *argument)
{
	(void)argument;
	turn_page(model, PAGE_DEFINE);
	return STATUS_OK;
}

enum status
action_colortest(struct model *model, const char *argument)
{
	(void)argument;
	turn_page(model, PAGE_COLOURS);
	return STATUS_OK;
}

enum status
action_command(struct model *model, const char *argument)
{
	(void)argument;
	prompt_open(&model->prompt, ':', "");
	return STATUS_OK;
}

enum status
action_bind(struct model *model, const char *argument)
{
	const struct command *command;
	char *key = xstrdup(argument), *name = NULL, *rest = NULL;
	enum status status = STATUS_USAGE;

	name = key + strcspn(key, " ");
	if (*name)
		*name++ = '\0';
	name += strspn(name, " ");
	rest = name + strcspn(name, " ");
	if (*rest)
		*rest++ = '\0';
	rest += strspn(rest, " ");
	if (!*name)
		status_set(STATUS_USAGE,
			"bind takes a key and a command: bind x quit");
	else if ((command = command_find(name)))
		status = keymap_bind_argument(model->keymap, key, command,
			*rest ? rest : NULL);
	free(key);
	return status;
}

enum status
action_back(struct model *model, const char *argument)
{
	(void)argument;
	if (model->wish.under_way)
		model->wish.drop = true;
	else if (model->help)
		model->help = false;
	else if (model->anchor)
		model->anchor = 0;
	else if (model->list.filter && model->focus == PANE_LAYERS)
		return action_filter(model, "*");
	else
		model->full = false;
	return STATUS_OK;
}

/* As far as it has come: what is there is kept. */
static void
say_stopped(struct model *model)
{
	struct session_progress progress = session_progress(model->session);

	if (progress.done < progress.wanted)
		model_say(model, false, "stopped: %zu of %zu cells; "
			"a move or ] goes on, q quits", progress.done,
			progress.wanted);
	else
		model_say(model, false, "stopped: this layer is whole, others "
			"are not; a move or ] goes on, q quits");
}

enum status
action_stop(struct model *model, const char *argument)
{
	bool script = script_interrupt(model->script);

	(void)argument;
	if (model->wish.under_way) {
		model->wish.drop = true;
		return STATUS_OK;
	}
	session_stop(model->session);
	if (session_progress(model->session).stopped)
		say_stopped(model);
	else if (script)
		model_say(model, false, "the script is stopped; q quits");
	else
		model_say(model, false, "nothing to stop; q quits esscope");
	return STATUS_OK;
}

enum status
action_suspend(struct model *model, const char *argument)
{
	(void)argument;
	model->suspend = true;
	return STATUS_OK;
}

enum status
action_quit(struct model *model, const char *argument)
{
	(void)argument;
	if (model->help)
		model->help = false;
	else
		model->quit = true;
	return STATUS_OK;
}
