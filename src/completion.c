#include "src/completion.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "src/options.h"
#include "src/picture.h"
#include "src/writer.h"
#include "ui/colour.h"
#include "ui/command.h"
#include "ui/measure_table.h"
#include "ui/view.h"

static void
print_commands(FILE *file, const struct subcommand *subs)
{
	(void)subs;
	for (size_t i = 0; i < command_count; i++)
		fprintf(file, "%s\n", commands[i].name);
}

const struct completion_shell completion_shells[] = {
	{ "bash", completion_print_bash },
	{ "zsh", completion_print_zsh },
	{ "fish", completion_print_fish },
	{ "commands", print_commands },
	{ NULL, NULL },
};

const struct completion_shell *
completion_shell_find(const char *name)
{
	for (const struct completion_shell *s = completion_shells; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

static void
add(FILE *file, const char *word)
{
	fprintf(file, "%s%s", ftell(file) ? " " : "", word);
}

static void
add_measures(FILE *file)
{
	for (size_t i = 0; i < measure_kind_count; i++)
		add(file, measure_kinds[i].name);
}

static void
add_palettes(FILE *file)
{
	for (size_t i = 0; i < colour_palette_count; i++)
		add(file, colour_palettes[i].name);
}

static void
add_panes(FILE *file)
{
	for (size_t i = 0; i < PANE_COUNT; i++)
		add(file, views[i]->name);
}

static void
add_views(FILE *file)
{
	add(file, "screen");
	add_panes(file);
}

static void
add_reducers(FILE *file)
{
	for (size_t i = 0; i < REDUCER_COUNT; i++)
		add(file, reducer_names[i]);
}

static void
add_rows(FILE *file)
{
	for (size_t i = 0; per_names[i]; i++)
		add(file, per_names[i]);
}

static void
add_columns(FILE *file)
{
	for (size_t i = 0; with_names[i]; i++)
		add(file, with_names[i]);
}

/* Of compute and of render: the program says which it takes. */
static void
add_formats(FILE *file)
{
	for (size_t i = 0; writers[i]; i++)
		add(file, writers[i]->name);
	for (size_t i = 0; picture_formats[i].name; i++) {
		bool known = false;

		for (size_t k = 0; writers[k]; k++)
			known |= !strcmp(writers[k]->name,
				picture_formats[i].name);
		if (!known)
			add(file, picture_formats[i].name);
	}
}

static void
add_shells(FILE *file)
{
	for (const struct completion_shell *s = completion_shells; s->name; s++)
		add(file, s->name);
}

/* By the option's name, whatever the subcommand. */
static const struct {
	const char *option;
	const char *words;
	void (*add)(FILE *file);
} lists[] = {
	{ "color", "auto truecolor 256 16 mono", NULL },
	{ "focus", NULL, add_panes },
	{ "format", NULL, add_formats },
	{ "measure", NULL, add_measures },
	{ "method", "auto direct block state sliding", NULL },
	{ "palette", NULL, add_palettes },
	{ "per", NULL, add_rows },
	{ "print-completion", NULL, add_shells },
	{ "reducer", NULL, add_reducers },
	{ "scale", "auto ceiling seen", NULL },
	{ "spacing", "linear log sqrt", NULL },
	{ "view", NULL, add_views },
	{ "with", NULL, add_columns },
};

char *
completion_words(const char *option)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	for (size_t i = 0; i < LENGTH(lists); i++) {
		if (strcmp(lists[i].option, option))
			continue;
		if (lists[i].words)
			add(file, lists[i].words);
		else
			lists[i].add(file);
	}
	fclose(file);
	return text;
}

enum completion_kind
completion_kind_of(const char *option, const char *argument)
{
	if (!strcmp(option, "layer"))
		return COMPLETION_LAYERS;
	if (!strcmp(option, "command"))
		return COMPLETION_COMMANDS;
	if (!strcmp(argument, "FILE") || !strcmp(argument, "OUT"))
		return COMPLETION_FILES;
	for (size_t i = 0; i < LENGTH(lists); i++)
		if (!strcmp(lists[i].option, option))
			return COMPLETION_WORDS;
	return COMPLETION_NOTHING;
}
