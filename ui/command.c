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
		prompt_open(&model->prompt, line);
		return STATUS_OK;
	} else {
		status = command->run(model, argument);
	}
	if (status != STATUS_OK)
		model_say(model, true, "%s", status_text());
	return status;
}

enum status
command_line(struct model *model, const char *line)
{
	const struct command *command;
	char name[PROMPT_MAX], argument[PROMPT_MAX];
	size_t n;

	line += strspn(line, " ");
	n = strcspn(line, " ");
	if (n == 0)
		return STATUS_OK;
	snprintf(name, sizeof name, "%.*s", (int)n, line);
	line += n;
	line += strspn(line, " ");
	snprintf(argument, sizeof argument, "%s", line);
	command = command_find(name);
	if (!command) {
		model_say(model, true, "%s", status_text());
		return STATUS_USAGE;
	}
	/* "tolerance " and nothing behind it: no, then. */
	if (!argument[0] && line[-1] == ' ' && command->argument[0]
	    && command->argument[0] != '[')
		return STATUS_OK;
	return command_run(model, command, argument[0] ? argument : NULL);
}

void
command_complete(char *out, size_t size, const char *line)
{
	const char *first = NULL;
	size_t n = strlen(line), shared = 0;

	for (size_t i = 0; i < command_count; i++) {
		const char *name = commands[i].name;
		size_t k = 0;

		if (strncmp(name, line, n) != 0)
			continue;
		if (!first) {
			first = name;
			shared = strlen(name);
		}
		while (k < shared && first[k] == name[k])
			k++;
		shared = k;
	}
	if (first)
		snprintf(out, size, "%.*s", (int)shared, first);
	else
		snprintf(out, size, "%s", line);
}
