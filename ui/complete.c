#include "ui/complete.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/dump.h"
#include "core/text.h"
#include "core/util.h"
#include "ui/command.h"
#include "ui/keymap.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/phrase.h"
#include "ui/view.h"

/* More than anybody reads. */
enum { WORDS_MAX = 2000 };

/* What is being typed, and the words for it so far. */
struct words {
	char **items;
	size_t count;
	const char *typed;
	bool within;                    /* anywhere in the word will do */
	bool names;                     /* they are of commands to run */
};

static void
add_word(struct words *words, const char *word)
{
	if (words->count == WORDS_MAX
	    || !(words->within ? strcasestr(word, words->typed) != NULL
	    : !strncmp(word, words->typed, strlen(words->typed))))
		return;
	words->items = xreallocarray(words->items, words->count + 1,
		sizeof *words->items);
	words->items[words->count++] = xstrdup(word);
}

static void
add_commands(struct words *words, const struct model *model)
{
	(void)model;
	for (size_t i = 0; i < command_count; i++)
		add_word(words, commands[i].name);
}

static void
add_layers(struct words *words, const struct model *model)
{
	const struct dump *dump = model_dump(model);

	for (size_t i = 0; dump && i < dump->layer_count; i++) {
		char *word = phrase_quote(dump->layers[i].label);

		add_word(words, word);
		free(word);
	}
}

static void
add_measures(struct words *words, const struct model *model)
{
	(void)model;
	for (size_t i = 0; i < measure_kind_count; i++)
		add_word(words, measure_kinds[i].name);
}

static void
add_palettes(struct words *words, const struct model *model)
{
	(void)model;
	for (size_t i = 0; i < colour_palette_count; i++)
		add_word(words, colour_palettes[i].name);
}

static void
add_limits(struct words *words, const struct model *model)
{
	(void)model;
	add_word(words, "auto");
	add_word(words, "clip");
}

static void
add_panes(struct words *words, const struct model *model)
{
	(void)model;
	for (size_t i = 0; i < PANE_COUNT; i++)
		add_word(words, views[i]->name);
}

static void
add_keys(struct words *words, const struct model *model)
{
	for (size_t i = 0; i < command_count; i++) {
		const char *key;

		for (size_t k = 0; (key = keymap_key(model->keymap,
			&commands[i], k)); k++)
			add_word(words, key);
	}
}

/* One entry of a folder, if it can be typed; folders end in a slash. */
static void
add_file(struct words *words, const char *folder, const char *name)
{
	char *path = xasprintf("%s%s", folder, name), *word;
	char *safe = text_escape(path, strlen(path));
	struct stat st;

	if (!strcmp(safe, path)) {
		word = stat(path, &st) == 0 && S_ISDIR(st.st_mode)
			? xasprintf("%s/", path) : xstrdup(path);
		free(path);
		path = phrase_quote(word);
		add_word(words, path);
		free(word);
	}
	free(safe);
	free(path);
}

static void
add_files(struct words *words, const struct model *model)
{
	const char *slash = strrchr(words->typed, '/');
	char *folder = xstrndup(words->typed, slash
		? (size_t)(slash - words->typed) + 1 : 0);
	DIR *dir = opendir(slash ? folder : ".");
	struct dirent *entry;

	(void)model;
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' || (slash && slash[1] == '.'))
			add_file(words, folder, entry->d_name);
	if (dir)
		closedir(dir);
	free(folder);
}

static void
add_roles(struct words *words, const struct model *model)
{
	char name[ROLE_NAME];

	(void)model;
	for (int role = 0; role < COLOUR_ROLES; role++) {
		colour_role_name(name, role);
		add_word(words, name);
	}
}

static void
add_themes(struct words *words, const struct model *model)
{
	add_word(words, "default");
	for (char **folder = model->themes; folder && *folder; folder++) {
		DIR *dir = opendir(*folder);
		struct dirent *entry;

		while (dir && (entry = readdir(dir)))
			if (entry->d_name[0] != '.')
				add_file(words, "", entry->d_name);
		if (dir)
			closedir(dir);
	}
}

/* What the words of `takes` stand for. */
static const struct {
	const char *kind;
	void (*add)(struct words *words, const struct model *model);
} kinds[] = {
	{ "COMMAND", add_commands },
	{ "FILE", add_files },
	{ "KEY", add_keys },
	{ "LAYER", add_layers },
	{ "LIMITS", add_limits },
	{ "MEASURE", add_measures },
	{ "PALETTE", add_palettes },
	{ "PANE", add_panes },
	{ "ROLE", add_roles },
	{ "THEME", add_themes },
};

const char *
complete_kind(const char *takes, size_t index, size_t *size)
{
	for (;;) {
		takes += strspn(takes, " []");
		*size = strcspn(takes, " []");
		if (*size == 0)
			return NULL;
		if (index-- == 0)
			return takes;
		takes += *size;
	}
}

static void
add_kind(struct words *words, const struct model *model, const char *kind,
	size_t size)
{
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (strlen(kinds[i].kind) == size
		    && !strncmp(kind, kinds[i].kind, size))
			kinds[i].add(words, model);
	if (kind[0] < 'a' || kind[0] > 'z')
		return;
	while (size) {
		size_t n = size_min(strcspn(kind, "|"), size);
		char *word = xstrndup(kind, n);

		add_word(words, word);
		free(word);
		kind += n + (n < size);
		size -= n + (n < size);
	}
}

/* The kind of the argument's last word, which begins at *from. */
static const char *
kind_at(const char *takes, const char *line, size_t *from, size_t *size)
{
	size_t more, index = 0;

	/* The last word of an argument may hold blanks. */
	while (complete_kind(takes, index + 1, &more)) {
		size_t end = *from + strcspn(line + *from, " ");

		if (!line[end])
			break;
		*from = end + strspn(line + end, " ");
		index++;
	}
	return complete_kind(takes, index, size);
}

static int
compare(const void *a, const void *b)
{
	return natural_compare(*(char *const *)a, *(char *const *)b);
}

/* The words for the end of the line, the text up to the cursor; *from: where
 * the one begins that they replace. */
static struct words
find_words(const struct model *model, const char *line, size_t *from,
	bool within)
{
	struct words words = { .within = within };
	struct phrase phrase, last = { 0 };
	const struct command *command = NULL;
	size_t size, n = strlen(line);
	const char *kind = "COMMAND";
	bool any = false;
	char *name;

	for (size_t p = 0; phrase_next(&phrase, line, p); p = phrase.end) {
		last = phrase;
		any = true;
	}
	*from = n;
	if (any && !line[last.end + strspn(line + last.end, " \t")]) {
		*from = last.name;
		if (line[last.name_end]) {
			name = xstrndup(line + last.name,
				last.name_end - last.name);
			command = command_find(name);
			free(name);
			*from = last.argument;
			kind = command ? kind_at(command->argument, line,
				from, &size) : NULL;
		}
	}
	words.typed = line + *from;
	words.names = !command && kind;
	if (kind)
		add_kind(&words, model, kind, command ? size : strlen(kind));
	if (words.count)
		qsort(words.items, words.count, sizeof *words.items, compare);
	return words;
}

struct completion *
completion_new(const struct model *model, const struct prompt *prompt)
{
	char *line = xstrndup(prompt->text, prompt->cursor);
	struct completion *completion = NULL;
	struct words words;
	size_t from;

	words = find_words(model, line, &from, false);
	if (words.count == 0)
		words = find_words(model, line, &from, true);
	if (words.count) {
		completion = xcalloc(1, sizeof *completion);
		*completion = (struct completion){ words.items, words.count,
			from, words.count, xstrdup(line + from), words.names };
	}
	free(line);
	return completion;
}

void
completion_free(struct completion *completion)
{
	if (!completion)
		return;
	for (size_t i = 0; i < completion->count; i++)
		free(completion->words[i]);
	free(completion->words);
	free(completion->typed);
	free(completion);
}

/* How far all the words are the same, in whole characters. */
static size_t
shared(const struct completion *completion)
{
	const char *first = completion->words[0];
	size_t n = strlen(first);

	for (size_t i = 1; i < completion->count; i++) {
		size_t k = 0;

		while (k < n && first[k] == completion->words[i][k])
			k++;
		n = k;
	}
	while (n && (first[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* Is the only word a name that more must follow? */
static bool
goes_on(const struct completion *completion)
{
	const struct command *command = completion->names
		? command_find(completion->words[0]) : NULL;

	return command && command->argument[0] && command->argument[0] != '[';
}

void
completion_turn(struct completion *completion, struct prompt *prompt,
	int direction)
{
	size_t count = completion->count, same = shared(completion);
	char *text;

	if (!completion->offered && direction > 0 && count > 1) {
		if (!strncmp(completion->words[0], completion->typed,
			strlen(completion->typed))) {
			text = xstrndup(completion->words[0], same);
			free(completion->typed);
			completion->typed = text;
			prompt_replace(prompt, completion->from, text);
		}
	} else if (count > 1 || !completion->offered) {
		/* Round by what was typed. */
		completion->chosen = (completion->chosen + (direction > 0
			? 1 : count)) % (count + 1);
		prompt_replace(prompt, completion->from,
			completion->chosen < count
			? completion->words[completion->chosen]
			: completion->typed);
	}
	if (count == 1 && !completion->offered && goes_on(completion))
		prompt_replace(prompt, prompt->cursor, " ");
	completion->offered = true;
}
