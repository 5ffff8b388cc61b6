/*
 * Which pane has the focus, and which stands in the map's place.
 */
#include "ui/action.h"

#include "ui/model.h"
#include "ui/view.h"

/* Through the panes that stand now: the guest, or the map. */
static enum status
move_focus(struct model *model, unsigned steps)
{
	static const enum pane standing[] = {
		PANE_LAYERS, PANE_MAP, PANE_SPECTRUM, PANE_PROFILE,
	};
	enum pane centre = model_centre(model);
	unsigned at = model->focus == centre ? PANE_MAP : model->focus;
	enum pane next = standing[(at + steps) % 4];

	model_focus(model, next == PANE_MAP ? centre : next);
	return STATUS_OK;
}

enum status
action_next_pane(struct model *model, const char *argument)
{
	(void)argument;
	return move_focus(model, 1);
}

enum status
action_previous_pane(struct model *model, const char *argument)
{
	(void)argument;
	return move_focus(model, 3);
}

enum status
action_pane(struct model *model, const char *argument)
{
	const char *names[PANE_COUNT];
	size_t now = model->focus;
	enum status status;

	for (size_t i = 0; i < PANE_COUNT; i++)
		names[i] = views[i]->name;
	status = action_choose(&now, names, PANE_COUNT, argument, "pane");
	if (status == STATUS_OK)
		model_focus(model, (enum pane)now);
	return status;
}

static enum status
focus_on(struct model *model, enum pane pane)
{
	model_focus(model, pane);
	return STATUS_OK;
}

enum status
action_pane_layers(struct model *model, const char *argument)
{
	(void)argument;
	return focus_on(model, PANE_LAYERS);
}

enum status
action_pane_map(struct model *model, const char *argument)
{
	(void)argument;
	return focus_on(model, PANE_MAP);
}

enum status
action_pane_spectrum(struct model *model, const char *argument)
{
	(void)argument;
	return focus_on(model, PANE_SPECTRUM);
}

enum status
action_pane_profile(struct model *model, const char *argument)
{
	(void)argument;
	return focus_on(model, PANE_PROFILE);
}

enum status
action_pane_operator(struct model *model, const char *argument)
{
	(void)argument;
	return focus_on(model, PANE_OPERATOR);
}

enum status
action_pane_text(struct model *model, const char *argument)
{
	(void)argument;
	return focus_on(model, PANE_TEXT);
}

/* The guest in the map's place, or the map again. */
static enum status
toggle(struct model *model, enum pane guest)
{
	model_focus(model, model_centre(model) == guest ? PANE_MAP : guest);
	return STATUS_OK;
}

enum status
action_operator(struct model *model, const char *argument)
{
	(void)argument;
	return toggle(model, PANE_OPERATOR);
}

enum status
action_text(struct model *model, const char *argument)
{
	(void)argument;
	return toggle(model, PANE_TEXT);
}

enum status
action_text_top(struct model *model, const char *argument)
{
	long n;
	enum status status = action_number(&n, argument, 0);

	if (status == STATUS_OK)
		model->text.top = (size_t)n;
	return status;
}
