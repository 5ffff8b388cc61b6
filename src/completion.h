/*
 * Completion for shells, made from the tables of options, subcommands and
 * commands: --print-completion, and what is installed.
 */
#ifndef SRC_COMPLETION_H
#define SRC_COMPLETION_H

#include <stdio.h>

struct subcommand;

/* One of them, "commands", is none: the names of the screen's commands, one a
 * line, which scripts ask for when they are wanted. */
struct completion_shell {
	const char *name;
	void (*print)(FILE *file, const struct subcommand *subs);
};

extern const struct completion_shell completion_shells[];  /* NULL-named end */

/* NULL: no such shell. */
const struct completion_shell *completion_shell_find(const char *name);

/* What may stand behind an option, and what kind of thing that is. */
enum completion_kind {
	COMPLETION_NOTHING,             /* a number: nothing to offer */
	COMPLETION_WORDS,
	COMPLETION_FILES,
	COMPLETION_LAYERS,              /* of the dump on the line */
	COMPLETION_COMMANDS,            /* names of command.def */
};

enum completion_kind completion_kind_of(const char *option,
	const char *argument);

/* The words of an option, blanks between, for free(). */
char *completion_words(const char *option);

void completion_print_bash(FILE *file, const struct subcommand *subs);
void completion_print_zsh(FILE *file, const struct subcommand *subs);
void completion_print_fish(FILE *file, const struct subcommand *subs);

#endif
