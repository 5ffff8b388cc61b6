#include "ui/seen.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/model.h"
#include "ui/phrase.h"
#include "ui/settings.h"

/* By label: a session of the same files may have others beside it. */
struct view {
	char *label, *text;
};

struct seen {
	struct view *views;
	size_t count;
};

struct seen *
seen_new(void)
{
	return xcalloc(1, sizeof(struct seen));
}

void
seen_free(struct seen *seen)
{
	if (!seen)
		return;
	for (size_t k = 0; k < seen->count; k++) {
		free(seen->views[k].label);
		free(seen->views[k].text);
	}
	free(seen->views);
	free(seen);
}

static struct view *
find(const struct seen *seen, const struct dump *dump)
{
	for (size_t k = 0; k < seen->count; k++)
		if (!strcmp(seen->views[k].label, dump->label))
			return &seen->views[k];
	return NULL;
}

void
seen_write_place(FILE *file, const struct model *model, struct place place)
{
	const struct dump *dump = session_dump(model->session, place.dump);
	char *name = place.layer < dump->layer_count
		? phrase_quote(dump->layers[place.layer].label) : NULL;

	if (name)
		fprintf(file, "layer %s\n", name);
	if (name && dump->layers[place.layer].batches > 1)
		fprintf(file, "batch %zu\n", place.batch);
	if (name)
		fprintf(file, "channel %zu\nposition %zu\n", place.channel,
			place.position);
	free(name);
}

/* For free(); NULL: no memory. */
static char *
describe(const struct model *model)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return NULL;
	seen_write_place(file, model, place_of(model));
	for (const struct setting *s = settings; s->command; s++) {
		char *value = s->view ? s->value(model) : NULL;

		if (value)
			fprintf(file, "%s %s\n", s->command, value);
		free(value);
	}
	fclose(file);
	return text;
}

void
seen_note(struct model *model)
{
	struct seen *seen = model->seen;
	const struct dump *dump = model_dump(model);
	char *text = dump ? describe(model) : NULL;
	struct view *view;

	if (!text)
		return;
	view = find(seen, dump);
	if (!view) {
		seen->views = xreallocarray(seen->views, seen->count + 1,
			sizeof *seen->views);
		view = &seen->views[seen->count++];
		*view = (struct view){ .label = xstrdup(dump->label) };
	}
	free(view->text);
	view->text = text;
}

const char *
seen_view(const struct model *model, const struct dump *dump)
{
	const struct view *view = find(model->seen, dump);

	return view ? view->text : NULL;
}
