/*
 * What the commands of command.def do: action_NAME(model, argument), where
 * argument is NULL if none was given. Failures leave a sentence.
 */
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct model;

#define COMMAND(function, name, keys, takes, group, help) \
	enum status action_##function(struct model *model, const char *argument);
#include "ui/command.def"
#undef COMMAND

/* A whole number 0 .. ACTION_NUMBER_MAX; NULL is the fallback. */
enum { ACTION_NUMBER_MAX = 1000000000 };
enum status action_number(long *out, const char *argument, long fallback);

/* The index of a word in names, or the one after `now` where no word is
 * given; what and the words go into the sentence. */
enum status action_choose(size_t *now, const char *const *names, size_t count,
	const char *argument, const char *what);

/* Likewise on or off. */
enum status action_switch(bool *on, const char *argument, const char *what);

#endif
