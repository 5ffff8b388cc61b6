/*
 * Keys to commands. Bindings are made by name ("bind Ctrl-L repaint"), those
 * at start from the keys column of command.def by the same road. A number
 * typed before a key becomes the command's argument.
 */
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct command;
struct keymap;
struct model;

/* "PageUp", "Ctrl-L", "x"; KEY_NONE where it is none. And back: the name, in
 * out, of KEY_NAME_MAX bytes. */
enum { KEY_NAME_MAX = 16 };
int keymap_key_of_name(const char *name);
void keymap_name_of_key(char out[KEY_NAME_MAX], int key);

/* The bindings of command.def. */
struct keymap *keymap_new(void);
void keymap_free(struct keymap *keymap);

/* Lets the key of that name run the command; what it did before is undone. */
enum status keymap_bind(struct keymap *keymap, const char *key,
	const struct command *command);

/* The same, with an argument that takes the place of a missing count. */
enum status keymap_bind_argument(struct keymap *keymap, const char *key,
	const struct command *command, const char *argument);

/* NULL: the key does nothing. */
const struct command *keymap_command(const struct keymap *keymap, int key);

/* One key of tty.h, mouse and resize aside: collects counts, then runs. */
void keymap_press(struct model *model, int key);

/* Digits typed so far, "" without. */
const char *keymap_count(const struct keymap *keymap);
void keymap_forget(struct keymap *keymap);

/* The command that waits for a letter, or NULL. */
const struct command *keymap_pending(const struct keymap *keymap);

/* The index-th key that runs the command, as a name; NULL: no more. The
 * text lives until the next call with that keymap. */
const char *keymap_key(struct keymap *keymap, const struct command *command,
	size_t index);

#endif
