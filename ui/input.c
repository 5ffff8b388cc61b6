#include "ui/input.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/action.h"
#include "ui/command.h"
#include "ui/complete.h"
#include "ui/history.h"
#include "ui/keymap.h"
#include "ui/layout.h"
#include "ui/model.h"
#include "ui/search.h"
#include "ui/slider.h"
#include "ui/trail.h"
#include "ui/tty.h"
#include "ui/view.h"

enum { CONTROL_N = 14, CONTROL_P = 16 };

/* Runs a line as it was typed; an empty one is no, then. */
static void
enter(struct model *model)
{
	char *line = xstrdup(model->prompt.text);

	if (line[strspn(line, " ")]) {
		if (history_add(model->history, model->prompt.sigil, line))
			model_say(model, true, "%s", status_text());
		if (model->prompt.sigil == ':')
			command_line(model, line);
		else if (action_find(model, line))
			model_say(model, true, "%s", status_text());
	}
	free(line);
}

/* A question that was not answered by its line is asked again. */
static void
forget_question(struct model *model)
{
	if (model->wish.export)
		return;
	free(model->wish.asked);
	model->wish.asked = NULL;
}

static void
complete(struct model *model, int direction)
{
	if (model->prompt.sigil != ':')
		return;
	if (!model->completion)
		model->completion = completion_new(model, &model->prompt);
	if (model->completion)
		completion_turn(model->completion, &model->prompt, direction);
}

static void
type(struct model *model, int code)
{
	if (code == '\t' || code == TTY_KEY_BACKTAB) {
		complete(model, code == '\t' ? 1 : -1);
		return;
	}
	completion_free(model->completion);
	model->completion = NULL;
	if (code == TTY_KEY_UP || code == CONTROL_P)
		history_recall(model->history, &model->prompt, 1);
	else if (code == TTY_KEY_DOWN || code == CONTROL_N)
		history_recall(model->history, &model->prompt, -1);
	else if (prompt_key(&model->prompt, code) == PROMPT_ENTERED)
		enter(model);
	if (!model->prompt.open)
		forget_question(model);
}

static void
key(struct model *model, int code)
{
	model_hush(model);
	if (model->prompt.open)
		type(model, code);
	else
		keymap_press(model, code);
}

static int
clamp(int value, int low, int count)
{
	if (value >= low + count)
		value = low + count - 1;
	return value < low ? low : value;
}

static bool
inside(struct rect rect, int row, int column)
{
	return row >= rect.row && row < rect.row + rect.rows
		&& column >= rect.column
		&& column < rect.column + rect.columns;
}

/* The focused pane at a place, or the nearest of its places. */
static void
click(struct model *model, const struct layout *layout,
	const struct event *event)
{
	struct rect rect = layout->panes[model->focus];
	const struct view_kind *view = views[model->focus];

	if (view->click && rect.rows > 0)
		view->click(model, rect,
			clamp(event->row, rect.row, rect.rows) - rect.row,
			clamp(event->column, rect.column, rect.columns)
			- rect.column);
}

static void
press(struct model *model, const struct layout *layout,
	const struct event *event)
{
	enum pane pane = layout_pane(layout, event->row, event->column);

	model->grab = GRAB_NONE;
	if (inside(layout->slider, event->row, event->column)) {
		if (slider_pick(&model->tolerance, layout->slider,
			model->tolerance, event->column, false))
			model->grab = GRAB_SLIDER;
	} else if (pane != PANE_COUNT && !model->help) {
		model_focus(model, pane);
		click(model, layout, event);
		if (model->grab == GRAB_NONE)
			model->grab = GRAB_PANE;
	}
}

static void
drag(struct model *model, const struct layout *layout,
	const struct event *event)
{
	struct rect slider = layout->slider;

	if (model->grab == GRAB_SLIDER)
		slider_pick(&model->tolerance, slider, model->tolerance,
			event->column, true);
	else if (model->grab != GRAB_NONE && model->grab != GRAB_TEXT)
		click(model, layout, event);
}

static void
wheel(struct model *model, const struct layout *layout,
	const struct event *event, int steps)
{
	enum pane pane = layout_pane(layout, event->row, event->column);

	if (inside(layout->slider, event->row, event->column))
		model->tolerance = slider_step(model->tolerance, -steps);
	else if (model->help)
		view_help.wheel(model, layout->body, steps);
	else if (pane != PANE_COUNT && views[pane]->wheel)
		views[pane]->wheel(model, layout->panes[pane], steps);
}

static void
mouse(struct model *model, const struct layout *layout,
	const struct event *event)
{
	if (event->action != MOUSE_DRAG && event->action != MOUSE_RELEASE)
		model_hush(model);
	switch (event->action) {
	case MOUSE_PRESS:
		press(model, layout, event);
		break;
	case MOUSE_DRAG:
		drag(model, layout, event);
		break;
	case MOUSE_RELEASE:
		model->grab = GRAB_NONE;
		break;
	case MOUSE_WHEEL_UP:
		wheel(model, layout, event, -1);
		break;
	case MOUSE_WHEEL_DOWN:
		wheel(model, layout, event, 1);
		break;
	}
}

void
input_event(struct model *model, int rows, int columns,
	const struct event *event)
{
	struct layout layout;

	if (event->key == TTY_KEY_RESIZE)
		return;
	search_stop(model);
	layout = layout_new(model, rows, columns);
	if (event->key != TTY_KEY_MOUSE)
		key(model, event->key);
	else if (!layout.small)
		mouse(model, &layout, event);
	trail_follow(model);
}
