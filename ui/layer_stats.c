#include "ui/layer_stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/operator.h"
#include "core/summary.h"
#include "core/util.h"
#include "ui/layer_scale.h"
#include "ui/measure_table.h"
#include "ui/model.h"
#include "ui/slider.h"
#include "ui/spell.h"

/* Bins of positions kept for the mean curve: exact up to this length. */
enum { MEAN_BINS = 4096 };

/* Cells counted at a time. */
enum { COUNTS = 512 };

/* What layer_stats_finish may spend: seconds of CPU. */
static const double finish_seconds = 6e-3;

/* Cells between two looks at the clock: from 5 ns each (counts) to 100
 * (logarithms). */
enum { CELLS_A_LOOK = 1 << 13 };

/* What one pass is about; another measure or tolerance starts it afresh. */
struct pass_key {
	const struct measure_kind *measure;
	struct tolerance tolerance;
};

struct pass {
	bool running;
	struct pass_key key;
	unsigned long results;          /* model->results when it began, */
	uint32_t changes;               /* and session_changes */
	size_t channel, position;       /* the next cell */
	struct summary channel_ess, channel_share, channel_value;
	struct summary ess, share;      /* of channels */
	size_t known, failed;
	struct verdict verdict;         /* of the channel */
	size_t saturated, collapsed;
	struct summary *bins;
	double low, high;               /* of the measure, where positive */
};

struct layer_stats {
	struct layer *layer;
	size_t bin_count;
	struct pass pass;
	/* The last finished pass. */
	bool valid;
	struct pass_key key;
	unsigned long results;
	uint32_t changes;
	struct layer_averages averages;
	struct summary *bins;           /* bin_count, over channels */
	struct layer_channel *channels; /* of it, and of a pass that runs: of
					 * many layers too much to keep */
	struct layer_channel *next;
};

struct layer_stats *
layer_stats_new(struct layer *layer)
{
	struct layer_stats *stats = xcalloc(1, sizeof *stats);

	stats->layer = layer;
	stats->bin_count = size_min(layer->length - 1, MEAN_BINS);
	stats->bins = xcalloc(stats->bin_count, sizeof *stats->bins);
	stats->channels = xcalloc(layer->channels, sizeof *stats->channels);
	stats->pass.bins = xcalloc(stats->bin_count,
		sizeof *stats->pass.bins);
	return stats;
}

void
layer_stats_free(struct layer_stats *stats)
{
	if (!stats)
		return;
	free(stats->bins);
	free(stats->channels);
	free(stats->next);
	free(stats->pass.bins);
	free(stats);
}

static bool
key_equal(const struct pass_key *a, const struct pass_key *b)
{
	return a->measure == b->measure
		&& tolerance_equal(a->tolerance, b->tolerance);
}

static size_t
bin_of(const struct layer_stats *stats, size_t position)
{
	return (position - 1) * stats->bin_count / (stats->layer->length - 1);
}

/* Nothing new of this layer since the last finished pass? */
static bool
unchanged(const struct layer_stats *stats, const struct model *model)
{
	return session_changes(model->session, stats->layer)
		== stats->changes;
}

static void
pass_begin(struct layer_stats *stats, const struct model *model)
{
	struct summary *bins = stats->pass.bins;

	if (!stats->next)
		stats->next = xcalloc(stats->layer->channels,
			sizeof *stats->next);
	for (size_t b = 0; b < stats->bin_count; b++)
		bins[b] = (struct summary){ 0 };
	stats->pass = (struct pass){
		.running = true,
		.key = { model->measure, model->tolerance },
		.results = model->results,
		.changes = session_changes(model->session, stats->layer),
		.position = 1,
		.bins = bins,
		.low = INFINITY,
	};
}

static void
pass_cell(struct layer_stats *stats, const struct measured *cell)
{
	struct pass *pass = &stats->pass;
	double value = pass->key.measure->value(cell);
	double ess = pass->key.measure->ess(cell);
	size_t capacity = layer_capacity(stats->layer, cell->position);

	verdict_add(&pass->verdict, VERDICT_RULE_DEFAULT, stats->layer,
		cell->position, cell->tolerance_ess);
	summary_add(&pass->channel_value, value);
	summary_add(&pass->channel_ess, ess);
	if (capacity)
		summary_add(&pass->channel_share, ess / (double)capacity);
	summary_add(&pass->bins[bin_of(stats, cell->position)], value);
	pass->high = fmax(pass->high, value);
	if (value > 0)
		pass->low = fmin(pass->low, value);
}

static void
take_spectrum(void *payload, const struct spectrum *spectrum)
{
	struct layer_stats *stats = payload;
	struct measured cell = measured_cell(stats->layer, spectrum,
		stats->pass.key.tolerance);

	pass_cell(stats, &cell);
}

/* Positions begin .. end - 1 of the pass's channel, by counts alone where the
 * measure rests on no more. */
static void
pass_cells(struct layer_stats *stats, const struct model *model,
	size_t begin, size_t end)
{
	struct pass *pass = &stats->pass;
	struct measured cell = { .layer = stats->layer };
	uint32_t counts[COUNTS];

	if (!pass->key.measure->by_count) {
		session_each(model->session, stats->layer, pass->channel,
			begin, end, (struct hankel_sink){ take_spectrum,
				stats });
		return;
	}
	for (size_t i = begin; i < end; i++) {
		if ((i - begin) % COUNTS == 0
		    && !session_count(counts, model->session, stats->layer,
			pass->channel, i, size_min(i + COUNTS, end),
			pass->key.tolerance))
			return;
		cell.position = i;
		cell.tolerance_ess = counts[(i - begin) % COUNTS];
		if (cell.tolerance_ess != ESS_UNKNOWN)
			pass_cell(stats, &cell);
	}
}

static double
mean_or_nan(const struct summary *summary)
{
	return summary->count ? summary_mean(summary) : NAN;
}

static void
pass_channel_end(struct layer_stats *stats)
{
	struct pass *pass = &stats->pass;

	stats->next[pass->channel] = (struct layer_channel){
		.mean = mean_or_nan(&pass->channel_value),
		.saturated = verdict_saturated(&pass->verdict),
		.collapsed = verdict_collapsed(&pass->verdict),
		.complete = pass->channel_ess.count
			== stats->layer->length - 1,
		.verdict = pass->verdict,
	};
	pass->known += pass->channel_ess.count;
	if (pass->channel_ess.count)
		summary_add(&pass->ess, summary_mean(&pass->channel_ess));
	if (pass->channel_share.count)
		summary_add(&pass->share, summary_mean(&pass->channel_share));
	pass->saturated += verdict_saturated(&pass->verdict);
	pass->collapsed += verdict_collapsed(&pass->verdict);
	pass->verdict = (struct verdict){ 0 };
	pass->channel_ess = pass->channel_share = pass->channel_value
		= (struct summary){ 0 };
	pass->position = 1;
	pass->channel++;
}

/* Cells of the pass's channel, at most `cells`; returns those spent. */
static size_t
pass_channel(struct layer_stats *stats, const struct model *model,
	size_t cells)
{
	struct pass *pass = &stats->pass;
	const struct layer *layer = stats->layer;
	size_t end = layer->length - pass->position > cells
		? pass->position + cells : layer->length;
	size_t begin = pass->position;

	if (session_failure(model->session, layer, pass->channel)) {
		pass->failed++;
		pass_channel_end(stats);
		return 1;
	}
	if (session_known(model->session, layer, pass->channel) == 0) {
		pass_channel_end(stats);
		return 1;
	}
	pass_cells(stats, model, begin, end);
	pass->position = end;
	if (end == layer->length)
		pass_channel_end(stats);
	return end - begin;
}

static void
publish_seen(const struct layer_stats *stats, const struct model *model)
{
	const struct pass *pass = &stats->pass;

	layer_scale_add(model, (size_t)(stats->layer
		- model_dump(model)->layers), &(struct layer_pass){
		.measure = pass->key.measure,
		.tolerance = pass->key.tolerance,
		.low = pass->low,
		.high = pass->high,
		.complete = stats->averages.known == stats->averages.wanted,
	});
}

static void
pass_publish(struct layer_stats *stats, const struct model *model)
{
	struct pass *pass = &stats->pass;
	const struct layer *layer = stats->layer;
	struct summary *bins;

	stats->averages = (struct layer_averages){
		.known = pass->known,
		.failed = pass->failed,
		.wanted = (layer->channels - pass->failed)
			* (layer->length - 1),
		.ess = mean_or_nan(&pass->ess),
		.share = mean_or_nan(&pass->share),
		.saturated = pass->saturated,
		.collapsed = pass->collapsed,
	};
	/* pass_begin clears those of the pass before. */
	bins = stats->bins;
	stats->bins = pass->bins;
	pass->bins = bins;
	free(stats->channels);
	stats->channels = stats->next;
	stats->next = NULL;
	publish_seen(stats, model);
	stats->key = pass->key;
	stats->results = pass->results;
	stats->changes = pass->changes;
	stats->valid = true;
	pass->running = false;
}

/* Returns the cells spent of `cells`; less only when the layer is done. */
static size_t
work(struct layer_stats *stats, const struct model *model, size_t cells)
{
	struct pass_key key = { model->measure, model->tolerance };
	size_t spent = 0;

	if (stats->pass.running && !key_equal(&stats->pass.key, &key))
		stats->pass.running = false;
	if (!stats->pass.running) {
		bool same = stats->valid && key_equal(&stats->key, &key);

		if (same && stats->results == model->results)
			return 0;
		if (same && unchanged(stats, model)) {
			stats->results = model->results;
			return 0;
		}
		pass_begin(stats, model);
	}
	while (spent < cells && stats->pass.channel < stats->layer->channels)
		spent += pass_channel(stats, model, cells - spent);
	if (stats->pass.channel < stats->layer->channels)
		return cells;
	pass_publish(stats, model);
	return spent < cells ? spent : cells - 1;
}

/* Makes the stats of a layer once it can be shown. */
size_t
layer_stats_advance(struct layer_stats **stats, struct layer *layer,
	const struct model *model, size_t cells)
{
	if (!layer->resolved || layer->status != STATUS_OK
	    || layer->length < 2 || cells == 0)
		return 0;
	if (!*stats)
		*stats = layer_stats_new(layer);
	return work(*stats, model, cells);
}

static size_t
work_on(struct model *model, size_t index, size_t cells)
{
	return layer_stats_advance(&model->stats[index],
		&model_dump(model)->layers[index], model, cells);
}

bool
layer_stats_work(struct model *model, size_t begin, size_t end, size_t cells)
{
	/* Part of it is for the others, however large the selected one is. */
	size_t others = cells / 4;
	bool more = false;

	if (model->layer < model->stats_count)
		more = work_on(model, model->layer, cells) == cells;
	for (size_t place = begin; place < end && place < model->list.count;
		place++) {
		size_t i = layer_list_at(model, place);

		if (i != model->layer && others)
			others -= work_on(model, i, others);
	}
	return more || others == 0;
}

bool
layer_stats_go_on(struct model *model, size_t begin, size_t end,
	double seconds)
{
	struct spell spell = spell_begin(model, seconds);
	bool more;

	do {
		more = layer_stats_work(model, begin, end, CELLS_A_LOOK);
	} while (more && !spell_over(spell));
	spell_end(model, spell);
	return more;
}

void
layer_stats_finish(struct model *model)
{
	layer_stats_go_on(model, 0, 0, finish_seconds);
}

void
layer_stats_finish_list(struct model *model)
{
	layer_stats_go_on(model, 0, model->list.count, finish_seconds);
}

struct layer_channel
layer_stats_channel(const struct layer_stats *stats, size_t channel)
{
	if (!stats || !stats->valid)
		return (struct layer_channel){ .mean = NAN };
	return stats->channels[channel];
}

bool
layer_stats_get(struct layer_averages *out, const struct layer_stats *stats,
	const struct model *model)
{
	struct pass_key key = { model->measure, model->tolerance };

	if (!stats || !stats->valid)
		return false;
	*out = stats->averages;
	out->stale = !key_equal(&stats->key, &key);
	return true;
}

double
layer_stats_mean(const struct layer_stats *stats, size_t begin, size_t end)
{
	struct summary mean = { 0 };

	if (!stats || !stats->valid || begin >= end)
		return NAN;
	for (size_t b = bin_of(stats, begin); b <= bin_of(stats, end - 1); b++)
		if (stats->bins[b].count)
			summary_add(&mean, summary_mean(&stats->bins[b]));
	return mean_or_nan(&mean);
}

void
layer_stats_range(struct summary *sum, const struct layer_stats *stats,
	size_t begin, size_t end)
{
	if (!stats || !stats->valid || begin >= end)
		return;
	for (size_t b = bin_of(stats, begin); b <= bin_of(stats, end - 1); b++)
		summary_merge(sum, &stats->bins[b]);
}

void
layer_stats_rescale(struct model *model)
{
	struct layer_stats *stats = model->layer < model->stats_count
		? model->stats[model->layer] : NULL;

	if (!stats)
		return;
	layer_scale_forget(model);
	stats->key.measure = NULL;
}
