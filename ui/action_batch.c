/*
 * The elements of a batch: the same layers of another input. What has been
 * computed of one stays while another is looked at.
 */
#include "core/dump.h"
#include "core/session.h"
#include "ui/action.h"
#include "ui/model.h"

static enum status
go(struct model *model, size_t element)
{
	enum status status = model_select_batch(model, element);

	if (status == STATUS_OK)
		model_say(model, false, "batch element %zu of %zu, 0-based",
			element, model_layer(model)->batches);
	return status;
}

static enum status
move(struct model *model, const char *argument, int direction)
{
	const struct layer *layer = model_layer(model);
	size_t count;
	enum status status;
	long n;

	status = action_number(&n, argument, 1);
	if (status != STATUS_OK)
		return status;
	if (!model_ready(model) || layer->batches < 2)
		return status_set(STATUS_MISSING,
			"this layer has no batch axis: one input is all of it");
	count = layer->batches;
	return go(model, (layer->batch + count
		+ (size_t)(direction * (n % (long)count))) % count);
}

enum status
action_next_batch(struct model *model, const char *argument)
{
	return move(model, argument, 1);
}

enum status
action_previous_batch(struct model *model, const char *argument)
{
	return move(model, argument, -1);
}

enum status
action_batch(struct model *model, const char *argument)
{
	const struct layer *layer = model_layer(model);
	enum status status;
	long n;

	status = action_number(&n, argument, 0);
	if (status != STATUS_OK)
		return status;
	if (!model_ready(model) || (size_t)n >= layer->batches)
		return status_set(STATUS_MISSING, "there is no batch element "
			"%ld: this layer has %zu", n,
			layer ? layer->batches : 0);
	return go(model, (size_t)n);
}
