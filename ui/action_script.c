/*
 * Commands for scripts: what the keyboard and the mouse do, and what is asked
 * of the event loop.
 */
#include "ui/action.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/input.h"
#include "ui/keymap.h"
#include "ui/model.h"
#include "ui/script.h"
#include "ui/tty.h"
#include "ui/utf8.h"

enum { SIDE_MAX = 1000, SLEEP_MAX = 600000, NESTED_MAX = 20 };

enum status
action_source(struct model *model, const char *argument)
{
	return script_source(model->script, argument);
}

/* A key may be bound to keys, and these to it. */
static enum status
press(struct model *model, int key)
{
	struct script_request *request = script_request(model->script);

	if (request->nested == NESTED_MAX)
		return status_set(STATUS_USAGE, "keys that press keys, more "
			"than %d deep", NESTED_MAX);
	request->nested++;
	input_event(model, model->rows, model->columns,
		&(struct event){ .key = key });
	request->nested--;
	return STATUS_OK;
}

enum status
action_key(struct model *model, const char *argument)
{
	int key = keymap_key_of_name(argument);

	if (key == KEY_NONE)
		return status_set(STATUS_USAGE, "\"%s\" is no key; try x, "
			"Ctrl-X, F1 or PageUp", argument);
	return press(model, key);
}

enum status
action_keys(struct model *model, const char *argument)
{
	enum status status = STATUS_OK;

	while (*argument && status == STATUS_OK) {
		uint32_t code;

		argument += utf8_decode(&code, argument);
		if (code == UTF8_INVALID)
			return status_set(STATUS_USAGE,
				"keys: this is not UTF-8");
		status = press(model, (int)code);
	}
	return status;
}

enum status
action_pointer(struct model *model, const char *argument)
{
	static const char *const names[] = {
		[MOUSE_PRESS] = "press", [MOUSE_DRAG] = "drag",
		[MOUSE_RELEASE] = "release", [MOUSE_WHEEL_UP] = "wheel-up",
		[MOUSE_WHEEL_DOWN] = "wheel-down",
	};
	char name[16] = "";
	int row, column, end = 0;

	if (sscanf(argument, "%15s %d %d %n", name, &row, &column, &end) != 3
	    || argument[end])
		name[0] = '\0';
	for (size_t i = 0; i < LENGTH(names); i++) {
		if (strcmp(name, names[i]))
			continue;
		input_event(model, model->rows, model->columns,
			&(struct event){ .key = TTY_KEY_MOUSE,
			.action = (enum mouse_action)i, .row = row,
			.column = column });
		return STATUS_OK;
	}
	return status_set(STATUS_USAGE, "\"%s\" is nothing a mouse does; try "
		"press 3 40", argument);
}

static enum status
want(struct model *model, struct script_request request)
{
	struct script_request *now = script_request(model->script);

	free(now->path);
	request.nested = now->nested;
	*now = request;
	return STATUS_OK;
}

enum status
action_wait(struct model *model, const char *argument)
{
	if (argument && strcmp(argument, "all"))
		return status_set(STATUS_USAGE, "wait, or wait all");
	return want(model, (struct script_request){
		.want = argument ? SCRIPT_WAIT_ALL : SCRIPT_WAIT });
}

enum status
action_sleep(struct model *model, const char *argument)
{
	long n;
	enum status status = action_number(&n, argument, 0);

	if (status == STATUS_OK && n > SLEEP_MAX)
		status = status_set(STATUS_USAGE,
			"at most %d milliseconds", SLEEP_MAX);
	if (status != STATUS_OK)
		return status;
	return want(model, (struct script_request){ .want = SCRIPT_SLEEP,
		.number = n });
}

enum status
action_resize(struct model *model, const char *argument)
{
	int rows, columns, end = 0;

	if (sscanf(argument, "%dx%d%n", &columns, &rows, &end) != 2
	    || argument[end] || rows < 1 || columns < 1 || rows > SIDE_MAX
	    || columns > SIDE_MAX)
		return status_set(STATUS_USAGE,
			"\"%s\" is no size; try 160x48", argument);
	return want(model, (struct script_request){ .want = SCRIPT_RESIZE,
		.rows = rows, .columns = columns });
}

enum status
action_screenshot(struct model *model, const char *argument)
{
	return want(model, (struct script_request){ .want = SCRIPT_SCREENSHOT,
		.path = xstrdup(argument) });
}
