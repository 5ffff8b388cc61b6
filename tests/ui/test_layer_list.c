/*
 * The list of layers: its orders and its filter, and that neither moves the
 * selection; how many channels are saturated or collapsed.
 */
#include <math.h>

#include "core/operator.h"
#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "ui/command.h"
#include "ui/layer_stats.h"

/* Average ESS by its definition. */
static double
average(const struct model *model, const struct layer *layer)
{
	double sum = 0;

	for (size_t c = 0; c < layer->channels; c++)
		for (size_t i = 1; i < layer->length; i++) {
			struct spectrum spectrum;

			session_spectrum(&spectrum, model->session, layer, c,
				i);
			sum += (double)ess_tolerance(&spectrum,
				model->tolerance);
		}
	return sum / (double)(layer->channels * (layer->length - 1));
}

/* What orders rest on, of layer k. */
static double
number(const struct model *model, const struct layer *layers, size_t k,
	enum layer_sort sort)
{
	if (sort == LAYERS_BY_ESS)
		return average(model, &layers[k]);
	for (size_t p = k; p-- > 0;)
		if (layers[p].kind == layers[k].kind)
			return fabs(average(model, &layers[k])
				- average(model, &layers[p]));
	return -1;
}

static void
test_numbers(struct model *model, enum layer_sort sort, const char *line)
{
	const struct layer *layers = model_dump(model)->layers;
	size_t selected = model->layer;
	bool falls = true;

	command_line(model, line);
	free(frame(model, 48, 160));
	for (size_t p = 1; p < model->list.count; p++)
		falls &= number(model, layers, layer_list_at(model, p - 1),
			sort) >= number(model, layers, layer_list_at(model, p),
			sort);
	ok(falls && model->list.count == 4, "%s: the largest first", line);
	ok(model->layer == selected && layer_list_at(model,
		layer_list_place(model)) == selected,
		"the selected layer stays it");
}

static void
test_orders(struct model *model)
{
	const struct layer *layers = model_dump(model)->layers;

	model_select_layer(model, 2);
	test_numbers(model, LAYERS_BY_ESS, "sort ess");
	ok(shows(model, 48, 160, "by ess"), "the title says so");
	test_numbers(model, LAYERS_BY_CHANGE, "sort change");
	ok(shows(model, 48, 160, "change"), "with a column of its own");
	command_line(model, "sort kind");
	ok(layers[layer_list_at(model, 0)].kind
		== layers[layer_list_at(model, 1)].kind
		&& layer_list_at(model, 0) == 0 && layer_list_at(model, 1) == 2,
		"sort kind: together, by name within");
	model->focus = PANE_LAYERS;
	model_select_layer(model, 0);
	press(model, "j");
	ok(model->layer == 2, "moves follow the order");
	press(model, "S");
	ok(model->list.sort == LAYERS_BY_NAME && layer_list_at(model, 1) == 1,
		"S: the next order, by name again");
	press(model, "S");
	ok(model->list.sort == LAYERS_BY_ESS, "and on");
	command_line(model, "sort name");
	command_line(model, "sort size");
	ok(model->warning && strstr(model->message, "change"),
		"an unknown order");
}

static void
test_filter(struct model *model)
{
	model_select_layer(model, 1);
	command_line(model, "filter *[13]");
	ok(model->list.count == 2 && layer_list_at(model, 1) == 3
		&& model->layer == 1, "*[13]: two, the selected one among them");
	ok(shows(model, 48, 160, "1/2 of 4 & *[13]"), "the title says so");
	press(model, "jj");
	ok(model->layer == 3, "moves stay within");
	command_line(model, "filter s.2");
	ok(model->list.count == 1 && model->layer == 2,
		"a part of a name; the selection goes to what is left");
	command_line(model, "filter nothing");
	ok(model->warning && model->list.count == 1, "no such layer: as before");
	model->focus = PANE_MAP;
	command_line(model, "back");
	ok(model->list.count == 1, "Esc elsewhere is for something else");
	model->focus = PANE_LAYERS;
	command_line(model, "back");
	ok(model->list.count == 4 && model->layer == 2, "Esc: all of them");
	press(model, "&");
	ok(model->prompt.open, "& asks for a pattern");
	press(model, "\033");
	model->focus = PANE_MAP;
}

/* By definition (DESIGN 2), channel by channel. */
static void
count_verdicts(const struct model *model, const struct layer *layer,
	size_t *saturated, size_t *collapsed)
{
	*saturated = *collapsed = 0;
	for (size_t c = 0; c < layer->channels; c++) {
		size_t interior = 0, high = 0, low = 0;

		for (size_t i = 1; i < layer->length; i++) {
			struct spectrum spectrum;
			double share;

			if (!layer_interior(layer, i))
				continue;
			session_spectrum(&spectrum, model->session, layer, c,
				i);
			share = (double)ess_tolerance(&spectrum,
				model->tolerance)
				/ (double)layer_capacity(layer, i);
			interior++;
			high += share >= 0.9;
			low += share <= 0.1;
		}
		*saturated += 2 * high >= interior;
		*collapsed += 2 * low >= interior;
	}
}

static void
test_verdicts(struct model *model, const char *tolerance)
{
	struct dump *dump = model_dump(model);
	size_t right = 0, all = 0;

	command_line(model, tolerance);
	free(frame(model, 48, 160));
	for (size_t k = 0; k < dump->layer_count; k++) {
		struct layer_averages averages;
		size_t saturated, collapsed;

		count_verdicts(model, &dump->layers[k], &saturated,
			&collapsed);
		layer_stats_get(&averages, model->stats[k], model);
		right += averages.saturated == saturated
			&& averages.collapsed == collapsed;
		all += saturated + collapsed;
	}
	ok(right == 4 && all > 0, "%s: %zu channels saturated or collapsed",
		tolerance, all);
}

int
main(void)
{
	char *path = sample_path("text_hybrid_step900.npz");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));

	test_orders(model);
	test_filter(model);
	test_verdicts(model, "tolerance rel 1e-3");
	test_verdicts(model, "tolerance rel 0.5");
	model_close(model);
	free(path);
	return done();
}
