/*
 * What may be typed next on the ":" line: names of commands, and of what their
 * arguments are (layers, palettes, files ...), as command.def says it.
 */
#ifndef UI_COMPLETE_H
#define UI_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

struct model;
struct prompt;

struct completion {
	char **words;                   /* sorted */
	size_t count;
	size_t from;                    /* the byte of the line they replace */
	size_t chosen;                  /* count: none yet */
	char *typed;                    /* what was there */
	bool names;                     /* they are of commands to run */
	bool offered;                   /* Tab was pressed once */
};

/* NULL: nothing can follow. */
struct completion *completion_new(const struct model *model,
	const struct prompt *prompt);
void completion_free(struct completion *completion);

/* Tab (1) and BackTab (-1): the only word; else the first time as much as all
 * share, then one after the other and what was typed. */
void completion_turn(struct completion *completion, struct prompt *prompt,
	int direction);

/* What the argument is called in command.def, without brackets: the index-th
 * word of it, of *size bytes; NULL: no more. */
const char *complete_kind(const char *takes, size_t index, size_t *size);

#endif
