#include "ui/comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/util.h"
#include "ui/colour_scale.h"
#include "ui/heatmap.h"
#include "ui/layer_list.h"
#include "ui/layer_scale.h"
#include "ui/layer_stats.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/spell.h"

/* Cells of statistics between two looks at the clock, and headers a frame. */
enum { CELLS_A_LOOK = 1 << 13, RESOLVES = 8, HEADERS_AT_ONCE = 64 };

bool
comparison_on(const struct model *model)
{
	return model->comparison.shows != COMPARING_NOTHING;
}

bool
comparison_differs(const struct model *model)
{
	return model->comparison.shows == COMPARING_DIFFERENCE;
}

const char *
comparison_name(const struct model *model)
{
	static const char *const names[] = {
		[COMPARING_NOTHING] = "", [COMPARING_DIFFERENCE] = "A-B",
		[COMPARING_A] = "A", [COMPARING_B] = "B",
	};

	return names[model->comparison.shows];
}

char
comparison_own(const struct model *model)
{
	return model->comparison.shows == COMPARING_B ? 'B' : 'A';
}

char
comparison_theirs(const struct model *model)
{
	return model->comparison.shows == COMPARING_B ? 'A' : 'B';
}

struct dump *
comparison_side(const struct model *model, char side)
{
	if (!comparison_on(model))
		return NULL;
	return comparison_own(model) == side ? model_dump(model)
		: comparison_dump(model);
}

const char *
comparison_title(char out[COMPARISON_TITLE], const struct model *model)
{
	const char *name = comparison_name(model);

	snprintf(out, COMPARISON_TITLE, "%s%s%s", name, *name ? " " : "",
		model->measure->title);
	return out;
}

struct dump *
comparison_dump(const struct model *model)
{
	return comparison_on(model) ? session_dump(model->session,
		model->comparison.other) : NULL;
}

/* Of the same name in the other dump; NULL: none. */
static struct layer *
named(struct dump *dump, const struct layer *layer)
{
	return dump ? dump_layer(dump, layer->label,
		(size_t)(layer - layer->dump->layers)) : NULL;
}

struct layer *
comparison_match(const struct model *model, const struct layer *layer)
{
	struct layer *match = layer ? named(comparison_dump(model), layer)
		: NULL;

	return match && model_shows(match) ? match : NULL;
}

struct layer *
comparison_layer(const struct model *model)
{
	return comparison_match(model, model_layer(model));
}

const struct layer_stats *
comparison_stats(const struct model *model, const struct layer *match)
{
	size_t index = match ? (size_t)(match - match->dump->layers)
		: model->comparison.stats_count;

	return index < model->comparison.stats_count
		? model->comparison.stats[index] : NULL;
}

struct model
comparison_alone(const struct model *model)
{
	struct model alone = *model;

	alone.comparison = (struct comparison){ 0 };
	return alone;
}

struct model
comparison_other(const struct model *model, struct layer *match)
{
	struct model other = comparison_alone(model);

	other.dump = model->comparison.other;
	other.layer = (size_t)(match - match->dump->layers);
	other.stats = model->comparison.stats;
	other.stats_count = model->comparison.stats_count;
	other.scales = model->comparison.scales;
	return other;
}

static void
free_stats(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->stats_count; i++)
		layer_stats_free(comparison->stats[i]);
	free(comparison->stats);
	layer_scales_free(comparison->scales);
}

void
comparison_end(struct model *model)
{
	free_stats(&model->comparison);
	model->comparison = (struct comparison){ 0 };
}

/* Headers of both, so that it can be said what does not match: of the selected
 * layer and of so many others. */
static void
read_headers(struct model *model)
{
	struct dump *dumps[2] = { model_dump(model), comparison_dump(model) };
	struct layer *layer = model_layer(model);
	struct layer *match = layer ? named(dumps[1], layer) : NULL;

	if (match)
		layer_resolve(match);
	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < dumps[k]->layer_count
			&& i < HEADERS_AT_ONCE; i++)
			if (!dumps[k]->layers[i].resolved)
				layer_resolve(&dumps[k]->layers[i]);
}

void
comparison_begin(struct model *model, size_t other)
{
	struct comparison *comparison = &model->comparison;

	comparison_end(model);
	comparison->shows = COMPARING_DIFFERENCE;
	comparison->other = other;
	comparison->stats_count = session_dump(model->session,
		other)->layer_count;
	comparison->stats = xcalloc(comparison->stats_count,
		sizeof *comparison->stats);
	comparison->scales = layer_scales_turn(NULL, session_dump(
		model->session, other));
	read_headers(model);
}

void
comparison_resume(struct model *model, size_t other, enum comparing shows)
{
	if (other == model->dump)
		return;
	comparison_begin(model, other);
	model->comparison.shows = shows;
}

/* The other dump on the screen, at the same cell and in the same windows. */
static void
swap(struct model *model, const struct layer *to)
{
	struct comparison *comparison = &model->comparison;
	struct window channels = model->channels, positions = model->positions;
	size_t channel = model->channel, position = model->position;
	struct layer_stats **stats = model->stats;
	struct layer_scales *scales = model->scales;
	size_t count = model->stats_count, dump = model->dump;

	model->stats = comparison->stats;
	model->stats_count = comparison->stats_count;
	comparison->stats = stats;
	comparison->stats_count = count;
	model->scales = comparison->scales;
	comparison->scales = scales;
	model_take_dump(model, comparison->other,
		(size_t)(to - to->dump->layers));
	comparison->other = dump;
	model->channels = channels;
	model->positions = positions;
	model_set_channel(model, channel);
	model_set_position(model, position);
}

bool
comparison_show(struct model *model, enum comparing shows)
{
	struct comparison *comparison = &model->comparison;
	bool other = (shows == COMPARING_B)
		!= (comparison->shows == COMPARING_B);
	struct layer *match = comparison_layer(model);

	if (other && !match) {
		read_headers(model);
		match = comparison_layer(model);
	}
	if (other && !match)
		return false;
	if (other)
		swap(model, match);
	comparison->shows = shows;
	return true;
}

/* Reads the header; false: it is for a later frame. */
static bool
resolve(struct layer *layer, int *left)
{
	if (layer->resolved)
		return true;
	if ((*left)-- <= 0)
		return false;
	layer_resolve(layer);
	return true;
}

/* Statistics of what belongs to that layer, and cells looked at for them; true:
 * more is to do. */
static bool
work_on(struct model *model, const struct layer *layer, int *resolves,
	size_t *cells, struct spell spell)
{
	struct layer *match = named(comparison_dump(model), layer);
	struct model other;
	size_t spent;

	if (!match)
		return false;
	if (!resolve(match, resolves))
		return true;
	if (!model_shows(match))
		return false;
	other = comparison_other(model, match);
	do {
		spent = layer_stats_advance(&other.stats[other.layer], match,
			&other, CELLS_A_LOOK);
		*cells += spent;
	} while (spent == CELLS_A_LOOK && !spell_over(spell));
	return spent == CELLS_A_LOOK;
}

bool
comparison_work(struct model *model, size_t begin, size_t end, double seconds)
{
	struct spell spell = spell_begin(model, seconds);
	const struct layer *layer = model_layer(model);
	int resolves = RESOLVES;
	size_t cells = 0;
	bool more = false;

	if (comparison_on(model) && model->comparison.other == model->dump)
		comparison_end(model);
	if (!comparison_on(model))
		return false;
	if (layer)
		more = work_on(model, layer, &resolves, &cells, spell);
	for (size_t k = begin; k < end && k < model->list.count; k++) {
		/* Each layer is a look by itself. */
		if (cells && spell_over(spell)) {
			more = true;
			break;
		}
		more |= work_on(model, &model_dump(model)->layers[
			layer_list_at(model, k)], &resolves, &cells, spell);
	}
	spell_end(model, spell);
	return more;
}

void
comparison_widen(struct colour_scale *scale, const struct model *model)
{
	struct layer *match = comparison_layer(model);
	struct colour_scale theirs;
	struct model other;

	if (!match)
		return;
	other = comparison_other(model, match);
	theirs = layer_scale(&other, match);
	if (theirs.high > scale->high)
		memcpy(scale->basis, theirs.basis, sizeof scale->basis);
	scale->low = fmin(scale->low, theirs.low);
	scale->high = fmax(scale->high, theirs.high);
	scale->least = fmin(scale->least, theirs.least);
	scale->most = fmax(scale->most, theirs.most);
}

/* The scale is of what is on the screen now. */
static bool
is_of(const struct difference_scale *scale, const struct model *model)
{
	return scale->layer == model_layer(model)
		&& scale->beside == comparison_layer(model)
		&& scale->measure == model->measure
		&& scale->layer_rows == model->layer_rows;
}

struct colour_scale
comparison_scale(const struct model *model)
{
	const struct difference_scale *seen = &model->comparison.scale;
	struct colour_scale scale = { .high = 1 };

	if (is_of(seen, model) && seen->most > 0)
		scale.high = colour_scale_round(seen->most);
	else if (model->measure->fraction)
		scale.high = 0.1;
	if (is_of(seen, model))
		scale.most = seen->most;
	snprintf(scale.basis, sizeof scale.basis, "A-B, seen");
	scale.low = -scale.high;
	return scale;
}

bool
comparison_sees(const struct model *model)
{
	const struct difference_scale *scale = &model->comparison.scale;

	return comparison_differs(model)
		&& !(scale->fixed && is_of(scale, model));
}

void
comparison_see(struct model *model, const struct pixel *pixels, size_t count,
	bool whole)
{
	struct difference_scale *scale = &model->comparison.scale;

	if (!is_of(scale, model))
		*scale = (struct difference_scale){
			.layer = model_layer(model),
			.beside = comparison_layer(model),
			.measure = model->measure,
			.layer_rows = model->layer_rows,
		};
	for (size_t k = 0; k < count; k++)
		if (pixels[k].kind == PIXEL_VALUE && isfinite(pixels[k].value))
			scale->most = fmax(scale->most, fabs(pixels[k].value));
	scale->fixed = whole;
}

static bool
is_fresh(const struct model *model, const struct layer_stats *stats,
	bool *whole)
{
	struct layer_averages averages;

	if (!layer_stats_get(&averages, stats, model)) {
		*whole = false;
		return true;
	}
	*whole &= averages.known == averages.wanted;
	return !averages.stale;
}

bool
comparison_fresh(const struct model *model, bool *whole)
{
	const struct dump *dump = model_dump(model);

	for (size_t k = 0; k < model->list.count; k++) {
		size_t index = layer_list_at(model, k);
		struct layer *layer = &dump->layers[index];
		struct layer *match = comparison_match(model, layer);

		if (!layer->resolved)
			*whole = false;
		if (match && model_shows(layer)
		    && (!is_fresh(model, model->stats[index], whole)
			|| !is_fresh(model, comparison_stats(model, match),
			whole)))
			return false;
	}
	return true;
}

double
comparison_change(const struct model *model, size_t layer)
{
	const struct layer *own = &model_dump(model)->layers[layer];
	struct layer *match = comparison_match(model, own);
	struct layer_averages ours, theirs;

	if (match && (match->channels != own->channels
	    || match->length != own->length))
		return NAN;
	if (layer >= model->stats_count
	    || !layer_stats_get(&ours, model->stats[layer], model)
	    || !layer_stats_get(&theirs, comparison_stats(model, match),
		model))
		return NAN;
	return model->comparison.shows == COMPARING_B ? theirs.ess - ours.ess
		: ours.ess - theirs.ess;
}
