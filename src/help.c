/*
 * The help text: usage, summary, options in columns, details. 80 columns.
 */
#include "src/help.h"

#include <stdio.h>
#include <string.h>

#include "config.h"
#include "src/options.h"

enum { HELP_COLUMN = 26 };

/* Text from HELP_COLUMN on, its further lines below its first. */
static void
print_help(int used, const char *help)
{
	while (*help) {
		size_t n = strcspn(help, "\n");

		printf("%*s%.*s\n", HELP_COLUMN - used, "", (int)n, help);
		used = 0;
		help += n + (help[n] == '\n');
	}
}

static void
print_option(const struct option_spec *spec)
{
	int used;

	if (spec->letter)
		used = printf("  -%c, --%s", spec->letter, spec->name);
	else
		used = printf("      --%s", spec->name);
	if (spec->argument)
		used += printf("=%s", spec->argument);
	print_help(used, spec->help);
}

void
help_print(const struct subcommand *sub, const struct subcommand *subs)
{
	printf("Usage: esscope %s\n%s\n", sub->synopsis, sub->summary);
	if (sub == subs) {
		puts("\nCommands:");
		for (; subs->name; subs++)
			printf("  %-10s%s\n", subs->name, subs->summary);
		puts("\n'esscope COMMAND --help' shows the options of each.");
	}
	puts("\nOptions:");
	for (const struct option_spec *spec = option_specs; spec->name; spec++) {
		if (spec->subcommands & sub->bit)
			print_option(spec);
	}
	if (sub->details)
		printf("\n%s", sub->details);
}

void
help_version(void)
{
	puts(PACKAGE_STRING);
}
