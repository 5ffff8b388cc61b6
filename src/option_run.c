#include "src/option_run.h"

#include "core/util.h"
#include "src/completion.h"
#include "src/options.h"

enum status
take_command(struct options *options, const char *argument)
{
	options->commands = xreallocarray(options->commands,
		options->command_count + 1, sizeof *options->commands);
	options->commands[options->command_count++] = argument;
	return STATUS_OK;
}

enum status
take_play(struct options *options, const char *argument)
{
	options->play = argument;
	return STATUS_OK;
}

enum status
take_record(struct options *options, const char *argument)
{
	options->record = argument;
	return STATUS_OK;
}

enum status
take_config(struct options *options, const char *argument)
{
	options->config = argument;
	return STATUS_OK;
}

enum status
take_no_config(struct options *options, const char *argument)
{
	(void)argument;
	options->no_config = true;
	return STATUS_OK;
}

enum status
take_print_config(struct options *options, const char *argument)
{
	(void)argument;
	options->ask = ASK_CONFIG;
	return STATUS_OK;
}

enum status
take_demo(struct options *options, const char *argument)
{
	(void)argument;
	options->demo = true;
	return STATUS_OK;
}

enum status
take_fresh(struct options *options, const char *argument)
{
	(void)argument;
	options->fresh = true;
	return STATUS_OK;
}

enum status
take_print_completion(struct options *options, const char *argument)
{
	options->completion = completion_shell_find(argument);
	if (!options->completion)
		return status_set(STATUS_USAGE, "--print-completion '%s': "
			"expected bash, zsh or fish", argument);
	options->ask = ASK_COMPLETION;
	return STATUS_OK;
}

enum status
take_names(struct options *options, const char *argument)
{
	(void)argument;
	options->names = true;
	return STATUS_OK;
}
