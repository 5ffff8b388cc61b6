#include "ui/place.h"

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

void
place_go(struct model *model, struct place place)
{
	if (place.dump != model->dump)
		model_select_dump(model, place.dump);
	if (model_dump(model) && place.batch != model_dump(model)->batch)
		(void)model_select_batch(model, place.batch);
	model_select_layer(model, place.layer);
	model_set_channel(model, place.channel);
	model_set_position(model, place.position);
}
