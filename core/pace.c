#include "core/pace.h"

#include <math.h>
#include <stdlib.h>

#include "core/atlas.h"
#include "core/dump.h"
#include "core/hankel.h"
#include "core/plan.h"
#include "core/util.h"

/* Seconds of one worker, or of the clock, after which what was learned counts
 * 1/e: machines have other things to do, and these come and go. */
static const double memory_seconds = 6;

/* Weight, in seconds, of what another layer of the method taught, and of the
 * belief that all workers work. */
static const double prior_seconds = 0.2;

void
pace_init(struct pace *pace, size_t workers)
{
	*pace = (struct pace){ .passed = prior_seconds,
		.worked = prior_seconds * (double)workers };
}

void
pace_free(struct pace *pace)
{
	free(pace->seconds);
	free(pace->channels);
	pace->seconds = NULL;
	pace->channels = NULL;
	pace->layer = NULL;
}

/* Each position's share of what its run costs. Forming T is left out: it is
 * needed once a channel and worker, and then again now and then. A sweep is
 * not. */
static void
expect(struct pace *pace, const struct layer *layer)
{
	double share = hankel_method(layer) == METHOD_STATE
		? hankel_cost(layer, NULL, 0) / (double)(layer->length - 1) : 0;

	for (size_t p = 1; p < layer->length; p++)
		pace->seconds[p] = hankel_cost_at(layer, p) + share;
}

void
pace_layer(struct pace *pace, const struct layer *layer,
	const struct atlas *atlas)
{
	struct pace_sums *sums = pace->sums[hankel_method(layer)];

	pace_free(pace);
	for (int run = 0; run < 2; run++)
		if (sums[run].spent > prior_seconds) {
			double part = prior_seconds / sums[run].spent;

			sums[run].spent *= part;
			sums[run].expected *= part;
			sums[run].cells *= part;
		}
	pace->layer = layer;
	pace->seconds = xcalloc(layer->length, sizeof *pace->seconds);
	pace->channels = xcalloc(layer->channels, sizeof *pace->channels);
	expect(pace, layer);
	pace->left = 0;
	pace->done = 0;
	pace->channel_seconds = 0;
	for (size_t p = 1; p < layer->length; p++)
		pace->channel_seconds += pace->seconds[p];
	for (size_t c = 0; c < layer->channels; c++) {
		pace->channels[c].left = pace->channel_seconds
			+ plan_coarse_cost(layer);
		pace->left += pace->channels[c].left;
	}
	for (size_t c = 0; c < layer->channels; c++)
		pace_refresh(pace, atlas, c);
}

static void
subtract(void *payload, const struct spectrum *spectrum)
{
	struct pace *pace = payload;

	pace->counted -= pace->seconds[spectrum->position];
}

void
pace_refresh(struct pace *pace, const struct atlas *atlas, size_t channel)
{
	const struct layer *layer = pace->layer;
	struct pace_channel *now = &pace->channels[channel], was = *now;

	now->known = atlas_failure(atlas, layer, channel) ? layer->length - 1
		: atlas_known(atlas, layer, channel);
	if (now->known == was.known)
		return;
	pace->counted = 0;
	if (now->known < layer->length - 1) {
		pace->counted = pace->channel_seconds;
		atlas_each(atlas, layer, channel, 1, layer->length,
			(struct hankel_sink){ .take = subtract,
				.payload = pace });
	}
	now->left = fmax(0, pace->counted);
	pace->done += now->known - was.known;
	pace->left = fmax(0, pace->left + now->left - was.left);
}

void
pace_learn(struct pace *pace, const struct pace_job *job)
{
	struct pace_sums *sums =
		&pace->sums[hankel_method(job->layer)][job->run];
	double fade = exp(-job->spent / memory_seconds);

	sums->spent = fade * sums->spent + job->spent;
	sums->expected = fade * sums->expected + job->expected;
	sums->cells = fade * sums->cells + (double)job->cells;
}

void
pace_pass(struct pace *pace, double passed, double worked)
{
	double fade = exp(-passed / memory_seconds);

	pace->passed = fade * pace->passed + passed;
	pace->worked = fade * pace->worked + worked;
}

/* Of runs, as most of a layer is; of others while no run has ended. */
static const struct pace_sums *
learned(const struct pace *pace)
{
	const struct pace_sums *sums;

	if (!pace->layer)
		return NULL;
	sums = pace->sums[hankel_method(pace->layer)];
	return sums[1].spent > 0 ? &sums[1] : sums[0].spent > 0 ? &sums[0]
		: NULL;
}

double
pace_left(const struct pace *pace)
{
	const struct pace_sums *sums = learned(pace);

	if (!sums || !(sums->expected > 0) || !(pace->worked > 0))
		return -1;
	return pace->left * sums->spent / sums->expected
		* pace->passed / pace->worked;
}

double
pace_rate(const struct pace *pace)
{
	const struct pace_sums *sums = learned(pace);

	if (!sums || !(pace->passed > 0))
		return 0;
	return sums->cells / (sums->spent + 1e-9)
		* pace->worked / pace->passed;
}
