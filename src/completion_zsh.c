/*
 * zsh: a function of _arguments for each subcommand.
 */
#include "src/completion.h"

#include <stdlib.h>
#include <string.h>

#include "src/options.h"

/* One line, without what '[]' and _arguments take for their own. */
static void
print_help(FILE *file, const char *help)
{
	for (; *help; help++) {
		if (*help == '\n')
			fputc(' ', file);
		else if (*help == '\'')
			fputs("'\\''", file);
		else if (strchr("[]:\\", *help))
			fprintf(file, "\\%c", *help);
		else
			fputc(*help, file);
	}
}

static void
print_action(FILE *file, const struct option_spec *spec)
{
	char *words = completion_words(spec->name);

	fprintf(file, ":%s:", spec->argument);
	switch (completion_kind_of(spec->name, spec->argument)) {
	case COMPLETION_NOTHING:
		fputc(' ', file);
		break;
	case COMPLETION_WORDS:
		fprintf(file, "(%s)", words);
		break;
	case COMPLETION_FILES:
		fputs("_files", file);
		break;
	case COMPLETION_LAYERS:
		fputs("_esscope_layers", file);
		break;
	case COMPLETION_COMMANDS:
		fputs("_esscope_commands", file);
		break;
	}
	free(words);
}

static void
print_option(FILE *file, const struct option_spec *spec, bool dashes)
{
	fputs("\t\t'*", file);
	if (dashes)
		fprintf(file, "--%s%s[", spec->name, spec->argument ? "="
			: "");
	else
		fprintf(file, "-%c[", spec->letter);
	print_help(file, spec->help);
	fputc(']', file);
	if (spec->argument)
		print_action(file, spec);
	fputs("' \\\n", file);
}

static void
print_subcommand(FILE *file, const struct subcommand *sub)
{
	fprintf(file, "_esscope_%s()\n{\n\t_arguments -S \\\n", sub->name);
	for (const struct option_spec *spec = option_specs; spec->name;
		spec++) {
		if (!(spec->subcommands & sub->bit))
			continue;
		print_option(file, spec, true);
		if (spec->letter)
			print_option(file, spec, false);
	}
	fputs("\t\t'*:file:_files'\n}\n\n", file);
}

void
completion_print_zsh(FILE *file, const struct subcommand *subs)
{
	fputs("#compdef esscope\n# zsh completion for esscope, made by\n"
		"# esscope --print-completion zsh\n\n"
		"_esscope_commands()\n{\n\tcompadd -- ${(f)\"$(esscope "
		"--print-completion commands)\"}\n}\n\n"
		"# The names of the layers of the dump on the line.\n"
		"_esscope_layers()\n{\n\tlocal word\n\tlocal -a names\n"
		"\tfor word in ${words[2,-1]}; do\n"
		"\t\tword=${(Q)word}\n"
		"\t\t[[ -e $word ]] &&\n"
		"\t\t\tnames+=(${(f)\"$(esscope info --names "
		"$word 2>/dev/null)\"})\n"
		"\tdone\n\tcompadd -a names\n}\n\n", file);
	for (const struct subcommand *sub = subs; sub->name; sub++)
		print_subcommand(file, sub);
	fputs("_esscope()\n{\n\tcase ${words[2]} in\n", file);
	for (const struct subcommand *sub = subs; sub->name; sub++)
		fprintf(file, "\t%s) shift words; ((CURRENT--)); "
			"_esscope_%s; return ;;\n", sub->name, sub->name);
	fputs("\tesac\n\t((CURRENT == 2)) && [[ $PREFIX != -* ]] && compadd",
		file);
	for (const struct subcommand *sub = subs; sub->name; sub++)
		fprintf(file, " %s", sub->name);
	fputs("\n\t_esscope_view\n}\n\n_esscope \"$@\"\n", file);
}
