#include "ui/caption.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#include "core/cache_key.h"
#include "core/content.h"
#include "core/operator.h"
#include "core/util.h"
#include "ui/measure_table.h"
#include "ui/position_axis.h"
#include "ui/view.h"

/* "1.5e-03" becomes "1.5e-3", "1e+02" "1e2". */
static void
exponent_shorten(char *text)
{
	char *e = strchr(text, 'e'), *digits, *to;

	if (!e)
		return;
	digits = e + 2;
	while (*digits == '0' && digits[1])
		digits++;
	to = e + 1;
	if (e[1] == '-')
		*to++ = '-';
	memmove(to, digits, strlen(digits) + 1);
}

char *
caption_number(char out[CAPTION_NUMBER], double value)
{
	char plain[CAPTION_NUMBER];

	for (int digits = 0; digits <= 17; digits++) {
		snprintf(out, CAPTION_NUMBER, "%.*e", digits, value);
		if (strtod(out, NULL) == value)
			break;
	}
	exponent_shorten(out);
	snprintf(plain, sizeof plain, "%.17g", value);
	if (strlen(plain) <= strlen(out))
		strcpy(out, plain);
	return out;
}

char *
caption_rule(char out[CAPTION_RULE], struct tolerance tol)
{
	char number[CAPTION_NUMBER];
	bool relative = tol.kind == TOLERANCE_RELATIVE;

	snprintf(out, CAPTION_RULE, "s > %s%s (%s tolerance)",
		caption_number(number, tol.value), relative ? " s1" : "",
		relative ? "relative" : "absolute");
	return out;
}

char *
caption_definition(const struct model *model)
{
	const struct measure_kind *measure = model->measure;
	const char *values = "singular values s1 >= s2 >= ... of "
		"H_i = T[i:, :i]";
	char rule[CAPTION_RULE];

	caption_rule(rule, model->tolerance);
	if (!measure->tolerated)
		return xasprintf("%s: %s; %s.", measure->title,
			measure->formula, values);
	if (measure == &measure_kinds[0])
		return xasprintf("%s: how many of the %s have %s.",
			measure->title, values, rule);
	return xasprintf("%s: %s; tolerance-ESS counts %s with %s.",
		measure->title, measure->formula, values, rule);
}

const char *
caption_channel(const struct layer *layer)
{
	return strchr(layer->kind->rules[0].forms, 'H') ? "head" : "channel";
}

/* "layers.2 (decay, TSS 16)" */
static char *
layer_text(const struct layer *layer)
{
	if (layer->tss_rule == TSS_STATE)
		return xasprintf("%s (%s, TSS %zu)", layer->label,
			layer->kind->name, layer->state_size);
	return xasprintf("%s (%s)", layer->label, layer->kind->name);
}

static char *
cell_text(const struct model *model)
{
	const struct layer *layer = model_layer(model);
	char before[POSITION_TOKEN], after[POSITION_TOKEN];

	if (!layer_token(layer, 0))
		return xasprintf("%s %zu, position %zu",
			caption_channel(layer), model->channel,
			model->position);
	return xasprintf("%s %zu, position %zu, between %s and %s",
		caption_channel(layer), model->channel, model->position,
		position_token(before, layer, model->position - 1),
		position_token(after, layer, model->position));
}

static char *
block_text(const struct model *model)
{
	struct bins rows = model_row_bins(model, 1);
	struct bins columns = model_column_bins(model, 1);

	return xasprintf("%s %zu, rows %zu to %zu, columns %zu to %zu",
		caption_channel(model_layer(model)), model->channel,
		rows.begin, rows.begin + rows.count - 1, columns.begin,
		columns.begin + columns.count - 1);
}

static char *
window_text(const struct model *model, bool one_channel)
{
	struct bins channels = model_channel_bins(model, 1);
	struct bins positions = model_position_bins(model, 1);
	size_t last = positions.begin + positions.count - 1;
	const char *what = caption_channel(model_layer(model));
	char order[CHANNEL_ORDER_TEXT];

	if (one_channel || channels.count == 1)
		return xasprintf("%s %zu, positions %zu to %zu", what,
			one_channel ? model->channel
			: model_channel_at(model, channels.begin),
			positions.begin, last);
	if (channel_order_text(order, model)[0])
		return xasprintf("%zu %ss %s, positions %zu to %zu",
			channels.count, what, order, positions.begin, last);
	return xasprintf("%ss %zu to %zu, positions %zu to %zu", what,
		channels.begin, channels.begin + channels.count - 1,
		positions.begin, last);
}

char *
caption_place(const struct model *model, enum pane pane)
{
	char *layer, *place, *text, batch[64] = "";

	if (views[pane]->rests == RESTS_LAYERS)
		return xasprintf("ESS: mean over positions 1 to L-1, then "
			"over channels.");
	if (!model_ready(model))
		return xstrdup("");
	if (model->layer_rows && views[pane]->rests == RESTS_WINDOW) {
		struct bins positions = model_position_bins(model, 1);

		return xasprintf("%zu layers, positions %zu to %zu.",
			model->list.count, positions.begin,
			positions.begin + positions.count - 1);
	}
	layer = layer_text(model_layer(model));
	place = views[pane]->rests == RESTS_CELL ? cell_text(model)
		: views[pane]->rests == RESTS_PICTURE ? block_text(model)
		: window_text(model, views[pane]->rests == RESTS_LAYER);
	if (model_layer(model)->batches > 1)
		snprintf(batch, sizeof batch, ", batch element %zu of %zu",
			model_layer(model)->batch, model_layer(model)->batches);
	text = xasprintf("%s: %s; L = %zu%s.", layer, place,
		model_layer(model)->length, batch);
	free(layer);
	free(place);
	return text;
}

static char *
dump_source(const struct dump *dump)
{
	const json_t *step = json_object_get(dump->meta, "step");
	char at_step[32] = "", content[CONTENT_DIGITS + 1] = "";
	bool known = content_of(content, dump);

	if (json_is_integer(step))
		snprintf(at_step, sizeof at_step, ", step %lld",
			(long long)json_integer_value(step));
	return xasprintf("%s%s%s%s%s%s", dump->label, dump->model ? ": " : "",
		dump->model ? dump->model : "", dump->model ? at_step : "",
		known ? "; content " : "", content);
}

char *
caption_source(const struct model *model)
{
	const struct dump *a = comparison_side(model, 'A');
	char *source = dump_source(a ? a : model_dump(model));
	char *text = a ? xasprintf("A: %s.", source)
		: xasprintf("%s; %s, engine %d.", source, PACKAGE_STRING,
		ENGINE_VERSION);

	free(source);
	return text;
}

char *
caption_compared(const struct model *model)
{
	const struct dump *b = comparison_side(model, 'B');
	char *source, *text;

	if (!b)
		return NULL;
	source = dump_source(b);
	text = xasprintf("B: %s; %s, engine %d.", source, PACKAGE_STRING,
		ENGINE_VERSION);
	free(source);
	return text;
}
