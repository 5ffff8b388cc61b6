/*
 * bash: tables as case statements, then a function that needs no other file
 * (bash-completion need not be installed).
 */
#include "src/completion.h"

#include <stdlib.h>
#include <string.h>

#include "src/options.h"

/* One line a subcommand: its options. */
static void
print_options(FILE *file, const struct subcommand *subs)
{
	fputs("_esscope_options()\n{\n\tcase $1 in\n", file);
	for (const struct subcommand *sub = subs; sub->name; sub++) {
		fprintf(file, "\t%s) echo '", sub->name);
		for (const struct option_spec *spec = option_specs; spec->name;
			spec++)
			if (spec->subcommands & sub->bit)
				fprintf(file, "--%s%s ", spec->name,
					spec->argument ? "=" : "");
		fputs("' ;;\n", file);
	}
	fputs("\tesac\n}\n\n", file);
}

/* Has an option of that name been before? */
static bool
is_repeated(const struct option_spec *spec)
{
	for (const struct option_spec *p = option_specs; p < spec; p++)
		if (!strcmp(p->name, spec->name))
			return true;
	return false;
}

static void
print_value(FILE *file, const struct option_spec *spec)
{
	static const char *const kinds[] = {
		[COMPLETION_NOTHING] = "nothing", [COMPLETION_WORDS] = "words",
		[COMPLETION_FILES] = "files", [COMPLETION_LAYERS] = "layers",
		[COMPLETION_COMMANDS] = "commands",
	};
	char *words = completion_words(spec->name);

	fputc('\t', file);
	if (spec->letter)
		fprintf(file, "-%c|", spec->letter);
	fprintf(file, "--%s) echo '%s%s%s' ;;\n", spec->name,
		kinds[completion_kind_of(spec->name, spec->argument)],
		words[0] ? " " : "", words);
	free(words);
}

/* What stands behind each option that takes something. */
static void
print_values(FILE *file)
{
	fputs("_esscope_values()\n{\n\tcase $1 in\n", file);
	for (const struct option_spec *spec = option_specs; spec->name; spec++)
		if (spec->argument && !is_repeated(spec))
			print_value(file, spec);
	fputs("\tesac\n}\n\n", file);
}

static const char body[] =
	"# The names of the layers of the dump on the line.\n"
	"_esscope_layers()\n"
	"{\n"
	"\tlocal word name\n"
	"\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	"\t\tword=${word/#\\~\\//$HOME/}\n"
	"\t\t[[ -e $word ]] || continue\n"
	"\t\twhile IFS= read -r name; do\n"
	"\t\t\t[[ $name == \"$1\"* ]] &&\n"
	"\t\t\t\tCOMPREPLY+=(\"$(printf '%q' \"$name\")\")\n"
	"\t\tdone < <(\"${COMP_WORDS[0]/#\\~\\//$HOME/}\" info --names "
	"\"$word\" 2>/dev/null)\n"
	"\tdone\n"
	"}\n"
	"\n"
	"_esscope_words()\n"
	"{\n"
	"\tlocal current=$1 word\n"
	"\tshift\n"
	"\tfor word; do\n"
	"\t\t[[ $word == \"$current\"* ]] && COMPREPLY+=(\"$word\")\n"
	"\tdone\n"
	"}\n"
	"\n"
	"_esscope_files()\n"
	"{\n"
	"\tlocal name\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\twhile IFS= read -r name; do\n"
	"\t\tCOMPREPLY+=(\"$name\")\n"
	"\tdone < <(compgen -f -- \"$1\")\n"
	"}\n"
	"\n"
	"_esscope()\n"
	"{\n"
	"\tlocal current=${COMP_WORDS[COMP_CWORD]} option= sub=view kind\n"
	"\tCOMPREPLY=()\n"
	"\t[[ -n $(_esscope_options \"${COMP_WORDS[1]}\") ]] && "
	"sub=${COMP_WORDS[1]}\n"
	"\tif [[ $current == = ]]; then\n"
	"\t\toption=${COMP_WORDS[COMP_CWORD-1]} current=\n"
	"\telif [[ ${COMP_WORDS[COMP_CWORD-1]} == = ]]; then\n"
	"\t\toption=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\telif [[ $current != -* ]]; then\n"
	"\t\toption=${COMP_WORDS[COMP_CWORD-1]}\n"
	"\tfi\n"
	"\tkind=$(_esscope_values \"$option\")\n"
	"\tcase $kind in\n"
	"\tnothing) return ;;\n"
	"\twords*) _esscope_words \"$current\" ${kind#words} ; return ;;\n"
	"\tfiles) _esscope_files \"$current\" ; return ;;\n"
	"\tcommands) _esscope_words \"$current\" $(\"${COMP_WORDS[0]/#\\~\\//"
	"$HOME/}\" --print-completion commands) ; return ;;\n"
	"\tlayers) _esscope_layers \"$current\" ; return ;;\n"
	"\tesac\n"
	"\tif [[ $current == -* ]]; then\n"
	"\t\t_esscope_words \"$current\" $(_esscope_options \"$sub\")\n"
	"\t\t[[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null\n"
	"\telse\n"
	"\t\t((COMP_CWORD == 1)) && _esscope_words \"$current\" "
	"$_esscope_subcommands\n"
	"\t\t_esscope_files \"$current\"\n"
	"\tfi\n"
	"}\n"
	"\n"
	"complete -F _esscope esscope\n";

void
completion_print_bash(FILE *file, const struct subcommand *subs)
{
	fputs("# bash completion for esscope, made by\n"
		"# esscope --print-completion bash\n\n", file);
	fputs("_esscope_subcommands='", file);
	for (const struct subcommand *sub = subs; sub->name; sub++)
		fprintf(file, "%s%s", sub == subs ? "" : " ", sub->name);
	fputs("'\n\n", file);
	print_options(file, subs);
	print_values(file);
	fputs(body, file);
}
