#include "ui/find.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "ui/model.h"

/* Letters match either case unless the needle has a capital. */
static bool
holds(const char *text, const char *needle)
{
	for (const char *p = needle; *p; p++)
		if (isupper((unsigned char)*p))
			return strstr(text, needle) != NULL;
	return strcasestr(text, needle) != NULL;
}

/* from + direction in 0 .. count - 1, round and round. */
static size_t
turn(size_t from, size_t count, int direction)
{
	if (direction > 0)
		return from + 1 < count ? from + 1 : 0;
	return from > 0 ? from - 1 : count - 1;
}

static bool
step_token(struct model *model, int direction)
{
	const struct layer *layer = model_layer(model);
	size_t at = model->position;

	if (!model_ready(model))
		return false;
	for (size_t n = 0; n < layer->length; n++) {
		const char *token;

		at = turn(at, layer->length, direction);
		token = layer_token(layer, at);
		if (!token)
			return false;
		/* H_0 is empty: no cursor stands at token 0. */
		if (at == 0 || !holds(token, model->needle))
			continue;
		model_set_position(model, at);
		model_say(model, false, "token %zu \"%s\" holds \"%s\"", at,
			token, model->needle);
		return true;
	}
	return false;
}

static bool
step_layer(struct model *model, int direction)
{
	const struct dump *dump = model_dump(model);
	size_t at = model->layer;

	for (size_t n = 0; dump && n < dump->layer_count; n++) {
		at = turn(at, dump->layer_count, direction);
		if (!holds(dump->layers[at].label, model->needle))
			continue;
		model_select_layer(model, at);
		model_say(model, false, "layer %s holds \"%s\"",
			dump->layers[at].label, model->needle);
		return true;
	}
	return false;
}

enum status
find_step(struct model *model, int direction)
{
	bool layers_first = model->focus == PANE_LAYERS;

	if (!model->needle)
		return status_set(STATUS_MISSING,
			"nothing to find yet; type / and a text");
	if (layers_first && step_layer(model, direction))
		return STATUS_OK;
	if (step_token(model, direction))
		return STATUS_OK;
	if (!layers_first && step_layer(model, direction))
		return STATUS_OK;
	return status_set(STATUS_MISSING,
		"no token and no layer holds \"%s\"", model->needle);
}

enum status
find_layer(struct model *model, const char *name)
{
	const struct dump *dump = model_dump(model);

	for (size_t i = 0; dump && i < dump->layer_count; i++) {
		if (strcmp(dump->layers[i].label, name) == 0) {
			model_select_layer(model, i);
			return STATUS_OK;
		}
	}
	for (size_t i = 0; dump && i < dump->layer_count; i++) {
		if (holds(dump->layers[i].label, name)) {
			model_select_layer(model, i);
			return STATUS_OK;
		}
	}
	return status_set(STATUS_MISSING, "no layer \"%s\" in this dump", name);
}
