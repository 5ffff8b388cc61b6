#include "ui/disagreement.h"

#include <math.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/measure.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/difference.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/search.h"

/* Where in a channel the two differ most: tolerance-ESS and entropy-ESS or, of
 * dumps that are compared, the measure of the model's own and of the other. */
struct largest {
	size_t channel, position;       /* 0: nothing is known of it */
	double size, first, second;
};

struct disagreement {
	const struct layer *layer;
	const struct layer *beside;     /* compared with it; or NULL, */
	const struct measure_kind *measure;     /* and by what */
	struct tolerance tolerance;
	size_t channel, position;       /* the next cell */
	struct largest *most;           /* one a channel */
	size_t count;                   /* of those with anything known */
};

/* Blocks come in any order: of equals the first. */
static void
consider(struct disagreement *search, struct largest cell)
{
	struct largest *most = &search->most[search->count];

	if (!most->position || cell.size > most->size
	    || (cell.size == most->size && cell.position < most->position))
		*most = cell;
}

static void
take(void *payload, const struct spectrum *spectrum)
{
	struct disagreement *search = payload;
	struct measured cell = measured_cell(search->layer, spectrum,
		search->tolerance);

	consider(search, (struct largest){ search->channel, cell.position,
		fabs(cell.tolerance_ess - cell.entropy_ess),
		cell.tolerance_ess, cell.entropy_ess });
}

static void
take_differences(struct disagreement *search, const struct model *model,
	size_t begin, size_t end)
{
	double *first = xcalloc(end - begin, sizeof *first);
	double *second = xcalloc(end - begin, sizeof *second);

	difference_values(first, second, model, search->channel, begin, end);
	for (size_t i = begin; i < end; i++) {
		double a = first[i - begin], b = second[i - begin];
		double size = fabs(difference_of(model, a, b));

		if (!isnan(size))
			consider(search, (struct largest){ search->channel, i,
				size, a, b });
	}
	free(first);
	free(second);
}

/* Some cells of a channel. */
static size_t
look(void *state, const struct model *model)
{
	struct disagreement *search = state;
	size_t length = search->layer->length, begin = search->position, end;
	bool known;

	if (search->channel == search->layer->channels)
		return 0;
	known = session_known(model->session, search->layer,
		search->channel) > 0;
	end = known ? size_min(begin + SEARCH_LOOK, length) : length;
	if (known && search->beside)
		take_differences(search, model, begin, end);
	else if (known)
		session_each(model->session, search->layer, search->channel,
			begin, end, (struct hankel_sink){ take, search });
	search->position = end;
	if (end == length) {
		search->count += search->most[search->count].position > 0;
		search->channel++;
		search->position = 1;
	}
	return known ? end - begin : 1;
}

/* The largest first; equals by channel. */
static int
compare(const void *a, const void *b)
{
	const struct largest *x = a, *y = b;

	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return (x->channel > y->channel) - (x->channel < y->channel);
}

static void
say_found(struct model *model, const struct disagreement *search,
	const struct largest *most, size_t rank)
{
	size_t count = search->count;
	bool swapped = comparison_own(model) == 'B';
	const char *token = layer_token(search->layer, most->position);

	if (search->beside)
		model_say(model, false, "%zu of %zu channels: %s A %.4g, B "
			"%.4g%s%s%s", rank, count, search->measure->title,
			swapped ? most->second : most->first,
			swapped ? most->first : most->second,
			token ? ", before \"" : "", token ? token : "",
			token ? "\"" : "");
	else
		model_say(model, false, "%zu of %zu channels: ESS %.0f by "
			"tolerance, %.2f by entropy", rank, count,
			most->first, most->second);
}

static enum status
finish(void *state, struct model *model)
{
	struct disagreement *search = state;
	struct largest *most = search->most;
	size_t count = search->count, k = 0;

	qsort(most, count, sizeof *most, compare);
	while (k < count && (most[k].channel != model->channel
		|| most[k].position != model->position))
		k++;
	k = k + 1 < count ? k + 1 : 0;
	if (!count)
		return status_set(STATUS_MISSING, "nothing of this layer is "
			"computed yet%s", search->beside
			? ", or not the same of the other dump" : "");
	model_set_channel(model, most[k].channel);
	model_set_position(model, most[k].position);
	say_found(model, search, &most[k], k + 1);
	return STATUS_OK;
}

static void
say(const void *state, struct model *model)
{
	const struct disagreement *search = state;

	model_say(model, false, "looking for the largest %s: %zu of %zu "
		"channels; any key gives it up", search->beside ? "difference"
		: "disagreement", search->channel, search->layer->channels);
}

static bool
fits(const void *state, const struct model *model)
{
	const struct disagreement *search = state;

	return search->layer == model_layer(model)
		&& search->beside == comparison_layer(model)
		&& (!search->beside || search->measure == model->measure)
		&& tolerance_equal(search->tolerance, model->tolerance);
}

static void
let_go(void *state)
{
	struct disagreement *search = state;

	free(search->most);
	free(search);
}

static const struct search_kind disagreement_search = {
	look, fits, say, finish, let_go,
};

enum status
disagreement_start(struct model *model)
{
	struct disagreement *search = xcalloc(1, sizeof *search);

	search->layer = model_layer(model);
	search->beside = comparison_layer(model);
	search->measure = model->measure;
	search->tolerance = model->tolerance;
	search->position = 1;
	/* One more than may be taken in. */
	search->most = xcalloc(search->layer->channels + 1,
		sizeof *search->most);
	return search_start(model, &disagreement_search, search);
}
