#include "ui/layer_band.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/measure_table.h"
#include "ui/model.h"

/* Steps of the axis: a value is its nearest. A layer of up to as many states
 * has whole numbers exactly. */
enum { STEPS = 256, VALUES = STEPS + 1 };

/* Positions counted at a time. */
enum { COUNTS = 512 };

struct band_key {
	const struct layer *layer;
	const struct measure_kind *measure;
	struct tolerance tolerance;
	struct bins columns;
	double low, high;
};

struct layer_band {
	struct band_key key;
	bool running, valid;
	unsigned long results;          /* model->results when it began */
	size_t channel, position;       /* the next cell */
	size_t cells;                   /* of this pass */
	uint32_t *counts;               /* VALUES a column */
	struct band *bands;             /* of the last pass; least NAN: none */
};

void
layer_band_free(struct layer_band *band)
{
	if (!band)
		return;
	free(band->counts);
	free(band->bands);
	free(band);
}

static struct band_key
key_new(const struct model *model, const struct bins *columns)
{
	struct colour_scale scale = colour_scale_whole(model_scale(model));

	return (struct band_key){ model_layer(model), model->measure,
		model->tolerance, *columns, scale.low, scale.high };
}

static bool
key_equal(const struct band_key *a, const struct band_key *b)
{
	return a->layer == b->layer && a->measure == b->measure
		&& tolerance_equal(a->tolerance, b->tolerance)
		&& a->columns.begin == b->columns.begin
		&& a->columns.count == b->columns.count
		&& a->columns.pixels == b->columns.pixels
		&& a->columns.width == b->columns.width
		&& a->low == b->low && a->high == b->high;
}

static void
add(struct layer_band *band, const struct measured *cell)
{
	const struct band_key *key = &band->key;
	double value = key->measure->value(cell), step;

	if (key->measure->log)
		value = log10(value);
	step = round((value - key->low) / (key->high - key->low) * STEPS);
	step = step > 0 ? fmin(step, STEPS) : 0;
	band->counts[(size_t)bins_pixel(&key->columns, cell->position)
		* VALUES + (size_t)step]++;
}

static void
take(void *payload, const struct spectrum *spectrum)
{
	struct layer_band *band = payload;
	struct measured cell = measured_cell(band->key.layer, spectrum,
		band->key.tolerance);

	add(band, &cell);
}

static void
add_counts(struct layer_band *band, const struct model *model, size_t end)
{
	struct measured cell = { .layer = band->key.layer };
	uint32_t counts[COUNTS];

	if (!session_count(counts, model->session, cell.layer, band->channel,
		band->position, end, band->key.tolerance))
		return;
	for (size_t i = band->position; i < end; i++) {
		cell.position = i;
		cell.tolerance_ess = counts[i - band->position];
		if (counts[i - band->position] != ESS_UNKNOWN)
			add(band, &cell);
	}
}

/* At most COUNTS cells of a channel. */
static void
pass_cells(struct layer_band *band, const struct model *model)
{
	const struct bins *columns = &band->key.columns;
	size_t last = columns->begin + columns->count;
	size_t end = size_min(band->position + COUNTS, last);

	if (session_known(model->session, band->key.layer, band->channel) == 0)
		end = last;
	else if (band->key.measure->by_count)
		add_counts(band, model, end);
	else
		session_each(model->session, band->key.layer, band->channel,
			band->position, end, (struct hankel_sink){ take,
				band });
	band->cells += size_min(end - band->position, COUNTS);
	band->position = end;
	if (end == last) {
		band->position = columns->begin;
		band->channel++;
	}
}

/* The axis' value that `rank` cells (1: the first) are not above. */
static double
value_of(const struct layer_band *band, const uint32_t *counts, uint64_t rank)
{
	uint64_t sum = 0;
	int step = 0;

	while ((sum += counts[step]) < rank)
		step++;
	return band->key.low + (band->key.high - band->key.low) * step / STEPS;
}

static struct band
band_of(const struct layer_band *band, const uint32_t *counts)
{
	uint64_t n = 0;

	for (int step = 0; step < VALUES; step++)
		n += counts[step];
	if (n == 0)
		return (struct band){ NAN, NAN, NAN, NAN };
	return (struct band){ value_of(band, counts, 1),
		value_of(band, counts, (n + 3) / 4),
		value_of(band, counts, (3 * n + 3) / 4),
		value_of(band, counts, n) };
}

static void
pass_begin(struct layer_band *band, const struct model *model)
{
	band->running = true;
	band->results = model->results;
	band->channel = 0;
	band->position = band->key.columns.begin;
	memset(band->counts, 0, (size_t)band->key.columns.pixels * VALUES
		* sizeof *band->counts);
}

static void
pass_end(struct layer_band *band)
{
	for (int x = 0; x < band->key.columns.pixels; x++)
		band->bands[x] = band_of(band, band->counts
			+ (size_t)x * VALUES);
	band->running = false;
	band->valid = true;
}

static struct layer_band *
band_new(const struct band_key *key, unsigned long results)
{
	struct layer_band *band = xcalloc(1, sizeof *band);
	size_t columns = (size_t)key->columns.pixels;

	band->key = *key;
	band->results = results;
	band->counts = xcalloc(columns * VALUES, sizeof *band->counts);
	band->bands = xcalloc(columns, sizeof *band->bands);
	return band;
}

static struct layer_band *
band_for(struct model *model, const struct bins *columns)
{
	struct band_key key = key_new(model, columns);
	struct layer_band *band = model->band;

	if (band && key_equal(&band->key, &key))
		return band;
	layer_band_free(band);
	return model->band = band_new(&key, model->results - 1);
}

bool
layer_band_work(struct model *model, const struct bins *columns, size_t cells)
{
	struct layer_band *band;
	size_t until;

	if (!model_ready(model) || columns->pixels == 0
	    || model_layer(model)->channels < 2)
		return false;
	band = band_for(model, columns);
	if (!band->running && band->results == model->results)
		return false;
	if (!band->running)
		pass_begin(band, model);
	until = band->cells + cells;
	while (band->cells < until
	    && band->channel < band->key.layer->channels)
		pass_cells(band, model);
	if (band->channel < band->key.layer->channels)
		return true;
	pass_end(band);
	return band->results != model->results;
}

bool
layer_band_get(struct band *out, const struct model *model,
	const struct bins *columns, int column)
{
	const struct layer_band *band = model->band;
	struct band_key key = key_new(model, columns);

	if (!band || !band->valid || !key_equal(&band->key, &key))
		return false;
	/* Several columns a cell: the middle one has it. */
	*out = band->bands[bins_pixel(columns, bins_begin(columns, column))];
	return !isnan(out->least);
}

struct layer_band *
layer_band_whole(const struct model *model, const struct bins *columns)
{
	struct band_key key = key_new(model, columns);
	struct layer_band *band;

	if (columns->pixels == 0 || key.layer->channels < 2)
		return NULL;
	band = band_new(&key, model->results);
	pass_begin(band, model);
	while (band->channel < key.layer->channels)
		pass_cells(band, model);
	pass_end(band);
	return band;
}

bool
layer_band_at(struct band *out, const struct layer_band *band, int column)
{
	*out = band->bands[column];
	return !isnan(out->least);
}
