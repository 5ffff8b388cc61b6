/*
 * The ":" line beyond its editing: several commands on it, what Tab makes of
 * it, and what Up recalls, also the next time and from a file that was spoilt.
 */
#include <unistd.h>

#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "core/state_file.h"
#include "ui/command.h"
#include "ui/complete.h"
#include "ui/history.h"
#include "ui/phrase.h"

static bool
runs(struct model *model, const char *line)
{
	model_hush(model);
	if (command_line(model, line) == STATUS_OK)
		return true;
	printf("# %s: %s\n", line, model->message ? model->message : "");
	return false;
}

static void
test_phrases(struct model *model)
{
	ok(runs(model, "position 20; 3 right;tol rel 1e-2")
		&& model->position == 23 && model->tolerance.value == 1e-2,
		"commands with ; between");
	ok(runs(model, "12") && model->position == 12,
		"a number is a position");
	ok(runs(model, "4left") && model->position == 8,
		"a number before a name is its argument");
	ok(runs(model, " :: ;; ") && runs(model, ""), "nothing is fine");
	ok(!runs(model, "3 position 5") && model->position == 8,
		"two arguments where one will do");
	ok(!runs(model, "position 9; nonsense; position 10")
		&& model->position == 9, "up to the first that fails");
	model_hush(model);
	command_line(model, "find a; position 11");
	ok(model->position == 9 && !strcmp(model->needle, "a; position 11"),
		"a text to find is all of the line");
	ok(runs(model, "bind x position 30") && (press(model, "x"), true)
		&& model->position == 30, "a key with an argument");
	press(model, "31x");
	ok(model->position == 31, "and a count in its place");
}

static void
test_quotes(void)
{
	static const char *const texts[] = { "plain", "a b", "a;b", " a", "a ",
		"", "\"", "a\\", "\"a;\" b\\\"" };

	for (size_t i = 0; i < LENGTH(texts); i++) {
		char *quoted = phrase_quote(texts[i]);
		char *line = xasprintf("layer %s; quit", quoted), *argument;
		struct phrase phrase, next;
		bool whole = phrase_next(&phrase, line, 0)
			&& phrase_next(&next, line, phrase.end);

		argument = phrase_argument(&phrase, line);
		ok(whole && !strcmp(argument, texts[i])
			&& !strcmp(line + next.name, "quit"),
			"%s as an argument", quoted);
		free(argument);
		free(line);
		free(quoted);
	}
}

/* The prompt after these keys (Tab is \t). */
static bool
becomes(struct model *model, const char *keys, const char *text)
{
	bool same;

	press(model, ":");
	press(model, keys);
	same = !strcmp(model->prompt.text, text);
	if (!same)
		printf("# %s: \"%s\"\n", keys, model->prompt.text);
	press(model, "\x1b");
	return same;
}

static void
test_completion(struct model *model)
{
	const char *label = model_dump(model)->layers[1].label;
	char *line = xasprintf("position 3; layer %s", label);

	ok(becomes(model, "toler\t", "tolerance"), "a name");
	ok(becomes(model, "reduc\t", "reducer"),
		"a name whose argument may be left out");
	ok(becomes(model, "meas\t", "measure "),
		"a name whose argument must follow");
	ok(becomes(model, "reducer me\t", "reducer mean"),
		"an argument the table lists");
	ok(becomes(model, "measure e\t", "measure entropy"), "a measure");
	ok(becomes(model, "palette vi\t", "palette viridis"), "a palette");
	ok(becomes(model, "pane pr\t", "pane profile"), "a pane");
	ok(becomes(model, "bind F1 qu\t", "bind F1 quit"),
		"a command behind a key");
	ok(becomes(model, "position 3; layer 1\t", line),
		"a layer by any piece of its name, behind another command");
	ok(becomes(model, "zoom-\t", "zoom-")
		&& becomes(model, "zoom-i\t", "zoom-in"), "what all share");
	ok(becomes(model, "zoom-in\t\t\t", "zoom-in-channels"),
		"Tab again: one after the other");
	ok(becomes(model, "xyz\t", "xyz"), "nothing begins so");
	ok(becomes(model, "measure ent x\t", "measure ent x"), "nor so");
	press(model, ":reducer m\t");
	ok(model->completion && shows(model, 24, 80, "max   mean  min"),
		"the words are listed above the line");
	press(model, "x");
	ok(!model->completion, "until something else is typed");
	press(model, "\x1b:mark ");
	ok(shows(model, 24, 40, ":mark     keep this place under a lette~"),
		"a hint that is too long is cut");
	press(model, "\x1b");
	free(line);
}

static void
key_of(struct model *model, int key)
{
	input_event(model, 24, 80, &(struct event){ .key = key });
}

static bool
recalls(struct model *model, const char *text)
{
	bool same = !strcmp(model->prompt.text, text);

	if (!same)
		printf("# recalled \"%s\"\n", model->prompt.text);
	return same;
}

static void
test_history(struct model *model)
{
	press(model, ":position 5\r:tol 1e-3\r:position 6\r/eos\r");
	press(model, ":");
	key_of(model, TTY_KEY_UP);
	ok(recalls(model, "position 6"), "Up is the last command");
	key_of(model, TTY_KEY_UP);
	key_of(model, TTY_KEY_DOWN);
	ok(recalls(model, "position 6"), "Down comes back");
	key_of(model, TTY_KEY_DOWN);
	ok(recalls(model, ""), "to what was typed");
	press(model, "tol");
	key_of(model, TTY_KEY_UP);
	ok(recalls(model, "tol 1e-3"), "only lines that begin as typed");
	key_of(model, TTY_KEY_UP);
	key_of(model, TTY_KEY_DOWN);
	ok(recalls(model, "tol"), "and no further than there are");
	press(model, "\x1b/");
	key_of(model, TTY_KEY_UP);
	ok(recalls(model, "eos"), "searches are apart");
	press(model, "\x1b");
}

static void
test_file(void)
{
	char folder[] = "history.XXXXXX", *path, *text = NULL;
	struct history *history = history_new();
	struct prompt prompt = { 0 };
	size_t size;

	if (!mkdtemp(folder))
		exit(1);
	path = xasprintf("%s/deep/history", folder);
	ok(history_open(history, path) == STATUS_OK
		&& history_add(history, ':', "quit") == STATUS_OK
		&& history_add(history, '/', "eos") == STATUS_OK
		&& state_read(&text, &size, path, 100) == STATUS_OK
		&& !strcmp(text, ":quit\n/eos\n"), "a line each in the file");
	free(text);
	history_free(history);
	state_append(path, "nonsense\n:\x1b[31m\n:\xff\n:\n:last", 27);
	history = history_new();
	prompt_open(&prompt, ':', "");
	ok(history_open(history, path) == STATUS_OK, "a spoilt file opens");
	history_recall(history, &prompt, 1);
	ok(!strcmp(prompt.text, "last"), "with what is sound in it");
	history_recall(history, &prompt, 1);
	ok(!strcmp(prompt.text, "quit"), "and nothing else");
	history_free(history);

	text = xcalloc(20001, 5);
	for (int i = 0; i < 20000; i++)
		sprintf(text + i * 5, ":%03d\n", i % 1000);
	state_write(path, text, 100000);
	free(text);
	history = history_new();
	ok(history_open(history, path) == STATUS_OK
		&& state_read(&text, &size, path, 100000) == STATUS_OK
		&& size == HISTORY_LINES * 5, "a file that grew is cut");
	free(text);
	ok(history_open(history, "/proc/nowhere/history") == STATUS_OK
		&& history_add(history, ':', "a") == STATUS_IO
		&& history_add(history, ':', "b") == STATUS_OK,
		"where it cannot be kept, that is said once");
	history_free(history);
	free(path);
	path = xasprintf("rm -r %s", folder);
	ok(system(path) == 0, "and nothing else is left");
	free(path);
}

int
main(void)
{
	char *path = sample_path("mqar_gla_n16_h1_kv8.npz");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));

	test_phrases(model);
	test_quotes();
	test_completion(model);
	test_history(model);
	test_file();
	model_close(model);
	free(path);
	return done();
}
