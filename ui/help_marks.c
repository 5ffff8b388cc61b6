/*
 * The list of marks: where each is, and its note.
 */
#include "ui/help_page.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/util.h"
#include "ui/model.h"
#include "ui/trail.h"

enum { LABEL_WIDTH = 4 };

/* "layers.2  ch 1  pos 118  before \" the\": a note" */
static char *
describe(const struct model *model, const struct mark *mark)
{
	const struct place *place = &mark->place;
	struct dump *dump = session_dump(model->session, place->dump);
	const struct layer *layer = &dump->layers[place->layer];
	const char *token = layer->resolved && place->position < layer->length
		? layer_token(layer, place->position) : NULL;
	bool other = place->dump != model->dump;

	return xasprintf("%s%s%s  ch %zu  pos %zu%s%s%s%s%s",
		other ? dump->label : "", other ? "  " : "", layer->label,
		place->channel, place->position, token ? "  before \"" : "",
		token ? token : "", token ? "\"" : "",
		mark->note ? ": " : "", mark->note ? mark->note : "");
}

static bool
is_there(const struct model *model, const struct mark *mark)
{
	return mark->place.dump < session_dump_count(model->session)
		&& mark->place.layer < session_dump(model->session,
		mark->place.dump)->layer_count;
}

void
help_marks(struct help_page *page, const struct model *model)
{
	bool any = false;

	help_heading(page, "Marks: ' and the letter goes there, Esc leaves");
	for (int i = 0; i < MARKS; i++) {
		char letter[2] = { trail_letter(i) }, *text;
		const struct mark *mark = trail_mark(model, letter[0]);

		if (!mark->set || !is_there(model, mark))
			continue;
		text = describe(model, mark);
		help_entry(page, letter, text, LABEL_WIDTH);
		free(text);
		any = true;
	}
	if (!any)
		help_entry(page, "", "none yet: m and a letter makes one, "
			":mark a and a text one with a note", LABEL_WIDTH);
}
