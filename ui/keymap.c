#include "ui/keymap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/command.h"
#include "ui/model.h"
#include "ui/tty.h"
#include "ui/utf8.h"

enum { COUNT_DIGITS = 9, ESCAPE = 27 };

struct binding_of_key {
	int key;
	const struct command *command;
	char *argument;                 /* NULL: none */
};

struct keymap {
	struct binding_of_key *bindings;
	size_t count;
	char digits[COUNT_DIGITS + 1];
	const struct command *pending;  /* it takes the next key; NULL: none */
	char name[KEY_NAME_MAX];
};

static const struct {
	int key;
	const char *name;
} key_names[] = {
	{ TTY_KEY_UP, "Up" },
	{ TTY_KEY_DOWN, "Down" },
	{ TTY_KEY_LEFT, "Left" },
	{ TTY_KEY_RIGHT, "Right" },
	{ TTY_KEY_HOME, "Home" },
	{ TTY_KEY_END, "End" },
	{ TTY_KEY_PAGE_UP, "PageUp" },
	{ TTY_KEY_PAGE_DOWN, "PageDown" },
	{ TTY_KEY_BACKTAB, "BackTab" },
	{ TTY_KEY_BACKSPACE, "Backspace" },
	{ TTY_KEY_DELETE, "Delete" },
	{ TTY_KEY_SHIFT_LEFT, "ShiftLeft" },
	{ TTY_KEY_SHIFT_RIGHT, "ShiftRight" },
	{ TTY_KEY_F1, "F1" },
	{ TTY_KEY_F2, "F2" },
	{ TTY_KEY_F3, "F3" },
	{ TTY_KEY_F4, "F4" },
	{ TTY_KEY_F5, "F5" },
	{ TTY_KEY_F6, "F6" },
	{ TTY_KEY_F7, "F7" },
	{ '\t', "Tab" },
	{ '\r', "Enter" },
	{ ESCAPE, "Esc" },
	{ ' ', "Space" },
};

int
keymap_key_of_name(const char *name)
{
	size_t n = strlen(name);
	uint32_t code;

	for (size_t i = 0; i < LENGTH(key_names); i++)
		if (strcmp(name, key_names[i].name) == 0)
			return key_names[i].key;
	if (n == 6 && strncmp(name, "Ctrl-", 5) == 0 && name[5] >= 'A'
	    && name[5] <= 'Z')
		return name[5] - 'A' + 1;
	if (n == 0 || utf8_decode(&code, name) != n || code == UTF8_INVALID)
		return KEY_NONE;
	return code > ' ' ? (int)code : KEY_NONE;
}

void
keymap_name_of_key(char out[KEY_NAME_MAX], int key)
{
	for (size_t i = 0; i < LENGTH(key_names); i++) {
		if (key_names[i].key == key) {
			snprintf(out, KEY_NAME_MAX, "%s", key_names[i].name);
			return;
		}
	}
	if (key > 0 && key < ' ') {
		snprintf(out, KEY_NAME_MAX, "Ctrl-%c", key + 'A' - 1);
		return;
	}
	out[utf8_encode(out, (uint32_t)key)] = '\0';
}

static struct binding_of_key *
find_binding(const struct keymap *keymap, int key)
{
	if (key == '\n')
		key = '\r';
	for (size_t i = 0; i < keymap->count; i++)
		if (keymap->bindings[i].key == key)
			return &keymap->bindings[i];
	return NULL;
}

enum status
keymap_bind(struct keymap *keymap, const char *name,
	const struct command *command)
{
	return keymap_bind_argument(keymap, name, command, NULL);
}

enum status
keymap_bind_argument(struct keymap *keymap, const char *name,
	const struct command *command, const char *argument)
{
	struct binding_of_key *binding;
	int key = keymap_key_of_name(name);

	if (key == KEY_NONE || (key >= '1' && key <= '9'))
		return status_set(STATUS_USAGE, "\"%s\" is no key to bind; "
			"try x, Ctrl-X, F1 or PageUp", name);
	binding = find_binding(keymap, key);
	if (!binding) {
		keymap->bindings = xreallocarray(keymap->bindings,
			keymap->count + 1, sizeof *keymap->bindings);
		binding = &keymap->bindings[keymap->count++];
		binding->argument = NULL;
	}
	free(binding->argument);
	*binding = (struct binding_of_key){ key, command,
		argument ? xstrdup(argument) : NULL };
	return STATUS_OK;
}

struct keymap *
keymap_new(void)
{
	struct keymap *keymap = xcalloc(1, sizeof *keymap);

	for (size_t i = 0; i < command_count; i++) {
		const char *p = commands[i].keys;

		while (*(p += strspn(p, " "))) {
			char name[KEY_NAME_MAX];
			size_t n = strcspn(p, " ");

			snprintf(name, sizeof name, "%.*s", (int)n, p);
			keymap_bind(keymap, name, &commands[i]);
			p += n;
		}
	}
	return keymap;
}

void
keymap_free(struct keymap *keymap)
{
	if (!keymap)
		return;
	for (size_t i = 0; i < keymap->count; i++)
		free(keymap->bindings[i].argument);
	free(keymap->bindings);
	free(keymap);
}

const struct command *
keymap_command(const struct keymap *keymap, int key)
{
	const struct binding_of_key *binding = find_binding(keymap, key);

	return binding ? binding->command : NULL;
}

/* A digit of a count: 0 only behind another, alone it is a key. */
static bool
take_digit(struct keymap *keymap, int key)
{
	size_t n = strlen(keymap->digits);

	if (key < '0' || key > '9' || (key == '0' && n == 0))
		return false;
	if (n < COUNT_DIGITS) {
		keymap->digits[n] = (char)key;
		keymap->digits[n + 1] = '\0';
	}
	return true;
}

static bool
takes_key(const struct binding_of_key *binding)
{
	return !binding->argument
		&& !strncmp(binding->command->argument, "LETTER", 6);
}

void
keymap_press(struct model *model, int key)
{
	struct keymap *keymap = model->keymap;
	const struct binding_of_key *binding;
	const struct command *command;
	char digits[COUNT_DIGITS + 1], name[KEY_NAME_MAX];

	if (keymap->pending) {
		command = keymap->pending;
		keymap_forget(keymap);
		name[0] = (char)key;
		name[1] = '\0';
		if (key > ' ' && key < 0x7f)
			command_run(model, command, name);
		return;
	}
	if (take_digit(keymap, key))
		return;
	snprintf(digits, sizeof digits, "%s", keymap->digits);
	keymap_forget(keymap);
	binding = find_binding(keymap, key);
	if (binding) {
		/* A count where none is wanted is no error, as in vi. */
		bool counts = digits[0] && binding->command->argument[0];
		char *argument;

		if (takes_key(binding)) {
			keymap->pending = binding->command;
			return;
		}
		argument = counts ? xstrdup(digits) : binding->argument
			? xstrdup(binding->argument) : NULL;

		command_run(model, binding->command, argument);
		free(argument);
		return;
	}
	keymap_name_of_key(name, key);
	model_say(model, true, "%s does nothing here; ? shows the keys", name);
}

const char *
keymap_count(const struct keymap *keymap)
{
	return keymap->digits;
}

void
keymap_forget(struct keymap *keymap)
{
	keymap->digits[0] = '\0';
	keymap->pending = NULL;
}

const struct command *
keymap_pending(const struct keymap *keymap)
{
	return keymap->pending;
}

const char *
keymap_key(struct keymap *keymap, const struct command *command, size_t index)
{
	for (size_t i = 0; i < keymap->count; i++) {
		if (keymap->bindings[i].command != command || index-- > 0)
			continue;
		keymap_name_of_key(keymap->name, keymap->bindings[i].key);
		return keymap->name;
	}
	return NULL;
}
