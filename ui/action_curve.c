/*
 * Commands about how ESS depends on the tolerance, and what a frame costs.
 */
#include <math.h>

#include "core/operator.h"
#include "core/plateau.h"
#include "ui/action.h"
#include "ui/layer_curve.h"
#include "ui/model.h"
#include "ui/slider.h"

enum status
action_curve(struct model *model, const char *argument)
{
	return action_switch(&model->curve_shown, argument, "state");
}

static enum status
no_spectrum(void)
{
	return status_set(STATUS_MISSING,
		"the spectrum at the cursor is not computed yet");
}

enum status
action_plateau(struct model *model, const char *argument)
{
	struct spectrum spectrum;
	struct plateau plateau;
	char text[SLIDER_TEXT];

	(void)argument;
	if (!model_spectrum(&spectrum, model))
		return no_spectrum();
	if (!plateau_widest(&plateau, &spectrum, layer_ceiling(
		model_layer(model), spectrum.position)))
		return status_set(STATUS_MISSING, "no singular value of this "
			"H_i is above the floor: no plateau");
	model->tolerance = plateau_middle(&plateau, &spectrum,
		model->tolerance.kind);
	model_say(model, false, "%s: %zu, stable over %.1f decades",
		slider_text(text, model->tolerance), plateau.ess,
		plateau_decades(&plateau));
	return STATUS_OK;
}

enum status
action_layer_plateau(struct model *model, const char *argument)
{
	struct plateau plateau = { 0 };
	struct spectrum spectrum;
	double low, high, floor = 0;
	char text[SLIDER_TEXT];

	(void)argument;
	if (model_spectrum(&spectrum, model) && spectrum.count)
		floor = spectrum.floor / (model->tolerance.kind
			== TOLERANCE_RELATIVE ? spectrum.values[0] : 1);
	if (isnan(layer_curve_mean(model, 1)))
		return status_set(STATUS_MISSING, "the mean of this layer is "
			"not summed up yet: once more in a moment");
	if (!layer_curve_plateau(&low, &high, model, floor))
		return status_set(STATUS_MISSING, "the mean of this layer has "
			"no plateau above the floor");
	plateau.low = low;
	plateau.high = high;
	model->tolerance.value = plateau_middle(&plateau, &spectrum,
		TOLERANCE_ABSOLUTE).value;
	model_say(model, false, "%s: %.1f in the mean, stable over %.1f "
		"decades", slider_text(text, model->tolerance),
		layer_curve_mean(model, model->tolerance.value),
		log10(high / low));
	return STATUS_OK;
}

enum status
action_hud(struct model *model, const char *argument)
{
	(void)argument;
	model->hud.shown = !model->hud.shown;
	return STATUS_OK;
}
