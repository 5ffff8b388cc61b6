#include "src/difference_numbers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/operator.h"
#include "core/util.h"
#include "src/array.h"
#include "src/output.h"
#include "src/table.h"
#include "ui/caption.h"
#include "ui/comparison.h"
#include "ui/difference.h"
#include "ui/measure_table.h"

bool
difference_numbers_are(const struct model *model, enum pane pane)
{
	return pane == PANE_MAP && comparison_differs(model);
}

/* As compute names it: "ess_rel_1e-3", "ess_entropy", "sigma_max"; of what it
 * does not have the measure's name, with the tolerance. */
static char *
column_name(const struct model *model)
{
	static const char *const known[][2] = { { "tolerance", "ess" },
		{ "entropy", "ess_entropy" }, { "s1", "sigma_max" } };
	const struct measure_kind *measure = model->measure;
	const char *name = measure->name;
	char number[CAPTION_NUMBER];

	for (size_t k = 0; k < LENGTH(known); k++)
		if (!strcmp(known[k][0], name))
			name = known[k][1];
	if (!measure->tolerated)
		return xstrdup(name);
	return xasprintf("%s_%s_%s", name, model->tolerance.kind
		== TOLERANCE_RELATIVE ? "rel" : "abs", caption_number(number,
		model->tolerance.value));
}

static void
name_columns(struct table *table, const struct model *model)
{
	static const char *const place[] = { "file_a", "file_b", "layer",
		"channel", "position", "token" };
	static const char *const values[] = { "a_", "b_", "a_minus_b_" };
	char *what = column_name(model);

	for (size_t k = 0; k < LENGTH(place); k++)
		table_column(table, place[k]);
	for (size_t k = 0; k < LENGTH(values); k++) {
		/* Of log measures the difference is of the logarithms. */
		char *name = xasprintf("%s%s%s", values[k], k == 2
			&& model->measure->log ? "log10_" : "", what);

		table_column(table, name);
		free(name);
	}
	free(what);
}

enum status
difference_numbers_begin(struct table *table, const struct model *model,
	struct output *output)
{
	char shape[64];

	if (model->layer_rows)
		return status_set(STATUS_MISSING, "A - B of whole layers has "
			"no table here; esscope diff A B --per position "
			"writes it");
	if (!comparison_layer(model))
		return status_set(STATUS_MISSING, "%s is not in the other dump",
			model_layer(model)->label);
	if (table) {
		name_columns(table, model);
		return STATUS_OK;
	}
	snprintf(shape, sizeof shape, "%zu, %zu",
		model_channel_bins(model, 1).count,
		model_position_bins(model, 1).count);
	array_header(output_stream(output), "f8", shape);
	return output_check(output);
}

static enum status
put_row(struct table *table, const struct model *model, size_t channel,
	size_t position, const double values[3])
{
	const struct layer *layer = model_layer(model);

	table_text(table, layer->dump->label);
	table_text(table, comparison_dump(model)->label);
	table_text(table, layer->label);
	table_count(table, channel);
	table_count(table, position);
	table_text(table, layer_token(layer, position));
	for (int k = 0; k < 3; k++)
		table_real(table, values[k]);
	return table_end_row(table);
}

/* Is every cell there that both have? */
static bool
is_whole(const struct model *model, size_t channel, size_t begin,
	const double *values, size_t count)
{
	const struct layer *layers[2] = { model_layer(model),
		comparison_layer(model) };

	for (int k = 0; k < 2; k++)
		if (channel >= layers[k]->channels
		    || session_failure(model->session, layers[k], channel))
			return true;
	count = size_min(count, layers[1]->length > begin
		? layers[1]->length - begin : 0);
	for (size_t k = 0; k < count; k++)
		if (isnan(values[k]))
			return false;
	return true;
}

static enum status
put_channel(struct table *table, const struct model *model,
	struct output *output, size_t channel, double *values)
{
	struct bins positions = model_position_bins(model, 1);
	size_t begin = positions.begin, count = positions.count;
	double *a = values, *b = a + count, *less = b + count;
	enum status status = STATUS_OK;

	difference_values(a, b, model, channel, begin, begin + count);
	for (size_t k = 0; k < count; k++)
		less[k] = difference_of(model, a[k], b[k]);
	if (!is_whole(model, channel, begin, less, count))
		return status_set(STATUS_MISSING, "%s: channel %zu is not in "
			"memory any more; give it more (--memory)",
			model_layer(model)->label, channel);
	if (!table)
		fwrite(less, sizeof *less, count, output_stream(output));
	for (size_t k = 0; table && k < count && !status; k++)
		if (!isnan(less[k]))
			status = put_row(table, model, channel, begin + k,
				(const double[3]){ a[k], b[k], less[k] });
	return status ? status : output_check(output);
}

enum status
difference_numbers_row(struct table *table, const struct model *model,
	struct output *output, size_t row, bool *done)
{
	struct bins channels = model_channel_bins(model, 1);
	size_t count = model_position_bins(model, 1).count;
	double *values = xcalloc(3 * count, sizeof *values);
	enum status status = put_channel(table, model, output,
		model_channel_at(model, channels.begin + row), values);

	*done = row + 1 >= channels.count;
	free(values);
	return status;
}
