/*
 * The walk along the drops of ESS from one position to the next: the largest
 * first, then the next largest, as long as nothing else moves.
 */
#include <stdio.h>

#include "ui/action.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/position_axis.h"

struct drop {
	size_t position;                /* where it has dropped; 0: none */
	double size, before, after;
};

/* Looks for the largest drop that comes behind the last one. */
struct search {
	const struct model *model;
	const struct drop_walk *last;
	size_t position;                /* of the cell before; 0: none */
	double ess;
	struct drop best;
};

/* Is a drop of that size and place still to come, and before the best? */
static bool
is_next(const struct search *search, double size, size_t position)
{
	const struct drop_walk *last = search->last;

	if (!(size > 0) || size <= search->best.size)
		return false;
	return last->position == 0 || size < last->size
		|| (size == last->size && position > last->position);
}

static void
take(void *payload, const struct spectrum *spectrum)
{
	struct search *search = payload;
	const struct model *model = search->model;
	struct measured cell = measured_cell(model_layer(model), spectrum,
		model->tolerance);
	double ess = model->measure->ess(&cell), size = search->ess - ess;

	if (search->position && search->position + 1 == cell.position
	    && is_next(search, size, cell.position))
		search->best = (struct drop){ cell.position, size,
			search->ess, ess };
	search->position = cell.position;
	search->ess = ess;
}

/* Goes on only where it was left. */
static void
walk_follow(struct drop_walk *walk, const struct model *model)
{
	struct drop_walk now = { .layer = model_layer(model),
		.measure = model->measure, .tolerance = model->tolerance,
		.channel = model->channel };

	if (walk->layer == now.layer && walk->measure == now.measure
	    && walk->tolerance.kind == now.tolerance.kind
	    && walk->tolerance.value == now.tolerance.value
	    && walk->channel == now.channel
	    && walk->position == model->position)
		return;
	*walk = now;
}

static void
say(struct model *model, const struct drop *drop)
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

enum status
action_drop(struct model *model, const char *argument)
{
	struct search search = { .model = model, .last = &model->drop };
	size_t rank;

	(void)argument;
	if (!model_ready(model))
		return STATUS_OK;
	walk_follow(&model->drop, model);
	session_each(model->session, model_layer(model), model->channel, 1,
		model_layer(model)->length, (struct hankel_sink){ take,
			&search });
	rank = model->drop.rank;
	if (!search.best.position) {
		model->drop.layer = NULL;
		return status_set(STATUS_MISSING, rank ? "no further drop of "
			"ESS along this channel; x begins anew" : "ESS drops "
			"nowhere along this channel, as far as it is "
			"computed");
	}
	model->drop.rank = rank + 1;
	model->drop.size = search.best.size;
	model->drop.position = search.best.position;
	model_set_position(model, search.best.position);
	say(model, &search.best);
	return STATUS_OK;
}
