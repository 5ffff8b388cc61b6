/*
 * K: what the pane in focus shows, of the very cell the cursor is on, with
 * the numbers put into the formula; then the definitions of all one sees there.
 */
#include "ui/help_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/plateau.h"
#include "core/util.h"
#include "ui/definition.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/slider.h"
#include "ui/view.h"

enum { LABEL_WIDTH = 13, TEXT = 240 };

/* "rel 1e-3: #{s > 1e-3 s1} = #{s > 0.0401} = 7" */
static void
add_count(struct help_page *page, const struct model *model,
	const struct spectrum *spectrum)
{
	const struct layer *layer = model_layer(model);
	size_t ceiling = layer_ceiling(layer, model->position);
	size_t tss = layer_tss(layer, model->position);
	bool relative = model->tolerance.kind == TOLERANCE_RELATIVE;
	size_t ess = ess_tolerance(spectrum, model->tolerance);
	struct plateau plateau = plateau_at(spectrum, model->tolerance);
	double tau = tolerance_threshold(model->tolerance, spectrum);
	char text[TEXT], rule[SLIDER_TEXT];

	slider_text(rule, model->tolerance);
	snprintf(text, sizeof text, "%s: #{s > %s%s} = #{s > %.4g} = %zu",
		rule, rule + 4, relative ? " s1" : "", tau, ess);
	help_entry(page, "ESS", text, LABEL_WIDTH);
	if (isfinite(plateau_decades(&plateau))) {
		snprintf(text, sizeof text, "%zu for every tau from %.4g to "
			"below %.4g: over %.2f decades", ess, plateau.low,
			plateau.high, plateau_decades(&plateau));
		help_entry(page, "", text, LABEL_WIDTH);
	}
	snprintf(text, sizeof text, "min(i, L - i, TSS) = min(%zu, %zu, %zu) "
		"= %zu", model->position, layer->length - model->position, tss,
		ceiling);
	help_entry(page, "ceiling", text, LABEL_WIDTH);
	snprintf(text, sizeof text, "exp(-sum p ln p) = %.4f, s1 = %.4g, "
		"sum(s) = %.4g", spectrum->entropy, spectrum->count
		? spectrum->values[0] : 0, spectrum->sum);
	help_entry(page, "entropy-ESS", text, LABEL_WIDTH);
	snprintf(text, sizeof text, "%.3g%s", spectrum->floor,
		tau < spectrum->floor ? ": the tolerance is below it, and "
		"counts noise" : "");
	help_entry(page, "floor", text, LABEL_WIDTH);
}

static void
add_here(struct help_page *page, const struct model *model)
{
	const struct layer *layer = model_layer(model);
	struct spectrum spectrum;
	char *title;

	if (!model_ready(model))
		return;
	title = xasprintf("Here: %s, channel %zu, position %zu of %zu",
		layer->label, model->channel, model->position, layer->length);
	help_heading(page, title);
	free(title);
	help_entry(page, layer->kind->name, layer->kind->formula, LABEL_WIDTH);
	if (model->focus == PANE_LAYERS || model->focus == PANE_OPERATOR)
		return;
	if (model_spectrum(&spectrum, model))
		add_count(page, model, &spectrum);
	else
		help_entry(page, "ESS", model_failure(model)
			? view_reason(model_failure(model), layer)
			: "not computed yet", LABEL_WIDTH);
}

void
help_define(struct help_page *page, const struct model *model)
{
	char title[TEXT];

	add_here(page, model);
	snprintf(title, sizeof title, "What %s shows",
		views[model->focus]->title);
	help_heading(page, title);
	if (model->focus != PANE_OPERATOR && model->focus != PANE_SPECTRUM)
		help_entry(page, model->measure->name,
			model->measure->formula, LABEL_WIDTH);
	for (size_t i = 0; i < definition_count; i++)
		if (definitions[i].panes & 1u << model->focus)
			help_entry(page, definitions[i].name,
				definitions[i].text, LABEL_WIDTH);
}
