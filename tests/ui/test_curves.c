/*
 * How ESS depends on the tolerance, on the screen of a real dump: the mean
 * curve against a count over all cells, the plateau the keys jump to, and what
 * is said of them.
 */
#include <math.h>

#include "core/operator.h"
#include "core/plateau.h"
#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "ui/command.h"
#include "ui/definition.h"
#include "ui/layer_curve.h"
#include "ui/slider.h"

static double
mean_count(const struct model *model, double tau)
{
	const struct layer *layer = model_layer(model);
	size_t sum = 0, cells = 0;

	for (size_t c = 0; c < layer->channels; c++)
		for (size_t i = 1; i < layer->length; i++) {
			struct spectrum s;

			if (!session_spectrum(&s, model->session, layer, c, i))
				continue;
			cells++;
			sum += ess_tolerance(&s, (struct tolerance){
				model->tolerance.kind, tau });
		}
	return (double)sum / (double)cells;
}

/* Between the exact means a bin further on both sides. */
static void
test_mean(struct model *model, const char *what)
{
	int right = 0, all = 0;

	for (double at = -11.5; at < 0.5; at += 0.73, all++) {
		double mean = layer_curve_mean(model, pow(10, at));

		right += mean <= mean_count(model, pow(10, at - 0.051))
			&& mean >= mean_count(model, pow(10, at + 0.051));
	}
	ok(right == all && all > 10, "the mean curve is that of a count, %s",
		what);
}

/* The curve of the layer is flat, to a twentieth, where P says. */
static void
test_layer_plateau(struct model *model)
{
	struct tolerance before = model->tolerance;
	double low, high;
	bool found = layer_curve_plateau(&low, &high, model, 1e-13);

	ok(found && layer_curve_mean(model, low)
		<= 1.05 * layer_curve_mean(model, high * 0.999),
		"the layer's mean is flat on its plateau");
	press(model, "P");
	ok(model->tolerance.value >= low && model->tolerance.value < high
		&& strstr(model->message, "in the mean, stable over"),
		"P goes there: %s", model->message);
	model->tolerance = before;
}

static void
test_plateau(struct model *model)
{
	size_t length = model_layer(model)->length, right = 0;
	struct tolerance before = model->tolerance;

	for (size_t i = 1; i < length; i++) {
		char *said, text[SLIDER_TEXT];
		struct plateau widest;
		struct spectrum s;

		model_set_position(model, i);
		model_spectrum(&s, model);
		if (!plateau_widest(&widest, &s, layer_ceiling(
			model_layer(model), i)))
			continue;
		press(model, "p");
		said = xasprintf("%s: %zu, stable over %.1f decades",
			slider_text(text, model->tolerance), widest.ess,
			plateau_decades(&widest));
		right += ess_tolerance(&s, model->tolerance) == widest.ess
			&& strcmp(model->message, said) == 0;
		free(said);
	}
	ok(right == length - 1, "p goes to the widest plateau and says so");
	model_set_position(model, 32);
	model_hush(model);
	model->tolerance = (struct tolerance){ TOLERANCE_RELATIVE, 0.1 };
	ok(shows(model, 24, 80, " stable over"), "80x24 says how firm it is");
	model->tolerance = before;
}

static void
test_foot(struct model *model)
{
	struct spectrum s;
	size_t ess;
	char *next;

	model_set_position(model, 32);
	model_spectrum(&s, model);
	press(model, "}}]]");
	ess = ess_tolerance(&s, model->tolerance);
	next = xasprintf("%2zu at -%.2f  %2zu at +%.2f", ess + 1,
		log10(model->tolerance.value * s.values[0] / s.values[ess]),
		ess - 1, log10(s.values[ess - 1] / s.values[0]
		/ model->tolerance.value));
	model->focus = PANE_SPECTRUM;
	press(model, "f");
	ok(shows(model, 24, 120, next), "and how far the next counts are: %s",
		next);
	press(model, "f{{[[");
	model->focus = PANE_MAP;
	free(next);
}

static void
test_parts(struct model *model)
{
	ok(!shows(model, 24, 80, "ESS against tol"), "80x24: the values");
	press(model, "C");
	ok(shows(model, 24, 80, "ESS against tol"), "C: the curve instead");
	ok(shows(model, 48, 160, "ESS against tol")
		&& shows(model, 48, 160, "plnp")
		&& shows(model, 48, 160, "decades "),
		"160x48: both, the plateau, and what each value weighs");
	press(model, "C");
	model->focus = PANE_SPECTRUM;
	press(model, "f");
	ok(shows(model, 24, 80, "ESS against tol")
		&& shows(model, 24, 80, " cum"), "80x24, alone: both, and "
		"what each value weighs");
	press(model, "f");
	model->focus = PANE_MAP;
}

/* -p ln p and shares of the spectrum drawn, to whole percents. */
static void
test_weights(struct model *model)
{
	double sum = 0, entropy = 0, first, share;
	struct spectrum s;
	char *text;

	model_set_position(model, 32);
	model_spectrum(&s, model);
	for (size_t k = 0; k < s.count; k++)
		sum += s.values[k];
	for (size_t k = 0; k < s.count; k++)
		entropy -= s.values[k] / sum * log(s.values[k] / sum);
	share = s.values[0] / sum;
	first = -share * log(share) / entropy;
	model->focus = PANE_SPECTRUM;
	press(model, "f");
	text = xasprintf("-plnp%%%3.0f", 100 * first);
	ok(shows(model, 40, 200, text), "what s1 adds: %s", text);
	free(text);
	text = xasprintf(" cum %%%3.0f", 100 * share);
	ok(shows(model, 40, 200, text), "its share: %s", text);
	free(text);
	press(model, "f");
	model->focus = PANE_MAP;
}

/* K: the numbers of the cell in the formula, and all that is defined. */
static void
test_define(struct model *model)
{
	bool said[64] = { false };
	size_t count = 0;
	struct spectrum s;
	char *here;

	model_set_position(model, 20);
	model_spectrum(&s, model);
	here = xasprintf("#{s > 1.0e-03 s1} = #{s > %.4g} = %zu",
		1e-3 * s.values[0], ess_tolerance(&s, model->tolerance));
	press(model, "K");
	ok(shows(model, 40, 80, here)
		&& shows(model, 40, 80, "min(20, 44, 16) = 16"), "K: %s", here);
	free(here);
	for (int pane = 0; pane < PANE_COUNT; pane++) {
		char *text;

		model->focus = (enum pane)pane;
		text = frame(model, 200, 80);
		for (size_t i = 0; i < definition_count; i++)
			said[i] |= strstr(text, definitions[i].name) != NULL;
		free(text);
	}
	model->focus = PANE_MAP;
	for (size_t i = 0; i < definition_count; i++)
		count += said[i];
	ok(count == definition_count, "every definition is some pane's");
	command_line(model, "back");
	ok(!model->help && shows(model, 24, 80, "MAP"), "Esc closes it");
}

int
main(void)
{
	char *path = sample_path("mqar_gla_n16_h1_kv8.npz");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));

	test_mean(model, "relative");
	test_define(model);
	test_plateau(model);
	test_layer_plateau(model);
	test_foot(model);
	test_parts(model);
	test_weights(model);
	press(model, "a");
	model_finish(model);
	test_mean(model, "absolute");
	model_close(model);
	free(path);
	return done();
}
