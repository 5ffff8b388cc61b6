/*
 * y and Y: what is under the cursor, and the line that comes back to it. The
 * event loop takes the text to the clipboard, or as near to it as there is.
 */
#include "ui/action.h"

#include <math.h>
#include <stdlib.h>

#include "core/util.h"
#include "ui/comparison.h"
#include "ui/difference.h"
#include "ui/layer_stats.h"
#include "ui/model.h"
#include "ui/shell_line.h"

static void
copy(struct model *model, char *text)
{
	free(model->wish.copy);
	model->wish.copy = text;
}

/* The value the focused view has at the cursor: of the list, the average. */
static bool
find_value(double *out, const struct model *model)
{
	struct layer_averages averages;

	if (!model_ready(model))
		return false;
	if (model->focus == PANE_MAP && comparison_differs(model))
		return difference_get(out, model, model->channel,
			model->position);
	if (model->focus != PANE_LAYERS)
		return model_value(out, model, model->channel,
			model->position);
	if (!layer_stats_get(&averages, model->stats[model->layer], model)
	    || averages.stale || averages.known < averages.wanted
	    || isnan(averages.ess))
		return false;
	*out = averages.ess;
	return true;
}

enum status
action_copy(struct model *model, const char *argument)
{
	double value;

	(void)argument;
	if (!find_value(&value, model))
		return status_set(STATUS_MISSING, model_failure(model)
			? "there is no value to copy: channel %zu failed"
			: "channel %zu has no value here to copy (yet)",
			model->channel);
	copy(model, xasprintf("%.17g", value));
	return STATUS_OK;
}

enum status
action_copy_line(struct model *model, const char *argument)
{
	char *line = shell_line(model);

	(void)argument;
	if (!line)
		return status_set(STATUS_MISSING, "the dump came from standard "
			"input: no line can open it again");
	copy(model, line);
	return STATUS_OK;
}
