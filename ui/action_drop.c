/*
 * The walk along the drops of ESS from one position to the next: the largest
 * first, then the next largest, as long as nothing else moves. Each is a
 * search (search.h) through the channel.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/util.h"
#include "ui/action.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/position_axis.h"
#include "ui/search.h"
#include "ui/view.h"

struct drop {
	size_t position;                /* where it has dropped; 0: none */
	double size, before, after;
};

/* Looks for the largest drop that comes behind the last one. */
struct drop_search {
	struct drop_walk walk;          /* of which it is the next */
	size_t position;                /* of the next cell to look at */
	double ess;                     /* of the cell before; NAN: unknown */
	struct drop best;
	double *some;                   /* ESS of those from `position` on */
};

/* Is a drop of that size and place still to come, and before the best? */
static bool
is_next(const struct drop_search *search, double size, size_t position)
{
	const struct drop_walk *last = &search->walk;

	if (!(size > 0) || size <= search->best.size)
		return false;
	return last->position == 0 || size < last->size
		|| (size == last->size && position > last->position);
}

/* They come in any order. */
static void
take(void *payload, const struct spectrum *spectrum)
{
	struct drop_search *search = payload;
	struct measured cell = measured_cell(search->walk.layer, spectrum,
		search->walk.tolerance);

	search->some[cell.position - search->position]
		= search->walk.measure->ess(&cell);
}

static size_t
look(void *state, const struct model *model)
{
	struct drop_search *search = state;
	const struct drop_walk *walk = &search->walk;
	size_t count = size_min(SEARCH_LOOK,
		walk->layer->length - search->position);

	for (size_t k = 0; k < count; k++)
		search->some[k] = NAN;
	session_each(model->session, walk->layer, walk->channel,
		search->position, search->position + count,
		(struct hankel_sink){ take, search });
	for (size_t k = 0; k < count; k++, search->position++) {
		double before = search->ess, after = search->some[k];

		if (is_next(search, before - after, search->position))
			search->best = (struct drop){ search->position,
				before - after, before, after };
		search->ess = after;
	}
	return count;
}

/* Of this channel, by this measure and tolerance. */
static bool
fits_walk(const struct drop_walk *walk, const struct model *model)
{
	return walk->layer == model_layer(model)
		&& walk->measure == model->measure
		&& tolerance_equal(walk->tolerance, model->tolerance)
		&& walk->channel == model->channel;
}

static bool
fits(const void *state, const struct model *model)
{
	const struct drop_search *search = state;

	return fits_walk(&search->walk, model);
}

/* Goes on only where it was left. */
static void
walk_follow(struct drop_walk *walk, const struct model *model)
{
	if (fits_walk(walk, model) && walk->position == model->position)
		return;
	*walk = (struct drop_walk){ .layer = model_layer(model),
		.measure = model->measure, .tolerance = model->tolerance,
		.channel = model->channel };
}

static void
say_found(struct model *model, const struct drop *drop)
{
	const struct layer *layer = model_layer(model);
	char before[POSITION_TOKEN], after[POSITION_TOKEN], where[120] = "";
	bool all = session_known(model->session, layer, model->channel)
		== layer->length - 1;

	if (layer_token(layer, 0))
		snprintf(where, sizeof where, ", between %s and %s",
			position_token(before, layer, drop->position - 1),
			position_token(after, layer, drop->position));
	model_say(model, false, "drop %zu%s: pos %zu%s, %s %.4g -> %.4g",
		model->drop.rank, all ? "" : " of those computed",
		drop->position, where, model->measure->ess_title,
		drop->before, drop->after);
}

static void
say(const void *state, struct model *model)
{
	const struct drop_search *search = state;

	model_say(model, false, "looking for drop %zu: %zu of %zu positions; "
		"any key gives it up", search->walk.rank + 1,
		search->position - 1, search->walk.layer->length - 1);
}

static enum status
finish(void *state, struct model *model)
{
	const struct drop_search *search = state;
	size_t rank = search->walk.rank;

	if (!search->best.position) {
		model->drop.layer = NULL;
		return status_set(STATUS_MISSING, rank ? "no further drop of "
			"ESS along this channel; x begins anew" : "ESS drops "
			"nowhere along this channel, as far as it is "
			"computed");
	}
	model->drop = search->walk;
	model->drop.rank = rank + 1;
	model->drop.size = search->best.size;
	model->drop.position = search->best.position;
	model_set_position(model, search->best.position);
	say_found(model, &search->best);
	return STATUS_OK;
}

static void
let_go(void *state)
{
	struct drop_search *search = state;

	free(search->some);
	free(search);
}

static const struct search_kind drop_search = {
	look, fits, say, finish, let_go,
};

enum status
action_drop(struct model *model, const char *argument)
{
	struct drop_search *search;

	(void)argument;
	if (!model_ready(model))
		return STATUS_OK;
	if (model_failure(model))
		return status_set(STATUS_MISSING, "channel %zu failed: %s",
			model->channel, view_reason(model_failure(model),
			model_layer(model)));
	search = xcalloc(1, sizeof *search);
	walk_follow(&model->drop, model);
	search->walk = model->drop;
	search->position = 1;
	search->ess = NAN;
	search->some = xcalloc(SEARCH_LOOK, sizeof *search->some);
	return search_start(model, &drop_search, search);
}
