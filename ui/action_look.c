/*
 * How the screen looks: colours, background, the mouse; and where the window
 * of the map is. What configuration and sessions are made of.
 */
#include "ui/action.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/util.h"
#include "ui/colour.h"
#include "ui/command.h"
#include "ui/model.h"
#include "ui/script.h"

enum { XTERM_COLOURS = 256 };

/* What a terminal cannot know it is not sent. */
static enum status
none_here(const char *what)
{
	return status_set(STATUS_USAGE, "no %s: the terminal's entry (TERM) is "
		"of one without xterm's modes", what);
}

enum status
action_mouse(struct model *model, const char *argument)
{
	bool now = model->mouse;
	enum status status = action_switch(&now, argument, "state");

	if (status != STATUS_OK)
		return status;
	if (now && model->plain)
		return none_here("mouse");
	model->mouse = now;
	model_say(model, false, "the mouse is %s", now ? "on" : "off");
	return STATUS_OK;
}

enum status
action_sync(struct model *model, const char *argument)
{
	static const char *const names[] = { "on", "off" };
	size_t now = model->unbracketed;
	enum status status = action_choose(&now, names, 2, argument, "state");

	if (status != STATUS_OK)
		return status;
	if (!now && model->plain)
		return none_here("synchronized output");
	model->unbracketed = now;
	model_say(model, false, "synchronized output is %s", names[now]);
	return STATUS_OK;
}

static void
set_look(struct model *model, enum colour_mode mode, bool light)
{
	model->look = look_with(&model->look, mode, light);
}

enum status
action_background(struct model *model, const char *argument)
{
	static const char *const names[] = { "dark", "light" };
	size_t now = model->look.light;
	enum status status = action_choose(&now, names, 2, argument,
		"background");

	if (status == STATUS_OK)
		set_look(model, model->look.mode, now);
	return status;
}

/* No more than the terminal was opened with; but true colour where it draws
 * by our own sequences with 256. */
enum status
action_color(struct model *model, const char *argument)
{
	const char *const *names = colour_mode_names;
	size_t now = model->colours;
	enum status status = STATUS_OK;

	if (strcmp(argument, "auto"))
		status = action_choose(&now, names, COLOUR_MODES,
			!strcmp(argument, "never") ? "mono" : argument,
			"kind of colour");
	if (status != STATUS_OK)
		return status;
	if (now > (size_t)model->colours_most)
		return status_set(STATUS_USAGE, "the screen was opened with "
			"%s; give --color=%s", names[model->colours],
			names[now]);
	set_look(model, (enum colour_mode)now, model->look.light);
	return STATUS_OK;
}

enum status
action_role(struct model *model, const char *argument)
{
	char name[32] = "", value[16] = "";
	int end = 0, role;
	char *rest;
	long n;

	if (sscanf(argument, "%31s %15s %n", name, value, &end) != 2
	    || argument[end])
		return status_set(STATUS_USAGE,
			"role takes a name and a colour: role warning 196");
	role = colour_role_find(name);
	if (role < 0)
		return status_set(STATUS_USAGE, "no role \"%s\"; Tab lists "
			"them", name);
	if (!strcmp(value, "default")) {
		model->look.roles[role] = 0;
		return STATUS_OK;
	}
	n = strtol(value, &rest, 10);
	if (*rest || n < 0 || n >= XTERM_COLOURS)
		return status_set(STATUS_USAGE, "\"%s\" is no colour; there "
			"are 0 to %d, and default", value, XTERM_COLOURS - 1);
	model->look.roles[role] = (uint16_t)(n + 1);
	return STATUS_OK;
}

/* The folders are those of configuration; a name is no path. */
enum status
action_theme(struct model *model, const char *argument)
{
	enum status status;

	if (strchr(argument, '/') || argument[0] == '.')
		return status_set(STATUS_USAGE,
			"\"%s\" is no name of a theme", argument);
	memset(model->look.roles, 0, sizeof model->look.roles);
	if (!strcmp(argument, "default"))
		return STATUS_OK;
	for (char **folder = model->themes; folder && *folder; folder++) {
		char *path = xasprintf("%s/%s", *folder, argument);

		status = script_source(model->script, path);
		free(path);
		if (status != STATUS_MISSING)
			return status;
	}
	return status_set(STATUS_MISSING, "no theme \"%s\"; it would be a "
		"file %s%s%s", argument, model->themes ? model->themes[0]
		: "themes", "/", argument);
}

/* "2@64,1@8": half as many cells so often, from that one on; positions, then
 * channels. */
enum status
action_zoom(struct model *model, const char *argument)
{
	int zooms[2] = { 0 }, end = 0;
	size_t begins[2] = { 0 };

	if (sscanf(argument, "%d@%zu,%d@%zu%n", &zooms[0], &begins[0],
		&zooms[1], &begins[1], &end) < 2
	    || (end && argument[end])
	    || zooms[0] < 0 || zooms[0] > WINDOW_ZOOM_MAX || zooms[1] < 0
	    || zooms[1] > WINDOW_ZOOM_MAX)
		return status_set(STATUS_USAGE,
			"\"%s\" is no zoom; try 2@64 or 2@64,1@8", argument);
	model->positions = (struct window){ begins[0], zooms[0] };
	model->channels = (struct window){ begins[1], zooms[1] };
	/* Into the layer, and to the cursor. */
	model_set_position(model, model->position);
	channel_order_keep_window(model, begins[1]);
	return STATUS_OK;
}
