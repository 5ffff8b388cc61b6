/*
 * The map's channels in another order: a permutation by what it says, the
 * cursor on the same channel, and its own number wherever one is shown. Steps
 * to channels by what they are.
 */
#include <math.h>
#include <unistd.h>

#include "core/operator.h"
#include "core/summary.h"
#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "ui/channel_cluster.h"
#include "ui/command.h"
#include "ui/layout.h"
#include "ui/reduce.h"

static double
value(const struct model *model, size_t channel, size_t position)
{
	double out = NAN;

	model_value(&out, model, channel, position);
	return out;
}

static double
mean(const struct model *model, size_t channel)
{
	size_t length = model_layer(model)->length;
	double sum = 0;

	for (size_t i = 1; i < length; i++)
		sum += value(model, channel, i);
	return sum / (double)(length - 1);
}

static bool
is_permutation(const struct model *model)
{
	size_t channels = model_layer(model)->channels;
	bool is = true;

	for (size_t k = 0; k < channels; k++)
		is &= model_channel_at(model, k) < channels
			&& model_channel_place(model, model_channel_at(model,
			k)) == k;
	return is;
}

static void
test_order(struct model *model, const char *line,
	double (*number)(const struct model *, size_t), const char *title)
{
	bool falls = true, pixels = true;
	struct bins all;
	struct pixel row[64];

	command_line(model, line);
	for (size_t k = 1; k < model_layer(model)->channels; k++)
		falls &= number(model, model_channel_at(model, k - 1))
			>= number(model, model_channel_at(model, k));
	ok(falls && is_permutation(model), "%s: the largest first", line);
	ok(shows(model, 24, 120, title), "the title says \"%s\"", title);
	all = model_position_bins(model, 1 << 20);
	all = bins_new(all.begin, 64, 64);
	for (size_t k = 0; k < model_layer(model)->channels; k++) {
		reduce_row(row, model, k, k + 1, &all);
		for (size_t p = 0; p < 64; p++)
			pixels &= row[p].value == value(model,
				model_channel_at(model, k), 1 + p);
	}
	ok(pixels, "each row of the map is the channel's at its place");
}

static double
value_here(const struct model *model, size_t channel)
{
	return value(model, channel, 30);
}

/* Moves and clicks go by places, the read-out by numbers. */
static void
test_places(struct model *model)
{
	struct event event = { .key = TTY_KEY_MOUSE, .action = MOUSE_PRESS };
	struct rect map = layout_new(model, 24, 80).panes[PANE_MAP];
	size_t channels = model_layer(model)->channels, right = 0;
	char *text;

	for (size_t k = 0; k < channels; k++) {
		model_set_channel(model, model_channel_at(model, 0));
		model_move_channel(model, (long)k);
		text = xasprintf(" ch %zu ", model_channel_at(model, k));
		right += model->channel == model_channel_at(model, k)
			&& shows(model, 24, 80, text);
		free(text);
	}
	ok(right == channels, "steps go from place to place");
	event.row = map.row + 1;
	event.column = map.column + 30;
	input_event(model, 24, 80, &event);
	ok(model->channel == model_channel_at(model, 0),
		"a click on the first row: channel %zu", model->channel);
	press(model, "^");
	ok(model->channel == 0, "channels by number are found by number");
	model_move_channel(model, 1000);
	ok(model->channel == model_channel_at(model, channels - 1),
		"not beyond the last place");
}

static void
test_orders(struct model *model)
{
	model_select_layer(model, 3);
	model_finish(model);
	model_set_position(model, 30);
	model_set_channel(model, 2);
	test_order(model, "sort value", value_here, "by value at 30");
	ok(model->channel == 2, "the cursor's channel is still 2");
	model_set_position(model, 200);
	ok(is_permutation(model) && shows(model, 24, 120, "by value at 30"),
		"it does not follow the cursor");
	test_order(model, "sort mean", mean, "by mean");
	test_places(model);
	command_line(model, "sort cluster");
	ok(is_permutation(model), "sort cluster is an order");
	command_line(model, "next-layer 9");
	command_line(model, "previous-layer");
	model_finish(model);
	ok(model_layer(model) == model->order.layer && is_permutation(model),
		"another layer has its own");
	command_line(model, "sort number");
	for (size_t c = 0; c < 4; c++)
		ok(model_channel_at(model, c) == c, "by number: %zu", c);
}

/* What is known comes in between frames, and is counted within the last one
 * that has something to do: at rest the order is of all of it. */
static void
test_rest(char *path)
{
	struct model *model = model_new(session_of(path), TOLERANCE_DEFAULT,
		look_new(COLOUR_MONO, false, false, 0));
	struct pollfd fd = { session_fd(model->session), POLLIN, 0 };
	static const size_t wanted[] = { 1, 2, 0, 3 };
	bool right = true;

	command_line(model, "tolerance rel 0.1");
	command_line(model, "sort mean");
	while (screen_update(model, 50, 160))
		;
	while (session_progress(model->session).busy) {
		poll(&fd, 1, 20);
		session_collect(model->session);
	}
	session_collect(model->session);
	model->results++;
	while (screen_update(model, 50, 160))
		;
	for (size_t k = 0; k < LENGTH(wanted); k++)
		right &= model_channel_at(model, k) == wanted[k];
	ok(right && mean(model, 1) > mean(model, 2)
		&& mean(model, 2) > mean(model, 0)
		&& mean(model, 0) > mean(model, 3),
		"at rest the order by mean is of all that is known");
	model_close(model);
}

static void
cluster(size_t *items, size_t count, const double *rows, size_t columns)
{
	struct clustering *clustering = clustering_new(items, count, rows,
		columns);

	/* A part at a time. */
	while (!clustering_go_on(clustering, 0))
		;
	clustering_free(clustering);
}

/* Rows of three sorts, shuffled: each sort is together, whatever the order
 * they come in. */
static void
test_cluster(void)
{
	enum { ROWS = 30, COLUMNS = 5 };
	double rows[ROWS * COLUMNS];
	size_t items[ROWS], again[ROWS], changes = 0;

	for (size_t r = 0; r < ROWS; r++)
		for (size_t c = 0; c < COLUMNS; c++)
			rows[r * COLUMNS + c] = (double)(r % 3 == 0 ? 10 * c
				: r % 3 == 1 ? 40 - 10 * c : 7)
				+ 0.01 * (double)((r * 7 + c * 3) % 11);
	for (size_t r = 0; r < ROWS; r++) {
		items[r] = r;
		again[r] = ROWS - 1 - r;
	}
	cluster(items, ROWS, rows, COLUMNS);
	cluster(again, ROWS, rows, COLUMNS);
	for (size_t r = 1; r < ROWS; r++)
		changes += items[r] % 3 != items[r - 1] % 3;
	ok(changes == 2, "three sorts of rows: each together");
	ok(!memcmp(items, again, sizeof items), "in whatever order they came");
	for (size_t r = 0; r < ROWS * COLUMNS; r++)
		rows[r] = 3;
	cluster(again, ROWS, rows, COLUMNS);
	for (size_t r = 0, sum = 0; r < ROWS; r++) {
		sum += again[r];
		if (r == ROWS - 1)
			ok(sum == ROWS * (ROWS - 1) / 2, "all alike: all there");
	}
}

/* Thousands of rows are divided over several turns, none of which has much to
 * do, and come out as those divided at once. */
static void
test_large_cluster(void)
{
	enum { ROWS = 6000, COLUMNS = 24 };
	double *rows = xcalloc(ROWS * COLUMNS, sizeof *rows);
	size_t *items = xcalloc(ROWS, sizeof *items), turns = 1;
	size_t *again = xcalloc(ROWS, sizeof *again);
	struct clustering *clustering;

	for (size_t r = 0; r < ROWS; r++) {
		items[r] = again[r] = r;
		for (size_t c = 0; c < COLUMNS; c++)
			rows[r * COLUMNS + c] = sin((double)(r * (c + 3)));
	}
	clustering = clustering_new(items, ROWS, rows, COLUMNS);
	while (!clustering_go_on(clustering, 0))
		turns++;
	clustering_free(clustering);
	clustering = clustering_new(again, ROWS, rows, COLUMNS);
	ok(clustering_go_on(clustering, INFINITY), "all at once, if so asked");
	clustering_free(clustering);
	ok(turns > 18, "%zu turns for %d rows", turns, ROWS);
	ok(!memcmp(items, again, ROWS * sizeof *items), "the same order");
	free(again);
	free(items);
	free(rows);
}

/* Of DESIGN 2, from the spectra. */
static bool
is_extreme(const struct model *model, size_t channel)
{
	const struct layer *layer = model_layer(model);
	struct verdict verdict = { 0 };

	for (size_t i = 1; i < layer->length; i++) {
		struct spectrum spectrum;

		session_spectrum(&spectrum, model->session, layer, channel, i);
		verdict_add(&verdict, VERDICT_RULE_DEFAULT, layer, i,
			(double)ess_tolerance(&spectrum, model->tolerance));
	}
	return verdict_saturated(&verdict) || verdict_collapsed(&verdict);
}

/* The number of such channels at a tolerance. */
static size_t
extremes_at(struct model *model, double tolerance)
{
	size_t count = 0;

	model->tolerance = (struct tolerance){ TOLERANCE_RELATIVE, tolerance };
	for (size_t c = 0; c < 4; c++)
		count += is_extreme(model, c);
	return count;
}

static void
test_extremes(struct model *model)
{
	size_t found = 0, right = 0, expected = 0;
	double tolerance = 1e-6;

	model_select_layer(model, 3);
	model_finish(model);
	/* One at which some are and some are not. */
	while (((expected = extremes_at(model, tolerance)) == 4 || !expected)
		&& tolerance < 1)
		tolerance *= 1.1;
	model_finish(model);
	model_set_channel(model, 3);
	for (size_t n = 0; n < expected; n++) {
		size_t before = model->channel;

		press(model, ".");
		right += is_extreme(model, model->channel);
		found += n == 0 || model->channel > before;
	}
	ok(expected > 0 && expected < 4 && right == expected
		&& found == expected, ". finds the %zu of 4, and says \"%s\"",
		expected, model->message);
	while ((expected = extremes_at(model, tolerance)))
		tolerance *= 1.1;
	model_hush(model);
	press(model, ",");
	ok(model->warning && strstr(model->message, "no channel"),
		"none, at once after the tolerance moved: %s", model->message);
}

/* X: every channel once, the difference never grows, and each is the largest
 * of its channel. */
static void
test_disagreement(struct model *model)
{
	double last = INFINITY;
	bool falls = true, largest = true;
	unsigned seen = 0;

	command_line(model, "tolerance rel 1e-3");
	command_line(model, "measure disagreement");
	model_set_channel(model, 0);
	model_set_position(model, 1);
	for (size_t n = 0; n < 4; n++) {
		double here;

		press(model, "X");
		here = value(model, model->channel, model->position);
		seen |= 1u << model->channel;
		falls &= here <= last;
		for (size_t i = 1; i < model_layer(model)->length; i++)
			largest &= value(model, model->channel, i) <= here;
		last = here;
	}
	ok(seen == 15 && falls && largest, "X walks the channels by their "
		"largest disagreement");
	ok(shows(model, 24, 80, "by entropy"), "and says both");
	command_line(model, "measure tolerance");
}

/* A dump of samples/generate; its path, for unlink and free. */
static char *
generated(const char *options)
{
	static int count;
	const char *build = getenv("builddir");
	char *path = xasprintf("test_channels_%ld_%d.npz", (long)getpid(),
		count++);
	char *line = xasprintf("%s/samples/generate s6 %s -o %s", build ? build
		: ".", options, path);

	ok(!system(line), "%s", line);
	free(line);
	return path;
}

/* In a turn that has nothing left the search looks at a few thousand cells, and
 * says how far it is; a key ends it. */
static void
test_search(void)
{
	char *path = generated("-L 512 --channels 40 -n 4");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));
	size_t frames = 0, channel, position;

	model_set_channel(model, 7);
	model_set_position(model, 9);
	press(model, "X");
	while (model->search)
		screen_update(model, 24, 80);
	channel = model->channel;
	position = model->position;
	ok(shows(model, 24, 80, "1 of 40 channels: ESS"), "X finds a place");
	model_set_channel(model, 7);
	model_set_position(model, 9);
	model->turn_left = 0;
	press(model, "X");
	ok(model->search && model->channel == 7, "not yet");
	model->turn_left = 0;
	press(model, "l");
	ok(!model->search && model->channel == 7
		&& model->position == 10, "a key gives it up and does its own");
	model->turn_left = 0;
	press(model, "X");
	for (; model->search && frames < 1000; frames++) {
		model->turn_left = 0;
		ok(strstr(model->message, "looking for the largest "
			"disagreement") != NULL, "it says so: %s",
			model->message);
		screen_update(model, 24, 80);
	}
	ok(frames == 4 && model->channel == channel
		&& model->position == position, "%zu frames of 4096 cells "
		"each, and the same place", frames);
	press(model, "X");
	model->turn_left = 0;
	command_line(model, "tolerance 1e-2");
	press(model, "X");
	command_line(model, "tolerance 1e-3");
	screen_update(model, 24, 80);
	ok(!model->search, "another tolerance is another question");
	model->turn_left = 0;
	press(model, "X");
	for (frames = 0; model->search && frames < 1000; frames++)
		screen_update(model, 4, 20);
	ok(frames && !model->search, "it ends where there is no room for a view");
	model->turn_left = 0;
	press(model, "X");
	model_close(model);
	unlink(path);
	free(path);
}

/* A walk along the drops of a channel in frames of 4096 cells ends where it
 * does at once. */
static void
test_drop_frames(void)
{
	char *path = generated("-L 10000 --channels 1 -n 4 --layers 1");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));
	size_t at[6], frames = 0, same = 0;

	for (size_t k = 0; k < LENGTH(at); k++) {
		press(model, "x");
		while (model->search)
			screen_update(model, 24, 80);
		at[k] = model->position;
	}
	model_set_position(model, 9);
	for (size_t k = 0; k < LENGTH(at); k++) {
		model->turn_left = 0;
		press(model, "x");
		for (; model->search && frames < 1000; frames++) {
			model->turn_left = 0;
			screen_update(model, 24, 80);
		}
		same += model->position == at[k];
	}
	ok(frames == 2 * LENGTH(at) && same == LENGTH(at)
		&& shows(model, 24, 80, "drop 6: pos "),
		"x: %zu frames, the same %zu drops", frames, same);
	model->turn_left = 0;
	press(model, "x");
	ok(strstr(model->message, "looking for drop 7: 4096 of 9999 "
		"positions") != NULL, "under way: %s", model->message);
	press(model, "l");
	ok(!model->search && model->position == at[5] + 1, "a key ends it");
	model_close(model);
	unlink(path);
	free(path);
}

/* A layer larger than memory: where cells that found no room are on the map,
 * the last line says so, and what would do; not beside rows that are whole. */
static void
test_memory(void)
{
	char *path = generated("-L 512 --channels 200 -n 8 --layers 1");
	struct session_options options = { .memory = (size_t)4 << 20 };
	struct session *session = NULL;
	struct model *model;
	char *full, *said;
	size_t enough = 0;

	ok(!session_open(&session, &path, 1, options), "%s opens", path);
	model = model_new(session, TOLERANCE_DEFAULT, look_new(COLOUR_MONO,
		false, false, 0));
	command_line(model, "sort value");
	model_finish(model);
	model_hush(model);
	full = frame(model, 24, 80);
	said = strstr(full, "memory is full: try --memory ");
	if (said && sscanf(said, "memory is full: try --memory %zuM", &enough)
		!= 1)
		enough = 0;
	ok(said && enough > 8 && enough < 64,
		"a layer of %d cells in 4 MB: try %zu", 200 * 511, enough);
	free(full);
	command_line(model, "sort number");
	for (int k = 0; k < 4; k++)
		model_zoom_channels(model, 1);
	model_finish(model);
	full = frame(model, 24, 80);
	ok(!strstr(full, "memory is full"), "not where rows are whole");
	free(full);
	model_close(model);
	session = NULL;
	options.memory = enough << 20;
	ok(!session_open(&session, &path, 1, options), "with so much");
	model = model_new(session, TOLERANCE_DEFAULT, look_new(COLOUR_MONO,
		false, false, 0));
	command_line(model, "sort value");
	model_finish(model);
	full = frame(model, 24, 80);
	ok(!strstr(full, "memory is full") && session_progress(session).done
		== session_progress(session).wanted, "there is room");
	free(full);
	model_close(model);
	unlink(path);
	free(path);
}

static double
decay(const struct spectrum *s)
{
	size_t m = 0;

	while (m < s->count && s->values[m] > s->floor)
		m++;
	return m < 2 ? 0 : (log10(s->values[0]) - log10(s->values[m - 1]))
		/ (double)(m - 1);
}

static void
test_decay(struct model *model)
{
	bool right = true;
	char *said;

	command_line(model, "measure decay");
	model_finish(model);
	for (size_t i = 1; i < model_layer(model)->length; i++) {
		struct spectrum spectrum;
		double want;

		session_spectrum(&spectrum, model->session, model_layer(model),
			1, i);
		want = decay(&spectrum);
		right &= fabs(value(model, 1, i) - want) <= 1e-12;
	}
	ok(right, "decay: decades from one value to the next");
	said = xasprintf("decay %.4g", value(model, model->channel,
		model->position));
	ok(shows(model, 24, 80, said), "and it is in the read-out: %s", said);
	free(said);
	ok(model_scale(model).high > 0 && model_scale(model).high
		>= model_scale(model).most, "its scale holds all of it: %g",
		model_scale(model).high);
	command_line(model, "measure tolerance");
}

int
main(void)
{
	char *path = sample_path("text_hybrid_step900.npz");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));

	test_cluster();
	test_large_cluster();
	test_orders(model);
	test_rest(path);
	test_extremes(model);
	test_disagreement(model);
	test_search();
	test_drop_frames();
	test_memory();
	test_decay(model);
	model_close(model);
	free(path);
	return done();
}
