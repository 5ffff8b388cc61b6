#include "ui/layer_scale.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/caption.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/slider.h"

struct layer_scales {
	size_t count;
	struct layer_seen *seen;
	char **labels;                  /* the dump may be gone */
};

/* The ends; what else was seen is of that dump. */
static void
take_over(struct layer_scales *scales, const struct layer_scales *before,
	const struct dump *dump)
{
	for (size_t i = 0; i < before->count; i++) {
		struct layer_seen seen = before->seen[i];
		const struct layer *layer = seen.fixed ? dump_layer(dump,
			before->labels[i], i) : NULL;

		if (!layer)
			continue;
		seen.low = INFINITY;
		seen.high = 0;
		scales->seen[layer - dump->layers] = seen;
	}
}

struct layer_scales *
layer_scales_turn(struct layer_scales *before, const struct dump *dump)
{
	struct layer_scales *scales = xcalloc(1, sizeof *scales);

	scales->count = dump->layer_count;
	scales->seen = xcalloc(scales->count, sizeof *scales->seen);
	scales->labels = xcalloc(scales->count, sizeof *scales->labels);
	for (size_t i = 0; i < scales->count; i++)
		scales->labels[i] = xstrdup(dump->layers[i].label);
	if (before)
		take_over(scales, before, dump);
	layer_scales_free(before);
	return scales;
}

void
layer_scales_free(struct layer_scales *scales)
{
	if (!scales)
		return;
	for (size_t i = 0; i < scales->count; i++)
		free(scales->labels[i]);
	free(scales->labels);
	free(scales->seen);
	free(scales);
}

/* Of another measure, or a layer of another size: nothing. */
static bool
fits(const struct layer_seen *seen, const struct measure_kind *measure,
	const struct layer *layer)
{
	return seen->measure == measure && seen->channels == layer->channels
		&& seen->length == layer->length;
}

static struct layer_seen
seen_new(const struct measure_kind *measure, const struct layer *layer)
{
	return (struct layer_seen){ .measure = measure, .low = INFINITY,
		.channels = layer->channels, .length = layer->length };
}

void
layer_scale_add(const struct model *model, size_t index,
	const struct layer_pass *pass)
{
	const struct layer *layer = &model_dump(model)->layers[index];
	struct layer_seen *seen = &model->scales->seen[index];

	if (!fits(seen, pass->measure, layer))
		*seen = seen_new(pass->measure, layer);
	seen->low = fmin(seen->low, pass->low);
	seen->high = fmax(seen->high, pass->high);
	if (seen->fixed)
		return;
	seen->fixed_low = seen->low;
	seen->fixed_high = seen->high;
	seen->tolerance = pass->tolerance;
	seen->fixed = pass->complete;
}

void
layer_scale_forget(const struct model *model)
{
	if (model_layer(model))
		model->scales->seen[model->layer] = (struct layer_seen){ 0 };
}

/* The least of 1, 2, 3, 4, 6, 8, 12, 16, 24, ... that is not below x. */
static double
round_up(double x)
{
	double power = 1;

	while (2 * power < x)
		power *= 2;
	return x <= power ? power : x <= 1.5 * power && power > 1
		? 1.5 * power : 2 * power;
}

/* Nothing of it so far, or all of it 0. */
static bool
blank(const struct layer_seen *seen)
{
	return !seen || !(seen->fixed_high > 0);
}

static void
scale_log(struct colour_scale *scale, const struct layer_seen *seen)
{
	scale->low = -1;
	scale->high = 1;
	snprintf(scale->basis, sizeof scale->basis, "%s", blank(seen)
		? "nothing above 0" : "seen");
	if (blank(seen))
		return;
	scale->least = log10(seen->low);
	scale->most = log10(seen->high);
	scale->low = floor(log10(seen->fixed_low));
	scale->high = ceil(log10(seen->fixed_high));
	if (scale->low == scale->high)
		scale->low -= 1;
}

static void
scale_own(struct colour_scale *scale, const struct layer_seen *seen)
{
	snprintf(scale->basis, sizeof scale->basis, "%s", blank(seen)
		? "nothing above 0" : "seen");
	if (!blank(seen))
		scale->high = colour_scale_round(seen->fixed_high);
}

static void
scale_seen(struct colour_scale *scale, const struct layer_seen *seen,
	double ceiling)
{
	double top;
	char at[SLIDER_TEXT];

	if (blank(seen)) {
		snprintf(scale->basis, sizeof scale->basis,
			"nothing above 0");
		return;
	}
	top = round_up(fmax(fmax(seen->fixed_high, ceiling / 8), 1));
	scale->high = seen->fixed_high <= ceiling ? fmin(top, ceiling) : top;
	if (seen->measure->tolerated)
		snprintf(scale->basis, sizeof scale->basis, "seen at %s",
			slider_text(at, seen->tolerance));
	else
		snprintf(scale->basis, sizeof scale->basis, "seen");
}

static bool
ends_at_seen(const struct model *model, const struct layer *layer)
{
	if (model->measure->log || model->measure->own_scale)
		return true;
	if (model->measure->fraction)
		return false;
	/* Where TSS grows with i, few cells come near the ceiling. */
	if (model->basis == SCALE_AUTO)
		return layer_unbounded(layer);
	return model->basis == SCALE_SEEN;
}

bool
layer_scale_ends_at_seen(const struct model *model)
{
	return ends_at_seen(model, model_layer(model));
}

struct colour_scale
layer_scale(const struct model *model, const struct layer *layer)
{
	struct colour_scale scale = { .high = 1 };
	const struct layer_seen *seen;
	double ceiling;

	if (!model_ready(model))
		return scale;
	seen = &model->scales->seen[layer - model_dump(model)->layers];
	if (!fits(seen, model->measure, layer))
		seen = NULL;
	ceiling = fmax(1, (double)layer_ceiling(layer, layer->length / 2));
	scale.most = seen ? seen->high : 0;
	if (model->measure->log) {
		scale_log(&scale, seen);
	} else if (model->measure->own_scale) {
		scale_own(&scale, seen);
	} else if (ends_at_seen(model, layer)) {
		scale_seen(&scale, seen, ceiling);
	} else {
		scale.high = model->measure->fraction ? 1 : ceiling;
		snprintf(scale.basis, sizeof scale.basis, "ceiling");
	}
	return scale;
}

/* That of the selected layer and measure, if its colours end there; or NULL. */
static const struct layer_seen *
seen_here(const struct model *model)
{
	const struct layer_seen *seen;

	if (!model_ready(model) || !layer_scale_ends_at_seen(model))
		return NULL;
	seen = &model->scales->seen[model->layer];
	return seen->fixed && !blank(seen)
		&& fits(seen, model->measure, model_layer(model)) ? seen
		: NULL;
}

char *
layer_scale_text(const struct model *model)
{
	const struct layer_seen *seen = seen_here(model);
	char low[CAPTION_NUMBER], high[CAPTION_NUMBER], most[CAPTION_NUMBER];
	char tolerance[CAPTION_NUMBER];
	bool more;

	if (!seen)
		return NULL;
	more = seen->high > seen->fixed_high;
	caption_number(low, model->measure->log ? seen->fixed_low : 0);
	caption_number(high, seen->fixed_high);
	caption_number(most, seen->high);
	return xasprintf("%s,%s%s%s %s %s", low, high, more ? "," : "",
		more ? most : "", seen->tolerance.kind == TOLERANCE_RELATIVE
		? "rel" : "abs", caption_number(tolerance,
		seen->tolerance.value));
}

/* Numbers with commas between, up to a blank or the end; returns how many, or
 * 0 where there is anything else. */
static int
read_numbers(double *out, int most, const char **text)
{
	int count = 0;
	char *end;

	do {
		if (count == most)
			return 0;
		out[count++] = strtod(*text, &end);
		if (end == *text || !isfinite(out[count - 1]))
			return 0;
		*text = end + (*end == ',');
	} while (*end == ',');
	return *end && *end != ' ' ? 0 : count;
}

enum status
layer_scale_read(const struct model *model, const char *text)
{
	const char *rest = text;
	double ends[3] = { 0 };
	int count = read_numbers(ends, LENGTH(ends), &rest);
	bool log = model->measure->log;
	struct layer_seen seen;

	if (!model_ready(model))
		return status_set(STATUS_MISSING, "no layer to show");
	if (count < 2 || ends[0] < 0 || ends[0] > ends[1] || !(ends[1] > 0)
	    || (log && !(ends[0] > 0)))
		return status_set(STATUS_USAGE, "\"%s\" can not be seen of %s; "
			"try %s", text, model->measure->title, log ? "1e-3,10"
			: "0,14 rel 1e-3");
	seen = seen_new(model->measure, model_layer(model));
	seen.fixed = true;
	seen.fixed_low = ends[0];
	seen.fixed_high = ends[1];
	seen.high = ends[2];
	seen.tolerance = model->tolerance;
	rest += strspn(rest, " ");
	if (*rest && slider_parse(&seen.tolerance, rest, seen.tolerance))
		return STATUS_USAGE;
	model->scales->seen[model->layer] = seen;
	return STATUS_OK;
}
