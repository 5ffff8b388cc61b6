/*
 * Two dumps compared: which, what of them is on the screen, and what of them
 * does not belong together.
 */
#include "ui/action.h"

#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/model.h"
#include "ui/unmatched.h"

/* What follows the other dump is said of what does not match, if anything. */
static void
say(struct model *model)
{
	static const char *const words[] = {
		[COMPARING_DIFFERENCE] = "A - B; = shows B",
		[COMPARING_B] = "B alone, on the scale of both; = shows A",
		[COMPARING_A] = "A alone, on the scale of both; = shows A - B",
	};
	size_t unmatched = unmatched_count(model);

	if (unmatched)
		model_say(model, true, "%s; %zu thing%s not match: "
			":unmatched lists %s", words[model->comparison.shows],
			unmatched, unmatched == 1 ? " does" : "s do",
			unmatched == 1 ? "it" : "them");
	else
		model_say(model, false, "%s; :compare off ends it",
			words[model->comparison.shows]);
}

static enum status
begin(struct model *model, size_t other)
{
	if (other >= session_dump_count(model->session)
	    || other == model->dump)
		return status_set(STATUS_USAGE, other == model->dump
			? "that is the dump on the screen"
			: "no such dump: there are %zu",
			session_dump_count(model->session));
	comparison_begin(model, other);
	say(model);
	return STATUS_OK;
}

/* With the one that comes next or, of the last, before. */
static enum status
begin_beside(struct model *model)
{
	size_t count = session_dump_count(model->session);

	if (count < 2)
		return status_set(STATUS_MISSING, "only one dump is open; "
			"esscope A B opens two to compare");
	return begin(model, model->dump + 1 < count ? model->dump + 1
		: model->dump - 1);
}

static enum status
show(struct model *model, enum comparing shows)
{
	if (!comparison_on(model)) {
		enum status status = begin_beside(model);

		if (status != STATUS_OK)
			return status;
	}
	if (!comparison_show(model, shows))
		return status_set(STATUS_MISSING, "%s is not in the other "
			"dump, or cannot be shown; :unmatched lists such",
			model_layer(model) ? model_layer(model)->label : "");
	say(model);
	return STATUS_OK;
}

static enum comparing
next(enum comparing shows)
{
	return shows == COMPARING_DIFFERENCE ? COMPARING_B
		: shows == COMPARING_B ? COMPARING_A : COMPARING_DIFFERENCE;
}

static enum status
end(struct model *model)
{
	if (comparison_on(model) && model->comparison.shows == COMPARING_B)
		comparison_show(model, COMPARING_A);
	comparison_end(model);
	model_say(model, false, "nothing is compared");
	return STATUS_OK;
}

/* "2": the second of the dumps. */
static enum status
begin_number(struct model *model, const char *argument)
{
	enum status status;
	long n;

	status = action_number(&n, argument, 1);
	if (status != STATUS_OK)
		return status_set(STATUS_USAGE, "no \"%s\" to compare: a, b, "
			"difference, off, or the number of a dump", argument);
	return begin(model, n > 0 ? (size_t)n - 1 : SIZE_MAX);
}

enum status
action_compare(struct model *model, const char *argument)
{
	static const char *const words[] = {
		[COMPARING_NOTHING] = "off",
		[COMPARING_DIFFERENCE] = "difference",
		[COMPARING_B] = "b", [COMPARING_A] = "a",
	};

	if (!argument)
		return show(model, next(model->comparison.shows));
	for (size_t k = 0; k < LENGTH(words); k++)
		if (!strcmp(words[k], argument))
			return k == COMPARING_NOTHING ? end(model)
				: show(model, (enum comparing)k);
	return begin_number(model, argument);
}

enum status
action_unmatched(struct model *model, const char *argument)
{
	(void)argument;
	if (!comparison_on(model))
		return status_set(STATUS_MISSING, "nothing is compared; = "
			"compares two dumps");
	model->help = true;
	model->page = PAGE_UNMATCHED;
	model->help_row = 0;
	return STATUS_OK;
}
