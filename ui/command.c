#include "ui/command.h"

#include <stdio.h>
#include <string.h>

#include "core/util.h"
#include "ui/action.h"
#include "ui/model.h"

const struct command commands[] = {
#define COMMAND(function, name, keys, takes, group, help) \
	{ name, keys, takes, COMMAND_##group, help, action_##function },
#include "ui/command.def"
#undef COMMAND
};

const size_t command_count = LENGTH(commands);

const char *
command_group_title(enum command_group group)
{
	static const char *const titles[] = {
#define COMMAND_GROUP_TITLE(name, title) title,
		COMMAND_GROUP_INFO(COMMAND_GROUP_TITLE)
#undef COMMAND_GROUP_TITLE
	};

	return titles[group];
}

const struct command *
command_find(const char *name)
{
	const struct command *shortest = NULL;
	size_t n = strlen(name), matches = 0;

	for (size_t i = 0; n && i < command_count; i++) {
		if (strncmp(commands[i].name, name, n) != 0)
			continue;
		matches++;
		if (!shortest || strlen(commands[i].name)
			< strlen(shortest->name))
			shortest = &commands[i];
	}
	for (size_t i = 0; shortest && i < command_count; i++)
		if (strncmp(commands[i].name, name, n) == 0
		    && strncmp(commands[i].name, shortest->name,
			strlen(shortest->name)) != 0) {
			status_set(STATUS_USAGE, "\"%s\" may be %zu commands; "
				"type more of it, Tab completes", name,
				matches);
			return NULL;
		}
	if (!shortest)
		status_set(STATUS_USAGE,
			"no command \"%s\"; ? lists them", name);
	return shortest;
}

enum status
command_run(struct model *model, const struct command *command,
	const char *argument)
{
	enum status status;
	char line[PROMPT_MAX];

	if (argument && command->argument[0] == '\0') {
		status = status_set(STATUS_USAGE, "%s takes no argument",
			command->name);
	} else if (!argument && command->argument[0]
	    && command->argument[0] != '[') {
		snprintf(line, sizeof line, "%s ", command->name);
		if (command->run == action_find)
			prompt_open(&model->prompt, '/', "");
		else
			prompt_open(&model->prompt, ':', line);
		return STATUS_OK;
	} else {
		status = command->run(model, argument);
	}
	if (status != STATUS_OK)
		model_say(model, true, "%s", status_text());
	return status;
}
