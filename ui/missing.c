#include "ui/missing.h"

#include <stdio.h>

#include "core/pooled.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/layer_scale.h"
#include "ui/operator_paper.h"
#include "ui/view.h"

/* Cells asked about at a time. */
enum { COUNTS = 512 };

/* Some channels of a layer. */
static void
add_channels(struct missing *sum, const struct model *model,
	const struct layer *layer, size_t begin, size_t end)
{
	for (size_t c = begin; c < end; c++) {
		if (session_failure(model->session, layer, c))
			continue;
		sum->wanted += layer->length - 1;
		sum->cells += layer->length - 1
			- session_known(model->session, layer, c);
	}
}

static void
add_layer(struct missing *sum, const struct model *model,
	const struct layer *layer)
{
	if (layer->resolved && layer->status == STATUS_OK && layer->length > 1)
		add_channels(sum, model, layer, 0, layer->channels);
}

/* Known cells of a channel, of positions begin .. end - 1. */
static size_t
known(const struct model *model, const struct layer *layer, size_t channel,
	size_t begin, size_t end)
{
	uint32_t counts[COUNTS];
	size_t sum = 0;

	if (session_known(model->session, layer, channel)
	    == layer->length - 1)
		return end - begin;
	for (size_t i = begin; i < end; i += COUNTS) {
		size_t n = size_min(COUNTS, end - i);

		if (!session_count(counts, model->session, layer, channel, i,
			i + n, model->tolerance))
			return 0;
		for (size_t k = 0; k < n; k++)
			sum += counts[k] != ESS_UNKNOWN;
	}
	return sum;
}

/* Layers of the list and what they are compared with. */
static void
add_list(struct missing *sum, const struct model *model, size_t begin,
	size_t end)
{
	const struct dump *dump = model_dump(model);

	for (size_t k = begin; dump && k < end; k++) {
		const struct layer *layer = &dump->layers[layer_list_at(model,
			k)];
		const struct layer *match = comparison_match(model, layer);

		add_layer(sum, model, layer);
		if (match)
			add_layer(sum, model, match);
	}
}

/* The selected one, likewise. */
static void
add_both(struct missing *sum, const struct model *model)
{
	const struct layer *match = comparison_layer(model);

	add_layer(sum, model, model_layer(model));
	if (match)
		add_layer(sum, model, match);
}

/* What of a layer is in the window. */
static void
add_cells(struct missing *sum, const struct model *model,
	const struct layer *layer)
{
	struct bins channels = model_channel_bins(model, 1);
	struct bins positions = model_position_bins(model, 1);
	size_t begin = positions.begin;
	size_t end = size_min(begin + positions.count, layer->length);

	for (size_t k = 0; k < channels.count && begin < end; k++) {
		size_t c = model_channel_at(model, channels.begin + k);

		if (c >= layer->channels
		    || session_failure(model->session, layer, c))
			continue;
		sum->wanted += end - begin;
		sum->cells += end - begin - known(model, layer, c, begin, end);
	}
}

/* The window of a map, unless its colours depend on the whole layer. */
static void
add_window(struct missing *sum, const struct model *model)
{
	struct layer *match = comparison_layer(model);

	if (model->layer_rows) {
		add_list(sum, model, 0, model->list.count);
		return;
	}
	if (layer_scale_ends_at_seen(model)) {
		add_both(sum, model);
		return;
	}
	add_cells(sum, model, model_layer(model));
	if (match)
		add_cells(sum, model, match);
}

static void
add_cell(struct missing *sum, const struct model *model)
{
	const struct layer *match = comparison_layer(model);
	struct spectrum spectrum;

	if (session_failure(model->session, model_layer(model),
		model->channel))
		return;
	sum->wanted++;
	sum->cells += !model_spectrum(&spectrum, model);
	if (!match || model->channel >= match->channels
	    || model->position >= match->length
	    || session_failure(model->session, match, model->channel))
		return;
	sum->wanted++;
	sum->cells += !session_spectrum(&spectrum, model->session, match,
		model->channel, model->position);
}

/* Rows of pixels. */
static void
add_block(struct missing *sum, const struct pooled *block)
{
	if (block && block->error)
		return;
	sum->wanted += block ? block->request.rows : 1;
	sum->cells += block ? block->left : 1;
}

/* T as it is on the screen, and as a figure wants it. */
static void
add_picture(struct missing *sum, const struct model *model)
{
	add_block(sum, session_picture(model->session, SESSION_BLOCK));
	if (model->paper)
		add_block(sum, operator_paper_get(model).block);
}

struct missing
missing_of(const struct model *model, const struct view_kind *view,
	size_t begin, size_t end)
{
	struct missing sum = { 0 };

	if (view->rests == RESTS_LAYERS) {
		add_list(&sum, model, begin, end);
	} else if (model_ready(model)) {
		if (view->rests == RESTS_CELL)
			add_cell(&sum, model);
		else if (view->rests == RESTS_WINDOW)
			add_window(&sum, model);
		else if (view->rests == RESTS_PICTURE)
			add_picture(&sum, model);
		else
			add_both(&sum, model);
	}
	return sum;
}

bool
missing_on_map(const struct model *model)
{
	struct bins channels = model_channel_bins(model, 1);
	struct bins positions = model_position_bins(model, 1);

	for (size_t k = 0; k < channels.count; k++) {
		size_t c = model_channel_at(model, channels.begin + k);

		if (!session_failure(model->session, model_layer(model), c)
		    && known(model, model_layer(model), c,
			positions.begin, positions.begin
			+ positions.count) < positions.count)
			return true;
	}
	return false;
}

void
missing_memory(char out[MISSING_MEMORY], size_t bytes)
{
	size_t megabytes = (bytes + ((size_t)1 << 20) - 1) >> 20;
	bool large = megabytes >= 1024;

	snprintf(out, MISSING_MEMORY, "try --memory %zu%c", large
		? megabytes >> 10 : megabytes, large ? 'G' : 'M');
}
