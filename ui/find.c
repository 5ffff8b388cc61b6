#include "ui/find.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/model.h"
#include "ui/token_text.h"

/* The first match, or NULL. */
static const char *
match(const char *text, const char *needle)
{
	for (const char *p = needle; *p; p++)
		if (isupper((unsigned char)*p))
			return strstr(text, needle);
	return strcasestr(text, needle);
}

static bool
holds(const char *text, const char *needle)
{
	return match(text, needle) != NULL;
}

/* from + direction in 0 .. count - 1, round and round. */
static size_t
turn(size_t from, size_t count, int direction)
{
	if (direction > 0)
		return from + 1 < count ? from + 1 : 0;
	return from > 0 ? from - 1 : count - 1;
}

/* Token i as the dump has it, or as it is shown. */
static const char *
word_of(const struct layer *layer, const struct token_text *shown, size_t i)
{
	return shown ? shown->pieces[i].text : layer_token(layer, i);
}

/* All tokens of a layer as one text, for the caller to free. */
static char *
running_text(const struct layer *layer, const struct token_text *shown)
{
	size_t size = 1;
	char *text, *end;

	for (size_t i = 0; i < layer->length; i++)
		size += strlen(word_of(layer, shown, i));
	text = end = xmalloc(size);
	*end = '\0';
	for (size_t i = 0; i < layer->length; i++)
		end = stpcpy(end, word_of(layer, shown, i));
	return text;
}

/* The tokens in which matches begin, as far as a search from `at` cares: 0
 * where there is none, as no cursor stands at token 0 (H_0 is empty). */
struct matches {
	size_t first, before, after, last;
};

static void
find_matches(struct matches *matches, const struct layer *layer,
	const struct token_text *shown, const char *needle, size_t at)
{
	char *text = running_text(layer, shown);
	const char *end = text + strlen(word_of(layer, shown, 0));
	size_t i = 0;                   /* the token that ends there */

	for (const char *p = text; (p = match(p, needle)); p++) {
		while (p >= end)
			end += strlen(word_of(layer, shown, ++i));
		if (i == 0)
			continue;
		if (!matches->first || i < matches->first)
			matches->first = i;
		if (i < at && i > matches->before)
			matches->before = i;
		if (i > at && (!matches->after || i < matches->after))
			matches->after = i;
		if (i > matches->last)
			matches->last = i;
	}
	free(text);
}

/* In the tokens as they are ("\u0120the") and as they are read (" the"). */
static bool
step_text(struct model *model, int direction)
{
	const struct layer *layer = model_layer(model);
	struct matches matches = { 0 };
	struct token_text *shown;
	size_t found;

	if (!model_ready(model) || !model->needle[0]
	    || !layer_token(layer, 0))
		return false;
	shown = token_text_new(layer, 0, layer->length, true);
	find_matches(&matches, layer, NULL, model->needle, model->position);
	find_matches(&matches, layer, shown, model->needle, model->position);
	token_text_free(shown);
	if (direction > 0)
		found = matches.after ? matches.after : matches.first;
	else
		found = matches.before ? matches.before : matches.last;
	if (!found)
		return false;
	model_say(model, false, "%s\"%s\" begins in token %zu, \"%s\"",
		matches.first == found && matches.last == found
		? "only here: " : "", model->needle, found,
		layer_token(layer, found));
	model_set_position(model, found);
	return true;
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
		model_say(model, false, "%s%s holds \"%s\"", n + 1
			== dump->layer_count ? "only layer " : "layer ",
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
	if (step_text(model, direction))
		return STATUS_OK;
	if (!layers_first && step_layer(model, direction))
		return STATUS_OK;
	return status_set(STATUS_MISSING,
		"neither the text nor the name of a layer holds \"%s\"", model->needle);
}

enum status
find_layer(struct model *model, const char *name)
{
	const struct dump *dump = model_dump(model);
	const struct layer *layer = dump ? dump_layer(dump, name, 0) : NULL;

	if (layer) {
		model_select_layer(model, (size_t)(layer - dump->layers));
		return STATUS_OK;
	}
	for (size_t i = 0; dump && i < dump->layer_count; i++) {
		if (holds(dump->layers[i].label, name)) {
			model_select_layer(model, i);
			return STATUS_OK;
		}
	}
	return status_set(STATUS_MISSING, "no layer \"%s\" in this dump", name);
}
