#include "ui/input.h"

#include "ui/command.h"
#include "ui/keymap.h"
#include "ui/layout.h"
#include "ui/model.h"
#include "ui/slider.h"
#include "ui/tty.h"
#include "ui/view.h"

static void
complete(struct prompt *prompt)
{
	char text[PROMPT_MAX];

	command_complete(text, sizeof text, prompt->text);
	prompt_set(prompt, text);
}

static void
key(struct model *model, int code)
{
	model_hush(model);
	if (!model->prompt.open)
		keymap_press(model, code);
	else if (code == '\t')
		complete(&model->prompt);
	else if (prompt_key(&model->prompt, code) == PROMPT_ENTERED)
		command_line(model, model->prompt.text);
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
	else if (model->grab == GRAB_PANE)
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
	if (event->key != TTY_KEY_MOUSE) {
		key(model, event->key);
		return;
	}
	layout = layout_new(model, rows, columns);
	if (!layout.small)
		mouse(model, &layout, event);
}
