/*
 * Runs what was typed: the commands of a line, one after the other, until one
 * of them fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/command.h"
#include "ui/model.h"
#include "ui/phrase.h"
#include "ui/script.h"

/* The command, and in *argument (for free(); NULL: none) what it is given. */
static const struct command *
read_phrase(char **argument, const struct phrase *phrase, const char *line)
{
	size_t digits = phrase->number_end - phrase->number;
	char *number = digits ? xstrndup(line + phrase->number, digits) : NULL;
	char *given = phrase->end > phrase->argument
		? phrase_argument(phrase, line) : NULL;
	char *name = xstrndup(line + phrase->name,
		phrase->name_end - phrase->name);
	const struct command *command = command_find(!name[0] ? "position"
		: !strcmp(name, "/") ? "find" : name);

	if (command && number && given) {
		status_set(STATUS_USAGE, "%s: \"%s\" or \"%s\"? It takes one",
			command->name, number, given);
		command = NULL;
	}
	*argument = number ? number : given;
	if (number)
		free(given);
	free(name);
	return command;
}

/* "tolerance " and nothing behind it, which its key typed: no, then. */
static bool
declined(const struct command *command, const char *argument,
	const char *line, const struct phrase *phrase)
{
	return !argument && phrase->argument > phrase->name_end
		&& !line[phrase->argument] && command->argument[0]
		&& command->argument[0] != '[';
}

enum status
command_line(struct model *model, const char *line)
{
	enum status status = STATUS_OK;
	struct phrase phrase;
	size_t from = 0;

	while (status == STATUS_OK && phrase_next(&phrase, line, from)) {
		char *argument;
		const struct command *command = read_phrase(&argument, &phrase,
			line);

		if (!command) {
			status = STATUS_USAGE;
			model_say(model, true, "%s", status_text());
		} else if (!declined(command, argument, line, &phrase)) {
			status = command_run(model, command, argument);
		}
		free(argument);
		from = phrase.end;
		if (status == STATUS_OK && script_defer(model->script,
			line + from))
			break;
	}
	return status;
}
