/*
 * What stands on the screen for many cells, against a loop over the spectra:
 * pixels of the map, averages of the layer list, the mean curve.
 */
#include <math.h>

#include "core/operator.h"
#include "core/summary.h"
#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "ui/layer_stats.h"
#include "ui/measure_table.h"
#include "ui/reduce.h"

enum { CHANNELS = 40, LENGTH = 64 };

static double
count_at(const struct model *model, size_t channel, size_t position)
{
	struct spectrum spectrum;

	if (!session_spectrum(&spectrum, model->session, model_layer(model),
		channel, position))
		return NAN;
	return (double)ess_tolerance(&spectrum, model->tolerance);
}

/* One pixel of channels c0 .. c1 - 1 and positions i0 .. i1 - 1. */
static double
expected(const struct model *model, const size_t range[4])
{
	double sum = 0, low = INFINITY, high = -INFINITY, n = 0;

	for (size_t c = range[0]; c < range[1]; c++)
		for (size_t i = range[2]; i < range[3]; i++, n++) {
			double value = count_at(model, c, i);

			sum += value;
			low = fmin(low, value);
			high = fmax(high, value);
		}
	return model->reducer == REDUCER_MEAN ? sum / n
		: model->reducer == REDUCER_MIN ? low : high;
}

/* The cells of the cursor's pixel, by their spectra. */
static void
test_range(struct model *model)
{
	struct bins channels = model_channel_bins(model, 12);
	struct bins positions = model_position_bins(model, 20);
	size_t right = 0, looks = 0, wide = 0;

	for (size_t c = 1; c < CHANNELS; c += 7)
		for (size_t i = 2; i < LENGTH; i += 9, looks++) {
			struct summary got = { 0 };
			int r = bins_pixel(&channels, c);
			int p = bins_pixel(&positions, i);
			size_t range[4] = { bins_begin(&channels, r),
				bins_end(&channels, r),
				bins_begin(&positions, p),
				bins_end(&positions, p) };
			double low, high;

			model_set_channel(model, c);
			model_set_position(model, i);
			reduce_range(&got, model, &channels, &positions);
			model->reducer = REDUCER_MIN;
			low = expected(model, range);
			model->reducer = REDUCER_MAX;
			high = expected(model, range);
			right += got.min == low && got.max == high
				&& got.count == (range[1] - range[0])
				* (range[3] - range[2]);
			wide += low < high;
		}
	ok(right == looks && wide > 0, "least and most of the cursor's pixel, "
		"%zu of %zu times apart", wide, looks);
}

static void
test_pixels(struct model *model)
{
	struct bins channels = model_channel_bins(model, 12);
	struct bins positions = model_position_bins(model, 20);
	struct pixel row[20];
	size_t different = 0;

	for (int reducer = 0; reducer < REDUCER_COUNT; reducer++) {
		bool right = true;

		model->reducer = (enum reducer)reducer;
		for (int r = 0; r < channels.pixels; r++) {
			size_t begin = bins_begin(&channels, r);
			size_t end = bins_end(&channels, r);

			reduce_row(row, model, begin, end, &positions);
			for (int p = 0; p < positions.pixels; p++) {
				double value = expected(model, (size_t[4]){
					begin, end, bins_begin(&positions, p),
					bins_end(&positions, p) });

				right &= row[p].kind == PIXEL_VALUE
					&& fabs(row[p].value - value) < 1e-12;
				different += value != row[0].value;
			}
		}
		ok(right, "every pixel is the %s of its cells",
			reducer == REDUCER_MAX ? "max"
			: reducer == REDUCER_MEAN ? "mean" : "min");
	}
	ok(different > 100, "and they are not all alike");
	model->reducer = REDUCER_MAX;
}

/* Positions first, then channels: DESIGN's average ESS. */
static void
test_averages(struct model *model)
{
	const struct layer *layer = model_layer(model);
	struct layer_averages averages;
	double ess = 0, share = 0;

	for (size_t c = 0; c < CHANNELS; c++) {
		double sum = 0, part = 0;

		for (size_t i = 1; i < LENGTH; i++) {
			double value = count_at(model, c, i);

			sum += value;
			part += value / (double)layer_capacity(layer, i);
		}
		ess += sum / (LENGTH - 1) / CHANNELS;
		share += part / (LENGTH - 1) / CHANNELS;
	}
	ok(layer_stats_get(&averages, model->stats[0], model)
		&& averages.known == CHANNELS * (LENGTH - 1)
		&& averages.known == averages.wanted && !averages.stale
		&& averages.failed == 0, "the layer is complete");
	ok(fabs(averages.ess - ess) < 1e-12, "average ESS %g", ess);
	ok(fabs(averages.share - share) < 1e-12, "utilisation %g",
		share);
}

static void
test_mean(struct model *model)
{
	bool right = true;
	double third = 0;

	for (size_t i = 1; i < LENGTH; i++) {
		double mean = 0;

		for (size_t c = 0; c < CHANNELS; c++)
			mean += count_at(model, c, i) / CHANNELS;
		right &= fabs(layer_stats_mean(model->stats[0], i, i + 1)
			- mean) < 1e-12;
		if (i >= 10 && i < 13)
			third += mean / 3;
	}
	ok(right, "mean over channels at every position");
	ok(fabs(layer_stats_mean(model->stats[0], 10, 13) - third) < 1e-12,
		"and over several");
}

/* With work in small portions the same comes out, and then nothing is left. */
static void
test_portions(struct model *model)
{
	struct layer_averages whole, portions;
	int turns = 0;

	model->tolerance.value = 0.1;
	while (layer_stats_work(model, 0, 1, 1 << 20))
		;
	layer_stats_get(&whole, model->stats[0], model);
	model->tolerance.value = 0.01;
	layer_stats_work(model, 0, 1, 100);
	layer_stats_get(&portions, model->stats[0], model);
	ok(portions.stale && portions.ess == whole.ess,
		"until a pass is through the last one stays, marked");
	model->tolerance.value = 0.1;
	while (layer_stats_work(model, 0, 1, 100))
		turns++;
	layer_stats_get(&portions, model->stats[0], model);
	ok(!portions.stale && portions.ess == whole.ess
		&& portions.share == whole.share,
		"the same in %d portions", turns);
	ok(!layer_stats_work(model, 0, 1, 100), "nothing is left to do");
}

static void
test_window(struct model *model)
{
	struct bins bins;

	model_set_position(model, 32);
	model_zoom_positions(model, 1);
	bins = model_position_bins(model, 40);
	ok(bins.count == 32 && bins.begin <= 32
		&& bins.begin + bins.count > 32,
		"zoomed in: half of it, around the cursor");
	model_set_position(model, 1);
	bins = model_position_bins(model, 40);
	ok(bins.begin == 1, "the window follows to the start");
	model_set_position(model, 1000);
	bins = model_position_bins(model, 40);
	ok(model->position == LENGTH - 1
		&& bins.begin + bins.count == LENGTH, "and to the end");
	for (int n = 0; n < 50; n++)
		model_zoom_positions(model, 1);
	bins = model_position_bins(model, 40);
	ok(bins.count == 8, "no further in than 8 positions");
	model_zoom_channels(model, 2);
	bins = model_channel_bins(model, 40);
	ok(bins.count == 10, "a quarter of the channels");
	model_zoom_all(model);
	bins = model_channel_bins(model, 40);
	ok(bins.count == CHANNELS && model_position_bins(model, 9).count
		== LENGTH - 1, "and all of it again");
}

/* Pixels of one cell of one channel. */
static void
cells_of(struct pixel *out, const struct model *model, size_t channel)
{
	struct bins positions = bins_new(1, model_layer(model)->length - 1,
		(int)model_layer(model)->length - 1);

	reduce_row(out, model, channel, channel + 1, &positions);
}

/* Looks at a layer while it is computed: how many pixels were bounded, how
 * many certain without being computed, and how many not so in the end. */
struct early {
	size_t bounded, certain, wrong;
};

static void
look_early(struct early *early, struct model *model, struct pixel *seen)
{
	struct session *session = model->session;
	const struct layer *layer = model_layer(model);
	struct pollfd fd = { session_fd(session), POLLIN, 0 };
	size_t count = layer->length - 1;
	struct spectrum spectrum;

	do {
		screen_update(model, 50, 160);
		poll(&fd, 1, 1);
		session_collect(session);
		cells_of(seen, model, model->channel);
		early->bounded = 0;
		early->certain = 0;
		for (size_t k = 0; k < count; k++) {
			early->bounded += seen[k].kind == PIXEL_BOUNDED;
			early->certain += seen[k].kind == PIXEL_VALUE
				&& !session_spectrum(&spectrum, session,
				layer, model->channel, k + 1);
		}
	} while (early->bounded < 5 && session_progress(session).busy);
	model_finish(model);
	for (size_t k = 0; k < count; k++) {
		double truth = count_at(model, model->channel, k + 1);
		double most = (double)size_min(k + 1, count - k);

		early->wrong += seen[k].kind == PIXEL_VALUE
			? seen[k].value != truth
			: seen[k].kind == PIXEL_BOUNDED
			&& fabs(seen[k].value - truth) > most / 4;
	}
}

/* Never more than half of what is possible is left open, so the middle is at
 * most a quarter off. Every second position of many channels comes first, so
 * that there is time to look; should all be computed even so, once more. */
static void
test_bounded(const char *builddir)
{
	char path[] = "/tmp/esscope-test-XXXXXX.npz", *command;
	struct pixel seen[59];
	struct early early = { 0 };
	int fd = mkstemps(path, 4);

	command = xasprintf("%s/samples/analytic softmax -n 8 -L 60 --channels 300 -o %s",
		builddir ? builddir : ".", path);
	if (fd < 0 || system(command) != 0) {
		printf("Bail out! %s\n", command);
		exit(1);
	}
	for (int turn = 0; turn < 50 && !early.bounded && !early.wrong;
		turn++) {
		struct model *model = model_new(session_of(path),
			TOLERANCE_DEFAULT, look_new(COLOUR_256, true, false,
			0));

		model->tolerance.value = 0.03;
		look_early(&early, model, seen);
		model_close(model);
	}
	ok(early.bounded && !early.wrong, "%zu bounded pixels, %zu certain "
		"ones, %zu wrong", early.bounded, early.certain, early.wrong);
	remove(path);
	free(command);
}

int
main(void)
{
	const char *builddir = getenv("builddir");
	char path[] = "/tmp/esscope-test-XXXXXX.npz", *command;
	struct model *model;
	int fd = mkstemps(path, 4);

	command = xasprintf("%s/samples/analytic recurrence -n 6 -L %d "
		"--channels %d -o %s", builddir ? builddir : ".", LENGTH,
		CHANNELS, path);
	if (fd < 0 || system(command) != 0) {
		printf("Bail out! %s\n", command);
		return 1;
	}
	model = model_of(path, look_new(COLOUR_256, true, false, 0));
	model->tolerance = (struct tolerance){ TOLERANCE_RELATIVE, 0.1 };
	model_finish(model);
	test_pixels(model);
	test_range(model);
	test_averages(model);
	test_mean(model);
	test_portions(model);
	test_window(model);
	test_bounded(builddir);
	model_close(model);
	remove(path);
	free(command);
	return done();
}
