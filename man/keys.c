/*
 * Prints the table of commands (ui/command.def) as mdoc, for the KEYS section
 * of esscope(1): one list a group, the keys first.
 */
#include <stdio.h>
#include <string.h>

#include "core/util.h"
#include "ui/command.h"

static const struct {
	enum command_group group;
	const char *name, *keys, *argument, *help;
} rows[] = {
#define COMMAND(function, name, keys, takes, group, help) \
	{ COMMAND_##group, name, keys, takes, help },
#include "ui/command.def"
#undef COMMAND
};

static const char *const titles[] = {
#define TITLE(name, title) title,
	COMMAND_GROUP_INFO(TITLE)
#undef TITLE
};

/* One word of a macro line, safe from being taken for a delimiter, a macro or
 * a request. */
static void
print_word(const char *word, size_t n)
{
	fputs(" \\&", stdout);
	for (size_t i = 0; i < n; i++) {
		if (word[i] == '\\')
			fputs("\\e", stdout);
		else if (word[i] == '-')
			fputs("\\-", stdout);
		else
			putchar(word[i]);
	}
	/* A mark at its end is part of it, too. */
	if (n > 1 && word[n - 1] == '!')
		fputs("\\&", stdout);
}

static void
print_keys(const char *keys)
{
	const char *between = ".It Ic";

	while (*(keys += strspn(keys, " "))) {
		size_t n = strcspn(keys, " ");

		fputs(between, stdout);
		print_word(keys, n);
		between = " , Ic";
		keys += n;
	}
	fputs(between[0] == '.' ? ".It" : " ,", stdout);
}

static void
print_argument(const char *argument)
{
	size_t n = strlen(argument);

	if (n > 2 && argument[0] == '[')
		printf(" Op Ar %.*s", (int)n - 2, argument + 1);
	else if (n)
		printf(" Ar %s", argument);
}

int
main(void)
{
	for (size_t g = 0; g < LENGTH(titles); g++) {
		printf(".Ss %s\n.Bl -tag -width Ds -compact\n", titles[g]);
		for (size_t i = 0; i < LENGTH(rows); i++) {
			if (rows[i].group != g)
				continue;
			print_keys(rows[i].keys);
			fputs(" Cm", stdout);
			print_word(rows[i].name, strlen(rows[i].name));
			print_argument(rows[i].argument);
			printf("\n\\&%s.\n", rows[i].help);
		}
		puts(".El");
	}
	return 0;
}
