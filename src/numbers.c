#include "src/numbers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#include "core/cache_key.h"
#include "core/content.h"
#include "core/operator.h"
#include "core/summary.h"
#include "core/util.h"
#include "src/array.h"
#include "src/cells.h"
#include "src/difference_numbers.h"
#include "src/operator_numbers.h"
#include "src/options.h"
#include "src/output.h"
#include "src/rows.h"
#include "src/table.h"
#include "src/writer.h"
#include "ui/caption.h"
#include "ui/comparison.h"
#include "ui/figure_page.h"
#include "ui/measure_table.h"
#include "ui/view.h"

/* Which cells, and what a row of their table is. */
struct extent {
	enum per per;
	bool listed;                    /* layers are places in the list */
	size_t layer, layer_end;
	size_t channel, channel_end;    /* SIZE_MAX: all of each layer */
	size_t position, position_end;  /* likewise */
};

struct numbers {
	const struct model *model;
	enum pane pane;
	struct extent extent;
	struct output *output;
	struct options options;         /* as of `compute`, for the rows */
	struct tolerance tolerance;
	char typed[CAPTION_NUMBER];
	const char *typed_list[1];
	struct table *table;            /* NULL: an array */
	struct rows *rows;
	struct target target;           /* the layer under way, */
	bool begun;                     /* if any */
	size_t layer, channel, end;     /* the next; of the map, a place */
	struct channel_cells *cells;    /* being filled, */
	double *values;                 /* with the measure of each, */
	size_t filled;                  /* so many of them */
	size_t row;                     /* of T, the next */
	double sum;                     /* of the layer's channels' means */
	size_t means;
	struct summary *over;           /* its channels, a position each */
};

static bool
usable(const struct layer *layer)
{
	return layer->resolved && layer->status == STATUS_OK
		&& layer->length > 1;
}

/* False: the view shows no cells. */
static bool
extent_of(struct extent *out, const struct model *model, enum pane pane)
{
	struct bins channels = model_channel_bins(model, 1);
	struct bins positions = model_position_bins(model, 1);
	struct extent extent = { PER_CELL, false, model->layer,
		model->layer + 1, channels.begin, channels.begin + channels.count,
		positions.begin, positions.begin + positions.count };

	switch (pane) {
	case PANE_MAP:
		if (model->layer_rows)
			extent = (struct extent){ PER_POSITION, true, 0,
				model->list.count, 0, SIZE_MAX,
				positions.begin, positions.begin
				+ positions.count };
		break;
	case PANE_PROFILE:
		extent.per = PER_POSITION;
		extent.channel = 0;
		extent.channel_end = SIZE_MAX;
		break;
	case PANE_TEXT:
		extent.channel = model->channel;
		extent.channel_end = model->channel + 1;
		extent.position = 1;
		extent.position_end = SIZE_MAX;
		break;
	case PANE_LAYERS:
		extent = (struct extent){ PER_LAYER, true, 0,
			model->list.count, 0, SIZE_MAX, 1, SIZE_MAX };
		break;
	default:
		return false;
	}
	*out = extent;
	return true;
}

static size_t
rows_of(const struct numbers *numbers)
{
	const struct extent *extent = &numbers->extent;
	const struct dump *dump = model_dump(numbers->model);

	if (extent->listed)
		return numbers->model->list.count;
	return size_min(extent->channel_end,
		dump->layers[extent->layer].channels) - extent->channel;
}

static size_t
columns_of(const struct numbers *numbers)
{
	const struct extent *extent = &numbers->extent;

	if (numbers->pane == PANE_LAYERS)
		return 1;
	return size_min(extent->position_end,
		model_layer(numbers->model)->length) - extent->position;
}

static void
begin_array(const struct numbers *numbers)
{
	char shape[64];

	if (numbers->pane == PANE_LAYERS)
		snprintf(shape, sizeof shape, "%zu,", rows_of(numbers));
	else
		snprintf(shape, sizeof shape, "%zu, %zu", rows_of(numbers),
			columns_of(numbers));
	array_header(output_stream(numbers->output), "f8", shape);
}

static struct summary *
summaries_new(const struct numbers *numbers)
{
	return xcalloc(columns_of(numbers), sizeof(struct summary));
}

static void
begin_table(struct numbers *numbers, const struct writer *writer)
{
	struct options *options = &numbers->options;

	numbers->typed_list[0] = caption_number(numbers->typed,
		numbers->tolerance.value);
	options->per = numbers->extent.per;
	options->tolerances = (struct tolerance_list){ &numbers->tolerance,
		numbers->typed_list, 1 };
	numbers->table = table_new(writer, numbers->output);
	numbers->rows = rows_new(numbers->table, options);
	rows_begin_dump(numbers->rows, model_dump(numbers->model));
}

/* A row a singular value: file layer kind channel position token k sigma. */
static enum status
put_spectrum_table(struct table *table, const struct model *model,
	const struct spectrum *s)
{
	static const char *const names[] = { "file", "layer", "kind",
		"channel", "position", "token", "k", "sigma", "counted" };
	const struct layer *layer = model_layer(model);
	size_t ess = ess_tolerance(s, model->tolerance);
	enum status status = STATUS_OK;

	for (size_t k = 0; k < LENGTH(names); k++)
		table_column(table, names[k]);
	for (size_t k = 0; k < s->count && !status; k++) {
		table_text(table, layer->dump->label);
		table_text(table, layer->label);
		table_text(table, layer->kind->name);
		table_count(table, model->channel);
		table_count(table, model->position);
		table_text(table, layer_token(layer, model->position));
		table_count(table, k + 1);
		table_real(table, s->values[k]);
		table_count(table, k < ess);
		status = table_end_row(table);
	}
	return status;
}

static enum status
put_spectrum(struct numbers *numbers)
{
	const struct model *model = numbers->model;
	FILE *stream = output_stream(numbers->output);
	struct spectrum s;
	char shape[32];

	if (!model_spectrum(&s, model))
		return status_set(STATUS_MISSING, "the spectrum at the cursor "
			"is not computed");
	if (numbers->table)
		return put_spectrum_table(numbers->table, model, &s);
	snprintf(shape, sizeof shape, "%zu,", s.count);
	array_header(stream, "f8", shape);
	fwrite(s.values, sizeof *s.values, s.count, stream);
	return output_check(numbers->output);
}

enum status
numbers_new(struct numbers **out, const struct model *model, enum pane pane,
	const struct writer *writer, struct output *output)
{
	struct numbers numbers = { .model = model, .pane = pane,
		.tolerance = model->tolerance, .output = output };

	bool difference = difference_numbers_are(model, pane);

	if (pane != PANE_SPECTRUM && pane != PANE_OPERATOR
	    && !extent_of(&numbers.extent, model, pane))
		return status_set(STATUS_MISSING, "the view '%s' has no "
			"numbers to write; txt and ans it has",
			views[pane]->name);
	numbers.layer = numbers.extent.layer;
	*out = xcalloc(1, sizeof **out);
	**out = numbers;
	if (pane == PANE_SPECTRUM || pane == PANE_OPERATOR || difference)
		(*out)->table = writer ? table_new(writer, output) : NULL;
	else if (writer)
		begin_table(*out, writer);
	else
		begin_array(*out);
	if (difference)
		return difference_numbers_begin((*out)->table, model, output);
	if (numbers.extent.listed && pane == PANE_MAP && !writer)
		(*out)->over = summaries_new(*out);
	return pane == PANE_OPERATOR ? operator_numbers_begin((*out)->table,
		model, output) : STATUS_OK;
}

void
numbers_free(struct numbers *numbers)
{
	if (!numbers)
		return;
	rows_free(numbers->rows);
	table_free(numbers->table);
	free(numbers->over);
	free(numbers);
}

static void
take_spectrum(void *payload, const struct spectrum *s)
{
	struct numbers *numbers = payload;
	const struct measure_kind *measure = numbers->model->measure;
	size_t index = s->position - numbers->target.positions.first;
	struct measured cell = measured_cell(numbers->target.layer, s,
		numbers->tolerance);

	channel_cells_keep(numbers->cells, index, s);
	numbers->values[index] = numbers->pane == PANE_LAYERS
		? measure->ess(&cell) : measure->value(&cell);
	numbers->filled++;
}

/* A row of the array is a layer over positions, reduced over channels. */
static bool
is_map_of_layers(const struct numbers *numbers)
{
	return numbers->pane == PANE_MAP && numbers->extent.listed;
}

/* Positions beyond the layer's end are not numbers, nor is a layer that has
 * none. */
static void
put_layer(struct numbers *numbers)
{
	enum reducer reducer = numbers->model->reducer;

	for (size_t k = 0; k < columns_of(numbers); k++) {
		const struct summary *sum = &numbers->over[k];
		double value = !sum->count ? NAN : reducer == REDUCER_MEAN
			? summary_mean(sum) : reducer == REDUCER_MIN
			? sum->min : sum->max;

		fwrite(&value, sizeof value, 1,
			output_stream(numbers->output));
		numbers->over[k] = (struct summary){ 0 };
	}
}

/* The channel's row of the array; failed ones are not numbers. */
static void
put_values(struct numbers *numbers, bool failed)
{
	size_t count = numbers->target.positions.count;
	double sum = 0;

	if (is_map_of_layers(numbers)) {
		for (size_t k = 0; !failed && k < count; k++)
			summary_add(&numbers->over[k], numbers->values[k]);
		return;
	}
	for (size_t k = 0; failed && k < count; k++)
		numbers->values[k] = NAN;
	if (numbers->pane != PANE_LAYERS) {
		fwrite(numbers->values, sizeof *numbers->values, count,
			output_stream(numbers->output));
		return;
	}
	for (size_t k = 0; k < count; k++)
		sum += numbers->values[k];
	if (!failed) {
		numbers->sum += sum / (double)count;
		numbers->means++;
	}
}

static enum status
put_channel(struct numbers *numbers, size_t channel)
{
	const struct model *model = numbers->model;
	const struct layer *layer = numbers->target.layer;
	const struct positions *positions = &numbers->target.positions;
	bool failed = session_failure(model->session, layer, channel);

	numbers->filled = 0;
	if (!failed)
		session_each(model->session, layer, channel, positions->first,
			positions->first + positions->count,
			(struct hankel_sink){ take_spectrum, numbers });
	if (!failed && numbers->filled != positions->count)
		return status_set(STATUS_MISSING, "%s: channel %zu is not in "
			"memory any more; give it more (--memory)",
			layer->label, channel);
	if (!numbers->table)
		put_values(numbers, failed);
	else if (!failed)
		return rows_channel(numbers->rows, numbers->cells);
	return output_check(numbers->output);
}

/* Cells and values, for one channel. */
static enum status
next_channel(struct numbers *numbers)
{
	size_t count = numbers->target.positions.count, channel;
	enum status status;

	channel = numbers->pane == PANE_MAP && !numbers->extent.listed
		? model_channel_at(numbers->model,
		numbers->channel) : numbers->channel;
	numbers->channel++;
	status = channel_cells_new(&numbers->cells, &numbers->target, channel,
		&numbers->options);

	if (status)
		return status;
	numbers->values = xcalloc(count, sizeof *numbers->values);
	status = put_channel(numbers, channel);
	free(numbers->values);
	channel_cells_unref(numbers->cells);
	return status;
}

static enum status
begin_layer(struct numbers *numbers, struct layer *layer)
{
	const struct extent *extent = &numbers->extent;
	size_t end = size_min(extent->position_end, layer->length);

	numbers->begun = true;
	numbers->target = (struct target){ layer,
		{ extent->position, 1, end - extent->position },
		layer->channels };
	numbers->channel = extent->channel;
	numbers->end = size_min(extent->channel_end, layer->channels);
	numbers->sum = 0;
	numbers->means = 0;
	return numbers->table ? rows_begin_layer(numbers->rows,
		&numbers->target) : STATUS_OK;
}

static enum status
end_layer(struct numbers *numbers)
{
	double mean = numbers->means ? numbers->sum
		/ (double)numbers->means : NAN;

	numbers->begun = false;
	numbers->layer++;
	if (numbers->table)
		return rows_end_layer(numbers->rows);
	if (is_map_of_layers(numbers))
		put_layer(numbers);
	else if (numbers->pane == PANE_LAYERS)
		fwrite(&mean, sizeof mean, 1, output_stream(numbers->output));
	return output_check(numbers->output);
}

enum status
numbers_step(struct numbers *numbers, bool *done)
{
	struct dump *dump = model_dump(numbers->model);
	struct layer *layer;
	enum status status;

	if (numbers->pane == PANE_SPECTRUM) {
		*done = true;
		return put_spectrum(numbers);
	}
	if (difference_numbers_are(numbers->model, numbers->pane))
		return difference_numbers_row(numbers->table, numbers->model,
			numbers->output, numbers->row++, done);
	if (numbers->pane == PANE_OPERATOR)
		return operator_numbers_row(numbers->table, numbers->model,
			numbers->output, numbers->row++, done);
	if (numbers->layer == numbers->extent.layer_end) {
		*done = true;           /* an empty list */
		return STATUS_OK;
	}
	layer = &dump->layers[numbers->extent.listed
		? layer_list_at(numbers->model, numbers->layer)
		: numbers->layer];
	if (!usable(layer) || numbers->extent.position >= layer->length)
		status = end_layer(numbers);
	else if (!numbers->begun)
		status = begin_layer(numbers, layer);
	else if (numbers->channel < numbers->end)
		status = next_channel(numbers);
	else
		status = end_layer(numbers);
	*done = numbers->layer == numbers->extent.layer_end;
	return status;
}

/* "channel", first index and count. */
static json_t *
axis(const char *name, size_t first, size_t count)
{
	return json_pack("{s:s, s:I, s:I}", "name", name, "first",
		(json_int_t)first, "count", (json_int_t)count);
}

/* The channels of the rows, where they are not those that follow the first. */
static json_t *
order_of(const struct numbers *numbers)
{
	json_t *order = json_array();

	for (size_t k = 0; k < rows_of(numbers); k++)
		json_array_append_new(order, json_integer(
			(json_int_t)model_channel_at(numbers->model,
			numbers->extent.channel + k)));
	return order;
}

static void
set_order(json_t *axis, const struct numbers *numbers)
{
	char *by = channel_criterion_text(numbers->model,
		&numbers->model->order.by, false);

	json_object_set_new(axis, "order", order_of(numbers));
	json_object_set_new(axis, "ordered by", json_string(by));
	free(by);
}

static json_t *
axes_of(const struct model *model, enum pane pane)
{
	struct numbers numbers = { .model = model, .pane = pane };
	json_t *axes;

	if (pane == PANE_OPERATOR)
		return operator_numbers_axes(model);
	axes = json_array();
	if (pane == PANE_SPECTRUM || !extent_of(&numbers.extent, model, pane)) {
		json_array_append_new(axes, json_pack("{s:s}", "name", "k"));
		return axes;
	}
	json_array_append_new(axes, numbers.extent.listed
		? axis("layer", 0, rows_of(&numbers))
		: axis("channel", numbers.extent.channel, rows_of(&numbers)));
	if (pane == PANE_MAP && !numbers.extent.listed
	    && model->order.by.sort != CHANNELS_BY_NUMBER)
		set_order(json_array_get(axes, 0), &numbers);
	if (pane != PANE_LAYERS)
		json_array_append_new(axes, axis("position",
			numbers.extent.position, columns_of(&numbers)));
	return axes;
}

/* What holds of one layer only. */
static void
describe_layer(json_t *object, const struct model *model, enum pane pane)
{
	const struct layer *layer = model_layer(model);

	if (pane == PANE_LAYERS || (pane == PANE_MAP && model->layer_rows)) {
		json_t *names = json_array();

		for (size_t k = 0; k < model->list.count; k++)
			json_array_append_new(names, json_string(
				layer->dump->layers[layer_list_at(model, k)]
				.label));
		json_object_set_new(object, "layers", names);
		if (pane == PANE_MAP)
			json_object_set_new(object, "over channels",
				json_string(reducer_names[model->reducer]));
		return;
	}
	json_object_set_new(object, "layer", json_string(layer->label));
	json_object_set_new(object, "kind", json_string(layer->kind->name));
	json_object_set_new(object, "length",
		json_integer((json_int_t)layer->length));
	if (pane != PANE_SPECTRUM && pane != PANE_OPERATOR)
		return;
	json_object_set_new(object, "channel",
		json_integer((json_int_t)model->channel));
	if (pane == PANE_OPERATOR)
		return;
	json_object_set_new(object, "position",
		json_integer((json_int_t)model->position));
}

/* The file is that of A. */
static void
describe_difference(json_t *object, const struct model *model)
{
	const struct dump *other = comparison_dump(model);
	char content[CONTENT_DIGITS + 1];
	char *values = xasprintf("A - B of %s%s", model->measure->log
		? "log10 of " : "", model->measure->name);

	json_object_set_new(object, "values", json_string(values));
	json_object_set_new(object, "file b", json_string(other->label));
	if (content_of(content, other))
		json_object_set_new(object, "content b", json_string(content));
	free(values);
}

enum status
numbers_describe(const struct model *model, enum pane pane,
	struct output *output)
{
	char content[CONTENT_DIGITS + 1];
	char *definition = figure_definition(model, pane);
	json_t *object = json_pack("{s:i, s:s, s:s, s:o, s:s, s:s, s:{s:s, "
		"s:f}, s:s, s:i}", "schema", 1,
		"file", model_dump(model)->label,
		"view", views[pane]->name,
		"axes", axes_of(model, pane),
		"values", pane == PANE_SPECTRUM ? "singular value"
			: pane == PANE_OPERATOR
			? operator_numbers_values(model)
			: pane == PANE_LAYERS ? "average ESS"
			: model->measure->name,
		"definition", definition,
		"tolerance",
		"kind", model->tolerance.kind == TOLERANCE_RELATIVE
			? "relative" : "absolute",
		"value", model->tolerance.value,
		"program", PACKAGE_STRING, "engine", ENGINE_VERSION);

	if (content_of(content, model_dump(model)))
		json_object_set_new(object, "content", json_string(content));
	if (difference_numbers_are(model, pane))
		describe_difference(object, model);
	describe_layer(object, model, pane);
	json_dumpf(object, output_stream(output), JSON_INDENT(1));
	putc('\n', output_stream(output));
	json_decref(object);
	free(definition);
	return output_check(output);
}
