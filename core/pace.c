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

/* Weight, in seconds, of what another layer taught, and of the belief that all
 * workers work. */
static const double prior_seconds = 0.2;

/* And of the belief that a stage is as fast as all the others together. */
static const double stage_seconds = 0.05;

void
pace_init(struct pace *pace, size_t workers, int choice)
{
	*pace = (struct pace){ .passed = prior_seconds, .choice = choice,
		.worked = prior_seconds * (double)workers };
}

void
pace_free(struct pace *pace)
{
	free(pace->channels);
	pace->channels = NULL;
	pace->layer = NULL;
}

static void
fade(struct pace *pace)
{
	for (int s = 0; s < METER_STAGES; s++)
		if (pace->behind.spent[s] > prior_seconds) {
			double part = prior_seconds / pace->behind.spent[s];

			pace->behind.spent[s] *= part;
			pace->behind.expected[s] *= part;
		}
}

/* Positions whose cost is asked for: of longer layers every so many-th, for the
 * thread of the screen does this. */
enum { ASKED = 4096 };

/* Forming T is left out: it is needed once a channel and worker, and then
 * again now and then. */
static void
expect(struct pace *pace, const struct layer *layer)
{
	for (int s = 0; s < METER_STAGES; s++)
		pace->whole[s] = pace->left[s] = 0;
	if (hankel_method(layer) == METHOD_STATE) {
		hankel_expect(pace->whole, layer, 1, pace->choice);
		for (int s = 0; s < METER_STAGES; s++)
			pace->whole[s] *= (double)(layer->length - 1);
	} else {
		size_t step = (layer->length - 1 + ASKED - 1) / ASKED;
		size_t asked = 0;

		for (size_t p = 1 + (step - 1) / 2; p < layer->length;
			p += step, asked++)
			hankel_expect(pace->whole, layer, p, pace->choice);
		for (int s = 0; s < METER_STAGES; s++)
			pace->whole[s] *= (double)(layer->length - 1)
				/ (double)asked;
	}
	pace->coarse = plan_coarse_cost(layer);
}

void
pace_layer(struct pace *pace, const struct layer *layer,
	const struct atlas *atlas)
{
	pace_free(pace);
	fade(pace);
	pace->layer = layer;
	pace->channels = xcalloc(layer->channels, sizeof *pace->channels);
	pace->done = pace->begun = 0;
	pace->cheap = 0;
	expect(pace, layer);
	for (size_t c = 0; c < layer->channels; c++)
		pace_refresh(pace, atlas, c);
}

static void
count_cell(void *payload, const struct spectrum *spectrum)
{
	struct pace *pace = payload;
	double cost[METER_STAGES] = { 0 }, all = 0;

	hankel_expect(cost, pace->layer, spectrum->position, pace->choice);
	for (int s = 0; s < METER_STAGES; s++) {
		pace->counted.expected[s] += cost[s];
		all += cost[s];
	}
	pace->all += all;
	if (spectrum->method == METHOD_SLIDING)
		pace->served += all;
}

/* Where some positions were served and others refused, so will be the rest. */
static void
count_by_cell(struct pace *pace, const struct atlas *atlas, size_t channel,
	struct pace_channel *out)
{
	const struct layer *layer = pace->layer;

	pace->counted = (struct pace_work){ { 0 }, { 0 } };
	pace->served = pace->all = 0;
	atlas_each(atlas, layer, channel, 1, layer->length,
		(struct hankel_sink){ .take = count_cell, .payload = pace });
	out->cheap = pace->all > 0 ? pace->served / pace->all : 0;
	for (int s = 0; s < METER_STAGES; s++)
		out->left[s] = (1 - out->cheap) * fmax(0, pace->whole[s]
			- pace->counted.expected[s]);
	out->left[METER_LEAF] += out->cheap * hankel_leaf_cost(layer)
		* (double)(layer->length - 1 - out->known);
}

/* What is left of a channel of which so many cells are known. */
static void
count_left(struct pace *pace, const struct atlas *atlas, size_t channel,
	struct pace_channel *out)
{
	const struct layer *layer = pace->layer;
	size_t cells = layer->length - 1;

	if (out->known == cells || !out->known)
		return;
	if (hankel_method(layer) == METHOD_STATE)
		for (int s = 0; s < METER_STAGES; s++)
			out->left[s] = pace->whole[s]
				* (double)(cells - out->known) / (double)cells;
	else
		count_by_cell(pace, atlas, channel, out);
}

void
pace_refresh(struct pace *pace, const struct atlas *atlas, size_t channel)
{
	const struct layer *layer = pace->layer;
	struct pace_channel *at = &pace->channels[channel], was = *at;
	struct pace_channel is = { 0 };

	is.known = atlas_failure(atlas, layer, channel) ? layer->length - 1
		: atlas_known(atlas, layer, channel);
	if (is.known == was.known)
		return;
	is.cheap = was.cheap;
	count_left(pace, atlas, channel, &is);
	for (int s = 0; s < METER_STAGES; s++)
		pace->left[s] = fmax(0, pace->left[s] + is.left[s]
			- was.left[s]);
	pace->cheap += is.cheap - was.cheap;
	pace->begun = pace->begun + (is.known > 0) - (was.known > 0);
	pace->done += is.known - was.known;
	*at = is;
}

void
pace_add(struct pace_work *work, const struct meter *meter)
{
	for (int s = 0; s < METER_STAGES; s++) {
		work->spent[s] += atomic_load(&meter->spent[s]);
		work->expected[s] += atomic_load(&meter->expected[s]);
	}
}

void
pace_learn(struct pace *pace, const struct meter *meter)
{
	for (int s = 0; s < METER_STAGES; s++) {
		double kept = exp(-atomic_load(&meter->spent[s])
			/ memory_seconds);

		pace->behind.spent[s] *= kept;
		pace->behind.expected[s] *= kept;
	}
	pace_add(&pace->behind, meter);
}

void
pace_pass(struct pace *pace, double passed, double worked, size_t cells)
{
	double kept = exp(-passed / memory_seconds);

	pace->passed = kept * pace->passed + passed;
	pace->worked = kept * pace->worked + worked;
	pace->cells = kept * pace->cells + (double)cells;
}

/* What is left, stage by stage, with the channels nothing is known of. */
static void
all_left(double left[METER_STAGES], const struct pace *pace,
	const struct pace_work *here)
{
	const struct layer *layer = pace->layer;
	double new = (double)(layer->channels - pace->begun);
	double cheap = pace->begun ? pace->cheap / (double)pace->begun : 0;

	for (int s = 0; s < METER_STAGES; s++)
		left[s] = pace->left[s] + new * (1 - cheap) * pace->whole[s];
	left[hankel_method(layer) == METHOD_STATE ? METER_SWEEP : METER_CORE]
		+= new * (1 - cheap) * pace->coarse;
	left[METER_LEAF] += new * cheap * hankel_leaf_cost(layer)
		* (double)(layer->length - 1);
	if (hankel_tries(layer, pace->choice))
		left[METER_TRY] += new * hankel_try_cost(layer, 0);
	for (int s = 0; s < METER_STAGES; s++)
		left[s] = fmax(0, left[s] - here->expected[s]);
}

double
pace_expected(const struct pace *pace, const struct pace_work *here)
{
	double left[METER_STAGES], sum = 0;

	if (!pace->layer)
		return 0;
	all_left(left, pace, here);
	for (int s = 0; s < METER_STAGES; s++)
		sum += left[s];
	return sum;
}

double
pace_work_left(const struct pace *pace, const struct pace_work *running,
	const struct pace_work *here)
{
	double left[METER_STAGES], spent = 0, expected = 0, seconds = 0;

	if (!pace->layer)
		return -1;
	for (int s = 0; s < METER_STAGES; s++) {
		spent += pace->behind.spent[s] + running->spent[s];
		expected += pace->behind.expected[s] + running->expected[s];
	}
	if (!(expected > 0) || !(spent > 0))
		return -1;
	all_left(left, pace, here);
	for (int s = 0; s < METER_STAGES; s++)
		seconds += left[s] * (pace->behind.spent[s]
			+ running->spent[s] + stage_seconds)
			/ (pace->behind.expected[s] + running->expected[s]
			+ stage_seconds * expected / spent);
	return seconds;
}

double
pace_slowness(const struct pace *pace)
{
	return pace->worked > 0 ? pace->passed / pace->worked : 1;
}

double
pace_rate(const struct pace *pace)
{
	return pace->passed > 0 ? pace->cells / pace->passed : 0;
}
