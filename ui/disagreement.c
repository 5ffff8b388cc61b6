#include "ui/disagreement.h"

#include <math.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/measure.h"
#include "core/util.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/spell.h"
#include "ui/trail.h"

/* Seconds of CPU in a frame, which does little else meanwhile; and cells
 * between two looks at the clock. */
static const double frame_seconds = 6e-3;
enum { CELLS_A_LOOK = 1 << 12 };

/* Where in a channel the two differ most. */
struct largest {
	size_t channel, position;       /* 0: nothing is known of it */
	double size, tolerance_ess, entropy_ess;
};

struct disagreement {
	const struct layer *layer;
	struct tolerance tolerance;
	size_t channel, position;       /* the next cell */
	struct largest *most;           /* one a channel */
	size_t count;                   /* of those with anything known */
};

static void
take(void *payload, const struct spectrum *spectrum)
{
	struct disagreement *search = payload;
	struct largest *most = &search->most[search->count];
	struct measured cell = measured_cell(search->layer, spectrum,
		search->tolerance);
	double size = fabs(cell.tolerance_ess - cell.entropy_ess);

	/* Blocks come in any order: of equals the first. */
	if (most->position && (size < most->size || (size == most->size
		&& cell.position > most->position)))
		return;
	*most = (struct largest){ search->channel, cell.position, size,
		cell.tolerance_ess, cell.entropy_ess };
}

/* Some cells of a channel; returns those looked at. */
static size_t
look(struct disagreement *search, const struct model *model)
{
	size_t length = search->layer->length, begin = search->position;
	bool known = session_known(model->session, search->layer,
		search->channel) > 0;
	size_t end = known ? size_min(begin + CELLS_A_LOOK, length) : length;

	if (known)
		session_each(model->session, search->layer, search->channel,
			begin, end, (struct hankel_sink){ take, search });
	search->position = end;
	if (end == length) {
		search->count += search->most[search->count].position > 0;
		search->channel++;
		search->position = 1;
	}
	return known ? end - begin : 1;
}

/* The largest first; equals by channel. */
static int
compare(const void *a, const void *b)
{
	const struct largest *x = a, *y = b;

	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return (x->channel > y->channel) - (x->channel < y->channel);
}

static enum status
finish(struct model *model)
{
	struct disagreement *search = model->disagreement;
	struct largest *most = search->most;
	size_t count = search->count, k = 0;

	qsort(most, count, sizeof *most, compare);
	while (k < count && (most[k].channel != model->channel
		|| most[k].position != model->position))
		k++;
	k = k + 1 < count ? k + 1 : 0;
	if (count) {
		model_set_channel(model, most[k].channel);
		model_set_position(model, most[k].position);
		model_say(model, false, "%zu of %zu channels: ESS %.0f by "
			"tolerance, %.2f by entropy", k + 1, count,
			most[k].tolerance_ess, most[k].entropy_ess);
	}
	disagreement_stop(model);
	return count ? STATUS_OK : status_set(STATUS_MISSING,
		"nothing of this layer is computed yet");
}

/* True when all channels are looked through. */
static bool
work(struct model *model)
{
	struct disagreement *search = model->disagreement;
	struct spell spell = spell_begin(model, frame_seconds);
	size_t cells = 0;

	while (search->channel < search->layer->channels) {
		cells += look(search, model);
		if (cells < CELLS_A_LOOK)
			continue;
		cells = 0;
		if (spell_over(spell))
			break;
	}
	spell_end(model, spell);
	if (search->channel == search->layer->channels)
		return true;
	model_say(model, false, "looking for the largest disagreement: %zu of "
		"%zu channels; any key gives it up", search->channel,
		search->layer->channels);
	return false;
}

/* It is still of what is selected. */
static bool
fits(const struct disagreement *search, const struct model *model)
{
	return search->layer == model_layer(model)
		&& search->tolerance.kind == model->tolerance.kind
		&& search->tolerance.value == model->tolerance.value;
}

enum status
disagreement_start(struct model *model)
{
	struct disagreement *search;

	disagreement_stop(model);
	search = model->disagreement = xcalloc(1, sizeof *search);
	search->layer = model_layer(model);
	search->tolerance = model->tolerance;
	search->position = 1;
	/* One more than may be taken in. */
	search->most = xcalloc(search->layer->channels + 1,
		sizeof *search->most);
	return work(model) ? finish(model) : STATUS_OK;
}

bool
disagreement_go_on(struct model *model)
{
	if (model->disagreement && !fits(model->disagreement, model))
		disagreement_stop(model);
	if (!model->disagreement || !work(model))
		return model->disagreement;
	if (finish(model))
		model_say(model, true, "%s", status_text());
	trail_follow(model);
	return false;
}

void
disagreement_stop(struct model *model)
{
	if (model->disagreement)
		free(model->disagreement->most);
	free(model->disagreement);
	model->disagreement = NULL;
}
