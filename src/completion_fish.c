/*
 * fish: a line an option and subcommand.
 */
#include "src/completion.h"

#include <stdlib.h>

#include "src/options.h"

static void
print_quoted(FILE *file, const char *text)
{
	fputc('\'', file);
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			fputc('\\', file);
		fputc(*text == '\n' ? ' ' : *text, file);
	}
	fputc('\'', file);
}

static void
print_option(FILE *file, const struct subcommand *sub,
	const struct option_spec *spec)
{
	char *words = completion_words(spec->name);

	fprintf(file, "complete -c esscope -n '__esscope_is %s' -l %s",
		sub->name, spec->name);
	if (spec->letter)
		fprintf(file, " -s %c", spec->letter);
	if (spec->argument)
		switch (completion_kind_of(spec->name, spec->argument)) {
		case COMPLETION_NOTHING:
			fputs(" -x", file);
			break;
		case COMPLETION_WORDS:
			fprintf(file, " -x -a '%s'", words);
			break;
		case COMPLETION_FILES:
			fputs(" -r", file);
			break;
		case COMPLETION_LAYERS:
			fputs(" -x -a '(__esscope_layers)'", file);
			break;
		case COMPLETION_COMMANDS:
			fputs(" -x -a '(esscope --print-completion "
				"commands)'", file);
			break;
		}
	fputs(" -d ", file);
	print_quoted(file, spec->help);
	fputc('\n', file);
	free(words);
}

static const char head[] =
	"# fish completion for esscope, made by\n"
	"# esscope --print-completion fish\n\n"
	"# The subcommand on the line; view without one.\n"
	"function __esscope_is\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -l sub view\n"
	"\tif set -q words[2]; and contains -- $words[2]";

static const char tail[] =
	"\n"
	"\t\tset sub $words[2]\n"
	"\tend\n"
	"\ttest $sub = $argv[1]\n"
	"end\n\n"
	"# The names of the layers of the dump on the line.\n"
	"function __esscope_layers\n"
	"\tfor word in (commandline -opc)[2..-1]\n"
	"\t\tif test -e $word\n"
	"\t\t\tesscope info --names $word 2>/dev/null\n"
	"\t\tend\n"
	"\tend\n"
	"end\n\n";

void
completion_print_fish(FILE *file, const struct subcommand *subs)
{
	fputs(head, file);
	for (const struct subcommand *sub = subs; sub->name; sub++)
		fprintf(file, " %s", sub->name);
	fputs(tail, file);
	for (const struct subcommand *sub = subs; sub->name; sub++) {
		fprintf(file, "complete -c esscope -n __fish_use_subcommand "
			"-a %s -d ", sub->name);
		print_quoted(file, sub->summary);
		fputc('\n', file);
	}
	for (const struct subcommand *sub = subs; sub->name; sub++)
		for (const struct option_spec *spec = option_specs; spec->name;
			spec++)
			if (spec->subcommands & sub->bit)
				print_option(file, sub, spec);
}
