/*
 * Marks, back and forward, undo and redo.
 */
#include "ui/action.h"

#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/util.h"
#include "ui/model.h"
#include "ui/trail.h"

static enum status
no_letter(const char *argument)
{
	return status_set(STATUS_USAGE,
		"\"%s\" is no mark; marks are letters, a-z and A-Z", argument);
}

static enum status
no_mark(const char *argument)
{
	return status_set(STATUS_MISSING, "no mark %s here; m %s makes it",
		argument, argument);
}

/* A note typed in quotes, as other arguments may be, is what is between; NULL:
 * nothing is. */
static char *
unquote(const char *note)
{
	size_t n = strlen(note);

	if (n < 2 || note[0] != '"' || strchr(note + 1, '"') != note + n - 1)
		return xstrdup(note);
	return n > 2 ? xstrndup(note + 1, n - 2) : NULL;
}

/* The mark "a" or "a note" is about; *note is NULL without one. */
static struct mark *
read_mark(const struct model *model, const char *argument, const char **note)
{
	size_t n = strcspn(argument, " ");

	*note = argument + n + strspn(argument + n, " ");
	if (!**note)
		*note = NULL;
	return n == 1 ? trail_mark(model, argument[0]) : NULL;
}

enum status
action_mark(struct model *model, const char *argument)
{
	const char *note;
	struct mark *mark = read_mark(model, argument, &note);

	if (!mark)
		return no_letter(argument);
	if (note && !text_is_safe(note, strlen(note)))
		return status_set(STATUS_USAGE,
			"a note holds no control characters");
	free(mark->note);
	*mark = (struct mark){ true, place_of(model),
		note ? unquote(note) : NULL };
	model_say(model, false, "mark %c: channel %zu, position %zu",
		argument[0], model->channel, model->position);
	return STATUS_OK;
}

enum status
action_jump(struct model *model, const char *argument)
{
	const char *note;
	struct mark *mark = read_mark(model, argument, &note);

	if (!strcmp(argument, "'"))
		return trail_return(model);
	if (!mark)
		return no_letter(argument);
	if (!mark->set)
		return no_mark(argument);
	trail_jump(model);
	place_go(model, mark->place);
	if (mark->note)
		model_say(model, false, "%s: %s", argument, mark->note);
	return STATUS_OK;
}

enum status
action_unmark(struct model *model, const char *argument)
{
	const char *note;
	struct mark *mark = read_mark(model, argument, &note);

	if (!mark)
		return no_letter(argument);
	if (!mark->set)
		return no_mark(argument);
	free(mark->note);
	*mark = (struct mark){ 0 };
	model_say(model, false, "mark %s is forgotten", argument);
	return STATUS_OK;
}

/* So many times; where it ends before, as far as it goes. */
static enum status
repeat(struct model *model, const char *argument, int direction,
	enum status (*step)(struct model *model, int direction))
{
	long n;
	enum status status = action_number(&n, argument, 1);

	if (status == STATUS_OK && n > 0)
		status = step(model, direction);
	while (status == STATUS_OK && --n > 0)
		if (step(model, direction) != STATUS_OK)
			break;
	return status;
}

enum status
action_jump_back(struct model *model, const char *argument)
{
	return repeat(model, argument, -1, trail_walk);
}

enum status
action_jump_forward(struct model *model, const char *argument)
{
	return repeat(model, argument, 1, trail_walk);
}

enum status
action_undo(struct model *model, const char *argument)
{
	return repeat(model, argument, -1, trail_change);
}

enum status
action_redo(struct model *model, const char *argument)
{
	return repeat(model, argument, 1, trail_change);
}
