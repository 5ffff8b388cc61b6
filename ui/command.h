/*
 * Actions by name. The table is command.def; what the actions do is action.c.
 */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stddef.h>

#include "core/status.h"

struct model;

/* name, heading in the help */
#define COMMAND_GROUP_INFO(_)     \
	_(MOVE, "Moving")         \
	_(LAYER, "Layers")        \
	_(TOLERANCE, "Tolerance") \
	_(MAP, "Map")             \
	_(SCREEN, "Screen")       \
	_(PROGRAM, "Program")     \
	_(SCRIPT, "Scripts")

enum command_group {
#define COMMAND_GROUP_ENUM(name, title) COMMAND_##name,
	COMMAND_GROUP_INFO(COMMAND_GROUP_ENUM)
#undef COMMAND_GROUP_ENUM
	COMMAND_GROUPS,
};

const char *command_group_title(enum command_group group);

struct command {
	const char *name;
	const char *keys;       /* at start, separated by blanks */
	const char *argument;   /* "", "[N]", "LAYER": command.def */
	enum command_group group;
	const char *help;
	/* argument is NULL where none was given. */
	enum status (*run)(struct model *model, const char *argument);
};

extern const struct command commands[];
extern const size_t command_count;

/* The command of that name, or the one it can only be the beginning of: the
 * shortest, if all others begin with that ("tol" is tolerance, though there
 * is a tolerance-up). Else NULL and a sentence. */
const struct command *command_find(const char *name);

/* Runs it, or opens the ":" line where it needs an argument and has none.
 * A failure is said in the last line and returned. */
enum status command_run(struct model *model, const struct command *command,
	const char *argument);

/* Runs "tolerance abs 1e-3; layer blocks.3" (phrase.h), up to the first that
 * fails. */
enum status command_line(struct model *model, const char *line);

#endif
