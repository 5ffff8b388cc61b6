/*
 * Commands by name and by key: the table is sound, and what is typed does
 * what it says or says why not.
 */
#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "ui/command.h"
#include "ui/keymap.h"

static void
test_table(void)
{
	char *seen[256];
	size_t count = 0;
	bool unique = true, whole = true, lone = true;

	for (size_t i = 0; i < command_count; i++) {
		char *keys = xstrdup(commands[i].keys), *save = NULL;

		whole &= commands[i].name[0] && commands[i].help[0]
			&& commands[i].run;
		lone &= command_find(commands[i].name) == &commands[i];
		for (char *key = strtok_r(keys, " ", &save); key;
			key = strtok_r(NULL, " ", &save)) {
			for (size_t k = 0; k < count; k++)
				if (!strcmp(seen[k], key)) {
					printf("# %s twice\n", key);
					unique = false;
				}
			if (count < LENGTH(seen))
				seen[count++] = xstrdup(key);
		}
		free(keys);
	}
	ok(whole, "each command has a name, a help line and a function");
	ok(lone, "each is found by its own name");
	ok(unique && count > 50, "%zu keys, none bound twice", count);
	while (count)
		free(seen[--count]);
}

/* Every key of the table does what the table says. */
static void
test_keymap(void)
{
	struct keymap *keymap = keymap_new();
	bool found = true;

	for (size_t i = 0; i < command_count; i++) {
		size_t n = 0, bound = 0;

		for (const char *p = commands[i].keys; *p; p += n) {
			p += strspn(p, " ");
			n = strcspn(p, " ");
			bound += n > 0;
		}
		for (size_t k = 0; k < bound; k++)
			found &= keymap_key(keymap, &commands[i], k) != NULL;
		found &= keymap_key(keymap, &commands[i], bound) == NULL;
	}
	ok(found, "all keys of the table are bound, and no others");
	ok(keymap_command(keymap, '\n') == command_find("full"),
		"Enter is Enter, as CR or as LF");
	ok(keymap_bind(keymap, "x", command_find("quit")) == STATUS_OK
		&& keymap_command(keymap, 'x') == command_find("quit"),
		"a key bound later");
	ok(keymap_bind(keymap, "Hyper", command_find("quit")) == STATUS_USAGE
		&& keymap_bind(keymap, "5", command_find("quit"))
		== STATUS_USAGE, "no such key; digits are counts");
	keymap_free(keymap);
}

static bool
says(struct model *model, const char *line, const char *words)
{
	bool said;

	model_hush(model);
	command_line(model, line);
	said = model->message && strstr(model->message, words);
	if (!said)
		printf("# %s: %s\n", line,
			model->message ? model->message : "(nothing)");
	return said;
}

static void
test_errors(struct model *model)
{
	ok(says(model, "frobnicate", "no command"), "an unknown command");
	ok(says(model, "n", "commands"), "too little of a name");
	ok(says(model, "tolerance abc", "no tolerance"), "tolerance abc");
	ok(says(model, "tolerance -1", "no tolerance"), "tolerance -1");
	ok(says(model, "position 0", "1 .. 63"), "position 0");
	ok(says(model, "position 64", "1 .. 63"), "position 64");
	ok(says(model, "position x", "no whole number"), "position x");
	ok(says(model, "channel 1", "0 .. 0"), "channel 1 of one");
	ok(says(model, "measure size", "entropy"), "an unknown measure");
	ok(says(model, "palette blue", "grey"), "an unknown palette");
	ok(says(model, "pane 3", "profile"), "an unknown pane");
	ok(says(model, "layer nothing", "no layer"), "an unknown layer");
	ok(says(model, "find zzzz", "neither"), "a text that is nowhere");
	ok(says(model, "quit now", "no argument"), "an argument too many");
	ok(says(model, "bind x", "bind x quit"), "half a binding");
	ok(says(model, "next-dump", "only one"), "no other dump");
	ok(!model->quit, "none of them quits");
}

static void
test_moves(struct model *model)
{
	command_line(model, "position 20");
	press(model, "12l");
	ok(model->position == 32, "12l moves twelve on");
	press(model, "3h");
	ok(model->position == 29, "3h moves three back");
	press(model, "40|");
	ok(model->position == 40, "40| goes to 40");
	press(model, "52g");
	ok(model->position == 52, "52g goes to 52");
	press(model, "g");
	ok(model->position == 1, "g alone is the first position");
	press(model, "41G");
	ok(model->position == 41, "41G goes to 41");
	press(model, "G");
	ok(model->position == 63, "G alone is the last position");
	press(model, "90g");
	ok(model->position == 63 && strstr(model->message, "1 .. 63"),
		"a position that is none is said");
	command_line(model, "position 40");
	press(model, "10l");
	ok(model->position == 50, "0 within a count is a digit");
	press(model, "0");
	ok(model->position == 1, "0 alone is the first position");
	press(model, "$");
	ok(model->position == 63, "$ is the last");
	press(model, "l");
	ok(model->position == 63, "and no further");
	press(model, "j)");
	ok(model->layer == 1 && model->channel == 0, ") is the next layer");
	press(model, "(");
	ok(model->layer == 0, "( the previous");
	command_line(model, "position 1");
	command_line(model, "jump-right 2");
	ok(model->position == 13, "a jump is a tenth of the window");
}

static void
test_typing(struct model *model)
{
	press(model, "t");
	ok(model->prompt.open && !strcmp(model->prompt.text, "tolerance "),
		"t opens the line with the command");
	press(model, "abs 0.25\r");
	ok(!model->prompt.open && model->tolerance.kind == TOLERANCE_ABSOLUTE
		&& model->tolerance.value == 0.25, "typed and entered");
	press(model, "a");
	ok(model->tolerance.kind == TOLERANCE_RELATIVE, "a: relative again");
	press(model, ":tol 1e-3\r");
	ok(model->tolerance.value == 1e-3, "the beginning of a name will do");
	press(model, "]");
	ok(model->tolerance.value == 1.3e-3, "]: a tenth of a decade up");
	press(model, "{");
	ok(model->tolerance.value == 1.3e-4, "{: a decade down");
	press(model, ":pos\t 7\r");
	ok(model->position == 7, "Tab completes a name");
	press(model, ":q\x1b");
	ok(!model->prompt.open && !model->quit, "Esc gives the line up");
	press(model, "?");
	ok(model->help, "? is help");
	press(model, "q");
	ok(!model->help && !model->quit, "q leaves help first");
	press(model, ":bind X quit\r");
	press(model, "X");
	ok(model->quit, "a key bound on the line works");
	model->quit = false;
}

static void
test_find(struct model *model)
{
	const struct layer *layer = model_layer(model);
	const char *token = layer_token(layer, 5);
	char *line = xasprintf("find %s", token);

	command_line(model, "position 4");
	command_line(model, line);
	ok(model->position == 5, "find goes to the token's own position");
	press(model, "n");
	press(model, "N");
	ok(model->position == 5, "n and N go on and back");
	free(line);
}

int
main(void)
{
	char *path = sample_path("mqar_gla_n16_h1_kv8.npz");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));

	test_table();
	test_keymap();
	test_errors(model);
	test_moves(model);
	test_typing(model);
	test_find(model);
	model_close(model);
	free(path);
	return done();
}
