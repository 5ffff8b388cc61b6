/*
 * Whole frames over a real dump: the numbers on the screen are those of the
 * spectra, they follow the tolerance, every size draws, and the help is all
 * there.
 */
#include <math.h>

#include "core/operator.h"
#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "ui/command.h"
#include "ui/layer_stats.h"
#include "ui/layout.h"
#include "ui/measure_table.h"

static struct spectrum
spectrum_at(const struct model *model, size_t position)
{
	struct spectrum spectrum = { 0 };

	session_spectrum(&spectrum, model->session, model_layer(model), 0,
		position);
	return spectrum;
}

static size_t
ess_at(const struct model *model, size_t position, struct tolerance tol)
{
	struct spectrum spectrum = spectrum_at(model, position);

	return ess_tolerance(&spectrum, tol);
}

/* The read-out at every position, against the cached spectra. */
static void
test_readout(struct model *model)
{
	size_t length = model_layer(model)->length, right = 0;

	for (size_t i = 1; i < length; i++) {
		struct spectrum s = spectrum_at(model, i);
		char *ess, *entropy;

		model_set_position(model, i);
		ess = xasprintf("ESS %zu of %zu",
			ess_tolerance(&s, model->tolerance),
			layer_ceiling(model_layer(model), i));
		entropy = xasprintf("entropy-ESS %.4f", ess_entropy(s.values,
			s.count));
		right += shows(model, 24, 80, ess)
			&& shows(model, 24, 80, entropy);
		free(ess);
		free(entropy);
	}
	ok(right == length - 1, "ESS and entropy-ESS at every position");
}

static size_t
mean_of_counts(const struct model *model, double *mean)
{
	size_t length = model_layer(model)->length;

	*mean = 0;
	for (size_t i = 1; i < length; i++)
		*mean += (double)ess_at(model, i,
			model->tolerance) / (double)(length - 1);
	return length;
}

/* A tolerance step is in the next frame: read-out, spectrum, list. */
static void
test_tolerance(struct model *model)
{
	struct tolerance before = model->tolerance;
	char *ess, *list;
	double mean;

	model_set_position(model, 32);
	for (int n = 0; n < 12; n++) {
		press(model, "]]");
		ess = xasprintf("ESS %zu of", ess_at(model, 32,
			model->tolerance));
		mean_of_counts(model, &mean);
		list = xasprintf("%.2f", mean);
		if (!shows(model, 24, 80, ess) || !shows(model, 24, 80, list))
			break;
		free(ess);
		free(list);
		ess = list = NULL;
	}
	ok(!ess && !list, "read-out and list follow every step");
	free(ess);
	free(list);
	ok(ess_at(model, 32, before)
		!= ess_at(model, 32, model->tolerance),
		"and the steps made a difference");
	model->tolerance = before;
}

/* Dragging the knob of the slider with the mouse. */
static void
test_mouse(struct model *model)
{
	struct layout layout = layout_new(model, 24, 80);
	struct event event = { .key = TTY_KEY_MOUSE, .action = MOUSE_PRESS,
		.row = layout.slider.row };
	struct tolerance before = model->tolerance, pressed;

	event.column = layout.slider.column + layout.slider.columns - 8;
	input_event(model, 24, 80, &event);
	pressed = model->tolerance;
	ok(pressed.value > before.value, "a click on the slider");
	event.action = MOUSE_DRAG;
	event.row = 12;
	event.column -= 10;
	input_event(model, 24, 80, &event);
	ok(model->tolerance.value < pressed.value,
		"a drag that leaves the line still holds the knob");
	event.action = MOUSE_RELEASE;
	input_event(model, 24, 80, &event);
	event.action = MOUSE_PRESS;
	event.row = layout.panes[PANE_LAYERS].row + 2;
	event.column = 5;
	input_event(model, 24, 80, &event);
	ok(model->layer == 1 && model->focus == PANE_LAYERS,
		"a click on the second layer");
	event.row = layout.panes[PANE_PROFILE].row + 2;
	event.column = layout.panes[PANE_PROFILE].column + 20;
	pressed.value = (double)model->position;
	input_event(model, 24, 80, &event);
	ok(model->focus == PANE_PROFILE
		&& (double)model->position != pressed.value,
		"a click in the profile");
	command_line(model, "previous-layer");
	model->focus = PANE_MAP;
	model->tolerance = before;
}

/* A click on a word of the running text goes to its token; what is pulled
 * from there does not. */
static void
test_click_text(struct model *model)
{
	struct layout layout = layout_new(model, 24, 80);
	struct rect pane = layout.panes[PANE_PROFILE];
	struct event event = { .key = TTY_KEY_MOUSE, .action = MOUSE_PRESS,
		.row = pane.row + pane.rows - 1 };
	struct canvas *canvas = canvas_new(model->look);
	char shown[8] = "";

	model_set_position(model, 20);
	canvas_reset(canvas, 24, 80);
	screen_draw(canvas, model);
	event.column = pane.column + 9;
	for (size_t k = 0; k < 7; k++)
		shown[k] = (char)canvas_cell(canvas, event.row,
			event.column - 3 + (int)k)->glyph;
	canvas_free(canvas);
	input_event(model, 24, 80, &event);
	ok(strstr(shown, layer_token(model_layer(model), model->position))
		!= NULL && model->position < 20,
		"a click on \"%s\" goes to token %zu \"%s\"", shown,
		model->position, layer_token(model_layer(model),
		model->position));
	pane.rows = (int)model->position;
	event.action = MOUSE_DRAG;
	event.column += 9;
	input_event(model, 24, 80, &event);
	ok(pane.rows == (int)model->position, "and stays there");
	event.action = MOUSE_RELEASE;
	input_event(model, 24, 80, &event);
	model->focus = PANE_MAP;
}

/* Every size, every pane: nothing is written outside (ASan sees the rest). */
static void
test_sizes(struct model *model, const char *what)
{
	struct canvas *canvas = canvas_new(model->look);
	size_t frames = 0;

	for (int rows = 1; rows <= 30; rows++)
		for (int columns = 1; columns <= 100; columns++) {
			model->focus = (enum pane)(frames % PANE_COUNT);
			model->full = frames % 3 == 1;
			model->help = frames % 7 == 6;
			screen_update(model, rows, columns);
			canvas_reset(canvas, rows, columns);
			screen_draw(canvas, model);
			frames++;
		}
	ok(frames == 3000, "1x1 to 30x100: %s", what);
	model->focus = PANE_MAP;
	model->full = model->help = false;
	canvas_free(canvas);
}

static void
test_folding(struct model *model)
{
	char *text;

	ok(shows(model, 24, 80, "LAYERS") && shows(model, 24, 80, "MAP")
		&& shows(model, 24, 80, "SPECTRUM")
		&& shows(model, 24, 80, "PROFILE")
		&& shows(model, 24, 80, "? help"), "80x24 has every pane");
	text = frame(model, 12, 40);
	ok(strstr(text, "MAP") && !strstr(text, "LAYERS"),
		"40x12 has the map alone");
	free(text);
	for (int pane = 0; pane < PANE_COUNT; pane++) {
		model->focus = (enum pane)pane;
		ok(shows(model, 5, 20, "rel 1.0e-03")
			&& shows(model, 5, 20, "q quit"),
			"20x5: pane %d with the tolerance", pane);
	}
	model->focus = PANE_MAP;
	ok(shows(model, 5, 20, " ESS 1") && shows(model, 5, 20, " ch 0"),
		"20x5: the map's read-out");
	ok(shows(model, 4, 20, "q quits") && shows(model, 1, 10, "q quits")
		&& shows(model, 5, 19, "20"), "below that, how to leave");
	model->focus = PANE_LAYERS;
	ok(shows(model, 12, 40, "LAYERS"), "a folded pane comes with focus");
	model->focus = PANE_MAP;
}

static void
test_help(struct model *model)
{
	char *text;
	bool all = true;

	press(model, "?");
	ok(shows(model, 500, 40, "effective state-size: how")
		&& shows(model, 500, 40, "t :tolerance")
		&& shows(model, 500, 40, "  0.1"), "help in 40 columns");
	text = frame(model, 500, 80);
	for (size_t i = 0; i < command_count; i++) {
		char *name = xasprintf(":%s", commands[i].name);

		if (!strstr(text, name)) {
			printf("# no %s\n", name);
			all = false;
		}
		free(name);
	}
	for (size_t i = 0; i < measure_kind_count; i++)
		all &= strstr(text, measure_kinds[i].name) != NULL;
	for (size_t i = 0; operator_kinds[i]; i++)
		all &= strstr(text, operator_kinds[i]->name) != NULL;
	ok(all, "help lists every command, measure and kind");
	free(text);
	press(model, "?");
}

static void
test_measures(struct model *model)
{
	for (size_t i = 0; i < measure_kind_count; i++) {
		model->measure = &measure_kinds[i];
		ok(shows(model, 30, 120, measure_kinds[i].title),
			"the map names %s", measure_kinds[i].name);
	}
	model->measure = &measure_kinds[0];
}

static bool
same_scale(const struct colour_scale *a, const struct colour_scale *b)
{
	return a->low == b->low && a->high == b->high
		&& strcmp(a->basis, b->basis) == 0;
}

/* The scale of the map does not move with the tolerance. */
static void
test_scale(struct model *model)
{
	for (int basis = 0; basis < SCALE_COUNT; basis++) {
		struct colour_scale before, after;
		bool same = true;

		model->basis = (enum scale_basis)basis;
		free(frame(model, 24, 80));
		before = model_scale(model);
		for (const char *key = "}}{{{{}}"; *key; key++) {
			press(model, (char[]){ *key, '\0' });
			free(frame(model, 24, 80));
			after = model_scale(model);
			same &= same_scale(&before, &after);
		}
		ok(same, "0 to %g, %s, whatever the tolerance", before.high,
			before.basis);
	}
	model->basis = SCALE_AUTO;
	ok(model_scale(model).high == 16, "a state of 16: 0 to 16");
	press(model, "}}]]]]]ss");
	free(frame(model, 24, 80));
	ok(model->basis == SCALE_SEEN && model_scale(model).high < 16
		&& strstr(model_scale(model).basis, "seen at rel 3.2e-01"),
		"s: what is seen then, and it says at which tolerance");
	press(model, "s{{[[[[[");
}

static bool
places(const struct model *model, double value, double place)
{
	struct colour_scale scale = colour_scale_of(model);

	return fabs(colour_scale_place(&scale, value) - place) < 1e-6;
}

/* How colours are spread, and where they end for every layer. */
static void
test_spread(struct model *model)
{
	struct colour_limits limits = { 0 };
	struct colour_scale scale;

	press(model, "E");
	scale = colour_scale_of(model);
	ok(places(model, 0, 0) && places(model, 1, 0) && places(model, 4, 0.5)
		&& places(model, 16, 1) && colour_scale_place(&scale, 1) > 0
		&& colour_scale_place(&scale, 0.5) > 0, "E: by the logarithm, "
		"and 1 is more than 0");
	ok(shows(model, 30, 120, "16 ceiling, log from 1 on"), "and says so");
	press(model, "E");
	ok(places(model, 4, 0.5) && places(model, 1, 0.25)
		&& shows(model, 30, 120, "ceiling, sqrt"), "by the root");
	press(model, "E:limits 4,12\n");
	ok(places(model, 4, 0) && places(model, 8, 0.5) && places(model, 12, 1)
		&& model_scale(model).high == 16, "limits of the colours alone");
	ok(shows(model, 30, 120, "4<")
		&& shows(model, 30, 120, ">12 as set"),
		"with marks where there is something beyond");
	press(model, "v");
	scale = colour_scale_of(model);
	ok(!scale.limited, "another measure has its own");
	press(model, "VA");
	ok(places(model, 12, 0.75), "A: where the layer has them");
	press(model, "A");
	scale = colour_scale_of(model);
	ok(scale.limited && scale.high == 16, "A: held as they are");
	press(model, "u");
	scale = colour_scale_of(model);
	ok(!scale.limited, "u takes it back");
	press(model, ":limits clip\n");
	ok(colour_limits_hold(model) && model->limits.low >= 1
		&& model->limits.high <= 16, "clip: %g to %g",
		model->limits.low, model->limits.high);
	press(model, "s");
	ok(!colour_limits_hold(model), "s takes the layer's again");
	press(model, ":limits 2,14\nA");
	ok(!colour_limits_hold(model) && strstr(model->message,
		"no more at 2 and 14; u brings those back"), "A lets go of "
		"limits that were typed: %s", model->message);
	press(model, "u");
	ok(colour_limits_hold(model) && model->limits.low == 2
		&& model->limits.high == 14, "u brings them back");
	press(model, ":limits auto\nA");
	ok(colour_limits_hold(model) && strstr(model->message,
		"until A lets go"), "A holds what is there: %s",
		model->message);
	press(model, "oA");
	ok(!colour_limits_hold(model) && strstr(model->message,
		"colours of the map end"), "and lets go, whatever is shown: %s",
		model->message);
	press(model, "o");
	press(model, "ss");
	ok(colour_limits_read(&limits, "0.5 2", model->measure)
		&& limits.low == 0.5 && limits.high == 2
		&& !colour_limits_read(&limits, "2", model->measure)
		&& !colour_limits_read(&limits, "2,1", model->measure)
		&& !colour_limits_read(&limits, "1,1", model->measure)
		&& !colour_limits_read(&limits, "-1,1", model->measure)
		&& !colour_limits_read(&limits, "1,2x", model->measure)
		&& !colour_limits_read(&limits, "1,nan", model->measure)
		&& !colour_limits_read(&limits, "1,inf", model->measure)
		&& !colour_limits_read(&limits, "nan,1", model->measure)
		&& !colour_limits_read(&limits, "0,1",
			measure_kind_find("s1")), "two numbers, in order");
}

int
main(void)
{
	char *path = sample_path("mqar_gla_n16_h1_kv8.npz");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));

	test_readout(model);
	test_tolerance(model);
	test_mouse(model);
	test_click_text(model);
	test_folding(model);
	test_help(model);
	test_measures(model);
	test_scale(model);
	test_spread(model);
	test_sizes(model, "mono, ASCII");
	model->look = look_new(COLOUR_256, true, false, 0);
	test_sizes(model, "256 colours, half blocks");
	model->look = look_new(COLOUR_16, true, true, 1);
	test_sizes(model, "16 colours, light");
	model_close(model);
	free(path);
	return done();
}
