/*
 * Coming back: marks and their notes, the places jumped from, undo and redo of
 * how things are shown; and the search in the help.
 */
#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "ui/command.h"
#include "ui/trail.h"

enum { ESCAPE = 27, BACK = 'O' - '@', ON = 'N' - '@', REDO = 'R' - '@' };

static void
key_of(struct model *model, int key)
{
	input_event(model, 24, 80, &(struct event){ .key = key });
}

static bool
at(const struct model *model, size_t layer, size_t channel, size_t position)
{
	bool there = model->layer == layer && model->channel == channel
		&& model->position == position;

	if (!there)
		printf("# layer %zu, channel %zu, position %zu\n",
			model->layer, model->channel, model->position);
	return there;
}

static bool
said(const struct model *model, const char *words)
{
	return model->message && strstr(model->message, words);
}

static void
test_marks(struct model *model)
{
	press(model, ":layer layers.1\r:channel 2\r:position 40\rma");
	press(model, ":layer layers.3\r100gmB");
	press(model, "'a");
	ok(at(model, 1, 2, 40), "' a goes to the mark, layer and all");
	press(model, "''");
	ok(at(model, 3, 2, 100), "'' back to where that came from");
	press(model, "''");
	ok(at(model, 1, 2, 40), "and there again");
	press(model, "'z");
	ok(said(model, "no mark z") && at(model, 1, 2, 40),
		"a mark that was not set");
	press(model, "m1");
	ok(said(model, "no mark"), "a digit is no mark");
	press(model, "m");
	ok(shows(model, 24, 80, "a letter now"), "m says what it waits for");
	key_of(model, ESCAPE);
	press(model, "l");
	ok(at(model, 1, 2, 41), "Esc forgets it");
	press(model, ":mark c two ; words\r:marks\r");
	ok(shows(model, 24, 80, "layers.1  ch 2  pos 41"), "the list of marks");
	ok(shows(model, 24, 80, ": two ; words"), "with the note");
	ok(shows(model, 24, 80, " B   layers.3"), "of all layers");
	press(model, "q:unmark c\r'c");
	ok(!model->help && said(model, "no mark c"), "unmark forgets it");
	ok(said(model, "m c makes it"), "and says how to make it");
	press(model, ":unmark z\r");
	ok(model->warning && said(model, "no mark z"), "unmark of none");
	press(model, "mz:unmark z\r");
	ok(!model->warning && said(model, "mark z is forgotten"), "and of one");
	press(model, ":jump z\r");
	ok(model->warning && said(model, "no mark z"), "jump to none");
	press(model, ":mark d \"in quotes\"\r:jump d\r");
	ok(!strcmp(model->message, "d: in quotes"), "quotes round a note: %s",
		model->message);
	press(model, ":mark d \"\"\r:jump d\r");
	ok(!model->message, "and nothing in them is none");
	press(model, ":mark d \"a\" and \"b\"\r:jump d\r");
	ok(!strcmp(model->message, "d: \"a\" and \"b\""), "not those in it: "
		"%s", model->message);
	press(model, "'B");
	ok(at(model, 3, 2, 100), "capitals are marks of their own");
}

static void
test_find(struct model *model)
{
	press(model, "/smitten\r");
	ok(said(model, "only here: \"smitten\" begins in token "), "find: %s",
		model->message);
	press(model, "n");
	ok(said(model, "only here: "), "and again, where the cursor is");
	press(model, "/ the\r");
	ok(!said(model, "only"), "of many, not");
	press(model, "/layers.2\rn");
	ok(said(model, "only layer layers.2 holds"), "a layer: %s",
		model->message);
}

static void
test_jumps(struct model *model)
{
	press(model, ":layer layers.0\r:channel 0\r20g");
	trail_restart(model);
	key_of(model, BACK);
	ok(said(model, "no jump"), "nothing to go back over");
	press(model, "lllj");
	press(model, "200g");
	press(model, ")))");
	ok(at(model, 3, 1, 200), "a jump, and a walk over three layers");
	key_of(model, BACK);
	ok(at(model, 0, 1, 200), "Ctrl-O is before the walk");
	key_of(model, BACK);
	ok(at(model, 0, 1, 23), "and before the jump, not before the steps");
	key_of(model, BACK);
	ok(said(model, "no jump") && at(model, 0, 1, 23), "and no further");
	key_of(model, ON);
	key_of(model, ON);
	ok(at(model, 3, 1, 200), "Ctrl-N comes to the end again");
	key_of(model, ON);
	ok(said(model, "no jump") && at(model, 3, 1, 200), "and no further");
	press(model, "2");
	key_of(model, BACK);
	ok(at(model, 0, 1, 23), "with a count");
	press(model, "/eos\r");
	key_of(model, ON);
	ok(said(model, "no jump"), "a new jump forgets what was ahead");
	key_of(model, BACK);
	ok(at(model, 0, 1, 23), "a search is a jump");
	for (int i = 0; i < 300; i++)
		press(model, i % 2 ? "10g" : "200g");
	press(model, "999");
	key_of(model, BACK);
	ok(model->position == 200 || model->position == 10,
		"many jumps: the oldest are forgotten");
}

/* Tolerance and zoom, in words. */
static bool
shown(const struct model *model, double tolerance, int zoom,
	const char *reducer)
{
	static const char *const names[] = { "max", "mean", "min" };
	bool same = model->tolerance.value == tolerance
		&& model->positions.zoom == zoom
		&& !strcmp(names[model->reducer], reducer);

	if (!same)
		printf("# %g, zoom %d, %s\n", model->tolerance.value,
			model->positions.zoom, names[model->reducer]);
	return same;
}

static void
test_undo(struct model *model)
{
	press(model, ":tolerance rel 1e-3\r:zoom-all\r:reducer max\r");
	trail_restart(model);
	press(model, "u");
	ok(said(model, "nothing to undo") && said(model, "limits and spacing"),
		"nothing to undo, and of what");
	press(model, "]]]");
	press(model, "+");
	press(model, "+");
	press(model, "r");
	press(model, "u");
	ok(shown(model, 2e-3, 2, "max"), "the reducer");
	press(model, "u");
	ok(shown(model, 2e-3, 1, "max"), "one step of the zoom");
	press(model, "2u");
	ok(shown(model, 1e-3, 0, "max"),
		"the other, and all the pull of the tolerance");
	press(model, "u");
	ok(said(model, "nothing to undo"), "no more");
	key_of(model, REDO);
	ok(shown(model, 2e-3, 0, "max"), "Ctrl-R: the tolerance again");
	press(model, "3");
	key_of(model, REDO);
	ok(shown(model, 2e-3, 2, "mean"), "all of it again");
	press(model, ":undo\r]");
	key_of(model, REDO);
	ok(said(model, "nothing was undone"),
		"a change forgets what was undone");
	press(model, "u");
	ok(shown(model, 2e-3, 2, "max"), "and can itself be undone");
	press(model, ":layer layers.3\r");
	trail_restart(model);
	press(model, "+");
	press(model, "(");
	press(model, "u");
	ok(model->layer == 2 && model->positions.zoom == 2, "undo does not move the cursor");
	press(model, "u");
	ok(said(model, "nothing to undo"), "nor does a layer count as a zoom");
}

static void
test_help(struct model *model)
{
	char *text;

	press(model, "?");
	ok(shows(model, 60, 160, "In this pane: MAP"), "help of the pane");
	press(model, "/plateau\r");
	text = frame(model, 24, 80);
	ok(strstr(text, "plateau") != NULL && model->help_row > 0,
		"/ goes to what is looked for");
	free(text);
	press(model, "g/zoom\r");
	free(frame(model, 24, 80));
	int first = model->help_match;
	press(model, "n");
	free(frame(model, 24, 80));
	ok(model->help_match > first, "n to the next");
	press(model, "N");
	free(frame(model, 24, 80));
	ok(model->help_match == first, "N to the one before");
	press(model, "/no such words\r");
	free(frame(model, 24, 80));
	ok(said(model, "nothing here holds"), "or says there is none");
	press(model, "q/eos\r");
	ok(!model->help && !strcmp(model->needle, "eos"),
		"the search in the text is another");
	press(model, ":pane spectrum\r?");
	ok(shows(model, 60, 160, "In this pane: SPECTRUM"),
		"help of another pane");
	press(model, "q");
}

int
main(void)
{
	char *path = sample_path("text_hybrid_step900.npz");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));

	test_marks(model);
	test_find(model);
	test_jumps(model);
	test_undo(model);
	test_help(model);
	model_close(model);
	free(path);
	return done();
}
