/*
 * The map with layers as rows, with digits, and zoomed in: what each shows is
 * what the spectra say.
 */
#include <math.h>

#include "core/operator.h"
#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "ui/command.h"
#include "ui/layer_stats.h"
#include "ui/layout.h"
#include "ui/map_picture.h"
#include "ui/map_rows.h"
#include "ui/measure_table.h"
#include "ui/reduce.h"

/* Over channels and some positions of a layer, by definition. */
static double
expected(const struct model *model, const struct layer *layer, size_t begin,
	size_t end)
{
	double most = -1, least = INFINITY, sum = 0;
	size_t count = 0;

	for (size_t c = 0; c < layer->channels; c++)
		for (size_t i = begin; i < end; i++, count++) {
			struct spectrum spectrum;
			struct measured cell;
			double value;

			session_spectrum(&spectrum, model->session, layer, c,
				i);
			cell = measured_cell(layer, &spectrum,
				model->tolerance);
			value = model->measure->value(&cell);
			most = fmax(most, value);
			least = fmin(least, value);
			sum += value;
		}
	return model->reducer == REDUCER_MAX ? most
		: model->reducer == REDUCER_MIN ? least : sum / (double)count;
}

static void
test_pixels(struct model *model, const char *line)
{
	struct bins positions = model_position_bins(model, 50);
	const struct layer *layers = model_dump(model)->layers;
	struct pixel row[50];
	bool right = true;

	command_line(model, line);
	free(frame(model, 48, 160));
	for (size_t k = 0; k < 4; k++) {
		map_row_reduce(row, model, k, k + 1, &positions);
		for (int p = 0; p < 50; p++)
			right &= row[p].kind == PIXEL_VALUE
				&& fabs(row[p].value - expected(model,
				&layers[layer_list_at(model, k)],
				bins_begin(&positions, p),
				bins_end(&positions, p))) < 1e-9;
	}
	ok(right, "%s: 4 layers x 50 pixels", line);
	map_row_reduce(row, model, 0, 4, &positions);
	right = model->reducer != REDUCER_MAX;
	for (size_t k = 0; k < 4; k++)
		right |= row[25].value == expected(model, &layers[k],
			bins_begin(&positions, 25), bins_end(&positions, 25));
	ok(right, "and rows that share a pixel");
}

static void
test_layers(struct model *model)
{
	struct event event = { .key = TTY_KEY_MOUSE, .action = MOUSE_PRESS };
	double high = 0;

	press(model, "R");
	ok(shows(model, 24, 100, "4 layers"), "R: layers x positions");
	test_pixels(model, "reducer max");
	test_pixels(model, "reducer mean; tolerance rel 1e-2");
	test_pixels(model, "reducer min; measure entropy");
	test_pixels(model, "reducer max; measure utilisation; sort ess");
	command_line(model, "measure tolerance; sort name");
	free(frame(model, 48, 160));
	for (size_t k = 0; k < 4; k++)
		high = fmax(high, expected(model, &model_dump(model)->layers[k],
			1, 256));
	ok(map_scale(model).high >= high && map_scale(model).most >= high,
		"the scale holds all layers: %g", map_scale(model).high);
	model_select_layer(model, 0);
	press(model, "jj");
	ok(model->layer == 2, "j goes to the next layer");
	event.row = layout_new(model, 24, 80).panes[PANE_MAP].row + 1;
	event.column = 60;
	input_event(model, 24, 80, &event);
	ok(model->layer == 0, "a click on the first row: the first layer");
	press(model, "R");
	ok(shows(model, 24, 100, "4 ch x 255 pos"), "R again: channels");
}

/* Pixels of the picture that are not those of their channels' cells. */
static size_t
count_wrong(const struct model *model, const struct bins *channels,
	const struct bins *positions)
{
	struct pixel seen[4 * 50], row[50];
	size_t wrong = 0;

	map_picture_fill(seen, model, channels, positions);
	for (int r = 0; r < channels->pixels; r++) {
		reduce_row(row, model, bins_begin(channels, r),
			bins_end(channels, r), positions);
		for (int p = 0; p < positions->pixels; p++)
			wrong += seen[r * positions->pixels + p].value
				!= row[p].value;
	}
	return wrong;
}

/* Nobody waits for pixels of a map that cannot be shown: the loop would not
 * rest. */
static void
test_nothing_behind(struct model *model, const struct bins *channels,
	const struct bins *positions)
{
	struct layer *layer = model_layer(model);
	enum status status = layer->status;

	model->map_behind = true;
	ok(!screen_update(model, 2, 8) && !model->map_behind,
		"nothing is behind on a screen too small");
	layer->status = STATUS_FORMAT;
	ok(!map_picture_update(model->map_picture, model, channels, positions,
		0) && !map_picture_behind(model->map_picture),
		"nor of a layer that cannot be used");
	layer->status = status;
}

/* Where the time of a frame is for one row only. */
static void
test_behind(struct model *model)
{
	struct bins positions = model_position_bins(model, 50);
	struct bins channels = model_channel_bins(model, 4);
	struct map_picture *picture = model->map_picture;
	size_t frames = 1, wrong[4] = { 0 };

	command_line(model, "tolerance rel 1e-3; channel 2");
	while (map_picture_update(picture, model, &channels, &positions, 1))
		;
	ok(!map_picture_behind(picture) && !count_wrong(model, &channels, &positions),
		"all rows in time");
	command_line(model, "tolerance rel 1e-1");
	for (; map_picture_update(picture, model, &channels, &positions, 0); frames++)
		if (frames <= LENGTH(wrong))
			wrong[frames - 1] = count_wrong(model, &channels,
				&positions);
	ok(frames == 4 && wrong[0] > wrong[1] && wrong[1] > wrong[2]
		&& wrong[2] > 0, "a row a frame: %zu, %zu, %zu pixels are of "
		"the tolerance before", wrong[0], wrong[1], wrong[2]);
	ok(!map_picture_behind(picture) && !count_wrong(model, &channels, &positions),
		"then none");
	command_line(model, "measure entropy");
	map_picture_update(picture, model, &channels, &positions, 0);
	ok(map_picture_behind(picture) && count_wrong(model, &channels, &positions)
		== 3 * 50, "of another measure nothing is shown before");
	test_nothing_behind(model, &channels, &positions);
	command_line(model, "measure tolerance; tolerance rel 1e-3; channel 0");
}

/* The row of digits of the selected channel, against the spectra. */
static void
test_digits(struct model *model)
{
	struct heatmap counts = { .high = 16, .counts = true };
	struct heatmap share = { .high = 1 };
	char want[25], *text;

	ok(heatmap_digit(&counts, 0) == '0' && heatmap_digit(&counts, 9) == '9'
		&& heatmap_digit(&counts, 10) == 'a'
		&& heatmap_digit(&counts, 35) == 'z'
		&& heatmap_digit(&counts, 36) == 'A'
		&& heatmap_digit(&counts, 61) == 'Z'
		&& heatmap_digit(&counts, 62) == '+'
		&& heatmap_digit(&counts, 9999) == '+', "counts");
	ok(heatmap_digit(&share, 0) == '0' && heatmap_digit(&share, 0.55) == '5'
		&& heatmap_digit(&share, 1) == '9'
		&& heatmap_digit(&share, -INFINITY) == '0', "tenths");
	press(model, "#");
	command_line(model, "layer layers.1; tolerance rel 1e-1");
	command_line(model, "position 30; zoom-in; zoom-in; zoom-in");
	model_finish(model);
	for (size_t k = 0; k < 24; k++) {
		double value;

		model_value(&value, model, 0, model->positions.begin + k);
		want[k] = heatmap_digit(&counts, value);
	}
	want[24] = '\0';
	text = frame(model, 24, 160);
	ok(strstr(text, "a = 10"), "the legend tells how to read them");
	free(text);
	ok(model_position_bins(model, 32).width == 1 && shows(model, 24, 76,
		want), "digits of the first positions shown: %s", want);
	press(model, "#");
	ok(!model->look.digits, "# again: none");
}

static void
test_overview(struct model *model)
{
	char *text;

	command_line(model, "zoom-all");
	text = frame(model, 30, 160);
	ok(!strstr(text, " pos ="), "all of it: no overview");
	free(text);
	command_line(model, "zoom-in; zoom-in; last-position");
	ok(shows(model, 30, 160, "pos ........==== ch ============"),
		"the last quarter of the positions, all channels");
	command_line(model, "position 1");
	ok(shows(model, 30, 160, "pos ===......... ch ============"),
		"the first quarter");
	press(model, "o++");
	model_finish_at(model, 30, 160);
	ok(shows(model, 30, 160, "col ===......... row ===........."),
		"the same of the operator");
	press(model, "o");
}

/* 1:1, of the map and of T, from either side. */
static void
test_one(struct model *model)
{
	size_t positions;

	command_line(model, "zoom-all");
	free(frame(model, 24, 100));
	press(model, "W");
	positions = model_position_bins(model, 1).count;
	ok(positions <= (size_t)model->pixel_columns
		&& 2 * positions > (size_t)model->pixel_columns
		&& model_channel_bins(model, 1).count == 4,
		"W: %zu positions in %d columns", positions,
		model->pixel_columns);
	command_line(model, "zoom-in; zoom-in");
	press(model, "W");
	ok(model_position_bins(model, 1).count == positions,
		"and back from further in");
	press(model, "o");
	free(frame(model, 24, 100));
	press(model, "W");
	positions = model_row_bins(model, 1).count;
	ok(positions <= (size_t)model->pixel_rows && (2 * positions
		> (size_t)model->pixel_rows || positions == 256),
		"T: %zu rows in %d", positions, model->pixel_rows);
	press(model, "wo");
}

int
main(void)
{
	char *path = sample_path("text_hybrid_step900.npz");
	struct model *model = model_of(path, look_new(COLOUR_MONO, false,
		false, 0));

	test_layers(model);
	test_behind(model);
	test_digits(model);
	test_overview(model);
	test_one(model);
	model_close(model);
	free(path);
	return done();
}
