/*
 * Another session of the same paths, after files have changed: everything that
 * rests on the old one goes, the selection and how it is shown stay.
 */
#include "ui/model.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/delimiters.h"
#include "ui/layer_band.h"
#include "ui/layer_curve.h"
#include "ui/place.h"
#include "ui/search.h"
#include "ui/text_lines.h"
#include "ui/text_ring.h"

static void
forget(struct model *model)
{
	search_stop(model);
	layer_band_free(model->band);
	layer_curve_free(model->curve);
	text_lines_free(model->text.lines);
	model->band = NULL;
	model->curve = NULL;
	text_ring_forget(model->text_ring);
	delimiters_forget(model->delimiters);
	model->text.lines = NULL;
	model->text.layer = NULL;
	model->drop.layer = NULL;
}

/* The dump of that label, or the same place among them. */
static size_t
find_dump(const struct session *session, const char *label, size_t fallback)
{
	size_t count = session_dump_count(session);

	for (size_t d = 0; d < count; d++)
		if (!strcmp(session_dump(session, d)->label, label))
			return d;
	return size_min(fallback, count - 1);
}

void
model_reopen(struct model *model, struct session *session)
{
	struct window channels = model->channels, positions = model->positions;
	struct place place = place_of(model);
	const struct layer *layer = model_layer(model);
	char *dump = xstrdup(model_dump(model)->label);
	char *name = xstrdup(layer ? layer->label : "");
	struct dump *beside = comparison_dump(model);
	char *other = beside ? xstrdup(beside->label) : NULL;
	enum comparing shows = model->comparison.shows;
	const struct layer *found;

	forget(model);
	comparison_end(model);
	model->session = session;
	place.dump = find_dump(session, dump, place.dump);
	found = dump_layer(session_dump(session, place.dump), name,
		place.layer);
	if (found)
		place.layer = (size_t)(found - found->dump->layers);
	model_select_dump(model, place.dump);
	place_go(model, place);
	model->channels = channels;
	model->positions = positions;
	model_set_channel(model, place.channel);
	model_set_position(model, place.position);
	model->results++;
	if (other)
		comparison_resume(model, find_dump(session, other,
			model->dump), shows);
	free(other);
	free(dump);
	free(name);
}
