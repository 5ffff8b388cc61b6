#include "ui/search.h"

#include <stdlib.h>

#include "core/util.h"
#include "ui/model.h"
#include "ui/spell.h"
#include "ui/trail.h"

/* Seconds of CPU in a frame, which does little else meanwhile. */
static const double frame_seconds = 6e-3;

struct search {
	const struct search_kind *kind;
	void *state;
};

/* True when all is looked at. */
static bool
work(struct model *model)
{
	struct search *search = model->search;
	struct spell spell = spell_begin(model, frame_seconds);
	size_t cells = 0, some;

	while ((some = search->kind->look(search->state, model)) > 0) {
		cells += some;
		if (cells < SEARCH_LOOK)
			continue;
		cells = 0;
		if (spell_over(spell))
			break;
	}
	spell_end(model, spell);
	if (some)
		search->kind->say(search->state, model);
	return !some;
}

static enum status
finish(struct model *model)
{
	struct search *search = model->search;
	enum status status = search->kind->finish(search->state, model);

	search_stop(model);
	return status;
}

enum status
search_start(struct model *model, const struct search_kind *kind, void *state)
{
	search_stop(model);
	model->search = xcalloc(1, sizeof *model->search);
	*model->search = (struct search){ kind, state };
	return work(model) ? finish(model) : STATUS_OK;
}

bool
search_go_on(struct model *model)
{
	struct search *search = model->search;

	if (search && !search->kind->fits(search->state, model))
		search_stop(model);
	if (!model->search || !work(model))
		return model->search;
	if (finish(model))
		model_say(model, true, "%s", status_text());
	trail_follow(model);
	return false;
}

void
search_stop(struct model *model)
{
	if (model->search)
		model->search->kind->free(model->search->state);
	free(model->search);
	model->search = NULL;
}
