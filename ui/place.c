#include "ui/place.h"

#include "core/dump.h"
#include "ui/comparison.h"
#include "ui/model.h"

struct place
place_of(const struct model *model)
{
	const struct dump *dump = model_dump(model);

	return (struct place){ model->dump, dump ? dump->batch : 0,
		model->layer, model->channel, model->position };
}

bool
place_equal(struct place a, struct place b)
{
	return a.dump == b.dump && a.batch == b.batch && a.layer == b.layer
		&& a.channel == b.channel && a.position == b.position;
}

/* Where that is in the model's own dump, of a place in the one it is compared
 * with: both are on the screen. Where that has no such layer, it ends. */
static struct place
beside(struct model *model, struct place place)
{
	const struct dump *other = comparison_dump(model);
	const struct dump *own = model_dump(model);
	const char *label = place.layer < other->layer_count
		? other->layers[place.layer].label : "";
	const struct layer *layer = dump_layer(own, label, place.layer);

	if (layer) {
		place.dump = model->dump;
		place.batch = own->batch;
		place.layer = (size_t)(layer - own->layers);
		return place;
	}
	model_say(model, true, "%s is in the other dump alone: nothing is "
		"compared any more", label);
	comparison_end(model);
	return place;
}

void
place_go(struct model *model, struct place place)
{
	if (comparison_on(model) && place.dump == model->comparison.other)
		place = beside(model, place);
	if (place.dump != model->dump)
		model_select_dump(model, place.dump);
	if (model_dump(model) && place.batch != model_dump(model)->batch)
		(void)model_select_batch(model, place.batch);
	model_select_layer(model, place.layer);
	model_set_channel(model, place.channel);
	model_set_position(model, place.position);
}
